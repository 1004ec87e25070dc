/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* Samplers with further evaluations inside a step.  Karras et al. 2022 (Heun,
 * DPM2); Lu et al., DPM-Solver++, 2022 (2S). */
#include "diffusion/sampler-private.h"

#include <math.h>
#include <string.h>

/* Level of the second evaluation of a flow that begins at pure noise. */
#define FLOW_SECOND 0.9999

/* @x at @sigma goes along @d to @to, is denoised there, and @d_to becomes the
 * slope there; @x_to is scratch. */
static gboolean
probe (const PmtSamplerState *s,
       const gfloat *x,
       gdouble sigma,
       const gfloat *d,
       gdouble to,
       gfloat *x_to,
       gfloat *d_to,
       GError **error)
{
  pmt_sampler_mix (s, 1.0, x, to - sigma, d, x_to);
  if (!pmt_sampler_denoise (s, x_to, to, d_to, error))
    return FALSE;
  pmt_sampler_slope (s, x_to, d_to, to, d_to);
  return TRUE;
}

gboolean
pmt_sampler_step_heun (PmtSamplerState *s, guint i, GError **error)
{
  gdouble sigma = s->sigmas[i], to = s->sigmas[i + 1];
  gfloat *d = s->buffers[0], *d_to = s->buffers[2];

  pmt_sampler_slope (s, s->x, s->denoised, sigma, d);
  if (to > 0.0)
    {
      if (!probe (s, s->x, sigma, d, to, s->buffers[1], d_to, error))
        return FALSE;
      pmt_sampler_mix (s, 0.5, d, 0.5, d_to, d);
    }
  pmt_sampler_add (s, s->x, to - sigma, d);
  return TRUE;
}

/* Heun with up to two levels ahead, weighted by their noise: community
 * sampler of Carzit, as ComfyUI has it. */
gboolean
pmt_sampler_step_heunpp2 (PmtSamplerState *s, guint i, GError **error)
{
  guint left = s->n_steps - i;
  gdouble sigma = s->sigmas[i], to = s->sigmas[i + 1];
  gdouble weight = to / (MIN (left, 3) * s->sigmas[0]);
  gfloat *d = s->buffers[0], *x_to = s->buffers[1], *d_to = s->buffers[2];

  pmt_sampler_slope (s, s->x, s->denoised, sigma, d);
  if (left == 2)
    {
      if (!probe (s, s->x, sigma, d, to, x_to, d_to, error))
        return FALSE;
      pmt_sampler_mix (s, 1.0 - weight, d, weight, d_to, d);
    }
  else if (left > 2)
    {
      gdouble next = s->sigmas[i + 2];
      gdouble weight_next = next / (3.0 * s->sigmas[0]);
      gfloat *d_next = s->buffers[3];

      if (!probe (s, s->x, sigma, d, to, x_to, d_to, error)
          || !probe (s, x_to, to, d_to, next, s->buffers[4], d_next, error))
        return FALSE;
      pmt_sampler_mix (s, 1.0 - weight - weight_next, d, weight, d_to, d);
      pmt_sampler_add (s, d, weight_next, d_next);
    }
  pmt_sampler_add (s, s->x, to - sigma, d);
  return TRUE;
}

/* One step of DPM-Solver-2 from sigma to @to. */
static gboolean
midpoint (PmtSamplerState *s, gdouble sigma, gdouble to, GError **error)
{
  gfloat *d = s->buffers[0], *d_mid = s->buffers[2];

  pmt_sampler_slope (s, s->x, s->denoised, sigma, d);
  if (to == 0.0)
    {
      pmt_sampler_add (s, s->x, to - sigma, d);
      return TRUE;
    }
  if (!probe (s, s->x, sigma, d, sqrt (sigma * to), s->buffers[1], d_mid,
              error))
    return FALSE;
  pmt_sampler_add (s, s->x, to - sigma, d_mid);
  return TRUE;
}

gboolean
pmt_sampler_step_dpm_2 (PmtSamplerState *s, guint i, GError **error)
{
  return midpoint (s, s->sigmas[i], s->sigmas[i + 1], error);
}

gboolean
pmt_sampler_step_dpm_2_a (PmtSamplerState *s, guint i, GError **error)
{
  gdouble sigma = s->sigmas[i], to = s->sigmas[i + 1];
  gdouble down, up, keep = 1.0;

  if (s->is_flow)
    pmt_sampler_ancestral_flow (sigma, to, s->eta, &down, &keep, &up);
  else
    pmt_sampler_ancestral (sigma, to, s->eta, &down, &up);
  if (!midpoint (s, sigma, down, error))
    return FALSE;
  if (down == 0.0)
    return TRUE;
  if (keep != 1.0)
    pmt_sampler_mix (s, keep, s->x, 0.0, s->x, s->x);
  pmt_sampler_add_noise (s, sigma, to, up, s->x, s->buffers[0]);
  return TRUE;
}

/* @x at @sigma and the prediction @denoised give x at @to. */
static void
exponential_step (const PmtSamplerState *s,
                  const gfloat *x,
                  gdouble sigma,
                  const gfloat *denoised,
                  gdouble to,
                  gfloat *out)
{
  pmt_sampler_mix (s, to / sigma, x, 1.0 - to / sigma, denoised, out);
}

/* Level between sigma and @to. */
static gdouble
between (const PmtSamplerState *s, gdouble sigma, gdouble to)
{
  gdouble lambda, lambda_to;

  if (s->is_flow && sigma >= 1.0)
    return FLOW_SECOND;
  lambda = pmt_sampler_lambda (s, sigma);
  lambda_to = pmt_sampler_lambda (s, to);
  return pmt_sampler_lambda_to_sigma (s, 0.5 * (lambda + lambda_to));
}

gboolean
pmt_sampler_step_dpmpp_2s_a (PmtSamplerState *s, guint i, GError **error)
{
  gdouble sigma = s->sigmas[i], to = s->sigmas[i + 1];
  gdouble down, up, keep = 1.0, middle;
  gfloat *x_mid = s->buffers[0], *second = s->buffers[1];

  if (s->is_flow)
    pmt_sampler_ancestral_flow (sigma, to, s->eta, &down, &keep, &up);
  else
    pmt_sampler_ancestral (sigma, to, s->eta, &down, &up);
  if (down == 0.0)
    {
      pmt_sampler_slope (s, s->x, s->denoised, sigma, x_mid);
      pmt_sampler_add (s, s->x, -sigma, x_mid);
      pmt_sampler_add_noise (s, sigma, to, up, s->x, second);
      return TRUE;
    }
  middle = between (s, sigma, down);
  exponential_step (s, s->x, sigma, s->denoised, middle, x_mid);
  if (!pmt_sampler_denoise (s, x_mid, middle, second, error))
    return FALSE;
  exponential_step (s, s->x, sigma, second, down, s->x);
  if (keep != 1.0)
    pmt_sampler_mix (s, keep, s->x, 0.0, s->x, s->x);
  pmt_sampler_add_noise (s, sigma, to, up, s->x, second);
  return TRUE;
}
