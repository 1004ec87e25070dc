/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* latent-preview.h: the colors of a latent without decoding it. */
#pragma once

#include "diffusion/checkpoint.h"

G_BEGIN_DECLS

/**
 * pmt_latent_preview:
 * @latent: [4, @height, @width], in the scale of the UNet
 * @image: (out caller-allocates): [3, @height, @width], R'G'B', about -1..1,
 *   not clamped
 *
 * A linear map of each latent pixel, fitted to the family's autoencoder.
 * Thread: any.
 * Source: factors as in ComfyUI, comfy/latent_formats.py.
 *
 * Returns: %FALSE, with @image untouched, for latents of another number of
 *   channels.
 */
gboolean pmt_latent_preview (const PmtCheckpoint *checkpoint,
                             const gfloat *latent,
                             gint height,
                             gint width,
                             gfloat *image);

G_END_DECLS
