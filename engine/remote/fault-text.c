/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* fault-text.c: what a service says, made fit to be shown. */
#include "config.h"

#include <string.h>

#include "remote/fault.h"

#define MAX_CHARS 300
#define MAX_BYTES ((gsize)1 << 16)

/* Shorter runs are words, addresses and identities of requests. */
#define LONG_RUN 48

/* Shorter secrets would be found everywhere in encoded forms. */
#define SECRET_MIN 6

#define RUN_CHARS                                                              \
  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=_-\\%"

#define ELLIPSIS "…"

/* Letters that stand for one another are found, too: hexadecimal digits of
 * escapes are written in both ways. */
static const gchar *
find_text (const gchar *text, const gchar *part, gsize length)
{
  for (; *text != '\0'; text++)
    if (g_ascii_strncasecmp (text, part, length) == 0)
      return text;
  return NULL;
}

static gchar *
replace_text (gchar *text, const gchar *part)
{
  gsize length = strlen (part);
  const gchar *at = text;
  const gchar *found;
  GString *result;

  if (length == 0 || find_text (text, part, length) == NULL)
    return text;
  result = g_string_new (NULL);
  while ((found = find_text (at, part, length)) != NULL)
    {
      g_string_append_len (result, at, found - at);
      g_string_append (result, ELLIPSIS);
      at = found + length;
    }
  g_string_append (result, at);
  g_free (text);
  return g_string_free (result, FALSE);
}

/* Those characters of the base64 of anything with @secret in it that do not
 * depend on what stands around it, when @shift bytes of a group come before. */
static gchar *
base64_core (const gchar *secret, gsize shift)
{
  static const gsize skips[] = { 0, 2, 3 };
  gsize length = strlen (secret);
  g_autofree guchar *bytes = g_malloc0 (shift + length);
  g_autofree gchar *text = NULL;

  memcpy (bytes + shift, secret, length);
  text = g_base64_encode (bytes, shift + length);
  text[(shift + length) * 8 / 6] = '\0';
  return g_strdup (text + skips[shift]);
}

static gchar *
remove_secret (gchar *text, const gchar *secret)
{
  g_autofree gchar *escaped = NULL;

  if (secret == NULL || *secret == '\0')
    return text;
  text = replace_text (text, secret);
  escaped = g_uri_escape_string (secret, NULL, FALSE);
  text = replace_text (text, escaped);
  if (strlen (secret) < SECRET_MIN)
    return text;
  for (gsize shift = 0; shift < 3; shift++)
    {
      g_autofree gchar *core = base64_core (secret, shift);

      text = replace_text (text, core);
      g_strdelimit (core, "+", '-');
      g_strdelimit (core, "/", '_');
      text = replace_text (text, core);
    }
  return text;
}

/* "&#60;" and "&#x3c;" of ASCII. */
static void
decode_numbers (GString *text)
{
  for (gsize i = 0; i < text->len; i++)
    {
      const gchar *at = text->str + i;
      gboolean is_hex = g_ascii_strncasecmp (at, "&#x", 3) == 0;
      gchar *end = NULL;
      guint64 code;

      if (at[0] != '&' || at[1] != '#')
        continue;
      code = g_ascii_strtoull (at + (is_hex ? 3 : 2), &end, is_hex ? 16 : 10);
      if (*end != ';' || code < ' ' || code > '~')
        continue;
      text->str[i] = (gchar)code;
      g_string_erase (text, (gssize)i + 1, end - at);
    }
}

static gchar *
decode_entities (gchar *text)
{
  static const gchar *const entities[][2] = {
    { "&lt;", "<" },   { "&gt;", ">" },   { "&quot;", "\"" },
    { "&apos;", "'" }, { "&nbsp;", " " }, { "&amp;", "&" },
  };
  GString *result = g_string_new_take (text);

  decode_numbers (result);
  for (guint i = 0; i < G_N_ELEMENTS (entities); i++)
    g_string_replace (result, entities[i][0], entities[i][1], 0);
  return g_string_free (result, FALSE);
}

static gboolean
opens_tag (const gchar *at)
{
  return *at == '<'
         && (g_ascii_isalpha (at[1]) || at[1] == '/' || at[1] == '!'
             || at[1] == '?');
}

/* Behind the tag at @at; scripts and styles go with what is in them. */
static const gchar *
skip_tag (const gchar *at)
{
  static const gchar *const blocks[][2] = {
    { "<script", "</script" },
    { "<style", "</style" },
    { "<!--", "-->" },
  };
  const gchar *end;

  for (guint i = 0; i < G_N_ELEMENTS (blocks); i++)
    if (g_ascii_strncasecmp (at, blocks[i][0], strlen (blocks[i][0])) == 0)
      {
        end = find_text (at, blocks[i][1], strlen (blocks[i][1]));
        at = end != NULL ? end : at + strlen (at);
        break;
      }
  at += strcspn (at, ">");
  return *at == '>' ? at + 1 : at;
}

/* Tags, long runs, line breaks and what can't be seen give way. */
static gchar *
reduce (const gchar *text)
{
  GString *result = g_string_new (NULL);

  while (*text != '\0')
    {
      gunichar c = g_utf8_get_char (text);
      gsize run = strspn (text, RUN_CHARS);

      if (opens_tag (text))
        {
          text = skip_tag (text);
          g_string_append_c (result, ' ');
        }
      else if (run > 0)
        {
          if (run >= LONG_RUN)
            g_string_append (result, " " ELLIPSIS " ");
          else
            g_string_append_len (result, text, run);
          text += run;
        }
      else
        {
          if (g_unichar_isspace (c) || !g_unichar_isprint (c)
              || g_unichar_type (c) == G_UNICODE_FORMAT)
            g_string_append_c (result, ' ');
          else
            g_string_append_unichar (result, c);
          text = g_utf8_next_char (text);
        }
    }
  return g_string_free (result, FALSE);
}

/* One space between words, and one ellipsis where there were several. */
static gchar *
join_words (const gchar *text)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);
  GString *result = g_string_new (NULL);
  const gchar *last = "";

  for (guint i = 0; words[i] != NULL; i++)
    {
      if (*words[i] == '\0'
          || (g_str_equal (words[i], ELLIPSIS) && g_str_equal (last, ELLIPSIS)))
        continue;
      if (result->len > 0)
        g_string_append_c (result, ' ');
      g_string_append (result, words[i]);
      last = words[i];
    }
  return g_string_free (result, FALSE);
}

static gchar *
shorten (gchar *text)
{
  gsize length;

  if (g_utf8_strlen (text, -1) > MAX_CHARS)
    {
      g_autofree gchar *start = g_utf8_substring (text, 0, MAX_CHARS - 1);

      g_free (text);
      text = g_strconcat (g_strchomp (start), ELLIPSIS, NULL);
    }
  for (length = strlen (text);
       length > 0 && strchr (". ", text[length - 1]) != NULL; length--)
    text[length - 1] = '\0';
  return text;
}

static gboolean
says_something (const gchar *text)
{
  for (; *text != '\0'; text = g_utf8_next_char (text))
    if (g_unichar_isalnum (g_utf8_get_char (text)))
      return TRUE;
  return FALSE;
}

gchar *
pmt_fault_clean_detail (const gchar *detail, const gchar *secret)
{
  g_autofree gchar *text = NULL;
  g_autofree gchar *rest = NULL;

  if (detail == NULL)
    return NULL;
  /* Before anything is cut: half a secret would not be found. */
  text = remove_secret (g_utf8_make_valid (detail, -1), secret);
  if (strlen (text) > MAX_BYTES)
    *g_utf8_find_prev_char (text, text + MAX_BYTES) = '\0';
  text = remove_secret (decode_entities (text), secret);
  rest = reduce (text);
  g_free (text);
  text = join_words (rest);
  g_free (rest);
  rest = shorten (remove_secret (g_steal_pointer (&text), secret));
  if (!says_something (rest)
      || (secret != NULL && *secret != '\0'
          && find_text (rest, secret, strlen (secret)) != NULL))
    return NULL;
  return g_steal_pointer (&rest);
}
