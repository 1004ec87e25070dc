/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* provider-openai.c: OpenAI's images, and the servers that imitate them. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "remote/answer.h"
#include "remote/event-stream.h"
#include "remote/openai-events.h"
#include "remote/provider.h"

#define GENERATIONS "/v1/images/generations"
#define EDITS "/v1/images/edits"
#define INPAINTING "/v1/images/inpainting"
#define MODELS "/v1/models"

/* Many give the address of such a server with "/v1" at its end. */
static const gchar *
get_path (const PmtAccount *account, const gchar *name, const gchar *fallback)
{
  const gchar *path = pmt_account_get_path (account, name, fallback);

  if (path == fallback && account->base_url != NULL
      && g_str_has_suffix (account->base_url, "/v1"))
    return path + strlen ("/v1");
  return path;
}

/* ----------------------------------------------------------------- faults */

typedef struct
{
  const gchar *code;
  PmtFaultClass kind;
} CodeClass;

static PmtFaultClass
find_class (const gchar *code, PmtFaultClass fallback)
{
  static const CodeClass classes[] = {
    { "moderation_blocked", PMT_FAULT_CONTENT },
    { "content_policy_violation", PMT_FAULT_CONTENT },
    { "billing_hard_limit_reached", PMT_FAULT_CREDITS },
    { "insufficient_quota", PMT_FAULT_CREDITS },
    { "insufficient_credits", PMT_FAULT_CREDITS },
    { "rate_limit_exceeded", PMT_FAULT_RATE_LIMIT },
    { "image_too_large", PMT_FAULT_TOO_LARGE },
    { "file_too_large", PMT_FAULT_TOO_LARGE },
    { "invalid_api_key", PMT_FAULT_KEY },
  };

  for (guint i = 0; code != NULL && i < G_N_ELEMENTS (classes); i++)
    if (g_str_equal (code, classes[i].code))
      return classes[i].kind;
  return fallback;
}

/* {"error": {...}}, {"error": "..."}, {"message": ...}, {"detail": ...}. */
static const gchar *
find_message (const cJSON *json)
{
  static const gchar *const paths[] = { "error.message", "error", "message",
                                        "detail", "detail.0.msg" };

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    if (pmt_json_get_text (json, paths[i]) != NULL)
      return pmt_json_get_text (json, paths[i]);
  return NULL;
}

static void
classify (guint status,
          const PmtHttpAnswer *answer,
          const cJSON *json,
          PmtFault *fault)
{
  const gchar *code = pmt_json_get_text (json, "error.code");
  const gchar *type = pmt_json_get_text (json, "error.type");
  PmtFaultClass kind = find_class (code, PMT_FAULT_NONE);

  if (kind == PMT_FAULT_NONE)
    kind = find_class (type, fault->kind);
  pmt_fault_take (fault, kind, find_message (json));
  pmt_answer_set_text (&fault->param, pmt_json_get_text (json, "error.param"));
}

/* ---------------------------------------------------------------- results */

static void
take_results (PmtRemoteCall *call,
              const cJSON *json,
              PmtRemoteJob *job,
              PmtRemoteReply *reply,
              GError **error)
{
  const cJSON *data = pmt_answer_get_list (json, "data");
  const cJSON *item;

  job->cost = pmt_json_get_number (json, "usage.total_tokens", job->cost);
  cJSON_ArrayForEach (item, data)
  {
    const gchar *url = pmt_json_get_text (item, "url");

    if (!pmt_answer_add_base64 (reply, pmt_json_get_text (item, "b64_json"), -1)
        && url != NULL && !pmt_answer_add_url (call, reply, url, -1, error))
      return;
    pmt_answer_set_text (&reply->note,
                         pmt_json_get_text (item, "revised_prompt"));
  }
}

static void
take_chunk (const gchar *bytes, gsize length, gpointer user_data)
{
  pmt_event_stream_feed (user_data, bytes, length);
}

static gboolean
fail_event (PmtRemoteCall *call, const cJSON *json, GError **error)
{
  const PmtFault none = PMT_FAULT_INIT;

  pmt_fault_clear (&call->fault);
  call->fault = none;
  pmt_fault_take (&call->fault, PMT_FAULT_SERVER, NULL);
  classify (200, NULL, json, &call->fault);
  return pmt_remote_call_fail_fault (call, error);
}

/* ------------------------------------------------------------------ sending */

typedef struct
{
  const gchar *path;
  GBytes *bytes;
  GPtrArray *form;
} Message;

static void
message_clear (Message *message)
{
  g_clear_pointer (&message->bytes, g_bytes_unref);
  g_clear_pointer (&message->form, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Message, message_clear)

/* Pictures in between come as events, and of one result only. */
static void
add_stream (const PmtRemoteTask *task, cJSON *body)
{
  if (pmt_json_get (body, "partial_images") == NULL)
    return;
  if (task->n_images == 1)
    cJSON_AddTrueToObject (body, "stream");
  else
    cJSON_DeleteItemFromObjectCaseSensitive (body, "partial_images");
}

static cJSON *
body_new (const PmtRemoteTask *task)
{
  cJSON *body = cJSON_CreateObject ();

  pmt_body_add_params (task, body);
  pmt_body_add_size (task, body);
  if (*task->model_name != '\0' && pmt_json_get (body, "model") == NULL)
    cJSON_AddStringToObject (body, "model", task->model_name);
  add_stream (task, body);
  return body;
}

static void
fill_form (const PmtRemoteTask *task, const cJSON *body, Message *message)
{
  const gchar *name = pmt_model_service_get_text (task->service, "image");

  if (name == NULL)
    name = "image[]";
  message->form = pmt_form_new ();
  pmt_body_to_form (body, message->form);
  pmt_form_add_picture (message->form, name, task->image);
  for (guint i = 0; task->references != NULL && i < task->references->len; i++)
    pmt_form_add_picture (message->form, name, task->references->pdata[i]);
  pmt_form_add_picture (message->form, "mask", task->mask);
}

/* Pictures go into a form, a prompt alone into JSON. */
static void
fill_message (const PmtAccount *account,
              const PmtRemoteTask *task,
              const cJSON *body,
              Message *message)
{
  gchar *text;

  if (task->image != NULL
      || (task->references != NULL && task->references->len > 0))
    {
      message->path = get_path (account, "edits", EDITS);
      fill_form (task, body, message);
      return;
    }
  message->path = get_path (account, "generations", GENERATIONS);
  text = cJSON_PrintUnformatted (body);
  message->bytes =
      g_bytes_new_with_free_func (text, strlen (text), cJSON_free, text);
}

static cJSON *
send_message (PmtRemoteCall *call,
              const Message *message,
              gboolean is_stream,
              PmtRemoteJob *job,
              GError **error)
{
  static const gchar *const headers[] = {
    "Accept: text/event-stream, application/json", NULL
  };
  g_auto (PmtOpenaiEvents) events = { call, NULL, NULL };
  g_autoptr (PmtEventStream) stream =
      pmt_event_stream_new (pmt_openai_events_take, &events);
  g_autoptr (PmtHttpAnswer) answer = pmt_remote_call_stream (
      call, message->path, is_stream ? headers : NULL, message->bytes,
      message->bytes != NULL ? "application/json" : NULL, message->form,
      is_stream ? take_chunk : NULL, stream, error);

  if (answer == NULL)
    return NULL;
  pmt_answer_set_text (&job->request_id,
                       pmt_http_answer_get_header (answer, "x-request-id"));
  if (!pmt_remote_call_keep (call, job, error))
    return NULL;
  if (g_strcmp0 (answer->content_type, "text/event-stream") != 0)
    return pmt_remote_call_parse (call, answer, error);
  pmt_event_stream_end (stream);
  if (events.completed != NULL)
    return g_steal_pointer (&events.completed);
  if (events.failed != NULL)
    fail_event (call, events.failed, error);
  else
    pmt_answer_fail_empty (call, error);
  return NULL;
}

static gboolean
run_message (PmtRemoteCall *call,
             const Message *message,
             gboolean is_stream,
             PmtRemoteJob *job,
             PmtRemoteReply *reply,
             GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (cJSON) json = NULL;

  job->state = PMT_REMOTE_SENDING;
  json = send_message (call, message, is_stream, job, error);
  if (json == NULL)
    return FALSE;
  if (pmt_json_get (json, "error") != NULL
      && !cJSON_IsNull (pmt_json_get (json, "error")))
    return fail_event (call, json, error);
  take_results (call, json, job, reply, &local);
  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  if (reply->pictures->len == 0)
    return pmt_answer_fail_empty (call, error);
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
  g_autoptr (cJSON) body = body_new (task);
  g_auto (Message) message = { NULL, NULL, NULL };

  fill_message (call->account, task, body, &message);
  return run_message (call, &message, pmt_json_get_bool (body, "stream"), job,
                      reply, error);
}

/* LocalAI takes the negative prompt after a "|", and masks elsewhere. */
static gboolean
submit_localai (PmtRemoteCall *call,
                const PmtRemoteTask *task,
                PmtRemoteJob *job,
                PmtRemoteReply *reply,
                GError **error)
{
  g_autoptr (cJSON) body = body_new (task);
  g_auto (Message) message = { NULL, NULL, NULL };
  const gchar *prompt = pmt_json_get_text (body, "prompt");
  const gchar *negative = pmt_json_get_text (body, "negative_prompt");

  if (negative != NULL && *negative != '\0')
    {
      g_autofree gchar *joined =
          g_strconcat (prompt != NULL ? prompt : "", "|", negative, NULL);

      cJSON_DeleteItemFromObjectCaseSensitive (body, "prompt");
      cJSON_AddStringToObject (body, "prompt", joined);
    }
  cJSON_DeleteItemFromObjectCaseSensitive (body, "negative_prompt");
  fill_message (call->account, task, body, &message);
  if (task->mask != NULL)
    message.path = get_path (call->account, "inpainting", INPAINTING);
  return run_message (call, &message, FALSE, job, reply, error);
}

/* ------------------------------------------------------------------ others */

static gboolean
check (PmtRemoteCall *call, GError **error)
{
  g_autoptr (cJSON) json = pmt_remote_call_json (
      call, "GET", get_path (call->account, "models", MODELS), NULL, NULL,
      error);

  return json != NULL;
}

static gchar **
list (PmtRemoteCall *call, const gchar *param, GError **error)
{
  g_autoptr (cJSON) json = NULL;
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  const cJSON *data;
  const cJSON *item;

  if (!g_str_equal (param, "model") && !g_str_equal (param, "checkpoint"))
    return g_strv_builder_end (builder);
  json = pmt_remote_call_json (call, "GET",
                               get_path (call->account, "models", MODELS), NULL,
                               NULL, error);
  if (json == NULL)
    return NULL;
  data = pmt_answer_get_list (json, "data");
  cJSON_ArrayForEach (item, data)
  {
    if (pmt_json_get_text (item, "id") != NULL)
      g_strv_builder_add (builder, pmt_json_get_text (item, "id"));
  }
  return g_strv_builder_end (builder);
}

const PmtProvider pmt_provider_openai = {
  .type = "openai",
  .label = "OpenAI",
  .flags = PMT_PROVIDER_BLOCKING,
  .base_url = "https://api.openai.com",
  .auth_header = "Authorization",
  .auth_prefix = "Bearer ",
  .key_env = "OPENAI_API_KEY",
  .unit = "tokens",
  .mask_kind = PMT_MASK_ALPHA,
  .max_jobs = 8,
  .classify = classify,
  .submit = submit,
  .check = check,
  .list = list,
};

/* Imitates it on a port of its own. */
const PmtProvider pmt_provider_localai = {
  .type = "localai",
  .label = "LocalAI",
  .flags = PMT_PROVIDER_LOCAL | PMT_PROVIDER_BLOCKING,
  .auth_header = "Authorization",
  .auth_prefix = "Bearer ",
  .port = 8080,
  .probe_path = MODELS,
  .mask_kind = PMT_MASK_WHITE,
  .max_jobs = 1,
  .classify = classify,
  .submit = submit_localai,
  .check = check,
  .list = list,
};
