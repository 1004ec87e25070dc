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
  PmtSession *shallow; /* NULL: nothing is kept */
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
              PmtUnetExtent extent,
              GError **error)
{
  g_autoptr (PmtBuilder) builder = NULL;

  if (checkpoint->unet.weights == NULL)
    return pmt_unet_open_onnx (checkpoint, options, error);
  builder = pmt_builder_new (PMT_NET_UNET, &checkpoint->unet, options, is_fast);
  pmt_unet_build_extent (builder, &checkpoint->unet_shape,
                         checkpoint->unet.layout, extent);
  return pmt_builder_open (builder, error);
}

/* The shallow part is a network of its own: its weights are a few percent, so
 * that having them twice costs less than both in one network would. */
PmtUnet *
pmt_unet_open (PmtCheckpoint *checkpoint,
               const PmtNetOptions *options,
               GError **error)
{
  const gboolean is_built = checkpoint->unet.weights != NULL;
  const gboolean has_reuse = is_built && options->has_reuse;
  g_autoptr (PmtUnet) unet = g_new0 (PmtUnet, 1);

  g_atomic_ref_count_init (&unet->ref_count);
  unet->checkpoint = pmt_checkpoint_ref (checkpoint);
  unet->is_fast = is_built && choose_fast (checkpoint, options);
  unet->session =
      open_session (checkpoint, options, unet->is_fast,
                    has_reuse ? PMT_UNET_WITH_DEEP : PMT_UNET_WHOLE, error);
  if (unet->session == NULL)
    return NULL;
  if (!has_reuse)
    return g_steal_pointer (&unet);
  unet->shallow = open_session (checkpoint, options, unet->is_fast,
                                PMT_UNET_SHALLOW, error);
  return unet->shallow != NULL ? g_steal_pointer (&unet) : NULL;
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
  pmt_session_unref (unet->shallow);
  pmt_checkpoint_unref (unet->checkpoint);
  g_free (unet);
}

gboolean
pmt_unet_has_reuse (PmtUnet *unet)
{
  return unet->shallow != NULL;
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

void
pmt_unet_deep_clear (PmtUnetDeep *deep)
{
  g_clear_pointer (&deep->values, g_free);
  deep->n = 0;
}

/* What a run is given and gives: x, time, context, the vector of SDXL, deep
 * features. */
typedef struct
{
  PmtTensor inputs[5];
  guint n_inputs;
  PmtTensor outputs[2];
  guint n_outputs;
  gfloat *time;
} Call;

static void
call_clear (Call *call)
{
  for (guint i = 0; i < call->n_outputs; i++)
    pmt_tensor_clear (&call->outputs[i]);
  g_free (call->time);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Call, call_clear)

static PmtTensor *
add_input (Call *call, const gchar *name, gint rank, gconstpointer values)
{
  PmtTensor *input = &call->inputs[call->n_inputs++];

  input->name = name;
  input->type = PMT_TENSOR_FLOAT32;
  input->rank = rank;
  input->data = (gpointer)values;
  return input;
}

static void
set_image (PmtTensor *tensor, const PmtUnetInput *input, gint64 channels)
{
  tensor->dims[0] = input->n;
  tensor->dims[1] = channels;
  tensor->dims[2] = input->height;
  tensor->dims[3] = input->width;
}

static void
call_init (Call *call, const PmtUnetShape *shape, const PmtUnetInput *input)
{
  PmtTensor *tensor;

  call->time = g_new (gfloat, shape->channels[0]);
  pmt_unet_sinusoids (input->timestep, shape->channels[0], call->time);
  set_image (add_input (call, "x", 4, input->x), input, shape->in_channels);
  tensor = add_input (call, "time", 2, call->time);
  tensor->dims[0] = 1;
  tensor->dims[1] = shape->channels[0];
  tensor = add_input (call, "context", 3, input->context);
  tensor->dims[0] = input->n;
  tensor->dims[1] = input->tokens;
  tensor->dims[2] = shape->context;
  if (shape->vector > 0)
    {
      tensor = add_input (call, "vector", 2, input->vector);
      tensor->dims[0] = input->n;
      tensor->dims[1] = shape->vector;
    }
  call->outputs[call->n_outputs++].name = "out";
}

static gsize
count_values (const PmtUnetInput *input, gint64 channels)
{
  return (gsize)input->n * (gsize)channels * (gsize)input->height
         * (gsize)input->width;
}

static gboolean
run_session (PmtSession *session,
             Call *call,
             gboolean keeps,
             GCancellable *cancellable,
             GError **error)
{
  return keeps ? pmt_session_run_keeping (session, call->inputs, call->n_inputs,
                                          call->outputs, call->n_outputs,
                                          cancellable, error)
               : pmt_session_run (session, call->inputs, call->n_inputs,
                                  call->outputs, call->n_outputs, cancellable,
                                  error);
}

static void
keep_deep (PmtUnetDeep *deep, gsize n, const gfloat *values)
{
  if (deep->n != n)
    deep->values = g_renew (gfloat, deep->values, n);
  deep->n = n;
  memcpy (deep->values, values, n * sizeof *values);
}

gboolean
pmt_unet_run (PmtUnet *unet,
              const PmtUnetInput *input,
              gfloat *out,
              GCancellable *cancellable,
              GError **error)
{
  const PmtUnetShape *shape = &unet->checkpoint->unet_shape;
  const gint64 channels = pmt_unet_deep_channels (shape);
  const gsize n_deep = count_values (input, channels);
  const gboolean has_deep = input->deep != NULL && unet->shallow != NULL;
  const gboolean reuses =
      has_deep && input->reuses_deep && input->deep->n == n_deep;
  g_auto (Call) call = { 0 };

  g_return_val_if_fail (shape->vector == 0 || input->vector != NULL, FALSE);
  if (unet->checkpoint->unet.weights == NULL)
    return pmt_unet_run_onnx (unet->session, unet->checkpoint, input, out,
                              cancellable, error);
  call_init (&call, shape, input);
  if (reuses)
    set_image (add_input (&call, "deep", 4, input->deep->values), input,
               channels);
  else if (has_deep)
    call.outputs[call.n_outputs++].name = "deep";
  if (!pmt_weights_check (unet->checkpoint->unet.weights, error)
      || !run_session (reuses ? unet->shallow : unet->session, &call,
                       input->keeps_memory, cancellable, error))
    return FALSE;
  memcpy (out, call.outputs[0].data,
          count_values (input, shape->out_channels) * sizeof *out);
  if (has_deep && !reuses)
    keep_deep (input->deep, n_deep, call.outputs[1].data);
  return TRUE;
}
