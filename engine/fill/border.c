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

/* The side whose strip is @strip, along the whole of @known. */
static gboolean
plan_side (const GeglRectangle *known,
           const GeglRectangle *strip,
           gdouble reach,
           Side *side)
{
  gboolean is_column = strip->height == known->height && strip->y == known->y;
  gint depth = is_column ? band_depth (strip->width, known->width, reach)
                         : band_depth (strip->height, known->height, reach);
  GeglRectangle around = { strip->x - depth, strip->y - depth,
                           strip->width + 2 * depth,
                           strip->height + 2 * depth };

  if (strip->width <= 0 || strip->height <= 0)
    return FALSE;
  side->strip = *strip;
  gegl_rectangle_intersect (&side->band, &around, known);
  gegl_rectangle_bounding_box (&side->joined, known, strip);
  return TRUE;
}

/* In the order of work; each side sees the sides before it as known. */
static gint
plan_sides (const GeglRectangle *rect,
            const GeglRectangle *old,
            gdouble reach,
            Side sides[4])
{
  gint right = old->x + old->width;
  gint bottom = old->y + old->height;
  const GeglRectangle strips[4] = {
    { rect->x, old->y, old->x - rect->x, old->height },
    { right, old->y, rect->x + rect->width - right, old->height },
    { rect->x, rect->y, rect->width, old->y - rect->y },
    { rect->x, bottom, rect->width, rect->y + rect->height - bottom },
  };
  GeglRectangle known = *old;
  gint n = 0;

  for (gint i = 0; i < 4; i++)
    if (plan_side (&known, &strips[i], reach, &sides[n]))
      known = sides[n++].joined;
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
