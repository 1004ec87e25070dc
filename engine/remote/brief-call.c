/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* brief-call.c: a second line to a server, for a moment. */
#include "config.h"

#include "remote/brief-call.h"

static gpointer
watch (gpointer data)
{
  PmtBriefCall *brief = data;

  g_mutex_lock (&brief->lock);
  while (!brief->is_over
         && g_cond_wait_until (&brief->cond, &brief->lock, brief->end_time))
    continue;
  g_mutex_unlock (&brief->lock);
  g_cancellable_cancel (brief->call.cancellable);
  return NULL;
}

void
pmt_brief_call_init (PmtBriefCall *brief,
                     const PmtRemoteCall *call,
                     gdouble seconds)
{
  const PmtFault none = PMT_FAULT_INIT;

  *brief = (PmtBriefCall){ 0 };
  brief->call.http = call->http;
  brief->call.account = call->account;
  brief->call.key = call->key;
  brief->call.cache_dir = call->cache_dir;
  brief->call.fault = none;
  brief->call.cancellable = g_cancellable_new ();
  g_mutex_init (&brief->lock);
  g_cond_init (&brief->cond);
  brief->end_time =
      g_get_monotonic_time () + (gint64)(seconds * G_USEC_PER_SEC);
  if (seconds > 0.0)
    brief->thread = g_thread_new ("pentimento-brief", watch, brief);
}

void
pmt_brief_call_clear (PmtBriefCall *brief)
{
  g_mutex_lock (&brief->lock);
  brief->is_over = TRUE;
  g_cond_signal (&brief->cond);
  g_mutex_unlock (&brief->lock);
  if (brief->thread != NULL)
    g_thread_join (brief->thread);
  g_mutex_clear (&brief->lock);
  g_cond_clear (&brief->cond);
  g_object_unref (brief->call.cancellable);
  pmt_fault_clear (&brief->call.fault);
}
