/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* json-folder.c: folders of JSON files that may be hostile. */
#include "config.h"

#include "catalog/json-folder.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/backend.h"
#include "core/json.h"
#include "core/limited-file.h"

#define MAX_FILES 1000

static gint
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const gchar *const *)a, *(const gchar *const *)b);
}

static gboolean
is_json (const gchar *name)
{
  return name[0] != '.' && g_str_has_suffix (name, ".json")
         && !g_str_equal (name, "schema.json");
}

GPtrArray *
pmt_json_folder_list (const gchar *folder, GPtrArray *problems)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) dir = g_dir_open (folder, 0, &error);
  const gchar *name;

  if (dir == NULL)
    {
      if (!g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
        pmt_problems_add (problems, PMT_ERROR_MANIFEST, folder,
                          _ ("The folder can't be read: %s"), error->message);
      return g_steal_pointer (&names);
    }
  while ((name = g_dir_read_name (dir)) != NULL)
    if (is_json (name))
      g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);
  if (names->len > MAX_FILES)
    {
      pmt_problems_add (problems, PMT_ERROR_MANIFEST, folder,
                        _ ("“%s” has more than %d files; the rest was "
                           "left out."),
                        folder, MAX_FILES);
      g_ptr_array_set_size (names, MAX_FILES);
    }
  return g_steal_pointer (&names);
}

gchar *
pmt_json_folder_read (const gchar *path, gsize *length, GError **error)
{
  g_autoptr (GError) local = NULL;
  gchar *text = pmt_limited_file_read (path, PMT_JSON_MAX_BYTES,
                                       PMT_ERROR_MANIFEST, length, &local);

  if (text == NULL)
    g_set_error (error, PMT_ERROR, PMT_ERROR_MANIFEST, "%s: %s", path,
                 local->message);
  return text;
}
