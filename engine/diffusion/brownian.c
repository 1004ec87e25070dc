/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* Halving an interval with known increment is a Brownian bridge: the left
 * half gets its share of the increment plus noise, the right half the rest.
 * Each halving has a seed of its own, made of the path's seed and its place
 * in the tree, so the tree need not be kept.
 * Source: Li et al., Scalable gradients for stochastic differential
 * equations, AISTATS 2020, section 4. */
#include "diffusion/brownian.h"
#include "diffusion/seed-sequence.h"

#include <math.h>
#include <string.h>

/* Ends are rounded to millionths; so many halvings of a range of 2^32 pass
 * below that. */
#define MAX_DEPTH 60

struct _PmtBrownian
{
  PmtNoiseKind kind;
  guint64 seed;
  gdouble start;
  gdouble end;
  gsize n;
  gfloat *whole; /* increment over all of it, [n] */
};

/* An interval of the tree. */
typedef struct
{
  gdouble start;
  gdouble end;
  guint64 place;
  guint depth;
} Interval;

/* The nearest millionth, as decimal digits: what Python's round() does. */
static gdouble
round_level (gdouble level)
{
  gchar digits[G_ASCII_DTOSTR_BUF_SIZE + 320];

  g_ascii_formatd (digits, sizeof digits, "%.6f", level);
  return g_ascii_strtod (digits, NULL);
}

static void
draw (const PmtBrownian *brownian,
      const guint64 *key,
      gsize n_key,
      gfloat *values)
{
  guint32 seed = pmt_seed_sequence_first (brownian->seed, key, n_key);
  g_autoptr (PmtNoise) noise = pmt_noise_new (brownian->kind, seed);

  pmt_noise_fill (noise, values, brownian->n);
}

PmtBrownian *
pmt_brownian_new (PmtNoiseKind kind,
                  guint64 seed,
                  gdouble sigma_min,
                  gdouble sigma_max,
                  gsize n)
{
  PmtBrownian *brownian;
  gfloat scale;

  g_return_val_if_fail (sigma_min > 0.0 && sigma_max > sigma_min, NULL);
  brownian = g_new0 (PmtBrownian, 1);
  brownian->kind = kind;
  brownian->seed = seed;
  brownian->start = round_level ((gfloat)sigma_min);
  brownian->end = round_level ((gfloat)sigma_max);
  brownian->n = n;
  brownian->whole = g_new (gfloat, n);
  draw (brownian, NULL, 0, brownian->whole);
  scale =
      (gfloat)sqrt ((gdouble)(gfloat)sigma_max - (gdouble)(gfloat)sigma_min);
  for (gsize i = 0; i < n; i++)
    brownian->whole[i] *= scale;
  return brownian;
}

void
pmt_brownian_free (PmtBrownian *brownian)
{
  if (!brownian)
    return;
  g_free (brownian->whole);
  g_free (brownian);
}

/* Turns the increment of @interval into that of its left half; @noise is
 * scratch. */
static void
halve (const PmtBrownian *brownian,
       const Interval *interval,
       gdouble middle,
       gfloat *values,
       gfloat *noise)
{
  const guint64 key[2] = { interval->place, interval->depth };
  gdouble left = middle - interval->start;
  gdouble right = interval->end - middle;
  gdouble inverse = 1.0 / (interval->end - interval->start);
  gfloat share = (gfloat)left, rest = (gfloat)inverse;
  gfloat deviation = (gfloat)sqrt (left * right * inverse);

  draw (brownian, key, G_N_ELEMENTS (key), noise);
  for (gsize i = 0; i < brownian->n; i++)
    values[i] = share * values[i] * rest + deviation * noise[i];
}

/* Adds the part of @interval between @from and @to to @sum; @values is the
 * increment of @interval before and anything afterwards, as is @noise. */
static void
add_part (const PmtBrownian *brownian,
          Interval interval,
          gdouble from,
          gdouble to,
          gfloat *values,
          gfloat *noise,
          gfloat *sum)
{
  gsize n = brownian->n;
  g_autofree gfloat *other = NULL;

  while (interval.depth < MAX_DEPTH
         && (from > interval.start || to < interval.end))
    {
      gdouble middle = round_level (0.5 * (interval.end + interval.start));
      gboolean is_left = to <= middle, is_right = from >= middle;

      if (!other)
        other = g_new (gfloat, n);
      memcpy (other, values, n * sizeof (gfloat));
      halve (brownian, &interval, middle, values, noise);
      if (!is_left)
        for (gsize i = 0; i < n; i++)
          other[i] -= values[i];
      interval.place *= 2;
      interval.depth++;
      if (!is_left && !is_right)
        {
          Interval half = interval;

          half.end = middle;
          add_part (brownian, half, from, middle, values, noise, sum);
          from = middle;
        }
      if (is_left)
        interval.end = middle;
      else
        {
          interval.place++;
          interval.start = middle;
          memcpy (values, other, n * sizeof (gfloat));
        }
    }
  for (gsize i = 0; i < n; i++)
    sum[i] += values[i];
}

void
pmt_brownian_increment (const PmtBrownian *brownian,
                        gdouble from,
                        gdouble to,
                        gfloat *values)
{
  const Interval all = { brownian->start, brownian->end, 0, 0 };
  g_autofree gfloat *work = NULL;
  g_autofree gfloat *noise = NULL;

  from = CLAMP (round_level ((gfloat)from), all.start, all.end);
  to = CLAMP (round_level ((gfloat)to), all.start, all.end);
  memset (values, 0, brownian->n * sizeof (gfloat));
  if (from >= to)
    return;
  work = g_memdup2 (brownian->whole, brownian->n * sizeof (gfloat));
  noise = g_new (gfloat, brownian->n);
  add_part (brownian, all, from, to, work, noise, values);
}

void
pmt_brownian_noise (const PmtBrownian *brownian,
                    gdouble sigma,
                    gdouble sigma_next,
                    gfloat *values)
{
  gfloat low = (gfloat)MIN (sigma, sigma_next);
  gfloat high = (gfloat)MAX (sigma, sigma_next);
  gfloat scale = sqrtf (high - low);

  pmt_brownian_increment (brownian, low, high, values);
  if (scale <= 0.0f)
    return;
  /* The path runs from low levels to high ones, a sampler the other way. */
  for (gsize i = 0; i < brownian->n; i++)
    values[i] = (sigma > sigma_next ? -values[i] : values[i]) / scale;
}
