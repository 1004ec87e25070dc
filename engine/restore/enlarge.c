/* SPDX-License-Identifier: LGPL-3.0-or-later */
/*
 * enlarge.c: what the network does not make: alpha, values beyond its range,
 * and the plain enlargement that a strength below 1 mixes in.  GEGL's cubic
 * sampler took as long as the network itself (8 s against 8 s for three
 * planes of 12.8 megapixels); with a whole factor the same few weights serve
 * all pixels.
 */
#include "config.h"

#include <math.h>

#include "image/image-private.h"
#include "restore/net-private.h"

#define N_TAPS 4

/* Keys' kernel with a = -0.5. */
static gdouble
cubic (gdouble x)
{
  x = fabs (x);
  if (x <= 1.0)
    return 1.5 * x * x * x - 2.5 * x * x + 1.0;
  if (x < 2.0)
    return -0.5 * x * x * x + 2.5 * x * x - 4.0 * x + 2.0;
  return 0.0;
}

/* Returns where the first tap is, counted from the pixel of the source that
 * @phase lies in. */
static gint
phase_weights (gint phase, gint scale, gfloat *weights)
{
  const gdouble at = (phase + 0.5) / scale - 0.5;
  const gint first = (gint)floor (at) - 1;

  for (gint k = 0; k < N_TAPS; k++)
    weights[k] = (gfloat)cubic (at - (first + k));
  return first;
}

static void
enlarge_row (const gfloat *from, gfloat *to, gint width, gint scale)
{
  for (gint phase = 0; phase < scale; phase++)
    {
      gfloat weights[N_TAPS];
      const gint first = phase_weights (phase, scale, weights);

      for (gint x = 0; x < width; x++)
        {
          gfloat sum = 0.0f;

          for (gint k = 0; k < N_TAPS; k++)
            sum += from[CLAMP (x + first + k, 0, width - 1)] * weights[k];
          to[(gsize)x * scale + phase] = sum;
        }
    }
}

static void
mix_rows (const gfloat *const *rows,
          const gfloat *weights,
          gfloat *restrict to,
          gsize n)
{
  const gfloat *restrict a = rows[0];
  const gfloat *restrict b = rows[1];
  const gfloat *restrict c = rows[2];
  const gfloat *restrict d = rows[3];

  for (gsize x = 0; x < n; x++)
    to[x] = a[x] * weights[0] + b[x] * weights[1] + c[x] * weights[2]
            + d[x] * weights[3];
}

gfloat *
pmt_net_enlarge (const gfloat *plane, gint width, gint height, gint scale)
{
  const gsize stride = (gsize)width * scale;
  g_autofree gfloat *wide =
      pmt_image_alloc (width * scale, height, sizeof (gfloat), NULL);
  g_autofree gfloat *enlarged =
      pmt_image_alloc (width * scale, height * scale, sizeof (gfloat), NULL);

  if (wide == NULL || enlarged == NULL)
    return NULL;
  for (gint y = 0; y < height; y++)
    enlarge_row (plane + (gsize)y * width, wide + y * stride, width, scale);
  for (gint y = 0; y < height * scale; y++)
    {
      const gfloat *rows[N_TAPS];
      gfloat weights[N_TAPS];
      const gint first = y / scale + phase_weights (y % scale, scale, weights);

      for (gint k = 0; k < N_TAPS; k++)
        rows[k] = wide + (gsize)CLAMP (first + k, 0, height - 1) * stride;
      mix_rows (rows, weights, enlarged + (gsize)y * stride, stride);
    }
  return g_steal_pointer (&enlarged);
}
