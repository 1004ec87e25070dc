/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* tokenizer-private.h: the insides of a vocabulary. */
#pragma once

#include "diffusion/tokenizer.h"

G_BEGIN_DECLS

#define PMT_TOKENIZER_BOS "<|startoftext|>"
#define PMT_TOKENIZER_EOS "<|endoftext|>"

/* CLIP's files have 1 MB and half a MB. */
#define PMT_TOKENIZER_MAX_BYTES ((gsize)4 << 20)

/**
 * PmtMerge: what two neighboring symbols become.
 * @rank: the pair with the lowest one is merged first
 * @id: of the merged text
 */
typedef struct
{
  guint32 left;
  guint32 right;
  guint32 rank;
  guint32 id;
} PmtMerge;

/**
 * PmtTokenizer:
 * @tokens: [@n] texts by id
 * @ids: text -> id + 1
 * @bytes: ids of the 256 bytes
 * @last_bytes: ids of the same at the end of a word
 * @merges: [@mask + 1]: hash table with open addressing; free places have
 *   PMT_MERGE_NONE as rank
 */
struct _PmtTokenizer
{
  guint n;
  gchar **tokens;
  GHashTable *ids;
  guint32 bos;
  guint32 eos;
  guint32 bytes[256];
  guint32 last_bytes[256];
  PmtMerge *merges;
  guint32 mask;
  guint32 seed;
};

#define PMT_MERGE_NONE G_MAXUINT32

/** pmt_tokenizer_find_merge: (nullable): what becomes of @left @right. */
const PmtMerge *pmt_tokenizer_find_merge (const PmtTokenizer *tokenizer,
                                          guint32 left,
                                          guint32 right);

/** pmt_tokenizer_add_merge: %FALSE when the pair is there already.  There
 * must be room. */
gboolean pmt_tokenizer_add_merge (PmtTokenizer *tokenizer, PmtMerge merge);

/** PmtBytePair: memory for merging; for one thread at a time. */
typedef struct _PmtBytePair PmtBytePair;

PmtBytePair *pmt_byte_pair_new (const PmtTokenizer *tokenizer);
void pmt_byte_pair_free (PmtBytePair *pair);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PmtBytePair, pmt_byte_pair_free)

/**
 * pmt_byte_pair_encode:
 * @text: [@end] bytes
 * @start, @end: a word
 * @ids, @spans: (nullable @spans): receive its tokens
 */
void pmt_byte_pair_encode (PmtBytePair *pair,
                           const gchar *text,
                           guint start,
                           guint end,
                           GArray *ids,
                           GArray *spans);

G_END_DECLS
