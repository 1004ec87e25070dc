/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* provider-sdserver.c: sd-server of stable-diffusion.cpp. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "remote/lists.h"
#include "remote/sdapi.h"
#include "remote/server-names.h"
#include "remote/server-settings.h"

#define MAX_PICTURE ((gsize)256 << 20)
#define MAX_BATCH 8

/* Versions before the job API answer 404; they speak sdapi, too. */
static gboolean
is_missing (const PmtRemoteCall *call)
{
  return call->fault.kind == PMT_FAULT_PARAMETER
         && g_strcmp0 (call->fault.param, "path") == 0;
}

/* ------------------------------------------------------------------ faults */

static void
classify (guint status,
          const PmtHttpAnswer *answer,
          const cJSON *json,
          PmtFault *fault)
{
  const gchar *text = pmt_json_get_text (json, "error");

  if (text == NULL)
    text = pmt_json_get_text (json, "error.message");
  if (text == NULL)
    pmt_sdapi_classify (status, answer, json, fault);
  else
    pmt_fault_take (fault, fault->kind, text);
  /* Not "job not found", which is said as an error. */
  if (status == 404 && text == NULL && fault->param == NULL)
    fault->param = g_strdup ("path");
}

/* -------------------------------------------------------------------- body */

static void
set (cJSON *body, const gchar *name, cJSON *value)
{
  cJSON_DeleteItemFromObjectCaseSensitive (body, name);
  cJSON_AddItemToObject (body, name, value);
}

static gboolean
add_loras (PmtRemoteCall *call,
           const PmtServerSettings *settings,
           cJSON *body,
           GError **error)
{
  cJSON *list;

  if (settings->loras->len == 0)
    return TRUE;
  list = cJSON_CreateArray ();
  set (body, "lora", list);
  for (guint i = 0; i < settings->loras->len; i++)
    {
      const PmtServerLora *lora =
          &g_array_index (settings->loras, PmtServerLora, i);
      g_autofree gchar *path =
          pmt_server_names_find (call, "lora", lora->name, error);
      cJSON *item;

      if (path == NULL)
        return FALSE;
      item = cJSON_CreateObject ();
      cJSON_AddStringToObject (item, "path", path);
      cJSON_AddNumberToObject (item, "multiplier", lora->strength);
      cJSON_AddItemToArray (list, item);
    }
  return TRUE;
}

static gboolean
add_sampling (PmtRemoteCall *call,
              const PmtRemoteTask *task,
              const PmtServerSettings *settings,
              cJSON *body,
              GError **error)
{
  cJSON *sampling = cJSON_CreateObject ();
  cJSON *guidance = cJSON_CreateObject ();
  const gdouble image_cfg =
      pmt_params_get_number (task->params, "image-cfg", -1.0);
  g_autofree gchar *sampler = NULL;
  g_autofree gchar *schedule = NULL;

  set (body, "sample_params", sampling);
  cJSON_AddItemToObject (sampling, "guidance", guidance);
  if (!pmt_server_settings_find_sampler (settings, call, &sampler, error)
      || !pmt_server_settings_find_schedule (settings, call, &schedule, error))
    return FALSE;
  if (sampler != NULL)
    cJSON_AddStringToObject (sampling, "sample_method", sampler);
  if (schedule != NULL)
    cJSON_AddStringToObject (sampling, "scheduler", schedule);
  cJSON_AddNumberToObject (sampling, "sample_steps", settings->steps);
  cJSON_AddNumberToObject (guidance, "txt_cfg", settings->cfg);
  if (task->operation == PMT_OPERATION_EDIT && image_cfg > 0.0)
    cJSON_AddNumberToObject (guidance, "img_cfg", image_cfg);
  return TRUE;
}

/* An edit has its picture as the first reference. */
static void
add_pictures (const PmtRemoteTask *task,
              const PmtServerSettings *settings,
              cJSON *body)
{
  const gboolean is_edit = task->operation == PMT_OPERATION_EDIT;
  cJSON *list = cJSON_CreateArray ();

  if (task->image != NULL && is_edit)
    cJSON_AddItemToArray (list, pmt_picture_to_json (task->image, ""));
  for (guint i = 0; task->references != NULL && i < task->references->len; i++)
    cJSON_AddItemToArray (list,
                          pmt_picture_to_json (task->references->pdata[i], ""));
  if (list->child != NULL)
    set (body, "ref_images", list);
  else
    cJSON_Delete (list);
  if (task->image == NULL || is_edit)
    return;
  set (body, "init_image", pmt_picture_to_json (task->image, ""));
  cJSON_AddNumberToObject (body, "strength", settings->strength);
  if (task->mask != NULL)
    set (body, "mask_image", pmt_picture_to_json (task->mask, ""));
}

static gboolean
fill_body (PmtRemoteCall *call,
           const PmtRemoteTask *task,
           const PmtServerSettings *settings,
           cJSON *body,
           GError **error)
{
  pmt_body_add_params (task, body);
  if (*settings->checkpoint != '\0')
    {
      g_autofree gchar *name = pmt_server_names_find (
          call, "checkpoint", settings->checkpoint, error);

      /* The server has one model, that it was started with. */
      if (name == NULL)
        return FALSE;
    }
  set (body, "prompt", cJSON_CreateString (settings->prompt));
  set (body, "negative_prompt", cJSON_CreateString (settings->negative));
  set (body, "width", cJSON_CreateNumber (settings->width));
  set (body, "height", cJSON_CreateNumber (settings->height));
  set (body, "seed", cJSON_CreateNumber (task->seed));
  set (body, "batch_count",
       cJSON_CreateNumber (MIN (task->n_images, MAX_BATCH)));
  set (body, "output_format", cJSON_CreateString ("png"));
  if (settings->clip_skip > 0)
    set (body, "clip_skip", cJSON_CreateNumber (settings->clip_skip));
  add_pictures (task, settings, body);
  return add_sampling (call, task, settings, body, error)
         && add_loras (call, settings, body, error);
}

/* -------------------------------------------------------------------- jobs */

static gboolean
submit (PmtRemoteCall *call,
        const PmtRemoteTask *task,
        PmtRemoteJob *job,
        PmtRemoteReply *reply,
        GError **error)
{
  g_auto (PmtServerSettings) settings = PMT_SERVER_SETTINGS_INIT;
  g_autoptr (cJSON) body = cJSON_CreateObject ();
  g_autoptr (cJSON) json = NULL;
  g_autoptr (GError) local = NULL;
  const gchar *id;

  if (!pmt_server_settings_init (&settings, call, task, error)
      || !fill_body (call, task, &settings, body, error))
    return FALSE;
  job->state = PMT_REMOTE_SENDING;
  if (!pmt_remote_call_keep (call, job, error))
    return FALSE;
  json = pmt_remote_call_json (call, "POST", "/sdcpp/v1/img_gen", NULL, body,
                               &local);
  if (json == NULL && is_missing (call))
    return pmt_sdapi_submit (call, task, job, reply, error);
  if (json == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  id = pmt_json_get_text (json, "id");
  if (id == NULL)
    return pmt_remote_call_fail (call, PMT_FAULT_SERVER,
                                 _ ("it gave the job no name"), error);
  g_free (job->id);
  job->id = g_strdup (id);
  job->state = PMT_REMOTE_RUNNING;
  return pmt_remote_call_keep (call, job, error);
}

static gchar *
job_path (const PmtRemoteJob *job, const gchar *end)
{
  g_autofree gchar *escaped = g_uri_escape_string (job->id, NULL, FALSE);

  return g_strconcat ("/sdcpp/v1/jobs/", escaped, end, NULL);
}

static gboolean
fail_job (PmtRemoteCall *call,
          const cJSON *json,
          PmtRemoteJob *job,
          GError **error)
{
  const gchar *message = pmt_json_get_text (json, "error.message");

  if (message == NULL)
    message = pmt_json_get_text (json, "error");
  job->state = PMT_REMOTE_FAILED;
  return pmt_remote_call_fail (call, PMT_FAULT_SERVER, message, error);
}

static gboolean
poll_job (PmtRemoteCall *call,
          const PmtRemoteTask *task,
          PmtRemoteJob *job,
          GError **error)
{
  g_autofree gchar *path = job_path (job, NULL);
  g_autoptr (cJSON) json =
      pmt_remote_call_json (call, "GET", path, NULL, NULL, error);
  const gchar *status;

  if (json == NULL)
    return FALSE;
  status = pmt_json_get_text (json, "status");
  job->queue_position = (gint)CLAMP (
      pmt_json_get_number (json, "queue_position", -1.0), -1.0, G_MAXINT);
  job->fraction = pmt_json_get_number (json, "progress", -1.0);
  if (job->fraction > 1.0)
    job->fraction = -1.0;
  if (g_strcmp0 (status, "completed") == 0)
    job->state = PMT_REMOTE_DONE;
  else if (g_strcmp0 (status, "cancelled") == 0)
    {
      job->state = PMT_REMOTE_CANCELLED;
      return pmt_remote_call_fail (call, PMT_FAULT_CANCELLED, NULL, error);
    }
  else if (g_strcmp0 (status, "queued") != 0
           && g_strcmp0 (status, "generating") != 0)
    return fail_job (call, json, job, error);
  return TRUE;
}

static gboolean
fetch (PmtRemoteCall *call,
       const PmtRemoteTask *task,
       PmtRemoteJob *job,
       PmtRemoteReply *reply,
       GError **error)
{
  g_autofree gchar *path = job_path (job, NULL);
  g_autoptr (cJSON) json =
      pmt_remote_call_json (call, "GET", path, NULL, NULL, error);
  const cJSON *images = pmt_json_get (json, "result.images");
  const gint n = cJSON_GetArraySize (images);

  if (json == NULL)
    return FALSE;
  for (gint i = 0; i < MIN (n, (gint)task->n_images); i++)
    {
      const cJSON *image = cJSON_GetArrayItem (images, i);
      const gchar *text = pmt_json_get_text (image, "b64_json");
      const guint index = (guint)CLAMP (pmt_json_get_number (image, "index", i),
                                        0.0, G_MAXUINT16);
      GBytes *bytes =
          text != NULL ? pmt_picture_from_base64 (text, MAX_PICTURE) : NULL;

      if (bytes == NULL)
        return pmt_remote_call_fail (call, PMT_FAULT_SERVER,
                                     _ ("the picture is damaged"), error);
      pmt_remote_reply_add (reply, bytes, (guint32)(task->seed + index));
    }
  if (reply->pictures->len == 0)
    return pmt_remote_call_fail (call, PMT_FAULT_SERVER,
                                 _ ("it sent no picture"), error);
  return TRUE;
}

/* The server ends what it has begun: a job that runs can't be cancelled. */
static void
cancel (PmtRemoteCall *call, PmtRemoteJob *job)
{
  g_autofree gchar *path = NULL;
  g_autoptr (GBytes) body = g_bytes_new_static ("{}", 2);
  g_autoptr (PmtHttpAnswer) answer = NULL;

  /* The older form can't be ended at all. */
  if (job->id == NULL || job->state != PMT_REMOTE_RUNNING)
    return;
  path = job_path (job, "/cancel");
  answer = pmt_remote_call_send (call, "POST", path, NULL, body,
                                 "application/json", NULL, NULL);
  if (answer == NULL)
    g_debug ("%s did not cancel", call->account->id);
}

/* ------------------------------------------------------------------- lists */

static void
add_capability (GStrvBuilder *builder, const cJSON *json, const gchar *param)
{
  if (g_str_equal (param, "sampler"))
    pmt_lists_add_names (builder, pmt_json_get (json, "samplers"), NULL);
  else if (g_str_equal (param, "schedule"))
    pmt_lists_add_names (builder, pmt_json_get (json, "schedulers"), NULL);
  else if (g_str_equal (param, "lora"))
    pmt_lists_add_names (builder, pmt_json_get (json, "loras"), "path");
}

static gchar **
ask (PmtRemoteCall *call, const gchar *param, GError **error)
{
  g_autoptr (cJSON) json = pmt_remote_call_json (
      call, "GET", "/sdcpp/v1/capabilities", NULL, NULL, NULL);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  gchar **names;

  if (json != NULL)
    add_capability (builder, json, param);
  names = g_strv_builder_end (builder);
  if (names[0] != NULL)
    return names;
  g_strfreev (names);
  return pmt_sdapi_ask (call, param, error);
}

static gchar **
list (PmtRemoteCall *call, const gchar *param, GError **error)
{
  return pmt_lists_get (call, param, ask, error);
}

static gboolean
check (PmtRemoteCall *call, GError **error)
{
  g_autoptr (cJSON) json = pmt_remote_call_json (
      call, "GET", "/sdapi/v1/samplers", NULL, NULL, error);

  return json != NULL;
}

const PmtProvider pmt_provider_sdserver = {
  .type = "sdserver",
  .label = "sd-server",
  .flags = PMT_PROVIDER_LOCAL,
  .base_url = "http://127.0.0.1:1234",
  .port = 1234,
  .probe_path = "/sdcpp/v1/capabilities",
  .mask_kind = PMT_MASK_WHITE,
  .poll_s = 1.0,
  .max_jobs = 1,
  .classify = classify,
  .submit = submit,
  .poll = poll_job,
  .fetch = fetch,
  .cancel = cancel,
  .check = check,
  .list = list,
};
