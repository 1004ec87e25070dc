/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* Weights of DEIS: integrals over a VP process that has the levels.  The
 * constants of the process and its times are in float, as the references
 * have them: their rounding is larger than what is asked of the weights. */
#include "diffusion/sampler-private.h"

#include <math.h>

#define ORDER 3
#define POINTS 10000
#define SIGMA_MIN 0.002f
#define SIGMA_MAX 80.0f
#define EPSILON 1e-3f

typedef struct
{
  gfloat beta_0;
  gfloat beta_d;
} Process;

static Process
process (void)
{
  gfloat low = logf (SIGMA_MIN * SIGMA_MIN + 1.0f);
  gfloat high = logf (SIGMA_MAX * SIGMA_MAX + 1.0f);
  gfloat beta_d = 2.0f * (low / EPSILON - high) / (EPSILON - 1.0f);

  return (Process){ high - 0.5f * beta_d, beta_d };
}

static gdouble
time_of (const Process *p, gdouble sigma)
{
  gfloat level = (gfloat)sigma;
  gfloat growth = logf (level * level + 1.0f);

  return (sqrtf (p->beta_0 * p->beta_0 + 2.0f * p->beta_d * growth) - p->beta_0)
         / p->beta_d;
}

/* Growth of the level with time. */
static gdouble
slope (const Process *p, gdouble t)
{
  gdouble log_alpha = -0.5 * t * t * p->beta_d - t * p->beta_0;
  gdouble alpha = exp (log_alpha);

  return 0.5 * (t * p->beta_d + p->beta_0) / sqrt (-alpha * expm1 (log_alpha));
}

/* The references sum points at both ends and divide by their number. */
static void
integrate (const Process *p, const gdouble *times, guint i, gdouble *weights)
{
  guint order = MIN (i + 1, ORDER);
  gdouble start = times[i], length = times[i + 1] - start;

  for (guint k = 0; k < POINTS; k++)
    {
      gdouble at = start + length * k / (POINTS - 1);
      gdouble value = slope (p, at) * length / POINTS;

      for (guint j = 0; j < order; j++)
        {
          gdouble product = value;

          for (guint m = 0; m < order; m++)
            if (m != j)
              product *= (at - times[i - m]) / (times[i - j] - times[i - m]);
          weights[j] += product;
        }
    }
}

void
pmt_sampler_begin_deis (PmtSamplerState *s)
{
  const Process p = process ();
  g_autofree gdouble *times = g_new (gdouble, (gsize)s->n_steps + 1);

  s->table = g_new0 (gdouble, (gsize)s->n_steps * ORDER);
  for (guint i = 0; i <= s->n_steps; i++)
    times[i] = time_of (&p, s->sigmas[i]);
  for (guint i = 1; i < s->n_steps; i++)
    if (s->sigmas[i + 1] > 0.0)
      integrate (&p, times, i, s->table + (gsize)i * ORDER);
}
