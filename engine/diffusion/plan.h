/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* plan.h: which parts of a picture are made, and at which sizes. */
#pragma once

#include "diffusion/settings.h"
#include "image/mask.h"

G_BEGIN_DECLS

/** PmtWorkSize: pixels; 0, 0: none. */
typedef struct
{
  gint width;
  gint height;
} PmtWorkSize;

/**
 * PmtPiece: one part.
 * @area: (nullable): %NULL: all of @crop is new
 * @crop: where the result goes, in canvas coordinates
 * @first: the size that is worked at
 * @second: the size of a second pass that refines; none for small pieces
 */
typedef struct
{
  PmtArea *area;
  GeglRectangle crop;
  PmtWorkSize first;
  PmtWorkSize second;
} PmtPiece;

/**
 * PmtPlan:
 * @pieces: (element-type PmtPiece)
 * @canvas: afterwards
 */
typedef struct
{
  GPtrArray *pieces;
  GeglRectangle canvas;
} PmtPlan;

/**
 * pmt_plan_init:
 * @error: PMT_ERROR_INPUT, PMT_ERROR_ARGUMENT: nothing selected, sizes that
 *   can't be
 *
 * Pieces below the size that the checkpoint was made for are enlarged to it;
 * up to 1.75 times its pixels a piece is worked on at its own size; beyond,
 * it is begun at the checkpoint's size and refined at its own size, or at
 * four times the checkpoint's pixels where it is larger still.
 * Work sizes are multiples of 8.
 */
gboolean pmt_plan_init (PmtPlan *plan,
                        const PmtSettings *settings,
                        const PmtCheckpoint *checkpoint,
                        const PmtModel *model,
                        const PmtRequest *request,
                        GError **error);
void pmt_plan_clear (PmtPlan *plan);

/** pmt_plan_region: the part of the layer that will be read. */
void pmt_plan_region (const PmtPlan *plan,
                      const PmtRequest *request,
                      GeglRectangle *region);

/** pmt_plan_get_largest: the largest size that is worked at. */
PmtWorkSize pmt_plan_get_largest (const PmtPlan *plan);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PmtPlan, pmt_plan_clear)

G_END_DECLS
