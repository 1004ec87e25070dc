/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* geometry.c: from a selection to feather, grow, blend and working crop. */
#include "config.h"

#include "image/geometry.h"
#include "image/image-private.h"

#include <math.h>

/* DESIGN.md section 5. */
#define FEATHER_PER_DIAGONAL 0.10
#define FEATHER_MIN 32.0
#define GROW_BASE 4.0
#define BLEND_MAX 25.0
#define CONTEXT_PER_DIAGONAL 0.06
#define WIDE_CONTEXT_DIVISOR 16.0
#define MIN_CROP 256
#define MIN_CROP_WIDE 512

gint
pmt_image_clamp_int (gdouble value)
{
  if (!(value > (gdouble)G_MININT))
    return G_MININT;
  if (value >= (gdouble)G_MAXINT)
    return G_MAXINT;
  return (gint)value;
}

GeglRectangle
pmt_rect_grow (const GeglRectangle *rect, gdouble by)
{
  const gdouble step = ceil (by);
  const gint x = pmt_image_clamp_int (rect->x - step);
  const gint y = pmt_image_clamp_int (rect->y - step);
  GeglRectangle grown = { x, y, 0, 0 };

  grown.width = pmt_image_clamp_int ((gdouble)pmt_rect_right (rect) + step - x);
  grown.height =
      pmt_image_clamp_int ((gdouble)pmt_rect_bottom (rect) + step - y);
  return grown;
}

/* The width of the soft edge when nothing is given. */
static gdouble
automatic_feather (gdouble strength, gdouble diagonal)
{
  return MAX (FEATHER_PER_DIAGONAL * strength * diagonal,
              FEATHER_MIN * strength);
}

static gdouble
automatic_context (gdouble strength,
                   const GeglRectangle *bounds,
                   const GeglRectangle *canvas)
{
  const gdouble diagonal = hypot (bounds->width, bounds->height);
  const gdouble context = automatic_feather (strength, diagonal) + GROW_BASE
                          + CONTEXT_PER_DIAGONAL * diagonal;
  const gdouble canvas_side = MAX (canvas->width, canvas->height);
  const gdouble mean_side = (bounds->width + (gdouble)bounds->height) / 2.0;

  if (strength < 1.0)
    return context;
  return MAX (context,
              MAX (canvas_side / WIDE_CONTEXT_DIVISOR, mean_side / 2.0));
}

/*
 * One axis of the crop: [start, end) grown by the margin to the wanted size,
 * then shifted, not cut, to stay inside [low, high).
 */
static void
fit_axis (gdouble start,
          gdouble end,
          gdouble margin,
          gdouble min_size,
          gdouble multiple,
          gint low,
          gint64 high,
          gint *position,
          gint *size)
{
  const gdouble from = floor (start - margin);
  const gdouble available = (gdouble)high - low;
  gdouble wanted = MAX (ceil (end + margin) - from, min_size);
  gdouble first;

  wanted = MIN (ceil (wanted / multiple) * multiple, available);
  /* Extra pixels go to both sides alike. */
  first = from - floor ((wanted - (ceil (end + margin) - from)) / 2.0);
  first = CLAMP (first, (gdouble)low, (gdouble)high - wanted);
  *position = (gint)first;
  *size = (gint)wanted;
}

/* Feather, grow and blend: given values, or those of the formulas. */
static void
compute_widths (const PmtGeometryOptions *options,
                gdouble strength,
                PmtGeometry *geometry)
{
  const gdouble diagonal =
      hypot (geometry->bounds.width, geometry->bounds.height);
  const gdouble feather = options->feather >= 0.0
                              ? options->feather
                              : automatic_feather (strength, diagonal);
  const gboolean is_soft = feather > 0.0;
  gdouble grow = is_soft ? GROW_BASE + feather / 2.0 : 0.0;
  gdouble blend;

  if (options->grow >= 0.0)
    grow = options->grow;
  blend = is_soft ? MIN (BLEND_MAX, grow + feather / 2.0) : 0.0;
  if (options->blend >= 0.0)
    blend = options->blend;
  geometry->feather = feather;
  geometry->grow = grow;
  geometry->blend = blend;
}

void
pmt_geometry_compute (const PmtGeometryOptions *options,
                      const GeglRectangle *bounds,
                      const GeglRectangle *canvas,
                      const GeglRectangle *limits,
                      PmtGeometry *geometry)
{
  const gdouble strength = CLAMP (options->strength, 0.0, 1.0);
  const gint multiple = MAX (options->multiple, 1);
  gint min_size = options->min_size;
  PmtGeometry g = { 0 };
  gdouble margin;

  g_return_if_fail (gegl_rectangle_intersect (&g.bounds, bounds, limits));

  compute_widths (options, strength, &g);
  if (options->context >= 0.0)
    margin = MAX (options->context, g.blend);
  else
    /* Given widths may ask for more room than the automatic ones. */
    margin = MAX (automatic_context (strength, &g.bounds, canvas),
                  MAX (g.blend, g.grow + g.feather / 2.0));
  if (min_size <= 0)
    min_size = strength >= 1.0 ? MIN_CROP_WIDE : MIN_CROP;

  fit_axis (g.bounds.x, (gdouble)pmt_rect_right (&g.bounds), margin, min_size,
            multiple, limits->x, pmt_rect_right (limits), &g.crop.x,
            &g.crop.width);
  fit_axis (g.bounds.y, (gdouble)pmt_rect_bottom (&g.bounds), margin, min_size,
            multiple, limits->y, pmt_rect_bottom (limits), &g.crop.y,
            &g.crop.height);
  *geometry = g;
}

void
pmt_geometry_fit_aspect (const GeglRectangle *rect,
                         gint aspect_x,
                         gint aspect_y,
                         gdouble anchor_x,
                         gdouble anchor_y,
                         GeglRectangle *fitted)
{
  const gdouble width = rect->width;
  const gdouble height = rect->height;
  GeglRectangle result = *rect;

  g_return_if_fail (aspect_x > 0 && aspect_y > 0);

  if (width * aspect_y >= height * aspect_x)
    result.height =
        pmt_image_clamp_int (MAX (height, round (width * aspect_y / aspect_x)));
  else
    result.width =
        pmt_image_clamp_int (MAX (width, round (height * aspect_x / aspect_y)));
  result.x = pmt_image_clamp_int (
      rect->x - round ((result.width - width) * CLAMP (anchor_x, 0.0, 1.0)));
  result.y = pmt_image_clamp_int (
      rect->y - round ((result.height - height) * CLAMP (anchor_y, 0.0, 1.0)));
  *fitted = result;
}
