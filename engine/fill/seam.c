/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* seam.c: copies the pixels and removes the seams between the copies. */
#include "config.h"

#include <math.h>
#include <string.h>

#include "core/parallel.h"
#include "fill/fill-private.h"
#include "fill/multigrid.h"

/* Passes of multigrid: what is left of an error is invisible. */
#define CYCLES 8

/* How far a correction reaches, in pixels and in parts of the depth of the
 * hole: without a limit the steps of many seams would add up to a drift where
 * the hole is open on one side. */
#define MIN_REACH 24.0f
#define REACH 0.1f

typedef struct
{
  const PmtFillRun *run;
  const PmtFillLevel *level;
  PmtMultigrid *grid;
  gint channel;
  gfloat *filled;
  gfloat low[3];
  gfloat high[3];
} Seam;

/* The sRGB curve, continued beyond 0..1 and mirrored below 0. */
static gfloat
to_linear (gfloat v)
{
  gfloat a = fabsf (v);

  a = a <= 0.04045f ? a / 12.92f : powf ((a + 0.055f) / 1.055f, 2.4f);
  return copysignf (a, v);
}

static gfloat
from_linear (gfloat v)
{
  gfloat a = fabsf (v);

  a = a <= 0.0031308f ? a * 12.92f : 1.055f * powf (a, 1.0f / 2.4f) - 0.055f;
  return copysignf (a, v);
}

/* Index of a place in the arrays of the caller, that have no margin. */
static inline gsize
pixel_at (const PmtFillLevel *level, gsize place)
{
  gsize y = place / level->stride - PMT_FILL_PAD;
  gsize x = place % level->stride - PMT_FILL_PAD;

  return (y * (gsize)level->width + x) * 3;
}

static inline gfloat
linear_at (const Seam *seam, gsize place)
{
  return to_linear (seam->run->pixels->rgb[pixel_at (seam->level, place)
                                           + (gsize)seam->channel]);
}

/* A step that is much larger than an eye takes for a seam is an edge of the
 * picture, or a match that failed: pulling it away would smear it.  The
 * scale is about a sixteenth of the range in R'G'B', here in linear light. */
static gfloat
soften (gfloat pull, gfloat value)
{
  gfloat scale = 0.004f + 0.13f * sqrtf (fabsf (value));
  gfloat ratio = pull / scale;

  return pull / (1.0f + ratio * ratio * ratio * ratio);
}

/* One link between two neighbours of which the first is in the hole. */
typedef struct
{
  gsize place;
  gsize label;
  gssize step;
  gfloat value;
} Link;

/* How much the second pixel should differ from the first by what the first
 * is a copy of. */
static gboolean
slope_ahead (const Seam *seam, const Link *link, gfloat *slope)
{
  gsize other = (gsize)((gssize)link->label + link->step);

  if (!(seam->level->flags[other] & PMT_FILL_SOURCE))
    return FALSE;
  *slope = linear_at (seam, other) - link->value;
  return TRUE;
}

/* Difference of corrections that makes a link between two hole pixels follow
 * the pictures that both are copied from. */
static gfloat
inner_pull (const Seam *seam, const Link *link, gsize other_label)
{
  Link back = { 0, other_label, -link->step, 0.0f };
  gfloat ahead = 0.0f, behind = 0.0f, other;
  gint n = 0;

  if ((gssize)other_label == (gssize)link->label + link->step)
    return 0.0f;
  other = linear_at (seam, other_label);
  back.value = other;
  n += slope_ahead (seam, link, &ahead);
  n += slope_ahead (seam, &back, &behind);
  if (n == 0)
    return 0.0f;
  return soften ((ahead - behind) / (gfloat)n - (other - link->value),
                 0.5f * (other + link->value));
}

/* Correction of a hole pixel that makes it continue a known neighbour. */
static gfloat
outer_pull (const Seam *seam, const Link *link)
{
  gsize other = (gsize)((gssize)link->place + link->step);
  gfloat slope = 0.0f;

  slope_ahead (seam, link, &slope);
  return soften (linear_at (seam, other) - slope - link->value, link->value);
}

static void
pull_pixel (const Seam *seam, gint x, gint y)
{
  const PmtFillLevel *level = seam->level;
  const gssize steps[4] = { 1, -1, (gssize)level->stride,
                            -(gssize)level->stride };
  const gint dx[4] = { 1, -1, 0, 0 };
  const gint dy[4] = { 0, 0, 1, -1 };
  gsize i = pmt_fill_box_index (level, x, y);
  gsize place = pmt_fill_place (level, x, y);
  Link link = { place, level->next[i], 0, 0.0f };
  gfloat pull = 0.0f;

  link.value = linear_at (seam, link.label);
  for (gint k = 0; k < 4; k++)
    {
      guint8 flags = level->flags[(gssize)place + steps[k]];

      link.step = steps[k];
      if (flags & PMT_FILL_HOLE)
        pull -= inner_pull (
            seam, &link,
            level->next[pmt_fill_box_index (level, x + dx[k], y + dy[k])]);
      else if (flags & PMT_FILL_KNOWN)
        pull += outer_pull (seam, &link);
    }
  pmt_multigrid_set_pull (seam->grid, x - level->box.x, y - level->box.y, pull);
}

static void
pull_band (gint task, gpointer data)
{
  const Seam *seam = data;
  const GeglRectangle *box = &seam->level->box;
  gint first = box->y + task * PMT_FILL_BAND;
  gint end = MIN (first + PMT_FILL_BAND, box->y + box->height);

  for (gint y = first; y < end && !pmt_fill_cancelled (seam->run); y++)
    for (gint x = box->x; x < box->x + box->width; x++)
      if (seam->level->flags[pmt_fill_place (seam->level, x, y)]
          & PMT_FILL_HOLE)
        pull_pixel (seam, x, y);
}

/* Copy plus correction, inside the range of the picture; a pixel that needs
 * no correction is an exact copy. */
static void
finish_band (gint task, gpointer data)
{
  const Seam *seam = data;
  const PmtFillLevel *level = seam->level;
  const GeglRectangle *box = &level->box;
  gint c = seam->channel;
  gint first = box->y + task * PMT_FILL_BAND;
  gint end = MIN (first + PMT_FILL_BAND, box->y + box->height);

  for (gint y = first; y < end && !pmt_fill_cancelled (seam->run); y++)
    for (gint x = box->x; x < box->x + box->width; x++)
      {
        gsize i = pmt_fill_box_index (level, x, y);
        gfloat value, correction;

        if (!(level->flags[pmt_fill_place (level, x, y)] & PMT_FILL_HOLE))
          continue;
        value =
            seam->run->pixels->rgb[pixel_at (level, level->next[i]) + (gsize)c];
        correction = pmt_multigrid_get (seam->grid, x - box->x, y - box->y);
        if (fabsf (correction) > 1e-6f)
          value = CLAMP (from_linear (to_linear (value) + correction),
                         seam->low[c], seam->high[c]);
        seam->filled[i * 3 + (gsize)c] = value;
      }
}

/* What lies between the least and the largest known value is plausible. */
static void
measure_range (Seam *seam)
{
  const PmtFillLevel *level = seam->level;

  for (gint c = 0; c < 3; c++)
    {
      seam->low[c] = G_MAXFLOAT;
      seam->high[c] = -G_MAXFLOAT;
    }
  for (gint y = 0; y < level->height; y++)
    for (gint x = 0; x < level->width; x++)
      {
        gsize place = pmt_fill_place (level, x, y);
        const gfloat *rgb = seam->run->pixels->rgb + pixel_at (level, place);

        if (!(level->flags[place] & PMT_FILL_SOURCE))
          continue;
        for (gint c = 0; c < 3; c++)
          {
            seam->low[c] = MIN (seam->low[c], rgb[c]);
            seam->high[c] = MAX (seam->high[c], rgb[c]);
          }
      }
}

static PmtMultigrid *
new_grid (const PmtFillRun *run, const PmtFillLevel *level)
{
  const GeglRectangle *box = &level->box;
  gfloat reach = MAX (MIN_REACH, REACH * (gfloat)run->radius);
  g_autoptr (PmtMultigrid) grid =
      pmt_multigrid_new (box->width, box->height, 1.0f / (reach * reach));

  if (grid == NULL)
    return NULL;
  for (gint y = box->y; y < box->y + box->height; y++)
    for (gint x = box->x; x < box->x + box->width; x++)
      {
        gsize place = pmt_fill_place (level, x, y);
        const guint8 *flags = level->flags + place;
        gint n_known = 0;

        if (!(flags[0] & PMT_FILL_HOLE))
          continue;
        n_known += (flags[1] & PMT_FILL_KNOWN) != 0;
        n_known += (flags[-1] & PMT_FILL_KNOWN) != 0;
        n_known += (flags[level->stride] & PMT_FILL_KNOWN) != 0;
        n_known += (flags[-(gssize)level->stride] & PMT_FILL_KNOWN) != 0;
        pmt_multigrid_add (grid, x - box->x, y - box->y, n_known);
      }
  if (!pmt_multigrid_prepare (grid))
    return NULL;
  return g_steal_pointer (&grid);
}

gboolean
pmt_fill_seam (const PmtFillRun *run, PmtFillLevel *level, gfloat *filled)
{
  g_autoptr (PmtMultigrid) grid = new_grid (run, level);
  Seam seam = { run, level, grid, 0, filled };
  gint n_bands = pmt_fill_bands (level->box.height);
  gint threads = run->options.threads;

  if (grid == NULL)
    return FALSE;
  measure_range (&seam);
  for (gint c = 0; c < 3 && !pmt_fill_cancelled (run); c++)
    {
      seam.channel = c;
      pmt_multigrid_reset (grid);
      pmt_parallel_run (threads, n_bands, pull_band, &seam);
      for (gint k = 0; k < CYCLES && !pmt_fill_cancelled (run); k++)
        pmt_multigrid_cycle (grid, threads, run->cancellable);
      pmt_parallel_run (threads, n_bands, finish_band, &seam);
      pmt_progress_report (run->progress, (c + 1) / 3.0);
    }
  return TRUE;
}
