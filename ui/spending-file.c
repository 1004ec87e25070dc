/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* spending-file.c: limits on spending, and the history, in config.json. */
#include "config.h"

#include "spending-file.h"

#include <glib/gi18n-lib.h>

#include "core/json.h"

/* What stands in the file; an empty object where there is none. */
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
        return cJSON_CreateObject ();
      g_set_error (error, PMT_ERROR, PMT_ERROR_FILE,
                   _ ("The file “%s” can't be read: %s"), path, local->message);
      return NULL;
    }

  root = pmt_json_parse (path, text, length, PMT_ERROR_MANIFEST, error);
  if (!root || cJSON_IsObject (root))
    return g_steal_pointer (&root);
  g_set_error (error, PMT_ERROR, PMT_ERROR_MANIFEST,
               _ ("“%s” must hold a JSON object."), path);

  return NULL;
}

static void
put_limit (cJSON *spending, const gchar *key, gdouble limit)
{
  cJSON_DeleteItemFromObjectCaseSensitive (spending, key);
  if (limit >= 0.0)
    cJSON_AddNumberToObject (spending, key, limit);
}

static void
put_limits (cJSON *root, gdouble run, gdouble day)
{
  cJSON *spending = cJSON_GetObjectItemCaseSensitive (root, "spending");

  if (!cJSON_IsObject (spending))
    {
      cJSON_DeleteItemFromObjectCaseSensitive (root, "spending");
      spending = cJSON_AddObjectToObject (root, "spending");
    }
  put_limit (spending, "run", run);
  put_limit (spending, "day", day);
}

static gboolean
write_root (const gchar *user_dir,
            const gchar *path,
            const cJSON *root,
            GError **error)
{
  g_autoptr (GError) local = NULL;
  gboolean is_ok;
  gchar *text = cJSON_Print (root);

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

gboolean
pmt_spending_file_save (const gchar *user_dir,
                        gdouble run,
                        gdouble day,
                        GError **error)
{
  g_autofree gchar *path = g_build_filename (user_dir, "config.json", NULL);
  g_autoptr (cJSON) root = read_root (path, error);

  if (!root)
    return FALSE;
  put_limits (root, run, day);

  return write_root (user_dir, path, root, error);
}

static gboolean
save_value (const gchar *user_dir,
            const gchar *key,
            cJSON *value,
            GError **error)
{
  g_autofree gchar *path = g_build_filename (user_dir, "config.json", NULL);
  g_autoptr (cJSON) owned = value;
  g_autoptr (cJSON) root = read_root (path, error);

  if (!root)
    return FALSE;
  cJSON_DeleteItemFromObjectCaseSensitive (root, key);
  cJSON_AddItemToObject (root, key, g_steal_pointer (&owned));

  return write_root (user_dir, path, root, error);
}

gboolean
pmt_spending_file_save_history (const gchar *user_dir,
                                gboolean is_kept,
                                GError **error)
{
  return save_value (user_dir, "history", cJSON_CreateBool (is_kept), error);
}

gboolean
pmt_spending_file_save_history_limit (const gchar *user_dir,
                                      gdouble megabytes,
                                      GError **error)
{
  return save_value (user_dir, "history_limit_mb",
                     cJSON_CreateNumber (megabytes), error);
}
