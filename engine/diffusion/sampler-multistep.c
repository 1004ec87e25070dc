/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* Samplers that look back at earlier steps.  Lu et al., DPM-Solver++, 2022
 * (2M); Liu et al., Pseudo numerical methods for diffusion models, 2022
 * (PLMS); Zhang and Chen, Fast sampling of diffusion models with exponential
 * integrator, 2022 (improved PNDM, DEIS); Zhang et al., Improved order
 * analysis and design of exponential integrator, 2023 (res); Permenter and
 * Yuan, Interpreting and improving diffusion models, 2023 (gradient
 * estimation). */
#include "diffusion/sampler-private.h"

#include <math.h>
#include <string.h>

#define LMS_ORDER 4
#define PLMS_ORDER 4
#define DEIS_ORDER 3
#define GRADIENT_GAMMA 2.0

/* Weights of the slopes of this and earlier steps: Adams and Bashforth. */
static const gdouble adams[PLMS_ORDER][PLMS_ORDER] = {
  { 1.0, 0.0, 0.0, 0.0 },
  { 3.0 / 2.0, -1.0 / 2.0, 0.0, 0.0 },
  { 23.0 / 12.0, -16.0 / 12.0, 5.0 / 12.0, 0.0 },
  { 55.0 / 24.0, -59.0 / 24.0, 37.0 / 24.0, -9.0 / 24.0 },
};

gboolean
pmt_sampler_step_dpmpp_2m (PmtSamplerState *s, guint i, GError **error)
{
  gdouble sigma = s->sigmas[i], to = s->sigmas[i + 1], ratio = to / sigma;

  if (to == 0.0 || s->n_history == 0)
    pmt_sampler_mix (s, ratio, s->x, 1.0 - ratio, s->denoised, s->x);
  else
    {
      gdouble last = log (s->sigmas[i - 1] / sigma);
      gdouble part = log (sigma / to) / (2.0 * last);

      pmt_sampler_mix (s, 1.0 + part, s->denoised, -part, s->history[0],
                       s->buffers[0]);
      pmt_sampler_mix (s, ratio, s->x, 1.0 - ratio, s->buffers[0], s->x);
    }
  pmt_sampler_remember (s, s->denoised, sigma, 1);
  return TRUE;
}

/* Adds @scale * (slopes of the newest @order steps, weighted). */
static void
add_slopes (PmtSamplerState *s,
            const gdouble *weights,
            guint order,
            gdouble scale)
{
  for (gsize k = 0; k < s->n; k++)
    {
      gfloat sum = 0.0f;

      for (guint j = 0; j < order; j++)
        sum += (gfloat)weights[j] * s->history[j][k];
      s->x[k] += (gfloat)scale * sum;
    }
}

/* The Lagrange polynomial that is 1 at step @i - @j and 0 at the other ones
 * of the last @order steps. */
static gdouble
lagrange (const gdouble *levels, guint i, guint order, guint j, gdouble at)
{
  gdouble product = 1.0;

  for (guint k = 0; k < order; k++)
    if (k != j)
      product *= (at - levels[i - k]) / (levels[i - j] - levels[i - k]);
  return product;
}

gboolean
pmt_sampler_step_lms (PmtSamplerState *s, guint i, GError **error)
{
  gdouble sigma = s->sigmas[i], to = s->sigmas[i + 1];
  gdouble weights[LMS_ORDER];
  guint order = MIN (i + 1, LMS_ORDER);

  pmt_sampler_slope (s, s->x, s->denoised, sigma, s->buffers[0]);
  pmt_sampler_remember (s, s->buffers[0], sigma, LMS_ORDER);
  if (to == 0.0 && s->options->convention == PMT_CONVENTION_COMFYUI)
    {
      memcpy (s->x, s->denoised, s->n * sizeof (gfloat));
      return TRUE;
    }
  /* Two points of Gauss are exact up to the third power. */
  for (guint j = 0; j < order; j++)
    {
      gdouble middle = 0.5 * (sigma + to);
      gdouble off = 0.5 * (to - sigma) / sqrt (3.0);

      weights[j] = 0.5 * (to - sigma)
                   * (lagrange (s->sigmas, i, order, j, middle - off)
                      + lagrange (s->sigmas, i, order, j, middle + off));
    }
  add_slopes (s, weights, order, 1.0);
  return TRUE;
}

/* The first step is taken twice, the second time with the mean of the slopes
 * at its ends. */
static gboolean
plms_first (PmtSamplerState *s, guint i, GError **error)
{
  gdouble sigma = s->sigmas[i], to = s->sigmas[i + 1];
  gfloat *x_to = s->buffers[0], *d_to = s->buffers[1];

  if (to == 0.0)
    {
      memcpy (s->x, s->denoised, s->n * sizeof (gfloat));
      return TRUE;
    }
  pmt_sampler_mix (s, 1.0, s->x, to - sigma, s->history[0], x_to);
  if (!pmt_sampler_denoise (s, x_to, to, d_to, error))
    return FALSE;
  pmt_sampler_slope (s, x_to, d_to, to, d_to);
  pmt_sampler_mix (s, 0.5, s->history[0], 0.5, d_to, d_to);
  pmt_sampler_add (s, s->x, to - sigma, d_to);
  return TRUE;
}

gboolean
pmt_sampler_step_plms (PmtSamplerState *s, guint i, GError **error)
{
  gdouble sigma = s->sigmas[i], to = s->sigmas[i + 1];

  pmt_sampler_slope (s, s->x, s->denoised, sigma, s->buffers[0]);
  pmt_sampler_remember (s, s->buffers[0], sigma, PLMS_ORDER);
  if (i == 0)
    return plms_first (s, i, error);
  add_slopes (s, adams[s->n_history - 1], s->n_history, to - sigma);
  return TRUE;
}

gboolean
pmt_sampler_step_ipndm (PmtSamplerState *s, guint i, GError **error)
{
  gdouble sigma = s->sigmas[i], to = s->sigmas[i + 1];

  pmt_sampler_slope (s, s->x, s->denoised, sigma, s->buffers[0]);
  pmt_sampler_remember (s, s->buffers[0], sigma, PLMS_ORDER);
  if (to == 0.0)
    memcpy (s->x, s->denoised, s->n * sizeof (gfloat));
  else
    add_slopes (s, adams[s->n_history - 1], s->n_history, to - sigma);
  return TRUE;
}

gboolean
pmt_sampler_step_deis (PmtSamplerState *s, guint i, GError **error)
{
  gdouble sigma = s->sigmas[i], to = s->sigmas[i + 1];

  pmt_sampler_slope (s, s->x, s->denoised, sigma, s->buffers[0]);
  pmt_sampler_remember (s, s->buffers[0], sigma, DEIS_ORDER);
  if (to == 0.0 || i == 0)
    pmt_sampler_add (s, s->x, to - sigma, s->history[0]);
  else
    add_slopes (s, s->table + (gsize)i * DEIS_ORDER, MIN (i + 1, DEIS_ORDER),
                1.0);
  return TRUE;
}

gboolean
pmt_sampler_step_res_multistep (PmtSamplerState *s, guint i, GError **error)
{
  gdouble sigma = s->sigmas[i], to = s->sigmas[i + 1], down, up;

  pmt_sampler_ancestral (sigma, to, s->eta, &down, &up);
  if (down == 0.0 || s->n_history == 0)
    {
      pmt_sampler_slope (s, s->x, s->denoised, sigma, s->buffers[0]);
      pmt_sampler_add (s, s->x, down - sigma, s->buffers[0]);
    }
  else
    {
      gdouble h = log (sigma / down);
      gdouble c2 = log (s->levels[0] / s->sigmas[i - 1]) / h;
      gdouble phi_1 = -expm1 (-h) / h, phi_2 = (1.0 - phi_1) / h;
      gdouble b2 = c2 != 0.0 ? phi_2 / c2 : 0.0;
      gdouble b1 = c2 != 0.0 ? phi_1 - b2 : 0.0;

      pmt_sampler_mix (s, exp (-h), s->x, h * b1, s->denoised, s->x);
      pmt_sampler_add (s, s->x, h * b2, s->history[0]);
    }
  pmt_sampler_add_noise (s, sigma, to, up, s->x, s->buffers[0]);
  pmt_sampler_remember (s, s->denoised, down, 1);
  return TRUE;
}

gboolean
pmt_sampler_step_gradient (PmtSamplerState *s, guint i, GError **error)
{
  gdouble sigma = s->sigmas[i], to = s->sigmas[i + 1];
  gfloat *d = s->buffers[0], *change = s->buffers[1];

  if (to == 0.0)
    {
      memcpy (s->x, s->denoised, s->n * sizeof (gfloat));
      return TRUE;
    }
  pmt_sampler_slope (s, s->x, s->denoised, sigma, d);
  pmt_sampler_add (s, s->x, to - sigma, d);
  if (s->n_history > 0)
    {
      pmt_sampler_mix (s, GRADIENT_GAMMA - 1.0, d, 1.0 - GRADIENT_GAMMA,
                       s->history[0], change);
      pmt_sampler_add (s, s->x, to - sigma, change);
    }
  pmt_sampler_remember (s, d, sigma, 1);
  return TRUE;
}
