/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* shared-config.c: config.json of the user's folder, which programs share. */
#include "config.h"

#include "core/shared-config.h"

#include <glib/gi18n-lib.h>

#define FILE_NAME "config.json"

cJSON *
pmt_shared_config_read (const gchar *user_dir, GError **error)
{
  g_autofree gchar *path = g_build_filename (user_dir, FILE_NAME, NULL);
  g_autofree gchar *text = NULL;
  g_autoptr (GError) local = NULL;
  g_autoptr (cJSON) root = NULL;
  gsize length = 0;

  if (!g_file_get_contents (path, &text, &length, &local))
    {
      if (g_error_matches (local, G_FILE_ERROR, G_FILE_ERROR_NOENT)
          || g_error_matches (local, G_FILE_ERROR, G_FILE_ERROR_NOTDIR))
        return cJSON_CreateObject ();
      g_set_error (error, PMT_ERROR, PMT_ERROR_FILE,
                   _ ("The file “%s” can't be read: %s"), path, local->message);
      return NULL;
    }
  root = pmt_json_parse (path, text, length, PMT_ERROR_MANIFEST, error);
  if (root == NULL || cJSON_IsObject (root))
    return g_steal_pointer (&root);
  g_set_error (error, PMT_ERROR, PMT_ERROR_MANIFEST,
               _ ("“%s” must hold a JSON object."), path);
  return NULL;
}

gboolean
pmt_shared_config_write (const gchar *user_dir,
                         const cJSON *root,
                         GError **error)
{
  g_autofree gchar *path = g_build_filename (user_dir, FILE_NAME, NULL);
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
