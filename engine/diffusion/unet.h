/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* unet.h: the network that takes noise off a latent. */
#pragma once

#include "diffusion/net-options.h"

G_BEGIN_DECLS

/** PmtUnet: immutable; reference counted; runs may overlap. */
typedef struct _PmtUnet PmtUnet;

/**
 * pmt_unet_open:
 * @error: PMT_ERROR_MEMORY (says how much is needed), PMT_ERROR_MODEL
 *   (missing or wrong tensors, the first few named), PMT_ERROR_FILE
 */
PmtUnet *pmt_unet_open (PmtCheckpoint *checkpoint,
                        const PmtNetOptions *options,
                        GError **error);
PmtUnet *pmt_unet_ref (PmtUnet *unet);
void pmt_unet_unref (PmtUnet *unet);

/**
 * PmtUnetInput:
 * @x: [@n, in_channels, @height, @width], scaled as the UNet wants it, with
 *   the channels that are added to the latent
 * @height, @width: in latent pixels; any size (odd ones too)
 * @timestep: 0 to 999, may be fractional
 * @context: [@n, @tokens, context]
 * @vector: (nullable): [@n, vector]: SDXL only; pmt_unet_fill_vector()
 * @keeps_memory: what the run took stays for the next one, which is faster
 *   for it; a run without gives it back
 */
typedef struct
{
  gint n;
  gint height;
  gint width;
  const gfloat *x;
  gdouble timestep;
  const gfloat *context;
  gint tokens;
  const gfloat *vector;
  gboolean keeps_memory;
} PmtUnetInput;

/**
 * pmt_unet_fill_vector:
 * @pooled: [vector - 6 time_id_width]: pooled state of the text
 * @time_ids: [6]: original height and width, top and left of the crop, target
 *   height and width, in pixels
 * @vector: (out caller-allocates): [vector]: @pooled and sinusoids of each of
 *   @time_ids
 *
 * Source: Podell et al. 2023 (SDXL), section 2.2.
 */
void pmt_unet_fill_vector (const PmtUnetShape *shape,
                           const gfloat *pooled,
                           const gfloat *time_ids,
                           gfloat *vector);

/**
 * pmt_unet_run:
 * @out: (out caller-allocates): [n, out_channels, height, width]: noise or
 *   velocity, as the checkpoint predicts
 * @cancellable: (nullable): effective between two operators
 * @error: PMT_ERROR_MEMORY, PMT_ERROR_MODEL, PMT_ERROR_FILE (the checkpoint
 *   was changed meanwhile), G_IO_ERROR_CANCELLED
 *
 * Thread: any; reentrant.
 */
gboolean pmt_unet_run (PmtUnet *unet,
                       const PmtUnetInput *input,
                       gfloat *out,
                       GCancellable *cancellable,
                       GError **error);

/** pmt_unet_is_fast: which mode was chosen. */
gboolean pmt_unet_is_fast (PmtUnet *unet);

/** pmt_unet_get_provider, pmt_unet_get_fallback: as those of PmtSession. */
const gchar *pmt_unet_get_provider (PmtUnet *unet);
const gchar *pmt_unet_get_fallback (PmtUnet *unet);

/**
 * pmt_unet_estimate_memory:
 * @height, @width: in latent pixels
 *
 * Returns: bytes at the peak of a run, an upper bound: weights, packed copies
 *   in fast @mode, and activations.
 */
guint64 pmt_unet_estimate_memory (const PmtCheckpoint *checkpoint,
                                  PmtNetMode mode,
                                  gint height,
                                  gint width);

/**
 * pmt_unet_estimate_mapped:
 *
 * Returns: bytes of that which are pages of the file, which the system takes
 *   back by itself; 0 of an ONNX file.
 */
guint64 pmt_unet_estimate_mapped (const PmtCheckpoint *checkpoint,
                                  PmtNetMode mode);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PmtUnet, pmt_unet_unref)

G_END_DECLS
