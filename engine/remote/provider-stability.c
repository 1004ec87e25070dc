/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* provider-stability.c: Stability AI, v2beta. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "remote/answer.h"
#include "remote/provider.h"

#define IMAGES "/v2beta/stable-image/"
#define RESULTS "/v2beta/results/%s"

/* ----------------------------------------------------------------- faults */

static void
classify (guint status,
          const PmtHttpAnswer *answer,
          const cJSON *json,
          PmtFault *fault)
{
  static const gchar *const moderation[] = { "moderation", "content_filter",
                                             NULL };
  static const gchar *const credits[] = { "payment_required",
                                          "insufficient_credits",
                                          "insufficient_balance", NULL };
  static const gchar *const rights[] = { "unauthorized", "permission",
                                         "not_allowed", "access", NULL };
  const gchar *name = pmt_json_get_text (json, "name");
  const gchar *text = pmt_json_get_text (json, "errors.0");
  PmtFaultClass kind = fault->kind;

  if (pmt_answer_has_word (name, moderation)
      || (status == 403 && !pmt_answer_has_word (name, rights)))
    kind = PMT_FAULT_CONTENT;
  if (pmt_answer_has_word (name, credits))
    kind = PMT_FAULT_CREDITS;
  if (text == NULL)
    text = pmt_json_get_text (json, "message");
  pmt_fault_take (fault, kind, text != NULL ? text : name);
  if (fault->kind == PMT_FAULT_TOO_LARGE && fault->limit == NULL)
    fault->limit = g_strdup ("10 MB");
  if (fault->kind == PMT_FAULT_PARAMETER)
    pmt_answer_read_param (text, fault);
}

static gboolean
fail_filtered (PmtRemoteCall *call, PmtRemoteReply *reply, GError **error)
{
  reply->n_refused++;
  return pmt_remote_call_fail (call, PMT_FAULT_CONTENT, NULL, error);
}

/* ----------------------------------------------------------------- answers */

static gint64
read_seed (const gchar *text)
{
  guint64 seed = 0;

  if (text == NULL
      || !g_ascii_string_to_unsigned (text, 10, 0, G_MAXUINT32, &seed, NULL))
    return -1;
  return (gint64)seed;
}

static gint64
read_json_seed (const cJSON *json)
{
  const gdouble seed = pmt_json_get_number (json, "seed", -1.0);

  return seed >= 0.0 && seed <= G_MAXUINT32 ? (gint64)seed : -1;
}

/* {image, finish_reason, seed}: also where bytes were asked for. */
static gboolean
take_json (PmtRemoteCall *call,
           const cJSON *json,
           PmtRemoteReply *reply,
           GError **error)
{
  const gchar *reason = pmt_json_get_text (json, "finish_reason");
  const gint64 seed = read_json_seed (json);

  if (g_strcmp0 (reason, "CONTENT_FILTERED") == 0)
    return fail_filtered (call, reply, error);
  if (!pmt_answer_add_base64 (reply, pmt_json_get_text (json, "image"), seed)
      && !pmt_answer_add_base64 (reply, pmt_json_get_text (json, "result"),
                                 seed))
    return pmt_answer_fail_empty (call, error);
  return TRUE;
}

static gboolean
is_json (const PmtHttpAnswer *answer)
{
  return answer->content_type != NULL
         && g_str_has_prefix (answer->content_type, "application/json");
}

/* What is no JSON is the picture itself. */
static gboolean
take_bytes (PmtRemoteCall *call,
            const PmtHttpAnswer *answer,
            PmtRemoteReply *reply,
            GError **error)
{
  const gchar *reason = pmt_http_answer_get_header (answer, "finish-reason");

  if (g_strcmp0 (reason, "CONTENT_FILTERED") == 0)
    return fail_filtered (call, reply, error);
  if (g_bytes_get_size (answer->body) == 0)
    return pmt_answer_fail_empty (call, error);
  pmt_remote_reply_add (
      reply, g_bytes_ref (answer->body),
      read_seed (pmt_http_answer_get_header (answer, "seed")));
  return TRUE;
}

/* ------------------------------------------------------------------ submit */

static GPtrArray *
form_new (const PmtRemoteTask *task)
{
  static const gchar *const names[] = { "left", "up", "right", "down" };
  const gint sides[] = { task->left, task->top, task->right, task->bottom };
  GPtrArray *form = pmt_form_new ();
  g_autoptr (cJSON) body = cJSON_CreateObject ();

  pmt_body_add_params (task, body);
  pmt_body_add_size (task, body);
  pmt_body_to_form (body, form);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (task->operation == PMT_OPERATION_EXPAND && sides[i] > 0)
      {
        g_autofree gchar *text = g_strdup_printf ("%d", sides[i]);

        pmt_form_add_text (form, names[i], text);
      }
  pmt_form_add_picture (form, "image", task->image);
  pmt_form_add_picture (form, "mask", task->mask);
  return form;
}

static gboolean
take_answer (PmtRemoteCall *call,
             const PmtHttpAnswer *answer,
             PmtRemoteJob *job,
             PmtRemoteReply *reply,
             GError **error)
{
  g_autoptr (cJSON) json = NULL;

  if (!is_json (answer))
    {
      if (!pmt_remote_call_keep (call, job, error)
          || !take_bytes (call, answer, reply, error))
        return FALSE;
      job->state = PMT_REMOTE_DONE;
      return TRUE;
    }
  json = pmt_remote_call_parse (call, answer, error);
  if (json == NULL)
    return FALSE;
  if (pmt_json_get (json, "id") != NULL && pmt_json_get (json, "image") == NULL)
    return pmt_answer_keep_id (call, json, "id", job, error);
  if (!pmt_remote_call_keep (call, job, error)
      || !take_json (call, json, reply, error))
    return FALSE;
  job->state = PMT_REMOTE_DONE;
  return TRUE;
}

static gboolean
submit (PmtRemoteCall *call,
        const PmtRemoteTask *task,
        PmtRemoteJob *job,
        PmtRemoteReply *reply,
        GError **error)
{
  static const gchar *const bytes[] = { "Accept: image/*", NULL };
  static const gchar *const json[] = { "Accept: application/json", NULL };
  const gchar *own = pmt_model_service_get_text (task->service, "path");
  g_autofree gchar *path = own != NULL
                               ? g_strdup (own)
                               : g_strconcat (IMAGES, task->model_name, NULL);
  const gboolean is_async = g_str_has_suffix (path, "upscale/creative");
  g_autoptr (GPtrArray) form = form_new (task);
  g_autoptr (PmtHttpAnswer) answer = NULL;

  job->state = PMT_REMOTE_SENDING;
  answer = pmt_remote_call_send (call, "POST", path, is_async ? json : bytes,
                                 NULL, NULL, form, error);
  if (answer == NULL)
    return FALSE;
  pmt_answer_set_text (&job->request_id,
                       pmt_http_answer_get_header (answer, "x-request-id"));
  return take_answer (call, answer, job, reply, error);
}

/* -------------------------------------------------------------------- poll */

static PmtHttpAnswer *
ask_result (PmtRemoteCall *call, const PmtRemoteJob *job, GError **error)
{
  static const gchar *const headers[] = { "Accept: image/*", NULL };
  g_autofree gchar *path = pmt_answer_job_path (RESULTS, job);

  return pmt_remote_call_send (call, "GET", path, headers, NULL, NULL, NULL,
                               error);
}

/* 202 until it is done; the picture is asked for again by fetch(). */
static gboolean
poll_job (PmtRemoteCall *call,
          const PmtRemoteTask *task,
          PmtRemoteJob *job,
          GError **error)
{
  g_autoptr (PmtHttpAnswer) answer = ask_result (call, job, error);

  if (answer == NULL)
    {
      /* Refused, or gone: asking again changes nothing. */
      if (call->fault.kind == PMT_FAULT_CONTENT
          || call->fault.kind == PMT_FAULT_PARAMETER)
        job->state = PMT_REMOTE_FAILED;
      return FALSE;
    }
  if (answer->status != 202)
    job->state = PMT_REMOTE_DONE;
  return TRUE;
}

static gboolean
fetch (PmtRemoteCall *call,
       const PmtRemoteTask *task,
       PmtRemoteJob *job,
       PmtRemoteReply *reply,
       GError **error)
{
  g_autoptr (PmtHttpAnswer) answer = ask_result (call, job, error);
  g_autoptr (cJSON) json = NULL;

  if (answer == NULL)
    return FALSE;
  if (answer->status == 202)
    return pmt_answer_fail_empty (call, error);
  if (!is_json (answer))
    return take_bytes (call, answer, reply, error);
  json = pmt_remote_call_parse (call, answer, error);
  return json != NULL && take_json (call, json, reply, error);
}

/* ------------------------------------------------------------------ others */

static gboolean
balance (PmtRemoteCall *call, gdouble *amount, GError **error)
{
  g_autoptr (cJSON) json =
      pmt_remote_call_json (call, "GET", "/v1/user/balance", NULL, NULL, error);
  const cJSON *node = pmt_json_get (json, "credits");

  if (json == NULL)
    return FALSE;
  if (!cJSON_IsNumber (node))
    return pmt_remote_call_fail (call, PMT_FAULT_SERVER,
                                 _ ("it did not tell the balance"), error);
  *amount = node->valuedouble;
  return TRUE;
}

static gboolean
check (PmtRemoteCall *call, GError **error)
{
  g_autoptr (cJSON) json =
      pmt_remote_call_json (call, "GET", "/v1/user/balance", NULL, NULL, error);

  return json != NULL;
}

const PmtProvider pmt_provider_stability = {
  .type = "stability",
  .label = "Stability AI",
  .flags = PMT_PROVIDER_BLOCKING | PMT_PROVIDER_PADS,
  .base_url = "https://api.stability.ai",
  .auth_header = "Authorization",
  .auth_prefix = "Bearer ",
  .key_env = "STABILITY_API_KEY",
  .unit = "credits",
  .mask_kind = PMT_MASK_WHITE,
  .poll_s = 10.0,
  .max_jobs = 8,
  .classify = classify,
  .submit = submit,
  .poll = poll_job,
  .fetch = fetch,
  .check = check,
  .balance = balance,
};
