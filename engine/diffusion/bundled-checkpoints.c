/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* bundled-checkpoints.c: checkpoints that come with Pentimento. */
#include "config.h"

#include "diffusion/bundled-checkpoints.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "catalog/catalog.h"
#include "catalog/json-folder.h"
#include "catalog/manifest-reader.h"
#include "core/backend.h"
#include "diffusion/sampler.h"
#include "diffusion/schedule.h"

#define BUNDLE_FILE "bundle.json"
#define MAX_NAME 100
#define MAX_CFG 30

/* Takes what the template has for all checkpoints back. */
static gboolean
read_head (PmtManifestReader *reader, PmtModel *model)
{
  const cJSON *root = reader->root;

  return pmt_reader_get_string (reader, root, "id", PMT_READ_REQUIRED,
                                PMT_PATTERN_ID, 64, &model->id)
         && pmt_reader_get_string (reader, root, "name", PMT_READ_REQUIRED,
                                   NULL, MAX_NAME, &model->name)
         && pmt_reader_get_string (reader, root, "family", PMT_READ_REQUIRED,
                                   PMT_PATTERN_ID, 64, &model->family)
         && pmt_reader_get_string (reader, root, "license", PMT_READ_REQUIRED,
                                   NULL, MAX_NAME, &model->license);
}

/* What the model is usually run with; each may be missing. */
static gboolean
read_usual (PmtManifestReader *reader, PmtModel *model)
{
  const cJSON *root = reader->root;
  PmtSampler sampler;
  PmtSchedule schedule;

  if (!pmt_reader_get_string (reader, root, "sampler", PMT_READ_OPTIONAL,
                              PMT_PATTERN_PARAM, 64, &model->sampler)
      || !pmt_reader_get_string (reader, root, "schedule", PMT_READ_OPTIONAL,
                                 PMT_PATTERN_PARAM, 64, &model->schedule)
      || !pmt_reader_get_number (reader, root, "cfg", PMT_READ_OPTIONAL, 1,
                                 MAX_CFG, &model->cfg)
      || !pmt_reader_get_number (reader, root, "image-cfg", PMT_READ_OPTIONAL,
                                 1, MAX_CFG, &model->image_cfg))
    return FALSE;
  if (model->sampler != NULL
      && !pmt_sampler_from_string (model->sampler, &sampler))
    return pmt_reader_fail (reader,
                            cJSON_GetObjectItemCaseSensitive (root, "sampler"),
                            _ ("There is no sampler of this name."));
  if (model->schedule != NULL
      && !pmt_schedule_from_string (model->schedule, &schedule))
    return pmt_reader_fail (reader,
                            cJSON_GetObjectItemCaseSensitive (root, "schedule"),
                            _ ("There is no schedule of this name."));
  return TRUE;
}

static gboolean
read_folder (PmtManifestReader *reader,
             const cJSON *folders,
             const cJSON *node,
             const gchar *parent,
             guint allowed,
             PmtModel *model)
{
  g_autofree gchar *name = NULL;
  PmtOperation operation;

  if (!pmt_operation_from_string (node->string, &operation))
    return pmt_reader_fail (reader, node,
                            _ ("This is not the name of an operation."));
  if ((allowed & (1u << operation)) == 0)
    return pmt_reader_fail (reader, node, _ ("“%s” is not known here."),
                            node->string);
  if (!pmt_reader_get_string (reader, folders, node->string, PMT_READ_REQUIRED,
                              PMT_PATTERN_PATH, 200, &name))
    return FALSE;
  model->operations |= 1u << operation;
  model->checkpoints[operation] = g_build_filename (parent, name, NULL);
  return TRUE;
}

static gboolean
read_folders (PmtManifestReader *reader, const gchar *parent, PmtModel *model)
{
  const cJSON *folders =
      cJSON_GetObjectItemCaseSensitive (reader->root, "folders");
  const guint allowed = model->operations;
  const cJSON *node;

  if (folders == NULL)
    return pmt_reader_fail (reader, NULL, _ ("“%s” is missing."), "folders");
  if (!pmt_reader_check_keys (reader, folders, NULL))
    return FALSE;
  model->operations = 0;
  cJSON_ArrayForEach (node, folders)
  {
    if (!read_folder (reader, folders, node, parent, allowed, model))
      return FALSE;
  }
  if (model->operations == 0)
    return pmt_reader_fail (reader, folders, _ ("No file is named here."));
  return TRUE;
}

static PmtModel *
read_bundle (const gchar *data_dir,
             const gchar *parent,
             const gchar *path,
             GError **error)
{
  static const gchar *const keys[] = { "id",      "name",      "family",
                                       "license", "sampler",   "schedule",
                                       "cfg",     "image-cfg", "folders",
                                       NULL };
  gsize length = 0;
  g_autofree gchar *text = pmt_json_folder_read (path, &length, error);
  g_autofree gchar *template =
      g_build_filename (data_dir, "catalog", "diffusion.json", NULL);
  g_autoptr (cJSON) root = NULL;
  g_autoptr (PmtModel) model = NULL;
  PmtManifestReader reader = { path, text, length, NULL, error };

  if (text != NULL)
    root = pmt_json_parse (path, text, length, PMT_ERROR_MANIFEST, error);
  if (root == NULL)
    return NULL;
  model = pmt_catalog_read (template, error);
  if (model == NULL)
    return NULL;
  reader.root = root;
  model->is_template = FALSE;
  model->default_for = 0;
  model->path = g_strdup (parent);
  if (!pmt_reader_check_keys (&reader, root, keys)
      || !read_head (&reader, model) || !read_usual (&reader, model)
      || !read_folders (&reader, parent, model))
    return NULL;
  return g_steal_pointer (&model);
}

static void
add_bundle (const gchar *data_dir,
            const gchar *parent,
            GPtrArray *models,
            GPtrArray *problems)
{
  g_autofree gchar *path = g_build_filename (parent, BUNDLE_FILE, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (PmtModel) model = NULL;

  if (!g_file_test (path, G_FILE_TEST_IS_REGULAR))
    return;
  model = read_bundle (data_dir, parent, path, &error);
  if (model == NULL)
    pmt_problems_add (problems, error->code, path, "%s", error->message);
  else if (pmt_catalog_find (models, model->id) != NULL)
    pmt_problems_add (problems, PMT_ERROR_MANIFEST, path,
                      _ ("%s: there is a model “%s” already. Choose another "
                         "id."),
                      path, model->id);
  else
    g_ptr_array_add (models, g_steal_pointer (&model));
}

static gint
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const gchar *const *)a, *(const gchar *const *)b);
}

void
pmt_bundled_checkpoints_add (const gchar *data_dir,
                             GPtrArray *models,
                             GPtrArray *problems)
{
  g_autofree gchar *folder = g_build_filename (data_dir, "models", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const gchar *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);
  for (guint i = 0; i < names->len; i++)
    {
      g_autofree gchar *parent =
          g_build_filename (folder, names->pdata[i], NULL);

      add_bundle (data_dir, parent, models, problems);
    }
}
