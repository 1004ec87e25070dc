/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* place.c: where in "models/" of the user's folder files may go. */
#include "config.h"

#include "store/place.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_PARTS 5
#define MAX_LENGTH 300

const gchar *const *
pmt_place_kinds (void)
{
  static const gchar *const kinds[] = {
    "checkpoints", "embeddings", "faces", "lora", "subject",
    "tokenizers",  "upscalers",  "vae",   NULL,
  };

  return kinds;
}

gboolean
pmt_place_is_kind (const gchar *kind)
{
  return g_strv_contains (pmt_place_kinds (), kind);
}

gboolean
pmt_place_has_suffix (const gchar *name)
{
  static const gchar *const suffixes[] = { ".safetensors", ".onnx",
                                           ".onnx_data", ".json", ".txt" };

  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    if (g_str_has_suffix (name, suffixes[i])
        && strlen (name) > strlen (suffixes[i]))
      return TRUE;
  return FALSE;
}

gboolean
pmt_place_is_name (const gchar *name)
{
  g_auto (GStrv) parts = g_strsplit (name, "/", MAX_PARTS + 1);
  const guint n = g_strv_length (parts);

  if (n < 2 || n > MAX_PARTS || strlen (name) > MAX_LENGTH
      || strchr (name, '\\') != NULL || !pmt_place_has_suffix (name))
    return FALSE;
  for (guint i = 0; i < n; i++)
    {
      /* Also "." and "..". */
      if (parts[i][0] == '\0' || parts[i][0] == '.')
        return FALSE;
      for (const gchar *at = parts[i]; *at != '\0'; at++)
        if ((guchar)*at < ' ' || *at == 0x7f)
          return FALSE;
    }
  return pmt_place_is_kind (parts[0]);
}

gchar *
pmt_place_path (const gchar *user_dir, const gchar *name)
{
  return g_build_filename (user_dir, "models", name, NULL);
}

gboolean
pmt_place_exists (const gchar *path)
{
  return g_file_test (path, G_FILE_TEST_EXISTS)
         || g_file_test (path, G_FILE_TEST_IS_SYMLINK);
}

/* (transfer full) (nullable): links resolved. */
static gchar *
resolve (const gchar *path)
{
  gchar *real = realpath (path, NULL);
  gchar *copy = g_strdup (real);

  free (real);
  return copy;
}

static gboolean
is_below (const gchar *folder, const gchar *root)
{
  g_autofree gchar *real = resolve (folder);
  g_autofree gchar *real_root = resolve (root);
  gsize length;

  if (real == NULL || real_root == NULL)
    return FALSE;
  length = strlen (real_root);
  return strncmp (real, real_root, length) == 0
         && (real[length] == '\0' || real[length] == G_DIR_SEPARATOR);
}

gboolean
pmt_place_is_inside (const gchar *user_dir, const gchar *path)
{
  g_autofree gchar *root = g_build_filename (user_dir, "models", NULL);
  g_autofree gchar *folder = g_path_get_dirname (path);

  return is_below (folder, root);
}

static gboolean
make_folder (const gchar *folder, const gchar *root, GError **error)
{
  g_autofree gchar *shown = g_filename_display_name (folder);

  if (g_mkdir (folder, 0755) != 0 && errno != EEXIST)
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_FILE,
                   _ ("The folder “%s” can't be made: %s."), shown,
                   g_strerror (errno));
      return FALSE;
    }
  if (is_below (folder, root))
    return TRUE;
  g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
               _ ("“%s” leads out of the folder for models. Nothing is "
                  "written there; put a real folder in its place."),
               shown);
  return FALSE;
}

gchar *
pmt_place_prepare (const gchar *user_dir, const gchar *name, GError **error)
{
  g_autofree gchar *root = g_build_filename (user_dir, "models", NULL);
  g_autofree gchar *folder = g_strdup (root);
  g_auto (GStrv) parts = NULL;

  if (!pmt_place_is_name (name))
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
                   _ ("“%s” can't be the name of a file of models."), name);
      return NULL;
    }
  if (g_mkdir_with_parents (root, 0755) != 0)
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_FILE,
                   _ ("The folder “%s” can't be made: %s."), root,
                   g_strerror (errno));
      return NULL;
    }
  parts = g_strsplit (name, "/", -1);
  for (guint i = 0; parts[i + 1] != NULL; i++)
    {
      gchar *below = g_build_filename (folder, parts[i], NULL);

      g_free (folder);
      folder = below;
      if (!make_folder (folder, root, error))
        return NULL;
    }
  return pmt_place_path (user_dir, name);
}

gboolean
pmt_place_check_space (const gchar *path,
                       guint64 bytes,
                       guint64 margin,
                       GError **error)
{
  g_autofree gchar *folder = g_path_get_dirname (path);
  g_autoptr (GFile) file = g_file_new_for_path (folder);
  g_autoptr (GFileInfo) info = g_file_query_filesystem_info (
      file, G_FILE_ATTRIBUTE_FILESYSTEM_FREE, NULL, NULL);
  g_autofree gchar *needed = g_format_size (bytes + margin);
  g_autofree gchar *shown = g_filename_display_name (folder);
  g_autofree gchar *there = NULL;
  guint64 n;

  /* Where the system does not tell, writing will. */
  if (info == NULL
      || !g_file_info_has_attribute (info, G_FILE_ATTRIBUTE_FILESYSTEM_FREE))
    return TRUE;
  n = g_file_info_get_attribute_uint64 (info, G_FILE_ATTRIBUTE_FILESYSTEM_FREE);
  if (n >= bytes && n - bytes >= margin)
    return TRUE;
  there = g_format_size (n);
  /* Translators: %1$s is a folder, %2$s and %3$s are sizes such as "2 GB". */
  g_set_error (error, PMT_ERROR, PMT_ERROR_FILE,
               _ ("There is no space for the model in “%1$s”: %2$s are needed, "
                  "and %3$s are free. Delete what you do not need."),
               shown, needed, there);
  return FALSE;
}
