/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* sdapi.c: the protocol of AUTOMATIC1111, Forge and SD.Next. */
#include "config.h"

#include "remote/sdapi.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "remote/lists.h"
#include "remote/server-names.h"

#define MAX_PICTURE ((gsize)256 << 20)

/* ------------------------------------------------------------------ faults */

/* FastAPI: {"detail": [{"loc": ["body", "steps"], "msg": ..., "type": ...}]} */
static void
classify_detail (const cJSON *item, PmtFault *fault)
{
  const cJSON *loc = pmt_json_get (item, "loc");
  const gchar *param = cJSON_GetStringValue (
      cJSON_GetArrayItem (loc, MAX (cJSON_GetArraySize (loc) - 1, 0)));

  pmt_fault_take (fault, PMT_FAULT_PARAMETER, pmt_json_get_text (item, "msg"));
  if (param != NULL && fault->param == NULL)
    fault->param = g_strdup (param);
}

/* "error" is the class of an exception, "errors" what it says, "detail" what
 * the server says on purpose. */
static gchar *
find_text (const cJSON *json)
{
  const gchar *name = pmt_json_get_text (json, "error");
  const gchar *detail = pmt_json_get_text (json, "detail");
  const gchar *errors = pmt_json_get_text (json, "errors");
  const gchar *text = detail != NULL && *detail != '\0' ? detail : errors;

  if (text == NULL || *text == '\0')
    text = pmt_json_get_text (json, "message");
  if (name == NULL || *name == '\0' || g_str_equal (name, "HTTPException"))
    return g_strdup (text);
  return text != NULL && *text != '\0' && !g_str_equal (name, text)
             ? g_strdup_printf ("%s: %s", name, text)
             : g_strdup (name);
}

void
pmt_sdapi_classify (guint status,
                    const PmtHttpAnswer *answer,
                    const cJSON *json,
                    PmtFault *fault)
{
  const cJSON *detail = pmt_json_get (json, "detail");
  g_autofree gchar *text = NULL;

  if (cJSON_IsArray (detail) && cJSON_GetArraySize (detail) > 0)
    {
      classify_detail (detail->child, fault);
      return;
    }
  text = find_text (json);
  /* What the server says on purpose is about the request, but for 503. */
  if (status == 500
      && g_strcmp0 (pmt_json_get_text (json, "error"), "HTTPException") == 0)
    fault->kind = PMT_FAULT_PARAMETER;
  if (text != NULL)
    pmt_fault_take (fault, fault->kind, text);
}

/* ------------------------------------------------------------------- lists */

gchar **
pmt_sdapi_ask (PmtRemoteCall *call, const gchar *param, GError **error)
{
  static const struct
  {
    const gchar *param;
    const gchar *path;
    const gchar *member;
  } lists[] = {
    { "checkpoint", "/sdapi/v1/sd-models", "title" },
    { "sampler", "/sdapi/v1/samplers", "name" },
    { "schedule", "/sdapi/v1/schedulers", "name" },
    { "upscaler", "/sdapi/v1/upscalers", "name" },
    { "lora", "/sdapi/v1/loras", "name" },
    { "vae", "/sdapi/v1/sd-vae", "model_name" },
  };
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr (GError) local = NULL;
  g_autoptr (cJSON) json = NULL;
  guint i = 0;

  while (i < G_N_ELEMENTS (lists) && !g_str_equal (lists[i].param, param))
    i++;
  if (i == G_N_ELEMENTS (lists))
    return g_strv_builder_end (builder);
  json = pmt_remote_call_json (call, "GET", lists[i].path, NULL, NULL, &local);
  /* Older servers know no schedules, others no LoRAs. */
  if (json == NULL && call->fault.kind != PMT_FAULT_PARAMETER)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }
  pmt_lists_add_names (builder, json, lists[i].member);
  return g_strv_builder_end (builder);
}

/* ----------------------------------------------------------------- results */

static gboolean
add_picture (PmtRemoteCall *call,
             const gchar *text,
             gint64 seed,
             PmtRemoteReply *reply,
             GError **error)
{
  GBytes *bytes =
      text != NULL ? pmt_picture_from_base64 (text, MAX_PICTURE) : NULL;

  if (bytes == NULL)
    return pmt_remote_call_fail (call, PMT_FAULT_SERVER,
                                 _ ("the picture is damaged"), error);
  pmt_remote_reply_add (reply, bytes, seed);
  return TRUE;
}

/* "info" is JSON in a text; it is not needed. */
static cJSON *
read_info (const cJSON *json)
{
  const gchar *text = pmt_json_get_text (json, "info");

  if (text == NULL)
    return NULL;
  return pmt_json_parse_large ("info", text, strlen (text), PMT_JSON_MAX_BYTES,
                               PMT_ERROR_SERVER, NULL);
}

/* What comes before the first picture is an overview of them all, what comes
 * after the last one pictures of extensions. */
static gboolean
read_pictures (PmtRemoteCall *call,
               const PmtRemoteTask *task,
               const cJSON *json,
               PmtRemoteReply *reply,
               GError **error)
{
  const cJSON *images = pmt_json_get (json, "images");
  g_autoptr (cJSON) info = read_info (json);
  const cJSON *seeds = pmt_json_get (info, "all_seeds");
  const gint n = cJSON_GetArraySize (images);
  const gint first = (gint)CLAMP (
      pmt_json_get_number (info, "index_of_first_image", 0.0), 0.0, n);

  for (gint i = first; i < n && i - first < (gint)task->n_images; i++)
    {
      const cJSON *seed = cJSON_GetArrayItem (seeds, i - first);
      const gdouble value =
          cJSON_IsNumber (seed)
              ? CLAMP (seed->valuedouble, -1.0, PMT_JSON_MAX_INT)
              : (gdouble)(guint32)(task->seed + (guint32)(i - first));

      if (!add_picture (call,
                        cJSON_GetStringValue (cJSON_GetArrayItem (images, i)),
                        (gint64)value, reply, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
read_reply (PmtRemoteCall *call,
            const PmtRemoteTask *task,
            const cJSON *json,
            PmtRemoteReply *reply,
            GError **error)
{
  const gchar *image = pmt_json_get_text (json, "image");

  if (image != NULL)
    return add_picture (call, image, -1, reply, error);
  if (!read_pictures (call, task, json, reply, error))
    return FALSE;
  if (reply->pictures->len == 0)
    return pmt_remote_call_fail (call, PMT_FAULT_SERVER,
                                 _ ("it sent no picture"), error);
  return TRUE;
}

/* -------------------------------------------------------------- interrupting */

/* Interrupting stops whatever the server works at: not where our task still
 * waits for somebody else's. */
static gboolean
is_waiting (PmtRemoteCall *call, const gchar *task_id)
{
  g_autoptr (cJSON) body = cJSON_CreateObject ();
  g_autoptr (cJSON) json = NULL;

  cJSON_AddStringToObject (body, "id_task", task_id);
  cJSON_AddNumberToObject (body, "id_live_preview", -1);
  cJSON_AddBoolToObject (body, "live_preview", FALSE);
  json = pmt_remote_call_json (call, "POST", "/internal/progress", NULL, body,
                               NULL);
  return pmt_json_get_bool (json, "queued")
         || pmt_json_get_bool (json, "completed");
}

void
pmt_sdapi_cancel (PmtRemoteCall *call, PmtRemoteJob *job)
{
  g_autoptr (GBytes) body = g_bytes_new_static ("{}", 2);
  g_autoptr (PmtHttpAnswer) answer = NULL;

  /* Without a name nothing of ours was sent. */
  if (job->id == NULL || is_waiting (call, job->id))
    return;
  answer = pmt_remote_call_send (call, "POST", "/sdapi/v1/interrupt", NULL,
                                 body, "application/json", NULL, NULL);
  if (answer == NULL)
    g_debug ("%s did not stop", call->account->id);
}

/* ------------------------------------------------------------------ sending */

gboolean
pmt_sdapi_submit (PmtRemoteCall *call,
                  const PmtRemoteTask *task,
                  PmtRemoteJob *job,
                  PmtRemoteReply *reply,
                  GError **error)
{
  g_autofree gchar *uuid = g_uuid_string_random ();
  g_autofree gchar *task_id = g_strdup_printf ("task(pentimento-%s)", uuid);
  g_autoptr (cJSON) body = pmt_sdapi_body_new (call, task, task_id, error);
  g_autoptr (cJSON) json = NULL;
  PmtSdapiProgress *progress;

  if (body == NULL)
    return FALSE;
  g_free (job->id);
  job->id = g_steal_pointer (&task_id);
  job->state = PMT_REMOTE_SENDING;
  if (!pmt_remote_call_keep (call, job, error))
    return FALSE;
  progress = pmt_sdapi_progress_start (call, job->id);
  json = pmt_remote_call_json (call, "POST", pmt_sdapi_path (task), NULL, body,
                               error);
  pmt_sdapi_progress_stop (progress);
  if (json == NULL || !read_reply (call, task, json, reply, error))
    return FALSE;
  job->state = PMT_REMOTE_DONE;
  return TRUE;
}
