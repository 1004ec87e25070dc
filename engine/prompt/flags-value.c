/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* flags-value.c: what may stand behind each flag. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "prompt/flags-private.h"
#include "prompt/prompt-text.h"

/* Longest address of a picture, in bytes. */
#define MAX_ADDRESS 2048
/* More decimals of a number than these are no use. */
#define MAX_DIGITS 12

static gboolean
is_number (const gchar *text, gboolean is_whole)
{
  const gsize digits = strspn (text, "0123456789");
  const gchar *p = text + digits;
  gsize decimals = 0;

  if (*p == '.' && !is_whole)
    {
      decimals = strspn (p + 1, "0123456789");
      p += 1 + decimals;
    }
  return *p == '\0' && digits + decimals > 0 && digits + decimals <= MAX_DIGITS;
}

static gint64
find_divisor (gint64 a, gint64 b)
{
  while (b != 0)
    {
      const gint64 rest = a % b;

      a = b;
      b = rest;
    }
  return a;
}

static gchar *
print_reduced (gint64 width, gint64 height)
{
  const gint64 divisor = find_divisor (width, height);

  return g_strdup_printf ("%" G_GINT64_FORMAT ":%" G_GINT64_FORMAT,
                          width / divisor, height / divisor);
}

/* "1.39:1" in whole numbers, "139:100"; %NULL when it isn't that either. */
static gchar *
print_whole (const gchar *width, const gchar *height, gdouble max)
{
  gdouble factor = 1.0;
  gdouble w;
  gdouble h;

  if (!is_number (width, FALSE) || !is_number (height, FALSE))
    return NULL;
  w = g_ascii_strtod (width, NULL);
  h = g_ascii_strtod (height, NULL);
  while (factor < 1e4
         && (fabs (w * factor - round (w * factor)) > 1e-6
             || fabs (h * factor - round (h * factor)) > 1e-6))
    factor *= 10.0;
  w = round (w * factor);
  h = round (h * factor);
  if (w < 1 || h < 1 || w > max || h > max)
    return NULL;
  return print_reduced ((gint64)w, (gint64)h);
}

static gchar *
read_ratio (const PmtFlagSpec *spec,
            const gchar *text,
            const gchar *typed,
            gchar **reason)
{
  g_auto (GStrv) sides = g_strsplit (text, ":", 3);
  g_autofree gchar *whole = NULL;

  if (g_strv_length (sides) == 2 && is_number (sides[0], TRUE)
      && is_number (sides[1], TRUE))
    {
      const gint64 width = g_ascii_strtoll (sides[0], NULL, 10);
      const gint64 height = g_ascii_strtoll (sides[1], NULL, 10);

      if (width >= spec->min && height >= spec->min && width <= spec->max
          && height <= spec->max)
        return print_reduced (width, height);
    }
  else if (g_strv_length (sides) == 2)
    whole = print_whole (sides[0], sides[1], spec->max);
  if (whole != NULL)
    /* Translators: “--ar” takes whole numbers: “139:100” instead of “1.39:1” */
    *reason = g_strdup_printf (_ ("“%s” takes whole numbers: “%s” instead of "
                                  "“%s”"),
                               typed, whole, text);
  else
    *reason = g_strdup_printf (_ ("“%s” takes two whole numbers from %.0f to "
                                  "%.0f, such as 16:9, not “%s”"),
                               typed, spec->min, spec->max, text);
  return NULL;
}

static gchar *
read_number (const PmtFlagSpec *spec,
             const gchar *text,
             const gchar *typed,
             gchar **reason)
{
  const gboolean is_whole = spec->kind == PMT_FLAG_WHOLE;
  const gdouble value = g_ascii_strtod (text, NULL);
  gchar buffer[G_ASCII_DTOSTR_BUF_SIZE];

  if (is_number (text, is_whole) && value >= spec->min && value <= spec->max)
    return g_strdup (g_ascii_formatd (buffer, sizeof buffer,
                                      is_whole ? "%.0f" : "%.6g", value));
  *reason = is_whole
                ? g_strdup_printf (_ ("“%s” takes a whole number from %.0f to "
                                      "%.0f, not “%s”"),
                                   typed, spec->min, spec->max, text)
                : g_strdup_printf (_ ("“%s” takes a number from %g to %g, not "
                                      "“%s”"),
                                   typed, spec->min, spec->max, text);
  return NULL;
}

/* "a, b or c" */
static gchar *
print_choices (gchar **values)
{
  g_autoptr (GString) text = g_string_new (values[0]);

  for (guint i = 1; values[i] != NULL; i++)
    {
      g_string_append (text, values[i + 1] == NULL ? _ (" or ") : ", ");
      g_string_append (text, values[i]);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static gchar *
read_choice (const PmtFlagSpec *spec,
             const gchar *text,
             const gchar *typed,
             gchar **reason)
{
  g_auto (GStrv) values = g_strsplit (spec->values, " ", -1);
  g_autofree gchar *choices = NULL;

  if (*text == '\0' && spec->preset != NULL)
    return g_strdup (spec->preset);
  for (guint i = 0; values[i] != NULL; i++)
    if (g_str_equal (values[i], text)
        || (is_number (text, FALSE)
            && g_ascii_strtod (values[i], NULL) == g_ascii_strtod (text, NULL)))
      return g_strdup (values[i]);
  choices = print_choices (values);
  *reason =
      g_strdup_printf (_ ("“%s” takes %s, not “%s”"), typed, choices, text);
  return NULL;
}

static gboolean
is_address (const gchar *text)
{
  g_autoptr (GUri) uri = NULL;

  if (strlen (text) > MAX_ADDRESS)
    return FALSE;
  uri = g_uri_parse (text, G_URI_FLAGS_NONE, NULL);
  return uri != NULL && g_uri_get_host (uri) != NULL
         && *g_uri_get_host (uri) != '\0' && g_uri_get_userinfo (uri) == NULL
         && (g_str_equal (g_uri_get_scheme (uri), "https")
             || g_str_equal (g_uri_get_scheme (uri), "http"));
}

static gchar *
read_addresses (const PmtFlagSpec *spec,
                const gchar *text,
                const gchar *typed,
                gchar **reason)
{
  g_auto (GStrv) words = g_strsplit_set (text, " \t\r\n\f\v", -1);
  g_autoptr (GString) all = g_string_new (NULL);
  guint n = 0;

  for (guint i = 0; words[i] != NULL; i++)
    {
      if (*words[i] == '\0')
        continue;
      if (!is_address (words[i]))
        {
          *reason = g_strdup_printf (_ ("“%s” takes addresses of pictures "
                                        "(https://…), not “%s”"),
                                     typed, words[i]);
          return NULL;
        }
      g_string_append_printf (all, "%s%s", n++ > 0 ? " " : "", words[i]);
    }
  if (n <= spec->max)
    return g_string_free (g_steal_pointer (&all), FALSE);
  *reason = g_strdup_printf (ngettext ("“%s” takes the address of %d picture, "
                                       "not of %u",
                                       "“%s” takes the addresses of at most %d "
                                       "pictures, not of %u",
                                       (gulong)spec->max),
                             typed, (gint)spec->max, n);
  return NULL;
}

static gchar *
read_text (const PmtFlagSpec *spec,
           const gchar *text,
           const gchar *typed,
           gchar **reason)
{
  g_autoptr (GString) line = g_string_new (NULL);
  const gchar *end = text + strlen (text);
  const glong length = g_utf8_strlen (text, -1);

  if (length > spec->max)
    {
      *reason = g_strdup_printf (_ ("“%s” takes at most %.0f characters, not "
                                    "%ld"),
                                 typed, spec->max, length);
      return NULL;
    }
  /* One line: a line break would hide that the words belong to the flag. */
  for (const gchar *p = text; p < end; p = g_utf8_next_char (p))
    {
      const gunichar c = g_utf8_get_char (p);

      if (!pmt_prompt_is_space (c))
        g_string_append_unichar (line, c);
      else if (line->len > 0 && line->str[line->len - 1] != ' ')
        g_string_append_c (line, ' ');
    }
  return g_string_free (g_steal_pointer (&line), FALSE);
}

/* Words behind a value, or behind a flag that has none. */
static gchar *
tell_words (const PmtFlagSpec *spec, const gchar *text, const gchar *typed)
{
  const gchar *space = strpbrk (text, " \t\r\n\f\v");
  g_autofree gchar *first =
      space != NULL ? g_strndup (text, space - text) : g_strdup (text);

  if (spec->kind == PMT_FLAG_SWITCH)
    return g_strdup_printf (_ ("“%s” takes no value, but “%s” stands behind "
                               "it; write the description before the "
                               "parameters"),
                            typed, first);
  return g_strdup_printf (_ ("words stand behind “%s %s”; write the "
                             "description before the parameters"),
                          typed, first);
}

gchar *
pmt_flag_read_value (PmtFlagId id,
                     const gchar *text,
                     const gchar *typed,
                     gchar **reason)
{
  const PmtFlagSpec *spec = pmt_flag_spec (id);

  if (spec->kind == PMT_FLAG_SWITCH)
    {
      if (*text == '\0')
        return g_strdup ("");
      *reason = tell_words (spec, text, typed);
      return NULL;
    }
  if (*text == '\0' && spec->preset == NULL)
    {
      *reason = g_strdup_printf (_ ("“%s” lacks its value"), typed);
      return NULL;
    }
  if (spec->kind == PMT_FLAG_TEXT)
    return read_text (spec, text, typed, reason);
  if (spec->kind == PMT_FLAG_ADDRESSES)
    return read_addresses (spec, text, typed, reason);
  if (strpbrk (text, " \t\r\n\f\v") != NULL)
    {
      *reason = tell_words (spec, text, typed);
      return NULL;
    }
  if (spec->kind == PMT_FLAG_RATIO)
    return read_ratio (spec, text, typed, reason);
  if (spec->kind == PMT_FLAG_CHOICE)
    return read_choice (spec, text, typed, reason);
  return read_number (spec, text, typed, reason);
}
