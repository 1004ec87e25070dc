/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* history-text.c: words, dates and values of an entry of the history. */
#include "config.h"

#include "history-text.h"

#include <glib/gi18n-lib.h>

/* Characters; no list is wider. */
#define MAX_LINE 200

gchar *
pmt_history_text_index (const PmtHistoryEntry *entry, const gchar *model)
{
  g_autofree gchar *all =
      g_strjoin ("\n", pmt_operation_label (entry->operation),
                 pmt_operation_to_string (entry->operation), model,
                 entry->model, entry->prompt ? entry->prompt : "", NULL);
  g_autofree gchar *normal = g_utf8_normalize (all, -1, G_NORMALIZE_ALL);

  return g_utf8_casefold (normal ? normal : "", -1);
}

gchar **
pmt_history_text_split (const gchar *search)
{
  g_autofree gchar *normal = g_utf8_normalize (search, -1, G_NORMALIZE_ALL);
  g_autofree gchar *folded = g_utf8_casefold (normal ? normal : "", -1);

  return g_strsplit_set (folded, " \t\n", -1);
}

gboolean
pmt_history_text_matches (const gchar *index, const gchar *const *words)
{
  for (; words && *words; words++)
    if (!strstr (index, *words))
      return FALSE;

  return TRUE;
}

gchar *
pmt_history_text_date (const PmtHistoryEntry *entry)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (entry->created);

  /* Translators: date and time as in "2026-11-29 16:01", see the manual of
   * strftime. */
  return time ? g_date_time_format (time, _ ("%Y-%m-%d %H:%M")) : g_strdup ("");
}

gchar *
pmt_history_text_cost (const PmtHistoryEntry *entry)
{
  if (entry->cost < 0.0)
    return g_strdup ("");
  if (!entry->unit)
    return g_strdup_printf ("%g", entry->cost);

  return g_strdup_printf ("%g %s", entry->cost, entry->unit);
}

gchar *
pmt_history_text_line (const gchar *text)
{
  GString *line = g_string_new (NULL);
  glong n = 0;

  for (const gchar *at = text; *at && n < MAX_LINE; at = g_utf8_next_char (at))
    {
      const gunichar c = g_utf8_get_char (at);

      g_string_append_unichar (line, g_unichar_iscntrl (c) ? ' ' : c);
      n++;
    }
  if (n == MAX_LINE)
    g_string_append (line, "…");

  return g_string_free (line, FALSE);
}

static gboolean
is_automatic (const PmtParamSpec *spec, GVariant *value)
{
  return spec && spec->has_auto
         && (g_variant_is_of_type (value, G_VARIANT_TYPE_INT64)
                 ? (gdouble)g_variant_get_int64 (value)
                 : g_variant_get_double (value))
                == spec->auto_value;
}

static gchar *
name_choice (const PmtParamSpec *spec, const gchar *value)
{
  for (guint i = 0;
       spec && spec->choices && spec->choice_labels && spec->choices[i]; i++)
    if (g_str_equal (spec->choices[i], value))
      return g_strdup (pmt_param_spec_get_choice_label (spec, i));

  return g_strdup (value);
}

gchar *
pmt_history_text_value (const PmtParamSpec *spec, GVariant *value)
{
  const gchar *unit = spec ? pmt_param_spec_get_unit (spec) : "";
  g_autofree gchar *number = NULL;

  if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
    return name_choice (spec, g_variant_get_string (value, NULL));
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_BOOLEAN))
    return g_strdup (g_variant_get_boolean (value) ? C_ ("value", "Yes")
                                                   : C_ ("value", "No"));
  if (is_automatic (spec, value))
    return g_strdup (_ ("Automatic"));
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_INT64))
    number = g_strdup_printf ("%" G_GINT64_FORMAT, g_variant_get_int64 (value));
  else
    number = g_strdup_printf ("%g", g_variant_get_double (value));

  return *unit ? g_strdup_printf ("%s %s", number, unit)
               : g_steal_pointer (&number);
}

/* Of many broken files one says enough. */
gchar *
pmt_history_text_problems (GPtrArray *problems)
{
  g_autofree gchar *more = NULL;

  if (problems->len == 0)
    return NULL;
  if (problems->len == 1)
    return g_strdup (problems->pdata[0]);
  more = g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE,
                   "%u more entry of the history can't be read; “pentimento "
                   "history” tells why.",
                   "%u more entries of the history can't be read; “pentimento "
                   "history” tells why.",
                   problems->len - 1),
      problems->len - 1);

  return g_strdup_printf ("%s %s", (const gchar *)problems->pdata[0], more);
}
