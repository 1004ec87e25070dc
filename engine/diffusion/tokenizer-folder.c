/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* tokenizer-folder.c: finds the tokenizer that fits a text encoder. */
#include "config.h"

#include "diffusion/tokenizer-folder.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/json.h"
#include "diffusion/folder-files.h"

/* Entries that are no merges: 256 bytes, within a word and at its end, and
 * the two special tokens. */
#define N_BYTES 512
#define N_SPECIAL 2

/* (transfer full): the vocabulary's first entries as a vocab.json. */
static gchar *
print_vocabulary (const PmtTokenizer *whole, guint size)
{
  g_autoptr (cJSON) root = cJSON_CreateObject ();
  const guint n = size - N_SPECIAL;
  gchar *printed;
  gchar *text;

  for (guint i = 0; i < n; i++)
    cJSON_AddNumberToObject (root, pmt_tokenizer_get_token (whole, i), i);
  cJSON_AddNumberToObject (root, "<|startoftext|>", n);
  cJSON_AddNumberToObject (root, "<|endoftext|>", n + 1);
  printed = cJSON_PrintUnformatted (root);
  text = g_strdup (printed);
  cJSON_free (printed);
  return text;
}

/* (transfer full): the first @n merges, and the line before them. */
static gchar *
cut_merges (const gchar *text, guint n)
{
  const gchar *at = text;

  for (guint i = 0; at != NULL && i <= n; i++)
    {
      at = strchr (at, '\n');
      if (at != NULL)
        at++;
    }
  return at != NULL ? g_strndup (text, (gsize)(at - text)) : g_strdup (text);
}

PmtTokenizer *
pmt_tokenizer_open_cut (const gchar *folder, guint size, GError **error)
{
  g_autoptr (PmtTokenizer) whole = pmt_tokenizer_open_folder (folder, error);
  g_autofree gchar *path = g_build_filename (folder, "merges.txt", NULL);
  g_autofree gchar *text = NULL;
  g_autofree gchar *merges = NULL;
  g_autofree gchar *vocabulary = NULL;

  if (whole == NULL || pmt_tokenizer_get_size (whole) <= size)
    return g_steal_pointer (&whole);
  g_return_val_if_fail (size > N_BYTES + N_SPECIAL, NULL);
  /* It was read before, so that its size is known to be sound. */
  if (!g_file_get_contents (path, &text, NULL, error))
    return NULL;
  vocabulary = print_vocabulary (whole, size);
  merges = cut_merges (text, size - N_BYTES - N_SPECIAL);
  return pmt_tokenizer_parse ("vocab.json", vocabulary, strlen (vocabulary),
                              "merges.txt", merges, strlen (merges), error);
}

static gboolean
has_files (const gchar *folder)
{
  g_autofree gchar *vocabulary = pmt_folder_find (folder, "vocab.json");
  g_autofree gchar *merges = pmt_folder_find (folder, "merges.txt");

  return vocabulary != NULL && merges != NULL;
}

static gint
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const gchar *const *)a, *(const gchar *const *)b);
}

/* (transfer full) (nullable): a folder with a tokenizer in @parent, or @parent
 * itself. */
static gchar *
search (const gchar *parent)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) dir = g_dir_open (parent, 0, NULL);
  const gchar *name;

  g_ptr_array_add (names, g_build_filename (parent, "clip-l", NULL));
  g_ptr_array_add (names, g_strdup (parent));
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (names, g_build_filename (parent, name, NULL));
  if (names->len > 2)
    qsort (names->pdata + 2, names->len - 2, sizeof (gpointer), compare_names);
  for (guint i = 0; i < names->len; i++)
    if (has_files (names->pdata[i]))
      return g_strdup (names->pdata[i]);
  return NULL;
}

gchar *
pmt_tokenizer_find_folder (const PmtCheckpoint *checkpoint,
                           gint which,
                           const gchar *user_dir,
                           GError **error)
{
  g_autofree gchar *parent = g_build_filename (user_dir != NULL ? user_dir : "",
                                               "models", "tokenizers", NULL);
  g_autofree gchar *wanted = g_build_filename (parent, "clip-l", NULL);
  g_autofree gchar *shown = g_filename_display_name (wanted);
  gchar *found = NULL;

  if (checkpoint->tokenizers[which] != NULL)
    return g_strdup (checkpoint->tokenizers[which]);
  /* Those of SDXL's two encoders differ in their padding only. */
  if (checkpoint->tokenizers[0] != NULL)
    return g_strdup (checkpoint->tokenizers[0]);
  if (user_dir != NULL)
    found = search (parent);
  if (found == NULL)
    g_set_error (error, PMT_ERROR, PMT_ERROR_MODEL,
                 _ ("To read a prompt, the checkpoint “%s” needs the "
                    "vocabulary of CLIP, which is not installed. Put the files "
                    "vocab.json and merges.txt from the “tokenizer” folder of "
                    "any Stable Diffusion model into the folder “%s”."),
                 checkpoint->name, shown);
  return found;
}

PmtTokenizer *
pmt_tokenizer_open_for (const PmtCheckpoint *checkpoint,
                        gint which,
                        const gchar *user_dir,
                        GError **error)
{
  const guint size = (guint)checkpoint->text_shapes[which].vocabulary;
  g_autofree gchar *folder =
      pmt_tokenizer_find_folder (checkpoint, which, user_dir, error);

  return folder != NULL ? pmt_tokenizer_open_cut (folder, size, error) : NULL;
}
