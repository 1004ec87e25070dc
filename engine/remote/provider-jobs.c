/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* provider-jobs.c: an API of jobs, as Framehood has it. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "remote/answer.h"
#include "remote/jobs-answer.h"
#include "remote/origin.h"
#include "remote/provider.h"

#define SUBMIT_PATH "/v1/jobs"
#define JOB_PATH "/v1/jobs/%s"
#define CANCEL_PATH "/v1/jobs/%s/cancel"

/* Asked for to test a key; there is no such job. */
#define NO_JOB "00000000-0000-4000-8000-000000000000"

/* Of a picture, encoded. */
#define MAX_INLINE 25000000

#define USUAL_WAIT_S 10.0

/* ----------------------------------------------------------------- submit */

/* The service wants to know what the result is to be called. */
static void
add_wrapper (const PmtRemoteTask *task, cJSON *body)
{
  const gchar *format = pmt_json_get_text (body, "output_format");
  const gchar *ending =
      format != NULL && g_str_equal (format, "jpeg") ? "jpg" : format;
  g_autofree gchar *out =
      g_strdup_printf ("pentimento-%s.%s", task->idempotency_key,
                       ending != NULL ? ending : "png");

  cJSON_AddStringToObject (body, "out", out);
  if (task->is_mock)
    cJSON_AddBoolToObject (body, "mock", TRUE);
}

static gboolean
is_small (GBytes *bytes)
{
  return bytes == NULL || g_bytes_get_size (bytes) <= MAX_INLINE;
}

static gboolean
check_pictures (PmtRemoteCall *call, const PmtRemoteTask *task, GError **error)
{
  gboolean is_ok = is_small (task->image) && is_small (task->mask);

  for (guint i = 0; task->references != NULL && i < task->references->len; i++)
    is_ok = is_ok && is_small (task->references->pdata[i]);
  if (is_ok)
    return TRUE;
  pmt_fault_clear (&call->fault);
  pmt_fault_take (&call->fault, PMT_FAULT_TOO_LARGE, NULL);
  call->fault.limit = g_format_size (MAX_INLINE);
  return pmt_remote_call_fail_fault (call, error);
}

/* Of a job that is done already.  What may pass is tried again by fetch. */
static gboolean
take_now (PmtRemoteCall *call,
          const cJSON *json,
          PmtRemoteJob *job,
          PmtRemoteReply *reply,
          GError **error)
{
  g_autoptr (GError) local = NULL;

  if (pmt_jobs_take_outputs (call, json, reply, &local))
    return TRUE;
  g_ptr_array_set_size (reply->pictures, 0);
  if (call->fault.kind == PMT_FAULT_NETWORK
      || call->fault.kind == PMT_FAULT_TIMEOUT
      || call->fault.kind == PMT_FAULT_RATE_LIMIT)
    return TRUE;
  if (call->fault.kind != PMT_FAULT_CANCELLED)
    job->state = PMT_REMOTE_FAILED;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

static gboolean
submit (PmtRemoteCall *call,
        const PmtRemoteTask *task,
        PmtRemoteJob *job,
        PmtRemoteReply *reply,
        GError **error)
{
  g_autofree gchar *name = g_uri_escape_string (task->model_name, NULL, FALSE);
  g_autofree gchar *path = g_strdup_printf (
      "%s/%s", pmt_account_get_path (call->account, "submit", SUBMIT_PATH),
      name);
  g_autofree gchar *key =
      g_strconcat ("Idempotency-Key: ", task->idempotency_key, NULL);
  const gchar *const headers[] = { key, NULL };
  g_autoptr (cJSON) body = NULL;
  g_autoptr (cJSON) json = NULL;

  if (!check_pictures (call, task, error))
    return FALSE;
  body = pmt_body_new (task);
  add_wrapper (task, body);
  job->state = PMT_REMOTE_SENDING;
  json = pmt_remote_call_json (call, "POST", path, headers, body, error);
  if (json == NULL)
    return FALSE;
  pmt_answer_set_text (&job->status_url,
                       pmt_json_get_text (json, "status_url"));
  return pmt_answer_keep_id (call, json, pmt_jobs_member_of_id (json), job,
                             error)
         && pmt_jobs_read_job (call, json, job, error)
         && (job->state != PMT_REMOTE_DONE
             || take_now (call, json, job, reply, error));
}

/* ------------------------------------------------------------- poll, fetch */

/* The address that the service gave, where it may see the key; otherwise the
 * one that follows from the job's identity. */
static gchar *
job_url (PmtRemoteCall *call, const PmtRemoteJob *job)
{
  const PmtAccount *account = call->account;
  g_autofree gchar *url = NULL;

  if (job->status_url != NULL && account->base_url != NULL)
    url = pmt_origin_resolve (account->base_url, job->status_url);
  if (url != NULL && pmt_account_may_have_key (account, url))
    return g_steal_pointer (&url);
  return pmt_answer_job_path (pmt_account_get_path (account, "job", JOB_PATH),
                              job);
}

static cJSON *
ask (PmtRemoteCall *call, PmtRemoteJob *job, GError **error)
{
  g_autofree gchar *url = job_url (call, job);
  cJSON *json = pmt_remote_call_json (call, "GET", url, NULL, NULL, error);

  /* It does not know the job. */
  if (json == NULL && call->fault.kind == PMT_FAULT_PARAMETER)
    job->state = PMT_REMOTE_FAILED;
  return json;
}

/* "polled_too_soon" comes as an error and as a success. */
static gboolean
is_too_soon (const cJSON *json)
{
  return g_strcmp0 (pmt_json_get_text (json, "error"), "polled_too_soon") == 0;
}

static gboolean
poll (PmtRemoteCall *call,
      const PmtRemoteTask *task,
      PmtRemoteJob *job,
      GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (cJSON) json = ask (call, job, &local);
  gdouble wait;

  if (json == NULL && call->fault.kind == PMT_FAULT_RATE_LIMIT)
    wait = call->fault.retry_after;
  else if (json != NULL && is_too_soon (json))
    wait = pmt_json_get_number (json, "retry_after_seconds", -1.0);
  else if (json != NULL)
    return pmt_jobs_read_job (call, json, job, error);
  else
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  job->poll_after = wait >= 0.0 ? wait : USUAL_WAIT_S;
  return TRUE;
}

static gboolean
fetch (PmtRemoteCall *call,
       const PmtRemoteTask *task,
       PmtRemoteJob *job,
       PmtRemoteReply *reply,
       GError **error)
{
  g_autoptr (cJSON) json = ask (call, job, error);

  if (json == NULL)
    return FALSE;
  if (is_too_soon (json))
    {
      pmt_remote_call_fail (call, PMT_FAULT_RATE_LIMIT, NULL, NULL);
      call->fault.retry_after =
          pmt_json_get_number (json, "retry_after_seconds", USUAL_WAIT_S);
      return pmt_remote_call_fail_fault (call, error);
    }
  return pmt_jobs_take_outputs (call, json, reply, error);
}

/* ------------------------------------------------------------------ others */

static void
cancel (PmtRemoteCall *call, PmtRemoteJob *job)
{
  g_autofree gchar *path = NULL;
  g_autoptr (PmtHttpAnswer) answer = NULL;

  if (job->id == NULL)
    return;
  path = pmt_answer_job_path (
      pmt_account_get_path (call->account, "cancel", CANCEL_PATH), job);
  answer =
      pmt_remote_call_send (call, "POST", path, NULL, NULL, NULL, NULL, NULL);
}

/* A job that doesn't exist: "not found" is said to those with a key. */
static gboolean
check (PmtRemoteCall *call, GError **error)
{
  PmtRemoteJob job = { .id = (gchar *)NO_JOB };
  g_autofree gchar *path = pmt_answer_job_path (
      pmt_account_get_path (call->account, "job", JOB_PATH), &job);
  const gchar *own = pmt_account_get_path (call->account, "check", path);
  g_autoptr (GError) local = NULL;
  g_autoptr (PmtHttpAnswer) answer =
      pmt_remote_call_send (call, "GET", own, NULL, NULL, NULL, NULL, &local);

  if (answer != NULL || call->fault.kind == PMT_FAULT_PARAMETER)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

/* Told only where the account names the address. */
static gboolean
balance (PmtRemoteCall *call, gdouble *amount, GError **error)
{
  static const gchar *const names[] = { "credits", "balance", "data.credits" };
  const gchar *path = pmt_account_get_path (call->account, "balance", NULL);
  g_autoptr (cJSON) json = NULL;

  *amount = -1.0;
  if (path == NULL)
    return TRUE;
  json = pmt_remote_call_json (call, "GET", path, NULL, NULL, error);
  for (guint i = 0; json != NULL && i < G_N_ELEMENTS (names); i++)
    if (cJSON_IsNumber (pmt_json_get (json, names[i])))
      {
        *amount = pmt_json_get_number (json, names[i], 0.0);
        return TRUE;
      }
  return json != NULL
         && pmt_remote_call_fail (call, PMT_FAULT_SERVER,
                                  _ ("the answer is not what was expected"),
                                  error);
}

const PmtProvider pmt_provider_jobs = {
  .type = "jobs",
  .label = "Jobs API",
  .flags = PMT_PROVIDER_IDEMPOTENT,
  .auth_header = "Authorization",
  .auth_prefix = "Bearer ",
  .key_env = "FRAMEHOOD_API_KEY",
  .unit = "credits",
  .mask_kind = PMT_MASK_WHITE,
  .poll_s = 10.0,
  .max_jobs = 3,
  .classify = pmt_jobs_classify,
  .submit = submit,
  .poll = poll,
  .fetch = fetch,
  .cancel = cancel,
  .check = check,
  .balance = balance,
};
