/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* features.c: how textured the picture is around each pixel. */
#include "config.h"

#include <string.h>

#include "core/parallel.h"
#include "fill/fill-private.h"

typedef struct
{
  const PmtFillRun *run;
  PmtFillLevel *level;
  gint window;
  gboolean targets_only;
} Work;

static inline gint
gray_at (const PmtFillLevel *level, gsize place)
{
  const guint8 *p = level->rgbx + place * 4;

  return p[0] + 2 * p[1] + p[2];
}

/* |difference| to a neighbour; counts only between known pixels. */
static inline gboolean
slope (const PmtFillLevel *level, gsize place, gsize other, gfloat *value)
{
  if (!(level->flags[place] & level->flags[other] & PMT_FILL_KNOWN))
    return FALSE;
  *value =
      0.25f * (gfloat)ABS (gray_at (level, other) - gray_at (level, place));
  return TRUE;
}

/* Running mean of one row of slopes over the window, with counts. */
static void
sum_row (const PmtFillLevel *level,
         gint y,
         gint axis,
         gint sign,
         gfloat *sums,
         gfloat *counts)
{
  gsize step = axis ? level->stride : 1;
  gsize start = pmt_fill_place (level, 0, y);
  gfloat value = 0.0f;

  for (gint x = 0; x < level->width; x++)
    if (slope (level, start + (gsize)x, start + (gsize)x + step, &value))
      {
        sums[x] += (gfloat)sign * value;
        counts[x] += (gfloat)sign;
      }
}

static void
average_row (const PmtFillLevel *level,
             gint window,
             const gfloat *sums,
             const gfloat *counts,
             gfloat *out)
{
  gint half = window / 2;
  gdouble sum = 0.0, count = 0.0;

  for (gint x = -half; x < level->width; x++)
    {
      gint enter = x + half, leave = x - half - 1;

      if (enter < level->width)
        {
          sum += sums[enter];
          count += counts[enter];
        }
      if (leave >= 0)
        {
          sum -= sums[leave];
          count -= counts[leave];
        }
      if (x >= 0)
        out[2 * x] = count > 0.5 ? (gfloat)(sum / count) : 0.0f;
    }
}

static void
texture_band (gint task, gpointer data)
{
  const Work *work = data;
  PmtFillLevel *level = work->level;
  gsize width = (gsize)level->width;
  g_autofree gfloat *sums = g_new (gfloat, width * 2);
  gint half = work->window / 2;
  gint first = task * PMT_FILL_BAND;
  gint end = MIN (first + PMT_FILL_BAND, level->height);

  if (pmt_fill_cancelled (work->run))
    return;
  for (gint axis = 0; axis < 2; axis++)
    {
      memset (sums, 0, width * 2 * sizeof (gfloat));
      for (gint y = MAX (first - half, 0);
           y < MIN (first + half, level->height); y++)
        sum_row (level, y, axis, 1, sums, sums + width);
      for (gint y = first; y < end; y++)
        {
          if (y + half < level->height)
            sum_row (level, y + half, axis, 1, sums, sums + width);
          average_row (level, work->window, sums, sums + width,
                       level->texture + pmt_fill_place (level, 0, y) * 2
                           + axis);
          if (y - half >= 0)
            sum_row (level, y - half, axis, -1, sums, sums + width);
        }
    }
}

static gboolean
new_planes (PmtFillLevel *level)
{
  level->texture = g_try_new0 (gfloat, level->n * 2);
  level->mean_texture = g_try_new0 (gfloat, level->n * 2);
  return level->texture && level->mean_texture;
}

/**
 * Computes the texture of the proxy over a window of @window pixels.
 * Source: Newson et al. 2014, section 3.2.
 */
gboolean
pmt_fill_features_compute (const PmtFillRun *run,
                           PmtFillLevel *base,
                           gint window)
{
  Work work = { run, base, window, FALSE };

  if (!new_planes (base))
    return FALSE;
  pmt_parallel_run (run->options.threads, pmt_fill_bands (base->height),
                    texture_band, &work);
  return TRUE;
}

/**
 * Samples the texture of @fine at @coarse.
 */
gboolean
pmt_fill_features_halve (const PmtFillLevel *fine, PmtFillLevel *coarse)
{
  if (!new_planes (coarse))
    return FALSE;
  for (gint y = 0; y < coarse->height; y++)
    for (gint x = 0; x < coarse->width; x++)
      {
        gsize to = pmt_fill_place (coarse, x, y);
        gsize from = pmt_fill_place (fine, MIN (2 * x + 1, fine->width - 1),
                                     MIN (2 * y + 1, fine->height - 1));

        coarse->texture[to * 2] = fine->texture[from * 2];
        coarse->texture[to * 2 + 1] = fine->texture[from * 2 + 1];
      }
  return TRUE;
}

/**
 * Brings the mean of the texture over one patch up to date.
 */
void
pmt_fill_features_average_place (const PmtFillRun *run,
                                 PmtFillLevel *level,
                                 gsize place)
{
  gint radius = run->patch / 2;
  gfloat sum[2] = { 0.0f, 0.0f };
  gint n = 0;

  for (gint dy = -radius; dy <= radius; dy++)
    for (gint dx = -radius; dx <= radius; dx++)
      {
        gsize p = place + (gsize)((gssize)dy * (gssize)level->stride + dx);

        if (!(level->flags[p] & (PMT_FILL_KNOWN | PMT_FILL_FILLED)))
          continue;
        sum[0] += level->texture[p * 2];
        sum[1] += level->texture[p * 2 + 1];
        n++;
      }
  level->mean_texture[place * 2] = n ? sum[0] / (gfloat)n : 0.0f;
  level->mean_texture[place * 2 + 1] = n ? sum[1] / (gfloat)n : 0.0f;
}

static void
average_band (gint task, gpointer data)
{
  const Work *work = data;
  PmtFillLevel *level = work->level;
  guint8 wanted = PMT_FILL_TARGET;
  gint first = task * PMT_FILL_BAND;
  gint end = MIN (first + PMT_FILL_BAND, level->height);

  if (!work->targets_only)
    wanted |= PMT_FILL_CENTER;
  if (pmt_fill_cancelled (work->run))
    return;
  for (gint y = first; y < end; y++)
    for (gint x = 0; x < level->width; x++)
      if (level->flags[pmt_fill_place (level, x, y)] & wanted)
        pmt_fill_features_average_place (work->run, level,
                                         pmt_fill_place (level, x, y));
}

/**
 * Brings the mean of the texture over each patch up to date.
 */
void
pmt_fill_features_average (const PmtFillRun *run,
                           PmtFillLevel *level,
                           gboolean targets_only)
{
  Work work = { run, level, 0, targets_only };

  if (level->texture == NULL)
    return;
  pmt_parallel_run (run->options.threads, pmt_fill_bands (level->height),
                    average_band, &work);
}
