/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* model-walk.c: the files of models in a folder and below it. */
#include "config.h"

#include "catalog/model-walk.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "core/backend.h"

#define MAX_FILES 500
#define MAX_FOLDERS 2000
#define MAX_DEPTH 4

typedef struct
{
  PmtModelWalkFlags flags;
  GPtrArray *paths;
  GPtrArray *problems;
  GHashTable *seen;
  guint n_folders;
  gboolean is_full;
} Walk;

static gboolean
ends_with (const gchar *name, const gchar *suffix)
{
  const gsize length = strlen (name);
  const gsize n = strlen (suffix);

  return length > n && g_ascii_strcasecmp (name + length - n, suffix) == 0;
}

gboolean
pmt_model_walk_is_pickle (const gchar *path)
{
  return ends_with (path, ".ckpt") || ends_with (path, ".pt")
         || ends_with (path, ".pth") || ends_with (path, ".bin");
}

gboolean
pmt_model_walk_is_folder (const gchar *path)
{
  g_autofree gchar *index = g_build_filename (path, "model_index.json", NULL);

  return g_file_test (index, G_FILE_TEST_IS_REGULAR);
}

static gboolean
is_wanted (const Walk *walk, const gchar *name)
{
  return ((walk->flags & PMT_MODEL_WALK_NETS) && ends_with (name, ".onnx"))
         || ((walk->flags & PMT_MODEL_WALK_WEIGHTS)
             && ends_with (name, ".safetensors"))
         || ((walk->flags & PMT_MODEL_WALK_PICKLES)
             && pmt_model_walk_is_pickle (name));
}

static void
add_problem (Walk *walk, const gchar *path, const gchar *format)
{
  g_autofree gchar *shown = g_filename_display_name (path);
  g_autofree gchar *message = NULL;

  if (walk->problems == NULL)
    return;
  message = g_strdup_printf (format, shown);
  pmt_problems_add (walk->problems, PMT_ERROR_FILE, shown, "%s", message);
}

static gint
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const gchar *const *)a, *(const gchar *const *)b);
}

/* One folder is one folder, whatever links lead to it. */
static gboolean
enter (Walk *walk, const gchar *folder)
{
  GStatBuf status;
  gchar *key;

  if (g_stat (folder, &status) != 0)
    return FALSE;
  key = g_strdup_printf ("%" G_GUINT64_FORMAT ":%" G_GUINT64_FORMAT,
                         (guint64)status.st_dev, (guint64)status.st_ino);
  /* Where a file system has no numbers for its files. */
  if (status.st_ino == 0)
    {
      g_free (key);
      return walk->n_folders++ < MAX_FOLDERS;
    }
  return g_hash_table_add (walk->seen, key) && walk->n_folders++ < MAX_FOLDERS;
}

static void walk_folder (Walk *walk, const gchar *folder, gint depth);

static void
look_at (Walk *walk, const gchar *path, const gchar *name, gint depth)
{
  GStatBuf status;

  if (g_stat (path, &status) != 0)
    {
      if (errno == ELOOP)
        add_problem (walk, path, _ ("The link “%s” leads in a circle."));
      else if (g_file_test (path, G_FILE_TEST_IS_SYMLINK))
        add_problem (walk, path, _ ("The link “%s” leads nowhere."));
      return;
    }
  if (g_file_test (path, G_FILE_TEST_IS_DIR))
    {
      if ((walk->flags & PMT_MODEL_WALK_WEIGHTS)
          && pmt_model_walk_is_folder (path))
        g_ptr_array_add (walk->paths, g_strdup (path));
      else if (depth < MAX_DEPTH)
        walk_folder (walk, path, depth + 1);
      return;
    }
  /* No devices and pipes: looking at one of them might never end. */
  if (is_wanted (walk, name) && g_file_test (path, G_FILE_TEST_IS_REGULAR))
    g_ptr_array_add (walk->paths, g_strdup (path));
}

static void
walk_folder (Walk *walk, const gchar *folder, gint depth)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) dir = NULL;
  const gchar *name;

  if (!enter (walk, folder))
    return;
  dir = g_dir_open (folder, 0, &error);
  if (dir == NULL)
    {
      add_problem (walk, folder,
                   _ ("The folder “%s” can't be read, so that its models are "
                      "left out."));
      return;
    }
  while ((name = g_dir_read_name (dir)) != NULL)
    if (name[0] != '.')
      g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);
  for (guint i = 0; i < names->len && !walk->is_full; i++)
    {
      g_autofree gchar *path = g_build_filename (folder, names->pdata[i], NULL);

      look_at (walk, path, names->pdata[i], depth);
      walk->is_full = walk->paths->len > MAX_FILES;
    }
}

GPtrArray *
pmt_model_walk (const gchar *folder,
                PmtModelWalkFlags flags,
                GPtrArray *problems)
{
  g_autoptr (GHashTable) seen =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Walk walk = { flags,    g_ptr_array_new_with_free_func (g_free),
                problems, seen,
                0,        FALSE };

  if (g_file_test (folder, G_FILE_TEST_IS_DIR))
    walk_folder (&walk, folder, 0);
  if (walk.paths->len > MAX_FILES)
    {
      g_ptr_array_set_size (walk.paths, MAX_FILES);
      if (problems != NULL)
        pmt_problems_add (problems, PMT_ERROR_FILE, folder,
                          _ ("“%s” has more than %d models; the rest was left "
                             "out."),
                          folder, MAX_FILES);
    }
  return walk.paths;
}
