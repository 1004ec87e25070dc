/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* vae.h: between pictures and latents. */
#pragma once

#include "diffusion/net-options.h"

G_BEGIN_DECLS

/** PmtVae: an autoencoder, of the checkpoint or a small one for previews
 * (TAESD).  Each half is opened when it is first used.  Reference counted;
 * runs may overlap. */
typedef struct _PmtVae PmtVae;

/**
 * pmt_vae_open:
 * @checkpoint: with a @vae
 *
 * Errors of the networks come with the first run.
 */
PmtVae *pmt_vae_open (PmtCheckpoint *checkpoint,
                      const PmtNetOptions *options,
                      GError **error);

/**
 * pmt_vae_open_tiny:
 * @path: an AutoencoderTiny (TAESD): a file of Diffusers' or a folder with
 *   config.json, or taesd_decoder.safetensors (with the encoder beside it)
 *
 * It takes and gives latents of the UNet's scale: its own scaling factor is
 * 1, so pmt_vae_get_scaling() is 1.
 * Source: madebyollin/taesd; values as Diffusers' AutoencoderTiny.
 */
PmtVae *pmt_vae_open_tiny (const gchar *path,
                           const PmtNetOptions *options,
                           GError **error);

PmtVae *pmt_vae_ref (PmtVae *vae);
void pmt_vae_unref (PmtVae *vae);

/** pmt_vae_get_factor: pixels to a latent pixel, such as 8. */
gint pmt_vae_get_factor (PmtVae *vae);
gint pmt_vae_get_channels (PmtVae *vae);

/** pmt_vae_get_scaling: the UNet's latent = mean * scaling. */
gdouble pmt_vae_get_scaling (PmtVae *vae);

/** PmtVaeProgress: @fraction 0..1; from the calling thread; (nullable). */
typedef void (*PmtVaeProgress) (gdouble fraction, gpointer data);

/**
 * pmt_vae_decode:
 * @latent: [channels, @height, @width], already divided by the scaling
 * @image: (out caller-allocates): [3, @height * factor, @width * factor],
 *   R'G'B', -1..1, not clamped
 * @error: PMT_ERROR_MEMORY, PMT_ERROR_MODEL, G_IO_ERROR_CANCELLED
 *
 * Large latents are decoded in tiles that overlap and are blended; what
 * options' memory allows is done at once.
 */
gboolean pmt_vae_decode (PmtVae *vae,
                         const gfloat *latent,
                         gint height,
                         gint width,
                         gfloat *image,
                         PmtVaeProgress progress,
                         gpointer data,
                         GCancellable *cancellable,
                         GError **error);

/**
 * pmt_vae_encode:
 * @image: [3, @height, @width], -1..1, sides multiples of the factor
 * @mean: (out caller-allocates): [channels, height / factor, width / factor],
 *   before scaling
 * @logvar: (out caller-allocates) (nullable): of the same shape, clamped to
 *   [-30, 20]; a tiny autoencoder has none, nor have old .onnx files: filled
 *   with -30
 */
gboolean pmt_vae_encode (PmtVae *vae,
                         const gfloat *image,
                         gint height,
                         gint width,
                         gfloat *mean,
                         gfloat *logvar,
                         PmtVaeProgress progress,
                         gpointer data,
                         GCancellable *cancellable,
                         GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PmtVae, pmt_vae_unref)

G_END_DECLS
