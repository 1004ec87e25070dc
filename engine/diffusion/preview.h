/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* preview.h: what a latent looks like, while it is being made. */
#pragma once

#include "core/progress.h"
#include "diffusion/vae.h"

G_BEGIN_DECLS

/**
 * PmtPreview:
 * @tiny: (nullable): decodes latents; without it colors are only estimated
 * @crop: where the picture lies, canvas coordinates
 */
typedef struct
{
  const PmtCheckpoint *checkpoint;
  PmtVae *tiny;
  gint channels;
  gint height;
  gint width;
  GeglRectangle crop;
} PmtPreview;

/**
 * pmt_preview_report:
 * @latent: [channels, height, width], in the scale of the UNet
 * @fraction: of the current part
 * @last: (inout): when a preview was made; at most one a second is, and none
 *   of pieces above 8 megapixels
 */
void pmt_preview_report (const PmtPreview *preview,
                         const gfloat *latent,
                         gdouble fraction,
                         PmtProgress *progress,
                         GCancellable *cancellable,
                         gint64 *last);

G_END_DECLS
