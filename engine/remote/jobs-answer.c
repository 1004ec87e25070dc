/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* jobs-answer.c: what the jobs API answers. */
#include "config.h"

#include "remote/jobs-answer.h"

#include <string.h>

#include "remote/answer.h"
#include "remote/fal-answer.h"

/* ----------------------------------------------------------------- faults */

static PmtFaultClass
class_of (const gchar *code)
{
  static const struct
  {
    const gchar *code;
    PmtFaultClass kind;
  } classes[] = {
    { "insufficient_credits", PMT_FAULT_CREDITS },
    { "polled_too_soon", PMT_FAULT_RATE_LIMIT },
    { "rate_limited", PMT_FAULT_RATE_LIMIT },
    { "payload_too_large", PMT_FAULT_TOO_LARGE },
    { "unauthorized", PMT_FAULT_KEY },
    { "forbidden", PMT_FAULT_KEY },
    { "upstream_error", PMT_FAULT_SERVER },
    { "internal_error", PMT_FAULT_SERVER },
    { "cancelled", PMT_FAULT_CANCELLED },
  };

  for (guint i = 0; code != NULL && i < G_N_ELEMENTS (classes); i++)
    if (g_str_equal (classes[i].code, code))
      return classes[i].kind;
  return pmt_fal_class_of (code);
}

/* {"error": code or text or {code, message}, "message", "hints": [text]} */
static void
read_error (const cJSON *json, PmtFault *fault)
{
  const cJSON *error = pmt_json_get (json, "error");
  const gchar *code = cJSON_GetStringValue (error);
  const gchar *message = pmt_json_get_text (json, "message");
  const gchar *hint = pmt_json_get_text (json, "hints.0");
  g_autofree gchar *both = NULL;
  PmtFaultClass kind;

  if (cJSON_IsObject (error) && !pmt_fal_classify (error, fault))
    {
      code = pmt_json_get_text (error, "code");
      message = pmt_json_get_text (error, "message");
    }
  kind = class_of (code);
  if (kind != PMT_FAULT_NONE)
    fault->kind = kind;
  if (message == NULL)
    message = code;
  if (message != NULL && hint != NULL)
    both = g_strdup_printf ("%s %s", message, hint);
  pmt_answer_set_text (&fault->detail, both != NULL ? both : message);
}

void
pmt_jobs_classify (guint status,
                   const PmtHttpAnswer *answer,
                   const cJSON *json,
                   PmtFault *fault)
{
  const gdouble wait = pmt_json_get_number (json, "retry_after_seconds", -1.0);

  if (!pmt_fal_classify (json, fault))
    read_error (json, fault);
  if (wait >= 0.0)
    fault->retry_after = wait;
}

/* ------------------------------------------------------------------- jobs */

const gchar *
pmt_jobs_member_of_id (const cJSON *json)
{
  return pmt_json_get (json, "job_id") != NULL ? "job_id" : "id";
}

/* Failed: the reason stands in the job, in any of the forms of an error. */
static gboolean
fail_job (PmtRemoteCall *call,
          const cJSON *json,
          PmtRemoteJob *job,
          GError **error)
{
  const PmtFault none = PMT_FAULT_INIT;

  pmt_fault_clear (&call->fault);
  call->fault = none;
  if (g_strcmp0 (pmt_json_get_text (json, "status"), "cancelled") == 0)
    call->fault.kind = PMT_FAULT_CANCELLED;
  else if (!pmt_fal_classify (json, &call->fault))
    read_error (json, &call->fault);
  if (call->fault.kind == PMT_FAULT_NONE)
    call->fault.kind = PMT_FAULT_SERVER;
  job->state = call->fault.kind == PMT_FAULT_CANCELLED ? PMT_REMOTE_CANCELLED
                                                       : PMT_REMOTE_FAILED;
  return pmt_remote_call_fail_fault (call, error);
}

/* What a job says of itself, whether it is done or not. */
gboolean
pmt_jobs_read_job (PmtRemoteCall *call,
                   const cJSON *json,
                   PmtRemoteJob *job,
                   GError **error)
{
  static const gchar *const bad[] = { "failed", "cancelled", "canceled",
                                      "error", NULL };
  static const gchar *const good[] = { "succeeded", "completed", "done", NULL };
  const gchar *status = pmt_json_get_text (json, "status");

  job->cost = pmt_json_get_number (json, "credits", job->cost);
  job->fraction = pmt_json_get_number (json, "progress", job->fraction);
  job->queue_position = (gint)CLAMP (
      pmt_json_get_number (json, "queue_position", -1.0), -1.0, 1e6);
  job->poll_after = pmt_json_get_number (json, "retry_after_seconds", -1.0);
  if (status != NULL && g_strv_contains (bad, status))
    return fail_job (call, json, job, error);
  if ((status != NULL && g_strv_contains (good, status))
      || (status == NULL && pmt_json_get (json, "outputs") != NULL)
      || pmt_answer_get_list (json, "images") != NULL
      || cJSON_IsObject (pmt_json_get (json, "image")))
    job->state = PMT_REMOTE_DONE;
  return TRUE;
}

/* ---------------------------------------------------------------- outputs */

/* "outputs": {image_url | url | result_url | out}, or at the top. */
static const gchar *
find_single (const cJSON *json)
{
  static const gchar *const paths[] = {
    "outputs.image_url", "outputs.url", "outputs.result_url", "outputs.out",
    "image_url",         "url",         "result_url",
  };

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      const gchar *url = pmt_json_get_text (json, paths[i]);

      /* "out" may be the name that we gave. */
      if (url != NULL
          && (strstr (url, "://") != NULL || g_str_has_prefix (url, "data:")
              || *url == '/'))
        return url;
    }
  return NULL;
}

static const cJSON *
find_output (const cJSON *json)
{
  static const gchar *const paths[] = { "outputs", "output", "result" };

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      const cJSON *node = pmt_json_get (json, paths[i]);
      g_autoptr (GPtrArray) urls = pmt_fal_find_images (node);

      if (urls->len > 0)
        return node;
    }
  return json;
}

gboolean
pmt_jobs_take_outputs (PmtRemoteCall *call,
                       const cJSON *json,
                       PmtRemoteReply *reply,
                       GError **error)
{
  const cJSON *output = find_output (json);
  g_autoptr (GPtrArray) urls = pmt_fal_find_images (output);
  const gchar *single = urls->len == 0 ? find_single (json) : NULL;

  if (single == NULL)
    return pmt_fal_take_output (call, output, reply, error);
  if (pmt_json_get_bool (json, "outputs.has_nsfw_concepts.0"))
    {
      reply->n_refused = 1;
      return pmt_remote_call_fail (call, PMT_FAULT_CONTENT, NULL, error);
    }
  g_ptr_array_add (urls, (gpointer)single);
  return pmt_fal_add_urls (call, urls, reply, error);
}
