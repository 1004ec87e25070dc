/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* provider-gemini.c: Google Gemini. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "remote/answer.h"
#include "remote/provider.h"

#define MODELS "/v1beta/models"
/* Of a request with its pictures inside. */
#define MAX_INLINE ((gsize)20 << 20)

/* ----------------------------------------------------------------- faults */

/* Reads {"error": {...}}, or the same inside a list. */
static const cJSON *
find_error (const cJSON *json)
{
  const cJSON *error = pmt_json_get (json, "error");

  return error != NULL ? error : pmt_json_get (json, "0.error");
}

static void
read_details (const cJSON *error, PmtFault *fault)
{
  const cJSON *details = pmt_answer_get_list (error, "details");
  const cJSON *item;

  cJSON_ArrayForEach (item, details)
  {
    const gchar *delay = pmt_json_get_text (item, "retryDelay");

    if (g_strcmp0 (pmt_json_get_text (item, "reason"), "API_KEY_INVALID") == 0)
      pmt_fault_take (fault, PMT_FAULT_KEY,
                      pmt_json_get_text (error, "message"));
    pmt_answer_set_text (&fault->param,
                         pmt_json_get_text (item, "fieldViolations.0.field"));
    if (delay != NULL && g_ascii_isdigit (*delay))
      fault->retry_after = CLAMP (g_ascii_strtod (delay, NULL), 0.0, 86400.0);
  }
}

/* "Invalid value at 'generation_config.seed': ...": what stands in quotes. */
static void
read_param (const gchar *message, PmtFault *fault)
{
  const gchar *start = message != NULL ? strstr (message, " at '") : NULL;
  const gchar *end;

  if (start == NULL || fault->param != NULL)
    return;
  start += strlen (" at '");
  end = strchr (start, '\'');
  if (end != NULL && end > start && end - start <= 100)
    fault->param = g_strndup (start, end - start);
}

static void
classify (guint status,
          const PmtHttpAnswer *answer,
          const cJSON *json,
          PmtFault *fault)
{
  const cJSON *error = find_error (json);
  const gchar *name = pmt_json_get_text (error, "status");
  const gchar *message = pmt_json_get_text (error, "message");
  PmtFaultClass kind = fault->kind;

  if (message == NULL)
    message = cJSON_GetStringValue (error);
  if (g_strcmp0 (name, "RESOURCE_EXHAUSTED") == 0)
    kind = PMT_FAULT_RATE_LIMIT;
  else if (g_strcmp0 (name, "DEADLINE_EXCEEDED") == 0)
    kind = PMT_FAULT_TIMEOUT;
  else if (g_strcmp0 (name, "CANCELLED") == 0)
    kind = PMT_FAULT_CANCELLED;
  pmt_fault_take (fault, kind, message);
  read_details (error, fault);
  if (fault->kind == PMT_FAULT_PARAMETER)
    read_param (message, fault);
}

/* Not "STOP", and not "NO_IMAGE" and "IMAGE_OTHER", which may work when tried
 * again. */
static gboolean
is_refusal (const gchar *reason)
{
  static const gchar *const reasons[] = { "SAFETY",
                                          "IMAGE_SAFETY",
                                          "PROHIBITED_CONTENT",
                                          "RECITATION",
                                          "IMAGE_RECITATION",
                                          "IMAGE_PROHIBITED_CONTENT",
                                          "BLOCKLIST",
                                          "SPII",
                                          NULL };

  return reason != NULL && g_strv_contains (reasons, reason);
}

/* ----------------------------------------------------------------- request */

static void
add_picture (cJSON *parts, GBytes *bytes)
{
  PmtPictureHead head = { 0 };
  cJSON *part;
  cJSON *inline_data;

  if (bytes == NULL)
    return;
  if (!pmt_picture_read_head (bytes, &head))
    head.kind = PMT_PICTURE_PNG;
  part = cJSON_CreateObject ();
  inline_data = cJSON_AddObjectToObject (part, "inlineData");
  cJSON_AddStringToObject (inline_data, "mimeType",
                           pmt_picture_kind_type (head.kind));
  cJSON_AddItemToObject (inline_data, "data", pmt_picture_to_json (bytes, ""));
  cJSON_AddItemToArray (parts, part);
}

static cJSON *
body_new (const PmtRemoteTask *task)
{
  g_autofree gchar *prompt = NULL;
  cJSON *body = cJSON_CreateObject ();
  cJSON *content;
  cJSON *parts;
  cJSON *text = cJSON_CreateObject ();
  cJSON *config;

  pmt_body_add_params (task, body);
  pmt_body_add_size (task, body);
  prompt = g_strdup (pmt_json_get_text (body, "prompt"));
  cJSON_DeleteItemFromObjectCaseSensitive (body, "prompt");
  content = cJSON_CreateObject ();
  cJSON_AddItemToArray (cJSON_AddArrayToObject (body, "contents"), content);
  cJSON_AddStringToObject (content, "role", "user");
  parts = cJSON_AddArrayToObject (content, "parts");
  cJSON_AddStringToObject (text, "text", prompt != NULL ? prompt : "");
  cJSON_AddItemToArray (parts, text);
  add_picture (parts, task->image);
  for (guint i = 0; task->references != NULL && i < task->references->len; i++)
    add_picture (parts, task->references->pdata[i]);
  config = cJSON_GetObjectItemCaseSensitive (body, "generationConfig");
  if (!cJSON_IsObject (config))
    config = cJSON_AddObjectToObject (body, "generationConfig");
  if (pmt_json_get (config, "responseModalities") == NULL)
    {
      cJSON *list = cJSON_AddArrayToObject (config, "responseModalities");

      cJSON_AddItemToArray (list, cJSON_CreateString ("TEXT"));
      cJSON_AddItemToArray (list, cJSON_CreateString ("IMAGE"));
    }
  return body;
}

/* The service would take it all and then refuse it. */
static gboolean
check_bytes (PmtRemoteCall *call, const PmtRemoteTask *task, GError **error)
{
  gsize total = task->image != NULL ? g_bytes_get_size (task->image) : 0;
  const PmtFault none = PMT_FAULT_INIT;

  for (guint i = 0; task->references != NULL && i < task->references->len; i++)
    total += g_bytes_get_size (task->references->pdata[i]);
  if (total / 3 * 4 <= MAX_INLINE)
    return TRUE;
  pmt_fault_clear (&call->fault);
  call->fault = none;
  pmt_fault_take (&call->fault, PMT_FAULT_TOO_LARGE, NULL);
  call->fault.limit = g_strdup ("20 MB");
  return pmt_remote_call_fail_fault (call, error);
}

/* ------------------------------------------------------------------ answer */

static void
take_parts (const cJSON *candidate, PmtRemoteReply *reply)
{
  const cJSON *parts = pmt_answer_get_list (candidate, "content.parts");
  const cJSON *part;

  cJSON_ArrayForEach (part, parts)
  {
    if (pmt_json_get_bool (part, "thought"))
      continue;
    if (!pmt_answer_add_base64 (
            reply, pmt_json_get_text (part, "inlineData.data"), -1))
      pmt_answer_add_base64 (reply,
                             pmt_json_get_text (part, "inline_data.data"), -1);
    pmt_answer_set_text (&reply->note, pmt_json_get_text (part, "text"));
  }
}

/* No picture came: why. */
static gboolean
fail_reply (PmtRemoteCall *call,
            const cJSON *json,
            const PmtRemoteReply *reply,
            GError **error)
{
  const gchar *reason = pmt_json_get_text (json, "promptFeedback.blockReason");
  const gchar *finish = pmt_json_get_text (json, "candidates.0.finishReason");
  const gchar *message = pmt_json_get_text (json, "candidates.0.finishMessage");

  if (reason != NULL)
    {
      message = pmt_json_get_text (json, "promptFeedback.blockReasonMessage");
      return pmt_remote_call_fail (call, PMT_FAULT_CONTENT,
                                   message != NULL ? message : reason, error);
    }
  if (reply->n_refused > 0)
    return pmt_remote_call_fail (call, PMT_FAULT_CONTENT,
                                 message != NULL ? message : finish, error);
  if (message == NULL)
    message = reply->note;
  if (message != NULL)
    return pmt_remote_call_fail (call, PMT_FAULT_SERVER, message, error);
  return pmt_answer_fail_empty (call, error);
}

static gboolean
take_answer (PmtRemoteCall *call,
             const cJSON *json,
             PmtRemoteJob *job,
             PmtRemoteReply *reply,
             GError **error)
{
  const cJSON *candidates = pmt_answer_get_list (json, "candidates");
  const cJSON *candidate;

  job->cost =
      pmt_json_get_number (json, "usageMetadata.totalTokenCount", job->cost);
  cJSON_ArrayForEach (candidate, candidates)
  {
    take_parts (candidate, reply);
    if (is_refusal (pmt_json_get_text (candidate, "finishReason")))
      reply->n_refused++;
  }
  if (reply->pictures->len == 0)
    return fail_reply (call, json, reply, error);
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
  g_autofree gchar *name = g_uri_escape_string (task->model_name, NULL, FALSE);
  g_autofree gchar *path = g_strdup_printf (
      "%s/%s:generateContent",
      pmt_account_get_path (call->account, "models", MODELS), name);
  g_autoptr (cJSON) body = NULL;
  g_autoptr (cJSON) json = NULL;

  if (!check_bytes (call, task, error))
    return FALSE;
  body = body_new (task);
  job->state = PMT_REMOTE_SENDING;
  json = pmt_remote_call_json (call, "POST", path, NULL, body, error);
  if (json == NULL)
    return FALSE;
  pmt_answer_set_text (&job->request_id,
                       pmt_json_get_text (json, "responseId"));
  return pmt_remote_call_keep (call, job, error)
         && take_answer (call, json, job, reply, error);
}

/* ------------------------------------------------------------------ others */

static gboolean
check (PmtRemoteCall *call, GError **error)
{
  g_autoptr (cJSON) json = pmt_remote_call_json (
      call, "GET", pmt_account_get_path (call->account, "models", MODELS), NULL,
      NULL, error);

  return json != NULL;
}

static gchar **
list (PmtRemoteCall *call, const gchar *param, GError **error)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr (cJSON) json = NULL;
  const cJSON *models;
  const cJSON *item;

  if (!g_str_equal (param, "model"))
    return g_strv_builder_end (builder);
  json = pmt_remote_call_json (
      call, "GET", pmt_account_get_path (call->account, "models", MODELS), NULL,
      NULL, error);
  if (json == NULL)
    return NULL;
  models = pmt_answer_get_list (json, "models");
  cJSON_ArrayForEach (item, models)
  {
    const gchar *name = pmt_json_get_text (item, "name");

    if (name != NULL && strstr (name, "image") != NULL)
      g_strv_builder_add (builder, g_str_has_prefix (name, "models/")
                                       ? name + strlen ("models/")
                                       : name);
  }
  return g_strv_builder_end (builder);
}

const PmtProvider pmt_provider_gemini = {
  .type = "gemini",
  .label = "Google Gemini",
  .flags = PMT_PROVIDER_BLOCKING,
  .base_url = "https://generativelanguage.googleapis.com",
  .auth_header = "x-goog-api-key",
  .auth_prefix = "",
  .key_env = "GEMINI_API_KEY",
  .unit = "tokens",
  .max_jobs = 8,
  .classify = classify,
  .submit = submit,
  .check = check,
  .list = list,
};
