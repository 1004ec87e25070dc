/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* vae-axis.c: where the tiles of a picture lie, and how they are joined. */
#include "config.h"

#include "diffusion/vae-axis.h"

#include <string.h>

/* How much of an overlap at the edges of tiles, in latent pixels, is not used,
 * since the network's zeros behind the edge are felt.  The tail of a decoder
 * feels them 2.75 latent pixels far. */
#define MARGIN 3

PmtVaeAxis
pmt_vae_axis_make (gint length, gint n, gint overlap, gboolean is_seamless)
{
  PmtVaeAxis axis = { length, n, length, is_seamless && n > 1 };

  if (axis.wraps)
    axis.size = (length + n - 1) / n + overlap;
  else if (n > 1)
    axis.size = (length + (n - 1) * overlap + n - 1) / n;
  return axis;
}

gboolean
pmt_vae_axis_is_sound (const PmtVaeAxis *axis, gint overlap)
{
  return axis->n == 1
         || (axis->size >= overlap + PMT_VAE_MIN_STEP
             && axis->size <= axis->length);
}

gint
pmt_vae_axis_start (const PmtVaeAxis *axis, gint i)
{
  const gint64 span = axis->wraps ? axis->length : axis->length - axis->size;
  const gint64 steps = axis->wraps ? axis->n : MAX (axis->n - 1, 1);

  return (gint)(span * i / steps);
}

/* Of the pixel @x behind the start of tile @i, both in latent pixels: 0 to 1
 * where the tile before fades out. */
static gdouble
rise (const PmtVaeAxis *axis, gint i, gdouble x)
{
  gint before;
  gdouble overlap;
  gdouble t;

  if (i == 0 && !axis->wraps)
    return 1;
  before = i > 0 ? pmt_vae_axis_start (axis, i - 1)
                 : pmt_vae_axis_start (axis, axis->n - 1) - axis->length;
  overlap = before + axis->size - pmt_vae_axis_start (axis, i);
  t = CLAMP ((x - MARGIN) / (overlap - 2 * MARGIN), 0, 1);
  return t * t * (3 - 2 * t);
}

/* Weight of a pixel of tile @i; those of all tiles add up to 1. */
static gdouble
weigh (const PmtVaeAxis *axis, gint i, gdouble x)
{
  const gint next = (i + 1) % axis->n;
  gint distance;

  if (axis->n == 1)
    return 1;
  if (i == axis->n - 1 && !axis->wraps)
    return rise (axis, i, x);
  distance = pmt_vae_axis_start (axis, next) - pmt_vae_axis_start (axis, i);
  if (distance <= 0)
    distance += axis->length;
  return rise (axis, i, x) * (1 - rise (axis, next, x - distance));
}

gfloat *
pmt_vae_axis_weights (const PmtVaeAxis *axis, gint i, gint scale)
{
  const gint n = axis->size * scale;
  gfloat *weights = g_new (gfloat, n);

  for (gint x = 0; x < n; x++)
    weights[x] = (gfloat)weigh (axis, i, (x + 0.5) / scale);
  return weights;
}

void
pmt_vae_axis_find_core (const PmtVaeAxis *axis,
                        gint i,
                        gint64 *first,
                        gint64 *last)
{
  const gboolean has_before = axis->n > 1 && (axis->wraps || i > 0);
  const gboolean has_after = axis->n > 1 && (axis->wraps || i < axis->n - 1);
  const gint start = pmt_vae_axis_start (axis, i);
  const gint before =
      i > 0 ? pmt_vae_axis_start (axis, i - 1)
            : pmt_vae_axis_start (axis, axis->n - 1) - axis->length;
  const gint after = i < axis->n - 1
                         ? pmt_vae_axis_start (axis, i + 1)
                         : pmt_vae_axis_start (axis, 0) + axis->length;

  *first = has_before ? (before + axis->size + start) / 2 - start : 0;
  *last = has_after ? (start + axis->size + after) / 2 - start : axis->size;
}

void
pmt_vae_cut (const PmtVaeJob *job,
             gint left,
             gint top,
             const PmtVaeAxis *x,
             const PmtVaeAxis *y,
             gfloat *tile)
{
  const gint scale = job->in_scale;
  const gsize width = (gsize)(job->width * scale);
  const gsize height = (gsize)(job->height * scale);
  const gsize n = (gsize)(x->size * scale);
  const gsize start = (gsize)(left * scale);
  const gsize first = MIN (n, width - start);

  for (gint c = 0; c < job->in_channels; c++)
    for (gint r = 0; r < y->size * scale; r++, tile += n)
      {
        const gfloat *row =
            job->in
            + ((gsize)c * height + (gsize)(top * scale + r) % height) * width;

        memcpy (tile, row + start, first * sizeof (gfloat));
        memcpy (tile + first, row, (n - first) * sizeof (gfloat));
      }
}

void
pmt_vae_paste (const PmtVaeJob *job,
               const PmtVaeSpot *spot,
               const PmtVaeAxis *x,
               const PmtVaeAxis *y,
               const gfloat *tile)
{
  const gint scale = job->out_scale;
  const gsize width = (gsize)(job->width * scale);
  const gsize height = (gsize)(job->height * scale);
  const gsize n = (gsize)(x->size * scale);
  const gsize start = (gsize)(spot->left * scale);

  for (gint c = 0; c < job->out_channels; c++)
    for (gint r = 0; r < y->size * scale; r++, tile += n)
      {
        gfloat *row =
            job->out
            + ((gsize)c * height + (gsize)(spot->top * scale + r) % height)
                  * width;

        for (gsize i = 0; i < n; i++)
          row[(start + i) % width] +=
              spot->weights_x[i] * spot->weights_y[r] * tile[i];
      }
}
