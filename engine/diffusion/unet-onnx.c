/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* unet-onnx.c: UNets that are .onnx files, as Optimum exports them.  Inputs
 * are found by their names and types, not by their order. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "diffusion/onnx-part.h"
#include "diffusion/unet-private.h"
#include "onnx/tensor.h"

/* What they are called, and the size that each network has there. */
typedef struct
{
  const gchar *name;
  gint rank;
  gint dim;
  gint size;
} Known;

#define N_KNOWN 4
#define MAX_INPUTS (N_KNOWN + 1)

static gint
count_pooled (const PmtUnetShape *shape)
{
  return shape->vector - 6 * shape->time_id_width;
}

/* Returns: how many of @known this network must have. */
static guint
list_known (const PmtUnetShape *shape, Known *known)
{
  known[0] = (Known){ "sample", 4, 1, shape->in_channels };
  known[1] = (Known){ "encoder_hidden_states", 3, 2, shape->context };
  known[2] = (Known){ "text_embeds", 2, 1, count_pooled (shape) };
  known[3] = (Known){ "time_ids", 2, 1, 6 };
  return shape->vector > 0 ? N_KNOWN : 2;
}

static gboolean
fail (const gchar *path, const PmtTensorInfo *info, GError **error)
{
  g_autofree gchar *label = g_filename_display_name (path);
  g_autofree gchar *shape = pmt_tensor_shape_text (info->dims, info->rank);

  g_set_error (error, PMT_ERROR, PMT_ERROR_UNSUPPORTED,
               _ ("The ONNX UNet “%s” has the input “%s” (%s %s), which does "
                  "not fit its config.json or can't be filled. Export the "
                  "model again with Optimum."),
               label, info->name, pmt_tensor_type_name (info->type), shape);
  return FALSE;
}

static gboolean
fail_missing (const gchar *path, const gchar *name, GError **error)
{
  g_autofree gchar *label = g_filename_display_name (path);

  g_set_error (error, PMT_ERROR, PMT_ERROR_UNSUPPORTED,
               _ ("The ONNX UNet “%s” lacks “%s”, which a diffusion network "
                  "has. Export the model again with Optimum."),
               label, name);
  return FALSE;
}

static gboolean
is_time (const PmtTensorInfo *info)
{
  return (info->type == PMT_TENSOR_INT64 || info->type == PMT_TENSOR_INT32
          || info->type == PMT_TENSOR_FLOAT32
          || info->type == PMT_TENSOR_FLOAT16)
         && (!info->has_shape || info->rank <= 1)
         && pmt_onnx_can_be (info, 0, 1);
}

static gboolean
check_input (const PmtTensorInfo *info,
             const PmtUnetShape *shape,
             const gchar *path,
             GError **error)
{
  Known known[N_KNOWN];
  const guint n = list_known (shape, known);

  if (g_str_equal (info->name, "timestep") && is_time (info))
    return TRUE;
  for (guint i = 0; i < n; i++)
    if (g_str_equal (info->name, known[i].name)
        && pmt_onnx_is_float (info, known[i].rank)
        && pmt_onnx_can_be (info, 0, 1)
        && pmt_onnx_can_be (info, known[i].dim, known[i].size))
      return TRUE;
  return fail (path, info, error);
}

/* Its name in Optimum, or the only one. */
static const PmtTensorInfo *
find_output (PmtSession *session)
{
  const PmtTensorInfo *info = pmt_onnx_find_output (session, "out_sample");

  if (info == NULL && pmt_session_get_n_outputs (session) == 1)
    info = pmt_session_get_output (session, 0);
  return info != NULL && pmt_onnx_is_float (info, 4) ? info : NULL;
}

static gboolean
check (PmtSession *session,
       const PmtUnetShape *shape,
       const gchar *path,
       GError **error)
{
  Known known[N_KNOWN];
  const guint n = list_known (shape, known);

  for (guint i = 0; i < pmt_session_get_n_inputs (session); i++)
    if (!check_input (pmt_session_get_input (session, i), shape, path, error))
      return FALSE;
  for (guint i = 0; i < n; i++)
    if (pmt_onnx_find_input (session, known[i].name) == NULL)
      return fail_missing (path, known[i].name, error);
  if (pmt_onnx_find_input (session, "timestep") == NULL)
    return fail_missing (path, "timestep", error);
  return find_output (session) != NULL
         || fail_missing (path, "out_sample", error);
}

PmtSession *
pmt_unet_open_onnx (const PmtCheckpoint *checkpoint,
                    const PmtNetOptions *options,
                    GError **error)
{
  const gchar *path = checkpoint->unet.onnx;
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
  session = pmt_onnx_open (path, options, options->memory,
                           PMT_OPTIMIZE_EXTENDED, error);
  if (session == NULL || !check (session, &checkpoint->unet_shape, path, error))
    return NULL;
  return g_steal_pointer (&session);
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
  const gint n_pooled = count_pooled (shape);
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
  const gint n_pooled = count_pooled (shape);
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
  const gint n_pooled = count_pooled (shape);
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
  tensor->data = pmt_onnx_convert (values, n, info->type);
}

static gboolean
take_output (const PmtTensor *output,
             const gchar *name,
             gsize n,
             gfloat *out,
             GError **error)
{
  if (pmt_onnx_read (output, n, out))
    return TRUE;
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
  PmtTensor output = { find_output (session)->name };
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
