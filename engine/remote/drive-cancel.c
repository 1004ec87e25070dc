/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* drive-cancel.c: tells a service that a job is not wanted any more. */
#include "config.h"

#include "remote/drive.h"

#define CANCEL_S 0.8

typedef struct
{
  gint ref_count;
  GMutex mutex;
  GCond cond;
  gboolean is_done;
  PmtRemoteCall call;
  PmtRemoteJob *job;
  gchar *key;
} Farewell;

static void
farewell_unref (Farewell *farewell)
{
  if (!g_atomic_int_dec_and_test (&farewell->ref_count))
    return;
  g_mutex_clear (&farewell->mutex);
  g_cond_clear (&farewell->cond);
  g_clear_object (&farewell->call.cancellable);
  pmt_fault_clear (&farewell->call.fault);
  pmt_http_unref (farewell->call.http);
  pmt_remote_job_free (farewell->job);
  g_free (farewell->key);
  g_free (farewell);
}

static gpointer
say_farewell (gpointer data)
{
  Farewell *farewell = data;

  farewell->call.account->provider->cancel (&farewell->call, farewell->job);
  g_mutex_lock (&farewell->mutex);
  farewell->is_done = TRUE;
  g_cond_signal (&farewell->cond);
  g_mutex_unlock (&farewell->mutex);
  farewell_unref (farewell);
  return NULL;
}

static Farewell *
farewell_new (const PmtRemoteCall *call, const PmtRemoteJob *job)
{
  const PmtFault none = PMT_FAULT_INIT;
  Farewell *farewell = g_new0 (Farewell, 1);

  farewell->ref_count = 2;
  g_mutex_init (&farewell->mutex);
  g_cond_init (&farewell->cond);
  farewell->call = *call;
  farewell->call.fault = none;
  farewell->call.http = pmt_http_ref (call->http);
  farewell->call.cancellable = g_cancellable_new ();
  farewell->call.progress = NULL;
  farewell->call.save = NULL;
  farewell->key = g_strdup (call->key);
  farewell->call.key = farewell->key;
  farewell->job = pmt_remote_job_new ();
  farewell->job->state = job->state;
  farewell->job->id = g_strdup (job->id);
  farewell->job->status_url = g_strdup (job->status_url);
  farewell->job->result_url = g_strdup (job->result_url);
  farewell->job->cancel_url = g_strdup (job->cancel_url);
  return farewell;
}

void
pmt_drive_cancel (PmtRemoteCall *call, PmtRemoteJob *job)
{
  const gint64 end =
      g_get_monotonic_time () + (gint64)(CANCEL_S * G_USEC_PER_SEC);
  Farewell *farewell;
  GThread *thread;

  job->state = PMT_REMOTE_CANCELLED;
  if (call->account->provider->cancel == NULL)
    return;
  farewell = farewell_new (call, job);
  thread = g_thread_new ("cancel", say_farewell, farewell);
  g_thread_unref (thread);
  g_mutex_lock (&farewell->mutex);
  while (!farewell->is_done
         && g_cond_wait_until (&farewell->cond, &farewell->mutex, end))
    ;
  if (!farewell->is_done)
    g_cancellable_cancel (farewell->call.cancellable);
  /* It refers to the account, which may be gone soon. */
  while (!farewell->is_done
         && g_cond_wait_until (&farewell->cond, &farewell->mutex,
                               end + G_USEC_PER_SEC))
    ;
  g_mutex_unlock (&farewell->mutex);
  farewell_unref (farewell);
}
