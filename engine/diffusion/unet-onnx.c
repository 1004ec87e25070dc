/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* unet-onnx.c: UNets that are .onnx files, as Optimum exports them.  Inputs
 * are found by their names and types, not by their order. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "diffusion/half.h"
#include "diffusion/unet-private.h"
#include "onnx/tensor.h"

#define MAX_INPUTS 5

/* The folder that the file lies in is what users know. */
static gboolean
fail (const gchar *path, const gchar *input, GError **error)
{
  g_autofree gchar *label = g_filename_display_name (path);

  g_set_error (error, PMT_ERROR, PMT_ERROR_UNSUPPORTED,
               _ ("The ONNX UNet “%s” has the input “%s”, which Pentimento "
                  "can't fill. Export the model again with Optimum."),
               label, input);
  return FALSE;
}

static gboolean
is_float (const PmtTensorInfo *info)
{
  return info->type == PMT_TENSOR_FLOAT32 || info->type == PMT_TENSOR_FLOAT16;
}

static gboolean
check_input (const PmtTensorInfo *info,
             const PmtUnetShape *shape,
             const gchar *path,
             GError **error)
{
  static const struct
  {
    const gchar *name;
    gint rank;
    gboolean is_vector;
  } known[] = {
    { "sample", 4, FALSE },
    { "encoder_hidden_states", 3, FALSE },
    { "text_embeds", 2, TRUE },
    { "time_ids", 2, TRUE },
  };

  if (g_str_equal (info->name, "timestep"))
    return (is_float (info) || info->type == PMT_TENSOR_INT64
            || info->type == PMT_TENSOR_INT32)
                   && (!info->has_shape || info->rank <= 1)
               ? TRUE
               : fail (path, info->name, error);
  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (g_str_equal (info->name, known[i].name))
      return is_float (info)
                     && (!info->has_shape || info->rank == known[i].rank)
                     && (!known[i].is_vector || shape->vector > 0)
                 ? TRUE
                 : fail (path, info->name, error);
  return fail (path, info->name, error);
}

static gboolean
check_inputs (PmtSession *session,
              const PmtUnetShape *shape,
              const gchar *path,
              GError **error)
{
  const guint n = pmt_session_get_n_inputs (session);

  for (guint i = 0; i < n; i++)
    if (!check_input (pmt_session_get_input (session, i), shape, path, error))
      return FALSE;
  return n <= MAX_INPUTS
         || fail (path, pmt_session_get_input (session, n - 1)->name, error);
}

PmtSession *
pmt_unet_open_onnx (const PmtCheckpoint *checkpoint,
                    const PmtNetOptions *options,
                    GError **error)
{
  const gchar *path = checkpoint->unet.onnx;
  PmtSessionOptions session_options = PMT_SESSION_OPTIONS_INIT;
  g_autoptr (PmtSession) session = NULL;

  if (options->n_loras > 0 || options->is_seamless)
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_UNSUPPORTED,
                   _ ("LoRAs and seamless pictures can't be had with “%s”, "
                      "because its networks are .onnx files. Use a "
                      ".safetensors model."),
                   checkpoint->name);
      return NULL;
    }
  session_options.threads = options->threads;
  session_options.memory = options->memory;
  session_options.provider = options->provider;
  session_options.optimization = PMT_OPTIMIZE_EXTENDED;
  session_options.allows_data_files = TRUE;
  session = pmt_session_open (path, &session_options, error);
  if (session == NULL
      || !check_inputs (session, &checkpoint->unet_shape, path, error))
    return NULL;
  return g_steal_pointer (&session);
}

static guint16
to_half (gfloat value)
{
  const gfloat rounded = pmt_half_round (value);
  guint32 bits;
  guint32 sign;

  memcpy (&bits, &rounded, sizeof bits);
  sign = bits >> 16 & 0x8000;
  bits &= 0x7fffffff;
  if (bits >= 0x7f800000)
    return (guint16)(sign | 0x7c00 | (bits > 0x7f800000 ? 0x200 : 0));
  if (bits < 0x38800000)
    return (guint16)(sign | (guint32)(fabsf (rounded) * 0x1p24f));
  return (guint16)(sign | ((bits - 0x38000000) >> 13));
}

/* (transfer full): @values in the type of an input. */
static gpointer
convert (const gfloat *values, gsize n, PmtTensorType type)
{
  gpointer made = g_malloc (n * pmt_tensor_type_size (type));

  for (gsize i = 0; i < n; i++)
    switch (type)
      {
      case PMT_TENSOR_FLOAT16:
        ((guint16 *)made)[i] = to_half (values[i]);
        break;
      case PMT_TENSOR_INT64:
        ((gint64 *)made)[i] = llroundf (values[i]);
        break;
      case PMT_TENSOR_INT32:
        ((gint32 *)made)[i] = (gint32)lroundf (values[i]);
        break;
      default:
        ((gfloat *)made)[i] = values[i];
      }
  return made;
}

/* The size that sinusoids were made from, off the slowest of them: it has not
 * turned once below some 17,000 pixels.  They are whole numbers. */
static gfloat
read_sinusoids (const gfloat *values, gint width)
{
  const gint half = width / 2;
  const gdouble angle = atan2 (values[2 * half - 1], values[half - 1]);

  return (gfloat)round (angle * exp (log (10000.0) * (half - 1) / half));
}

static gfloat *
make_sizes (const PmtUnetShape *shape, const PmtUnetInput *input)
{
  const gint width = shape->time_id_width;
  const gint n_pooled = shape->vector - 6 * width;
  gfloat *sizes = g_new (gfloat, 6 * input->n);

  for (gint i = 0; i < input->n; i++)
    for (gint k = 0; k < 6; k++)
      sizes[6 * i + k] = read_sinusoids (
          input->vector + i * shape->vector + n_pooled + k * width, width);
  return sizes;
}

static gfloat *
make_pooled (const PmtUnetShape *shape, const PmtUnetInput *input)
{
  const gint n_pooled = shape->vector - 6 * shape->time_id_width;
  gfloat *pooled = g_new (gfloat, n_pooled * input->n);

  for (gint i = 0; i < input->n; i++)
    memcpy (pooled + i * n_pooled, input->vector + i * shape->vector,
            (gsize)n_pooled * sizeof *pooled);
  return pooled;
}

static void
set_dims (PmtTensor *tensor, gint rank, const gint64 *dims)
{
  tensor->rank = rank;
  for (gint i = 0; i < rank; i++)
    tensor->dims[i] = dims[i];
}

/* @tensor: its data is (transfer full). */
static void
fill_input (const PmtTensorInfo *info,
            const PmtUnetShape *shape,
            const PmtUnetInput *input,
            PmtTensor *tensor)
{
  const gint n_pooled = shape->vector - 6 * shape->time_id_width;
  const gint64 x[] = { input->n, shape->in_channels, input->height,
                       input->width };
  const gint64 context[] = { input->n, input->tokens, shape->context };
  const gint64 pooled[] = { input->n, n_pooled };
  const gint64 sizes[] = { input->n, 6 };
  const gint64 one[] = { 1 };
  const gfloat time = (gfloat)input->timestep;
  g_autofree gfloat *made = NULL;
  const gfloat *values = &time;
  gsize n = 1;

  if (g_str_equal (info->name, "sample"))
    set_dims (tensor, 4, x);
  else if (g_str_equal (info->name, "encoder_hidden_states"))
    set_dims (tensor, 3, context);
  else if (g_str_equal (info->name, "text_embeds"))
    set_dims (tensor, 2, pooled);
  else if (g_str_equal (info->name, "time_ids"))
    set_dims (tensor, 2, sizes);
  else
    set_dims (tensor, info->has_shape ? info->rank : 1, one);
  if (g_str_equal (info->name, "sample"))
    values = input->x;
  else if (g_str_equal (info->name, "encoder_hidden_states"))
    values = input->context;
  else if (g_str_equal (info->name, "text_embeds"))
    values = made = make_pooled (shape, input);
  else if (g_str_equal (info->name, "time_ids"))
    values = made = make_sizes (shape, input);
  for (gint i = 0; i < tensor->rank; i++)
    n *= (gsize)tensor->dims[i];
  tensor->name = info->name;
  tensor->type = info->type;
  tensor->data = convert (values, n, info->type);
}

static gboolean
take_output (const PmtTensor *output,
             const gchar *name,
             gsize n,
             gfloat *out,
             GError **error)
{
  gsize count = 1;

  for (gint i = 0; i < output->rank; i++)
    count *= (gsize)output->dims[i];
  if (count == n && output->type == PMT_TENSOR_FLOAT32)
    {
      memcpy (out, output->data, n * sizeof *out);
      return TRUE;
    }
  if (count == n && output->type == PMT_TENSOR_FLOAT16)
    {
      for (gsize i = 0; i < n; i++)
        out[i] = pmt_half_to_float (((const guint16 *)output->data)[i]);
      return TRUE;
    }
  g_set_error (error, PMT_ERROR, PMT_ERROR_MODEL,
               _ ("The ONNX UNet of “%s” gives a result of another size or "
                  "type than a UNet does. Export the model again with "
                  "Optimum."),
               name);
  return FALSE;
}

gboolean
pmt_unet_run_onnx (PmtSession *session,
                   const PmtCheckpoint *checkpoint,
                   const PmtUnetInput *input,
                   gfloat *out,
                   GCancellable *cancellable,
                   GError **error)
{
  const PmtUnetShape *shape = &checkpoint->unet_shape;
  const guint n = pmt_session_get_n_inputs (session);
  PmtTensor inputs[MAX_INPUTS] = { { NULL } };
  PmtTensor output = { pmt_session_get_output (session, 0)->name };
  const gsize count = (gsize)input->n * (gsize)shape->out_channels
                      * (gsize)input->height * (gsize)input->width;
  gboolean is_done;

  for (guint i = 0; i < n; i++)
    fill_input (pmt_session_get_input (session, i), shape, input, &inputs[i]);
  is_done = pmt_session_run (session, inputs, n, &output, 1, cancellable, error)
            && take_output (&output, checkpoint->name, count, out, error);
  for (guint i = 0; i < n; i++)
    g_free (inputs[i].data);
  pmt_tensor_clear (&output);
  return is_done;
}
