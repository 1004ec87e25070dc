/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* unet.c: the network that takes noise off a latent. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "diffusion/unet-private.h"

struct _PmtUnet
{
  gatomicrefcount ref_count;
  PmtCheckpoint *checkpoint;
  PmtSession *session;
  gboolean is_fast;
};

/* Source: Ho et al. 2020, section B, with cosines first as in CompVis'
 * models. */
void
pmt_unet_sinusoids (gdouble t, gint width, gfloat *values)
{
  const gint half = width / 2;

  for (gint i = 0; i < half; i++)
    {
      const gdouble angle = t * exp (-log (10000.0) * i / half);

      values[i] = (gfloat)cos (angle);
      values[half + i] = (gfloat)sin (angle);
    }
}

void
pmt_unet_fill_vector (const PmtUnetShape *shape,
                      const gfloat *pooled,
                      const gfloat *time_ids,
                      gfloat *vector)
{
  const gint width = shape->time_id_width;
  const gint n_pooled = shape->vector - 6 * width;

  memcpy (vector, pooled, (gsize)n_pooled * sizeof *vector);
  for (gint i = 0; i < 6; i++)
    pmt_unet_sinusoids (time_ids[i], width, vector + n_pooled + i * width);
}

/* The size that models of the family are made for, in latent pixels. */
static gint
usual_side (const PmtCheckpoint *checkpoint)
{
  return checkpoint->family == PMT_FAMILY_SDXL ? 128 : 64;
}

static gboolean
choose_fast (const PmtCheckpoint *checkpoint, const PmtNetOptions *options)
{
  const gint side = usual_side (checkpoint);

  if (options->mode != PMT_NET_AUTO || options->memory == 0)
    return options->mode != PMT_NET_LOW;
  return pmt_unet_need (checkpoint, options, TRUE, side, side)
         <= options->memory;
}

static PmtSession *
open_session (const PmtCheckpoint *checkpoint,
              const PmtNetOptions *options,
              gboolean is_fast,
              GError **error)
{
  g_autoptr (PmtBuilder) builder = NULL;

  if (checkpoint->unet.weights == NULL)
    return pmt_unet_open_onnx (checkpoint, options, error);
  builder = pmt_builder_new (PMT_NET_UNET, &checkpoint->unet, options, is_fast);
  pmt_unet_build (builder, &checkpoint->unet_shape, checkpoint->unet.layout);
  return pmt_builder_open (builder, error);
}

PmtUnet *
pmt_unet_open (PmtCheckpoint *checkpoint,
               const PmtNetOptions *options,
               GError **error)
{
  const gboolean is_fast =
      checkpoint->unet.weights != NULL && choose_fast (checkpoint, options);
  PmtSession *session = open_session (checkpoint, options, is_fast, error);
  PmtUnet *unet;

  if (session == NULL)
    return NULL;
  unet = g_new0 (PmtUnet, 1);
  g_atomic_ref_count_init (&unet->ref_count);
  unet->checkpoint = pmt_checkpoint_ref (checkpoint);
  unet->session = session;
  unet->is_fast = is_fast;
  return unet;
}

PmtUnet *
pmt_unet_ref (PmtUnet *unet)
{
  g_atomic_ref_count_inc (&unet->ref_count);
  return unet;
}

void
pmt_unet_unref (PmtUnet *unet)
{
  if (unet == NULL || !g_atomic_ref_count_dec (&unet->ref_count))
    return;
  pmt_session_unref (unet->session);
  pmt_checkpoint_unref (unet->checkpoint);
  g_free (unet);
}

gboolean
pmt_unet_is_fast (PmtUnet *unet)
{
  return unet->is_fast;
}

const gchar *
pmt_unet_get_provider (PmtUnet *unet)
{
  return pmt_session_get_provider (unet->session);
}

const gchar *
pmt_unet_get_fallback (PmtUnet *unet)
{
  return pmt_session_get_fallback (unet->session);
}

static gboolean
run_session (PmtUnet *unet,
             const PmtUnetInput *input,
             const PmtTensor *inputs,
             guint n,
             PmtTensor *output,
             GCancellable *cancellable,
             GError **error)
{
  return input->keeps_memory
             ? pmt_session_run_keeping (unet->session, inputs, n, output, 1,
                                        cancellable, error)
             : pmt_session_run (unet->session, inputs, n, output, 1,
                                cancellable, error);
}

gboolean
pmt_unet_run (PmtUnet *unet,
              const PmtUnetInput *input,
              gfloat *out,
              GCancellable *cancellable,
              GError **error)
{
  const PmtUnetShape *shape = &unet->checkpoint->unet_shape;
  g_autofree gfloat *time = g_new (gfloat, shape->channels[0]);
  const PmtTensor inputs[] = {
    { "x",
      PMT_TENSOR_FLOAT32,
      4,
      { input->n, shape->in_channels, input->height, input->width },
      (gpointer)input->x },
    { "time", PMT_TENSOR_FLOAT32, 2, { 1, shape->channels[0] }, time },
    { "context",
      PMT_TENSOR_FLOAT32,
      3,
      { input->n, input->tokens, shape->context },
      (gpointer)input->context },
    { "vector",
      PMT_TENSOR_FLOAT32,
      2,
      { input->n, shape->vector },
      (gpointer)input->vector },
  };
  PmtTensor output = { "out" };
  const gsize count = (gsize)input->n * (gsize)shape->out_channels
                      * (gsize)input->height * (gsize)input->width;

  g_return_val_if_fail (shape->vector == 0 || input->vector != NULL, FALSE);
  if (unet->checkpoint->unet.weights == NULL)
    return pmt_unet_run_onnx (unet->session, unet->checkpoint, input, out,
                              cancellable, error);
  pmt_unet_sinusoids (input->timestep, shape->channels[0], time);
  if (!pmt_weights_check (unet->checkpoint->unet.weights, error)
      || !run_session (unet, input, inputs, shape->vector > 0 ? 4 : 3, &output,
                       cancellable, error))
    return FALSE;
  memcpy (out, output.data, count * sizeof *out);
  pmt_tensor_clear (&output);
  return TRUE;
}
