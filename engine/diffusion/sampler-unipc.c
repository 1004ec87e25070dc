/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* Zhao et al., UniPC: a unified predictor-corrector framework for fast
 * sampling of diffusion models, 2023: B(h) forms, prediction of the latent.
 * In our scale alpha is 1, so lambda is -log sigma. */
#include "diffusion/sampler-private.h"

#include <math.h>
#include <string.h>

#define MAX_ORDER 3
#define DIFFUSERS_ORDER 2

/* Where ComfyUI ends instead of at 0. */
#define LAST_SIGMA 0.001

/* Buffers: x before the last prediction, and a sum of differences. */
enum
{
  BASE,
  SUM
};

void
pmt_sampler_begin_unipc (PmtSamplerState *s)
{
  guint most = s->n_steps > 1 ? s->n_steps - 1 : 1;

  if (s->options->convention == PMT_CONVENTION_DIFFUSERS)
    {
      s->order = DIFFUSERS_ORDER;
      return;
    }
  s->order = MIN (most, MAX_ORDER);
  if (s->sigmas[s->n_steps] == 0.0)
    s->sigmas[s->n_steps] = MIN (LAST_SIGMA, 0.5 * s->sigmas[s->n_steps - 1]);
}

/* The level as ComfyUI computes it, from alpha in float: at its last one,
 * 0.001, that is 2 % off, which shows in the latent. */
static gdouble
level_of (const PmtSamplerState *s, gdouble sigma)
{
  gfloat level = (gfloat)sigma, log_alpha, square;

  if (s->options->convention == PMT_CONVENTION_DIFFUSERS)
    return sigma;
  log_alpha = 0.5f * logf (1.0f / (level * level + 1.0f));
  square = expf (2.0f * log_alpha);
  return sqrtf (1.0f - square) / expf (log_alpha);
}

/* Gauss's elimination with pivots; @a is [order][order], @b becomes the
 * solution. */
static void
solve (gdouble a[MAX_ORDER][MAX_ORDER], gdouble *b, guint order)
{
  for (guint c = 0; c < order; c++)
    {
      guint best = c;

      for (guint r = c + 1; r < order; r++)
        if (fabs (a[r][c]) > fabs (a[best][c]))
          best = r;
      for (guint k = 0; k < order; k++)
        {
          gdouble swap = a[c][k];
          a[c][k] = a[best][k];
          a[best][k] = swap;
        }
      gdouble other = b[c];
      b[c] = b[best];
      b[best] = other;
      for (guint r = 0; r < order; r++)
        {
          gdouble factor = r != c ? a[r][c] / a[c][c] : 0.0;

          for (guint k = 0; k < order; k++)
            a[r][k] -= factor * a[c][k];
          b[r] -= factor * b[c];
        }
    }
  for (guint c = 0; c < order; c++)
    b[c] /= a[c][c];
}

/* Weights of the differences at the points @points (in parts of the step). */
static void
weigh (
    const gdouble *points, guint n, gdouble hh, gdouble scale, gdouble *weights)
{
  gdouble powers[MAX_ORDER][MAX_ORDER];
  gdouble phi = expm1 (hh) / hh - 1.0, factorial = 1.0;

  /* The short cut of the references. */
  if (n == 1)
    {
      weights[0] = 0.5;
      return;
    }
  for (guint r = 0; r < n; r++)
    {
      for (guint c = 0; c < n; c++)
        powers[r][c] = pow (points[c], r);
      weights[r] = phi * factorial / scale;
      factorial *= r + 2;
      phi = phi / hh - 1.0 / factorial;
    }
  solve (powers, weights, n);
}

/* A step of @order from the level of the newest prediction in the history to
 * @to.  @end: the prediction at @to, which corrects it, or %NULL. */
static void
update (PmtSamplerState *s,
        gdouble to,
        guint order,
        gboolean is_bh2,
        const gfloat *base,
        const gfloat *end)
{
  gdouble sigma = s->levels[0], h = log (sigma / to);
  gdouble scale = is_bh2 ? expm1 (-h) : -h;
  gdouble points[MAX_ORDER], weights[MAX_ORDER] = { 0.0 };
  const gfloat *at[MAX_ORDER];
  guint n = order - 1;
  gfloat *sum = s->buffers[SUM];

  for (guint k = 0; k < n; k++)
    {
      points[k] = log (sigma / s->levels[k + 1]) / h;
      at[k] = s->history[k + 1];
    }
  if (end)
    {
      points[n] = 1.0;
      at[n++] = end;
    }
  if (n > 0)
    weigh (points, n, -h, scale, weights);
  memset (sum, 0, s->n * sizeof (gfloat));
  for (guint k = 0; k < n; k++)
    {
      gdouble weight = weights[k] / points[k];

      pmt_sampler_add (s, sum, weight, at[k]);
      pmt_sampler_add (s, sum, -weight, s->history[0]);
    }
  pmt_sampler_mix (s, to / sigma, base, -expm1 (-h), s->history[0], s->x);
  pmt_sampler_add (s, s->x, -scale, sum);
}

/* Order of the step number @i: lower at both ends. */
static guint
order_of (const PmtSamplerState *s, guint i)
{
  guint order = MIN (s->order, s->n_steps - i);

  return MIN (order, i + 1);
}

static gboolean
step_unipc (PmtSamplerState *s, guint i, gboolean is_bh2)
{
  gfloat *base = s->buffers[BASE];
  gdouble level = level_of (s, s->sigmas[i]), share = level / s->sigmas[i];

  /* The programs go from the prediction to noise and back, with that level. */
  pmt_sampler_mix (s, share, s->denoised, 1.0 - share, s->x, s->denoised);
  if (i > 0)
    update (s, level, order_of (s, i - 1), is_bh2, base, s->denoised);
  memcpy (base, s->x, s->n * sizeof (gfloat));
  pmt_sampler_remember (s, s->denoised, level, MAX_ORDER);
  if (s->sigmas[i + 1] == 0.0)
    memcpy (s->x, s->denoised, s->n * sizeof (gfloat));
  else
    update (s, level_of (s, s->sigmas[i + 1]), order_of (s, i), is_bh2, base,
            NULL);
  return TRUE;
}

gboolean
pmt_sampler_step_unipc (PmtSamplerState *s, guint i, GError **error)
{
  return step_unipc (s, i, FALSE);
}

gboolean
pmt_sampler_step_unipc_bh2 (PmtSamplerState *s, guint i, GError **error)
{
  return step_unipc (s, i, TRUE);
}
