/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* diffusion-layers.h: what was made becomes a layer with its mask. */
#pragma once

#include "diffusion/diffusion-pass.h"
#include "image/pixels.h"

G_BEGIN_DECLS

/**
 * pmt_diffusion_layer_add:
 * @original: (nullable): what was read of the piece; %NULL: nothing was
 * @made: (inout): a candidate; its colors are matched where that is asked for
 * @seed: of the candidate
 * @result: gets a layer of the source's format, or of 8 bits where there is no
 *   source
 * @error: PMT_ERROR_MEMORY, G_IO_ERROR_CANCELLED
 */
gboolean pmt_diffusion_layer_add (const PmtRun *run,
                                  const PmtPiece *piece,
                                  const PmtPixels *original,
                                  PmtPixels *made,
                                  guint32 seed,
                                  PmtResult *result,
                                  GError **error);

G_END_DECLS
