/* SPDX-License-Identifier: LGPL-3.0-or-later */
#include "config.h"

#include "output.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "pentimento.h"
#include "picture-file.h"

/* How often a folder is emptied while something writes into it. */
#define MAX_ROUNDS 100

struct Output
{
  gchar *path;
  gchar *folder;
  GPtrArray *names;
};

static void
write_error (const gchar *path, GError **error)
{
  g_autofree gchar *name = g_filename_display_name (path);

  g_set_error (error, PMT_ERROR, PMT_ERROR_FILE,
               _ ("%s can't be written; check the folder's permissions and "
                  "the free space."),
               name);
}

Output *
output_new (const gchar *path, GError **error)
{
  g_autofree gchar *parent = g_path_get_dirname (path);
  g_autofree gchar *folder = NULL;
  Output *output;

  if (!picture_file_check_saver (path, error))
    return NULL;

  folder = g_build_filename (parent, ".pentimento-XXXXXX", NULL);
  if (g_file_test (path, G_FILE_TEST_IS_DIR) || !g_mkdtemp_full (folder, 0700))
    {
      write_error (path, error);
      return NULL;
    }

  output = g_new0 (Output, 1);
  output->path = g_strdup (path);
  output->folder = g_steal_pointer (&folder);
  output->names = g_ptr_array_new_with_free_func (g_free);
  return output;
}

static void
remove_files (const gchar *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const gchar *name;

  while (dir && (name = g_dir_read_name (dir)))
    {
      g_autofree gchar *path = g_build_filename (folder, name, NULL);

      g_unlink (path);
    }
}

void
output_discard (Output *output)
{
  gint round = 0;

  do
    remove_files (output->folder);
  while (g_rmdir (output->folder) != 0 && ++round < MAX_ROUNDS
         && g_file_test (output->folder, G_FILE_TEST_IS_DIR));
}

void
output_free (Output *output)
{
  if (!output)
    return;
  output_discard (output);
  g_ptr_array_unref (output->names);
  g_free (output->folder);
  g_free (output->path);
  g_free (output);
}

/* "photo.png", then "photo-2.png", "photo-3.png", ... */
static gchar *
candidate_name (const gchar *path, guint candidate)
{
  g_autofree gchar *base = g_path_get_basename (path);
  const gchar *dot = strrchr (base, '.');

  if (candidate == 0 || !dot)
    return g_steal_pointer (&base);
  return g_strdup_printf ("%.*s-%u%s", (gint)(dot - base), base, candidate + 1,
                          dot);
}

gboolean
output_add (Output *output, GeglBuffer *picture, GError **error)
{
  g_autofree gchar *name = candidate_name (output->path, output->names->len);
  g_autofree gchar *path = g_build_filename (output->folder, name, NULL);

  if (!picture_file_save (picture, path, error))
    return FALSE;
  g_ptr_array_add (output->names, g_steal_pointer (&name));
  return TRUE;
}

gchar **
output_commit (Output *output, GError **error)
{
  g_autofree gchar *parent = g_path_get_dirname (output->path);
  g_autoptr (GStrvBuilder) places = g_strv_builder_new ();

  for (guint i = 0; i < output->names->len; i++)
    {
      const gchar *name = output->names->pdata[i];
      g_autofree gchar *from = g_build_filename (output->folder, name, NULL);
      g_autofree gchar *to = i == 0 ? g_strdup (output->path)
                                    : g_build_filename (parent, name, NULL);

      if (g_rename (from, to) != 0)
        {
          write_error (to, error);
          return NULL;
        }
      g_strv_builder_add (places, to);
    }
  return g_strv_builder_end (places);
}
