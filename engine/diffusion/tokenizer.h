/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* tokenizer.h: CLIP's byte-pair tokenizer. */
#pragma once

#include "pentimento.h"

G_BEGIN_DECLS

/* A vocabulary; immutable after it was opened, so that threads may share it. */
typedef struct _PmtTokenizer PmtTokenizer;

/**
 * pmt_tokenizer_open:
 * @vocab: path of a vocab.json: {"text": id, ...}; ids 0 to V - 1, each once
 * @merges: path of its merges.txt: a "#version" line, then a pair a line
 * @error: PMT_ERROR_FILE for a file that can't be read, PMT_ERROR_MODEL for
 *   one that is damaged, too large, or not of this kind
 *
 * Any vocabulary with the bytes, the merged texts, <|startoftext|> and
 * <|endoftext|> will do; CLIP's has 512 + 48894 + 2 entries.
 * Thread: any.
 * Source: openai/CLIP d05afc4, and the ids of transformers' CLIPTokenizer.
 *
 * Returns: (transfer full): a tokenizer, or %NULL.
 */
PmtTokenizer *
pmt_tokenizer_open (const gchar *vocab, const gchar *merges, GError **error);

/** pmt_tokenizer_open_folder: vocab.json and merges.txt of @folder, such as
 * the "tokenizer" folder of a Diffusers model; otherwise as
 * pmt_tokenizer_open(). */
PmtTokenizer *pmt_tokenizer_open_folder (const gchar *folder, GError **error);

/**
 * pmt_tokenizer_parse:
 * @vocab_label, @merges_label: open the error messages
 * @vocab, @merges: contents of the two files; need not end with a 0 byte
 *
 * As pmt_tokenizer_open(), from memory.
 */
PmtTokenizer *pmt_tokenizer_parse (const gchar *vocab_label,
                                   const gchar *vocab,
                                   gsize vocab_length,
                                   const gchar *merges_label,
                                   const gchar *merges,
                                   gsize merges_length,
                                   GError **error);

void pmt_tokenizer_free (PmtTokenizer *tokenizer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PmtTokenizer, pmt_tokenizer_free)

/** pmt_tokenizer_get_size: number of entries: rows that the token embedding
 * of a matching text encoder has. */
guint pmt_tokenizer_get_size (const PmtTokenizer *tokenizer);

/** pmt_tokenizer_get_bos: id of <|startoftext|>. */
gint64 pmt_tokenizer_get_bos (const PmtTokenizer *tokenizer);

/** pmt_tokenizer_get_eos: id of <|endoftext|>. */
gint64 pmt_tokenizer_get_eos (const PmtTokenizer *tokenizer);

/** pmt_tokenizer_get_token: the text of @id as the vocabulary spells it, such
 * as "cat</w>"; %NULL when there is no such id. */
const gchar *pmt_tokenizer_get_token (const PmtTokenizer *tokenizer, gint64 id);

/** pmt_tokenizer_find: id of the entry @token, or -1. */
gint64 pmt_tokenizer_find (const PmtTokenizer *tokenizer, const gchar *token);

/**
 * pmt_tokenizer_encode:
 * @text: any length; bytes that are not UTF-8 count as U+FFFD
 * @ids: (element-type gint64): receives the ids, without <|startoftext|> and
 *   <|endoftext|>; what it holds already stays
 *
 * Unicode NFC, white space collapsed, lower case, split into words, numerals
 * and signs, byte pairs.  The texts of the two special tokens stand for
 * themselves.  Time grows with the length times its logarithm.
 * Thread: any.
 */
void pmt_tokenizer_encode (const PmtTokenizer *tokenizer,
                           const gchar *text,
                           GArray *ids);

/**
 * PmtTokenSpan:
 * @start, @end: bytes of the normalized text that a token stands for
 */
typedef struct
{
  guint start;
  guint end;
} PmtTokenSpan;

/**
 * pmt_tokenizer_encode_spans:
 * @length: bytes of @text, which may hold 0 bytes; or -1
 * @spans: (element-type PmtTokenSpan) (nullable): receives a span per id
 *
 * As pmt_tokenizer_encode(), and says where the tokens come from.
 *
 * Returns: (transfer full): the normalized text (NFC, single spaces, lower
 *   case) that @spans refer to.
 */
gchar *pmt_tokenizer_encode_spans (const PmtTokenizer *tokenizer,
                                   const gchar *text,
                                   gssize length,
                                   GArray *ids,
                                   GArray *spans);

G_END_DECLS
