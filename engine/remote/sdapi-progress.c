/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* sdapi-progress.c: how far the server is, asked while it works. */
#include "config.h"

#include "remote/sdapi.h"

#define INTERVAL G_USEC_PER_SEC
#define MAX_PREVIEW ((gsize)64 << 20)

struct _PmtSdapiProgress
{
  PmtRemoteCall *call;
  PmtRemoteCall line;
  gchar *task_id;
  GThread *thread;
  GMutex lock;
  GCond cond;
  gboolean is_over;
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
  json = pmt_remote_call_json (&progress->line, "POST", "/internal/progress",
                               NULL, body, NULL);
  if (json == NULL)
    {
      progress->has_tasks = progress->line.fault.kind != PMT_FAULT_PARAMETER;
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
      &progress->line, "GET", "/sdapi/v1/progress?skip_current_image=false",
      NULL, NULL, NULL);

  if (json == NULL)
    return progress->line.fault.kind != PMT_FAULT_PARAMETER;
  report (progress, json, "current_image");
  return TRUE;
}

static gboolean
is_over (PmtSdapiProgress *progress)
{
  const gint64 end_time = g_get_monotonic_time () + INTERVAL;
  gboolean result;

  g_mutex_lock (&progress->lock);
  while (!progress->is_over
         && g_cond_wait_until (&progress->cond, &progress->lock, end_time))
    continue;
  result = progress->is_over;
  g_mutex_unlock (&progress->lock);
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
  const PmtFault none = PMT_FAULT_INIT;
  PmtSdapiProgress *progress = g_new0 (PmtSdapiProgress, 1);

  progress->call = call;
  progress->line.http = call->http;
  progress->line.account = call->account;
  progress->line.key = call->key;
  progress->line.fault = none;
  progress->line.cancellable = g_cancellable_new ();
  progress->task_id = g_strdup (task_id);
  progress->preview_id = -1;
  progress->has_tasks = TRUE;
  g_mutex_init (&progress->lock);
  g_cond_init (&progress->cond);
  progress->thread = g_thread_new ("pentimento-sdapi", watch, progress);
  return progress;
}

void
pmt_sdapi_progress_stop (PmtSdapiProgress *progress)
{
  g_mutex_lock (&progress->lock);
  progress->is_over = TRUE;
  g_cond_signal (&progress->cond);
  g_mutex_unlock (&progress->lock);
  g_cancellable_cancel (progress->line.cancellable);
  g_thread_join (progress->thread);
  g_mutex_clear (&progress->lock);
  g_cond_clear (&progress->cond);
  g_object_unref (progress->line.cancellable);
  pmt_fault_clear (&progress->line.fault);
  g_free (progress->task_id);
  g_free (progress);
}
