/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* denoiser.c: the UNet as samplers see it: guided, masked, in their scale. */
#include "config.h"

#include "diffusion/denoiser.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

gsize
pmt_denoiser_get_size (const PmtDenoiser *denoiser)
{
  return (gsize)denoiser->channels * denoiser->height * denoiser->width;
}

/* Which of the evaluations that are guided between; further prompts follow. */
enum
{
  PROMPT,
  NEGATIVE,
  NO_PICTURE,
  OTHERS
};

/* Deep features of one of them, and what they were made with. */
typedef struct
{
  PmtUnetDeep deep;
  const gfloat *context;
} Kept;

static void
kept_clear (gpointer data)
{
  pmt_unet_deep_clear (&((Kept *)data)->deep);
}

static gsize
input_size (const PmtDenoiser *denoiser)
{
  return (gsize)denoiser->checkpoint->unet_shape.in_channels * denoiser->height
         * denoiser->width;
}

/* @scratch: input of the UNet, the masked latent, two more outputs. */
gboolean
pmt_denoiser_init (PmtDenoiser *denoiser, GError **error)
{
  const gsize n = input_size (denoiser) + 3 * pmt_denoiser_get_size (denoiser);

  denoiser->n_done = 0;
  denoiser->n_reused = 0;
  denoiser->keeps_memory = FALSE;
  denoiser->kept = g_array_new (FALSE, TRUE, sizeof (Kept));
  g_array_set_clear_func (denoiser->kept, kept_clear);
  denoiser->scratch = g_try_new (gfloat, n);
  if (denoiser->scratch != NULL)
    return TRUE;
  pmt_denoiser_clear (denoiser);
  g_set_error (error, PMT_ERROR, PMT_ERROR_MEMORY,
               _ ("There is not enough memory for a latent of %d × %d. Choose "
                  "a smaller area."),
               denoiser->width, denoiser->height);
  return FALSE;
}

void
pmt_denoiser_clear (PmtDenoiser *denoiser)
{
  g_clear_pointer (&denoiser->scratch, g_free);
  g_clear_pointer (&denoiser->kept, g_array_unref);
}

/* A latent is soft where the mask is: the share @mask of it is new. */
static void
mix (const PmtDenoiser *denoiser,
     const gfloat *made,
     const gfloat *kept,
     gfloat *mixed)
{
  const gsize plane = (gsize)denoiser->height * denoiser->width;

  for (gint c = 0; c < denoiser->channels; c++)
    for (gsize i = 0; i < plane; i++)
      {
        const gfloat m = denoiser->mask[i];
        const gsize at = (gsize)c * plane + i;

        mixed[at] = made[at] * m + kept[at] * (1.0f - m);
      }
}

void
pmt_denoiser_keep (const PmtDenoiser *denoiser, gfloat *latent)
{
  if (denoiser->mask != NULL && denoiser->init != NULL)
    mix (denoiser, latent, denoiser->init, latent);
}

/* Features that are as old as the last evaluation that made some. */
static void
choose_deep (PmtDenoiser *denoiser,
             guint which,
             const PmtGuide *guide,
             PmtUnetInput *call)
{
  Kept *kept;

  if (denoiser->reuse < 2)
    return;
  if (denoiser->kept->len <= which)
    g_array_set_size (denoiser->kept, which + 1);
  kept = &g_array_index (denoiser->kept, Kept, which);
  call->deep = &kept->deep;
  call->reuses_deep = (denoiser->n_done - 1) % denoiser->reuse != 0
                      && kept->context == guide->context;
  kept->context = guide->context;
  denoiser->n_reused +=
      call->reuses_deep && pmt_unet_has_reuse (denoiser->unet);
}

/* One evaluation with one prompt, number @which. */
static gboolean
evaluate (PmtDenoiser *denoiser,
          const PmtGuide *guide,
          guint which,
          gdouble timestep,
          gfloat *out,
          GError **error)
{
  const gsize n = pmt_denoiser_get_size (denoiser);
  const gsize extra = input_size (denoiser) - n;
  gfloat *input = denoiser->scratch;
  PmtUnetInput call = {
    .n = 1,
    .height = denoiser->height,
    .width = denoiser->width,
    .x = input,
    .timestep = timestep,
    .context = guide->context,
    .tokens = guide->tokens,
    .vector = guide->vector,
    .keeps_memory = denoiser->keeps_memory,
  };

  /* The further channels as they are, or zeros. */
  if (extra > 0 && which != NO_PICTURE)
    memcpy (input + n, denoiser->concat, extra * sizeof (gfloat));
  else if (extra > 0)
    memset (input + n, 0, extra * sizeof (gfloat));
  choose_deep (denoiser, which, guide, &call);
  return pmt_unet_run (denoiser->unet, &call, out, denoiser->cancellable,
                       error);
}

/* out += weight cfg (prompt - negative) for the further prompts. */
static gboolean
add_others (PmtDenoiser *denoiser,
            gdouble timestep,
            const gfloat *negative,
            gfloat *out,
            gfloat *other,
            GError **error)
{
  const gsize n = pmt_denoiser_get_size (denoiser);

  for (guint k = 0; k < denoiser->n_others; k++)
    {
      const gfloat share = (gfloat)(denoiser->cfg * denoiser->other_weights[k]);

      if (!evaluate (denoiser, &denoiser->others[k], OTHERS + k, timestep,
                     other, error))
        return FALSE;
      for (gsize i = 0; i < n; i++)
        out[i] += share * (other[i] - negative[i]);
    }
  return TRUE;
}

/* out = negative + cfg (prompt - negative), on the network's output: what is
 * linear in it may be mixed before or after. */
static gboolean
guide_text (PmtDenoiser *denoiser,
            gdouble timestep,
            gfloat *out,
            gfloat *negative,
            gfloat *other,
            GError **error)
{
  const gsize n = pmt_denoiser_get_size (denoiser);
  const gfloat share = (gfloat)(denoiser->cfg * denoiser->prompt_weight);

  if (!evaluate (denoiser, &denoiser->prompt, PROMPT, timestep, out, error))
    return FALSE;
  if (share == 1.0f && denoiser->n_others == 0)
    return TRUE;
  if (!evaluate (denoiser, &denoiser->negative, NEGATIVE, timestep, negative,
                 error))
    return FALSE;
  for (gsize i = 0; i < n; i++)
    out[i] = negative[i] + share * (out[i] - negative[i]);
  return add_others (denoiser, timestep, negative, out, other, error);
}

/* out += weight * an evaluation, which is left out where it has no weight. */
static gboolean
add_weighted (PmtDenoiser *denoiser,
              const PmtGuide *guide,
              guint which,
              gdouble timestep,
              gfloat weight,
              gfloat *out,
              gfloat *other,
              GError **error)
{
  const gsize n = pmt_denoiser_get_size (denoiser);

  if (weight == 0.0f)
    return TRUE;
  if (!evaluate (denoiser, guide, which, timestep, other, error))
    return FALSE;
  for (gsize i = 0; i < n; i++)
    out[i] += weight * other[i];
  return TRUE;
}

/* out = none + cfg (both - picture) + image_cfg (picture - none). */
static gboolean
guide_edit (PmtDenoiser *denoiser,
            gdouble timestep,
            gfloat *out,
            gfloat *other,
            GError **error)
{
  const gsize n = pmt_denoiser_get_size (denoiser);
  const gfloat cfg = (gfloat)denoiser->cfg;
  const gfloat image_cfg = (gfloat)denoiser->image_cfg;

  memset (out, 0, n * sizeof (gfloat));
  return add_weighted (denoiser, &denoiser->prompt, PROMPT, timestep, cfg, out,
                       other, error)
         && add_weighted (denoiser, &denoiser->negative, NEGATIVE, timestep,
                          image_cfg - cfg, out, other, error)
         && add_weighted (denoiser, &denoiser->negative, NO_PICTURE, timestep,
                          1.0f - image_cfg, out, other, error);
}

/* ComfyUI: what is kept is noised anew to the level of the step. */
static const gfloat *
noise_kept (const PmtDenoiser *denoiser,
            const gfloat *x,
            gdouble sigma,
            gfloat *mixed)
{
  const gsize n = pmt_denoiser_get_size (denoiser);

  if (denoiser->mask == NULL || denoiser->noise == NULL)
    return x;
  for (gsize i = 0; i < n; i++)
    mixed[i] = denoiser->init[i] + denoiser->noise[i] * (gfloat)sigma;
  mix (denoiser, x, mixed, mixed);
  return mixed;
}

static void
predict (const PmtDenoiser *denoiser,
         const gfloat *x,
         gdouble sigma,
         const gfloat *out,
         gfloat *denoised)
{
  const gsize n = pmt_denoiser_get_size (denoiser);
  const gdouble square = sigma * sigma + 1.0;
  gfloat keep = 1.0f;
  gfloat take = (gfloat)-sigma;

  if (denoiser->checkpoint->training.prediction == PMT_PREDICTION_V)
    {
      keep = (gfloat)(1.0 / square);
      take = (gfloat)(-sigma / sqrt (square));
    }
  for (gsize i = 0; i < n; i++)
    denoised[i] = keep * x[i] + take * out[i];
}

gboolean
pmt_denoiser_run (const gfloat *x,
                  gdouble sigma,
                  gfloat *denoised,
                  gpointer data,
                  GError **error)
{
  PmtDenoiser *denoiser = data;
  const gsize n = pmt_denoiser_get_size (denoiser);
  gfloat *input = denoiser->scratch;
  gfloat *mixed = input + input_size (denoiser);
  gfloat *other = mixed + n;
  gfloat *third = other + n;
  const gfloat scale = (gfloat)(1.0 / sqrt (sigma * sigma + 1.0));
  const gdouble timestep =
      pmt_discrete_sigma_to_t (denoiser->discrete, denoiser->convention, sigma);
  gboolean is_ok;

  if (denoiser->on_timestep != NULL)
    denoiser->on_timestep (timestep, denoiser->timestep_data);
  if (denoiser->guide != NULL)
    denoiser->guide (denoiser, denoiser->n_done, denoiser->guide_data);
  denoiser->n_done++;
  denoiser->keeps_memory = sigma > denoiser->last_sigma;
  x = noise_kept (denoiser, x, sigma, mixed);
  for (gsize i = 0; i < n; i++)
    input[i] = x[i] * scale;
  if (denoiser->checkpoint->kind == PMT_UNET_EDIT)
    is_ok = guide_edit (denoiser, timestep, denoised, other, error);
  else
    is_ok = guide_text (denoiser, timestep, denoised, other, third, error);
  if (!is_ok)
    return FALSE;
  predict (denoiser, x, sigma, denoised, denoised);
  pmt_denoiser_keep (denoiser, denoised);
  return TRUE;
}
