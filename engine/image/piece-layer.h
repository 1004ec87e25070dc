/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* piece-layer.h: from pixels that a model made to a layer and its mask. */
#pragma once

#include "image/mask.h"
#include "image/pixels.h"

G_BEGIN_DECLS

/**
 * pmt_piece_match_rect:
 * @rect: (out): the part of the area's crop that matching colors looks at: what
 *   is to change, and around it
 */
void pmt_piece_match_rect (const PmtArea *area, GeglRectangle *rect);

/**
 * pmt_piece_match_plan:
 * @original: the area's crop as it is, or the part of it that
 *   pmt_piece_match_rect() tells; both give the same
 * @error: PMT_ERROR_MEMORY
 *
 * pmt_match_plan_new() with the settings for pictures that are made by a
 * model.
 */
PmtMatchPlan *pmt_piece_match_plan (const PmtPixels *original,
                                    const PmtArea *area,
                                    GError **error);

/**
 * pmt_piece_make_mask:
 * @area: (nullable): its composite mask; %NULL: the alpha of @source on @rect,
 *   so that a layer keeps its shape
 * @source: (nullable): of the request
 * @is_all_opaque: nothing of @source on @rect is transparent
 * @mask: (out) (transfer full) (nullable): %NULL where none is needed
 * @error: PMT_ERROR_MEMORY
 */
gboolean pmt_piece_make_mask (const PmtArea *area,
                              GeglBuffer *source,
                              const GeglRectangle *rect,
                              gboolean is_all_opaque,
                              GeglBuffer **mask,
                              GError **error);

G_END_DECLS
