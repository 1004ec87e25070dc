/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* fill.c: one run of the prompt-free fill, from pyramid to finished pixels. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "fill/fill-private.h"

/* How much more a patch counts in the vote that is one pixel nearer to the
 * known pixels: what is certain goes inwards (Wexler et al. 2007). */
#define CONFIDENCE_DECAY 1.6f

/* Share of the progress that the last step takes. */
#define SEAM_WEIGHT 0.15

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
  while (pmt_fill_level_mark_centers (run, full) < PMT_FILL_MIN_CENTERS
         && run->patch > 1)
    run->patch -= 2;
  return full->n_all_centers > 0;
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
finish (PmtFillPyramid *pyramid, GError **error)
{
  const PmtFillRun *run = &pyramid->run;
  PmtFillLevel *full = pyramid->levels[0];
  g_autofree gfloat *filled = NULL;
  gboolean is_ok;

  pmt_fill_match_measure (run, full);
  pmt_fill_vote_labels (run, full);
  pmt_fill_level_keep_labels (full);
  filled =
      g_try_new (gfloat, (gsize)full->box.width * (gsize)full->box.height * 3);
  if (filled == NULL)
    return fail_memory (error);
  pmt_progress_begin (run->progress, N_ ("Removing seams"), SEAM_WEIGHT);
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
  g_auto (PmtFillPyramid)
      pyramid = { { pixels, hole, usable, sane_options (options), progress,
                    cancellable } };
  PmtFillRun *run = &pyramid.run;
  gboolean is_ok;

  if (is_empty (run))
    return TRUE;
  measure_values (run);
  for (gint i = 0; i <= PMT_FILL_MAX_CONFIDENCE; i++)
    run->confidence[i] = powf (CONFIDENCE_DECAY, -(gfloat)i / 3.0f);
  pyramid.levels[0] = pmt_fill_level_new_full (run);
  if (pyramid.levels[0] == NULL)
    return fail_memory (error);
  pyramid.n_levels = 1;
  is_ok = choose_patch (run, pyramid.levels[0]);
  /* A cancelled search for patches finds none, which means nothing. */
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  if (!is_ok)
    return fail_input (error);
  is_ok = pmt_fill_pyramid_build (&pyramid)
          && pmt_fill_solve (&pyramid, 1.0 - SEAM_WEIGHT);
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  if (!is_ok)
    return fail_memory (error);
  return finish (&pyramid, error);
}

/* Bytes per pixel.  While matching: planes 5 and field 12 of a level and of
 * the next coarser one; at most PREVIEW pixels of a preview; on the proxy,
 * texture 16, depth and lists 6, and the same on coarser levels.  While
 * removing seams: flags 1, labels 4, result 12, multigrid 12 and a third. */
guint64
pmt_fill_memory (gint width, gint height, const PmtFillOptions *options)
{
  guint64 n = (guint64)(width + 2 * PMT_FILL_PAD)
              * (guint64)(height + 2 * PMT_FILL_PAD);
  PmtFillOptions sane = sane_options (options);
  guint64 proxy = MIN (n, (guint64)sane.proxy_pixels);
  guint64 matching = n * 22 + MIN (n, (guint64)8 << 20) * 4 + proxy * 30;
  guint64 seams = n * 34;

  return MAX (matching, seams) + ((guint64)4 << 20);
}
