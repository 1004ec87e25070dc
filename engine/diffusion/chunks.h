/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* chunks.h: a prompt as chunks of 77 tokens, what text encoders take. */
#pragma once

#include "diffusion/tokenizer.h"
#include "prompt/weights.h"

G_BEGIN_DECLS

#define PMT_CHUNK_LENGTH 77

/**
 * PmtChunk:
 * @ids: vocabulary ids, from <|startoftext|> to the padding; -1 - k is vector
 *   k of the embeddings that the prompt names, see PmtChunks
 * @weights: 1 for the special tokens and the padding
 * @n_used: tokens before the padding, without <|startoftext|>
 */
typedef struct
{
  gint64 ids[PMT_CHUNK_LENGTH];
  gfloat weights[PMT_CHUNK_LENGTH];
  guint n_used;
} PmtChunk;

/**
 * PmtChunks:
 * @chunks: (element-type PmtChunk): at least one
 * @embeddings: (element-type utf8): names in order of their first use, as the
 *   lookup was asked for them; k of an id counts the vectors of all of them,
 *   one name after the other
 * @embedding_sizes: (element-type guint): vectors per name
 * @missing: (element-type utf8): names behind "embedding:" that the lookup
 *   did not know and that were left out
 * @has_weights: whether any weight differs from 1
 * @n_tokens: tokens of the prompt; chunks that a further one follows or BREAK
 *   has filled up count as full
 * @n_dropped: tokens that PMT_PROMPT_PLAIN leaves out, since it makes one
 *   chunk only
 */
typedef struct
{
  GArray *chunks;
  GPtrArray *embeddings;
  GArray *embedding_sizes;
  GPtrArray *missing;
  gboolean has_weights;
  guint n_tokens;
  guint n_dropped;
} PmtChunks;

/**
 * PmtEmbeddingLookup:
 * @name: what could be the name of a textual inversion, as in the prompt;
 *   lower case except in PMT_PROMPT_COMFYUI
 *
 * Should not mind upper and lower case.  Is asked often.
 *
 * Returns: its number of vectors; 0: there is no such embedding.
 */
typedef guint (*PmtEmbeddingLookup) (const gchar *name, gpointer data);

/**
 * pmt_chunks_new:
 * @text: a prompt; up to PMT_PROMPT_MAX_BYTES
 * @pad_id: what fills a chunk behind its first <|endoftext|>: the same id
 *   again (SD 1.x, first encoder of SDXL), or 0 (SD 2.x, second of SDXL)
 * @lookup: (nullable) (scope call): textual inversions; %NULL: there are none
 * @error: PMT_ERROR_ARGUMENT: as pmt_prompt_parse_weights(), an embedding
 *   has more vectors than a chunk can hold (not in PMT_PROMPT_COMFYUI, which
 *   spreads them), or no name follows "embedding:"
 *
 * 75 tokens a chunk.  PMT_PROMPT_A1111: moves what follows a comma among the
 * last 20 tokens to the next chunk, BREAK fills a chunk up, embeddings are
 * named by their bare name, the longest run of tokens winning.
 * PMT_PROMPT_COMFYUI: keeps parts of up to 7 tokens together, embeddings are
 * named "embedding:NAME".  PMT_PROMPT_PLAIN: cuts after 75 tokens; bare names.
 * Thread: any.
 * Source: behaviour of AUTOMATIC1111 webui 1.10.1 (sd_hijack_clip), ComfyUI
 * a125cd8 (sd1_clip), diffusers 0.40.
 *
 * Returns: (transfer full): chunks, or %NULL.
 */
PmtChunks *pmt_chunks_new (const PmtTokenizer *tokenizer,
                           const gchar *text,
                           PmtPromptSyntax syntax,
                           gint64 pad_id,
                           PmtEmbeddingLookup lookup,
                           gpointer data,
                           GError **error);

void pmt_chunks_free (PmtChunks *chunks);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PmtChunks, pmt_chunks_free)

G_END_DECLS
