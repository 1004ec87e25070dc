/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* provider-bfl.c: Black Forest Labs. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "remote/answer.h"
#include "remote/provider.h"

/* ----------------------------------------------------------------- faults */

/* The number that a value had to keep to: {"ctx": {"le": 2048}}. */
static void
read_limit (const cJSON *item, PmtFault *fault)
{
  static const gchar *const names[] = { "ctx.le", "ctx.ge", "ctx.lt", "ctx.gt",
                                        "ctx.multiple_of" };

  for (guint i = 0; i < G_N_ELEMENTS (names) && fault->limit == NULL; i++)
    {
      const cJSON *node = pmt_json_get (item, names[i]);

      if (cJSON_IsNumber (node))
        fault->limit = g_strdup_printf ("%g", node->valuedouble);
    }
}

/* {"detail": "..."}, or a list with "loc" (["body", "width"]) and "msg". */
static void
classify (guint status,
          const PmtHttpAnswer *answer,
          const cJSON *json,
          PmtFault *fault)
{
  static const gchar *const moderated[] = { "moderated", "moderation", NULL };
  static const gchar *const credits[] = { "insufficient credits",
                                          "not enough credits", NULL };
  const gchar *message = pmt_json_get_text (json, "detail");
  const cJSON *item = pmt_json_get (json, "detail.0");
  const cJSON *loc = pmt_answer_get_list (item, "loc");
  PmtFaultClass kind = fault->kind;

  if (message == NULL)
    message = pmt_json_get_text (item, "msg");
  if (message == NULL)
    message = pmt_json_get_text (json, "message");
  if (message == NULL)
    message = pmt_json_get_text (json, "error");
  if (pmt_answer_has_word (message, credits))
    kind = PMT_FAULT_CREDITS;
  else if (pmt_answer_has_word (message, moderated))
    kind = PMT_FAULT_CONTENT;
  pmt_fault_take (fault, kind, message);
  if (loc != NULL)
    pmt_answer_set_text (&fault->param,
                         cJSON_GetStringValue (cJSON_GetArrayItem (
                             loc, cJSON_GetArraySize (loc) - 1)));
  read_limit (item, fault);
}

/* ------------------------------------------------------------------ submit */

/* Pictures are base64 here, without "data:" in front of them. */
static void
strip_uri (cJSON *body, const gchar *member)
{
  cJSON *node =
      member != NULL ? cJSON_GetObjectItemCaseSensitive (body, member) : NULL;
  gchar *comma;

  if (!cJSON_IsString (node) || !g_str_has_prefix (node->valuestring, "data:"))
    return;
  comma = strchr (node->valuestring, ',');
  if (comma != NULL)
    memmove (node->valuestring, comma + 1, strlen (comma + 1) + 1);
}

/* "input_image", "input_image_2", ...: the picture first, if there is one. */
static void
add_references (const PmtRemoteTask *task, cJSON *body)
{
  guint number = task->image != NULL ? 2 : 1;

  for (guint i = 0; task->references != NULL && i < task->references->len; i++)
    {
      GBytes *bytes = task->references->pdata[i];
      g_autofree gchar *name = number > 1
                                   ? g_strdup_printf ("input_image_%u", number)
                                   : g_strdup ("input_image");

      cJSON_AddItemToObject (body, name, pmt_picture_to_json (bytes, ""));
      number++;
    }
}

static gboolean
submit (PmtRemoteCall *call,
        const PmtRemoteTask *task,
        PmtRemoteJob *job,
        PmtRemoteReply *reply,
        GError **error)
{
  g_autofree gchar *name = g_uri_escape_string (task->model_name, NULL, FALSE);
  g_autofree gchar *path = g_strconcat ("/v1/", name, NULL);
  g_autoptr (cJSON) body = pmt_body_new (task);
  g_autoptr (cJSON) json = NULL;

  strip_uri (body, pmt_model_service_get_text (task->service, "image"));
  strip_uri (body, pmt_model_service_get_text (task->service, "mask"));
  add_references (task, body);
  job->state = PMT_REMOTE_SENDING;
  json = pmt_remote_call_json (call, "POST", path, NULL, body, error);
  if (json == NULL)
    return FALSE;
  pmt_answer_set_text (&job->status_url,
                       pmt_json_get_text (json, "polling_url"));
  job->cost = pmt_json_get_number (json, "cost", job->cost);
  return pmt_answer_keep_id (call, json, "id", job, error);
}

/* -------------------------------------------------------------------- poll */

/* Anything else than these has ended badly. */
static gboolean
is_running (const gchar *status)
{
  static const gchar *const running[] = { "Pending", "Processing", "Queued",
                                          NULL };

  return g_strv_contains (running, status);
}

static const gchar *
find_detail (const cJSON *json, const gchar *fallback)
{
  static const gchar *const paths[] = { "details.error",
                                        "details.message",
                                        "details",
                                        "error",
                                        "details.Moderation Reasons.0",
                                        "result.error" };

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    if (pmt_json_get_text (json, paths[i]) != NULL)
      return pmt_json_get_text (json, paths[i]);
  return fallback;
}

static gboolean
take_status (PmtRemoteCall *call,
             const cJSON *json,
             PmtRemoteJob *job,
             GError **error)
{
  const gchar *status = pmt_json_get_text (json, "status");
  const gchar *sample = pmt_json_get_text (json, "result.sample");

  job->fraction = pmt_json_get_number (json, "progress", -1.0);
  if (job->fraction > 1.0)
    job->fraction = MIN (job->fraction / 100.0, 1.0);
  if (status == NULL)
    return pmt_remote_call_fail (call, PMT_FAULT_SERVER,
                                 _ ("it did not tell how the job stands"),
                                 error);
  if (is_running (status))
    return TRUE;
  if (g_str_has_suffix (status, "Moderated"))
    return pmt_answer_fail_job (call, job, PMT_FAULT_CONTENT,
                                find_detail (json, status), error);
  if (g_str_equal (status, "Task not found"))
    return pmt_answer_fail_job (call, job, PMT_FAULT_PARAMETER, status, error);
  if (!g_str_equal (status, "Ready"))
    return pmt_answer_fail_job (call, job, PMT_FAULT_SERVER,
                                find_detail (json, status), error);
  if (sample == NULL || *sample == '\0')
    {
      job->state = PMT_REMOTE_FAILED;
      return pmt_answer_fail_empty (call, error);
    }
  pmt_answer_set_text (&job->result_url, sample);
  job->state = PMT_REMOTE_DONE;
  return TRUE;
}

static gboolean
poll_job (PmtRemoteCall *call,
          const PmtRemoteTask *task,
          PmtRemoteJob *job,
          GError **error)
{
  g_autoptr (cJSON) json = NULL;

  if (!pmt_remote_call_check_url (call, job->status_url, error))
    {
      job->state = PMT_REMOTE_FAILED;
      return FALSE;
    }
  json = pmt_remote_call_json (call, "GET", job->status_url, NULL, NULL, error);
  return json != NULL && take_status (call, json, job, error);
}

/* The address lives for ten minutes. */
static gboolean
fetch (PmtRemoteCall *call,
       const PmtRemoteTask *task,
       PmtRemoteJob *job,
       PmtRemoteReply *reply,
       GError **error)
{
  return pmt_answer_add_url (call, reply, job->result_url, -1, error);
}

/* ------------------------------------------------------------------ others */

static gboolean
balance (PmtRemoteCall *call, gdouble *amount, GError **error)
{
  g_autoptr (cJSON) json =
      pmt_remote_call_json (call, "GET", "/v1/credits", NULL, NULL, error);
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
      pmt_remote_call_json (call, "GET", "/v1/credits", NULL, NULL, error);

  return json != NULL;
}

static const gchar *const hosts[] = { "*.bfl.ai", NULL };

const PmtProvider pmt_provider_bfl = {
  .type = "bfl",
  .label = "Black Forest Labs",
  .flags = PMT_PROVIDER_PADS,
  .base_url = "https://api.bfl.ai",
  .auth_header = "x-key",
  .auth_prefix = "",
  .key_env = "BFL_API_KEY",
  .hosts = hosts,
  .unit = "credits",
  .mask_kind = PMT_MASK_WHITE,
  .poll_s = 1.0,
  .max_jobs = 8,
  .classify = classify,
  .submit = submit,
  .poll = poll_job,
  .fetch = fetch,
  .check = check,
  .balance = balance,
};
