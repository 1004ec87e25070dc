/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* engine.c: the engine, from its options to its end. */
#include "config.h"

#include <glib/gi18n-lib.h>

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
  engine->data_dir =
      g_strdup (options->data_dir != NULL ? options->data_dir : PMT_DATADIR);
  engine->user_dir = g_strdup (options->user_dir);
  engine->preset_problems = pmt_problems_new ();
  g_mutex_init (&engine->reload_mutex);
  g_mutex_init (&engine->models_mutex);
  g_mutex_init (&engine->mutex);
  engine->opened =
      g_ptr_array_new_with_free_func ((GDestroyNotify)pmt_model_free);
  engine->backends = backends;
  engine->memory = options->memory;
  engine->history_bytes = options->history_bytes;
  engine->threads =
      options->threads > 0 ? options->threads : (gint)g_get_num_processors ();
  pmt_presets_load (engine, engine->data_dir);
  if (!pmt_engine_load_models (engine, error))
    return NULL;
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
  pmt_engine_clear_models (engine);
  g_free (engine->data_dir);
  g_free (engine->user_dir);
  g_ptr_array_unref (engine->preset_problems);
  pmt_presets_clear (engine);
  g_ptr_array_unref (engine->opened);
  g_ptr_array_unref (engine->backends);
  g_mutex_clear (&engine->mutex);
  g_mutex_clear (&engine->models_mutex);
  g_mutex_clear (&engine->reload_mutex);
  g_free (engine);
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
