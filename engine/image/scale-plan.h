/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* scale-plan.h: which pixels become which, for enhance and upscale. */
#pragma once

#include "catalog/model.h"
#include "core/backend.h"
#include "image/mask.h"

G_BEGIN_DECLS

/** Longest side of GIMP's images. */
#define PMT_SCALE_MAX_SIDE 524288

/**
 * PmtScalePiece: what becomes one layer
 * @source: part of the layer that is worked on
 * @picture: where the result goes on the new canvas
 * @place_x, @place_y: where the pixel at the plan's base goes
 * @area: (nullable) (transfer none): of the selection
 */
typedef struct
{
  GeglRectangle source;
  GeglRectangle picture;
  gint place_x;
  gint place_y;
  const PmtArea *area;
} PmtScalePiece;

/**
 * PmtScalePlan:
 * @scale: of the network that enlarges; 1: nothing is enlarged
 * @factor_x, @factor_y: sides of the result over sides of the source
 * @is_exact: both are @scale
 * @base_x, @base_y: the pixel whose corner stays where a piece's place says
 * @canvas: of the result
 * @asked_width, @asked_height: 0 unless both were asked for and not made
 * @made_width, @made_height: of the canvas or the layer
 * @pieces: (element-type PmtScalePiece)
 * @areas: (nullable) (element-type PmtArea)
 */
typedef struct
{
  gint scale;
  gdouble factor_x;
  gdouble factor_y;
  gboolean is_exact;
  gint base_x;
  gint base_y;
  GeglRectangle canvas;
  gint asked_width;
  gint asked_height;
  gint made_width;
  gint made_height;
  GArray *pieces;
  GPtrArray *areas;
} PmtScalePlan;

/**
 * pmt_scale_plan_init:
 * @plan: (out caller-allocates): clear it, also after a failure
 * @error: PMT_ERROR_ARGUMENT for sizes that can't be made, PMT_ERROR_INPUT
 *   when nothing of the layer is left or selected
 *
 * Sizes are checked before the selection is read.
 */
gboolean pmt_scale_plan_init (PmtScalePlan *plan,
                              const PmtModel *model,
                              const PmtRequest *request,
                              GError **error);
void pmt_scale_plan_clear (PmtScalePlan *plan);

/** pmt_scale_plan_sizes: as pmt_scale_plan_init(), without pieces. */
gboolean pmt_scale_plan_sizes (PmtScalePlan *plan,
                               const PmtModel *model,
                               const PmtRequest *request,
                               GError **error);

/**
 * pmt_scale_plan_mask:
 * @piece: with an area
 *
 * Returns: (transfer full) (nullable): the composite mask of its selection at
 *   the size of the result; %NULL with @error set.
 */
GeglBuffer *pmt_scale_plan_mask (const PmtScalePlan *plan,
                                 const PmtScalePiece *piece,
                                 GCancellable *cancellable,
                                 GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PmtScalePlan, pmt_scale_plan_clear)

G_END_DECLS
