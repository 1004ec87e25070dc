/* SPDX-License-Identifier: LGPL-3.0-or-later */
#include "config.h"

#include "history.h"

#include <cjson/cJSON.h>
#include <glib/gi18n-lib.h>

/* Characters of a prompt in a list. */
#define SHOWN_PROMPT 50

/* "cJSON *" has no autoptr of its own; its printed text is plain malloc. */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (cJSON, cJSON_Delete)

/* Whole words need not match, and neither does the case. */
static gboolean
has_text (const gchar *text, const gchar *wanted)
{
  g_autofree gchar *folded = text ? g_utf8_casefold (text, -1) : NULL;

  return folded && strstr (folded, wanted);
}

static gboolean
matches (const PmtHistoryEntry *entry, const gchar *search)
{
  g_autofree gchar *wanted = NULL;

  if (!search)
    return TRUE;
  wanted = g_utf8_casefold (search, -1);
  return has_text (pmt_operation_to_string (entry->operation), wanted)
         || has_text (pmt_operation_label (entry->operation), wanted)
         || has_text (entry->model, wanted) || has_text (entry->prompt, wanted);
}

static gchar *
format_date (const PmtHistoryEntry *entry)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (entry->created);

  return g_date_time_format (time, "%F %T");
}

/* One line, without what would steer a terminal. */
static gchar *
shorten (const gchar *prompt)
{
  g_autofree gchar *start = g_utf8_strlen (prompt, -1) > SHOWN_PROMPT
                                ? g_utf8_substring (prompt, 0, SHOWN_PROMPT)
                                : g_strdup (prompt);
  GString *line = g_string_new (NULL);

  for (const gchar *at = start; *at; at = g_utf8_next_char (at))
    {
      const gunichar c = g_utf8_get_char (at);

      g_string_append_unichar (line, g_unichar_iscntrl (c) ? ' ' : c);
    }
  return g_string_free (line, FALSE);
}

static void
print_entry (const PmtHistoryEntry *entry)
{
  g_autofree gchar *date = format_date (entry);
  g_autofree gchar *prompt = shorten (entry->prompt ? entry->prompt : "");

  g_print ("%s  %s  %-10s  %s", entry->id, date,
           pmt_operation_to_string (entry->operation), entry->model);
  if (entry->cost >= 0.0)
    g_print ("  %g %s", entry->cost, entry->unit ? entry->unit : "");
  g_print ("%s%s\n", *prompt ? "  " : "", prompt);
}

static cJSON *
entry_to_json (const PmtHistoryEntry *entry)
{
  cJSON *object = cJSON_CreateObject ();

  cJSON_AddStringToObject (object, "id", entry->id);
  cJSON_AddNumberToObject (object, "created", (gdouble)entry->created);
  cJSON_AddStringToObject (object, "operation",
                           pmt_operation_to_string (entry->operation));
  cJSON_AddStringToObject (object, "model", entry->model);
  if (entry->prompt)
    cJSON_AddStringToObject (object, "prompt", entry->prompt);
  if (entry->cost >= 0.0)
    cJSON_AddNumberToObject (object, "cost", entry->cost);
  if (entry->unit)
    cJSON_AddStringToObject (object, "unit", entry->unit);
  if (entry->thumbnail)
    cJSON_AddStringToObject (object, "thumbnail", entry->thumbnail);
  cJSON_AddItemToObject (object, "recipe", cJSON_Parse (entry->recipe));
  return object;
}

static gboolean
list (PmtEngine *engine, const Options *options)
{
  g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) entries = pmt_engine_list_history (engine, problems);
  g_autoptr (cJSON) array = cJSON_CreateArray ();
  gchar *text;

  for (guint i = 0; i < problems->len; i++)
    g_printerr ("pentimento: %s\n",
                (const gchar *)g_ptr_array_index (problems, i));
  for (guint i = 0; i < entries->len; i++)
    {
      const PmtHistoryEntry *entry = g_ptr_array_index (entries, i);

      if (!matches (entry, options->search))
        continue;
      if (options->is_json)
        cJSON_AddItemToArray (array, entry_to_json (entry));
      else
        print_entry (entry);
    }
  if (!options->is_json)
    return TRUE;
  text = cJSON_Print (array);
  g_print ("%s\n", text);
  cJSON_free (text);
  return TRUE;
}

static gboolean
show (PmtEngine *engine, const Options *options, GError **error)
{
  g_autoptr (PmtHistoryEntry) entry =
      pmt_engine_get_history (engine, options->show, error);

  if (!entry)
    return FALSE;
  g_print ("%s\n", entry->recipe);
  return TRUE;
}

gboolean
history_run (PmtEngine *engine, const Options *options, GError **error)
{
  if (options->show)
    return show (engine, options, error);
  if (options->erase)
    return pmt_engine_delete_history (engine, options->erase, error);
  if (options->is_clear)
    return pmt_engine_clear_history (engine, error);
  return list (engine, options);
}
