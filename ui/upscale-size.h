/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* upscale-size.h: how large an upscale will be. */
#pragma once

#include "pentimento.h"

G_BEGIN_DECLS

/**
 * PmtUpscaleSize:
 * @is_image: the image is scaled; else only the new layer is larger
 * @from_width, @from_height: image, or part of the layer that is upscaled
 * @scale: result pixels per pixel
 */
typedef struct
{
  gboolean is_image;
  gint from_width;
  gint from_height;
  gint to_width;
  gint to_height;
  gdouble scale;
} PmtUpscaleSize;

/**
 * pmt_upscale_size:
 * @request: "upscale"; the source's pixels need not be set
 * @size: (out)
 * @error: as pmt_engine_estimate()
 */
gboolean pmt_upscale_size (PmtEngine *engine,
                           const PmtRequest *request,
                           PmtUpscaleSize *size,
                           GError **error);

G_END_DECLS
