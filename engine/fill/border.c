/* SPDX-License-Identifier: LGPL-3.0-or-later */
#include "config.h"

#include "fill/border.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define REACH_RATIO 1.5
#define MIN_REACH 64.0

/* Nothing beyond the outer edge holds the correction of seams: over more
 * pixels than this, dark skies drifted to green and purple. */
#define SEAM_REACH 8.0f

/* One side: the strip that is added, and the old pixels next to it. */
typedef struct
{
  GeglRectangle strip;
  GeglRectangle band;
  GeglRectangle joined;
} Side;

static gint
band_depth (gint added, gint available, gdouble reach)
{
  gdouble depth = reach >= 0.0 ? reach : MAX (REACH_RATIO * added, MIN_REACH);

  return (gint)CLAMP (depth, 1.0, (gdouble)available);
}

/* Rectangles of the side that ends at x0 .. x1 beside @known. */
static gboolean
plan_columns (
    const GeglRectangle *known, gint x0, gint x1, gdouble reach, Side *side)
{
  gint added = x1 - x0;
  gint depth = band_depth (added, known->width, reach);
  gboolean is_left = x0 < known->x;

  if (added <= 0)
    return FALSE;
  gegl_rectangle_set (&side->strip, x0, known->y, (guint)added,
                      (guint)known->height);
  gegl_rectangle_set (&side->band,
                      is_left ? known->x : known->x + known->width - depth,
                      known->y, (guint)depth, (guint)known->height);
  gegl_rectangle_bounding_box (&side->joined, known, &side->strip);
  return TRUE;
}

static gboolean
plan_rows (
    const GeglRectangle *known, gint y0, gint y1, gdouble reach, Side *side)
{
  gint added = y1 - y0;
  gint depth = band_depth (added, known->height, reach);
  gboolean is_top = y0 < known->y;

  if (added <= 0)
    return FALSE;
  gegl_rectangle_set (&side->strip, known->x, y0, (guint)known->width,
                      (guint)added);
  gegl_rectangle_set (&side->band, known->x,
                      is_top ? known->y : known->y + known->height - depth,
                      (guint)known->width, (guint)depth);
  gegl_rectangle_bounding_box (&side->joined, known, &side->strip);
  return TRUE;
}

/* In the order of work; each side sees the sides before it as known. */
static gint
plan_sides (const GeglRectangle *rect,
            const GeglRectangle *old,
            gdouble reach,
            Side sides[4])
{
  GeglRectangle known = *old;
  gint n = 0;

  if (plan_columns (&known, rect->x, known.x, reach, &sides[n]))
    known = sides[n++].joined;
  if (plan_columns (&known, known.x + known.width, rect->x + rect->width, reach,
                    &sides[n]))
    known = sides[n++].joined;
  if (plan_rows (&known, rect->y, known.y, reach, &sides[n]))
    known = sides[n++].joined;
  if (plan_rows (&known, known.y + known.height, rect->y + rect->height, reach,
                 &sides[n]))
    n++;
  return n;
}

static void
mark (guint8 *map, const GeglRectangle *rect, const GeglRectangle *part)
{
  memset (map, 0, (gsize)rect->width * rect->height);
  for (gint y = 0; y < part->height; y++)
    memset (map + (gsize)(part->y - rect->y + y) * rect->width
                + (part->x - rect->x),
            255, part->width);
}

static gdouble
area (const Side *side)
{
  return (gdouble)side->strip.width * side->strip.height;
}

gboolean
pmt_fill_border (PmtPixels *pixels,
                 const GeglRectangle *known,
                 gdouble reach,
                 const PmtFillOptions *options,
                 PmtProgress *progress,
                 GCancellable *cancellable,
                 GError **error)
{
  const GeglRectangle *rect = &pixels->rect;
  gsize n_pixels = (gsize)rect->width * rect->height;
  g_autofree guint8 *hole = g_try_malloc (n_pixels);
  g_autofree guint8 *usable = g_try_malloc (n_pixels);
  PmtFillOptions open = PMT_FILL_OPTIONS_INIT;
  Side sides[4];
  gint n = plan_sides (rect, known, reach, sides);
  gdouble total = 0.0;
  gboolean is_ok = TRUE;

  if (!hole || !usable)
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_MEMORY,
                   _ ("There is not enough memory to work on %d × %d pixels. "
                      "Close other pictures or add fewer pixels."),
                   rect->width, rect->height);
      return FALSE;
    }

  if (options)
    open = *options;
  open.seam_reach = SEAM_REACH;

  for (gint i = 0; i < n; i++)
    total += area (&sides[i]);
  for (gint i = 0; i < n && is_ok; i++)
    {
      mark (hole, rect, &sides[i].strip);
      mark (usable, rect, &sides[i].band);
      pmt_progress_begin (progress, NULL, area (&sides[i]) / total);
      is_ok = pmt_fill_run (pixels, hole, usable, &open, progress, cancellable,
                            error);
      pmt_progress_end (progress);
    }
  return is_ok;
}
