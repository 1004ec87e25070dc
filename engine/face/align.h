/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* align.h: faces in the place, size and angle that networks know. */
#pragma once

#include "image/small-image.h"
#include "image/resize.h"

G_BEGIN_DECLS

/**
 * pmt_face_align:
 * @side: of the aligned picture
 * @map: (out): from places in the picture to those in the aligned one
 *
 * Least squares onto the five points of the FFHQ template, as 512 × 512
 * pixels have them: eyes at 193, 240 and 319, 240.
 * Returns: %FALSE where the landmarks coincide.
 */
gboolean pmt_face_align (const PmtFace *face, gint side, PmtSimilarity *map);

/**
 * pmt_face_mask:
 * @u, @v: a place in the aligned picture over its side: 0..1
 *
 * Returns: 0..1: how far a pixel belongs to the face: 1 from the forehead to
 *   the chin, falling to exactly 0 inside the aligned picture.
 */
gfloat pmt_face_mask (gdouble u, gdouble v);

/**
 * pmt_face_reach:
 * @resize: (nullable): from the picture with the face to another one
 *
 * Returns: pixels of that picture where pmt_face_mask() is above 0, and some
 *   more; empty when the face has no size.
 */
GeglRectangle pmt_face_reach (const PmtFace *face, const PmtResize *resize);

/**
 * pmt_face_cut:
 * @picture: any format but indexed and CMYK
 * @map: from the picture with the face to the aligned one
 * @resize: (nullable): from the picture with the face to @picture
 * @side: of the result
 *
 * Softened where pixels get larger.
 * Returns: (transfer full) (nullable): [side, side].
 */
PmtSmallImage *pmt_face_cut (GeglBuffer *picture,
                             const PmtSimilarity *map,
                             const PmtResize *resize,
                             gint side,
                             GCancellable *cancellable,
                             GError **error);

/** pmt_resize_apply: @point: (inout): [2], from the source to the target;
 * @resize: (nullable): nothing happens. */
void pmt_resize_apply (const PmtResize *resize, gdouble *point);
void pmt_resize_unapply (const PmtResize *resize, gdouble *point);

G_END_DECLS
