/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* text-stack.h: (private) what a conditioning asks of a text stack. */
#pragma once

#include "diffusion/conditioning.h"
#include "diffusion/embeddings.h"

G_BEGIN_DECLS

/** pmt_text_stack_get_checkpoint: (transfer none). */
PmtCheckpoint *pmt_text_stack_get_checkpoint (PmtTextStack *stack);

/** pmt_text_stack_get_encoder, pmt_text_stack_get_tokenizer: (transfer none):
 * opened if this is the first use; valid as long as @stack. */
PmtTextEncoder *
pmt_text_stack_get_encoder (PmtTextStack *stack, gint which, GError **error);
const PmtTokenizer *
pmt_text_stack_get_tokenizer (PmtTextStack *stack, gint which, GError **error);

/** pmt_text_stack_open_embeddings: @embeddings: (out) (transfer full)
 * (nullable): the folder as it is now; %NULL when the stack has none. */
gboolean pmt_text_stack_open_embeddings (PmtTextStack *stack,
                                         PmtEmbeddings **embeddings,
                                         GError **error);

G_END_DECLS
