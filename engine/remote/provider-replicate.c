/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* provider-replicate.c: Replicate. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "remote/answer.h"
#include "remote/fal-answer.h"
#include "remote/provider.h"

#define CHECK_PATH "/account"

/* Short, so that the job's identity is known soon. */
#define PREFER "Prefer: wait=5"

/* ----------------------------------------------------------------- faults */

/* Predictions say in words why they failed. */
static PmtFaultClass
class_of_text (const gchar *text)
{
  static const gchar *const content[] = { "nsfw",   "sensitive",      "flagged",
                                          "safety", "content policy", NULL };
  static const gchar *const credits[] = { "insufficient credit", "billing",
                                          NULL };
  static const gchar *const timeout[] = { "timed out", "timeout", NULL };
  static const gchar *const parameter[] = { "invalid", "input validation",
                                            NULL };

  if (pmt_answer_has_word (text, content))
    return PMT_FAULT_CONTENT;
  if (pmt_answer_has_word (text, credits))
    return PMT_FAULT_CREDITS;
  if (pmt_answer_has_word (text, timeout))
    return PMT_FAULT_TIMEOUT;
  return pmt_answer_has_word (text, parameter) ? PMT_FAULT_PARAMETER
                                               : PMT_FAULT_NONE;
}

/* {"title", "detail", "status", "invalid_fields": [{"field": "input.x"}]} */
static void
classify (guint status,
          const PmtHttpAnswer *answer,
          const cJSON *json,
          PmtFault *fault)
{
  const gchar *detail = pmt_json_get_text (json, "detail");
  const gchar *field = pmt_json_get_text (json, "invalid_fields.0.field");
  const gdouble wait = pmt_json_get_number (json, "retry_after", -1.0);

  if (detail == NULL)
    detail = pmt_json_get_text (json, "title");
  pmt_answer_set_text (&fault->detail, detail);
  if (status == 422)
    pmt_fault_take (fault, class_of_text (detail), NULL);
  if (field != NULL && g_str_has_prefix (field, "input."))
    field += strlen ("input.");
  pmt_answer_set_text (&fault->param, field);
  if (wait >= 0.0)
    fault->retry_after = wait;
}

/* ------------------------------------------------------------- predictions */

static gboolean
fail_prediction (PmtRemoteCall *call,
                 const cJSON *json,
                 PmtRemoteJob *job,
                 PmtFaultClass usual,
                 GError **error)
{
  const gchar *text = pmt_json_get_text (json, "error");
  const PmtFaultClass told = class_of_text (text);

  return pmt_answer_fail_job (call, job, told != PMT_FAULT_NONE ? told : usual,
                              text, error);
}

static gboolean
read_prediction (PmtRemoteCall *call,
                 const cJSON *json,
                 PmtRemoteJob *job,
                 GError **error)
{
  const gchar *status = pmt_json_get_text (json, "status");

  if (g_strcmp0 (status, "succeeded") == 0)
    job->state = PMT_REMOTE_DONE;
  else if (g_strcmp0 (status, "failed") == 0)
    return fail_prediction (call, json, job, PMT_FAULT_SERVER, error);
  else if (g_strcmp0 (status, "canceled") == 0
           || g_strcmp0 (status, "aborted") == 0)
    return fail_prediction (call, json, job, PMT_FAULT_CANCELLED, error);
  return TRUE;
}

/* "output": an address, a list of them, or {"images": ...}. */
static gboolean
take_output (PmtRemoteCall *call,
             const cJSON *json,
             PmtRemoteReply *reply,
             GError **error)
{
  const cJSON *output = pmt_json_get (json, "output");
  const cJSON *list = pmt_answer_get_list (json, "output");
  g_autoptr (GPtrArray) urls = NULL;
  const cJSON *node;

  if (cJSON_IsObject (output))
    return pmt_fal_take_output (call, output, reply, error);
  urls = g_ptr_array_new ();
  if (cJSON_IsString (output))
    g_ptr_array_add (urls, output->valuestring);
  cJSON_ArrayForEach (node, list)
  {
    if (cJSON_IsString (node))
      g_ptr_array_add (urls, node->valuestring);
  }
  return pmt_fal_add_urls (call, urls, reply, error);
}

/* ----------------------------------------------------------------- submit */

/* "owner/name", or "owner/name:version" for models that others made. */
static cJSON *
send_input (PmtRemoteCall *call,
            const PmtRemoteTask *task,
            PmtRemoteJob *job,
            GError **error)
{
  static const gchar *const headers[] = { PREFER, NULL };
  const gchar *version = strchr (task->model_name, ':');
  g_autofree gchar *name = g_uri_escape_string (task->model_name, "/", FALSE);
  g_autofree gchar *path =
      version != NULL ? g_strdup ("/predictions")
                      : g_strconcat ("/models/", name, "/predictions", NULL);
  g_autoptr (cJSON) body = cJSON_CreateObject ();

  if (version != NULL)
    cJSON_AddStringToObject (body, "version", version + 1);
  cJSON_AddItemToObject (body, "input", pmt_body_new (task));
  job->state = PMT_REMOTE_SENDING;
  return pmt_remote_call_json (call, "POST", path, headers, body, error);
}

static gboolean
submit (PmtRemoteCall *call,
        const PmtRemoteTask *task,
        PmtRemoteJob *job,
        PmtRemoteReply *reply,
        GError **error)
{
  g_autoptr (cJSON) json = NULL;

  if (task->is_mock)
    {
      pmt_remote_call_fail (call, PMT_FAULT_PARAMETER,
                            _ ("it has no trial runs"), NULL);
      pmt_answer_set_text (&call->fault.param, "mock");
      return pmt_remote_call_fail_fault (call, error);
    }
  json = send_input (call, task, job, error);
  if (json == NULL)
    return FALSE;
  pmt_answer_set_text (&job->status_url, pmt_json_get_text (json, "urls.get"));
  pmt_answer_set_text (&job->cancel_url,
                       pmt_json_get_text (json, "urls.cancel"));
  if (!pmt_answer_keep_id (call, json, "id", job, error))
    return FALSE;
  pmt_answer_set_text (&job->request_id, job->id);
  if (!pmt_remote_call_check_url (call, job->status_url, error))
    {
      job->state = PMT_REMOTE_FAILED;
      return FALSE;
    }
  /* What is there already is fetched in the next step. */
  return read_prediction (call, json, job, error);
}

/* ------------------------------------------------------------- poll, fetch */

static cJSON *
ask (PmtRemoteCall *call, PmtRemoteJob *job, GError **error)
{
  cJSON *json = NULL;

  if (!pmt_remote_call_check_url (call, job->status_url, error))
    {
      job->state = PMT_REMOTE_FAILED;
      return NULL;
    }
  json = pmt_remote_call_json (call, "GET", job->status_url, NULL, NULL, error);
  /* It does not know the job. */
  if (json == NULL && call->fault.kind == PMT_FAULT_PARAMETER)
    job->state = PMT_REMOTE_FAILED;
  return json;
}

static gboolean
poll (PmtRemoteCall *call,
      const PmtRemoteTask *task,
      PmtRemoteJob *job,
      GError **error)
{
  g_autoptr (cJSON) json = ask (call, job, error);

  return json != NULL && read_prediction (call, json, job, error);
}

static gboolean
fetch (PmtRemoteCall *call,
       const PmtRemoteTask *task,
       PmtRemoteJob *job,
       PmtRemoteReply *reply,
       GError **error)
{
  g_autoptr (cJSON) json = ask (call, job, error);

  return json != NULL && take_output (call, json, reply, error);
}

/* ------------------------------------------------------------------ others */

static void
cancel (PmtRemoteCall *call, PmtRemoteJob *job)
{
  g_autoptr (PmtHttpAnswer) answer = NULL;

  if (pmt_remote_call_check_url (call, job->cancel_url, NULL))
    answer = pmt_remote_call_send (call, "POST", job->cancel_url, NULL, NULL,
                                   NULL, NULL, NULL);
}

static gboolean
check (PmtRemoteCall *call, GError **error)
{
  g_autoptr (PmtHttpAnswer) answer = pmt_remote_call_send (
      call, "GET", pmt_account_get_path (call->account, "check", CHECK_PATH),
      NULL, NULL, NULL, NULL, error);

  return answer != NULL;
}

const PmtProvider pmt_provider_replicate = {
  .type = "replicate",
  .label = "Replicate",
  .base_url = "https://api.replicate.com/v1",
  .auth_header = "Authorization",
  .auth_prefix = "Bearer ",
  .key_env = "REPLICATE_API_TOKEN",
  .unit = "USD",
  .mask_kind = PMT_MASK_WHITE,
  .poll_s = 1.0,
  .max_jobs = 8,
  .classify = classify,
  .submit = submit,
  .poll = poll,
  .fetch = fetch,
  .cancel = cancel,
  .check = check,
};
