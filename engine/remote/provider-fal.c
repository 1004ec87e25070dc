/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* provider-fal.c: fal.ai, by its queue. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "remote/answer.h"
#include "remote/fal-answer.h"
#include "remote/origin.h"
#include "remote/provider.h"

#define BASE_URL "https://queue.fal.run"
#define UPLOAD_PATH "/storage/upload/initiate?storage_type=fal-cdn-v3"
#define UPLOAD_URL "https://rest.fal.ai" UPLOAD_PATH

/* A request that doesn't exist, to test a key. */
#define CHECK_PATH                                                             \
  "/fal-ai/flux/requests/00000000-0000-4000-8000-000000000000/status"

/* Characters of pictures in a body; with more, they are uploaded before. */
#define MAX_INLINE 10000000
#define MAX_PICTURE ((gsize)256 << 20)

/* ----------------------------------------------------------------- faults */

static void
classify (guint status,
          const PmtHttpAnswer *answer,
          const cJSON *json,
          PmtFault *fault)
{
  const PmtFaultClass told = pmt_fal_class_of (
      pmt_http_answer_get_header (answer, "x-fal-error-type"));
  const gchar *message = pmt_json_get_text (json, "message");

  if (told != PMT_FAULT_NONE)
    fault->kind = told;
  if (pmt_fal_classify (json, fault))
    return;
  if (message == NULL)
    message = pmt_json_get_text (json, "error");
  pmt_answer_set_text (&fault->detail, message);
}

/* ----------------------------------------------------------------- upload */

static gsize
count_inline (const cJSON *node)
{
  gsize sum = 0;
  const cJSON *child;

  if (cJSON_IsString (node) && g_str_has_prefix (node->valuestring, "data:"))
    return strlen (node->valuestring);
  cJSON_ArrayForEach (child, node)
  {
    sum += count_inline (child);
  }
  return sum;
}

/* Where one asks for an address to upload to. */
static const gchar *
upload_url (const PmtAccount *account)
{
  const gboolean is_usual = account->base_url != NULL
                            && pmt_origin_is_same (account->base_url, BASE_URL);

  return pmt_account_get_path (account, "upload",
                               is_usual ? UPLOAD_URL : UPLOAD_PATH);
}

/* The bytes go to storage that must not see the key; it isn't sent there,
 * since it is on another host. */
static gchar *
upload (PmtRemoteCall *call, GBytes *bytes, GError **error)
{
  PmtPictureHead head = { 0 };
  const gchar *type;
  const gchar *to;
  const gchar *file;
  g_autoptr (cJSON) body = cJSON_CreateObject ();
  g_autoptr (cJSON) json = NULL;
  g_autoptr (PmtHttpAnswer) answer = NULL;

  if (!pmt_picture_read_head (bytes, &head))
    head.kind = PMT_PICTURE_PNG;
  type = pmt_picture_kind_type (head.kind);
  cJSON_AddStringToObject (body, "content_type", type);
  cJSON_AddStringToObject (body, "file_name",
                           head.kind == PMT_PICTURE_JPEG ? "image.jpg"
                                                         : "image.png");
  json = pmt_remote_call_json (call, "POST", upload_url (call->account), NULL,
                               body, error);
  if (json == NULL)
    return NULL;
  to = pmt_json_get_text (json, "upload_url");
  file = pmt_json_get_text (json, "file_url");
  if (to == NULL || file == NULL || strstr (to, "://") == NULL)
    {
      pmt_remote_call_fail (call, PMT_FAULT_SERVER,
                            _ ("it gave no address for the picture"), error);
      return NULL;
    }
  answer =
      pmt_remote_call_send (call, "PUT", to, NULL, bytes, type, NULL, error);
  return answer != NULL ? g_strdup (file) : NULL;
}

/* Puts addresses in the place of the pictures within @node. */
static gboolean
upload_all (PmtRemoteCall *call, cJSON *node, GError **error)
{
  cJSON *child;

  if (cJSON_IsString (node) && g_str_has_prefix (node->valuestring, "data:"))
    {
      g_autoptr (GBytes) bytes =
          pmt_picture_from_base64 (node->valuestring, MAX_PICTURE);
      g_autofree gchar *url =
          bytes != NULL ? upload (call, bytes, error) : NULL;

      if (bytes != NULL && url != NULL)
        cJSON_SetValuestring (node, url);
      return bytes == NULL || url != NULL;
    }
  cJSON_ArrayForEach (child, node)
  {
    if (!upload_all (call, child, error))
      return FALSE;
  }
  return TRUE;
}

/* ----------------------------------------------------------------- submit */

/* Addresses that the job can't be asked at are of no use. */
static gboolean
take_urls (PmtRemoteCall *call,
           const cJSON *json,
           PmtRemoteJob *job,
           GError **error)
{
  pmt_answer_set_text (&job->status_url,
                       pmt_json_get_text (json, "status_url"));
  pmt_answer_set_text (&job->result_url,
                       pmt_json_get_text (json, "response_url"));
  pmt_answer_set_text (&job->cancel_url,
                       pmt_json_get_text (json, "cancel_url"));
  pmt_answer_set_text (&job->request_id,
                       pmt_json_get_text (json, "request_id"));
  if (!pmt_answer_keep_id (call, json, "request_id", job, error))
    return FALSE;
  if (pmt_remote_call_check_url (call, job->status_url, error)
      && pmt_remote_call_check_url (call, job->result_url, error))
    return TRUE;
  job->state = PMT_REMOTE_FAILED;
  return FALSE;
}

/* An account may have the address of the service that answers at once. */
static gboolean
take_at_once (PmtRemoteCall *call,
              const cJSON *json,
              PmtRemoteJob *job,
              PmtRemoteReply *reply,
              GError **error)
{
  job->state = PMT_REMOTE_DONE;
  if (!pmt_remote_call_keep (call, job, error))
    return FALSE;
  if (pmt_fal_take_output (call, json, reply, error))
    return TRUE;
  job->state = PMT_REMOTE_FAILED;
  return FALSE;
}

static gboolean
is_output (const cJSON *json)
{
  return pmt_json_get (json, "request_id") == NULL
         && (pmt_json_get (json, "images") != NULL
             || pmt_json_get (json, "image") != NULL);
}

static gboolean
submit (PmtRemoteCall *call,
        const PmtRemoteTask *task,
        PmtRemoteJob *job,
        PmtRemoteReply *reply,
        GError **error)
{
  static const gchar *const headers[] = {
    "x-fal-object-lifecycle-preference: "
    "{\"expiration_duration_seconds\":3600}",
    NULL
  };
  g_autofree gchar *name = g_uri_escape_string (task->model_name, "/", FALSE);
  g_autofree gchar *path = g_strconcat ("/", name, NULL);
  g_autoptr (cJSON) body = NULL;
  g_autoptr (cJSON) json = NULL;

  if (task->is_mock)
    {
      pmt_remote_call_fail (call, PMT_FAULT_PARAMETER,
                            _ ("it has no trial runs"), NULL);
      pmt_answer_set_text (&call->fault.param, "mock");
      return pmt_remote_call_fail_fault (call, error);
    }
  body = pmt_body_new (task);
  if (count_inline (body) > MAX_INLINE && !upload_all (call, body, error))
    {
      /* The work itself was not sent. */
      call->fault.is_outcome_unknown = FALSE;
      return FALSE;
    }
  job->state = PMT_REMOTE_SENDING;
  json = pmt_remote_call_json (call, "POST", path, headers, body, error);
  if (json == NULL)
    return FALSE;
  return is_output (json) ? take_at_once (call, json, job, reply, error)
                          : take_urls (call, json, job, error);
}

/* ------------------------------------------------------------- poll, fetch */

static gboolean
poll (PmtRemoteCall *call,
      const PmtRemoteTask *task,
      PmtRemoteJob *job,
      GError **error)
{
  g_autoptr (PmtHttpAnswer) answer = NULL;
  g_autoptr (cJSON) json = NULL;
  const gchar *status;

  if (!pmt_remote_call_check_url (call, job->status_url, error))
    {
      job->state = PMT_REMOTE_FAILED;
      return FALSE;
    }
  answer = pmt_remote_call_send (call, "GET", job->status_url, NULL, NULL, NULL,
                                 NULL, error);
  json = answer != NULL ? pmt_remote_call_parse (call, answer, error) : NULL;
  /* It does not know the job. */
  if (json == NULL && call->fault.kind == PMT_FAULT_PARAMETER)
    job->state = PMT_REMOTE_FAILED;
  if (json == NULL)
    return FALSE;
  job->poll_after = pmt_http_answer_get_retry_after (answer);
  job->queue_position = (gint)CLAMP (
      pmt_json_get_number (json, "queue_position", -1.0), -1.0, 1e6);
  status = pmt_json_get_text (json, "status");
  if (g_strcmp0 (status, "COMPLETED") == 0)
    job->state = PMT_REMOTE_DONE;
  else if (status != NULL && g_str_has_prefix (status, "CANCEL"))
    return pmt_answer_fail_job (call, job, PMT_FAULT_CANCELLED, NULL, error);
  else if (g_strcmp0 (status, "NOT_FOUND") == 0)
    return pmt_answer_fail_job (call, job, PMT_FAULT_SERVER,
                                _ ("it does not know the job any more"), error);
  return TRUE;
}

static gboolean
fetch (PmtRemoteCall *call,
       const PmtRemoteTask *task,
       PmtRemoteJob *job,
       PmtRemoteReply *reply,
       GError **error)
{
  g_autoptr (cJSON) json = NULL;

  if (!pmt_remote_call_check_url (call, job->result_url, error))
    return FALSE;
  json = pmt_remote_call_json (call, "GET", job->result_url, NULL, NULL, error);
  return json != NULL && pmt_fal_take_output (call, json, reply, error);
}

/* ------------------------------------------------------------------ others */

static void
cancel (PmtRemoteCall *call, PmtRemoteJob *job)
{
  g_autoptr (PmtHttpAnswer) answer = NULL;

  if (pmt_remote_call_check_url (call, job->cancel_url, NULL))
    answer = pmt_remote_call_send (call, "PUT", job->cancel_url, NULL, NULL,
                                   NULL, NULL, NULL);
}

static gboolean
check (PmtRemoteCall *call, GError **error)
{
  const gchar *path = pmt_account_get_path (call->account, "check", CHECK_PATH);
  g_autoptr (GError) local = NULL;
  g_autoptr (PmtHttpAnswer) answer =
      pmt_remote_call_send (call, "GET", path, NULL, NULL, NULL, NULL, &local);

  /* "Not found" is said to those with a key. */
  if (answer != NULL || call->fault.kind == PMT_FAULT_PARAMETER)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

static const gchar *const hosts[] = { "queue.fal.run", "rest.fal.ai", "fal.run",
                                      NULL };

const PmtProvider pmt_provider_fal = {
  .type = "fal",
  .label = "fal.ai",
  .flags = PMT_PROVIDER_PADS,
  .base_url = BASE_URL,
  .auth_header = "Authorization",
  .auth_prefix = "Key ",
  .key_env = "FAL_KEY",
  .hosts = hosts,
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
