/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* latent-preview.h: the rough colors of a latent. */
#pragma once

#include "diffusion/checkpoint.h"

G_BEGIN_DECLS

/**
 * pmt_latent_preview:
 * @latent: [4, @height, @width], in the scale of the UNet
 * @rgb: (out caller-allocates): [3, @height, @width], R'G'B', about -1..1
 *
 * A linear map of the channels to colors.
 * Source: the factors that ComfyUI publishes (latent_formats.py, a125cd8),
 * found by regression on pictures.
 *
 * Returns: %FALSE for a checkpoint whose latents have other channels.
 */
gboolean pmt_latent_preview (const PmtCheckpoint *checkpoint,
                             const gfloat *latent,
                             gint height,
                             gint width,
                             gfloat *rgb);

G_END_DECLS
