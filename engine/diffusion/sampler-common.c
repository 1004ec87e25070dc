/* SPDX-License-Identifier: LGPL-3.0-or-later */
#include "diffusion/sampler-private.h"

#include <math.h>
#include <string.h>

gboolean
pmt_sampler_denoise (const PmtSamplerState *s,
                     const gfloat *x,
                     gdouble sigma,
                     gfloat *denoised,
                     GError **error)
{
  return s->options->denoise (x, sigma, denoised, s->options->data, error);
}

void
pmt_sampler_add_noise (const PmtSamplerState *s,
                       gdouble sigma,
                       gdouble sigma_next,
                       gdouble scale,
                       gfloat *x,
                       gfloat *scratch)
{
  if (scale * s->s_noise == 0.0)
    return;
  s->options->noise (sigma, sigma_next, scratch, s->options->data);
  pmt_sampler_add (s, x, scale * s->s_noise, scratch);
}

void
pmt_sampler_slope (const PmtSamplerState *s,
                   const gfloat *x,
                   const gfloat *denoised,
                   gdouble sigma,
                   gfloat *d)
{
  gfloat divisor = (gfloat)sigma;

  for (gsize i = 0; i < s->n; i++)
    d[i] = (x[i] - denoised[i]) / divisor;
}

void
pmt_sampler_mix (const PmtSamplerState *s,
                 gdouble a,
                 const gfloat *x,
                 gdouble b,
                 const gfloat *y,
                 gfloat *out)
{
  gfloat p = (gfloat)a, q = (gfloat)b;

  for (gsize i = 0; i < s->n; i++)
    out[i] = p * x[i] + q * y[i];
}

void
pmt_sampler_add (const PmtSamplerState *s,
                 gfloat *x,
                 gdouble a,
                 const gfloat *y)
{
  gfloat p = (gfloat)a;

  for (gsize i = 0; i < s->n; i++)
    x[i] += p * y[i];
}

void
pmt_sampler_remember (PmtSamplerState *s,
                      const gfloat *values,
                      gdouble level,
                      guint size)
{
  gfloat *oldest = s->history[size - 1];

  for (guint k = size - 1; k > 0; k--)
    {
      s->history[k] = s->history[k - 1];
      s->levels[k] = s->levels[k - 1];
    }
  s->history[0] = oldest;
  s->levels[0] = level;
  memcpy (oldest, values, s->n * sizeof (gfloat));
  s->n_history = MIN (s->n_history + 1, size);
}

/* In float as in the programs: @down is the difference of two numbers that
 * are almost equal when the step is long, and their rounding shows in the
 * latent. */
void
pmt_sampler_ancestral (
    gdouble from, gdouble to, gdouble eta, gdouble *down, gdouble *up)
{
  gfloat f = (gfloat)from, t = (gfloat)to, noise;

  *down = to;
  *up = 0.0;
  if (eta == 0.0)
    return;
  noise = (gfloat)eta * sqrtf (t * t * (f * f - t * t) / (f * f));
  noise = MIN (t, noise);
  *up = noise;
  *down = sqrtf (t * t - noise * noise);
}

void
pmt_sampler_ancestral_flow (gdouble from,
                            gdouble to,
                            gdouble eta,
                            gdouble *down,
                            gdouble *keep,
                            gdouble *up)
{
  *down = to * (1.0 + (to / from - 1.0) * eta);
  *keep = (1.0 - to) / (1.0 - *down);
  *up = sqrt (MAX (to * to - *down * *down * *keep * *keep, 0.0));
}

gdouble
pmt_sampler_lambda (const PmtSamplerState *s, gdouble sigma)
{
  return s->is_flow ? log ((1.0 - sigma) / sigma) : -log (sigma);
}

gdouble
pmt_sampler_lambda_to_sigma (const PmtSamplerState *s, gdouble lambda)
{
  return s->is_flow ? 1.0 / (1.0 + exp (lambda)) : exp (-lambda);
}

gdouble
pmt_sampler_alpha (const PmtSamplerState *s, gdouble sigma)
{
  return s->is_flow ? 1.0 - sigma : 1.0;
}
