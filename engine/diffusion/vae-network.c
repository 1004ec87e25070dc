/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* vae-network.c: the networks of an autoencoder, run on a picture or a tile. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "diffusion/onnx-part.h"
#include "diffusion/vae-private.h"

/* One network; @height and @width of the input and the output in pixels. */
typedef struct
{
  PmtSession *session;
  const gchar *input;
  const gchar *output;
  gint in_channels;
  gint in_scale;
  gint out_channels;
  gint out_scale;
} Step;

void
pmt_vae_clear_output (PmtTensor *output)
{
  if (output->owner == NULL)
    g_free (output->data);
  pmt_tensor_clear (output);
}

/* Half floats are widened. */
static gboolean
take_output (const PmtVaeJob *job,
             PmtTensor *output,
             const gint64 *dims,
             GError **error)
{
  const gsize n = (gsize)dims[1] * (gsize)dims[2] * (gsize)dims[3];
  g_autofree gfloat *values = NULL;

  if (output->rank == 4 && memcmp (output->dims, dims, 4 * sizeof *dims) == 0)
    {
      if (output->type == PMT_TENSOR_FLOAT32)
        return TRUE;
      values = g_new (gfloat, n);
      if (pmt_onnx_read (output, n, values))
        {
          pmt_tensor_clear (output);
          output->type = PMT_TENSOR_FLOAT32;
          output->data = g_steal_pointer (&values);
          return TRUE;
        }
    }
  g_set_error (error, PMT_ERROR, PMT_ERROR_MODEL,
               _ ("The autoencoder (VAE) of “%s” gave a result of another "
                  "size than expected. Choose another autoencoder."),
               job->vae->name);
  return FALSE;
}

/* @height, @width: in latent pixels. */
static gboolean
run_step (const PmtVaeJob *job,
          const Step *step,
          const gfloat *data,
          gint height,
          gint width,
          PmtTensor *output,
          GError **error)
{
  PmtTensor input = { .name = step->input,
                      .type = PMT_TENSOR_FLOAT32,
                      .rank = 4,
                      .dims = { 1, step->in_channels, height * step->in_scale,
                                width * step->in_scale },
                      .data = (gpointer)data };
  const gint64 dims[] = { 1, step->out_channels, height * step->out_scale,
                          width * step->out_scale };
  g_autofree gpointer halfs = NULL;

  if (pmt_onnx_find_input (step->session, step->input)->type
      == PMT_TENSOR_FLOAT16)
    {
      input.type = PMT_TENSOR_FLOAT16;
      input.data = halfs = pmt_onnx_convert (
          data, (gsize)(input.dims[1] * input.dims[2] * input.dims[3]),
          PMT_TENSOR_FLOAT16);
    }
  *output = (PmtTensor){ .name = step->output };
  if (!pmt_session_run (step->session, &input, 1, output, 1, job->cancellable,
                        error))
    return FALSE;
  if (take_output (job, output, dims, error))
    return TRUE;
  pmt_tensor_clear (output);
  return FALSE;
}

gboolean
pmt_vae_run_head (const PmtVaeJob *job,
                  const gfloat *data,
                  gint height,
                  gint width,
                  PmtTensor *output,
                  GError **error)
{
  const PmtVaeHalf *half = job->half;
  const Step step = { half->head,       half->input,   half->output,
                      job->in_channels, job->in_scale, half->head_channels,
                      half->head_scale };

  return run_step (job, &step, data, height, width, output, error);
}

gboolean
pmt_vae_run_network (const PmtVaeJob *job,
                     const gfloat *data,
                     gint height,
                     gint width,
                     PmtTensor *output,
                     GError **error)
{
  const PmtVaeHalf *half = job->half;
  Step step = { half->session,    half->input,   half->output,
                job->in_channels, job->in_scale, job->out_channels,
                job->out_scale };
  PmtTensor middle;
  gboolean is_done;

  if (!job->needs_head)
    return run_step (job, &step, data, height, width, output, error);
  if (!pmt_vae_run_head (job, data, height, width, &middle, error))
    return FALSE;
  step.in_channels = half->head_channels;
  step.in_scale = half->head_scale;
  is_done = run_step (job, &step, middle.data, height, width, output, error);
  pmt_vae_clear_output (&middle);
  return is_done;
}
