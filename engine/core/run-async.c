/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* run-async.c: a run in a worker thread, reported to the caller's context. */
#include "config.h"

#include "core/engine-private.h"

/* The latest state of a run.  The worker overwrites it, the caller's context
 * picks it up: a busy main loop never gets a queue of old news.  Items are
 * news that count, and wait in a queue. */
typedef struct
{
  GMutex mutex;
  PmtProgressFunc func;
  PmtItemFunc item;
  gpointer user_data;
  GMainContext *context;
  gboolean is_pending;
  gchar *stage;
  gdouble fraction;
  GeglBuffer *preview;
  gboolean has_news; /* beside items */
  GQueue items;      /* of PmtResult */
} Relay;

typedef struct
{
  PmtEngine *engine;
  PmtRequest *request;
  Relay *relay;
} Work;

static void
relay_clear (gpointer data)
{
  Relay *relay = data;

  g_mutex_clear (&relay->mutex);
  g_clear_pointer (&relay->context, g_main_context_unref);
  g_free (relay->stage);
  g_clear_object (&relay->preview);
  g_queue_clear_full (&relay->items, (GDestroyNotify)pmt_result_free);
}

static void
relay_unref (gpointer relay)
{
  g_atomic_rc_box_release_full (relay, relay_clear);
}

static void
work_free (gpointer data)
{
  Work *work = data;

  pmt_engine_unref (work->engine);
  g_clear_pointer (&work->request, pmt_request_free);
  relay_unref (work->relay);
  g_free (work);
}

/* In the caller's context. */
static gboolean
relay_deliver (gpointer data)
{
  Relay *relay = data;
  g_autofree gchar *stage = NULL;
  g_autoptr (GeglBuffer) preview = NULL;
  GQueue items;
  gdouble fraction;
  gboolean has_news;

  g_mutex_lock (&relay->mutex);
  relay->is_pending = FALSE;
  has_news = relay->has_news;
  relay->has_news = FALSE;
  stage = g_strdup (relay->stage);
  preview = g_steal_pointer (&relay->preview);
  fraction = relay->fraction;
  items = relay->items;
  g_queue_init (&relay->items);
  g_mutex_unlock (&relay->mutex);
  if (has_news)
    relay->func (stage, fraction, preview, relay->user_data);
  while (!g_queue_is_empty (&items))
    relay->item (g_queue_pop_head (&items), relay->user_data);
  return G_SOURCE_REMOVE;
}

static void
relay_post (Relay *relay)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  /* The priority of the task's own callback: what was posted before it is
   * delivered before it. */
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, relay_deliver, g_atomic_rc_box_acquire (relay),
                         relay_unref);
  g_source_attach (source, relay->context);
}

/* Called with the mutex held, which is given up. */
static void
relay_unlock_and_post (Relay *relay)
{
  const gboolean was_pending = relay->is_pending;

  relay->is_pending = TRUE;
  g_mutex_unlock (&relay->mutex);
  if (!was_pending)
    relay_post (relay);
}

/* In the worker. */
static void
relay_progress (const gchar *stage,
                gdouble fraction,
                GeglBuffer *preview,
                gpointer data)
{
  Relay *relay = data;
  /* The backend may go on drawing into its own. */
  g_autoptr (GeglBuffer) copy = preview ? gegl_buffer_dup (preview) : NULL;

  g_mutex_lock (&relay->mutex);
  relay->has_news = TRUE;
  g_free (relay->stage);
  relay->stage = g_strdup (stage);
  relay->fraction = fraction;
  if (copy != NULL)
    g_set_object (&relay->preview, copy);
  relay_unlock_and_post (relay);
}

/* In the worker. */
static void
relay_item (PmtResult *item, gpointer data)
{
  Relay *relay = data;

  g_mutex_lock (&relay->mutex);
  g_queue_push_tail (&relay->items, item);
  relay_unlock_and_post (relay);
}

static void
run_in_thread (GTask *task,
               gpointer source,
               gpointer task_data,
               GCancellable *cancellable)
{
  Work *work = task_data;
  GError *error = NULL;
  PmtResult *result;

  result =
      pmt_engine_run_items (work->engine, work->request,
                            work->relay->func != NULL ? relay_progress : NULL,
                            work->relay->item != NULL ? relay_item : NULL,
                            work->relay, cancellable, &error);
  /* Whoever gets the result may close GEGL right away: no buffer may wait
   * here for the end of the thread. */
  g_clear_pointer (&work->request, pmt_request_free);
  if (result != NULL)
    g_task_return_pointer (task, result, (GDestroyNotify)pmt_result_free);
  else
    g_task_return_error (task, error);
}

/* @relay: (transfer full), without the context. */
static void
start (PmtEngine *engine,
       const PmtRequest *request,
       Relay *relay,
       GCancellable *cancellable,
       GAsyncReadyCallback callback,
       gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  Work *work;

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, pmt_engine_run_async);
  work = g_new0 (Work, 1);
  work->engine = pmt_engine_ref (engine);
  work->request = pmt_request_copy (request);
  work->relay = relay;
  work->relay->context = g_main_context_ref (g_task_get_context (task));
  g_task_set_task_data (task, work, work_free);
  g_task_run_in_thread (task, run_in_thread);
}

static Relay *
relay_new (PmtProgressFunc progress, PmtItemFunc item, gpointer user_data)
{
  Relay *relay = g_atomic_rc_box_new0 (Relay);

  g_mutex_init (&relay->mutex);
  g_queue_init (&relay->items);
  relay->func = progress;
  relay->item = item;
  relay->user_data = user_data;
  return relay;
}

void
pmt_engine_run_async (PmtEngine *engine,
                      const PmtRequest *request,
                      PmtProgressFunc progress,
                      gpointer progress_data,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  g_return_if_fail (engine != NULL && request != NULL);
  start (engine, request, relay_new (progress, NULL, progress_data),
         cancellable, callback, user_data);
}

void
pmt_engine_run_items_async (PmtEngine *engine,
                            const PmtRequest *request,
                            PmtProgressFunc progress,
                            PmtItemFunc item,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_return_if_fail (engine != NULL && request != NULL && item != NULL);
  start (engine, request, relay_new (progress, item, user_data), cancellable,
         callback, user_data);
}

PmtResult *
pmt_engine_run_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, pmt_engine_run_async),
                        NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
