/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* text-encoder.h: the CLIP networks that read a prompt. */
#pragma once

#include "diffusion/net-options.h"

G_BEGIN_DECLS

/** PmtTextEncoder: immutable; reference counted; runs may overlap. */
typedef struct _PmtTextEncoder PmtTextEncoder;

/**
 * pmt_text_encoder_open:
 * @which: 0 or 1, below the checkpoint's n_texts
 */
PmtTextEncoder *pmt_text_encoder_open (PmtCheckpoint *checkpoint,
                                       gint which,
                                       const PmtNetOptions *options,
                                       GError **error);
PmtTextEncoder *pmt_text_encoder_ref (PmtTextEncoder *encoder);
void pmt_text_encoder_unref (PmtTextEncoder *encoder);

/** pmt_text_encoder_get_shape: (transfer none). */
const PmtTextShape *pmt_text_encoder_get_shape (PmtTextEncoder *encoder);

/**
 * pmt_text_encoder_embed:
 * @ids: [@n] token ids; those below 0 or outside the vocabulary are an error
 * @rows: (out caller-allocates): [@n, width]: rows of the token embedding,
 *   without positions
 */
gboolean pmt_text_encoder_embed (PmtTextEncoder *encoder,
                                 const gint64 *ids,
                                 guint n,
                                 gfloat *rows,
                                 GError **error);

/**
 * pmt_text_encoder_run:
 * @rows: [77, width]: as pmt_text_encoder_embed() gives them, vectors of
 *   textual inversions among them
 * @skip: 1: the last layer's state, 2: the one before, ...
 * @has_final_norm: whether the final layer norm is applied to it
 * @hidden: (out caller-allocates): [77, width]
 * @end: position of the end token
 * @pooled: (out caller-allocates) (nullable): [width]: the last layer's state
 *   after the final norm at @end
 * @projected: (out caller-allocates) (nullable): [projection]: @pooled
 *   through the text projection
 */
gboolean pmt_text_encoder_run (PmtTextEncoder *encoder,
                               const gfloat *rows,
                               gint skip,
                               gboolean has_final_norm,
                               gfloat *hidden,
                               guint end,
                               gfloat *pooled,
                               gfloat *projected,
                               GCancellable *cancellable,
                               GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PmtTextEncoder, pmt_text_encoder_unref)

G_END_DECLS
