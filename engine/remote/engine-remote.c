/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* engine-remote.c: services, keys and cut off runs, for programs. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "core/engine-private.h"
#include "remote/discover.h"
#include "remote/origin.h"
#include "remote/remote-backend.h"
#include "remote/remote-estimate.h"

static PmtRemoteBackend *
get_remote (PmtEngine *engine)
{
  PmtBackend *backend = pmt_engine_find_backend (engine, "remote");

  return backend != NULL ? PMT_REMOTE_BACKEND (backend) : NULL;
}

static gboolean
fail_without_remote (GError **error)
{
  g_set_error_literal (error, PMT_ERROR, PMT_ERROR_UNSUPPORTED,
                       _ ("This engine can't use services."));
  return FALSE;
}

/* --------------------------------------------------------------- services */

static void
info_free (gpointer data)
{
  PmtServiceInfo *info = data;

  g_free (info->id);
  g_free (info->type);
  g_free (info->label);
  g_free (info->base_url);
  g_free (info->key_env);
  g_free (info->unit);
  g_free (info->usual_unit);
  g_free (info);
}

static PmtServiceInfo *
info_new (PmtRemoteBackend *remote,
          const PmtAccount *account,
          const PmtModel *model)
{
  PmtServiceInfo *info = g_new0 (PmtServiceInfo, 1);
  const PmtModelService *service =
      model != NULL ? pmt_model_find_service (model, account->provider->type)
                    : NULL;

  info->id = g_strdup (account->id);
  info->type = g_strdup (account->provider->type);
  info->label = g_strdup (account->label);
  info->base_url = g_strdup (account->base_url);
  info->key_env = g_strdup (account->key_env);
  info->unit = g_strdup (account->provider->unit);
  info->is_local = (account->provider->flags & PMT_PROVIDER_LOCAL) != 0;
  info->is_configured = account->is_configured;
  info->has_key = pmt_remote_backend_has_key (remote, account);
  info->usual_cost = -1.0;
  if (service != NULL)
    {
      info->usual_cost = pmt_remote_usual_cost (model, service, account);
      info->usual_unit = g_strdup (pmt_remote_unit (service, account));
    }
  return info;
}

GPtrArray *
pmt_engine_list_services (PmtEngine *engine, const PmtModel *model)
{
  PmtRemoteBackend *remote;
  GPtrArray *list = g_ptr_array_new_with_free_func (info_free);
  g_autoptr (GPtrArray) accounts = NULL;

  g_return_val_if_fail (engine != NULL, list);
  remote = get_remote (engine);
  if (remote == NULL)
    return list;
  accounts = pmt_remote_backend_get_accounts (remote);
  for (guint i = 0; i < accounts->len; i++)
    {
      const PmtAccount *account = accounts->pdata[i];

      if (model == NULL
          || pmt_model_find_service (model, account->provider->type) != NULL)
        g_ptr_array_add (list, info_new (remote, account, model));
    }
  return list;
}

static const PmtAccount *
find_account (GPtrArray *accounts, const gchar *id, GError **error)
{
  const PmtAccount *account = pmt_accounts_find (accounts, id);

  if (account == NULL)
    g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
                 _ ("There is no provider “%s”. Add it to providers.json, or "
                    "choose one of those that “pentimento services” lists."),
                 id);
  return account;
}

/* Where a local server would be; port 0 for one that is elsewhere. */
static PmtDiscoverCandidate
make_candidate (const PmtAccount *account, GPtrArray *paths)
{
  PmtDiscoverCandidate candidate = { account->id, 0, NULL };
  g_autoptr (GUri) uri = NULL;

  if ((account->provider->flags & PMT_PROVIDER_LOCAL) == 0
      || account->provider->probe_path == NULL || account->base_url == NULL
      || !pmt_origin_is_loopback (account->base_url))
    return candidate;
  uri = g_uri_parse (account->base_url, G_URI_FLAGS_NONE, NULL);
  if (uri == NULL)
    return candidate;
  candidate.path =
      pmt_origin_join (g_uri_get_path (uri), account->provider->probe_path);
  g_ptr_array_add (paths, (gpointer)candidate.path);
  candidate.port =
      (guint16)(g_uri_get_port (uri) > 0 ? g_uri_get_port (uri) : 80);
  return candidate;
}

gchar **
pmt_engine_find_servers (PmtEngine *engine, GCancellable *cancellable)
{
  PmtRemoteBackend *remote;
  g_autoptr (GPtrArray) accounts = NULL;
  g_autoptr (GPtrArray) found = NULL;
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GArray) asked = NULL;
  const gchar *last = NULL;

  g_return_val_if_fail (engine != NULL, NULL);
  remote = get_remote (engine);
  if (remote == NULL)
    return g_strv_builder_end (builder);
  accounts = pmt_remote_backend_get_accounts (remote);
  asked = g_array_new (FALSE, TRUE, sizeof (PmtDiscoverCandidate));
  for (guint i = 0; i < accounts->len; i++)
    {
      const PmtDiscoverCandidate candidate =
          make_candidate (accounts->pdata[i], paths);

      if (candidate.port != 0)
        g_array_append_val (asked, candidate);
    }
  found = pmt_discover ((PmtDiscoverCandidate *)asked->data, asked->len,
                        cancellable);
  for (guint i = 0; i < found->len; i++)
    {
      const PmtDiscovered *server = found->pdata[i];

      /* On both addresses: once. */
      if (g_strcmp0 (last, server->type) != 0)
        g_strv_builder_add (builder, server->type);
      last = server->type;
    }
  return g_strv_builder_end (builder);
}

gboolean
pmt_engine_set_key (PmtEngine *engine,
                    const gchar *service,
                    const gchar *key,
                    GError **error)
{
  PmtRemoteBackend *remote;
  g_autoptr (GPtrArray) accounts = NULL;
  const PmtAccount *account;
  gboolean is_ok;

  g_return_val_if_fail (engine != NULL && service != NULL, FALSE);
  remote = get_remote (engine);
  if (remote == NULL)
    return fail_without_remote (error);
  accounts = pmt_remote_backend_get_accounts (remote);
  account = find_account (accounts, service, error);
  if (account == NULL)
    return FALSE;
  is_ok = pmt_key_store (account, key, error);
  pmt_remote_backend_forget_keys (remote);
  return is_ok;
}

gboolean
pmt_engine_set_address (PmtEngine *engine,
                        const gchar *service,
                        const gchar *base_url,
                        GError **error)
{
  PmtRemoteBackend *remote;
  g_autoptr (GPtrArray) accounts = NULL;
  const PmtAccount *account;
  PmtAccount changed;
  gboolean is_ok;

  g_return_val_if_fail (engine != NULL && service && base_url, FALSE);
  remote = get_remote (engine);
  if (remote == NULL || pmt_remote_backend_get_user_dir (remote) == NULL)
    return fail_without_remote (error);
  accounts = pmt_remote_backend_get_accounts (remote);
  account = find_account (accounts, service, error);
  if (account == NULL || !pmt_origin_check (base_url, account->label, error))
    return FALSE;
  changed = *account;
  changed.base_url = (gchar *)base_url;
  is_ok = pmt_account_save (pmt_remote_backend_get_user_dir (remote), &changed,
                            error);
  pmt_remote_backend_reload (remote);
  return is_ok;
}

/* -------------------------------------------------------------- questions */

typedef struct
{
  PmtRemoteCall call;
  GPtrArray *accounts;
  gchar *key;
  gchar *cache;
} Question;

static void
question_clear (Question *question)
{
  pmt_fault_clear (&question->call.fault);
  g_clear_pointer (&question->call.http, pmt_http_unref);
  g_clear_pointer (&question->accounts, g_ptr_array_unref);
  pmt_key_free (question->key);
  g_free (question->cache);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Question, question_clear)

static gboolean
question_init (Question *question,
               PmtEngine *engine,
               const gchar *service,
               GCancellable *cancellable,
               GError **error)
{
  PmtRemoteBackend *remote = get_remote (engine);
  const PmtFault none = PMT_FAULT_INIT;
  const PmtAccount *account;
  const gchar *user_dir;
  g_autoptr (GError) local = NULL;

  if (remote == NULL)
    return fail_without_remote (error);
  question->accounts = pmt_remote_backend_get_accounts (remote);
  account = find_account (question->accounts, service, error);
  if (account == NULL)
    return FALSE;
  question->key =
      pmt_remote_backend_find_key (remote, account, cancellable, &local);
  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  user_dir = pmt_remote_backend_get_user_dir (remote);
  if (user_dir != NULL)
    question->cache = g_build_filename (user_dir, "cache", "remote", NULL);
  question->call.account = account;
  question->call.key = question->key;
  question->call.http = pmt_remote_backend_get_http (remote, account);
  question->call.cancellable = cancellable;
  question->call.fault = none;
  question->call.cache_dir = question->cache;
  if (question->key != NULL
      || (account->provider->flags & PMT_PROVIDER_LOCAL) != 0)
    return TRUE;
  pmt_key_set_missing (account, error);
  return FALSE;
}

gboolean
pmt_engine_test_service (PmtEngine *engine,
                         const gchar *service,
                         gdouble *balance,
                         GCancellable *cancellable,
                         GError **error)
{
  g_auto (Question) question = { 0 };
  const PmtProvider *provider;
  gdouble amount = -1.0;

  g_return_val_if_fail (engine != NULL && service != NULL, FALSE);
  if (!question_init (&question, engine, service, cancellable, error))
    return FALSE;
  provider = question.call.account->provider;
  if (provider->check == NULL && provider->balance == NULL)
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_UNSUPPORTED,
                   _ ("“%s” can't be tested without running something."),
                   question.call.account->label);
      return FALSE;
    }
  if (provider->check != NULL && !provider->check (&question.call, error))
    return FALSE;
  if (provider->balance != NULL
      && !provider->balance (&question.call, &amount, error))
    return FALSE;
  if (balance != NULL)
    *balance = amount;
  return TRUE;
}

gchar **
pmt_engine_list_choices (PmtEngine *engine,
                         const gchar *service,
                         const gchar *param,
                         GCancellable *cancellable,
                         GError **error)
{
  g_auto (Question) question = { 0 };

  g_return_val_if_fail (engine != NULL && service && param, NULL);
  if (!question_init (&question, engine, service, cancellable, error))
    return NULL;
  if (question.call.account->provider->list == NULL)
    return g_new0 (gchar *, 1);
  return question.call.account->provider->list (&question.call, param, error);
}

/* ---------------------------------------------------------- cut off runs */

static void
job_info_free (gpointer data)
{
  PmtJobInfo *info = data;

  g_free (info->id);
  g_free (info->service);
  g_free (info->model);
  g_free (info);
}

static PmtJobState
find_state (const PmtRunFile *file)
{
  PmtJobState state = PMT_JOB_UNKNOWN;

  for (guint i = 0; i < file->calls->len; i++)
    {
      const PmtRunCall *call = file->calls->pdata[i];

      if (call->job->state == PMT_REMOTE_DONE)
        return PMT_JOB_DONE;
      if (call->job->state == PMT_REMOTE_RUNNING)
        state = PMT_JOB_RUNNING;
    }
  return state;
}

GPtrArray *
pmt_engine_list_jobs (PmtEngine *engine)
{
  GPtrArray *list = g_ptr_array_new_with_free_func (job_info_free);
  PmtRemoteBackend *remote;
  g_autoptr (GPtrArray) files = NULL;

  g_return_val_if_fail (engine != NULL, list);
  remote = get_remote (engine);
  if (remote == NULL)
    return list;
  files = pmt_run_file_list (pmt_remote_backend_get_user_dir (remote));
  for (guint i = 0; i < files->len; i++)
    {
      const PmtRunFile *file = files->pdata[i];
      g_autoptr (PmtRequest) request =
          pmt_request_from_recipe (file->recipe, NULL);
      PmtJobInfo *info;

      if (request == NULL || !pmt_run_file_is_open (file))
        continue;
      info = g_new0 (PmtJobInfo, 1);
      info->id = g_strdup (file->id);
      info->service = g_strdup (file->account);
      info->model = g_strdup (file->model);
      info->operation = pmt_request_get_operation (request);
      info->created = file->created;
      info->canvas = file->canvas;
      info->state = find_state (file);
      g_ptr_array_add (list, info);
    }
  return list;
}

PmtRequest *
pmt_engine_resume_job (PmtEngine *engine, const gchar *job, GError **error)
{
  PmtRemoteBackend *remote;
  g_autoptr (PmtRunFile) file = NULL;
  g_autoptr (PmtRequest) request = NULL;
  g_autoptr (GeglBuffer) mask = NULL;
  g_autoptr (GError) local = NULL;

  g_return_val_if_fail (engine != NULL && job != NULL, NULL);
  remote = get_remote (engine);
  file = pmt_run_file_load (
      remote != NULL ? pmt_remote_backend_get_user_dir (remote) : NULL, job,
      error);
  if (file == NULL)
    return NULL;
  request = pmt_request_from_recipe (file->recipe, error);
  if (request == NULL)
    return NULL;
  mask = pmt_run_file_load_mask (file, &local);
  if (local != NULL)
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_FILE,
                   _ ("The selection of the run “%s” can't be read: %s"), job,
                   local->message);
      return NULL;
    }
  pmt_request_set_provider (request, file->account);
  pmt_request_set_mask (request, mask);
  pmt_request_set_resume (request, job);
  return g_steal_pointer (&request);
}

gboolean
pmt_engine_forget_job (PmtEngine *engine, const gchar *job, GError **error)
{
  PmtRemoteBackend *remote;
  g_autoptr (PmtRunFile) file = NULL;

  g_return_val_if_fail (engine != NULL && job != NULL, FALSE);
  remote = get_remote (engine);
  file = pmt_run_file_load (
      remote != NULL ? pmt_remote_backend_get_user_dir (remote) : NULL, job,
      error);
  if (file == NULL)
    return FALSE;
  pmt_run_file_delete (file);
  return TRUE;
}
