/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* expand.h: which pixels are new when a canvas or a layer grows. */
#pragma once

#include "image/mask.h"

G_BEGIN_DECLS

/**
 * PmtExpandPlan:
 * @canvas: bounds of the canvas afterwards
 * @picture: bounds of the layer's picture afterwards: the old layer plus the
 *   new pixels on the sides asked for
 */
typedef struct
{
  GeglRectangle canvas;
  GeglRectangle picture;
} PmtExpandPlan;

/**
 * pmt_expand_plan:
 * @params: "left", "right", "top", "bottom" (px), or "aspect" ("16:9") with
 *   "anchor"; "scope" ("canvas" or "layer")
 * @canvas, @layer: before
 * @max_side: longest side allowed afterwards
 * @plan: (out)
 * @error: PMT_ERROR_ARGUMENT: nothing to add, edges and aspect at once, a
 *   malformed aspect, a result that is too large
 *
 * With scope "canvas" the edges are those of the canvas, and a layer that
 * does not reach the edge is continued up to the new one; a layer that goes
 * beyond the new edge already has those pixels.
 * Units: pixels.  Thread: any.
 */
gboolean pmt_expand_plan (const PmtParams *params,
                          const GeglRectangle *canvas,
                          const GeglRectangle *layer,
                          gint max_side,
                          PmtExpandPlan *plan,
                          GError **error);

/**
 * pmt_expand_area:
 * @plan: of pmt_expand_plan()
 * @layer: before
 *
 * Returns: (transfer full): the new border as an area to work on.
 */
PmtArea *pmt_expand_area (const PmtExpandPlan *plan,
                          const GeglRectangle *layer,
                          const PmtGeometryOptions *options);

/**
 * pmt_aspect_parse:
 * @text: two positive whole numbers up to 10000 with a colon, such as "16:9"
 *
 * Returns: %FALSE, with the numbers untouched, for anything else.
 */
gboolean pmt_aspect_parse (const gchar *text, gint *x, gint *y);

G_END_DECLS
