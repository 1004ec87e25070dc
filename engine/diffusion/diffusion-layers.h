/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* diffusion-layers.h: what was made becomes a layer with its mask. */
#pragma once

#include "diffusion/diffusion-pass.h"
#include "image/pixels.h"

G_BEGIN_DECLS

/** pmt_layer_match_colors: adjusts @made to @original around the piece, where
 * that is asked for; PMT_ERROR_MEMORY. */
gboolean pmt_layer_match_colors (const PmtRun *run,
                                 const PmtPiece *piece,
                                 const PmtPixels *original,
                                 PmtPixels *made,
                                 GError **error);

/** pmt_layer_make_picture: (transfer full): of the source's format, or of 8
 * bits where there is no source. */
GeglBuffer *pmt_layer_make_picture (const PmtRun *run,
                                    const PmtPixels *made,
                                    GError **error);

/** pmt_layer_make_mask: @mask: (out) (nullable): %NULL: all of it shows;
 * @original: (nullable). */
gboolean pmt_layer_make_mask (const PmtRun *run,
                              const PmtPiece *piece,
                              const PmtPixels *original,
                              GeglBuffer **mask,
                              GError **error);

G_END_DECLS
