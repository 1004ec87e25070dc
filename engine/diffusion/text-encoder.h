/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* text-encoder.h: the CLIP networks that read a prompt. */
#pragma once

#include "diffusion/net-options.h"

G_BEGIN_DECLS

/* Tokens that an encoder takes at once. */
#define PMT_TEXT_TOKENS 77

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

/** pmt_text_encoder_has_rows: whether pmt_text_encoder_embed() and
 * pmt_text_encoder_run() work; .onnx files take ids only, and so no textual
 * inversion. */
gboolean pmt_text_encoder_has_rows (PmtTextEncoder *encoder);

/**
 * pmt_text_encoder_embed:
 * @ids: [@n] token ids; those below 0 or outside the vocabulary are an error
 * @rows: (out caller-allocates): [@n, width]: rows of the token embedding,
 *   without positions
 * @error: PMT_ERROR_MODEL: an id outside the vocabulary;
 *   PMT_ERROR_UNSUPPORTED: an .onnx file; PMT_ERROR_FILE
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
 * @error: PMT_ERROR_ARGUMENT: @skip is not 1 to the number of layers;
 *   PMT_ERROR_MODEL: @projected is asked for and there is no projection;
 *   PMT_ERROR_MEMORY, G_IO_ERROR_CANCELLED
 *
 * Thread: any; reentrant.
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

/** pmt_text_encoder_run_ids: the same for @ids, [77]; the only way for .onnx
 * files, which give what they were exported with: PMT_ERROR_MODEL otherwise. */
gboolean pmt_text_encoder_run_ids (PmtTextEncoder *encoder,
                                   const gint64 *ids,
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
