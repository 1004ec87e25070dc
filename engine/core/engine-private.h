/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* engine-private.h: the engine as its own files and the tests see it. */
#pragma once

#include "core/backend.h"
#include "pentimento.h"

G_BEGIN_DECLS

/* Highest seed; a seed is 32 bits everywhere. */
#define PMT_SEED_MAX G_GINT64_CONSTANT (4294967295)

/* References that a request may have, whatever the model. */
#define PMT_MAX_REFERENCES 14

/**
 * PmtModelSet: what was found when models were last looked for; immutable.
 * @models: (element-type PmtModel): shipped ones first
 * @templates: (element-type PmtModel): what files become models by
 * @problems: (element-type PmtProblem): manifests left out
 */
typedef struct
{
  GPtrArray *models;
  GPtrArray *templates;
  GPtrArray *problems;
} PmtModelSet;

/**
 * PmtEngine: immutable once made, but for the reference count, @sets, @opened
 *   and @user_presets
 * @data_dir: of what comes with Pentimento
 * @user_dir: (nullable): the user's folder
 * @reload_mutex: held while models are looked for
 * @models_mutex: guards @sets
 * @sets: (element-type PmtModelSet): the first is the one in use; earlier ones
 *   stay, since models of them may have been given out
 * @preset_problems: (element-type PmtProblem): presets left out
 * @backends: (element-type PmtBackend)
 * @presets: (element-type PmtPreset): shipped ones
 * @preset_mutex: guards @user_presets
 * @user_presets: (element-type PmtPreset): win over shipped ones
 * @mutex: guards @opened
 * @opened: (element-type PmtModel): of files that were named as models
 */
struct _PmtEngine
{
  gatomicrefcount ref_count;
  gchar *data_dir;
  gchar *user_dir;
  GMutex reload_mutex;
  GMutex models_mutex;
  GQueue sets;
  GPtrArray *preset_problems;
  GPtrArray *backends;
  GPtrArray *presets;
  GMutex preset_mutex;
  GPtrArray *user_presets;
  GMutex mutex;
  GPtrArray *opened;
  gint threads;
  guint64 memory;
  guint64 history_bytes;
};

/**
 * pmt_engine_new_with_backends:
 * @backends: (transfer full) (element-type PmtBackend)
 *
 * As pmt_engine_new(), with other backends than those of the build.
 */
PmtEngine *pmt_engine_new_with_backends (const PmtEngineOptions *options,
                                         GPtrArray *backends,
                                         GError **error);

/**
 * pmt_engine_run_items:
 * @item: (nullable): gets every candidate when it is ready, in this thread
 *
 * As pmt_engine_run().
 */
PmtResult *pmt_engine_run_items (PmtEngine *engine,
                                 const PmtRequest *request,
                                 PmtProgressFunc progress,
                                 PmtItemFunc item,
                                 gpointer user_data,
                                 GCancellable *cancellable,
                                 GError **error);

/**
 * pmt_engine_load_models: (engine-models.c)
 * @error: PMT_ERROR_MANIFEST: no shipped manifest can be read; the models of
 *   before stay
 */
gboolean pmt_engine_load_models (PmtEngine *engine, GError **error);
void pmt_engine_clear_models (PmtEngine *engine);

/**
 * pmt_engine_get_model: (engine-models.c)
 * @id: of a model, or a file or folder that a backend opens
 * @error: PMT_ERROR_MODEL: there is none, or why the file can't be used
 *
 * Returns: (transfer none): as long as the engine lives.
 */
const PmtModel *
pmt_engine_get_model (PmtEngine *engine, const gchar *id, GError **error);

/** pmt_engine_find_backend: Returns: (transfer none) (nullable). */
PmtBackend *pmt_engine_find_backend (PmtEngine *engine, const gchar *id);

/**
 * pmt_engine_check_model: (choose-model.c)
 * @problems: (element-type PmtProblem): what is wrong is added
 *
 * Returns: (transfer none) (nullable): as pmt_engine_choose_model(); it may
 *   be unable to run @request, which @problems tell then.
 */
const PmtModel *pmt_engine_check_model (PmtEngine *engine,
                                        const PmtRequest *request,
                                        GPtrArray *problems);

/**
 * pmt_engine_prepare: (validate.c)
 * @problems: (element-type PmtProblem): what is wrong is added
 * @notes: (element-type utf8): what has no effect, or another than was set, is
 *   added, a sentence each
 * @model: (out) (transfer none) (nullable): the model chosen, if any
 *
 * Checks @request and fills in the defaults of every parameter that applies.
 * Values get the type that the manifest says (a whole number where it wants a
 * number, and the other way round where nothing is lost).
 *
 * Returns: (transfer full): the completed copy; of use only when nothing was
 *   added to @problems.
 */
PmtRequest *pmt_engine_prepare (PmtEngine *engine,
                                const PmtRequest *request,
                                GPtrArray *problems,
                                GPtrArray *notes,
                                const PmtModel **model);

/**
 * pmt_request_set_used_preset: (request.c)
 * @id: (nullable): of the preset whose words and settings are in the parameters
 *   already; recipes tell it
 */
void pmt_request_set_used_preset (PmtRequest *request, const gchar *id);
const gchar *pmt_request_get_used_preset (const PmtRequest *request);

/** pmt_problems_new: Returns: (transfer full) (element-type PmtProblem). */
GPtrArray *pmt_problems_new (void);

/**
 * pmt_problems_to_error:
 *
 * Returns: %TRUE when there are none; else %FALSE, with @error set to all
 *   messages, a line each, and the code of the first.
 */
gboolean pmt_problems_to_error (GPtrArray *problems, GError **error);

G_END_DECLS
