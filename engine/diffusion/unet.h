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
 * PmtUnetDeep: what the deep blocks gave in a run; belongs to one thread.
 * @values: (nullable): [@n] float32; %NULL before the first run
 */
typedef struct
{
  gfloat *values;
  gsize n;
} PmtUnetDeep;

void pmt_unet_deep_clear (PmtUnetDeep *deep);

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
 * @deep: (nullable): gets what the deep blocks give, where the UNet was opened
 *   with has_reuse
 * @reuses_deep: the deep blocks are not run: @deep has their features, of a
 *   run of the same size
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
  PmtUnetDeep *deep;
  gboolean reuses_deep;
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

/** pmt_unet_has_reuse: whether deep features can be kept: it was opened for it
 * and is no ONNX file. */
gboolean pmt_unet_has_reuse (PmtUnet *unet);

/** pmt_unet_is_fast: which mode was chosen. */
gboolean pmt_unet_is_fast (PmtUnet *unet);

/** pmt_unet_get_provider, pmt_unet_get_fallback: as those of PmtSession. */
const gchar *pmt_unet_get_provider (PmtUnet *unet);
const gchar *pmt_unet_get_fallback (PmtUnet *unet);

/**
 * pmt_unet_estimate_memory:
 * @has_reuse: as in PmtNetOptions
 * @height, @width: in latent pixels
 *
 * Returns: bytes at the peak of a run, an upper bound: weights, packed copies
 *   in fast @mode, and activations.
 */
guint64 pmt_unet_estimate_memory (const PmtCheckpoint *checkpoint,
                                  PmtNetMode mode,
                                  gboolean has_reuse,
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
