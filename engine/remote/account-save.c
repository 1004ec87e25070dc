/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* account-save.c: an account written into providers.json. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "core/json.h"
#include "remote/account.h"
#include "remote/provider.h"

#define FILE_NAME "providers.json"

static cJSON *
strv_to_json (gchar **list)
{
  cJSON *array = cJSON_CreateArray ();

  for (guint i = 0; list != NULL && list[i] != NULL; i++)
    cJSON_AddItemToArray (array, cJSON_CreateString (list[i]));
  return array;
}

static void
add_text (cJSON *entry, const gchar *key, const gchar *value)
{
  if (value != NULL)
    cJSON_AddStringToObject (entry, key, value);
}

static cJSON *
entry_new (const PmtAccount *account)
{
  cJSON *entry = cJSON_CreateObject ();
  GHashTableIter iter;
  gpointer name;
  gpointer path;

  add_text (entry, "id", account->id);
  add_text (entry, "type", account->provider->type);
  add_text (entry, "name", account->label);
  add_text (entry, "base_url", account->base_url);
  add_text (entry, "auth_header", account->auth_header);
  add_text (entry, "auth_prefix", account->auth_prefix);
  add_text (entry, "key_env", account->key_env);
  add_text (entry, "ca_file", account->ca_file);
  if (account->hosts != NULL)
    cJSON_AddItemToObject (entry, "hosts", strv_to_json (account->hosts));
  if (account->headers != NULL)
    cJSON_AddItemToObject (entry, "headers", strv_to_json (account->headers));
  if (account->paths != NULL)
    {
      cJSON *paths = cJSON_AddObjectToObject (entry, "paths");

      g_hash_table_iter_init (&iter, account->paths);
      while (g_hash_table_iter_next (&iter, &name, &path))
        cJSON_AddStringToObject (paths, name, path);
    }
  return entry;
}

/* What stands in the file, or an empty list where there is none. */
static cJSON *
read_root (const gchar *path, GError **error)
{
  g_autofree gchar *text = NULL;
  g_autoptr (GError) local = NULL;
  g_autoptr (cJSON) root = NULL;
  gsize length = 0;

  if (!g_file_get_contents (path, &text, &length, &local))
    {
      if (g_error_matches (local, G_FILE_ERROR, G_FILE_ERROR_NOENT))
        return cJSON_CreateArray ();
      g_set_error (error, PMT_ERROR, PMT_ERROR_FILE,
                   _ ("The file “%s” can't be read: %s"), path, local->message);
      return NULL;
    }
  root = pmt_json_parse (path, text, length, PMT_ERROR_MANIFEST, error);
  if (root == NULL || cJSON_IsArray (root))
    return g_steal_pointer (&root);
  g_set_error (error, PMT_ERROR, PMT_ERROR_MANIFEST,
               _ ("“%s” must hold a list of services."), path);
  return NULL;
}

static void
put_entry (cJSON *root, const PmtAccount *account)
{
  const cJSON *entry;
  gint i = 0;

  cJSON_ArrayForEach (entry, root)
  {
    if (g_strcmp0 (cJSON_GetStringValue (
                       cJSON_GetObjectItemCaseSensitive (entry, "id")),
                   account->id)
        == 0)
      {
        cJSON_ReplaceItemInArray (root, i, entry_new (account));
        return;
      }
    i++;
  }
  cJSON_AddItemToArray (root, entry_new (account));
}

gboolean
pmt_account_save (const gchar *user_dir,
                  const PmtAccount *account,
                  GError **error)
{
  g_autofree gchar *path = g_build_filename (user_dir, FILE_NAME, NULL);
  g_autoptr (cJSON) root = read_root (path, error);
  g_autoptr (GError) local = NULL;
  gchar *text;
  gboolean is_ok;

  if (root == NULL)
    return FALSE;
  put_entry (root, account);
  text = cJSON_Print (root);
  g_mkdir_with_parents (user_dir, 0700);
  is_ok = g_file_set_contents_full (
      path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, &local);
  cJSON_free (text);
  if (!is_ok)
    g_set_error (error, PMT_ERROR, PMT_ERROR_FILE,
                 _ ("The file “%s” can't be written: %s"), path,
                 local->message);
  return is_ok;
}
