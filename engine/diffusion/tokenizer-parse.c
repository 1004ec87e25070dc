/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* tokenizer-parse.c: vocab.json and merges.txt, which may be anything. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/json.h"
#include "diffusion/tokenizer-private.h"

#define WORD_END "</w>"

static gboolean G_GNUC_PRINTF (3, 4)
    fail (const gchar *label, GError **error, const gchar *format, ...)
{
  g_autofree gchar *reason = NULL;
  va_list arguments;

  va_start (arguments, format);
  reason = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  /* Translators: the file, then a sentence from this source file */
  g_set_error (error, PMT_ERROR, PMT_ERROR_MODEL,
               _ ("%s does not fit a CLIP tokenizer: %s"), label, reason);
  return FALSE;
}

/* One entry; its text goes over to @tokenizer. */
static gboolean
read_entry (PmtTokenizer *tokenizer,
            const gchar *label,
            const cJSON *entry,
            GError **error)
{
  const gdouble number = entry->valuedouble;
  guint id;

  if (!cJSON_IsNumber (entry) || number < 0 || number >= tokenizer->n
      || number != (guint)number)
    return fail (label, error, _ ("entry “%s” is not a whole number below %u."),
                 entry->string, tokenizer->n);
  id = (guint)number;
  if (tokenizer->tokens[id] != NULL)
    return fail (label, error, _ ("“%s” and “%s” have the same number."),
                 tokenizer->tokens[id], entry->string);
  tokenizer->tokens[id] = g_strdup (entry->string);
  if (!g_hash_table_insert (tokenizer->ids, tokenizer->tokens[id],
                            GUINT_TO_POINTER (id + 1)))
    return fail (label, error, _ ("“%s” stands there twice."), entry->string);
  return TRUE;
}

static gboolean
read_vocabulary (PmtTokenizer *tokenizer,
                 const gchar *label,
                 const gchar *text,
                 gsize length,
                 GError **error)
{
  g_autoptr (cJSON) root = pmt_json_parse_large (
      label, text, length, PMT_TOKENIZER_MAX_BYTES, PMT_ERROR_MODEL, error);
  const cJSON *entry;

  if (root == NULL)
    return FALSE;
  if (!cJSON_IsObject (root))
    return fail (label, error, _ ("it is not a table of numbers."));
  tokenizer->n = cJSON_GetArraySize (root);
  tokenizer->tokens = g_new0 (gchar *, tokenizer->n + 1);
  cJSON_ArrayForEach (entry, root)
  {
    if (!read_entry (tokenizer, label, entry, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
find_entry (const PmtTokenizer *tokenizer,
            const gchar *label,
            const gchar *token,
            guint32 *id,
            GError **error)
{
  const gint64 found = pmt_tokenizer_find (tokenizer, token);

  if (found < 0)
    return fail (label, error, _ ("the entry “%s” is missing."), token);
  *id = (guint32)found;
  return TRUE;
}

/* How the vocabulary writes a byte: those that print stand for themselves,
 * the others for the characters from U+0100 on. */
static gunichar
byte_character (guint byte, guint *n_others)
{
  const gboolean prints = (byte >= '!' && byte <= '~')
                          || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;

  return prints ? byte : 0x100 + (*n_others)++;
}

static gboolean
find_fixed_entries (PmtTokenizer *tokenizer, const gchar *label, GError **error)
{
  guint n_others = 0;

  for (guint byte = 0; byte < 256; byte++)
    {
      gchar token[16] = "";

      g_unichar_to_utf8 (byte_character (byte, &n_others), token);
      if (!find_entry (tokenizer, label, token, &tokenizer->bytes[byte], error))
        return FALSE;
      g_strlcat (token, WORD_END, sizeof token);
      if (!find_entry (tokenizer, label, token, &tokenizer->last_bytes[byte],
                       error))
        return FALSE;
    }
  return find_entry (tokenizer, label, PMT_TOKENIZER_BOS, &tokenizer->bos,
                     error)
         && find_entry (tokenizer, label, PMT_TOKENIZER_EOS, &tokenizer->eos,
                        error);
}

/* A line "left right"; @line is taken apart. */
static gboolean
read_merge (PmtTokenizer *tokenizer,
            const gchar *label,
            gchar *line,
            guint number,
            guint rank,
            GError **error)
{
  g_autofree gchar *merged = NULL;
  gchar *space = strchr (line, ' ');
  gint64 left;
  gint64 right;
  gint64 id;

  if (space == NULL || space == line || space[1] == '\0'
      || strchr (space + 1, ' ') != NULL)
    return fail (label, error, _ ("line %u is not a pair of texts."), number);
  *space = '\0';
  merged = g_strconcat (line, space + 1, NULL);
  left = pmt_tokenizer_find (tokenizer, line);
  right = pmt_tokenizer_find (tokenizer, space + 1);
  id = pmt_tokenizer_find (tokenizer, merged);
  if (left < 0 || right < 0 || id < 0)
    return fail (label, error,
                 _ ("the vocabulary lacks “%s”, which line %u needs."),
                 left < 0    ? line
                 : right < 0 ? space + 1
                             : merged,
                 number);
  if (!pmt_tokenizer_add_merge (tokenizer, (PmtMerge){ .left = (guint32)left,
                                                       .right = (guint32)right,
                                                       .rank = rank,
                                                       .id = (guint32)id }))
    return fail (label, error, _ ("line %u is there twice."), number);
  return TRUE;
}

static void
reserve_merges (PmtTokenizer *tokenizer, gsize n)
{
  gsize size = 16;

  while (size < 2 * n)
    size *= 2;
  tokenizer->merges = g_new (PmtMerge, size);
  for (gsize i = 0; i < size; i++)
    tokenizer->merges[i].rank = PMT_MERGE_NONE;
  tokenizer->mask = (guint32)(size - 1);
  tokenizer->seed = g_random_int ();
}

static gboolean
check_merges (const gchar *label,
              const gchar *text,
              gsize length,
              GError **error)
{
  if (length > PMT_TOKENIZER_MAX_BYTES)
    return fail (label, error, _ ("it is larger than %u MiB."),
                 (guint)(PMT_TOKENIZER_MAX_BYTES >> 20));
  if (!g_utf8_validate_len (text, length, NULL))
    return fail (label, error, _ ("it is not valid UTF-8."));
  return TRUE;
}

static gboolean
read_merges (PmtTokenizer *tokenizer,
             const gchar *label,
             const gchar *text,
             gsize length,
             GError **error)
{
  g_autofree gchar *copy = NULL;
  g_auto (GStrv) lines = NULL;
  guint rank = 0;

  if (!check_merges (label, text, length, error))
    return FALSE;
  copy = g_strndup (text, length);
  lines = g_strsplit (copy, "\n", -1);
  reserve_merges (tokenizer, g_strv_length (lines));
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_strchomp (lines[i]);
      if (lines[i][0] == '\0'
          || (i == 0 && g_str_has_prefix (lines[i], "#version")))
        continue;
      if (!read_merge (tokenizer, label, lines[i], i + 1, rank++, error))
        return FALSE;
    }
  if (rank == 0)
    return fail (label, error, _ ("it holds no pairs."));
  return TRUE;
}

PmtTokenizer *
pmt_tokenizer_parse (const gchar *vocab_label,
                     const gchar *vocab,
                     gsize vocab_length,
                     const gchar *merges_label,
                     const gchar *merges,
                     gsize merges_length,
                     GError **error)
{
  g_autoptr (PmtTokenizer) tokenizer = g_new0 (PmtTokenizer, 1);

  g_return_val_if_fail (vocab != NULL && merges != NULL, NULL);
  tokenizer->ids = g_hash_table_new (g_str_hash, g_str_equal);
  if (!read_vocabulary (tokenizer, vocab_label, vocab, vocab_length, error)
      || !find_fixed_entries (tokenizer, vocab_label, error)
      || !read_merges (tokenizer, merges_label, merges, merges_length, error))
    return NULL;
  return g_steal_pointer (&tokenizer);
}
