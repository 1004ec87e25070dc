/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* tiny-vocab.h: a vocabulary of a few merges, made in memory. */
#pragma once

#include "diffusion/tokenizer.h"

G_BEGIN_DECLS

/** tiny_vocab_merges: (array zero-terminated=1): its pairs, best first. */
const gchar *const *tiny_vocab_merges (void);

/** tiny_vocab_print: the texts of a vocab.json and a merges.txt; ids as CLIP
 * counts them: bytes, bytes at the end of a word, merges, begin, end. */
void tiny_vocab_print (GString *vocab, GString *merges);

/** tiny_vocab_open: (transfer full). */
PmtTokenizer *tiny_vocab_open (void);

G_END_DECLS
