/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* diffusion-backend.c: checkpoints as a backend. */
#include "config.h"

#include "diffusion/diffusion-backend.h"

#include <glib/gi18n-lib.h>

#include "core/engine-private.h"
#include "diffusion/bundled-checkpoints.h"
#include "diffusion/diffusion-run.h"
#include "diffusion/tokenizer-folder.h"
#include "diffusion/user-checkpoints.h"

/* @outside: path to PmtProblem, of files of other programs; @mutex guards it */
struct _PmtDiffusionBackend
{
  GObject parent_instance;

  PmtStore *store;
  gchar *data_dir;
  gchar *user_dir;
  GMutex mutex;
  GHashTable *outside;
};

#define PMT_TYPE_DIFFUSION_BACKEND (pmt_diffusion_backend_get_type ())
G_DECLARE_FINAL_TYPE (
    PmtDiffusionBackend, pmt_diffusion_backend, PMT, DIFFUSION_BACKEND, GObject)

static void diffusion_backend_interface_init (PmtBackendInterface *iface);

G_DEFINE_TYPE_WITH_CODE (
    PmtDiffusionBackend,
    pmt_diffusion_backend,
    G_TYPE_OBJECT,
    G_IMPLEMENT_INTERFACE (PMT_TYPE_BACKEND, diffusion_backend_interface_init))

static void
pmt_diffusion_backend_finalize (GObject *object)
{
  PmtDiffusionBackend *self = PMT_DIFFUSION_BACKEND (object);

  g_clear_pointer (&self->store, pmt_store_free);
  g_clear_pointer (&self->data_dir, g_free);
  g_clear_pointer (&self->user_dir, g_free);
  g_clear_pointer (&self->outside, g_hash_table_unref);
  g_mutex_clear (&self->mutex);
  G_OBJECT_CLASS (pmt_diffusion_backend_parent_class)->finalize (object);
}

static void
pmt_diffusion_backend_class_init (PmtDiffusionBackendClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pmt_diffusion_backend_finalize;
}

/* The names are those of the problems. */
static GHashTable *
new_outside (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
                                (GDestroyNotify)pmt_problem_free);
}

static void
pmt_diffusion_backend_init (PmtDiffusionBackend *self)
{
  g_mutex_init (&self->mutex);
  self->outside = new_outside ();
}

PmtBackend *
pmt_diffusion_backend_new (const PmtEngineOptions *options)
{
  PmtDiffusionBackend *self = g_object_new (PMT_TYPE_DIFFUSION_BACKEND, NULL);

  self->data_dir =
      g_strdup (options->data_dir != NULL ? options->data_dir : PMT_DATADIR);
  self->user_dir = g_strdup (options->user_dir);
  self->store = pmt_store_new (options->user_dir);
  return PMT_BACKEND (self);
}

static const gchar *
diffusion_backend_get_id (PmtBackend *backend)
{
  return "diffusion";
}

/* What estimate and run begin with. */
typedef struct
{
  PmtCheckpoint *checkpoint;
  PmtSettings settings;
  PmtPlan plan;
} Prepared;

static void
prepared_clear (Prepared *prepared)
{
  pmt_plan_clear (&prepared->plan);
  pmt_settings_clear (&prepared->settings);
  g_clear_pointer (&prepared->checkpoint, pmt_checkpoint_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Prepared, prepared_clear)

static gboolean
prepare_settings (Prepared *prepared,
                  PmtBackend *backend,
                  const PmtModel *model,
                  const PmtRequest *request,
                  GError **error)
{
  PmtDiffusionBackend *self = PMT_DIFFUSION_BACKEND (backend);
  const gchar *path = model->checkpoints[pmt_request_get_operation (request)];

  if (path == NULL)
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_MODEL,
                   _ ("The model “%s” has no file. Choose a checkpoint."),
                   pmt_model_get_id (model));
      return FALSE;
    }
  prepared->checkpoint = pmt_store_get_checkpoint (self->store, path, error);
  return prepared->checkpoint != NULL
         && pmt_settings_init (&prepared->settings, model, request,
                               prepared->checkpoint, error);
}

static gboolean
prepare (Prepared *prepared,
         PmtBackend *backend,
         const PmtJob *job,
         GError **error)
{
  return prepare_settings (prepared, backend, job->model, job->request, error)
         && pmt_plan_init (&prepared->plan, &prepared->settings,
                           prepared->checkpoint, job->model, job->request,
                           error);
}

static void
check_files (PmtDiffusionBackend *self,
             const PmtSettings *settings,
             GPtrArray *problems)
{
  g_autofree gchar *vae = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < settings->loras->len; i++)
    {
      const PmtLoraName *lora =
          &g_array_index (settings->loras, PmtLoraName, i);
      g_autoptr (GError) local = NULL;
      g_autofree gchar *path = pmt_user_checkpoints_find_file (
          self->user_dir, "lora", lora->name, &local);

      if (path == NULL)
        pmt_problems_add (problems, local->code, "lora", "%s", local->message);
    }
  if (settings->vae == NULL)
    return;
  vae = pmt_user_checkpoints_find_file (self->user_dir, "vae", settings->vae,
                                        &error);
  if (vae == NULL)
    pmt_problems_add (problems, error->code, "vae", "%s", error->message);
}

/* What the picture alone does not tell. */
static void
check_prompt (const PmtSettings *settings, GPtrArray *problems)
{
  if (*settings->prompt != '\0')
    return;
  if (settings->operation == PMT_OPERATION_GENERATE)
    pmt_problems_add (problems, PMT_ERROR_ARGUMENT, "prompt",
                      _ ("“%s” needs a prompt. Write into “prompt” what the "
                         "picture should show."),
                      pmt_operation_label (settings->operation));
  else if (settings->operation == PMT_OPERATION_EDIT)
    pmt_problems_add (problems, PMT_ERROR_ARGUMENT, "prompt",
                      _ ("“%s” needs an instruction. Write into “prompt” what "
                         "should change, such as: make the jacket red."),
                      pmt_operation_label (settings->operation));
}

/* Before the run: a dialog should tell it while there is a choice. */
static void
check_tokenizers (PmtDiffusionBackend *self,
                  const PmtCheckpoint *checkpoint,
                  GPtrArray *problems)
{
  for (gint i = 0; i < checkpoint->n_texts; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree gchar *folder =
          pmt_tokenizer_find_folder (checkpoint, i, self->user_dir, &error);

      if (folder != NULL)
        continue;
      pmt_problems_add (problems, error->code, "model", "%s", error->message);
      return;
    }
}

static void
diffusion_backend_validate (PmtBackend *backend,
                            const PmtModel *model,
                            const PmtRequest *request,
                            GPtrArray *problems)
{
  g_auto (Prepared) prepared = { 0 };
  g_autoptr (GError) error = NULL;

  if (!prepare_settings (&prepared, backend, model, request, &error))
    {
      pmt_problems_add (problems, error->code, NULL, "%s", error->message);
      return;
    }
  check_prompt (&prepared.settings, problems);
  check_tokenizers (PMT_DIFFUSION_BACKEND (backend), prepared.checkpoint,
                    problems);
  check_files (PMT_DIFFUSION_BACKEND (backend), &prepared.settings, problems);
  /* A selection is planned when it is needed; sizes are quickly said. */
  if (pmt_request_get_mask (request) == NULL
      && !pmt_plan_init (&prepared.plan, &prepared.settings,
                         prepared.checkpoint, model, request, &error))
    pmt_problems_add (problems, error->code, NULL, "%s", error->message);
}

static gboolean
diffusion_backend_estimate (PmtBackend *backend,
                            const PmtJob *job,
                            PmtEstimate *estimate,
                            GError **error)
{
  g_auto (Prepared) prepared = { 0 };

  if (!prepare (&prepared, backend, job, error))
    return FALSE;
  pmt_diffusion_estimate (prepared.checkpoint, &prepared.settings,
                          &prepared.plan, job, estimate);
  return TRUE;
}

static PmtResult *
diffusion_backend_run (PmtBackend *backend,
                       const PmtJob *job,
                       PmtProgress *progress,
                       GCancellable *cancellable,
                       GError **error)
{
  PmtDiffusionBackend *self = PMT_DIFFUSION_BACKEND (backend);
  g_autoptr (PmtRequest) resolved = NULL;
  g_auto (Prepared) prepared = { 0 };
  PmtJob told = *job;

  if (!prepare (&prepared, backend, job, error))
    return NULL;
  /* Recipes are made from the job. */
  resolved = pmt_request_copy (job->request);
  pmt_settings_resolve (&prepared.settings, pmt_request_params (resolved));
  told.request = resolved;
  return pmt_diffusion_run (self->store, prepared.checkpoint,
                            &prepared.settings, &prepared.plan, &told, progress,
                            cancellable, error);
}

/* In place of those of before. */
static void
take_outside (PmtDiffusionBackend *self, GPtrArray *problems)
{
  GHashTable *outside = new_outside ();
  GHashTable *before;

  while (problems->len > 0)
    {
      PmtProblem *problem =
          g_ptr_array_steal_index_fast (problems, problems->len - 1);

      g_hash_table_replace (outside, problem->name, problem);
    }
  g_mutex_lock (&self->mutex);
  before = self->outside;
  self->outside = outside;
  g_mutex_unlock (&self->mutex);
  g_hash_table_unref (before);
}

static void
diffusion_backend_add_models (PmtBackend *backend,
                              GPtrArray *models,
                              GPtrArray *problems)
{
  PmtDiffusionBackend *self = PMT_DIFFUSION_BACKEND (backend);
  g_autoptr (GPtrArray) outside = pmt_problems_new ();

  if (self->user_dir != NULL)
    {
      pmt_user_checkpoints_add (self->data_dir, self->user_dir, models,
                                problems, outside);
      take_outside (self, outside);
    }
  /* Behind them: what is chosen where nothing else is installed. */
  pmt_bundled_checkpoints_add (self->data_dir, models, problems);
}

gboolean
pmt_diffusion_backend_explain (PmtBackend *backend,
                               const gchar *path,
                               GError **error)
{
  PmtDiffusionBackend *self = PMT_DIFFUSION_BACKEND (backend);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  const PmtProblem *problem = g_hash_table_lookup (self->outside, path);

  if (problem == NULL)
    return TRUE;
  g_set_error_literal (error, PMT_ERROR, (gint)problem->code, problem->message);
  return FALSE;
}

static gboolean
diffusion_backend_opens (PmtBackend *backend, const gchar *path)
{
  return pmt_user_checkpoints_opens (path);
}

static PmtModel *
diffusion_backend_open_model (PmtBackend *backend,
                              const gchar *path,
                              GError **error)
{
  PmtDiffusionBackend *self = PMT_DIFFUSION_BACKEND (backend);

  return pmt_user_checkpoints_open (self->data_dir, path, error);
}

static void
diffusion_backend_interface_init (PmtBackendInterface *iface)
{
  iface->get_id = diffusion_backend_get_id;
  iface->validate = diffusion_backend_validate;
  iface->estimate = diffusion_backend_estimate;
  iface->run = diffusion_backend_run;
  iface->add_models = diffusion_backend_add_models;
  iface->opens = diffusion_backend_opens;
  iface->open_model = diffusion_backend_open_model;
}
