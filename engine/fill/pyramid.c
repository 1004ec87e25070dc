/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* pyramid.c: the scales of a run. */
#include "config.h"

#include "fill/fill-private.h"

/* The coarsest scale is the first on which the hole is no deeper than this
 * share of a patch. */
#define COARSEST_RADIUS 0.75

void
pmt_fill_pyramid_clear (PmtFillPyramid *pyramid)
{
  for (gint i = 0; i < PMT_FILL_MAX_LEVELS; i++)
    g_clear_pointer (&pyramid->levels[i], pmt_fill_level_free);
}

/* Adds one coarser level; %FALSE when it would not be of use. */
static gboolean
add_level (PmtFillPyramid *pyramid)
{
  const PmtFillLevel *fine = pyramid->levels[pyramid->n_levels - 1];
  g_autoptr (PmtFillLevel) level = NULL;

  if (pyramid->n_levels == PMT_FILL_MAX_LEVELS
      || MIN (fine->width, fine->height) < 2)
    return FALSE;
  level = pmt_fill_level_new_half (&pyramid->run, fine);
  if (level == NULL
      || pmt_fill_level_mark_centers (&pyramid->run, level)
             < PMT_FILL_MIN_CENTERS)
    return FALSE;
  pmt_fill_level_mark_targets (&pyramid->run, level);
  pyramid->levels[pyramid->n_levels++] = g_steal_pointer (&level);
  return TRUE;
}

static gsize
count_pixels (const PmtFillLevel *level)
{
  return (gsize)level->width * (gsize)level->height;
}

static gboolean
compute_features (PmtFillPyramid *pyramid)
{
  const PmtFillRun *run = &pyramid->run;
  gint n = pyramid->n_levels - pyramid->base;

  if (!pmt_fill_features_compute (run, pyramid->levels[pyramid->base],
                                  CLAMP (1 << n, 4, 64)))
    return FALSE;
  for (gint i = pyramid->base + 1; i < pyramid->n_levels; i++)
    if (!pmt_fill_features_halve (pyramid->levels[i - 1], pyramid->levels[i]))
      return FALSE;
  for (gint i = pyramid->base; i < pyramid->n_levels; i++)
    pmt_fill_features_average (run, pyramid->levels[i], FALSE);
  return TRUE;
}

/**
 * Adds to the full level the coarser ones, down to where a patch reaches over
 * the hole, and computes what is needed to search on them.
 */
gboolean
pmt_fill_pyramid_build (PmtFillPyramid *pyramid)
{
  PmtFillRun *run = &pyramid->run;
  PmtFillLevel *last = pyramid->levels[0];

  pmt_fill_level_mark_targets (run, last);
  while (count_pixels (last) > run->options.proxy_pixels && add_level (pyramid))
    last = pyramid->levels[pyramid->n_levels - 1];
  pyramid->base = pyramid->n_levels - 1;
  do
    {
      last = pyramid->levels[pyramid->n_levels - 1];
      if (!pmt_fill_level_measure_depth (last))
        return FALSE;
    }
  while (last->radius > run->patch * COARSEST_RADIUS && add_level (pyramid)
         && !pmt_fill_cancelled (run));
  run->radius = last->radius << (pyramid->n_levels - 1);
  return compute_features (pyramid);
}
