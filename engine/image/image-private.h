/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* image-private.h: what the files of engine/image share. */
#pragma once

#include "pentimento.h"

G_BEGIN_DECLS

/**
 * pmt_image_alloc:
 * @element: bytes per pixel, not 0
 * @error: PMT_ERROR_MEMORY
 *
 * Returns: (transfer full): [height, width] elements of zeros; g_free().
 */
gpointer
pmt_image_alloc (gint width, gint height, gsize element, GError **error);

/** pmt_image_clamp_int: @value as an int, without overflow. */
gint pmt_image_clamp_int (gdouble value);

/**
 * pmt_rect_grow:
 * @by: pixels on each side, at least 0, rounded up
 *
 * Returns: @rect grown, without overflow.
 */
GeglRectangle pmt_rect_grow (const GeglRectangle *rect, gdouble by);

/** pmt_rect_right, pmt_rect_bottom: first coordinate outside. */
static inline gint64
pmt_rect_right (const GeglRectangle *rect)
{
  return (gint64)rect->x + rect->width;
}

static inline gint64
pmt_rect_bottom (const GeglRectangle *rect)
{
  return (gint64)rect->y + rect->height;
}

/**
 * pmt_mask_format: "Y float" in the mask's own space, so that reading applies
 * neither a curve nor a matrix to linear coverage.
 */
const Babl *pmt_mask_format (GeglBuffer *mask);

/** pmt_image_threads: how many threads GEGL, and so the user of GIMP, wants. */
gint pmt_image_threads (void);

/**
 * pmt_mask_read_selected:
 * @rect: part to read; outside the mask's extent nothing is selected
 * @selected: (out caller-allocates): [rect.height, rect.width] bytes, not 0
 *   where coverage > 0
 *
 * Cheap for 8-bit selections, which are not converted.  One row at least is
 * converted at a time for others.
 */
void pmt_mask_read_selected (GeglBuffer *mask,
                             const GeglRectangle *rect,
                             guint8 *selected);

/**
 * pmt_mask_read_coverage:
 * @rect: part to read; 0 outside the mask's extent
 * @coverage: (out caller-allocates): [rect.height, rect.width] of 0..1; what
 *   is no number is 0
 */
void pmt_mask_read_coverage (GeglBuffer *mask,
                             const GeglRectangle *rect,
                             gfloat *coverage);

/**
 * pmt_mask_feather: (feather.c)
 * @mask: (inout): "Y float"
 * @width: of the soft edge, in pixels
 *
 * Blurs in place, without fading at the border of the mask.
 * Returns: %FALSE without memory.
 */
gboolean pmt_mask_feather (GeglBuffer *mask, gdouble width);

G_END_DECLS
