/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* style.c: "stylize", "chaos" and "weird" for checkpoints. */
#include "config.h"

#include "diffusion/style.h"

#include <math.h>

#include "diffusion/image-noise.h"

#define LESS_DOUBLES 400.0
#define MORE_HALVES 450.0

#define MOST_CHAOS 100.0
#define MOST_WEIRD 3000.0
#define MOST_SHARE 0.8

/* Sides of the smooth noise: shapes of this many values of the latent. */
#define CELL 8

/* Another seed than the picture's. */
#define OTHER_SEED 0x57454952u

/* -1 to 1, the same for the same seed (Steele et al. 2014, splitmix64). */
static gdouble
draw_share (guint32 seed)
{
  guint64 x = (guint64)seed + G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);

  x = (x ^ (x >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  x = (x ^ (x >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  x ^= x >> 31;
  return (gdouble)(x >> 11) / (gdouble)(G_GUINT64_CONSTANT (1) << 52) - 1.0;
}

gdouble
pmt_style_guidance (const PmtStyle *style, gdouble cfg, guint32 seed)
{
  const gdouble from_usual = PMT_STYLIZE_USUAL - style->stylize;
  gdouble power = from_usual / (from_usual > 0.0 ? LESS_DOUBLES : MORE_HALVES);

  if (style->stylize == PMT_STYLIZE_USUAL && style->chaos == 0)
    return cfg;
  power += draw_share (seed) * style->chaos / MOST_CHAOS;
  return 1.0 + (cfg - 1.0) * exp2 (power);
}

/* Between the middles of cells, and beyond the outer ones as they are. */
static gfloat
read_smooth (const gfloat *cells, gint rows, gint columns, gint y, gint x)
{
  const gdouble v = CLAMP ((y + 0.5) / CELL - 0.5, 0.0, (gdouble)(rows - 1));
  const gdouble u = CLAMP ((x + 0.5) / CELL - 0.5, 0.0, (gdouble)(columns - 1));
  const gint top = (gint)v;
  const gint left = (gint)u;
  const gint bottom = MIN (top + 1, rows - 1);
  const gint right = MIN (left + 1, columns - 1);
  const gdouble down = v - top;
  const gdouble across = u - left;
  const gdouble above = cells[top * columns + left] * (1.0 - across)
                        + cells[top * columns + right] * across;
  const gdouble below = cells[bottom * columns + left] * (1.0 - across)
                        + cells[bottom * columns + right] * across;

  return (gfloat)(above * (1.0 - down) + below * down);
}

/* Smooth noise of variance 1 (about 0) in all of @smooth. */
static void
draw_smooth (
    guint32 seed, gint channels, gint height, gint width, gfloat *smooth)
{
  const gint rows = (height + CELL - 1) / CELL;
  const gint columns = (width + CELL - 1) / CELL;
  const gsize n = (gsize)channels * height * width;
  g_autofree gfloat *cells = g_new (gfloat, (gsize)channels * rows * columns);
  gdouble sum = 0.0;
  gfloat *out = smooth;

  pmt_image_noise_batch (seed, NULL, 1, cells,
                         (gsize)channels * rows * columns);
  for (gint c = 0; c < channels; c++)
    for (gint y = 0; y < height; y++)
      for (gint x = 0; x < width; x++)
        {
          *out = read_smooth (cells + (gsize)c * rows * columns, rows, columns,
                              y, x);
          sum += (gdouble)*out * *out;
          out++;
        }
  for (gsize i = 0; i < n && sum > 0.0; i++)
    smooth[i] = (gfloat)(smooth[i] / sqrt (sum / (gdouble)n));
}

void
pmt_style_disturb (const PmtStyle *style,
                   guint32 seed,
                   gint channels,
                   gint height,
                   gint width,
                   gfloat *noise)
{
  const gsize n = (gsize)channels * height * width;
  const gdouble share = MOST_SHARE * style->weird / MOST_WEIRD;
  const gdouble all = sqrt (1.0 + share * share);
  g_autofree gfloat *smooth = NULL;

  if (style->weird == 0)
    return;
  smooth = g_new (gfloat, n);
  draw_smooth (seed ^ OTHER_SEED, channels, height, width, smooth);
  for (gsize i = 0; i < n; i++)
    noise[i] = (gfloat)((noise[i] + share * smooth[i]) / all);
}
