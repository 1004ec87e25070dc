/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* tokenizer-folder.h: finds the tokenizer that fits a text encoder. */
#pragma once

#include "diffusion/checkpoint.h"
#include "diffusion/tokenizer.h"

G_BEGIN_DECLS

/**
 * pmt_tokenizer_find_folder:
 * @error: PMT_ERROR_MODEL: there is none, and where to put one
 *
 * As pmt_tokenizer_open_for(), without opening it.
 *
 * Returns: (transfer full)
 */
gchar *pmt_tokenizer_find_folder (const PmtCheckpoint *checkpoint,
                                  gint which,
                                  const gchar *user_dir,
                                  GError **error);

/**
 * pmt_tokenizer_open_for:
 * @which: number of the text encoder
 * @user_dir: (nullable): the user's data folder, with models/tokenizers/
 * @error: PMT_ERROR_MODEL: there is none, or it is damaged; PMT_ERROR_FILE
 *
 * The checkpoint's own folder is preferred, then models/tokenizers/clip-l and
 * the other folders below models/tokenizers, in the order of their names.  A
 * vocabulary larger than the text encoder's embedding table is cut to its
 * first merges.
 */
PmtTokenizer *pmt_tokenizer_open_for (const PmtCheckpoint *checkpoint,
                                      gint which,
                                      const gchar *user_dir,
                                      GError **error);

/**
 * pmt_tokenizer_open_cut:
 * @folder: with vocab.json and merges.txt of a whole vocabulary
 * @size: entries to keep, above 514: the bytes twice, the first @size - 514
 *   merges, and the two special tokens
 *
 * Reads the whole vocabulary if it is not larger than @size.
 */
PmtTokenizer *
pmt_tokenizer_open_cut (const gchar *folder, guint size, GError **error);

G_END_DECLS
