/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* net-run.c: a network over a picture, tile by tile. */
#include "config.h"

#include <string.h>

#include "image/image-private.h"
#include "image/pixels.h"
#include "restore/net-private.h"

/* Measured on two cores: networks that enlarge are fastest with tiles near the
 * size of the caches; the one that restores overlaps more (docs/benchmarks.md).
 */
#define RESTORE_MEMORY ((guint64)176 << 20)
#define ENLARGE_MEMORY ((guint64)48 << 20)

/* Below this, tiles are mostly overlap. */
#define MIN_TILE_PIXELS (160 * 160)

/* Mirrored pixels around the picture: as far as the zeros that convolutions
 * put around what they see are felt, and enough for networks that mirror by
 * themselves and refuse less. */
#define PAD 16

/* Grid of networks that say nothing of the strides inside them. */
#define UNKNOWN_ALIGN 16

/* ----------------------------------------------------------------- plan -- */

static gint
round_up (gint value, gint multiple)
{
  return (value + multiple - 1) / multiple * multiple;
}

/* Bytes per pixel that the network sees: the run, the pixels as read, the
 * planes, the result, and two more of its size where something is enlarged
 * beside it (alpha, and what is on its way there). */
static gint64
bytes_per_pixel (const PmtNetInfo *info)
{
  const gint64 enlarged = (gint64)info->scale * info->scale;
  const gint64 beside = info->scale > 1 ? 2 * enlarged : 0;

  return info->bytes_per_pixel
         + (4 + 3 + 3 * enlarged + beside) * (gint64)sizeof (gfloat);
}

static void
make_plan (const PmtNetInfo *info,
           const PmtNetRun *run,
           const GeglRectangle *picture,
           const GeglRectangle *rect,
           PmtTilePlan *plan)
{
  const guint64 chosen = info->scale == 1 ? RESTORE_MEMORY : ENLARGE_MEMORY;
  const guint64 memory = run->memory > 0 ? run->memory : chosen;
  PmtTileOptions options = PMT_TILE_OPTIONS_INIT;

  options.rect = *rect;
  options.picture = *picture;
  options.align = info->blend > 0 && info->multiple <= UNKNOWN_ALIGN
                          && UNKNOWN_ALIGN % info->multiple == 0
                      ? UNKNOWN_ALIGN
                      : info->multiple;
  options.pad = PAD;
  options.overlap = info->overlap;
  options.blend = info->blend;
  options.multiple = info->multiple;
  options.fixed_width = info->fixed_width;
  options.fixed_height = info->fixed_height;
  options.max_side = run->tile;
  options.max_pixels =
      MAX ((gint64)(memory / bytes_per_pixel (info)), MIN_TILE_PIXELS);
  pmt_tile_plan_init (plan, &options);
}

/* What a tile reads around what it produces. */
static gint
tile_margin (const PmtNetInfo *info)
{
  const gint cell = MAX (info->fixed_width, info->fixed_height);
  const gint reach = MAX (info->overlap + info->blend, PAD);

  return MAX (cell, round_up (reach, MAX (info->multiple, UNKNOWN_ALIGN)));
}

/* How much further it looks for colours below what is transparent.  What the
 * network feels of pixels that far away is less than can be seen. */
static gint
extend_margin (const PmtNetInfo *info)
{
  return tile_margin (info) / 2;
}

gint
pmt_net_info_margin (const PmtNetInfo *info)
{
  return tile_margin (info) + extend_margin (info);
}

guint64
pmt_net_info_memory (const PmtNetInfo *info,
                     const PmtNetRun *run,
                     const GeglRectangle *rect)
{
  PmtTilePlan plan;

  make_plan (info, run, rect, rect, &plan);
  return (guint64)pmt_tile_plan_largest (&plan) * bytes_per_pixel (info);
}

guint64
pmt_net_memory (PmtNet *net, const PmtNetRun *run, const GeglRectangle *rect)
{
  return pmt_net_info_memory (&net->info, run, rect);
}

gint64
pmt_net_info_pixels (const PmtNetInfo *info,
                     const PmtNetRun *run,
                     const GeglRectangle *rect)
{
  PmtTilePlan plan;

  make_plan (info, run, rect, rect, &plan);
  return pmt_tile_plan_total (&plan);
}

/* ----------------------------------------------------------------- tile -- */

/* One run of a network over a picture. */
typedef struct
{
  PmtNet *net;
  const PmtNetRun *run;
  GeglBuffer *buffer;
  GeglRectangle picture;
  PmtTilePlan plan;
  PmtNetWriter writer;
  PmtNetSeam seam;
  GCancellable *cancellable;
} Work;

static gboolean
apply (Work *work,
       const gfloat *image,
       const PmtTile *tile,
       PmtNetResult *result,
       GError **error)
{
  PmtNetUse *use = work->run->use;
  const gint64 start = g_get_monotonic_time ();

  if (!pmt_net_apply (work->net, image, tile->outer.width, tile->outer.height,
                      work->run->settings, result, work->cancellable, error))
    return FALSE;
  if (use)
    {
      use->seconds +=
          (g_get_monotonic_time () - start) / (gdouble)G_USEC_PER_SEC;
      use->pixels += (gint64)tile->outer.width * tile->outer.height;
    }
  return TRUE;
}

static gfloat *
make_planes (Work *work,
             const PmtNetSource *source,
             const PmtTile *tile,
             GError **error)
{
  const gint channels = work->net->info.channels;
  const gint n = MAX (channels, source->n_colors);
  const gsize size = (gsize)tile->outer.width * tile->outer.height;
  gfloat *planes = pmt_image_alloc (tile->outer.width, tile->outer.height,
                                    n * sizeof (gfloat), error);

  if (planes == NULL)
    return NULL;
  for (gint c = 0; c < source->n_colors; c++)
    pmt_net_source_plane (source, &work->picture, &tile->outer,
                          PMT_NET_PLANE_SEEN, c, planes + c * size);
  /* Gray as three equal components. */
  for (gint c = source->n_colors; c < channels; c++)
    memcpy (planes + c * size, planes, size * sizeof (gfloat));
  return planes;
}

/* A gray network makes the components one by one. */
static gboolean
apply_each (Work *work,
            const gfloat *planes,
            const PmtTile *tile,
            gint n,
            PmtNetResult *result,
            GError **error)
{
  const gint scale = work->net->info.scale;
  const gint width = tile->outer.width;
  const gint height = tile->outer.height;
  const gsize size = (gsize)width * height;
  const gsize large = size * scale * scale;
  g_autofree gfloat *all = pmt_image_alloc (width * scale, height * scale,
                                            n * sizeof (gfloat), error);

  if (all == NULL)
    return FALSE;
  for (gint c = 0; c < n; c++)
    {
      g_auto (PmtNetResult) one = { 0 };

      if (!apply (work, planes + c * size, tile, &one, error))
        return FALSE;
      memcpy (all + c * large, one.data, large * sizeof (gfloat));
    }
  result->converted = g_steal_pointer (&all);
  result->data = result->converted;
  result->width = width * scale;
  result->height = height * scale;
  return TRUE;
}

/* The three components that the network made of gray ones, as one. */
static void
average (gfloat *planes, gsize n)
{
  for (gsize i = 0; i < n; i++)
    planes[i] = (planes[i] + planes[n + i] + planes[2 * n + i]) / 3.0f;
}

static gboolean
run_tile (Work *work, gint column, gint row, GError **error)
{
  const PmtNetInfo *info = &work->net->info;
  g_auto (PmtNetSource) source = { 0 };
  g_auto (PmtNetResult) result = { 0 };
  g_autofree gfloat *planes = NULL;
  gboolean is_ok;
  PmtTile tile;

  pmt_tile_plan_get (&work->plan, column, row, &tile);
  if (!pmt_net_source_read (&source, work->buffer, &work->picture, &tile.outer,
                            extend_margin (info), error))
    return FALSE;
  planes = make_planes (work, &source, &tile, error);
  if (planes == NULL)
    return FALSE;
  if (info->channels < source.n_colors)
    is_ok = apply_each (work, planes, &tile, source.n_colors, &result, error);
  else
    is_ok = apply (work, planes, &tile, &result, error);
  if (!is_ok)
    return FALSE;
  if (info->channels > source.n_colors)
    average (result.data, (gsize)result.width * result.height);
  pmt_net_seam_blend (&work->seam, &work->plan, &tile, column, row,
                      result.data);
  return pmt_net_write (&work->writer, &source, &tile, result.data, error);
}

/* ------------------------------------------------------------------ run -- */

static gboolean
run_tiles (Work *work,
           const GeglRectangle *rect,
           PmtProgress *progress,
           GError **error)
{
  const PmtTilePlan *plan = &work->plan;
  const gint n_colors =
      pmt_pixels_is_gray (gegl_buffer_get_format (work->buffer)) ? 1 : 3;
  const gdouble total = (gdouble)rect->width * rect->height;
  gdouble done = 0.0;
  PmtTile tile;

  pmt_net_seam_clear (&work->seam);
  if (!pmt_net_seam_init (&work->seam, plan, rect, n_colors,
                          work->net->info.scale, error))
    return FALSE;
  for (gint row = 0; row < plan->n_y; row++)
    for (gint column = 0; column < plan->n_x; column++)
      {
        if (g_cancellable_set_error_if_cancelled (work->cancellable, error)
            || !run_tile (work, column, row, error))
          return FALSE;
        pmt_tile_plan_get (plan, column, row, &tile);
        done += (gdouble)tile.inner.width * tile.inner.height;
        pmt_progress_report (progress, done / total);
      }
  return TRUE;
}

/* Once more with tiles of half the side, when memory ran out. */
static gboolean
run_smaller (Work *work,
             const GeglRectangle *rect,
             PmtProgress *progress,
             GError **error)
{
  PmtNetRun smaller = *work->run;

  smaller.tile = MAX (pmt_tile_plan_longest (&work->plan) / 2, 1);
  make_plan (&work->net->info, &smaller, &work->picture, rect, &work->plan);
  return run_tiles (work, rect, progress, error);
}

gboolean
pmt_net_is_all_zero (const gfloat *values, gint n)
{
  for (gint i = 0; i < n; i++)
    if (values[i] != 0.0f)
      return FALSE;
  return TRUE;
}

static gboolean
changes_nothing (const PmtNetInfo *info, const PmtNetRun *run)
{
  if (info->scale != 1)
    return FALSE;
  return run->strength <= 0.0
         || (info->is_identity_at_zero && run->settings != NULL
             && pmt_net_is_all_zero (run->settings, info->n_settings));
}

static void
work_clear (Work *work)
{
  pmt_net_seam_clear (&work->seam);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Work, work_clear)

gboolean
pmt_net_run (PmtNet *net,
             const PmtNetRun *run,
             GeglBuffer *source,
             const GeglRectangle *rect,
             GeglBuffer *target,
             PmtProgress *progress,
             GCancellable *cancellable,
             GError **error)
{
  g_auto (Work) work = { net, run, source };
  g_autoptr (GError) local = NULL;

  g_return_val_if_fail (net != NULL && run != NULL, FALSE);
  if (!pmt_pixels_check_format (gegl_buffer_get_format (source), error)
      || !pmt_pixels_check_format (gegl_buffer_get_format (target), error)
      || g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  if (changes_nothing (&net->info, run))
    {
      const GeglRectangle place = { rect->x + run->offset_x,
                                    rect->y + run->offset_y, rect->width,
                                    rect->height };

      gegl_buffer_copy (source, rect, GEGL_ABYSS_NONE, target, &place);
      pmt_progress_report (progress, 1.0);
      return TRUE;
    }

  work.picture = gegl_rectangle_is_empty (&run->picture)
                     ? *gegl_buffer_get_extent (source)
                     : run->picture;
  work.writer = (PmtNetWriter){
    target,        &work.picture, net->info.scale, (gfloat)run->strength,
    run->offset_x, run->offset_y,
  };
  work.cancellable = cancellable;
  make_plan (&net->info, run, &work.picture, rect, &work.plan);
  if (run_tiles (&work, rect, progress, &local))
    return TRUE;
  if (g_error_matches (local, PMT_ERROR, PMT_ERROR_MEMORY))
    {
      g_clear_error (&local);
      if (run_smaller (&work, rect, progress, &local))
        return TRUE;
    }
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}
