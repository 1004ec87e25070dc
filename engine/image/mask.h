/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* mask.h: selections: bounds, separate areas, growing, feathering. */
#pragma once

#include "image/geometry.h"
#include "pentimento.h"

G_BEGIN_DECLS

/**
 * pmt_mask_bounds:
 * @mask: selection
 * @limits: (nullable): only inside this rectangle
 * @bounds: (out): tight bounds of coverage > 0
 *
 * Returns: %FALSE, with @bounds untouched, when nothing is selected there.
 */
gboolean pmt_mask_bounds (GeglBuffer *mask,
                          const GeglRectangle *limits,
                          GeglRectangle *bounds);

/**
 * PmtArea: one group of selected regions that is worked on together.
 * @mask: "Y float", extent = the working crop, of this area's regions only
 */
typedef struct
{
  PmtGeometry geometry;
  GeglBuffer *mask;
} PmtArea;

void pmt_area_free (PmtArea *area);

/** pmt_area_tell: adds @area to those of @estimate, while there is room. */
void pmt_area_tell (const PmtArea *area, PmtEstimate *estimate);

/**
 * pmt_areas_plan:
 * @mask: selection, canvas coordinates
 * @options: applied to every area
 * @canvas, @layer: as pmt_geometry_compute()
 * @error: PMT_ERROR_INPUT when nothing is selected inside @layer
 *
 * Splits the selection into connected regions (8-neighbours, coverage > 0),
 * joins regions whose working crops overlap or whose joint crop is not much
 * larger than the two, so that far-apart areas become one area each, and
 * computes the geometry of each.  Order: top to bottom, left to right.
 * At most 64 areas; beyond that the nearest are joined.
 *
 * Returns: (transfer full) (element-type PmtArea)
 */
GPtrArray *pmt_areas_plan (GeglBuffer *mask,
                           const PmtGeometryOptions *options,
                           const GeglRectangle *canvas,
                           const GeglRectangle *layer,
                           GError **error);

/**
 * pmt_mask_denoise:
 * @area: a planned area
 *
 * Returns: (transfer full) (nullable): "Y float" on the crop: the selection
 *   grown by geometry.grow (Euclidean), then feathered (Gaussian;
 *   geometry.feather is the width of the soft edge).  Support stays inside
 *   the crop.  %NULL when memory does not suffice.
 */
GeglBuffer *pmt_mask_denoise (const PmtArea *area);

/**
 * pmt_mask_composite:
 * @area: a planned area
 *
 * Returns: (transfer full) (nullable): "Y float" on the crop: at least the
 *   selection everywhere, 1 where it is 1, falling smoothly (smoothstep) to 0
 *   over geometry.blend pixels outside it; soft selections keep their
 *   softness.  Exactly 0 from geometry.blend pixels on.  %NULL when memory
 *   does not suffice.
 */
GeglBuffer *pmt_mask_composite (const PmtArea *area);

/**
 * pmt_mask_grow:
 * @mask: selection; pixels of it outside @rect count too
 * @threshold: coverage, strict
 * @radius: pixels, Euclidean; 0 keeps the support
 * @rect: where
 *
 * Returns: (transfer full) (nullable): [rect.height, rect.width] bytes, 255
 *   where coverage > @threshold within @radius, else 0.  g_free().  %NULL when
 *   memory does not suffice.
 */
guint8 *pmt_mask_grow (GeglBuffer *mask,
                       gdouble threshold,
                       gdouble radius,
                       const GeglRectangle *rect);

/**
 * pmt_mask_multiply:
 * @mask: (inout): "Y float"
 * @other: any mask; 0 outside its extent
 */
void pmt_mask_multiply (GeglBuffer *mask, GeglBuffer *other);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PmtArea, pmt_area_free)

G_END_DECLS
