/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* chunk-builder.h: a prompt on its way into chunks. */
#pragma once

#include "diffusion/chunks.h"

G_BEGIN_DECLS

/* Tokens of the prompt in a chunk: without <|startoftext|>, <|endoftext|>. */
#define PMT_CHUNK_ROOM (PMT_CHUNK_LENGTH - 2)

typedef struct
{
  gint64 id;
  gfloat weight;
} PmtChunkItem;

/**
 * PmtChunkBuilder:
 * @chunks: what is made
 * @items: (element-type PmtChunkItem): the chunk that is being filled; at
 *   most PMT_CHUNK_ROOM when it is finished
 * @first_vectors: name -> 1 + number of its first vector
 */
typedef struct
{
  const PmtTokenizer *tokenizer;
  gint64 pad_id;
  PmtEmbeddingLookup lookup;
  gpointer data;
  PmtChunks *chunks;
  GArray *items;
  GHashTable *first_vectors;
  guint n_vectors;
} PmtChunkBuilder;

/**
 * PmtEmbeddingUse:
 * @n_tokens: tokens of the prompt that are its name; 0 for none
 * @n_vectors: of the embedding
 */
typedef struct
{
  gchar *name;
  guint n_tokens;
  guint n_vectors;
} PmtEmbeddingUse;

/** pmt_chunk_builder_add: appends an item to the chunk being filled. */
void
pmt_chunk_builder_add (PmtChunkBuilder *builder, gint64 id, gdouble weight);

/** pmt_chunk_builder_finish: makes a chunk of the items, and removes them. */
void pmt_chunk_builder_finish (PmtChunkBuilder *builder);

/** pmt_chunk_builder_use: the id of the first vector of @name; those of the
 * next ones are each lower by 1. */
gint64 pmt_chunk_builder_use (PmtChunkBuilder *builder,
                              const gchar *name,
                              guint n_vectors);

/**
 * pmt_chunk_builder_find:
 * @text, @ids, @spans: from pmt_tokenizer_encode_spans()
 * @use: (out): to be cleared with g_free (@use->name)
 *
 * Whether the tokens from number @at on are the name of an embedding; the
 * longest name wins.
 */
gboolean pmt_chunk_builder_find (const PmtChunkBuilder *builder,
                                 const gchar *text,
                                 const GArray *ids,
                                 const GArray *spans,
                                 guint at,
                                 PmtEmbeddingUse *use);

/** pmt_chunk_builder_fill_a1111, pmt_chunk_builder_fill_comfyui: make the
 * chunks of @parts (element-type PmtPromptPart). */
gboolean pmt_chunk_builder_fill_a1111 (PmtChunkBuilder *builder,
                                       const GPtrArray *parts,
                                       GError **error);
gboolean pmt_chunk_builder_fill_comfyui (PmtChunkBuilder *builder,
                                         const GPtrArray *parts,
                                         GError **error);

G_END_DECLS
