/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* catalog.c: folders of manifests. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "catalog/catalog.h"
#include "core/backend.h"
#include "core/json.h"

#define MAX_FILES 1000

static gint
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const gchar *const *)a, *(const gchar *const *)b);
}

static gboolean
is_manifest (const gchar *name)
{
  return name[0] != '.' && g_str_has_suffix (name, ".json")
         && !g_str_equal (name, "schema.json");
}

static GPtrArray *
list_files (const gchar *folder, GPtrArray *problems)
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
    if (is_manifest (name))
      g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);
  if (names->len > MAX_FILES)
    {
      pmt_problems_add (problems, PMT_ERROR_MANIFEST, folder,
                        _ ("“%s” has more than %d manifests; the rest was "
                           "left out."),
                        folder, MAX_FILES);
      g_ptr_array_set_size (names, MAX_FILES);
    }
  return g_steal_pointer (&names);
}

/* Reads no more than the limit, whatever the file turns out to be (a device,
 * a file that grows). */
static GBytes *
read_file (const gchar *path, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInputStream) stream = NULL;
  g_autoptr (GFileInfo) info = NULL;
  g_autofree gchar *text = NULL;
  gsize length;

  info = g_file_query_info (file, G_FILE_ATTRIBUTE_STANDARD_TYPE,
                            G_FILE_QUERY_INFO_NONE, NULL, error);
  if (info == NULL)
    return NULL;
  if (g_file_info_get_file_type (info) != G_FILE_TYPE_REGULAR)
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_MANIFEST,
                   _ ("This is not a file."));
      return NULL;
    }
  stream = g_file_read (file, NULL, error);
  if (stream == NULL)
    return NULL;
  /* One byte more, for the parser to see that it is too large. */
  text = g_malloc (PMT_JSON_MAX_BYTES + 1);
  if (!g_input_stream_read_all (G_INPUT_STREAM (stream), text,
                                PMT_JSON_MAX_BYTES + 1, &length, NULL, error))
    return NULL;
  return g_bytes_new (text, length);
}

PmtModel *
pmt_catalog_read (const gchar *path, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (GBytes) bytes = read_file (path, &local);
  gconstpointer text;
  gsize length;

  if (bytes == NULL)
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_MANIFEST, "%s: %s", path,
                   local->message);
      return NULL;
    }
  text = g_bytes_get_data (bytes, &length);
  return pmt_manifest_parse (path, text != NULL ? text : "", length, error);
}

static void
load_file (const gchar *path, GPtrArray *models, GPtrArray *problems)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PmtModel) model = pmt_catalog_read (path, &error);

  if (model == NULL)
    {
      pmt_problems_add (problems, PMT_ERROR_MANIFEST, path, "%s",
                        error->message);
      return;
    }
  if (pmt_catalog_find (models, model->id) != NULL)
    {
      pmt_problems_add (problems, PMT_ERROR_MANIFEST, path,
                        _ ("%s: there is a model “%s” already. Choose "
                           "another id."),
                        path, model->id);
      return;
    }
  g_ptr_array_add (models, g_steal_pointer (&model));
}

void
pmt_catalog_load (const gchar *folder, GPtrArray *models, GPtrArray *problems)
{
  g_autoptr (GPtrArray) names = list_files (folder, problems);

  for (guint i = 0; i < names->len; i++)
    {
      g_autofree gchar *path = g_build_filename (folder, names->pdata[i], NULL);

      load_file (path, models, problems);
    }
}

const PmtModel *
pmt_catalog_find (GPtrArray *models, const gchar *id)
{
  for (guint i = 0; i < models->len; i++)
    {
      const PmtModel *model = models->pdata[i];

      if (g_str_equal (model->id, id))
        return model;
    }
  return NULL;
}
