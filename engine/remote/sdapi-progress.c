/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* sdapi-progress.c: how far the server is, asked while it works. */
#include "config.h"

#include "remote/sdapi.h"

#define INTERVAL G_USEC_PER_SEC
#define MAX_PREVIEW ((gsize)64 << 20)

struct _PmtSdapiProgress
{
  PmtRemoteCall *call;
  PmtBriefCall brief;
  gchar *task_id;
  GThread *thread;
  gint preview_id;
  gboolean has_tasks;
};

static void
report (PmtSdapiProgress *progress, const cJSON *json, const gchar *member)
{
  const gdouble fraction = pmt_json_get_number (json, "progress", -1.0);
  const gchar *text = pmt_json_get_text (json, member);
  g_autoptr (GBytes) preview =
      text != NULL ? pmt_picture_from_base64 (text, MAX_PREVIEW) : NULL;

  if (fraction > 0.0 || preview != NULL)
    pmt_remote_call_report (progress->call, MIN (fraction, 1.0), preview);
}

/* AUTOMATIC1111 and Forge; a preview that was seen is not sent again. */
static void
ask_task (PmtSdapiProgress *progress)
{
  g_autoptr (cJSON) body = cJSON_CreateObject ();
  g_autoptr (cJSON) json = NULL;

  cJSON_AddStringToObject (body, "id_task", progress->task_id);
  cJSON_AddNumberToObject (body, "id_live_preview", progress->preview_id);
  cJSON_AddBoolToObject (body, "live_preview", TRUE);
  json = pmt_remote_call_json (&progress->brief.call, "POST",
                               "/internal/progress", NULL, body, NULL);
  if (json == NULL)
    {
      progress->has_tasks =
          progress->brief.call.fault.kind != PMT_FAULT_PARAMETER;
      return;
    }
  progress->preview_id = (gint)CLAMP (
      pmt_json_get_number (json, "id_live_preview", -1.0), -1.0, G_MAXINT);
  report (progress, json, "live_preview");
}

/* Returns whether it is worth asking again. */
static gboolean
ask_server (PmtSdapiProgress *progress)
{
  g_autoptr (cJSON) json = pmt_remote_call_json (
      &progress->brief.call, "GET",
      "/sdapi/v1/progress?skip_current_image=false", NULL, NULL, NULL);

  if (json == NULL)
    return progress->brief.call.fault.kind != PMT_FAULT_PARAMETER;
  report (progress, json, "current_image");
  return TRUE;
}

static gboolean
is_over (PmtSdapiProgress *progress)
{
  PmtBriefCall *brief = &progress->brief;
  const gint64 end_time = g_get_monotonic_time () + INTERVAL;
  gboolean result;

  g_mutex_lock (&brief->lock);
  while (!brief->is_over
         && g_cond_wait_until (&brief->cond, &brief->lock, end_time))
    continue;
  result = brief->is_over;
  g_mutex_unlock (&brief->lock);
  return result;
}

static gpointer
watch (gpointer data)
{
  PmtSdapiProgress *progress = data;

  while (!is_over (progress))
    {
      if (progress->has_tasks)
        ask_task (progress);
      if (!progress->has_tasks && !ask_server (progress))
        break;
    }
  return NULL;
}

PmtSdapiProgress *
pmt_sdapi_progress_start (PmtRemoteCall *call, const gchar *task_id)
{
  PmtSdapiProgress *progress = g_new0 (PmtSdapiProgress, 1);

  progress->call = call;
  progress->task_id = g_strdup (task_id);
  progress->preview_id = -1;
  progress->has_tasks = TRUE;
  pmt_brief_call_init (&progress->brief, call, 0.0);
  progress->thread = g_thread_new ("pentimento-sdapi", watch, progress);
  return progress;
}

void
pmt_sdapi_progress_stop (PmtSdapiProgress *progress)
{
  PmtBriefCall *brief = &progress->brief;

  g_mutex_lock (&brief->lock);
  brief->is_over = TRUE;
  g_cond_signal (&brief->cond);
  g_mutex_unlock (&brief->lock);
  g_cancellable_cancel (brief->call.cancellable);
  g_thread_join (progress->thread);
  pmt_brief_call_clear (brief);
  g_free (progress->task_id);
  g_free (progress);
}
