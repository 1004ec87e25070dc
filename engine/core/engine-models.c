/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* engine-models.c: which models there are, and finding them anew. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "catalog/catalog.h"
#include "catalog/model-sources.h"
#include "catalog/model.h"
#include "core/engine-private.h"

static void
set_free (gpointer data)
{
  PmtModelSet *set = data;

  g_ptr_array_unref (set->models);
  g_ptr_array_unref (set->templates);
  g_ptr_array_unref (set->problems);
  g_free (set);
}

static PmtModelSet *
set_new (void)
{
  PmtModelSet *set = g_new0 (PmtModelSet, 1);

  set->models = g_ptr_array_new_with_free_func ((GDestroyNotify)pmt_model_free);
  set->templates =
      g_ptr_array_new_with_free_func ((GDestroyNotify)pmt_model_free);
  set->problems = pmt_problems_new ();
  return set;
}

/* Sets are never changed once they can be seen, and never freed before the
 * engine is: no lock is needed for what is in them. */
static const PmtModelSet *
get_set (PmtEngine *engine)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&engine->models_mutex);

  return g_queue_peek_head (&engine->sets);
}

static void
load_catalog (const gchar *parent, PmtModelSet *set)
{
  g_autofree gchar *folder = g_build_filename (parent, "catalog", NULL);

  pmt_catalog_load (folder, set->models, set->problems);
}

static void
take_templates (PmtModelSet *set)
{
  for (guint i = 0; i < set->models->len;)
    {
      PmtModel *model = set->models->pdata[i];

      if (model->is_template)
        g_ptr_array_add (set->templates,
                         g_ptr_array_steal_index (set->models, i));
      else
        i++;
    }
}

static void
set_no_manifest_error (PmtEngine *engine,
                       const PmtModelSet *set,
                       GError **error)
{
  if (set->problems->len > 0)
    {
      const PmtProblem *problem = set->problems->pdata[0];

      g_set_error (error, PMT_ERROR, PMT_ERROR_MANIFEST,
                   _ ("No model description in “%s/catalog” can be read. %s"),
                   engine->data_dir, problem->message);
      return;
    }
  g_set_error (error, PMT_ERROR, PMT_ERROR_MANIFEST,
               _ ("The folder “%s/catalog” has no model descriptions. Install "
                  "Pentimento again."),
               engine->data_dir);
}

static void
add_preset_problems (PmtEngine *engine, GPtrArray *problems)
{
  for (guint i = 0; i < engine->preset_problems->len; i++)
    {
      const PmtProblem *problem = engine->preset_problems->pdata[i];

      pmt_problems_add (problems, problem->code, problem->name, "%s",
                        problem->message);
    }
}

gboolean
pmt_engine_load_models (PmtEngine *engine, GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&engine->reload_mutex);
  PmtModelSet *set = set_new ();

  load_catalog (engine->data_dir, set);
  if (set->models->len == 0)
    {
      set_no_manifest_error (engine, set, error);
      set_free (set);
      return FALSE;
    }
  add_preset_problems (engine, set->problems);
  if (engine->user_dir != NULL)
    {
      load_catalog (engine->user_dir, set);
      pmt_model_sources_check (engine->user_dir, set->problems);
    }
  take_templates (set);
  for (guint i = 0; i < engine->backends->len; i++)
    pmt_backend_add_models (engine->backends->pdata[i], set->models,
                            set->problems);
  g_mutex_lock (&engine->models_mutex);
  g_queue_push_head (&engine->sets, set);
  g_mutex_unlock (&engine->models_mutex);
  return TRUE;
}

void
pmt_engine_clear_models (PmtEngine *engine)
{
  g_queue_clear_full (&engine->sets, set_free);
}

void
pmt_engine_reload_models (PmtEngine *engine)
{
  g_autoptr (GError) error = NULL;

  g_return_if_fail (engine != NULL);
  if (!pmt_engine_load_models (engine, &error))
    g_debug ("The models of before are kept: %s", error->message);
}

GPtrArray *
pmt_engine_list_problems (PmtEngine *engine)
{
  g_return_val_if_fail (engine != NULL, NULL);
  return get_set (engine)->problems;
}

GPtrArray *
pmt_engine_list_models (PmtEngine *engine, gint operation)
{
  g_autoptr (GPtrArray) models = NULL;
  const PmtModelSet *set;
  guint chosen = 0;

  g_return_val_if_fail (engine != NULL, NULL);
  set = get_set (engine);
  models = g_ptr_array_new ();
  for (guint i = 0; i < set->models->len; i++)
    {
      PmtModel *model = set->models->pdata[i];

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
  const PmtModelSet *set;
  GPtrArray *templates;

  g_return_val_if_fail (engine != NULL, NULL);
  set = get_set (engine);
  templates = g_ptr_array_new ();
  for (guint i = 0; i < set->templates->len; i++)
    {
      PmtModel *model = set->templates->pdata[i];

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
  const PmtModel *model = pmt_catalog_find (get_set (engine)->models, id);
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
