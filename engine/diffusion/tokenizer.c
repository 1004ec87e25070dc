/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* tokenizer.c: texts into CLIP's tokens. */
#include "config.h"

#include <string.h>

#include "diffusion/tokenizer-private.h"

void
pmt_tokenizer_free (PmtTokenizer *tokenizer)
{
  if (tokenizer == NULL)
    return;
  for (guint i = 0; tokenizer->tokens != NULL && i < tokenizer->n; i++)
    g_free (tokenizer->tokens[i]);
  g_free (tokenizer->tokens);
  g_clear_pointer (&tokenizer->ids, g_hash_table_unref);
  g_free (tokenizer->merges);
  g_free (tokenizer);
}

guint
pmt_tokenizer_get_size (const PmtTokenizer *tokenizer)
{
  return tokenizer->n;
}

gint64
pmt_tokenizer_get_bos (const PmtTokenizer *tokenizer)
{
  return tokenizer->bos;
}

gint64
pmt_tokenizer_get_eos (const PmtTokenizer *tokenizer)
{
  return tokenizer->eos;
}

const gchar *
pmt_tokenizer_get_token (const PmtTokenizer *tokenizer, gint64 id)
{
  return id >= 0 && id < tokenizer->n ? tokenizer->tokens[id] : NULL;
}

gint64
pmt_tokenizer_find (const PmtTokenizer *tokenizer, const gchar *token)
{
  return (gint64)GPOINTER_TO_UINT (g_hash_table_lookup (tokenizer->ids, token))
         - 1;
}

static guint32
hash_pair (const PmtTokenizer *tokenizer, guint32 left, guint32 right)
{
  guint64 hash = ((guint64)left << 32 | right) ^ tokenizer->seed;

  hash *= G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  hash ^= hash >> 29;
  hash *= G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  return (guint32)(hash >> 32) & tokenizer->mask;
}

/* Where the pair is, or a free place for it. */
static PmtMerge *
find_place (const PmtTokenizer *tokenizer, guint32 left, guint32 right)
{
  guint32 place = hash_pair (tokenizer, left, right);
  PmtMerge *merge = &tokenizer->merges[place];

  while (merge->rank != PMT_MERGE_NONE
         && (merge->left != left || merge->right != right))
    {
      place = (place + 1) & tokenizer->mask;
      merge = &tokenizer->merges[place];
    }
  return merge;
}

const PmtMerge *
pmt_tokenizer_find_merge (const PmtTokenizer *tokenizer,
                          guint32 left,
                          guint32 right)
{
  const PmtMerge *merge = find_place (tokenizer, left, right);

  return merge->rank != PMT_MERGE_NONE ? merge : NULL;
}

gboolean
pmt_tokenizer_add_merge (PmtTokenizer *tokenizer, PmtMerge merge)
{
  PmtMerge *place = find_place (tokenizer, merge.left, merge.right);

  if (place->rank != PMT_MERGE_NONE)
    return FALSE;
  *place = merge;
  return TRUE;
}

/* ---------------------------------------------------- normalized text -- */

/* Unicode's property White_Space. */
static gboolean
is_white_space (gunichar c)
{
  if (c < 0x80)
    return c == ' ' || (c >= 0x09 && c <= 0x0d);
  switch (g_unichar_type (c))
    {
    case G_UNICODE_SPACE_SEPARATOR:
    case G_UNICODE_LINE_SEPARATOR:
    case G_UNICODE_PARAGRAPH_SEPARATOR:
      return TRUE;
    default:
      return c == 0x85;
    }
}

/* Full lower case of Unicode, in no particular language.  GLib leaves out
 * Roman numerals and circled letters, which are no letters, and the only
 * character whose lower case is two. */
static void
append_lower (GString *out, gunichar c)
{
  if (c < 0x80)
    g_string_append_c (out, g_ascii_tolower (c));
  else if (c == 0x130)
    g_string_append (out, "i\xcc\x87");
  else if (c >= 0x2160 && c <= 0x216f)
    g_string_append_unichar (out, c + 0x10);
  else if (c >= 0x24b6 && c <= 0x24cf)
    g_string_append_unichar (out, c + 0x1a);
  else
    g_string_append_unichar (out, g_unichar_tolower (c));
}

/* A piece of the text without 0 bytes. */
static void
append_normalized (GString *out, const gchar *text, gsize length)
{
  g_autofree gchar *valid = g_utf8_make_valid (text, length);
  g_autofree gchar *composed =
      g_utf8_normalize (valid, -1, G_NORMALIZE_DEFAULT_COMPOSE);

  for (const gchar *p = composed; *p != '\0'; p = g_utf8_next_char (p))
    {
      const gunichar c = g_utf8_get_char (p);

      if (!is_white_space (c))
        append_lower (out, c);
      else if (out->len == 0 || out->str[out->len - 1] != ' ')
        g_string_append_c (out, ' ');
    }
}

static GString *
normalize (const gchar *text, gsize length)
{
  GString *out = g_string_sized_new (length + 1);
  gsize start = 0;

  for (;;)
    {
      const gchar *zero = memchr (text + start, '\0', length - start);
      const gsize end = zero != NULL ? (gsize)(zero - text) : length;

      append_normalized (out, text + start, end - start);
      if (zero == NULL)
        return out;
      g_string_append_c (out, '\0');
      start = end + 1;
    }
}

/* -------------------------------------------------------------- words -- */

typedef enum
{
  SPACE,
  LETTER,
  NUMERAL,
  OTHER
} CharClass;

static CharClass
classify (gunichar c)
{
  switch (g_unichar_type (c))
    {
    case G_UNICODE_LOWERCASE_LETTER:
    case G_UNICODE_UPPERCASE_LETTER:
    case G_UNICODE_TITLECASE_LETTER:
    case G_UNICODE_MODIFIER_LETTER:
    case G_UNICODE_OTHER_LETTER:
      return LETTER;
    case G_UNICODE_DECIMAL_NUMBER:
    case G_UNICODE_LETTER_NUMBER:
    case G_UNICODE_OTHER_NUMBER:
      return NUMERAL;
    default:
      /* All white space has become this one. */
      return c == ' ' ? SPACE : OTHER;
    }
}

static gboolean
starts_with (const GString *text, gsize at, const gchar *word)
{
  const gsize length = strlen (word);

  return text->len - at >= length && memcmp (text->str + at, word, length) == 0;
}

static gboolean
is_special (const GString *text, gsize at)
{
  return text->str[at] == '<'
         && (starts_with (text, at, PMT_TOKENIZER_BOS)
             || starts_with (text, at, PMT_TOKENIZER_EOS));
}

/* Bytes of an English ending such as "'s" at @at, or 0. */
static gsize
ending_length (const GString *text, gsize at)
{
  static const gchar *endings[] = {
    "'s", "'t", "'re", "'ve", "'m", "'ll", "'d",
  };

  if (text->str[at] != '\'')
    return 0;
  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    if (starts_with (text, at, endings[i]))
      return strlen (endings[i]);
  return 0;
}

/* Where the word that starts at @at ends. */
static gsize
find_end (const GString *text, gsize at)
{
  const CharClass first = classify (g_utf8_get_char (text->str + at));
  const gsize ending = ending_length (text, at);

  if (ending > 0)
    return at + ending;
  do
    at = g_utf8_next_char (text->str + at) - text->str;
  while (first != NUMERAL && first != SPACE && at < text->len
         && classify (g_utf8_get_char (text->str + at)) == first
         && !is_special (text, at));
  return at;
}

static void
add_special (const PmtTokenizer *tokenizer,
             const GString *text,
             gsize *at,
             GArray *ids,
             GArray *spans)
{
  const gboolean is_bos = starts_with (text, *at, PMT_TOKENIZER_BOS);
  const gint64 id = is_bos ? tokenizer->bos : tokenizer->eos;
  const gsize end =
      *at + strlen (is_bos ? PMT_TOKENIZER_BOS : PMT_TOKENIZER_EOS);

  g_array_append_val (ids, id);
  if (spans != NULL)
    {
      const PmtTokenSpan span = { *at, end };

      g_array_append_val (spans, span);
    }
  *at = end;
}

gchar *
pmt_tokenizer_encode_spans (const PmtTokenizer *tokenizer,
                            const gchar *text,
                            gssize length,
                            GArray *ids,
                            GArray *spans)
{
  g_autoptr (PmtBytePair) pair = pmt_byte_pair_new (tokenizer);
  GString *normal =
      normalize (text, length >= 0 ? (gsize)length : strlen (text));
  gsize at = 0;

  while (at < normal->len)
    {
      gsize end;

      if (is_special (normal, at))
        {
          add_special (tokenizer, normal, &at, ids, spans);
          continue;
        }
      end = find_end (normal, at);
      if (normal->str[at] != ' ')
        pmt_byte_pair_encode (pair, normal->str, at, end, ids, spans);
      at = end;
    }
  return g_string_free (normal, FALSE);
}

void
pmt_tokenizer_encode (const PmtTokenizer *tokenizer,
                      const gchar *text,
                      GArray *ids)
{
  g_free (pmt_tokenizer_encode_spans (tokenizer, text, -1, ids, NULL));
}
