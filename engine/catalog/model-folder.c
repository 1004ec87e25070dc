/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* model-folder.c: the networks in a folder of the user's. */
#include "config.h"

#include "catalog/model-folder.h"

#include <string.h>

#define MAX_FILES 200
#define SUFFIX ".onnx"

static gint
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const gchar *const *)a, *(const gchar *const *)b);
}

static gboolean
is_network (const gchar *name)
{
  const gsize length = strlen (name);
  const gsize suffix = strlen (SUFFIX);

  return name[0] != '.' && length > suffix
         && g_ascii_strcasecmp (name + length - suffix, SUFFIX) == 0;
}

GPtrArray *
pmt_model_folder_list (const gchar *folder)
{
  GPtrArray *paths = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) dir = folder != NULL ? g_dir_open (folder, 0, NULL) : NULL;
  const gchar *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree gchar *path = g_build_filename (folder, name, NULL);

      /* No devices and pipes: looking at one of them might never end. */
      if (is_network (name) && g_file_test (path, G_FILE_TEST_IS_REGULAR))
        g_ptr_array_add (paths, g_steal_pointer (&path));
    }
  g_ptr_array_sort (paths, compare_names);
  if (paths->len > MAX_FILES)
    g_ptr_array_set_size (paths, MAX_FILES);
  return paths;
}
