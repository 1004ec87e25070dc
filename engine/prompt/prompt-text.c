/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* prompt-text.c: characters, numbers and limits that all prompts share. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "prompt/prompt-text.h"
#include "prompt/weights.h"

/* Translators: %ld counts characters, %s says what is wrong */
#define WHERE N_ ("The prompt can't be read at character %ld: %s.")

gboolean
pmt_prompt_fail (const gchar *text,
                 const gchar *at,
                 const gchar *reason,
                 GError **error)
{
  g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT, _ (WHERE),
               g_utf8_pointer_to_offset (text, at) + 1, reason);
  return FALSE;
}

/* Where the number is in a message of pmt_prompt_fail(); %NULL: it is another
 * message. */
static const gchar *
find_number (const gchar *message)
{
  const gchar *format = _ (WHERE);
  const gchar *number = strstr (format, "%ld");

  if (number == NULL || strncmp (message, format, number - format) != 0)
    return NULL;
  return message + (number - format);
}

glong
pmt_prompt_find_place (const GError *error)
{
  const gchar *number = find_number (error->message);

  return number != NULL ? strtol (number, NULL, 10) - 1 : -1;
}

gboolean
pmt_prompt_tells_place (const gchar *message)
{
  return find_number (message) != NULL;
}

gboolean
pmt_prompt_is_same_fault (const gchar *a, const gchar *b)
{
  const gchar *digits = "0123456789";

  a = find_number (a);
  b = find_number (b);
  return a != NULL && b != NULL
         && g_str_equal (a + strspn (a, digits), b + strspn (b, digits));
}

gboolean
pmt_prompt_check (const gchar *text, GError **error)
{
  const gsize length = strlen (text);
  const gchar *bad;

  if (length > PMT_PROMPT_MAX_BYTES)
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
                   _ ("The prompt has %lld bytes; at most %lld can be read."),
                   (long long)length, (long long)PMT_PROMPT_MAX_BYTES);
      return FALSE;
    }
  if (!g_utf8_validate (text, -1, &bad))
    return pmt_prompt_fail (text, bad, _ ("the text is not valid UTF-8"),
                            error);
  return TRUE;
}

gboolean
pmt_prompt_is_space (gunichar c)
{
  if (c < 0x80)
    return c == ' ' || (c >= 0x09 && c <= 0x0d) || (c >= 0x1c && c <= 0x1f);
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

const gchar *
pmt_prompt_skip_space (const gchar *p, const gchar *end)
{
  while (p < end && pmt_prompt_is_space (g_utf8_get_char (p)))
    p = g_utf8_next_char (p);
  return p;
}

const gchar *
pmt_prompt_trim_space (const gchar *start, const gchar *end)
{
  while (end > start)
    {
      const gchar *last = g_utf8_prev_char (end);

      if (!pmt_prompt_is_space (g_utf8_get_char (last)))
        break;
      end = last;
    }
  return end;
}

static gboolean
is_word_char (gunichar c)
{
  return c == '_' || g_unichar_isalnum (c);
}

gboolean
pmt_prompt_is_word_at (const gchar *start,
                       const gchar *end,
                       const gchar *p,
                       const gchar *word)
{
  const gsize length = strlen (word);

  if ((gsize)(end - p) < length || memcmp (p, word, length) != 0)
    return FALSE;
  if (p > start && is_word_char (g_utf8_get_char (g_utf8_prev_char (p))))
    return FALSE;
  return p + length == end || !is_word_char (g_utf8_get_char (p + length));
}

/* Appends digits of any script as ASCII; "_" between two of them when
 * @underscores. */
static const gchar *
take_digits (const gchar *p,
             const gchar *end,
             gboolean underscores,
             GString *out)
{
  const gsize before = out->len;

  while (p < end)
    {
      const gchar *digit = p;

      if (underscores && *p == '_' && out->len > before && p + 1 < end)
        digit = p + 1;
      if (!g_unichar_isdigit (g_utf8_get_char (digit)))
        break;
      g_string_append_c (out,
                         '0' + g_unichar_digit_value (g_utf8_get_char (digit)));
      p = g_utf8_next_char (digit);
    }
  return p;
}

static const gchar *
take_sign (const gchar *p, const gchar *end, GString *out)
{
  if (p < end && (*p == '+' || *p == '-'))
    g_string_append_c (out, *p++);
  return p;
}

/* Sign, digits, dot, digits; %NULL without any digit. */
static const gchar *
take_decimal (const gchar *p,
              const gchar *end,
              gboolean underscores,
              GString *out)
{
  gsize start;
  gboolean has_digits;

  p = take_sign (p, end, out);
  start = out->len;
  p = take_digits (p, end, underscores, out);
  has_digits = out->len > start;
  if (p < end && *p == '.')
    {
      g_string_append_c (out, '.');
      start = out->len;
      p = take_digits (p + 1, end, underscores, out);
      has_digits = has_digits || out->len > start;
    }
  return has_digits ? p : NULL;
}

const gchar *
pmt_prompt_scan_decimal (const gchar *p, const gchar *end, gdouble *value)
{
  g_autoptr (GString) number = g_string_new (NULL);

  p = take_decimal (p, end, FALSE, number);
  if (p != NULL)
    *value = g_ascii_strtod (number->str, NULL);
  return p;
}

static gboolean
parse_special (const gchar *start, const gchar *end, gdouble *value)
{
  const gchar *names[] = { "inf", "infinity", "nan" };
  const gdouble values[] = { INFINITY, INFINITY, NAN };

  if (start < end && (*start == '+' || *start == '-'))
    start++;
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (strlen (names[i]) == (gsize)(end - start)
        && g_ascii_strncasecmp (start, names[i], end - start) == 0)
      {
        *value = values[i];
        return TRUE;
      }
  return FALSE;
}

gboolean
pmt_prompt_parse_float (const gchar *start, const gchar *end, gdouble *value)
{
  g_autoptr (GString) number = g_string_new (NULL);
  const gchar *p;

  start = pmt_prompt_skip_space (start, end);
  end = pmt_prompt_trim_space (start, end);
  if (parse_special (start, end, value))
    return TRUE;
  p = take_decimal (start, end, TRUE, number);
  if (p != NULL && p < end && (*p == 'e' || *p == 'E'))
    {
      gsize digits;

      g_string_append_c (number, 'e');
      p = take_sign (p + 1, end, number);
      digits = number->len;
      p = take_digits (p, end, TRUE, number);
      if (number->len == digits)
        return FALSE;
    }
  if (p != end)
    return FALSE;
  *value = g_ascii_strtod (number->str, NULL);
  return TRUE;
}
