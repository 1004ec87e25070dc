/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* lists.c: what a server offers for a parameter, asked once. */
#include "config.h"

#include "remote/lists.h"

#include <glib/gstdio.h>
#include <string.h>

#define DAY ((gint64)24 * 60 * 60)
#define MAX_NAMES 5000
#define MAX_NAME 500

/* What the process knows: "account\nparam" to PmtKnownList. */
typedef struct
{
  gint64 time;
  gchar *base_url;
  gchar **names;
} PmtKnownList;

static GMutex lock;
static GHashTable *known;

static void
known_list_free (gpointer data)
{
  PmtKnownList *list = data;

  g_free (list->base_url);
  g_strfreev (list->names);
  g_free (list);
}

static gint64
now (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

static gboolean
is_fresh (gint64 time)
{
  const gint64 age = now () - time;

  return age >= 0 && age < DAY;
}

/* ------------------------------------------------------------------ names */

static gboolean
is_name (const gchar *name)
{
  if (name == NULL || *name == '\0' || strlen (name) > MAX_NAME
      || !g_utf8_validate (name, -1, NULL))
    return FALSE;
  for (const gchar *at = name; *at != '\0'; at = g_utf8_next_char (at))
    if (g_unichar_iscntrl (g_utf8_get_char (at)))
      return FALSE;
  return TRUE;
}

static gchar **
clean_names (const gchar *const *names)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; names[i] != NULL && g_hash_table_size (seen) < MAX_NAMES;
       i++)
    if (is_name (names[i]) && g_hash_table_add (seen, (gpointer)names[i]))
      g_strv_builder_add (builder, names[i]);
  return g_strv_builder_end (builder);
}

void
pmt_lists_add_names (GStrvBuilder *builder,
                     const cJSON *array,
                     const gchar *member)
{
  const cJSON *node;
  guint n = 0;

  if (!cJSON_IsArray (array))
    return;
  cJSON_ArrayForEach (node, array)
  {
    const gchar *name = cJSON_GetStringValue (
        member != NULL ? cJSON_GetObjectItemCaseSensitive (node, member)
                       : node);

    if (name != NULL)
      g_strv_builder_add (builder, name);
    if (++n == MAX_NAMES)
      return;
  }
}

/* ------------------------------------------------------------- the process */

static gchar *
known_key (PmtRemoteCall *call, const gchar *param)
{
  return g_strconcat (call->account->id, "\n", param, NULL);
}

static gchar **
find_known (PmtRemoteCall *call, const gchar *param)
{
  g_autofree gchar *key = known_key (call, param);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&lock);
  const PmtKnownList *list =
      known != NULL ? g_hash_table_lookup (known, key) : NULL;

  if (list == NULL || !is_fresh (list->time)
      || g_strcmp0 (list->base_url, call->account->base_url) != 0)
    return NULL;
  return g_strdupv (list->names);
}

static void
remember (PmtRemoteCall *call, const gchar *param, gint64 time, gchar **names)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&lock);
  PmtKnownList *list = g_new0 (PmtKnownList, 1);

  if (known == NULL)
    known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                   known_list_free);
  list->time = time;
  list->base_url = g_strdup (call->account->base_url);
  list->names = g_strdupv (names);
  g_hash_table_replace (known, known_key (call, param), list);
}

/* ---------------------------------------------------------------- the file */

/* Ids and parameters have no slashes; PMT_PATTERN_ID says so. */
static gchar *
file_path (PmtRemoteCall *call, const gchar *param)
{
  g_autofree gchar *name = NULL;

  if (call->cache_dir == NULL || strchr (call->account->id, '/') != NULL
      || strchr (param, '/') != NULL)
    return NULL;
  name = g_strdup_printf ("%s-%s.json", call->account->id, param);
  return g_build_filename (call->cache_dir, name, NULL);
}

static gchar **
read_file (PmtRemoteCall *call, const gchar *param, gint64 *time)
{
  g_autofree gchar *path = file_path (call, param);
  g_autofree gchar *text = NULL;
  g_autoptr (cJSON) json = NULL;
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) names = NULL;
  gsize length = 0;

  if (path == NULL || !g_file_get_contents (path, &text, &length, NULL))
    return NULL;
  json = pmt_json_parse_large (path, text, length, (gsize)8 << 20,
                               PMT_ERROR_FILE, NULL);
  *time = (gint64)CLAMP (pmt_json_get_number (json, "time", 0.0), 0.0,
                         PMT_JSON_MAX_INT);
  if (json == NULL || !is_fresh (*time)
      || !cJSON_IsArray (pmt_json_get (json, "names"))
      || g_strcmp0 (pmt_json_get_text (json, "base_url"),
                    call->account->base_url)
             != 0)
    return NULL;
  pmt_lists_add_names (builder, pmt_json_get (json, "names"), NULL);
  names = g_strv_builder_end (builder);
  return clean_names ((const gchar *const *)names);
}

/* A list that can't be kept is asked again next time; that is all. */
static void
write_file (PmtRemoteCall *call, const gchar *param, gchar **names)
{
  g_autofree gchar *path = file_path (call, param);
  g_autoptr (cJSON) json = cJSON_CreateObject ();
  gchar *text;

  if (path == NULL)
    return;
  cJSON_AddNumberToObject (json, "time", (gdouble)now ());
  if (call->account->base_url != NULL)
    cJSON_AddStringToObject (json, "base_url", call->account->base_url);
  cJSON_AddItemToObject (json, "names",
                         cJSON_CreateStringArray ((const char *const *)names,
                                                  (int)g_strv_length (names)));
  text = cJSON_PrintUnformatted (json);
  g_mkdir_with_parents (call->cache_dir, 0700);
  if (!g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT,
                                 0600, NULL))
    g_debug ("a list of %s was not kept", call->account->id);
  cJSON_free (text);
}

/* ------------------------------------------------------------------ public */

gchar **
pmt_lists_get (PmtRemoteCall *call,
               const gchar *param,
               PmtListAsk ask,
               GError **error)
{
  gchar **names = find_known (call, param);
  g_auto (GStrv) asked = NULL;
  gint64 time = 0;

  if (names != NULL)
    return names;
  names = read_file (call, param, &time);
  if (names != NULL)
    {
      remember (call, param, time, names);
      return names;
    }
  asked = ask (call, param, error);
  if (asked == NULL)
    return NULL;
  names = clean_names ((const gchar *const *)asked);
  remember (call, param, now (), names);
  write_file (call, param, names);
  return names;
}

static void
forget_one (PmtRemoteCall *call, const gchar *param)
{
  g_autofree gchar *path = file_path (call, param);
  g_autofree gchar *key = known_key (call, param);

  if (path != NULL && g_remove (path) != 0)
    g_debug ("a list of %s was not there", call->account->id);
  g_mutex_lock (&lock);
  if (known != NULL)
    g_hash_table_remove (known, key);
  g_mutex_unlock (&lock);
}

void
pmt_lists_forget (PmtRemoteCall *call, const gchar *param)
{
  static const gchar *const params[] = { "checkpoint", "sampler", "schedule",
                                         "upscaler",   "lora",    "vae",
                                         "model" };

  if (param != NULL)
    {
      forget_one (call, param);
      return;
    }
  for (guint i = 0; i < G_N_ELEMENTS (params); i++)
    forget_one (call, params[i]);
}
