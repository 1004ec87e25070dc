/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* fit.h: sizes that a service takes, and results on the canvas. */
#pragma once

#include "pentimento.h"

G_BEGIN_DECLS

/**
 * PmtFitLimits: 0: no limit
 * @min_side, @max_side: of either side, in pixels
 * @min_pixels, @max_pixels: width times height
 * @multiple: of both sides; also the smallest that a side can be
 * @max_aspect: longer side over shorter side
 */
typedef struct
{
  gint min_side;
  gint max_side;
  gint64 min_pixels;
  gint64 max_pixels;
  gint multiple;
  gdouble max_aspect;
} PmtFitLimits;

/**
 * pmt_fit_send_size:
 * @width, @height: of the crop
 * @sent_width, @sent_height: (out)
 * @error: PMT_ERROR_INPUT: too elongated, or no size lies within the limits
 *
 * The size at which a crop is sent: its own where the limits allow it, smaller
 * where a maximum or the multiple needs that, larger only where a minimum does.
 * Among the sizes that are left, one percent of aspect counts as ten percent
 * of size, so that a multiple costs a few pixels rather than a distortion.
 * Units: pixels.  Thread: any.
 */
gboolean pmt_fit_send_size (gint width,
                            gint height,
                            const PmtFitLimits *limits,
                            gint *sent_width,
                            gint *sent_height,
                            GError **error);

/**
 * pmt_fit_choose_aspect:
 * @choices: (nullable): %NULL-terminated, such as "16:9"; others ("auto") are
 *   passed over
 *
 * Returns: (transfer none) (nullable): the nearest of @choices, by the
 *   logarithm of the aspect; of equal ones the first.
 */
const gchar *
pmt_fit_choose_aspect (gint width, gint height, const gchar *const *choices);

/**
 * pmt_fit_choose_size:
 * @choices: (nullable): %NULL-terminated, such as "1024x1536"; others are
 *   passed over
 *
 * Returns: (transfer none) (nullable): of the choices of nearest aspect the
 *   nearest in size.
 */
const gchar *
pmt_fit_choose_size (gint width, gint height, const gchar *const *choices);

/**
 * PmtFitPlace: where a result belongs
 * @rect: on the canvas, inside the target
 * @is_scaled: not at its own size
 * @is_refitted: of another aspect than the target, so that it leaves a part
 *   of the target empty
 */
typedef struct
{
  GeglRectangle rect;
  gboolean is_scaled;
  gboolean is_refitted;
} PmtFitPlace;

/**
 * pmt_fit_place:
 * @width, @height: of a result
 * @sent_width, @sent_height: size at which @target was sent; a result of its
 *   aspect belongs to the whole of @target.  0: not sent
 * @target: the crop, on the canvas
 *
 * Aspects are the same within a pixel of the target or half a percent.  A
 * result of another aspect gets the largest rectangle inside, centered.
 */
void pmt_fit_place (gint width,
                    gint height,
                    gint sent_width,
                    gint sent_height,
                    const GeglRectangle *target,
                    PmtFitPlace *place);

/**
 * pmt_fit_to_rect:
 * @picture: of a service, in any space
 * @rect: where it belongs, on the canvas
 * @format: of the source of the request, no indexed or CMYK one: model, type
 *   and space of what comes out
 * @error: G_IO_ERROR_CANCELLED, PMT_ERROR_MEMORY, PMT_ERROR_UNSUPPORTED
 *
 * Colors are converted to @format's space, then resampled (pmt_reduce());
 * neither happens where it would change nothing.  Transparency is kept where
 * @format has an alpha channel.  Thread: any.
 *
 * Returns: (transfer full): extent @rect.
 */
GeglBuffer *pmt_fit_to_rect (GeglBuffer *picture,
                             const GeglRectangle *rect,
                             const Babl *format,
                             GCancellable *cancellable,
                             GError **error);

G_END_DECLS
