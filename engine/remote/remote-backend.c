/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* remote-backend.c: services and servers as a backend. */
#include "config.h"

#include "remote/remote-backend.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "remote/remote-check.h"
#include "remote/remote-estimate.h"

/* A dialog asks at each key press. */
#define REMEMBERED_US (10 * G_USEC_PER_SEC)

typedef struct
{
  gint64 time;
  gboolean is_there;
} Remembered;

struct _PmtRemoteBackend
{
  GObject parent_instance;

  gchar *user_dir;
  PmtKeyring keyring;
  PmtSpendingLimits limits;
  GMutex mutex;
  GPtrArray *accounts; /* as of the last reading */
  GHashTable *keys;    /* account id -> Remembered */
  GHashTable *lines;   /* certificate file, or "" -> PmtHttp */
};

static void remote_backend_interface_init (PmtBackendInterface *iface);

G_DEFINE_TYPE_WITH_CODE (PmtRemoteBackend,
                         pmt_remote_backend,
                         G_TYPE_OBJECT,
                         G_IMPLEMENT_INTERFACE (PMT_TYPE_BACKEND,
                                                remote_backend_interface_init))

static void
pmt_remote_backend_finalize (GObject *object)
{
  PmtRemoteBackend *self = PMT_REMOTE_BACKEND (object);

  g_free (self->user_dir);
  g_clear_pointer (&self->accounts, g_ptr_array_unref);
  g_hash_table_unref (self->keys);
  g_hash_table_unref (self->lines);
  g_mutex_clear (&self->mutex);
  G_OBJECT_CLASS (pmt_remote_backend_parent_class)->finalize (object);
}

static void
pmt_remote_backend_class_init (PmtRemoteBackendClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pmt_remote_backend_finalize;
}

static void
pmt_remote_backend_init (PmtRemoteBackend *self)
{
  g_mutex_init (&self->mutex);
  self->keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->lines = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                       (GDestroyNotify)pmt_http_unref);
}

PmtBackend *
pmt_remote_backend_new (const PmtEngineOptions *options)
{
  PmtRemoteBackend *self = g_object_new (PMT_TYPE_REMOTE_BACKEND, NULL);

  self->user_dir = g_strdup (options->user_dir);
  self->keyring.find = options->find_key;
  self->keyring.find_data = options->find_key_data;
  self->limits.run = options->max_run_cost;
  self->limits.day = options->max_day_cost;
  self->limits.asked = -1.0;
  return PMT_BACKEND (self);
}

const gchar *
pmt_remote_backend_get_user_dir (PmtRemoteBackend *self)
{
  return self->user_dir;
}

const PmtSpendingLimits *
pmt_remote_backend_get_limits (PmtRemoteBackend *self)
{
  return &self->limits;
}

/* --------------------------------------------------------------- accounts */

GPtrArray *
pmt_remote_backend_get_accounts (PmtRemoteBackend *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  if (self->accounts == NULL)
    {
      g_autoptr (GPtrArray) ignored =
          g_ptr_array_new_with_free_func ((GDestroyNotify)pmt_problem_free);

      self->accounts = pmt_accounts_load (self->user_dir, ignored);
    }
  return g_ptr_array_ref (self->accounts);
}

void
pmt_remote_backend_reload (PmtRemoteBackend *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  g_clear_pointer (&self->accounts, g_ptr_array_unref);
  g_hash_table_remove_all (self->keys);
}

void
pmt_remote_backend_forget_keys (PmtRemoteBackend *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  g_hash_table_remove_all (self->keys);
}

gchar *
pmt_remote_backend_find_key (PmtRemoteBackend *self,
                             const PmtAccount *account,
                             GCancellable *cancellable,
                             GError **error)
{
  g_autoptr (GError) local = NULL;
  gchar *key = pmt_key_find (&self->keyring, account, cancellable, &local);

  /* Servers of one's own have a key rarely: they do without a keyring. */
  if (local != NULL
      && ((account->provider->flags & PMT_PROVIDER_LOCAL) == 0
          || !g_error_matches (local, PMT_ERROR, PMT_ERROR_KEY)))
    g_propagate_error (error, g_steal_pointer (&local));
  return key;
}

static gboolean
recall (PmtRemoteBackend *self, const gchar *id, gboolean *is_there)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  const Remembered *known = g_hash_table_lookup (self->keys, id);

  if (known == NULL || g_get_monotonic_time () - known->time > REMEMBERED_US)
    return FALSE;
  *is_there = known->is_there;
  return TRUE;
}

static void
remember (PmtRemoteBackend *self, const gchar *id, gboolean is_there)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  Remembered *known = g_new (Remembered, 1);

  known->time = g_get_monotonic_time ();
  known->is_there = is_there;
  g_hash_table_insert (self->keys, g_strdup (id), known);
}

gboolean
pmt_remote_backend_has_key (PmtRemoteBackend *self, const PmtAccount *account)
{
  gboolean is_there = FALSE;

  if ((account->provider->flags & PMT_PROVIDER_LOCAL) != 0)
    return TRUE;
  if (recall (self, account->id, &is_there))
    return is_there;
  is_there = pmt_key_exists (&self->keyring, account);
  remember (self, account->id, is_there);
  return is_there;
}

PmtHttp *
pmt_remote_backend_get_http (PmtRemoteBackend *self, const PmtAccount *account)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  const gchar *name = account->ca_file != NULL ? account->ca_file : "";
  PmtHttp *http = g_hash_table_lookup (self->lines, name);

  if (http == NULL)
    {
      PmtHttpOptions options = PMT_HTTP_OPTIONS_INIT;

      options.ca_file = account->ca_file;
      http = pmt_http_new (&options);
      g_hash_table_insert (self->lines, g_strdup (name), http);
    }
  return pmt_http_ref (http);
}

/* --------------------------------------------------------------- a backend */

typedef struct
{
  GPtrArray *accounts;
  const PmtAccount *account;
  const PmtModelService *service;
  PmtRemotePlan plan;
} Prepared;

static void
prepared_clear (Prepared *prepared)
{
  pmt_remote_plan_clear (&prepared->plan);
  g_clear_pointer (&prepared->accounts, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Prepared, prepared_clear)

static gboolean
prepare_account (Prepared *prepared,
                 PmtRemoteBackend *self,
                 const PmtModel *model,
                 const PmtRequest *request,
                 GError **error)
{
  prepared->accounts = pmt_remote_backend_get_accounts (self);
  prepared->account = pmt_remote_backend_choose_account (
      self, prepared->accounts, model, pmt_request_get_operation (request),
      pmt_request_get_provider (request), error);
  if (prepared->account == NULL)
    return FALSE;
  prepared->service =
      pmt_model_find_service (model, prepared->account->provider->type);
  return TRUE;
}

static gboolean
prepare (Prepared *prepared,
         PmtRemoteBackend *self,
         const PmtModel *model,
         const PmtRequest *request,
         GError **error)
{
  return prepare_account (prepared, self, model, request, error)
         && pmt_remote_plan_init (&prepared->plan, model, prepared->service,
                                  prepared->account->provider, request, error);
}

static const gchar *
remote_backend_get_id (PmtBackend *backend)
{
  return "remote";
}

static void
remote_backend_validate (PmtBackend *backend,
                         const PmtModel *model,
                         const PmtRequest *request,
                         GPtrArray *problems)
{
  PmtRemoteBackend *self = PMT_REMOTE_BACKEND (backend);
  g_auto (Prepared) prepared = { 0 };
  g_autoptr (GError) error = NULL;

  pmt_remote_check_request (model, request, problems);
  if (!prepare_account (&prepared, self, model, request, &error))
    {
      pmt_problems_add (problems, error->code, "provider", "%s",
                        error->message);
      return;
    }
  /* A selection is planned when it is needed; sizes are quickly said. */
  if (pmt_request_get_mask (request) == NULL
      && !pmt_remote_plan_init (&prepared.plan, model, prepared.service,
                                prepared.account->provider, request, &error))
    pmt_problems_add (problems, error->code, NULL, "%s", error->message);
}

static gboolean
remote_backend_estimate (PmtBackend *backend,
                         const PmtJob *job,
                         PmtEstimate *estimate,
                         GError **error)
{
  PmtRemoteBackend *self = PMT_REMOTE_BACKEND (backend);
  g_auto (Prepared) prepared = { 0 };

  return prepare (&prepared, self, job->model, job->request, error)
         && pmt_remote_estimate (&prepared.plan, prepared.service,
                                 prepared.account, job, estimate, error);
}

/* The run that is gone on with, or a new one. */
static PmtRunFile *
open_file (PmtRemoteBackend *self,
           const PmtJob *job,
           const PmtAccount *account,
           GError **error)
{
  const gchar *resume = pmt_request_get_resume (job->request);
  g_autoptr (PmtRunFile) file = NULL;

  if (resume == NULL)
    return pmt_run_file_new (self->user_dir, account->id, job);
  file = pmt_run_file_load (self->user_dir, resume, error);
  if (file == NULL)
    return NULL;
  if (gegl_rectangle_equal (&file->layer, pmt_request_get_layer (job->request))
      && gegl_rectangle_equal (&file->canvas,
                               pmt_request_get_canvas (job->request)))
    return g_steal_pointer (&file);
  g_set_error (error, PMT_ERROR, PMT_ERROR_INPUT,
               _ ("The run was started on a layer of %d × %d pixels in a "
                  "picture of %d × %d. Choose that layer."),
               file->layer.width, file->layer.height, file->canvas.width,
               file->canvas.height);
  return NULL;
}

static gboolean
check_spending (PmtRemoteBackend *self,
                const PmtJob *job,
                const Prepared *prepared,
                gdouble cost,
                GError **error)
{
  const PmtAccount *account = prepared->account;

  if (pmt_request_get_resume (job->request) != NULL)
    return TRUE;
  return pmt_remote_backend_check_spending (
             self, account, job->request,
             pmt_remote_unit (prepared->service, account), cost, error)
         && pmt_spending_check_file (&self->limits, self->user_dir, account->id,
                                     cost, error);
}

static PmtResult *
run_prepared (PmtRemoteBackend *self,
              Prepared *prepared,
              const PmtJob *job,
              PmtProgress *progress,
              GCancellable *cancellable,
              GError **error)
{
  const PmtAccount *account = prepared->account;
  g_autoptr (PmtRunFile) file = NULL;
  g_autoptr (PmtHttp) http = NULL;
  g_autoptr (GError) local = NULL;
  PmtRemoteRun run = { 0 };
  PmtResult *result = NULL;
  gchar *key;

  if (!pmt_remote_cost (&prepared->plan, job, prepared->service, account,
                        &run.cost, error)
      || !check_spending (self, job, prepared, run.cost, error))
    return NULL;
  file = open_file (self, job, account, error);
  if (file == NULL)
    return NULL;
  key = pmt_remote_backend_find_key (self, account, cancellable, &local);
  if (local != NULL)
    g_propagate_error (error, g_steal_pointer (&local));
  else
    {
      http = pmt_remote_backend_get_http (self, account);
      run.job = job;
      run.service = prepared->service;
      run.account = account;
      run.key = key;
      run.plan = &prepared->plan;
      run.http = http;
      run.file = file;
      run.user_dir = self->user_dir;
      run.progress = progress;
      run.cancellable = cancellable;
      result = pmt_remote_run (&run, error);
    }
  pmt_key_free (key);
  return result;
}

static PmtResult *
remote_backend_run (PmtBackend *backend,
                    const PmtJob *job,
                    PmtProgress *progress,
                    GCancellable *cancellable,
                    GError **error)
{
  PmtRemoteBackend *self = PMT_REMOTE_BACKEND (backend);
  g_auto (Prepared) prepared = { 0 };

  if (!prepare (&prepared, self, job->model, job->request, error))
    return NULL;
  return run_prepared (self, &prepared, job, progress, cancellable, error);
}

/* No models of its own: reports what is wrong with providers.json. */
static void
remote_backend_add_models (PmtBackend *backend,
                           GPtrArray *models,
                           GPtrArray *problems)
{
  PmtRemoteBackend *self = PMT_REMOTE_BACKEND (backend);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  g_clear_pointer (&self->accounts, g_ptr_array_unref);
  self->accounts = pmt_accounts_load (self->user_dir, problems);
}

static void
remote_backend_interface_init (PmtBackendInterface *iface)
{
  iface->get_id = remote_backend_get_id;
  iface->validate = remote_backend_validate;
  iface->estimate = remote_backend_estimate;
  iface->run = remote_backend_run;
  iface->add_models = remote_backend_add_models;
}
