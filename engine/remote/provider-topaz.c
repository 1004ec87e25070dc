/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* provider-topaz.c: Topaz Labs. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "remote/answer.h"
#include "remote/provider.h"

#define SUBMIT "/image/v1/%s/async"
#define STATUS "/image/v1/status/%s"
#define DOWNLOAD "/image/v1/download/%s"
#define CANCEL "/image/v1/cancel/%s"
#define BALANCE "/account/v1/credits/balance"

/* ----------------------------------------------------------------- faults */

static void
classify (guint status,
          const PmtHttpAnswer *answer,
          const cJSON *json,
          PmtFault *fault)
{
  static const gchar *const paths[] = {
    "message", "error.message",    "error",
    "detail",  "errors.0.message", "errors.0"
  };
  static const gchar *const credits[] = { "insufficient credits",
                                          "insufficient_credits",
                                          "not enough credits", NULL };
  const gchar *message = NULL;
  PmtFaultClass kind = fault->kind;

  for (guint i = 0; i < G_N_ELEMENTS (paths) && message == NULL; i++)
    message = pmt_json_get_text (json, paths[i]);
  if (pmt_answer_has_word (message, credits)
      || pmt_answer_has_word (pmt_json_get_text (json, "code"), credits))
    kind = PMT_FAULT_CREDITS;
  pmt_fault_take (fault, kind, message);
  pmt_answer_set_text (&fault->param, pmt_json_get_text (json, "param"));
  pmt_answer_set_text (&fault->param, pmt_json_get_text (json, "field"));
  if (fault->kind == PMT_FAULT_PARAMETER)
    pmt_answer_read_param (message, fault);
}

/* ------------------------------------------------------------------ submit */

static void
add_number (cJSON *body, const gchar *name, gdouble value)
{
  g_autofree gchar *text = g_strdup_printf ("%.0f", value);

  if (pmt_json_get (body, name) == NULL)
    cJSON_AddRawToObject (body, name, text);
}

/* The service knows no factor, only sides. */
static GPtrArray *
form_new (const PmtRemoteTask *task)
{
  GPtrArray *form = pmt_form_new ();
  g_autoptr (cJSON) body = cJSON_CreateObject ();

  pmt_body_add_params (task, body);
  if (task->width > 0 && task->height > 0)
    {
      add_number (body, "output_width", task->width);
      add_number (body, "output_height", task->height);
    }
  else if (task->operation == PMT_OPERATION_UPSCALE && task->scale > 0.0)
    {
      add_number (body, "output_width",
                  round (task->image_head.width * task->scale));
      add_number (body, "output_height",
                  round (task->image_head.height * task->scale));
    }
  pmt_body_to_form (body, form);
  pmt_form_add_picture (form, "image", task->image);
  return form;
}

static gboolean
submit (PmtRemoteCall *call,
        const PmtRemoteTask *task,
        PmtRemoteJob *job,
        PmtRemoteReply *reply,
        GError **error)
{
  g_autofree gchar *name = g_uri_escape_string (task->model_name, NULL, FALSE);
  g_autofree gchar *path = g_strdup_printf (SUBMIT, name);
  g_autoptr (GPtrArray) form = form_new (task);
  g_autoptr (PmtHttpAnswer) answer = NULL;
  g_autoptr (cJSON) json = NULL;

  job->state = PMT_REMOTE_SENDING;
  answer =
      pmt_remote_call_send (call, "POST", path, NULL, NULL, NULL, form, error);
  if (answer == NULL)
    return FALSE;
  json = pmt_remote_call_parse (call, answer, error);
  if (json == NULL)
    return FALSE;
  pmt_answer_set_text (&job->request_id, pmt_json_get_text (json, "source_id"));
  return pmt_answer_keep_id (call, json, "process_id", job, error);
}

/* -------------------------------------------------------------------- poll */

static gboolean
take_status (PmtRemoteCall *call,
             const cJSON *json,
             PmtRemoteJob *job,
             GError **error)
{
  static const gchar *const running[] = { "Pending", "Processing", NULL };
  const gchar *status = pmt_json_get_text (json, "status");
  const gchar *detail = pmt_json_get_text (json, "error");
  const gdouble progress = pmt_json_get_number (json, "progress", -1.0);

  job->cost = pmt_json_get_number (json, "credits", job->cost);
  job->fraction = progress >= 0.0 ? MIN (progress / 100.0, 1.0) : -1.0;
  if (detail == NULL)
    detail = pmt_json_get_text (json, "message");
  if (status == NULL)
    return pmt_remote_call_fail (call, PMT_FAULT_SERVER,
                                 _ ("it did not tell how the job stands"),
                                 error);
  if (g_strv_contains (running, status))
    return TRUE;
  if (g_str_equal (status, "Cancelled"))
    return pmt_answer_fail_job (call, job, PMT_FAULT_CANCELLED, detail, error);
  if (!g_str_equal (status, "Completed"))
    return pmt_answer_fail_job (call, job, PMT_FAULT_SERVER, detail, error);
  job->state = PMT_REMOTE_DONE;
  return TRUE;
}

static gboolean
poll_job (PmtRemoteCall *call,
          const PmtRemoteTask *task,
          PmtRemoteJob *job,
          GError **error)
{
  g_autofree gchar *path = pmt_answer_job_path (STATUS, job);
  g_autoptr (cJSON) json =
      pmt_remote_call_json (call, "GET", path, NULL, NULL, error);

  return json != NULL && take_status (call, json, job, error);
}

static gboolean
fetch (PmtRemoteCall *call,
       const PmtRemoteTask *task,
       PmtRemoteJob *job,
       PmtRemoteReply *reply,
       GError **error)
{
  g_autofree gchar *path = pmt_answer_job_path (DOWNLOAD, job);
  g_autoptr (cJSON) json =
      pmt_remote_call_json (call, "GET", path, NULL, NULL, error);

  return json != NULL
         && pmt_answer_add_url (
             call, reply, pmt_json_get_text (json, "download_url"), -1, error);
}

static void
cancel (PmtRemoteCall *call, PmtRemoteJob *job)
{
  g_autofree gchar *path = pmt_answer_job_path (CANCEL, job);
  g_autoptr (PmtHttpAnswer) answer = NULL;

  if (job->id == NULL)
    return;
  answer =
      pmt_remote_call_send (call, "DELETE", path, NULL, NULL, NULL, NULL, NULL);
}

/* ------------------------------------------------------------------ others */

static gboolean
balance (PmtRemoteCall *call, gdouble *amount, GError **error)
{
  static const gchar *const names[] = { "available_credits", "balance",
                                        "credits", "total" };
  g_autoptr (cJSON) json =
      pmt_remote_call_json (call, "GET", BALANCE, NULL, NULL, error);

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
      pmt_remote_call_json (call, "GET", BALANCE, NULL, NULL, error);

  return json != NULL;
}

const PmtProvider pmt_provider_topaz = {
  .type = "topaz",
  .label = "Topaz Labs",
  .base_url = "https://api.topazlabs.com",
  .auth_header = "X-API-Key",
  .auth_prefix = "",
  .key_env = "TOPAZ_API_KEY",
  .unit = "credits",
  .mask_kind = PMT_MASK_WHITE,
  .poll_s = 2.0,
  .max_jobs = 4,
  .classify = classify,
  .submit = submit,
  .poll = poll_job,
  .fetch = fetch,
  .cancel = cancel,
  .check = check,
  .balance = balance,
};
