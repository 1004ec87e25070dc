/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* declared.c: what a network's file says about itself. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "onnx/tensor.h"
#include "restore/net-private.h"

#define MIN_FIXED 8
#define MAX_FIXED 4096
#define MAX_OVERLAP 1024
#define MAX_MULTIPLE 256

/* Bytes per pixel of the input that the shipped networks take in ONNX Runtime
 * 1.21, measured as peak memory of runs on 1 to 3 megapixels at once: most of
 * what restores is done at half and a quarter of the resolution, what enlarges
 * at the full one. */
#define RESTORE_BYTES 270
#define UPSCALE_BYTES 900

/* --------------------------------------------------- inputs and outputs -- */

static gboolean
is_number_type (PmtTensorType type)
{
  return type == PMT_TENSOR_FLOAT32 || type == PMT_TENSOR_FLOAT16;
}

static gboolean
may_be_picture (const PmtTensorInfo *tensor)
{
  return (is_number_type (tensor->type) || tensor->type == PMT_TENSOR_UINT8)
         && (!tensor->has_shape || tensor->rank == 4);
}

/* Values of a setting's shape: [], [K], [1, K]; 0: no setting.  ONNX Runtime
 * does not tell a single number from a shape that is not given. */
static gint
count_settings (const PmtTensorInfo *tensor)
{
  gint64 last;

  if (!is_number_type (tensor->type) || tensor->rank > 2)
    return 0;
  if (!tensor->has_shape || tensor->rank == 0)
    return 1;
  if (tensor->rank == 2 && tensor->dims[0] > 1)
    return 0;
  last = tensor->dims[tensor->rank - 1];
  if (last < 0)
    return 1;
  return last <= PMT_NET_MAX_SETTINGS ? (gint)last : 0;
}

static gboolean
fail_input (PmtNet *net, const PmtTensorInfo *tensor, GError **error)
{
  g_autofree gchar *shape = pmt_tensor_shape_text (tensor->dims, tensor->rank);

  pmt_net_fail (net, error,
                _ ("Its input “%s” (%s, %s) is no picture and no simple "
                   "setting."),
                tensor->name, pmt_tensor_type_name (tensor->type),
                tensor->has_shape ? shape : _ ("any shape"));
  return FALSE;
}

/* The input with the shape of a picture, or else the first that may be one. */
static const PmtTensorInfo *
find_image (PmtNet *net)
{
  const guint n = pmt_session_get_n_inputs (net->session);
  const PmtTensorInfo *found = NULL;

  for (guint i = 0; i < n; i++)
    {
      const PmtTensorInfo *tensor = pmt_session_get_input (net->session, i);

      if (may_be_picture (tensor) && tensor->has_shape)
        return tensor;
      if (may_be_picture (tensor) && found == NULL)
        found = tensor;
    }
  return found;
}

static gboolean
take_setting (PmtNet *net, const PmtTensorInfo *tensor, GError **error)
{
  if (net->setting == NULL && count_settings (tensor) > 0)
    {
      net->setting = tensor;
      net->info.n_settings = count_settings (tensor);
      return TRUE;
    }
  if (!may_be_picture (tensor) && count_settings (tensor) == 0)
    return fail_input (net, tensor, error);
  pmt_net_fail (net, error,
                _ ("It has several inputs whose meaning is not known, “%s” "
                   "among them."),
                tensor->name);
  return FALSE;
}

static gboolean
find_inputs (PmtNet *net, GError **error)
{
  const guint n = pmt_session_get_n_inputs (net->session);

  net->image = find_image (net);
  if (net->image == NULL)
    {
      pmt_net_fail (net, error, _ ("It takes no picture."));
      return FALSE;
    }
  for (guint i = 0; i < n; i++)
    {
      const PmtTensorInfo *tensor = pmt_session_get_input (net->session, i);

      if (tensor != net->image && !take_setting (net, tensor, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
find_result (PmtNet *net, GError **error)
{
  const guint n = pmt_session_get_n_outputs (net->session);

  for (guint i = 0; i < n && net->result == NULL; i++)
    {
      const PmtTensorInfo *output = pmt_session_get_output (net->session, i);

      if (may_be_picture (output))
        net->result = output;
    }
  if (net->result != NULL)
    return TRUE;
  pmt_net_fail (net, error, _ ("It gives no picture."));
  return FALSE;
}

/* ---------------------------------------------------------------- shape -- */

static gboolean
is_channels (gint64 size)
{
  return size == 1 || size == 3;
}

static gboolean
fail_channels (PmtNet *net, gint64 channels, GError **error)
{
  pmt_net_fail (net, error,
                _ ("It takes pictures of %lld channels; networks for 1 (gray) "
                   "or 3 (red, green, blue) can be used."),
                (long long)channels);
  return FALSE;
}

static gboolean
read_channels (PmtNet *net, const gint64 *dims, GError **error)
{
  PmtNetInfo *info = &net->info;

  if (is_channels (dims[1]))
    info->channels = (gint)dims[1];
  else if (is_channels (dims[3]) && dims[1] != 0)
    {
      info->channels = (gint)dims[3];
      info->is_nhwc = TRUE;
    }
  else if (dims[1] > 0 && (dims[3] < 0 || dims[3] > dims[1]))
    return fail_channels (net, dims[1], error);
  else if (dims[3] > 0)
    return fail_channels (net, dims[3], error);
  return TRUE;
}

static gboolean
read_fixed (PmtNet *net, gint64 size, gint *fixed, GError **error)
{
  if (size < 0)
    return TRUE;
  *fixed = (gint)CLAMP (size, 0, MAX_FIXED + 1);
  if (size >= MIN_FIXED && size <= MAX_FIXED)
    return TRUE;
  pmt_net_fail (net, error,
                _ ("It takes pictures with a side of %lld pixels only; sides "
                   "from %d to %d can be used."),
                (long long)size, MIN_FIXED, MAX_FIXED);
  return FALSE;
}

static gboolean
read_shape (PmtNet *net, GError **error)
{
  const gint64 *dims = net->image->dims;
  gboolean is_nhwc;

  if (!net->image->has_shape)
    return TRUE;
  if (dims[0] >= 0 && dims[0] != 1)
    {
      pmt_net_fail (net, error,
                    _ ("It takes %lld pictures at once, and must take 1."),
                    (long long)dims[0]);
      return FALSE;
    }
  if (!read_channels (net, dims, error))
    return FALSE;
  is_nhwc = net->info.is_nhwc;
  return read_fixed (net, dims[is_nhwc ? 1 : 2], &net->info.fixed_height, error)
         && read_fixed (net, dims[is_nhwc ? 2 : 3], &net->info.fixed_width,
                        error);
}

gboolean
pmt_net_read_declared (PmtNet *net, GError **error)
{
  net->info = (PmtNetInfo){ .range = 1, .multiple = 1 };
  if (!find_inputs (net, error) || !find_result (net, error))
    return FALSE;
  net->info.type = net->image->type;
  net->info.result_type = net->result->type;
  if (net->info.type == PMT_TENSOR_UINT8)
    net->info.range = 255;
  return read_shape (net, error);
}

/* ------------------------------------------------------------- metadata -- */

static gboolean
read_number (PmtNet *net,
             const gchar *key,
             gint min,
             gint max,
             gint *number,
             GError **error)
{
  const gchar *text = pmt_session_get_metadata (net->session, key);
  gint64 value;

  if (text == NULL
      || !g_ascii_string_to_signed (text, 10, min, max, &value, NULL))
    {
      pmt_net_fail (net, error,
                    _ ("“%s” is missing in it or wrong. Install Pentimento "
                       "again."),
                    key);
      return FALSE;
    }
  *number = (gint)value;
  return TRUE;
}

static gboolean
check_settings (PmtNet *net, GError **error)
{
  const gchar *names =
      pmt_session_get_metadata (net->session, "pentimento.settings");
  g_auto (GStrv) list = g_strsplit (names != NULL ? names : "", ",", -1);

  if ((gint)g_strv_length (list) == net->info.n_settings)
    return TRUE;
  pmt_net_fail (net, error,
                _ ("“%s” is missing in it or wrong. Install Pentimento "
                   "again."),
                "pentimento.settings");
  return FALSE;
}

gboolean
pmt_net_read_metadata (PmtNet *net, GError **error)
{
  PmtNetInfo *info = &net->info;

  if (!read_number (net, "pentimento.scale", 1, PMT_NET_MAX_SCALE, &info->scale,
                    error)
      || !read_number (net, "pentimento.overlap", 0, MAX_OVERLAP,
                       &info->overlap, error)
      || !read_number (net, "pentimento.multiple", 1, MAX_MULTIPLE,
                       &info->multiple, error)
      || !check_settings (net, error))
    return FALSE;
  if (info->channels != 3 || info->is_nhwc || info->fixed_width
      || info->fixed_height || info->type != PMT_TENSOR_FLOAT32
      || info->result_type != PMT_TENSOR_FLOAT32)
    {
      pmt_net_fail (net, error,
                    _ ("It is not one of the shipped ones. Install Pentimento "
                       "again."));
      return FALSE;
    }
  info->is_identity_at_zero = info->scale == 1 && info->n_settings > 0;
  info->bytes_per_pixel = info->scale == 1 ? RESTORE_BYTES : UPSCALE_BYTES;
  return TRUE;
}
