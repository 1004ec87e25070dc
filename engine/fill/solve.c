/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* solve.c: the field of matches, from the coarsest scale to the finest. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "fill/fill-private.h"

/* On scales finer than the proxy matches only move a little. */
#define REFINE_ITERATIONS 3
#define REFINE_RADIUS 8

/* Beginnings that are tried: how often on each scale, up to which depth of
 * the hole in patches, and compared on a scale with how many targets. */
#define TRIES_PER_START 2
#define START_RADIUS 2
#define MAX_TRIAL_TARGETS 2000

/* Share of the progress that the beginnings take. */
#define TRIAL_WEIGHT 0.1

static gint
count_iterations (const PmtFillPyramid *pyramid, gint i)
{
  return i >= pyramid->base ? pyramid->run.options.iterations
                            : REFINE_ITERATIONS;
}

static void
iterate (PmtFillPyramid *pyramid, gint i)
{
  const PmtFillRun *run = &pyramid->run;
  PmtFillLevel *level = pyramid->levels[i];
  gint n = count_iterations (pyramid, i);
  gint radius =
      i >= pyramid->base ? MAX (level->width, level->height) : REFINE_RADIUS;

  for (gint k = 0; k < n && !pmt_fill_cancelled (run); k++)
    {
      for (gint j = 0; j < 2; j++)
        {
          PmtFillSearch search = { radius, pyramid->nonce++ };

          pmt_fill_match_sweep (run, level, &search);
        }
      pmt_fill_vote (run, level);
      pmt_fill_features_average (run, level, TRUE);
      pmt_progress_report (run->progress, (k + 1.0) / n);
    }
}

static gboolean
prepare_level (PmtFillLevel *level)
{
  return pmt_fill_level_list_centers (level, 1 << 16)
         && pmt_fill_level_new_field (level);
}

/* Solves a level from the next coarser one, or from nothing. */
static gboolean
solve_level (PmtFillPyramid *pyramid, gint i, const PmtFillLevel *coarse)
{
  const PmtFillRun *run = &pyramid->run;
  PmtFillLevel *level = pyramid->levels[i];

  if (coarse)
    pmt_fill_upsample (run, coarse, level);
  else if (!pmt_fill_onion (run, level, pyramid->nonce++))
    return FALSE;
  pmt_fill_vote (run, level);
  pmt_fill_features_average (run, level, TRUE);
  iterate (pyramid, i);
  return TRUE;
}

/* What all matches of a level cost: seams and patches that fit nowhere. */
static gdouble
measure_energy (const PmtFillLevel *level)
{
  const GeglRectangle *box = &level->box;
  gdouble sum = 0.0;

  for (gint y = box->y; y < box->y + box->height; y++)
    for (gint x = box->x; x < box->x + box->width; x++)
      if (level->flags[pmt_fill_place (level, x, y)] & PMT_FILL_TARGET)
        sum += level->cost[pmt_fill_box_index (level, x, y)];
  return sum;
}

/* The best beginning so far. */
typedef struct
{
  gdouble energy;
  guint32 *field;
  gfloat *cost;
} Trial;

static void
trial_clear (Trial *trial)
{
  g_free (trial->field);
  g_free (trial->cost);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Trial, trial_clear)

static gboolean
try_start (PmtFillPyramid *pyramid, gint start, gint end, Trial *best)
{
  PmtFillLevel *last = pyramid->levels[end];
  gsize n = (gsize)last->box.width * (gsize)last->box.height;
  gdouble energy;

  for (gint i = start; i >= end; i--)
    {
      pmt_fill_level_reset (pyramid->levels[i]);
      if (!solve_level (pyramid, i, i < start ? pyramid->levels[i + 1] : NULL))
        return FALSE;
    }
  pmt_fill_match_measure (&pyramid->run, last);
  energy = measure_energy (last);
  if (best->field && energy >= best->energy)
    return TRUE;
  best->energy = energy;
  g_free (best->field);
  g_free (best->cost);
  best->field = g_memdup2 (last->field, n * sizeof (guint32));
  best->cost = g_memdup2 (last->cost, n * sizeof (gfloat));
  return TRUE;
}

/* The finest scale of the proxy that beginnings are compared on. */
static gint
choose_trial_level (const PmtFillPyramid *pyramid)
{
  gint i = pyramid->n_levels - 1;

  while (i > pyramid->base
         && pyramid->levels[i - 1]->n_targets <= MAX_TRIAL_TARGETS)
    i--;
  return i;
}

/* A first filling decides what goes on with what, and may be wrong.  Several
 * are made, on scales that see more or less of the surroundings, and the one
 * whose patches fit best is kept. */
static gboolean
solve_beginning (PmtFillPyramid *pyramid, gint end)
{
  const PmtFillRun *run = &pyramid->run;
  PmtFillLevel *last = pyramid->levels[end];
  g_auto (Trial) best = { 0.0, NULL, NULL };
  gint coarsest = pyramid->n_levels - 1;
  gint tries = end < coarsest || last->n_targets <= MAX_TRIAL_TARGETS
                   ? TRIES_PER_START
                   : 1;

  for (gint i = end; i <= coarsest; i++)
    if (!prepare_level (pyramid->levels[i]))
      return FALSE;
  for (gint start = coarsest; start >= end; start--)
    for (gint k = 0; k < tries && !pmt_fill_cancelled (run); k++)
      if ((start == coarsest
           || pyramid->levels[start]->radius <= START_RADIUS * run->patch)
          && !try_start (pyramid, start, end, &best))
        return FALSE;
  if (pmt_fill_cancelled (run))
    return TRUE;
  pmt_fill_level_reset (last);
  memcpy (last->field, best.field,
          (gsize)last->box.width * (gsize)last->box.height * sizeof (guint32));
  memcpy (last->cost, best.cost,
          (gsize)last->box.width * (gsize)last->box.height * sizeof (gfloat));
  pmt_fill_vote (run, last);
  for (gint i = end + 1; i <= coarsest; i++)
    g_clear_pointer (&pyramid->levels[i], pmt_fill_level_free);
  return TRUE;
}

/* Work on a level, in comparisons, for the progress. */
static gdouble
level_work (const PmtFillPyramid *pyramid, gint i)
{
  return (gdouble)pyramid->levels[i]->n_targets * count_iterations (pyramid, i);
}

/**
 * Finds the field of the full level.
 * @weight: share of the progress
 *
 * Returns: %FALSE when there is not enough memory; a cancelled run ends
 *   early.
 */
gboolean
pmt_fill_solve (PmtFillPyramid *pyramid, gdouble weight)
{
  const PmtFillRun *run = &pyramid->run;
  gint end = choose_trial_level (pyramid);
  gdouble total = 1.0;
  gboolean is_ok;

  for (gint i = 0; i < end; i++)
    total += level_work (pyramid, i);
  pmt_progress_begin (run->progress, N_ ("Matching patches"),
                      weight * TRIAL_WEIGHT);
  is_ok = solve_beginning (pyramid, end);
  pmt_progress_end (run->progress);
  for (gint i = end - 1; i >= 0 && is_ok && !pmt_fill_cancelled (run); i--)
    {
      pmt_progress_begin (run->progress, N_ ("Matching patches"),
                          weight * (1.0 - TRIAL_WEIGHT)
                              * level_work (pyramid, i) / total);
      is_ok = prepare_level (pyramid->levels[i])
              && solve_level (pyramid, i, pyramid->levels[i + 1]);
      g_clear_pointer (&pyramid->levels[i + 1], pmt_fill_level_free);
      if (is_ok && !pmt_fill_cancelled (run))
        pmt_fill_preview (run, pyramid->levels[i], 1 << i);
      pmt_progress_end (run->progress);
    }
  return is_ok;
}
