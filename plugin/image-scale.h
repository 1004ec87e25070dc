/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* image-scale.h: the image itself gets larger, for "upscale". */
#pragma once

#include "gimp-compat.h"
#include "pentimento.h"

G_BEGIN_DECLS

/**
 * pmt_image_scale_spec:
 *
 * Returns: (transfer none): the argument "resolution-mode": whether the image
 *   keeps its resolution (and prints larger) or its print size.  An argument
 *   of the plug-in, which no model knows: the engine knows no resolution.
 */
const PmtParamSpec *pmt_image_scale_spec (void);

/**
 * pmt_image_scale_applies:
 *
 * Returns: whether "resolution-mode" has an effect: not for target "layer".
 */
gboolean pmt_image_scale_applies (const PmtRequest *request);

/**
 * pmt_image_scale_check:
 * @mode: value of "resolution-mode"
 * @estimate: of @request
 * @error: PMT_ERROR_ARGUMENT when @mode is unknown or does not apply;
 *   PMT_ERROR_INPUT when canvas, a layer or the resolution would become larger
 *   than GIMP allows
 */
gboolean pmt_image_scale_check (GimpImage *image,
                                const PmtRequest *request,
                                const gchar *mode,
                                const PmtEstimate *estimate,
                                GError **error);

/**
 * pmt_image_scale_apply:
 * @request: what was run
 * @mode: value of "resolution-mode"
 * @canvas: of the result: the canvas that the image gets
 *
 * Scales everything in @image to @canvas.  With "crop-to-fill" it keeps its
 * shape, and what is more is cut off evenly on both sides.  Nothing happens
 * when the size is right already.
 *
 * Returns: %FALSE, with nothing changed, when GIMP refused to scale.
 */
gboolean pmt_image_scale_apply (GimpImage *image,
                                const PmtRequest *request,
                                const gchar *mode,
                                const GeglRectangle *canvas);

G_END_DECLS
