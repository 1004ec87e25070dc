/* SPDX-License-Identifier: LGPL-3.0-or-later */
/*
 * net-apply.c: one picture through the network: into the layout, range and
 * type that it wants, and back.  Networks that want what we have (planes of
 * floats, 0..1) get and give it without a copy.
 */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "image/image-private.h"
#include "image/pixels.h"
#include "onnx/tensor.h"
#include "restore/net-private.h"

/* What stands in for settings that nobody gave. */
#define MIDDLE_SETTING 0.5f

void
pmt_net_result_clear (PmtNetResult *result)
{
  pmt_tensor_clear (&result->tensor);
  g_clear_pointer (&result->converted, g_free);
  result->data = NULL;
}

/* ---------------------------------------------------------------- types -- */

static const Babl *
number_format (PmtTensorType type)
{
  return babl_format_n (
      babl_type (type == PMT_TENSOR_FLOAT16 ? "half" : "float"), 1);
}

static void
to_bytes (const gfloat *restrict from, guint8 *restrict to, gsize n)
{
  for (gsize i = 0; i < n; i++)
    {
      const gfloat value = from[i] + 0.5f;

      to[i] = (guint8)(value > 0.0f ? MIN (value, 255.0f) : 0.0f);
    }
}

static void
from_bytes (const guint8 *restrict from, gfloat *restrict to, gsize n)
{
  for (gsize i = 0; i < n; i++)
    to[i] = from[i];
}

/* Floats as the elements of @type, or the other way round. */
static void
convert_numbers (PmtTensorType from_type,
                 gconstpointer from,
                 PmtTensorType to_type,
                 gpointer to,
                 gsize n)
{
  if (to_type == PMT_TENSOR_UINT8)
    to_bytes (from, to, n);
  else if (from_type == PMT_TENSOR_UINT8)
    from_bytes (from, to, n);
  else
    babl_process (
        babl_fish (number_format (from_type), number_format (to_type)), from,
        to, (glong)n);
}

/* --------------------------------------------------------------- layout -- */

/* [channels, n] times @factor to [n, channels] */
static void
interleave (const gfloat *restrict from,
            gfloat *restrict to,
            gint channels,
            gsize n,
            gfloat factor)
{
  for (gint c = 0; c < channels; c++)
    for (gsize i = 0; i < n; i++)
      to[i * channels + c] = from[c * n + i] * factor;
}

/* [n, channels] times @factor to [channels, n] */
static void
deinterleave (const gfloat *restrict from,
              gfloat *restrict to,
              gint channels,
              gsize n,
              gfloat factor)
{
  for (gint c = 0; c < channels; c++)
    for (gsize i = 0; i < n; i++)
      to[c * n + i] = from[i * channels + c] * factor;
}

static void
scale_values (const gfloat *from, gfloat *to, gsize n, gfloat factor)
{
  for (gsize i = 0; i < n; i++)
    to[i] = from[i] * factor;
}

/* ---------------------------------------------------------------- input -- */

static void
set_image_shape (PmtNet *net, PmtTensor *tensor, gint width, gint height)
{
  const gint64 channels = net->info.channels;

  tensor->rank = 4;
  tensor->dims[0] = 1;
  tensor->dims[1] = net->info.is_nhwc ? height : channels;
  tensor->dims[2] = net->info.is_nhwc ? width : height;
  tensor->dims[3] = net->info.is_nhwc ? channels : width;
}

/* @owned: (out): what is to be freed after the run. */
static gboolean
set_image (PmtNet *net,
           PmtTensor *tensor,
           const gfloat *image,
           gint width,
           gint height,
           gpointer *owned,
           GError **error)
{
  const PmtNetInfo *info = &net->info;
  const gsize n = (gsize)width * height;
  g_autofree gfloat *floats = NULL;

  tensor->name = net->image->name;
  tensor->type = info->type;
  set_image_shape (net, tensor, width, height);
  tensor->data = (gpointer)image;
  if (!info->is_nhwc && info->range == 1 && info->type == PMT_TENSOR_FLOAT32)
    return TRUE;

  floats =
      pmt_image_alloc (width, height, info->channels * sizeof (gfloat), error);
  if (floats == NULL)
    return FALSE;
  if (info->is_nhwc)
    interleave (image, floats, info->channels, n, info->range);
  else
    scale_values (image, floats, n * info->channels, info->range);
  if (info->type == PMT_TENSOR_FLOAT32)
    *owned = g_steal_pointer (&floats);
  else
    {
      *owned = pmt_image_alloc (
          width, height, info->channels * pmt_tensor_type_size (info->type),
          error);
      if (*owned == NULL)
        return FALSE;
      convert_numbers (PMT_TENSOR_FLOAT32, floats, info->type, *owned,
                       n * info->channels);
    }
  tensor->data = *owned;
  return TRUE;
}

/* @room: [PMT_NET_MAX_SETTINGS] floats for the values. */
static void
set_settings (PmtNet *net,
              PmtTensor *tensor,
              const gfloat *settings,
              gfloat *room)
{
  const gint n = net->info.n_settings;
  gfloat values[PMT_NET_MAX_SETTINGS];

  for (gint i = 0; i < n; i++)
    values[i] = settings != NULL ? settings[i] : MIDDLE_SETTING;
  tensor->name = net->setting->name;
  tensor->type = net->setting->type;
  tensor->rank = net->setting->has_shape ? net->setting->rank : 0;
  for (gint i = 0; i < tensor->rank; i++)
    tensor->dims[i] = i == tensor->rank - 1 ? n : 1;
  convert_numbers (PMT_TENSOR_FLOAT32, values, tensor->type, room, n);
  tensor->data = room;
}

/* --------------------------------------------------------------- result -- */

static gboolean
fail_shape (PmtNet *net, const PmtTensor *tensor, GError **error)
{
  g_autofree gchar *shape = pmt_tensor_shape_text (tensor->dims, tensor->rank);

  pmt_net_fail (net, error,
                _ ("It gives %s of shape %s where a picture was expected."),
                pmt_tensor_type_name (tensor->type), shape);
  return FALSE;
}

static gboolean
has_channels_at (const PmtNet *net, const PmtTensor *tensor, gint axis)
{
  return tensor->dims[axis] == net->info.channels;
}

/* Finds width, height and layout of what came back. */
static gboolean
read_shape (
    PmtNet *net, gint width, gint height, PmtNetResult *result, GError **error)
{
  const PmtTensor *tensor = &result->tensor;
  const gint scale = net->info.scale;
  gsize bytes;

  if (tensor->rank != 4 || tensor->type != net->info.result_type
      || !pmt_tensor_count (tensor->dims, 4,
                            pmt_tensor_type_size (tensor->type), &bytes)
      || tensor->dims[0] != 1 || bytes > G_MAXINT64 / 16)
    return fail_shape (net, tensor, error);

  result->is_nhwc = has_channels_at (net, tensor, 3)
                    && (net->info.is_nhwc || !has_channels_at (net, tensor, 1));
  if (!result->is_nhwc && !has_channels_at (net, tensor, 1))
    return fail_shape (net, tensor, error);
  if (tensor->dims[2] > G_MAXINT || tensor->dims[1] > G_MAXINT
      || tensor->dims[3] > G_MAXINT)
    return fail_shape (net, tensor, error);
  result->height = (gint)tensor->dims[result->is_nhwc ? 1 : 2];
  result->width = (gint)tensor->dims[result->is_nhwc ? 2 : 3];
  if (scale > 0
      && (result->height != height * scale || result->width != width * scale))
    return fail_shape (net, tensor, error);
  return TRUE;
}

static gboolean
read_values (PmtNet *net, PmtNetResult *result, GError **error)
{
  const PmtNetInfo *info = &net->info;
  const gsize n = (gsize)result->width * result->height;
  const gsize pixel = info->channels * sizeof (gfloat);
  const gfloat factor = 1.0f / info->range;
  gpointer data = result->tensor.data;
  g_autofree gfloat *floats = NULL;

  if (info->result_type != PMT_TENSOR_FLOAT32)
    {
      floats = pmt_image_alloc (result->width, result->height, pixel, error);
      if (floats == NULL)
        return FALSE;
      convert_numbers (info->result_type, data, PMT_TENSOR_FLOAT32, floats,
                       n * info->channels);
      data = floats;
    }
  if (result->is_nhwc)
    {
      result->converted =
          pmt_image_alloc (result->width, result->height, pixel, error);
      if (result->converted == NULL)
        return FALSE;
      deinterleave (data, result->converted, info->channels, n, factor);
      result->data = result->converted;
      return TRUE;
    }
  if (info->range != 1)
    scale_values (data, data, n * info->channels, factor);
  result->converted = g_steal_pointer (&floats);
  result->data = data;
  return TRUE;
}

/* ------------------------------------------------------------------ run -- */

gboolean
pmt_net_apply (PmtNet *net,
               const gfloat *image,
               gint width,
               gint height,
               const gfloat *settings,
               PmtNetResult *result,
               GCancellable *cancellable,
               GError **error)
{
  PmtTensor inputs[2] = { 0 };
  const guint n_inputs = net->setting != NULL ? 2 : 1;
  gfloat room[PMT_NET_MAX_SETTINGS];
  g_autofree gpointer owned = NULL;
  g_auto (PmtNetResult) made = { 0 };

  if (net->max_pixels > 0 && (gint64)width * height > net->max_pixels)
    {
      pmt_image_memory_error (width, height, error);
      return FALSE;
    }
  if (!set_image (net, &inputs[0], image, width, height, &owned, error))
    return FALSE;
  if (net->setting != NULL)
    set_settings (net, &inputs[1], settings, room);

  made.tensor.name = net->result->name;
  if (!pmt_session_run (net->session, inputs, n_inputs, &made.tensor, 1,
                        cancellable, error)
      || !read_shape (net, width, height, &made, error)
      || !read_values (net, &made, error))
    return FALSE;
  *result = made;
  memset (&made, 0, sizeof made);
  return TRUE;
}
