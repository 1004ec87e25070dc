/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* area-plan.h: what a run works on, on a small picture; without GTK. */
#pragma once

#include "pentimento.h"

G_BEGIN_DECLS

/**
 * PmtAreaPlan: rectangles in canvas coordinates, and how they are drawn
 * @picture: what the small picture shows: the layer, or the image
 * @after: the canvas after the run
 * @made: what becomes new as a whole; empty: nothing
 * @scale: pixels of the view per pixel
 * @x, @y: where canvas 0, 0 is in the view
 * @width, @height: of the view
 */
typedef struct
{
  GeglRectangle canvas;
  GeglRectangle picture;
  GeglRectangle after;
  GeglRectangle made;
  guint n_areas;
  PmtWorkArea areas[PMT_MAX_WORK_AREAS];
  gdouble scale;
  gdouble x;
  gdouble y;
  gint width;
  gint height;
} PmtAreaPlan;

/**
 * pmt_area_plan_init:
 * @estimate: (nullable): of @request; %NULL: it can't run
 * @width, @height: of the view
 *
 * All of the canvas before and after, and what is made, fit into the view.
 */
void pmt_area_plan_init (PmtAreaPlan *plan,
                         const PmtRequest *request,
                         const PmtEstimate *estimate,
                         gint width,
                         gint height);

/**
 * pmt_area_plan_read_mask:
 * @mask: (nullable): selection, canvas coordinates
 *
 * Returns: (transfer full): [plan.height, plan.width]: coverage in the view,
 *   0..255.
 */
guint8 *pmt_area_plan_read_mask (const PmtAreaPlan *plan, GeglBuffer *mask);

/**
 * pmt_area_plan_soften:
 * @mask: of pmt_area_plan_read_mask()
 *
 * How strongly each pixel is worked on: grown and with the soft edge of its
 * area, 0 outside of what the model sees.  Distances are right within a tenth.
 *
 * Returns: (transfer full): [plan.height, plan.width], 0..255.
 */
guint8 *pmt_area_plan_soften (const PmtAreaPlan *plan, const guint8 *mask);

/** pmt_area_plan_tell: Returns: (transfer full): a sentence on sizes. */
gchar *pmt_area_plan_tell (const PmtAreaPlan *plan);

G_END_DECLS
