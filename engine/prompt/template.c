/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* template.c: a prompt with places for what the user types. */
#include "config.h"

#include "prompt/template.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_NAME 32
#define MAX_PLACEHOLDERS 32

/* As much of a bad placeholder as a message shows. */
#define SHOWN_LENGTH 24

static void
part_free (gpointer data)
{
  PmtTemplatePart *part = data;

  g_free (part->text);
  g_free (part->name);
  g_free (part);
}

/* Takes both. */
static void
add_part (GPtrArray *parts, gchar *text, gchar *name)
{
  PmtTemplatePart *part = g_new0 (PmtTemplatePart, 1);

  part->text = text;
  part->name = name;
  g_ptr_array_add (parts, part);
}

static gsize
name_length (const gchar *at)
{
  gsize n = 0;

  if (!g_ascii_islower (*at))
    return 0;
  while (g_ascii_islower (at[n]) || g_ascii_isdigit (at[n]) || at[n] == '-')
    n++;
  return n;
}

/* Reads the placeholder at @at, which is a "<".
 * Returns: (nullable): behind it, with both out-parameters set.
 */
static const gchar *
scan (const gchar *at, gchar **name, gchar **fallback)
{
  const gsize length = name_length (at + 1);
  const gchar *behind = at + 1 + length;
  gsize words = 0;

  if (length == 0 || length > MAX_NAME || (*behind != '>' && *behind != '|'))
    return NULL;
  if (*behind == '|')
    words = strcspn (behind + 1, "<>|");
  if (*behind == '|' && behind[1 + words] != '>')
    return NULL;
  *name = g_strndup (at + 1, length);
  *fallback = *behind == '|' ? g_strndup (behind + 1, words) : NULL;
  return *behind == '|' ? behind + words + 2 : behind + 1;
}

/* Text such as "a < b" and "<lora:film:0.8>". */
static gboolean
is_text (const gchar *at)
{
  gsize n = 1;

  if (!g_ascii_isalpha (at[1]))
    return TRUE;
  while (g_ascii_isalnum (at[n]) || at[n] == '_' || at[n] == '-')
    n++;
  return at[n] == ':';
}

static gboolean
fail_at (const gchar *at, GError **error)
{
  const glong length = MIN (g_utf8_strlen (at, -1), SHOWN_LENGTH);
  g_autofree gchar *shown = g_utf8_substring (at, 0, length);

  g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
               _ ("The placeholder at “%s” is not of the form “<name>” or "
                  "“<name|words>”."),
               shown);
  return FALSE;
}

GPtrArray *
pmt_template_parse (const gchar *text, GError **error)
{
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (part_free);
  const gchar *start = text;
  const gchar *at = strchr (text, '<');
  guint n = 0;

  for (; at != NULL; at = strchr (at, '<'))
    {
      gchar *name;
      gchar *fallback;
      const gchar *behind = scan (at, &name, &fallback);

      if (behind == NULL && !is_text (at))
        {
          fail_at (at, error);
          return NULL;
        }
      if (behind == NULL)
        {
          at++;
          continue;
        }
      add_part (parts, g_strndup (start, at - start), NULL);
      add_part (parts, fallback, name);
      start = at = behind;
      if (++n <= MAX_PLACEHOLDERS)
        continue;
      g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
                   _ ("There are more than %d placeholders."),
                   MAX_PLACEHOLDERS);
      return NULL;
    }
  add_part (parts, g_strdup (start), NULL);
  return g_steal_pointer (&parts);
}

static gboolean
has_placeholder (const GPtrArray *parts, const gchar *name)
{
  for (guint i = 0; i < parts->len; i++)
    {
      const PmtTemplatePart *part = parts->pdata[i];

      if (g_strcmp0 (part->name, name) == 0)
        return TRUE;
    }
  return FALSE;
}

/* ------------------------------------------------------ what was typed -- */

static void
fail_unknown (const GPtrArray *parts, const gchar *name, GError **error)
{
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; i < parts->len; i++)
    {
      const PmtTemplatePart *part = parts->pdata[i];

      if (part->name != NULL && strcmp (part->name, PMT_TEMPLATE_PROMPT) != 0)
        g_string_append_printf (names, "%s%s", names->len > 0 ? ", " : "",
                                part->name);
    }
  if (names->len > 0)
    g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
                 _ ("The preset has no placeholder “%s”; it has: %s."), name,
                 names->str);
  else
    g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
                 _ ("The preset has no placeholder “%s”. Leave it out of the "
                    "prompt."),
                 name);
}

/* Words on both sides of what was taken out are kept apart by one space. */
static void
append_words (GString *rest, const gchar *words, gsize length)
{
  while (length > 0 && *words == ' '
         && (rest->len == 0 || rest->str[rest->len - 1] == ' '))
    {
      words++;
      length--;
    }
  g_string_append_len (rest, words, (gssize)length);
}

gchar *
pmt_template_take_values (const GPtrArray *parts,
                          const gchar *words,
                          GHashTable *values,
                          GError **error)
{
  g_autoptr (GString) rest = g_string_new (NULL);
  const gchar *start = words;
  const gchar *at = strchr (words, '<');

  for (; at != NULL; at = strchr (at, '<'))
    {
      g_autofree gchar *name = NULL;
      g_autofree gchar *value = NULL;
      const gchar *behind = scan (at, &name, &value);

      if (behind == NULL || value == NULL
          || strcmp (name, PMT_TEMPLATE_PROMPT) == 0)
        {
          at++;
          continue;
        }
      if (!has_placeholder (parts, name))
        {
          fail_unknown (parts, name, error);
          return NULL;
        }
      append_words (rest, start, at - start);
      g_hash_table_replace (values, g_steal_pointer (&name),
                            g_steal_pointer (&value));
      start = at = behind;
    }
  append_words (rest, start, strlen (start));
  return g_strdup (g_strstrip (rest->str));
}

/* ------------------------------------------------------------- filling -- */

/* What stands between words that are left out. */
static gboolean
is_separator (gchar c)
{
  return c == ',' || g_ascii_isspace (c);
}

static void
drop_end (GString *text)
{
  while (text->len > 0 && is_separator (text->str[text->len - 1]))
    g_string_truncate (text, text->len - 1);
}

/* @is_gap: something before @literal stayed empty. */
static void
append_literal (GString *text, const gchar *literal, gboolean is_gap)
{
  const gchar *words = literal;

  if (is_gap && (text->len == 0 || text->str[text->len - 1] == ' '))
    {
      while (is_separator (*words))
        words++;
      /* "a , b" where a name between them is empty. */
      if (text->len > 0 && words != literal && !strchr (literal, '\n'))
        {
          const gboolean has_comma =
              memchr (literal, ',', words - literal) != NULL;

          g_string_truncate (text, text->len - 1);
          if (has_comma && !g_str_has_suffix (text->str, ","))
            g_string_append_c (text, ',');
          if (*words != '\0')
            g_string_append_c (text, ' ');
        }
    }
  g_string_append (text, words);
}

gchar *
pmt_template_fill (const GPtrArray *parts,
                   GHashTable *values,
                   const gchar **missing)
{
  g_autoptr (GString) text = g_string_new (NULL);
  const gchar *typed = g_hash_table_lookup (values, PMT_TEMPLATE_PROMPT);
  gboolean is_gap = FALSE;

  if (typed != NULL && *typed != '\0'
      && !has_placeholder (parts, PMT_TEMPLATE_PROMPT))
    g_string_append_printf (text, "%s, ", typed);
  for (guint i = 0; i < parts->len; i++)
    {
      const PmtTemplatePart *part = parts->pdata[i];
      const gchar *value =
          part->name != NULL ? g_hash_table_lookup (values, part->name) : NULL;

      if (part->name == NULL)
        {
          append_literal (text, part->text, is_gap);
          is_gap = is_gap && *part->text == '\0';
          continue;
        }
      if (value == NULL || *value == '\0')
        value = part->text;
      if (value == NULL)
        {
          *missing = part->name;
          return NULL;
        }
      g_string_append (text, value);
      is_gap = *value == '\0';
    }
  drop_end (text);
  return g_strdup (text->str);
}
