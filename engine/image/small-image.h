/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* small-image.h: colors at another size, place and angle. */
#pragma once

#include "pentimento.h"

G_BEGIN_DECLS

/**
 * PmtSmallImage: colors of a rectangle of a picture
 * @x, @y: where its corner is in the picture
 * @step: pixels of the picture that a pixel of it is wide and high
 * @rgb: [height, width, 3] R'G'B', clamped to 0..1
 *
 * Places are continuous: pixel 0 reaches from 0 to 1, its middle is 0.5.
 */
typedef struct
{
  gdouble x;
  gdouble y;
  gdouble step;
  gint width;
  gint height;
  gfloat *rgb;
} PmtSmallImage;

void pmt_small_image_free (PmtSmallImage *image);

/** pmt_small_image_new: Returns: (transfer full): black. */
PmtSmallImage *pmt_small_image_new (gint width, gint height, GError **error);

/**
 * pmt_small_image_read:
 * @rect: may reach beyond the picture, where the nearest colors continue it,
 *   as they do below transparent pixels
 * @step: of the result: means of squares of so many pixels
 * @error: PMT_ERROR_MEMORY, PMT_ERROR_UNSUPPORTED, G_IO_ERROR_CANCELLED
 *
 * Needs memory for the result and for a band of @rect.
 */
PmtSmallImage *pmt_small_image_read (GeglBuffer *picture,
                                     const GeglRectangle *rect,
                                     gint step,
                                     GCancellable *cancellable,
                                     GError **error);

/**
 * pmt_small_image_soften:
 * @image: (inout)
 * @ratio: sides of the pixels that will be made of it, in pixels of it
 *
 * Prefilter for sampling at larger steps than 1: a Gaussian, after means of
 * squares where @ratio is 2 or more, which make @image smaller.
 */
gboolean
pmt_small_image_soften (PmtSmallImage *image, gdouble ratio, GError **error);

/**
 * pmt_small_image_sample:
 * @u, @v: a place in @image, in pixels of it
 * @rgb: (out): [3]
 *
 * Catmull and Rom's cubic; border pixels continue the image.
 */
void pmt_small_image_sample (const PmtSmallImage *image,
                             gdouble u,
                             gdouble v,
                             gfloat *rgb);

/**
 * PmtSimilarity: x' = a x - b y + tx, y' = b x + a y + ty
 */
typedef struct
{
  gdouble a;
  gdouble b;
  gdouble tx;
  gdouble ty;
} PmtSimilarity;

/** pmt_similarity_apply: @point: (inout): [2] */
void pmt_similarity_apply (const PmtSimilarity *map, gdouble *point);

/** pmt_similarity_invert: @map: of a scale above 0 */
PmtSimilarity pmt_similarity_invert (const PmtSimilarity *map);
gdouble pmt_similarity_scale (const PmtSimilarity *map);

/**
 * pmt_similarity_fit:
 * @from, @to: [@n] points, at least 2
 * @map: (out): least squares over all points
 *
 * Source: Umeyama 1991, for two dimensions and without mirroring.
 * Returns: %FALSE where points coincide.
 */
gboolean pmt_similarity_fit (const gdouble (*from)[2],
                             const gdouble (*to)[2],
                             gint n,
                             PmtSimilarity *map);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PmtSmallImage, pmt_small_image_free)

G_END_DECLS
