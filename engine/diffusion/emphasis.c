/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* emphasis.c: weights of words applied to a text encoder's states. */
#include "config.h"

#include "diffusion/emphasis.h"

static gdouble
sum (const gfloat *values, gsize n)
{
  gdouble total = 0;

  for (gsize i = 0; i < n; i++)
    total += (gdouble)values[i];
  return total;
}

void
pmt_emphasis_multiply (gfloat *states,
                       const gfloat *weights,
                       gint n,
                       gint width,
                       gboolean keeps_mean)
{
  const gsize count = (gsize)n * (gsize)width;
  const gdouble before = sum (states, count);
  gdouble after;
  gfloat scale;

  for (gsize i = 0; i < count; i++)
    states[i] *= weights[i / (gsize)width];
  after = sum (states, count);
  /* All weights may be 0. */
  if (!keeps_mean || after == 0)
    return;
  scale = (gfloat)(before / after);
  for (gsize i = 0; i < count; i++)
    states[i] *= scale;
}

void
pmt_emphasis_from_empty (gfloat *states,
                         const gfloat *empty,
                         const gfloat *weights,
                         gint n,
                         gint width)
{
  for (gsize i = 0; i < (gsize)n * (gsize)width; i++)
    {
      const gfloat weight = weights[i / (gsize)width];

      if (weight != 1)
        states[i] = (states[i] - empty[i]) * weight + empty[i];
    }
}
