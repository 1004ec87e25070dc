/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* remote-crew.c: the calls of a run, side by side. */
#include "config.h"

#include "remote/remote-crew.h"

#include "remote/remote-layer.h"
#include "remote/spending.h"

#define TICK_US (G_USEC_PER_SEC / 20)

/* Larger ones take longer to be made than they are seen. */
#define PREVIEW_MAX_PIXELS ((gint64)8 << 20)

static void
work_free (gpointer data)
{
  PmtRemoteWork *work = data;

  g_clear_pointer (&work->reply, pmt_remote_reply_free);
  g_clear_error (&work->error);
  g_clear_error (&work->spending_error);
  g_clear_pointer (&work->preview, g_bytes_unref);
  g_free (work);
}

void
pmt_remote_crew_init (PmtRemoteCrew *crew, PmtRemoteRun *run)
{
  crew->run = run;
  crew->inputs = g_ptr_array_new_with_free_func (pmt_remote_input_free);
  crew->works = g_ptr_array_new_with_free_func (work_free);
  g_mutex_init (&crew->mutex);
  g_cond_init (&crew->cond);
}

void
pmt_remote_crew_clear (PmtRemoteCrew *crew)
{
  g_ptr_array_unref (crew->works);
  g_ptr_array_unref (crew->inputs);
  g_mutex_clear (&crew->mutex);
  g_cond_clear (&crew->cond);
}

void
pmt_remote_crew_add (PmtRemoteCrew *crew,
                     const PmtRemoteInput *input,
                     PmtRunCall *call)
{
  PmtRemoteWork *work = g_new0 (PmtRemoteWork, 1);

  work->run = crew->run;
  work->call = call;
  work->input = input;
  work->reply = pmt_remote_reply_new ();
  work->mutex = &crew->mutex;
  work->cond = &crew->cond;
  g_ptr_array_add (crew->works, work);
}

/* ---------------------------------------------------------------- threads */

static void
take_progress (gdouble fraction, GBytes *preview, gpointer user_data)
{
  PmtRemoteWork *work = user_data;

  g_mutex_lock (work->mutex);
  if (fraction > work->fraction)
    work->fraction = MIN (fraction, 1.0);
  if (fraction >= PMT_REMOTE_SENT && !work->is_sent)
    {
      work->is_sent = TRUE;
      g_cond_signal (work->cond);
    }
  if (preview != NULL)
    {
      g_clear_pointer (&work->preview, g_bytes_unref);
      work->preview = g_bytes_ref (preview);
    }
  g_mutex_unlock (work->mutex);
}

static gboolean
write_down (PmtRemoteJob *job, gpointer user_data, GError **error)
{
  PmtRemoteWork *work = user_data;

  return pmt_run_file_save (work->run->file, error);
}

/* What a call costs where the service doesn't tell it. */
static gdouble
cost_of (const PmtRemoteWork *work)
{
  const guint n = work->run->file->calls->len;

  if (work->call->job->cost >= 0.0)
    return work->call->job->cost;
  return work->run->cost > 0.0 && n > 0 ? work->run->cost / n : 0.0;
}

static void
do_work (gpointer data, gpointer user_data)
{
  PmtRemoteWork *work = data;
  const PmtRemoteRun *run = work->run;
  const PmtDriveLimits limits = PMT_DRIVE_LIMITS_INIT;
  const PmtRemoteState before = work->call->job->state;
  g_autofree gchar *cache = NULL;
  PmtRemoteCall call = {
    .http = run->http,
    .account = run->account,
    .key = run->key,
    .cancellable = run->cancellable,
    .fault = PMT_FAULT_INIT,
    .save = write_down,
    .save_data = work,
    .progress = take_progress,
    .progress_data = work,
  };
  PmtRemoteTask task;
  gboolean is_ok;

  g_mutex_lock (work->mutex);
  work->is_started = TRUE;
  work->is_sent = before > PMT_REMOTE_SENDING;
  g_mutex_unlock (work->mutex);
  if (run->user_dir != NULL)
    cache = g_build_filename (run->user_dir, "cache", "remote", NULL);
  call.cache_dir = cache;
  pmt_remote_task_init (&task, run, work->input, work->call);
  is_ok = pmt_drive (&call, &task, &limits, work->call->job, work->reply,
                     &work->error);
  pmt_fault_clear (&call.fault);
  /* Counted once: when it was sent, not when it is fetched. */
  if (before <= PMT_REMOTE_SENDING && !task.is_mock
      && (is_ok || work->call->job->state == PMT_REMOTE_RUNNING
          || work->call->job->state == PMT_REMOTE_SENDING))
    pmt_spending_add (run->user_dir, run->account->id, cost_of (work),
                      &work->spending_error);
  g_mutex_lock (work->mutex);
  work->is_done = TRUE;
  work->fraction = 1.0;
  g_cond_signal (work->cond);
  g_mutex_unlock (work->mutex);
}

/* ----------------------------------------------------------------- report */

static guint
count_done (const PmtRemoteCrew *crew, gdouble *fraction)
{
  guint n = 0;
  gdouble sum = 0.0;

  for (guint i = 0; i < crew->works->len; i++)
    {
      const PmtRemoteWork *work = crew->works->pdata[i];

      n += work->is_done ? 1 : 0;
      sum += MAX (work->fraction, 0.0);
    }
  *fraction = crew->works->len > 0 ? sum / crew->works->len : 1.0;
  return n;
}

static PmtRemoteWork *
find_preview (const PmtRemoteCrew *crew)
{
  for (guint i = 0; i < crew->works->len; i++)
    {
      PmtRemoteWork *work = crew->works->pdata[i];

      if (work->preview != NULL)
        return work;
    }
  return NULL;
}

/* A preview at the place and size of what it is a preview of. */
static GeglBuffer *
make_preview (const PmtRemoteRun *run,
              const PmtRemotePiece *piece,
              GBytes *bytes)
{
  g_autoptr (GeglBuffer) decoded = pmt_picture_decode (
      bytes, PMT_PICTURE_MAX_PIXELS, run->account->label, NULL);
  const GeglRectangle *size;
  GeglRectangle target;
  PmtFitPlace place;

  if (decoded == NULL)
    return NULL;
  size = gegl_buffer_get_extent (decoded);
  pmt_remote_layer_place (run, piece, size->width, size->height, &target,
                          &place);
  if ((gint64)place.rect.width * place.rect.height > PREVIEW_MAX_PIXELS)
    return NULL;
  return pmt_fit_to_rect (decoded, &place.rect, babl_format ("R'G'B' u8"),
                          run->cancellable, NULL);
}

/* Called with the mutex held, which is given up while the picture is made. */
static void
show_preview (PmtRemoteCrew *crew, gdouble fraction)
{
  PmtRemoteWork *work = find_preview (crew);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GeglBuffer) preview = NULL;

  if (work == NULL)
    return;
  bytes = g_steal_pointer (&work->preview);
  g_mutex_unlock (&crew->mutex);
  preview = make_preview (crew->run, work->input->piece, bytes);
  if (preview != NULL)
    pmt_progress_preview (crew->run->progress, fraction, preview);
  g_mutex_lock (&crew->mutex);
}

/* Whether the computer has time: some are under way, and none of them is still
 * being sent. */
static gboolean
is_quiet (const PmtRemoteCrew *crew)
{
  gboolean is_any = FALSE;

  for (guint i = 0; i < crew->works->len; i++)
    {
      const PmtRemoteWork *work = crew->works->pdata[i];

      if (work->is_started && !work->is_sent && !work->is_done)
        return FALSE;
      is_any = is_any || work->is_started;
    }
  return is_any;
}

/* Called with the mutex held, which is given up meanwhile. */
static void
prepare (PmtRemoteCrew *crew)
{
  if (crew->is_prepared)
    return;
  g_mutex_unlock (&crew->mutex);
  for (guint i = 0; i < crew->inputs->len; i++)
    pmt_remote_input_prepare (crew->inputs->pdata[i], crew->run);
  crew->is_prepared = TRUE;
  g_mutex_lock (&crew->mutex);
}

/* The next in order that is done, so that items have the order of the calls. */
static PmtRemoteWork *
find_done (const PmtRemoteCrew *crew)
{
  PmtRemoteWork *work = crew->n_taken < crew->works->len
                            ? crew->works->pdata[crew->n_taken]
                            : NULL;

  return work != NULL && work->is_done && work->error == NULL ? work : NULL;
}

/* Called with the mutex held, which is given up meanwhile. */
static void
take_done (PmtRemoteCrew *crew)
{
  PmtRemoteWork *work;

  while ((work = find_done (crew)) != NULL)
    {
      gboolean is_ok;

      prepare (crew);
      g_mutex_unlock (&crew->mutex);
      is_ok = crew->take (work, crew->take_data, &work->error);
      g_mutex_lock (&crew->mutex);
      if (!is_ok)
        return;
      crew->n_taken++;
    }
}

/* Until every thread is done; the run's own thread reports. */
static void
watch (PmtRemoteCrew *crew)
{
  gdouble fraction = 0.0;

  g_mutex_lock (&crew->mutex);
  while (count_done (crew, &fraction) < crew->works->len)
    {
      g_cond_wait_until (&crew->cond, &crew->mutex,
                         g_get_monotonic_time () + TICK_US);
      if (is_quiet (crew))
        prepare (crew);
      show_preview (crew, fraction);
      take_done (crew);
      g_mutex_unlock (&crew->mutex);
      pmt_progress_report (crew->run->progress, fraction);
      g_mutex_lock (&crew->mutex);
    }
  take_done (crew);
  g_mutex_unlock (&crew->mutex);
}

gboolean
pmt_remote_crew_run (PmtRemoteCrew *crew, GError **error)
{
  const guint most = MAX (crew->run->account->provider->max_jobs, 1);
  GThreadPool *pool =
      g_thread_pool_new (do_work, NULL, (gint)most, FALSE, error);

  if (pool == NULL)
    return FALSE;
  for (guint i = 0; i < crew->works->len; i++)
    g_thread_pool_push (pool, crew->works->pdata[i], NULL);
  watch (crew);
  g_thread_pool_free (pool, FALSE, TRUE);
  return TRUE;
}
