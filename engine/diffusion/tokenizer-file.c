/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* tokenizer-file.c: opens the files of a tokenizer. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "core/limited-file.h"
#include "diffusion/tokenizer-private.h"

static gchar *
read_file (const gchar *path, gsize *length, GError **error)
{
  g_autoptr (GError) local = NULL;
  gchar *text = pmt_limited_file_read (path, PMT_TOKENIZER_MAX_BYTES,
                                       PMT_ERROR_FILE, length, &local);

  if (text == NULL)
    g_set_error (error, PMT_ERROR, PMT_ERROR_FILE,
                 _ ("The tokenizer file %s can't be read: %s"), path,
                 local->message);
  return text;
}

PmtTokenizer *
pmt_tokenizer_open (const gchar *vocab, const gchar *merges, GError **error)
{
  g_autofree gchar *vocab_text = NULL;
  g_autofree gchar *merges_text = NULL;
  gsize n_vocab = 0;
  gsize n_merges = 0;

  g_return_val_if_fail (vocab != NULL && merges != NULL, NULL);
  vocab_text = read_file (vocab, &n_vocab, error);
  if (vocab_text == NULL)
    return NULL;
  merges_text = read_file (merges, &n_merges, error);
  if (merges_text == NULL)
    return NULL;
  return pmt_tokenizer_parse (vocab, vocab_text, n_vocab, merges, merges_text,
                              n_merges, error);
}

PmtTokenizer *
pmt_tokenizer_open_folder (const gchar *folder, GError **error)
{
  g_autofree gchar *vocab = NULL;
  g_autofree gchar *merges = NULL;

  g_return_val_if_fail (folder != NULL, NULL);
  vocab = g_build_filename (folder, "vocab.json", NULL);
  merges = g_build_filename (folder, "merges.txt", NULL);
  return pmt_tokenizer_open (vocab, merges, error);
}
