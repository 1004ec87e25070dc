/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* engine.c: manifests and backends. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "catalog/catalog.h"
#include "catalog/model.h"
#include "core/engine-private.h"
#include "core/prompt-hook.h"

static gpointer
init_gegl (gpointer data)
{
  gegl_init (NULL, NULL);
  return NULL;
}

/* For the whole process: a binding belongs to it, not to an engine. */
static void
bind_translations (const PmtEngineOptions *options)
{
  g_autofree gchar *beside = NULL;
  const gchar *folder = PMT_LOCALEDIR;

  if (options->data_dir != NULL)
    beside = g_build_filename (options->data_dir, "locale", NULL);
  if (beside != NULL && g_file_test (beside, G_FILE_TEST_IS_DIR))
    folder = beside;
  bindtextdomain (GETTEXT_PACKAGE, folder);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
}

static void
load_catalogs (PmtEngine *engine, const PmtEngineOptions *options)
{
  const gchar *data_dir =
      options->data_dir != NULL ? options->data_dir : PMT_DATADIR;
  g_autofree gchar *shipped = g_build_filename (data_dir, "catalog", NULL);

  pmt_catalog_load (shipped, engine->models, engine->problems);
}

static void
load_user_catalog (PmtEngine *engine, const PmtEngineOptions *options)
{
  g_autofree gchar *folder = NULL;

  if (options->user_dir == NULL)
    return;
  folder = g_build_filename (options->user_dir, "catalog", NULL);
  pmt_catalog_load (folder, engine->models, engine->problems);
}

static void
take_templates (PmtEngine *engine)
{
  for (guint i = 0; i < engine->models->len;)
    {
      PmtModel *model = engine->models->pdata[i];

      if (model->is_template)
        g_ptr_array_add (engine->templates,
                         g_ptr_array_steal_index (engine->models, i));
      else
        i++;
    }
}

static void
set_no_manifest_error (PmtEngine *engine,
                       const PmtEngineOptions *options,
                       GError **error)
{
  const gchar *data_dir =
      options->data_dir != NULL ? options->data_dir : PMT_DATADIR;

  if (engine->problems->len > 0)
    {
      const PmtProblem *problem = engine->problems->pdata[0];

      g_set_error (error, PMT_ERROR, PMT_ERROR_MANIFEST,
                   _ ("No model description in “%s/catalog” can be read. %s"),
                   data_dir, problem->message);
      return;
    }
  g_set_error (error, PMT_ERROR, PMT_ERROR_MANIFEST,
               _ ("The folder “%s/catalog” has no model descriptions. Install "
                  "Pentimento again."),
               data_dir);
}

PmtEngine *
pmt_engine_new_with_backends (const PmtEngineOptions *options,
                              GPtrArray *backends,
                              GError **error)
{
  static const PmtEngineOptions defaults = PMT_ENGINE_OPTIONS_INIT;
  static GOnce once = G_ONCE_INIT;
  g_autoptr (PmtEngine) engine = g_new0 (PmtEngine, 1);

  if (options == NULL)
    options = &defaults;
  g_once (&once, init_gegl, NULL);
  bind_translations (options);
  g_atomic_ref_count_init (&engine->ref_count);
  engine->models =
      g_ptr_array_new_with_free_func ((GDestroyNotify)pmt_model_free);
  engine->templates =
      g_ptr_array_new_with_free_func ((GDestroyNotify)pmt_model_free);
  engine->user_dir = g_strdup (options->user_dir);
  engine->problems = pmt_problems_new ();
  g_mutex_init (&engine->mutex);
  engine->opened =
      g_ptr_array_new_with_free_func ((GDestroyNotify)pmt_model_free);
  engine->backends = backends;
  engine->memory = options->memory;
  engine->history_bytes = options->history_bytes;
  engine->threads =
      options->threads > 0 ? options->threads : (gint)g_get_num_processors ();
  load_catalogs (engine, options);
  pmt_presets_load (engine, options->data_dir != NULL ? options->data_dir
                                                      : PMT_DATADIR);
  if (engine->models->len == 0)
    {
      set_no_manifest_error (engine, options, error);
      return NULL;
    }
  load_user_catalog (engine, options);
  take_templates (engine);
  for (guint i = 0; i < backends->len; i++)
    pmt_backend_add_models (backends->pdata[i], engine->models,
                            engine->problems);
  return g_steal_pointer (&engine);
}

PmtEngine *
pmt_engine_new (const PmtEngineOptions *options, GError **error)
{
  static const PmtEngineOptions defaults = PMT_ENGINE_OPTIONS_INIT;

  if (options == NULL)
    options = &defaults;
  return pmt_engine_new_with_backends (
      options, pmt_backends_new_builtin (options), error);
}

PmtEngine *
pmt_engine_ref (PmtEngine *engine)
{
  g_return_val_if_fail (engine != NULL, NULL);
  g_atomic_ref_count_inc (&engine->ref_count);
  return engine;
}

void
pmt_engine_unref (PmtEngine *engine)
{
  if (engine == NULL || !g_atomic_ref_count_dec (&engine->ref_count))
    return;
  g_ptr_array_unref (engine->models);
  g_ptr_array_unref (engine->templates);
  g_free (engine->user_dir);
  g_ptr_array_unref (engine->problems);
  pmt_presets_clear (engine);
  g_ptr_array_unref (engine->opened);
  g_ptr_array_unref (engine->backends);
  g_mutex_clear (&engine->mutex);
  g_free (engine);
}

GPtrArray *
pmt_engine_list_problems (PmtEngine *engine)
{
  g_return_val_if_fail (engine != NULL, NULL);
  return engine->problems;
}

GPtrArray *
pmt_engine_list_models (PmtEngine *engine, gint operation)
{
  g_autoptr (GPtrArray) models = NULL;
  guint chosen = 0;

  g_return_val_if_fail (engine != NULL, NULL);
  models = g_ptr_array_new ();
  for (guint i = 0; i < engine->models->len; i++)
    {
      PmtModel *model = engine->models->pdata[i];

      if (operation < 0 || pmt_model_supports (model, operation))
        g_ptr_array_add (models, model);
    }
  if (operation < 0)
    return g_steal_pointer (&models);
  while (chosen < models->len
         && !pmt_model_is_default_for (models->pdata[chosen], operation))
    chosen++;
  if (chosen > 0 && chosen < models->len)
    g_ptr_array_insert (models, 0, g_ptr_array_steal_index (models, chosen));
  return g_steal_pointer (&models);
}

GPtrArray *
pmt_engine_list_templates (PmtEngine *engine, gint operation)
{
  GPtrArray *templates;

  g_return_val_if_fail (engine != NULL, NULL);
  templates = g_ptr_array_new ();
  for (guint i = 0; i < engine->templates->len; i++)
    {
      PmtModel *model = engine->templates->pdata[i];

      if (operation < 0 || pmt_model_supports (model, operation))
        g_ptr_array_add (templates, model);
    }
  return templates;
}

/* The backend that opens files or folders of this name. */
static PmtBackend *
find_opener (PmtEngine *engine, const gchar *path)
{
  for (guint i = 0; i < engine->backends->len; i++)
    if (pmt_backend_opens (engine->backends->pdata[i], path))
      return engine->backends->pdata[i];
  return NULL;
}

static const PmtModel *
get_opened (PmtEngine *engine,
            PmtBackend *opener,
            const gchar *path,
            GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&engine->mutex);
  const PmtModel *known = pmt_catalog_find (engine->opened, path);
  PmtModel *model;

  if (known != NULL)
    return known;
  model = pmt_backend_open_model (opener, path, error);
  if (model != NULL)
    g_ptr_array_add (engine->opened, model);
  return model;
}

const PmtModel *
pmt_engine_get_model (PmtEngine *engine, const gchar *id, GError **error)
{
  const PmtModel *model = pmt_catalog_find (engine->models, id);
  PmtBackend *opener;

  if (model != NULL)
    return model;
  opener = find_opener (engine, id);
  if (opener != NULL)
    return get_opened (engine, opener, id, error);
  g_set_error (error, PMT_ERROR, PMT_ERROR_MODEL,
               _ ("There is no model “%s”. Choose one of the models that are "
                  "listed."),
               id);
  return NULL;
}

const PmtModel *
pmt_engine_find_model (PmtEngine *engine, const gchar *id)
{
  g_return_val_if_fail (engine != NULL && id != NULL, NULL);
  return pmt_engine_get_model (engine, id, NULL);
}

PmtBackend *
pmt_engine_find_backend (PmtEngine *engine, const gchar *id)
{
  for (guint i = 0; i < engine->backends->len; i++)
    {
      PmtBackend *backend = engine->backends->pdata[i];

      if (g_strcmp0 (pmt_backend_get_id (backend), id) == 0)
        return backend;
    }
  return NULL;
}
