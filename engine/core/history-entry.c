/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* history-entry.c: the text of an entry of the history, and back. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "core/history.h"

#define VERSION 1
#define MAX_UNIT 32
#define MAX_COST 1e9
/* The year 9999. */
#define MAX_TIME 253402300799.0

void
pmt_history_entry_free (PmtHistoryEntry *entry)
{
  if (entry == NULL)
    return;
  g_free (entry->id);
  g_free (entry->model);
  g_free (entry->prompt);
  g_free (entry->unit);
  g_free (entry->recipe);
  g_free (entry->thumbnail);
  g_free (entry->result);
  g_free (entry);
}

/* ---------------------------------------------------------------- writing */

static gboolean
is_picture (const cJSON *node)
{
  const gchar *text = cJSON_GetStringValue (node);

  return text != NULL && g_ascii_strncasecmp (text, "data:", 5) == 0;
}

static void
drop_pictures (cJSON *params)
{
  cJSON *node = params != NULL ? params->child : NULL;

  while (node != NULL)
    {
      cJSON *next = node->next;

      if (is_picture (node))
        cJSON_Delete (cJSON_DetachItemViaPointer (params, node));
      node = next;
    }
}

static gchar *
print (const cJSON *root)
{
  gchar *printed = cJSON_PrintUnformatted (root);
  gchar *text = g_strdup (printed);

  cJSON_free (printed);
  return text;
}

gchar *
pmt_history_clean_recipe (const gchar *recipe)
{
  g_autoptr (cJSON) root = cJSON_Parse (recipe);

  drop_pictures (cJSON_GetObjectItemCaseSensitive (root, "params"));
  return print (root);
}

/* The recipe of the first item, with the number that was asked for. */
static gchar *
recipe_of (const PmtResult *result, guint n_candidates)
{
  g_autoptr (cJSON) root = cJSON_Parse (pmt_result_get_recipe (result, 0));
  cJSON *params = cJSON_GetObjectItemCaseSensitive (root, "params");
  cJSON *count = cJSON_GetObjectItemCaseSensitive (params, "count");

  if (count != NULL)
    cJSON_SetNumberValue (count, (gdouble)MAX (n_candidates, 1));
  drop_pictures (params);
  return print (root);
}

/* Each item's recipe has its own part of the cost. */
static void
add_cost (cJSON *root, const PmtResult *result)
{
  const gchar *unit = NULL;
  gdouble sum = -1.0;

  for (guint i = 0; i < pmt_result_get_n_items (result); i++)
    {
      g_autoptr (cJSON) recipe =
          cJSON_Parse (pmt_result_get_recipe (result, i));
      const cJSON *cost = cJSON_GetObjectItemCaseSensitive (recipe, "cost");

      if (!cJSON_IsNumber (cost) || cost->valuedouble < 0.0)
        continue;
      sum = MAX (sum, 0.0) + cost->valuedouble;
      unit = cJSON_GetStringValue (
          cJSON_GetObjectItemCaseSensitive (recipe, "cost_unit"));
      if (unit != NULL && !cJSON_HasObjectItem (root, "unit"))
        cJSON_AddStringToObject (root, "unit", unit);
    }
  if (sum >= 0.0)
    cJSON_AddNumberToObject (root, "cost", sum);
}

gchar *
pmt_history_print (const PmtResult *result, guint n_candidates)
{
  g_autoptr (cJSON) root = cJSON_CreateObject ();
  g_autofree gchar *recipe = recipe_of (result, n_candidates);

  cJSON_AddNumberToObject (root, "version", VERSION);
  cJSON_AddNumberToObject (root, "created",
                           (gdouble)(g_get_real_time () / G_USEC_PER_SEC));
  add_cost (root, result);
  cJSON_AddStringToObject (root, "recipe", recipe);
  return print (root);
}

/* ---------------------------------------------------------------- reading */

static gboolean
get_number (const cJSON *root,
            const gchar *key,
            gdouble min,
            gdouble max,
            gdouble *value)
{
  const cJSON *node = cJSON_GetObjectItemCaseSensitive (root, key);

  if (!cJSON_IsNumber (node) || node->valuedouble < min
      || node->valuedouble > max)
    return FALSE;
  *value = node->valuedouble;
  return TRUE;
}

static gboolean
is_unit (const gchar *text)
{
  if (strlen (text) > MAX_UNIT)
    return FALSE;
  for (; *text != '\0'; text++)
    if (g_ascii_iscntrl (*text))
      return FALSE;
  return TRUE;
}

static gboolean
read_root (const cJSON *root, PmtHistoryEntry *entry)
{
  const gchar *recipe =
      cJSON_GetStringValue (cJSON_GetObjectItemCaseSensitive (root, "recipe"));
  const cJSON *unit = cJSON_GetObjectItemCaseSensitive (root, "unit");
  gdouble version, created;

  entry->cost = -1.0;
  if (!cJSON_IsObject (root) || recipe == NULL
      || !get_number (root, "version", VERSION, VERSION, &version)
      || !get_number (root, "created", 0.0, MAX_TIME, &created)
      || (cJSON_HasObjectItem (root, "cost")
          && !get_number (root, "cost", 0.0, MAX_COST, &entry->cost))
      || (unit != NULL
          && (!cJSON_IsString (unit) || !is_unit (unit->valuestring))))
    return FALSE;
  entry->created = (gint64)created;
  entry->recipe = g_strdup (recipe);
  entry->unit = unit != NULL ? g_strdup (unit->valuestring) : NULL;
  return TRUE;
}

PmtHistoryEntry *
pmt_history_parse (const gchar *label,
                   const gchar *id,
                   const gchar *text,
                   gsize length,
                   GError **error)
{
  g_autoptr (PmtHistoryEntry) entry = g_new0 (PmtHistoryEntry, 1);
  g_autoptr (PmtRequest) request = NULL;
  g_autoptr (GError) local = NULL;
  g_autoptr (cJSON) root =
      pmt_json_parse (label, text, length, PMT_ERROR_FILE, error);

  if (root == NULL)
    return NULL;
  if (!read_root (root, entry))
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_FILE,
                   _ ("The entry of the history “%s” is damaged, and was left "
                      "out. Delete the file to be rid of this message."),
                   label);
      return NULL;
    }
  request = pmt_request_from_recipe (entry->recipe, &local);
  if (request == NULL)
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_FILE,
                   _ ("The entry of the history “%s” was left out. %s"), label,
                   local->message);
      return NULL;
    }
  entry->id = g_strdup (id);
  entry->operation = pmt_request_get_operation (request);
  entry->model = g_strdup (pmt_request_get_model (request));
  entry->prompt = g_strdup (pmt_params_get_string (
      pmt_request_peek_params (request), "prompt", NULL));
  return g_steal_pointer (&entry);
}
