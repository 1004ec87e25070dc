/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* Samplers with one evaluation a step and no memory.  Karras et al. 2022
 * (Euler); Song et al., Denoising diffusion implicit models, 2021 (DDIM,
 * ancestral); Ho et al., Denoising diffusion probabilistic models, 2020; Luo
 * et al., Latent consistency models, 2023. */
#include "diffusion/sampler-private.h"

#include <math.h>
#include <string.h>

/* Of the consistency models in Diffusers: timesteps count tenfold, and the
 * data have this deviation. */
#define LCM_SCALE 10.0
#define LCM_DATA 0.5

gboolean
pmt_sampler_step_euler (PmtSamplerState *s, guint i, GError **error)
{
  pmt_sampler_slope (s, s->x, s->denoised, s->sigmas[i], s->buffers[0]);
  pmt_sampler_add (s, s->x, s->sigmas[i + 1] - s->sigmas[i], s->buffers[0]);
  return TRUE;
}

/* Takes @x, at @sigma, to the level @down, and with noise up to @to. */
static void
fall (PmtSamplerState *s, gdouble sigma, gdouble to, gdouble down, gdouble up)
{
  pmt_sampler_slope (s, s->x, s->denoised, sigma, s->buffers[0]);
  pmt_sampler_add (s, s->x, down - sigma, s->buffers[0]);
  pmt_sampler_add_noise (s, sigma, to, up, s->x, s->buffers[0]);
}

static void
fall_flow (PmtSamplerState *s, gdouble sigma, gdouble to)
{
  gdouble down, keep, up;

  pmt_sampler_ancestral_flow (sigma, to, s->eta, &down, &keep, &up);
  pmt_sampler_mix (s, down / sigma, s->x, 1.0 - down / sigma, s->denoised,
                   s->x);
  if (s->eta <= 0.0)
    return;
  pmt_sampler_mix (s, keep, s->x, 0.0, s->x, s->x);
  pmt_sampler_add_noise (s, sigma, to, up, s->x, s->buffers[0]);
}

gboolean
pmt_sampler_step_euler_a (PmtSamplerState *s, guint i, GError **error)
{
  gdouble sigma = s->sigmas[i], to = s->sigmas[i + 1], down, up;

  pmt_sampler_ancestral (sigma, to, s->eta, &down, &up);
  if (to == 0.0 || (!s->is_flow && down == 0.0))
    memcpy (s->x, s->denoised, s->n * sizeof (gfloat));
  else if (s->is_flow)
    fall_flow (s, sigma, to);
  else
    fall (s, sigma, to, down, up);
  return TRUE;
}

/* In this scale DDIM is the ancestral step; ComfyUI has it without noise. */
gboolean
pmt_sampler_step_ddim (PmtSamplerState *s, guint i, GError **error)
{
  gdouble sigma = s->sigmas[i], to = s->sigmas[i + 1], down, up;

  if (s->is_flow || s->options->convention == PMT_CONVENTION_COMFYUI)
    return pmt_sampler_step_euler (s, i, error);
  pmt_sampler_ancestral (sigma, to, s->eta, &down, &up);
  fall (s, sigma, to, down, up);
  return TRUE;
}

/* In float as in ComfyUI: 1 - signal has few digits at low levels. */
gboolean
pmt_sampler_step_ddpm (PmtSamplerState *s, guint i, GError **error)
{
  gfloat sigma = (gfloat)s->sigmas[i], to = (gfloat)s->sigmas[i + 1];
  gfloat signal = 1.0f / (sigma * sigma + 1.0f);
  gfloat signal_to = 1.0f / (to * to + 1.0f);
  gfloat alpha = signal / signal_to;
  gfloat scale = sqrtf (1.0f / alpha) * sqrtf (1.0f + to * to);
  gfloat deviation =
      sqrtf ((1.0f - alpha) * (1.0f - signal_to) / (1.0f - signal))
      * sqrtf (1.0f + to * to);

  pmt_sampler_slope (s, s->x, s->denoised, sigma, s->buffers[0]);
  pmt_sampler_mix (s, scale / sqrtf (1.0f + sigma * sigma), s->x,
                   -scale * (1.0f - alpha) / sqrtf (1.0f - signal),
                   s->buffers[0], s->x);
  pmt_sampler_add_noise (s, s->sigmas[i], s->sigmas[i + 1], deviation, s->x,
                         s->buffers[0]);
  return TRUE;
}

/* The boundary condition of a consistency model, which Diffusers applies to
 * what the network says and ComfyUI leaves to the model. */
static void
keep_boundary (PmtSamplerState *s, gdouble sigma)
{
  gdouble t = LCM_SCALE
              * rint (pmt_discrete_sigma_to_t (
                  s->options->discrete, PMT_CONVENTION_DIFFUSERS, sigma));
  gdouble square = t * t + LCM_DATA * LCM_DATA;
  gdouble scale = sqrt (1.0 / (1.0 + sigma * sigma));

  pmt_sampler_mix (s, t / sqrt (square), s->denoised,
                   LCM_DATA * LCM_DATA / square * scale, s->x, s->denoised);
}

gboolean
pmt_sampler_step_lcm (PmtSamplerState *s, guint i, GError **error)
{
  gdouble sigma = s->sigmas[i], to = s->sigmas[i + 1];

  if (s->options->convention == PMT_CONVENTION_DIFFUSERS)
    keep_boundary (s, sigma);
  memcpy (s->x, s->denoised, s->n * sizeof (gfloat));
  if (to > 0.0 && s->is_flow)
    pmt_sampler_mix (s, 1.0 - to, s->x, 0.0, s->x, s->x);
  pmt_sampler_add_noise (s, sigma, to, to, s->x, s->buffers[0]);
  return TRUE;
}
