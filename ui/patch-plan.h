/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* patch-plan.h: a patch of a layer: what is read, run and shown. */
#pragma once

#include <cairo.h>

#include "pentimento.h"

G_BEGIN_DECLS

/**
 * PmtPatchPlan: the geometry of one patch
 * @patch: part of the layer that is shown, canvas coordinates
 * @area: what is read: the patch and a margin, so that networks see what is
 *   around it, inside the layer
 * @shown: @patch in pixels of the result of @area
 * @width, @height: of the result of @area
 */
typedef struct
{
  GeglRectangle patch;
  GeglRectangle area;
  GeglRectangle shown;
  gint width;
  gint height;
  gdouble scale;
} PmtPatchPlan;

/**
 * pmt_patch_plan_init:
 * @layer: bounds of the whole layer, canvas coordinates
 * @scale: result pixels per pixel
 * @x, @y: wanted middle of the patch; moved so that it stays inside @layer
 * @size: sides of the view, in result pixels
 */
void pmt_patch_plan_init (PmtPatchPlan *plan,
                          const GeglRectangle *layer,
                          gdouble scale,
                          gdouble x,
                          gdouble y,
                          gint size);

/**
 * pmt_patch_plan_request:
 * @request: what is asked for the whole layer
 * @pixels: of the plan's area
 *
 * Returns: (transfer full): the same for the area alone, which becomes a layer
 *   and a canvas of its own at 0, 0, without a selection.
 */
PmtRequest *pmt_patch_plan_request (const PmtPatchPlan *plan,
                                    PmtEngine *engine,
                                    const PmtRequest *request,
                                    GeglBuffer *pixels);

/**
 * pmt_patch_plan_draw_before:
 * @pixels: of the plan's area
 *
 * Returns: (transfer full): what is shown, as it is; when the result is
 *   larger, enlarged by cubic interpolation.
 */
cairo_surface_t *pmt_patch_plan_draw_before (const PmtPatchPlan *plan,
                                             GeglBuffer *pixels);

/**
 * pmt_patch_plan_draw_after:
 * @picture: result of pmt_patch_plan_request()
 *
 * Returns: (transfer full): what is shown of it.
 */
cairo_surface_t *pmt_patch_plan_draw_after (const PmtPatchPlan *plan,
                                            GeglBuffer *picture);

G_END_DECLS
