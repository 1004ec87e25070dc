/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* user-checkpoints.c: the user's own checkpoints as models. */
#include "config.h"

#include "diffusion/user-checkpoints.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "catalog/catalog.h"
#include "catalog/file-id.h"
#include "catalog/model-sources.h"
#include "catalog/model-walk.h"
#include "core/backend.h"
#include "diffusion/checkpoint.h"

#define SUFFIX ".safetensors"
#define MAX_FILES 500
#define MAX_DEPTH 3
#define MAX_LISTED 10

static const gchar *const families[] = { "sd1", "sd2", "sdxl" };

static gint
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const gchar *const *)a, *(const gchar *const *)b);
}

static gboolean
is_model_folder (const gchar *path)
{
  g_autofree gchar *index = g_build_filename (path, "model_index.json", NULL);

  return g_file_test (index, G_FILE_TEST_IS_REGULAR);
}

static gboolean
is_pickle (const gchar *path)
{
  return g_str_has_suffix (path, ".ckpt") || g_str_has_suffix (path, ".pt")
         || g_str_has_suffix (path, ".pth") || g_str_has_suffix (path, ".bin");
}

gboolean
pmt_user_checkpoints_opens (const gchar *path)
{
  return g_str_has_suffix (path, SUFFIX) || is_pickle (path)
         || (g_path_is_absolute (path) && is_model_folder (path));
}

/* Files and model folders below @folder, sorted. */
static void
list_paths (const gchar *folder, gint depth, GPtrArray *paths)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const gchar *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (name[0] != '.')
      g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);
  for (guint i = 0; i < names->len && paths->len <= MAX_FILES; i++)
    {
      g_autofree gchar *path = g_build_filename (folder, names->pdata[i], NULL);
      const gboolean is_folder = g_file_test (path, G_FILE_TEST_IS_DIR);

      if (is_folder ? is_model_folder (path)
                    : g_str_has_suffix (path, SUFFIX) || is_pickle (path))
        g_ptr_array_add (paths, g_steal_pointer (&path));
      else if (is_folder && depth < MAX_DEPTH)
        list_paths (path, depth + 1, paths);
    }
}

static guint
list_operations (const PmtCheckpoint *checkpoint)
{
  const guint fill = 1u << PMT_OPERATION_FILL | 1u << PMT_OPERATION_EXPAND;

  switch (checkpoint->kind)
    {
    case PMT_UNET_INPAINT:
      return fill;
    case PMT_UNET_EDIT:
      return 1u << PMT_OPERATION_EDIT;
    default:
      return fill | 1u << PMT_OPERATION_GENERATE
             | 1u << PMT_OPERATION_REIMAGINE;
    }
}

static PmtModel *
make_model (const gchar *data_dir,
            const gchar *id,
            const gchar *path,
            GError **error)
{
  g_autoptr (PmtCheckpoint) checkpoint = pmt_checkpoint_open (path, error);
  g_autofree gchar *file =
      g_build_filename (data_dir, "catalog", "diffusion.json", NULL);
  g_autofree gchar *shown = pmt_file_id_show (path);
  PmtModel *model;

  if (checkpoint == NULL)
    return NULL;
  model = pmt_catalog_read (file, error);
  if (model == NULL)
    return NULL;
  if (g_str_has_suffix (shown, SUFFIX))
    shown[strlen (shown) - strlen (SUFFIX)] = '\0';
  g_free (model->id);
  g_free (model->name);
  g_free (model->family);
  model->id = g_strdup (id);
  model->name = g_steal_pointer (&shown);
  model->family = g_strdup (families[checkpoint->family]);
  model->path = g_strdup (path);
  model->operations = list_operations (checkpoint);
  model->default_for = 0;
  model->is_template = FALSE;
  for (guint i = 0; i < PMT_N_OPERATIONS; i++)
    if (pmt_model_supports (model, (PmtOperation)i))
      model->checkpoints[i] = g_strdup (path);
  return model;
}

static gchar *
find_free_id (GPtrArray *models, const gchar *path)
{
  g_autofree gchar *slug = pmt_file_id_slug ("checkpoint-", path, SUFFIX);
  gchar *id = g_strdup (slug);

  for (guint i = 2; pmt_catalog_find (models, id) != NULL; i++)
    {
      g_free (id);
      id = g_strdup_printf ("%s-%u", slug, i);
    }
  return id;
}

static void
add_model (const gchar *data_dir,
           const gchar *path,
           GPtrArray *models,
           GPtrArray *problems)
{
  g_autofree gchar *id = find_free_id (models, path);
  g_autoptr (GError) error = NULL;
  PmtModel *model = make_model (data_dir, id, path, &error);

  if (model != NULL)
    g_ptr_array_add (models, model);
  else
    pmt_problems_add (problems, error->code, path, "%s", error->message);
}

static void
add_sources (const gchar *data_dir,
             const gchar *user_dir,
             GPtrArray *models,
             GPtrArray *outside)
{
  g_autoptr (GPtrArray) folders =
      pmt_model_sources_list (user_dir, "checkpoints");

  for (guint i = 0; i < folders->len; i++)
    {
      g_autoptr (GPtrArray) paths =
          pmt_model_walk (folders->pdata[i], PMT_MODEL_WALK_WEIGHTS, NULL);

      for (guint j = 0; j < paths->len; j++)
        add_model (data_dir, paths->pdata[j], models, outside);
    }
}

void
pmt_user_checkpoints_add (const gchar *data_dir,
                          const gchar *user_dir,
                          GPtrArray *models,
                          GPtrArray *problems,
                          GPtrArray *outside)
{
  g_autofree gchar *folder =
      g_build_filename (user_dir, "models", "checkpoints", NULL);
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);

  list_paths (folder, 0, paths);
  if (paths->len > MAX_FILES)
    {
      g_ptr_array_set_size (paths, MAX_FILES);
      pmt_problems_add (problems, PMT_ERROR_MODEL, folder,
                        _ ("“%s” has more than %d checkpoints; the rest was "
                           "left out."),
                        folder, MAX_FILES);
    }
  for (guint i = 0; i < paths->len; i++)
    add_model (data_dir, paths->pdata[i], models, problems);
  add_sources (data_dir, user_dir, models, outside);
}

PmtModel *
pmt_user_checkpoints_open (const gchar *data_dir,
                           const gchar *path,
                           GError **error)
{
  return make_model (data_dir, path, path, error);
}

/* ------------------------------------------------------- LoRAs and VAEs -- */

/* Links and folders named by the user are fine; leaving the folder is not
 * what a name in a recipe of somebody else's should do. */
static gboolean
is_inside (const gchar *name)
{
  g_auto (GStrv) parts = g_strsplit (name, G_DIR_SEPARATOR_S, -1);

  return !g_path_is_absolute (name)
         && !g_strv_contains ((const gchar *const *)parts, "..");
}

static gchar *
list_names (const gchar *folder)
{
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  GString *names = g_string_new (NULL);

  list_paths (folder, 0, paths);
  for (guint i = 0; i < MIN (paths->len, MAX_LISTED); i++)
    {
      g_autofree gchar *shown = pmt_file_id_show (paths->pdata[i]);

      g_string_append_printf (names, "%s%s", i > 0 ? ", " : "", shown);
    }
  if (paths->len > MAX_LISTED)
    g_string_append (names, ", …");
  return g_string_free (names, FALSE);
}

static gchar *
find_in_folder (const gchar *folder, const gchar *name)
{
  static const gchar *const suffixes[] = { "", SUFFIX, NULL };

  for (guint i = 0; suffixes[i] != NULL; i++)
    {
      g_autofree gchar *file = g_strconcat (name, suffixes[i], NULL);
      g_autofree gchar *path = g_build_filename (folder, file, NULL);

      if (is_inside (name) && g_file_test (path, G_FILE_TEST_EXISTS))
        return g_steal_pointer (&path);
    }
  return NULL;
}

static gchar *
find_in_sources (const gchar *user_dir, const gchar *kind, const gchar *name)
{
  g_autoptr (GPtrArray) folders = pmt_model_sources_list (user_dir, kind);
  gchar *path = NULL;

  for (guint i = 0; i < folders->len && path == NULL; i++)
    path = find_in_folder (folders->pdata[i], name);
  return path;
}

gchar *
pmt_user_checkpoints_find_file (const gchar *user_dir,
                                const gchar *kind,
                                const gchar *name,
                                GError **error)
{
  g_autofree gchar *folder =
      user_dir != NULL ? g_build_filename (user_dir, "models", kind, NULL)
                       : NULL;
  g_autofree gchar *names = NULL;
  g_autofree gchar *path = NULL;

  if (g_path_is_absolute (name) && g_file_test (name, G_FILE_TEST_EXISTS))
    return g_strdup (name);
  if (folder != NULL)
    path = find_in_folder (folder, name);
  if (path == NULL)
    path = find_in_sources (user_dir, kind, name);
  if (path != NULL)
    return g_steal_pointer (&path);
  if (folder == NULL)
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
                   _ ("There is no file “%s”."), name);
      return NULL;
    }
  names = list_names (folder);
  g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
               *names != '\0'
                   ? _ ("There is no “%s” in the folder “%s”. It has: %s.")
                   : _ ("There is no “%s” in the folder “%s”; put the file "
                        "there.%s"),
               name, folder, names);
  return NULL;
}
