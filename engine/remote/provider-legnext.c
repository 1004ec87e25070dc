/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* provider-legnext.c: Legnext: everything is told inside the prompt. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "remote/answer.h"
#include "remote/prompt-flags.h"
#include "remote/provider.h"

#define MAX_TEXT 8192
/* Of a task, where others have the statuses of HTTP. */
#define BAD_PARAMETER 10000.0

/* ----------------------------------------------------------------- faults */

static gboolean
is_refused (const gchar *message)
{
  static const gchar *const words[] = { "sensitive",  "banned", "moderat",
                                        "prohibited", "nsfw",   "policy",
                                        NULL };

  return pmt_answer_has_word (message, words);
}

/* 403 is a refused prompt or a missing right; only the message tells. */
static void
classify (guint status,
          const PmtHttpAnswer *answer,
          const cJSON *json,
          PmtFault *fault)
{
  static const gchar *const paths[] = { "error.message", "message", "error",
                                        "error.raw_message", "detail" };
  const gchar *message = NULL;
  PmtFaultClass kind = fault->kind;

  for (guint i = 0; i < G_N_ELEMENTS (paths) && message == NULL; i++)
    message = pmt_json_get_text (json, paths[i]);
  if ((status == 403 || status == 400 || status == 422)
      && (is_refused (message)
          || is_refused (pmt_json_get_text (json, "error.raw_message"))))
    kind = PMT_FAULT_CONTENT;
  pmt_fault_take (fault, kind, message);
  pmt_answer_set_text (&fault->param, pmt_json_get_text (json, "error.param"));
  fault->retry_after =
      pmt_json_get_number (json, "retry_after", fault->retry_after);
}

/* ------------------------------------------------------------------ submit */

static gchar *
text_new (const PmtRemoteTask *task, GError **error)
{
  g_autoptr (cJSON) body = cJSON_CreateObject ();
  const gchar *prompt;

  pmt_body_add_params (task, body);
  pmt_body_add_size (task, body);
  prompt = pmt_json_get_text (body, "text");
  return pmt_prompt_flags_join (prompt != NULL ? prompt : "", body, error);
}

static gboolean
check_text (PmtRemoteCall *call, const gchar *text, GError **error)
{
  const PmtFault none = PMT_FAULT_INIT;
  const glong length = g_utf8_strlen (text, -1);

  if (length >= 1 && length <= MAX_TEXT)
    return TRUE;
  pmt_fault_clear (&call->fault);
  call->fault = none;
  pmt_fault_take (&call->fault, PMT_FAULT_PARAMETER, NULL);
  call->fault.param = g_strdup ("prompt");
  call->fault.limit = g_strdup_printf (_ ("1 to %d characters"), MAX_TEXT);
  return pmt_remote_call_fail_fault (call, error);
}

static void
add_sides (cJSON *body, const gchar *name, const PmtPictureHead *head)
{
  cJSON *object = cJSON_AddObjectToObject (body, name);

  cJSON_AddNumberToObject (object, "width", head->width);
  cJSON_AddNumberToObject (object, "height", head->height);
  if (!g_str_equal (name, "imgPos"))
    return;
  cJSON_AddNumberToObject (object, "x", 0);
  cJSON_AddNumberToObject (object, "y", 0);
}

/* The picture with what is new marked in the mask, on a canvas of its size.
 * That imgUrl takes data: URIs is not documented. */
static cJSON *
paint_body_new (const PmtRemoteTask *task, const gchar *text)
{
  cJSON *body = cJSON_CreateObject ();
  cJSON *mask;
  g_autofree gchar *image = pmt_picture_to_data_uri (task->image);

  cJSON_AddStringToObject (body, "imgUrl", image);
  add_sides (body, "canvas", &task->image_head);
  add_sides (body, "imgPos", &task->image_head);
  if (task->mask != NULL)
    {
      g_autofree gchar *uri = pmt_picture_to_data_uri (task->mask);

      mask = cJSON_AddObjectToObject (body, "mask");
      cJSON_AddStringToObject (mask, "url", uri);
    }
  cJSON_AddStringToObject (body, "remixPrompt", text);
  return body;
}

static gboolean
submit (PmtRemoteCall *call,
        const PmtRemoteTask *task,
        PmtRemoteJob *job,
        PmtRemoteReply *reply,
        GError **error)
{
  g_autofree gchar *text = text_new (task, error);
  g_autoptr (cJSON) body = NULL;
  g_autoptr (cJSON) json = NULL;

  if (text == NULL || !check_text (call, text, error))
    return FALSE;
  if (task->image != NULL)
    body = paint_body_new (task, text);
  else
    {
      body = cJSON_CreateObject ();
      cJSON_AddStringToObject (body, "text", text);
    }
  job->state = PMT_REMOTE_SENDING;
  json = pmt_remote_call_json (
      call, "POST", task->image != NULL ? "/v1/upload-paint" : "/v1/diffusion",
      NULL, body, error);
  if (json == NULL)
    return FALSE;
  job->cost = pmt_json_get_number (json, "meta.usage.consume", job->cost);
  return pmt_answer_keep_id (call, json, "job_id", job, error);
}

/* -------------------------------------------------------------------- poll */

static cJSON *
ask_job (PmtRemoteCall *call, const PmtRemoteJob *job, GError **error)
{
  g_autofree gchar *path = pmt_answer_job_path ("/v1/job/%s", job);

  return pmt_remote_call_json (call, "GET", path, NULL, NULL, error);
}

static gboolean
fail_task (PmtRemoteCall *call,
           const cJSON *json,
           PmtRemoteJob *job,
           GError **error)
{
  const gchar *message = pmt_json_get_text (json, "error.message");
  const gchar *raw = pmt_json_get_text (json, "error.raw_message");
  const gdouble code = pmt_json_get_number (json, "error.code", 0.0);
  PmtFaultClass kind = PMT_FAULT_SERVER;

  if (code >= 400.0 && code < 600.0)
    kind = pmt_fault_from_status ((guint)code);
  else if (code == BAD_PARAMETER)
    kind = PMT_FAULT_PARAMETER;
  if (is_refused (message) || is_refused (raw))
    kind = PMT_FAULT_CONTENT;
  if (message == NULL || *message == '\0')
    message = raw;
  return pmt_answer_fail_job (call, job, kind, message, error);
}

static gboolean
poll_job (PmtRemoteCall *call,
          const PmtRemoteTask *task,
          PmtRemoteJob *job,
          GError **error)
{
  static const gchar *const running[] = { "pending", "staged", "processing",
                                          NULL };
  g_autoptr (cJSON) json = ask_job (call, job, error);
  const gchar *status = pmt_json_get_text (json, "status");

  if (json == NULL)
    return FALSE;
  job->cost = pmt_json_get_number (json, "meta.usage.consume", job->cost);
  if (status == NULL)
    return pmt_remote_call_fail (call, PMT_FAULT_SERVER,
                                 _ ("it did not tell how the job stands"),
                                 error);
  if (g_strv_contains (running, status))
    return TRUE;
  if (!g_str_equal (status, "completed")
      || pmt_json_get_number (json, "error.code", 0.0) != 0.0)
    return fail_task (call, json, job, error);
  job->state = PMT_REMOTE_DONE;
  return TRUE;
}

/* Told as a text or as a number. */
static gint64
read_seed (const cJSON *json)
{
  const gchar *text = pmt_json_get_text (json, "output.seed");
  const gdouble seed = pmt_json_get_number (json, "output.seed", -1.0);
  guint64 value = 0;

  if (text != NULL)
    return g_ascii_string_to_unsigned (text, 10, 0, G_MAXUINT32, &value, NULL)
               ? (gint64)value
               : -1;
  return seed >= 0.0 && seed <= G_MAXUINT32 ? (gint64)seed : -1;
}

/* The single pictures; the grid of them only where there are none. */
static gboolean
fetch (PmtRemoteCall *call,
       const PmtRemoteTask *task,
       PmtRemoteJob *job,
       PmtRemoteReply *reply,
       GError **error)
{
  g_autoptr (cJSON) json = ask_job (call, job, error);
  const gint64 known = read_seed (json);
  const cJSON *urls;
  const cJSON *item;

  if (json == NULL)
    return FALSE;
  urls = pmt_answer_get_list (json, "output.image_urls");
  cJSON_ArrayForEach (item, urls)
  {
    if (cJSON_IsString (item)
        && !pmt_answer_add_url (call, reply, item->valuestring, known, error))
      return FALSE;
  }
  return reply->pictures->len > 0
         || pmt_answer_add_url (call, reply,
                                pmt_json_get_text (json, "output.image_url"),
                                known, error);
}

/* ------------------------------------------------------------------ others */

static gboolean
balance (PmtRemoteCall *call, gdouble *amount, GError **error)
{
  static const gchar *const names[] = { "data.available_credits",
                                        "data.available_points",
                                        "available_credits", "balance",
                                        "credits" };
  g_autoptr (cJSON) json =
      pmt_remote_call_json (call, "GET", "/account/balance", NULL, NULL, error);

  if (json == NULL)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (cJSON_IsNumber (pmt_json_get (json, names[i])))
      {
        *amount = pmt_json_get_number (json, names[i], 0.0);
        return TRUE;
      }
  return pmt_remote_call_fail (call, PMT_FAULT_SERVER,
                               _ ("it did not tell the balance"), error);
}

static gboolean
check (PmtRemoteCall *call, GError **error)
{
  g_autoptr (cJSON) json =
      pmt_remote_call_json (call, "GET", "/account/balance", NULL, NULL, error);

  return json != NULL;
}

const PmtProvider pmt_provider_legnext = {
  .type = "legnext",
  .label = "Legnext",
  .base_url = "https://api.legnext.ai/api",
  .auth_header = "x-api-key",
  .auth_prefix = "",
  .key_env = "LEGNEXT_API_KEY",
  .unit = "credits",
  .mask_kind = PMT_MASK_WHITE,
  .is_mask_hard = TRUE,
  .poll_s = 3.0,
  .max_jobs = 3,
  .classify = classify,
  .submit = submit,
  .poll = poll_job,
  .fetch = fetch,
  .check = check,
  .balance = balance,
};
