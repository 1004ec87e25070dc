/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* guided.h: a coarse mask that follows the edges of a picture. */
#pragma once

#include "image/small-image.h"

G_BEGIN_DECLS

/**
 * pmt_guided_refine:
 * @picture: any format but indexed and CMYK
 * @rect: what the mask is of
 * @small: of @rect: a smaller copy of it
 * @coarse: [small->height, small->width] 0..1
 * @radius: pixels of @small over which colors tell the edge
 * @error: PMT_ERROR_MEMORY, G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full) (nullable): "Y float" on @rect, at its resolution:
 *   around each place the mask is a linear function of the colors.
 * Source: He and Sun, "Fast Guided Filter", 2015.
 */
GeglBuffer *pmt_guided_refine (GeglBuffer *picture,
                               const GeglRectangle *rect,
                               const PmtSmallImage *small,
                               const gfloat *coarse,
                               gint radius,
                               GCancellable *cancellable,
                               GError **error);

G_END_DECLS
