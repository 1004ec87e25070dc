/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* tokenizer-file.c: opens the files of a tokenizer. */
#include "config.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>

#include "diffusion/tokenizer-private.h"

/* Reads no more than the limit, whatever the file turns out to be (a device,
 * a file that grows); one byte more shows that it is too large. */
static GBytes *
read_limited (GFile *file, GError **error)
{
  g_autoptr (GFileInputStream) stream = NULL;
  g_autoptr (GFileInfo) info = NULL;
  g_autofree gchar *text = NULL;
  gsize length;

  info = g_file_query_info (file, G_FILE_ATTRIBUTE_STANDARD_TYPE,
                            G_FILE_QUERY_INFO_NONE, NULL, error);
  if (info == NULL)
    return NULL;
  if (g_file_info_get_file_type (info) != G_FILE_TYPE_REGULAR)
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_FILE, _ ("This is not a file."));
      return NULL;
    }
  stream = g_file_read (file, NULL, error);
  if (stream == NULL)
    return NULL;
  text = g_malloc (PMT_TOKENIZER_MAX_BYTES + 1);
  if (!g_input_stream_read_all (G_INPUT_STREAM (stream), text,
                                PMT_TOKENIZER_MAX_BYTES + 1, &length, NULL,
                                error))
    return NULL;
  text = g_realloc (text, length + 1);
  return g_bytes_new_take (g_steal_pointer (&text), length);
}

static GBytes *
read_file (const gchar *path, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GError) local = NULL;
  GBytes *bytes = read_limited (file, &local);

  if (bytes == NULL)
    g_set_error (error, PMT_ERROR, PMT_ERROR_FILE,
                 _ ("The tokenizer file %s can't be read: %s"), path,
                 local->message);
  return bytes;
}

PmtTokenizer *
pmt_tokenizer_open (const gchar *vocab, const gchar *merges, GError **error)
{
  g_autoptr (GBytes) vocab_bytes = NULL;
  g_autoptr (GBytes) merges_bytes = NULL;

  g_return_val_if_fail (vocab != NULL && merges != NULL, NULL);
  vocab_bytes = read_file (vocab, error);
  if (vocab_bytes == NULL)
    return NULL;
  merges_bytes = read_file (merges, error);
  if (merges_bytes == NULL)
    return NULL;
  /* g_bytes_get_data() of an empty file may be %NULL. */
  return pmt_tokenizer_parse (vocab,
                              g_bytes_get_size (vocab_bytes) > 0
                                  ? g_bytes_get_data (vocab_bytes, NULL)
                                  : "",
                              g_bytes_get_size (vocab_bytes), merges,
                              g_bytes_get_size (merges_bytes) > 0
                                  ? g_bytes_get_data (merges_bytes, NULL)
                                  : "",
                              g_bytes_get_size (merges_bytes), error);
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
