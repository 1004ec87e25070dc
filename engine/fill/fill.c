/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* fill.c: one run of the prompt-free fill, from pyramid to finished pixels. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "fill/fill-private.h"

#define MAX_LEVELS 24

/* A scale with fewer source patches than this has lost the picture. */
#define MIN_CENTERS 24

/* On scales finer than the proxy matches only move a little. */
#define REFINE_ITERATIONS 3
#define REFINE_RADIUS 8

/* Share of the progress that the last step takes. */
#define SEAM_WEIGHT 0.15

typedef struct
{
  PmtFillRun run;
  PmtFillLevel *levels[MAX_LEVELS];
  gint n_levels;
  gint base;
  guint32 nonce;
} Pyramid;

static void
pyramid_clear (Pyramid *pyramid)
{
  for (gint i = 0; i < MAX_LEVELS; i++)
    g_clear_pointer (&pyramid->levels[i], pmt_fill_level_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Pyramid, pyramid_clear)

static gboolean
fail_memory (GError **error)
{
  g_set_error_literal (error, PMT_ERROR, PMT_ERROR_MEMORY,
                       _ ("There is not enough memory to fill this area. "
                          "Select a smaller area or scale the image down."));
  return FALSE;
}

static gboolean
fail_input (GError **error)
{
  g_set_error_literal (
      error, PMT_ERROR, PMT_ERROR_INPUT,
      _ ("There is nothing to copy from: outside the area to fill there is no "
         "opaque pixel. Select a smaller area, or fill a layer that has "
         "visible content around it."));
  return FALSE;
}

static PmtFillOptions
sane_options (const PmtFillOptions *options)
{
  PmtFillOptions sane = PMT_FILL_OPTIONS_INIT;

  if (options)
    sane = *options;
  sane.patch_size = CLAMP (sane.patch_size | 1, 3, PMT_FILL_MAX_PATCH);
  sane.iterations = CLAMP (sane.iterations, 1, 100);
  sane.proxy_pixels = MAX (sane.proxy_pixels, 4096);
  sane.threads = MAX (sane.threads, 1);
  return sane;
}

/* Maps the range that all but the extremes of the known values lie in to
 * bytes, so that dark, flat and high-range pictures are compared as well. */
static void
measure_values (PmtFillRun *run)
{
  const PmtPixels *pixels = run->pixels;
  gsize n = (gsize)pixels->rect.width * (gsize)pixels->rect.height;
  gsize step = MAX (n / 50000, 1);
  gfloat low = G_MAXFLOAT, high = -G_MAXFLOAT;
  gdouble sum = 0.0, sum2 = 0.0, count = 0.0;
  gfloat spread;

  for (gsize i = 0; i < n; i += step)
    for (gsize c = 0; c < 3 && pixels->opaque[i] && !run->hole[i]; c++)
      {
        gfloat v = pixels->rgb[i * 3 + c];

        low = MIN (low, v);
        high = MAX (high, v);
        sum += v;
        sum2 += (gdouble)v * v;
        count += 1.0;
      }
  if (count < 1.0)
    {
      low = 0.0f;
      high = 1.0f;
      count = 1.0;
    }
  spread =
      (gfloat)(4.0
               * sqrt (MAX (sum2 / count - sum * sum / count / count, 0.0)));
  low = MAX (low, (gfloat)(sum / count) - spread);
  high = MIN (high, (gfloat)(sum / count) + spread);
  run->low = low;
  run->gain = 255.0f / MAX (high - low, 1.0f / 16.0f);
}

/* Looks for the largest patch that has enough places to be copied from. */
static gboolean
choose_patch (PmtFillRun *run, PmtFillLevel *full)
{
  run->patch = run->options.patch_size;
  while (pmt_fill_level_mark_centers (run, full) < MIN_CENTERS
         && run->patch > 1)
    run->patch -= 2;
  return full->n_all_centers > 0;
}

/* Adds one coarser level; %FALSE when it would not be of use. */
static gboolean
add_level (Pyramid *pyramid)
{
  const PmtFillLevel *fine = pyramid->levels[pyramid->n_levels - 1];
  g_autoptr (PmtFillLevel) level = NULL;

  if (pyramid->n_levels == MAX_LEVELS || MIN (fine->width, fine->height) < 2)
    return FALSE;
  level = pmt_fill_level_new_half (&pyramid->run, fine);
  if (level == NULL
      || pmt_fill_level_mark_centers (&pyramid->run, level) < MIN_CENTERS)
    return FALSE;
  pmt_fill_level_mark_targets (&pyramid->run, level);
  pyramid->levels[pyramid->n_levels++] = g_steal_pointer (&level);
  return TRUE;
}

static inline gsize
count_pixels (const PmtFillLevel *level)
{
  return (gsize)level->width * (gsize)level->height;
}

/* Levels down to where a patch reaches over the hole. */
static gboolean
build_pyramid (Pyramid *pyramid)
{
  PmtFillRun *run = &pyramid->run;
  gint radius = 0;

  pmt_fill_level_mark_targets (run, pyramid->levels[0]);
  while (count_pixels (pyramid->levels[pyramid->n_levels - 1])
             > run->options.proxy_pixels
         && add_level (pyramid))
    ;
  pyramid->base = pyramid->n_levels - 1;
  do
    {
      PmtFillLevel *last = pyramid->levels[pyramid->n_levels - 1];

      if (!pmt_fill_level_measure_depth (last, &radius))
        return FALSE;
    }
  while (radius > run->patch * 3 / 4 && add_level (pyramid));
  return !pmt_fill_cancelled (run);
}

static gboolean
compute_features (Pyramid *pyramid)
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

static void
iterate (Pyramid *pyramid, PmtFillLevel *level, gint n, gint radius)
{
  const PmtFillRun *run = &pyramid->run;

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

/* Work on a level, in comparisons, for the progress. */
static gdouble
level_work (const Pyramid *pyramid, gint i)
{
  gint n =
      i >= pyramid->base ? pyramid->run.options.iterations : REFINE_ITERATIONS;

  return (gdouble)pyramid->levels[i]->n_targets * n;
}

static gboolean
solve_level (Pyramid *pyramid, gint i)
{
  const PmtFillRun *run = &pyramid->run;
  PmtFillLevel *level = pyramid->levels[i];
  PmtFillLevel *coarse =
      i + 1 < pyramid->n_levels ? pyramid->levels[i + 1] : NULL;

  if (!pmt_fill_level_list_centers (level, 1 << 16)
      || !pmt_fill_level_new_field (level))
    return FALSE;
  if (coarse == NULL && !pmt_fill_onion (run, level))
    return FALSE;
  if (coarse)
    pmt_fill_upsample (run, coarse, level);
  pmt_fill_vote (run, level);
  pmt_fill_features_average (run, level, TRUE);
  if (i >= pyramid->base)
    iterate (pyramid, level, run->options.iterations,
             MAX (level->width, level->height));
  else
    iterate (pyramid, level, REFINE_ITERATIONS, REFINE_RADIUS);
  if (coarse)
    g_clear_pointer (&pyramid->levels[i + 1], pmt_fill_level_free);
  return TRUE;
}

static gboolean
solve (Pyramid *pyramid)
{
  gdouble total = 0.0;

  for (gint i = 0; i < pyramid->n_levels; i++)
    total += level_work (pyramid, i);
  for (gint i = pyramid->n_levels - 1; i >= 0; i--)
    {
      gdouble weight = (1.0 - SEAM_WEIGHT) * level_work (pyramid, i) / total;
      gboolean is_ok;

      pmt_progress_begin (pyramid->run.progress, _ ("Matching patches"),
                          weight);
      is_ok = solve_level (pyramid, i);
      pmt_progress_end (pyramid->run.progress);
      if (!is_ok)
        return FALSE;
      if (pmt_fill_cancelled (&pyramid->run))
        return TRUE;
    }
  return TRUE;
}

static void
write_back (const PmtFillRun *run,
            const PmtFillLevel *level,
            const gfloat *filled)
{
  const GeglRectangle *box = &level->box;

  for (gint y = box->y; y < box->y + box->height; y++)
    for (gint x = box->x; x < box->x + box->width; x++)
      {
        gsize i = (gsize)y * (gsize)level->width + (gsize)x;

        if (!run->hole[i])
          continue;
        memcpy (run->pixels->rgb + i * 3,
                filled + pmt_fill_box_index (level, x, y) * 3,
                3 * sizeof (gfloat));
        run->pixels->opaque[i] = 255;
      }
}

static gboolean
finish (Pyramid *pyramid, GError **error)
{
  const PmtFillRun *run = &pyramid->run;
  PmtFillLevel *full = pyramid->levels[0];
  g_autofree gfloat *filled = NULL;
  gboolean is_ok;

  pmt_fill_match_measure (run, full);
  pmt_fill_vote_labels (run, full);
  g_clear_pointer (&full->field, g_free);
  g_clear_pointer (&full->cost, g_free);
  g_clear_pointer (&full->rgbx, g_free);
  filled =
      g_try_new (gfloat, (gsize)full->box.width * (gsize)full->box.height * 3);
  if (filled == NULL)
    return fail_memory (error);
  pmt_progress_begin (run->progress, _ ("Removing seams"), SEAM_WEIGHT);
  is_ok = pmt_fill_seam (run, full, filled);
  pmt_progress_end (run->progress);
  if (g_cancellable_set_error_if_cancelled (run->cancellable, error))
    return FALSE;
  if (!is_ok)
    return fail_memory (error);
  write_back (run, full, filled);
  return TRUE;
}

static gboolean
is_empty (const PmtFillRun *run)
{
  gsize n = (gsize)run->pixels->rect.width * (gsize)run->pixels->rect.height;

  for (gsize i = 0; i < n; i++)
    if (run->hole[i])
      return FALSE;
  return TRUE;
}

gboolean
pmt_fill_run (PmtPixels *pixels,
              const guint8 *hole,
              const guint8 *usable,
              const PmtFillOptions *options,
              PmtProgress *progress,
              GCancellable *cancellable,
              GError **error)
{
  g_auto (Pyramid) pyramid = { { pixels, hole, usable, sane_options (options),
                                 progress, cancellable } };
  PmtFillRun *run = &pyramid.run;
  gboolean is_ok;

  if (is_empty (run))
    return TRUE;
  measure_values (run);
  pyramid.levels[0] = pmt_fill_level_new_full (run);
  if (pyramid.levels[0] == NULL)
    return fail_memory (error);
  pyramid.n_levels = 1;
  if (!choose_patch (run, pyramid.levels[0]))
    return fail_input (error);
  is_ok = build_pyramid (&pyramid) && compute_features (&pyramid)
          && solve (&pyramid);
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  if (!is_ok)
    return fail_memory (error);
  return finish (&pyramid, error);
}

guint64
pmt_fill_memory (gint width, gint height, const PmtFillOptions *options)
{
  guint64 n = (guint64)(width + 2 * PMT_FILL_PAD)
              * (guint64)(height + 2 * PMT_FILL_PAD);
  PmtFillOptions sane = sane_options (options);
  guint64 proxy = MIN (n, (guint64)sane.proxy_pixels * 2);
  /* Planes 5, field 12; all coarser planes together a third of the first;
   * then flags 1, labels 4, result 12, multigrid 12 and a third. */
  guint64 matching = n * 17 + n * 5 / 3 + n / 2;
  guint64 seams = n * 17 + n * 16;

  return MAX (matching, seams) + proxy * 64 + (16 << 20);
}
