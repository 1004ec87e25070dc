/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* result-layer.h: from one item of a result to a layer. */
#pragma once

#include "result-layers.h"

G_BEGIN_DECLS

/**
 * pmt_result_layer_new:
 * @i: item of @placement's result
 *
 * A complete layer, with mask and recipe, that is in no image yet: making it
 * leaves no undo step.
 *
 * Returns: (transfer none) (nullable): %NULL when GIMP can't make it.
 */
GimpLayer *
pmt_result_layer_new (GimpImage *image, const PmtPlacement *placement, guint i);

G_END_DECLS
