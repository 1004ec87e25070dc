/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* work-image.h: crops at the size that a model works at, and back. */
#pragma once

#include "image/pixels.h"

G_BEGIN_DECLS

/**
 * pmt_work_image_new:
 * @pixels: a crop; transparent pixels should have been filled
 * @width, @height: pixels of the result
 * @error: PMT_ERROR_MEMORY, G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full): [3, @height, @width], R'G'B', -1..1
 */
gfloat *pmt_work_image_new (const PmtPixels *pixels,
                            gint width,
                            gint height,
                            GCancellable *cancellable,
                            GError **error);

/**
 * pmt_work_image_resize:
 * @image: [3, @height, @width]
 *
 * Returns: (transfer full): [3, @new_height, @new_width], by Lanczos' filter
 */
gfloat *pmt_work_image_resize (const gfloat *image,
                               gint width,
                               gint height,
                               gint new_width,
                               gint new_height,
                               GCancellable *cancellable,
                               GError **error);

/**
 * pmt_work_image_write:
 * @image: [3, @height, @width], -1..1; values beyond are clamped
 * @pixels: (inout): a crop of any size: every pixel is replaced
 */
gboolean pmt_work_image_write (const gfloat *image,
                               gint width,
                               gint height,
                               PmtPixels *pixels,
                               GCancellable *cancellable,
                               GError **error);

/**
 * pmt_work_mask_new:
 * @mask: "Y float"
 * @crop: the part to read
 *
 * Returns: (transfer full): [@height, @width], 0..1
 */
gfloat *pmt_work_mask_new (GeglBuffer *mask,
                           const GeglRectangle *crop,
                           gint width,
                           gint height,
                           GCancellable *cancellable,
                           GError **error);

/**
 * pmt_work_mask_pool:
 * @mask: [@height, @width], sides multiples of @factor
 *
 * Returns: (transfer full): [@height / @factor, @width / @factor]: the means
 *   of squares, which keeps soft edges soft.
 */
gfloat *
pmt_work_mask_pool (const gfloat *mask, gint width, gint height, gint factor);

G_END_DECLS
