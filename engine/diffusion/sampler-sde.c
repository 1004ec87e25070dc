/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* Solvers of the stochastic equation.  Lu et al., DPM-Solver++, 2022; the
 * three-step form is Crowson's (k-diffusion). */
#include "diffusion/sampler-private.h"

#include <math.h>
#include <string.h>

/* How far from pure noise a flow begins, in parts of its time. */
#define FLOW_OFFSET 1e-4

void
pmt_sampler_begin_sde (PmtSamplerState *s)
{
  gdouble shift = s->options->flow_shift, t = 1.0 - FLOW_OFFSET;

  /* In float, as the references: it has few digits below 1. */
  if (s->is_flow && s->sigmas[0] >= 1.0)
    s->sigmas[0] = (gfloat)(shift * t / (1.0 + (shift - 1.0) * t));
}

/* What one step is made of. */
typedef struct
{
  gdouble sigma;
  gdouble to;
  gdouble h;     /* growth of lambda */
  gdouble alpha; /* of the clean latent at @to */
} Stride;

static Stride
stride (const PmtSamplerState *s, guint i)
{
  Stride result = { s->sigmas[i], s->sigmas[i + 1], 0.0, 0.0 };

  result.h =
      pmt_sampler_lambda (s, result.to) - pmt_sampler_lambda (s, result.sigma);
  result.alpha = pmt_sampler_alpha (s, result.to);
  return result;
}

/* The prediction is all that is left at level 0. */
static gboolean
finish (PmtSamplerState *s)
{
  memcpy (s->x, s->denoised, s->n * sizeof (gfloat));
  return TRUE;
}

/* A level and what belongs to it, in float as in the programs: their rounding
 * is felt here, see pmt_sampler_ancestral(). */
typedef struct
{
  gfloat sigma;
  gfloat lambda;
  gfloat alpha;
} Level;

static Level
level_at (const PmtSamplerState *s, gdouble sigma)
{
  Level level = { (gfloat)sigma, 0.0f, 0.0f };

  level.lambda = s->is_flow ? -logf (level.sigma / (1.0f - level.sigma))
                            : -logf (level.sigma);
  level.alpha = level.sigma * expf (level.lambda);
  return level;
}

static Level
level_between (const PmtSamplerState *s, const Level *from, const Level *to)
{
  Level level = { 0.0f, 0.0f, 0.0f };

  level.lambda = from->lambda + 0.5f * (to->lambda - from->lambda);
  level.sigma =
      s->is_flow ? 1.0f / (1.0f + expf (level.lambda)) : expf (-level.lambda);
  level.alpha = level.sigma * expf (level.lambda);
  return level;
}

/* From one level down to the ancestral level of another, and noise. */
static void
sub_step (PmtSamplerState *s,
          const Level *from,
          const Level *to,
          const gfloat *denoised,
          gfloat *x,
          gfloat *scratch)
{
  gdouble down, up;
  gfloat h;

  pmt_sampler_ancestral (expf (-from->lambda), expf (-to->lambda), s->eta,
                         &down, &up);
  h = -logf ((gfloat)down) - from->lambda;
  pmt_sampler_mix (s, to->alpha / from->alpha * expf (-h), s->x,
                   -to->alpha * expm1f (-h), denoised, x);
  pmt_sampler_add_noise (s, from->sigma, to->sigma, to->alpha * (gfloat)up, x,
                         scratch);
}

gboolean
pmt_sampler_step_dpmpp_sde (PmtSamplerState *s, guint i, GError **error)
{
  gfloat *x_mid = s->buffers[0], *second = s->buffers[1];
  Level from, middle, to;

  if (s->sigmas[i + 1] == 0.0)
    return finish (s);
  from = level_at (s, s->sigmas[i]);
  to = level_at (s, s->sigmas[i + 1]);
  middle = level_between (s, &from, &to);
  sub_step (s, &from, &middle, s->denoised, x_mid, second);
  if (!pmt_sampler_denoise (s, x_mid, middle.sigma, second, error))
    return FALSE;
  sub_step (s, &from, &to, second, s->x, x_mid);
  return TRUE;
}

static void
first_order (PmtSamplerState *s, const Stride *step)
{
  pmt_sampler_mix (s, step->to / step->sigma * exp (-step->h * s->eta), s->x,
                   -step->alpha * expm1 (-step->h * (s->eta + 1.0)),
                   s->denoised, s->x);
}

static void
end_step (PmtSamplerState *s, const Stride *step, guint history)
{
  gdouble deviation = step->to * sqrt (-expm1 (-2.0 * step->h * s->eta));

  if (s->eta > 0.0)
    pmt_sampler_add_noise (s, step->sigma, step->to, deviation, s->x,
                           s->buffers[0]);
  pmt_sampler_remember (s, s->denoised, step->h, history);
}

/* Adds @factor * (the change of the prediction). */
static void
add_change (PmtSamplerState *s, gdouble factor)
{
  pmt_sampler_mix (s, 1.0, s->denoised, -1.0, s->history[0], s->buffers[0]);
  pmt_sampler_add (s, s->x, factor, s->buffers[0]);
}

/* The second order's weight of a change: 1 + expm1 (-h) / h. */
static gdouble
phi_2 (gdouble h)
{
  return expm1 (-h) / h + 1.0;
}

static gboolean
step_2m (PmtSamplerState *s, guint i, gboolean is_heun)
{
  Stride step;
  gdouble h;

  if (s->sigmas[i + 1] == 0.0)
    return finish (s);
  step = stride (s, i);
  h = step.h * (s->eta + 1.0);
  first_order (s, &step);
  if (s->n_history > 0)
    add_change (s, step.alpha * (is_heun ? phi_2 (h) : -0.5 * expm1 (-h))
                       * step.h / s->levels[0]);
  end_step (s, &step, 1);
  return TRUE;
}

gboolean
pmt_sampler_step_2m_sde (PmtSamplerState *s, guint i, GError **error)
{
  return step_2m (s, i, FALSE);
}

gboolean
pmt_sampler_step_2m_sde_heun (PmtSamplerState *s, guint i, GError **error)
{
  return step_2m (s, i, TRUE);
}

/* First and second derivative of the prediction from three of them. */
static void
add_derivatives (PmtSamplerState *s, const Stride *step)
{
  gdouble h = step->h * (s->eta + 1.0);
  gfloat r0 = (gfloat)(s->levels[0] / step->h);
  gfloat r1 = (gfloat)(s->levels[1] / step->h);
  gfloat first = (gfloat)(step->alpha * phi_2 (h));
  gfloat second = (gfloat)(step->alpha * (phi_2 (h) / h - 0.5));
  const gfloat *one = s->history[0], *two = s->history[1];

  for (gsize k = 0; k < s->n; k++)
    {
      gfloat d0 = (s->denoised[k] - one[k]) / r0;
      gfloat d1 = (one[k] - two[k]) / r1;
      gfloat change = (d0 - d1) / (r0 + r1);

      s->x[k] += first * (d0 + change * r0) - second * change;
    }
}

gboolean
pmt_sampler_step_3m_sde (PmtSamplerState *s, guint i, GError **error)
{
  Stride step;

  if (s->sigmas[i + 1] == 0.0)
    return finish (s);
  step = stride (s, i);
  first_order (s, &step);
  if (s->n_history > 1)
    add_derivatives (s, &step);
  else if (s->n_history > 0)
    add_change (s, step.alpha * phi_2 (step.h * (s->eta + 1.0)) * step.h
                       / s->levels[0]);
  end_step (s, &step, 2);
  return TRUE;
}
