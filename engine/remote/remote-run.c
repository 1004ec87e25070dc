/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* remote-run.c: a plan carried out by a service. */
#include "config.h"

#include "remote/remote-run.h"

#include <glib/gi18n-lib.h>

#include "remote/remote-layer.h"
#include "remote/spending.h"

#define PREPARE_SHARE 0.05
#define FINISH_SHARE 0.1
#define TICK_US (G_USEC_PER_SEC / 20)

/* A call with its thread's share of the work. */
typedef struct
{
  PmtRemoteRun *run;
  const PmtRemoteInput *input;
  PmtRunCall *call;
  PmtRemoteReply *reply;
  GError *error;
  gdouble fraction;
  GBytes *preview;
  GMutex *mutex;
  GCond *cond;
  gboolean is_done;
} Work;

/* All calls of a run; @mutex guards what their threads report. */
typedef struct
{
  PmtRemoteRun *run;
  GPtrArray *inputs;
  GPtrArray *works;
  GMutex mutex;
  GCond cond;
} Crew;

static void
work_free (gpointer data)
{
  Work *work = data;

  g_clear_pointer (&work->reply, pmt_remote_reply_free);
  g_clear_error (&work->error);
  g_clear_pointer (&work->preview, g_bytes_unref);
  g_free (work);
}

static void
crew_init (Crew *crew, PmtRemoteRun *run)
{
  crew->run = run;
  crew->inputs = g_ptr_array_new_with_free_func (pmt_remote_input_free);
  crew->works = g_ptr_array_new_with_free_func (work_free);
  g_mutex_init (&crew->mutex);
  g_cond_init (&crew->cond);
}

static void
crew_clear (Crew *crew)
{
  g_ptr_array_unref (crew->works);
  g_ptr_array_unref (crew->inputs);
  g_mutex_clear (&crew->mutex);
  g_cond_clear (&crew->cond);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Crew, crew_clear)

/* ---------------------------------------------------------------- threads */

static void
take_progress (gdouble fraction, GBytes *preview, gpointer user_data)
{
  Work *work = user_data;

  g_mutex_lock (work->mutex);
  if (fraction > work->fraction)
    work->fraction = MIN (fraction, 1.0);
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
  Work *work = user_data;

  return pmt_run_file_save (work->run->file, error);
}

/* What a call costs where the service doesn't tell it. */
static gdouble
cost_of (const Work *work)
{
  const guint n = work->run->file->calls->len;

  if (work->call->job->cost >= 0.0)
    return work->call->job->cost;
  return work->run->cost > 0.0 && n > 0 ? work->run->cost / n : 0.0;
}

static void
do_work (gpointer data, gpointer user_data)
{
  Work *work = data;
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
    pmt_spending_add (run->user_dir, run->account->id, cost_of (work));
  g_mutex_lock (work->mutex);
  work->is_done = TRUE;
  work->fraction = 1.0;
  g_cond_signal (work->cond);
  g_mutex_unlock (work->mutex);
}

/* ----------------------------------------------------------------- report */

static guint
count_done (const Crew *crew, gdouble *fraction)
{
  guint n = 0;
  gdouble sum = 0.0;

  for (guint i = 0; i < crew->works->len; i++)
    {
      const Work *work = crew->works->pdata[i];

      n += work->is_done ? 1 : 0;
      sum += MAX (work->fraction, 0.0);
    }
  *fraction = crew->works->len > 0 ? sum / crew->works->len : 1.0;
  return n;
}

static Work *
find_preview (const Crew *crew)
{
  for (guint i = 0; i < crew->works->len; i++)
    {
      Work *work = crew->works->pdata[i];

      if (work->preview != NULL)
        return work;
    }
  return NULL;
}

/* A preview at its place; called with the mutex held, which is given up
 * while the picture is decoded. */
static void
show_preview (Crew *crew, gdouble fraction)
{
  Work *work = find_preview (crew);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GeglBuffer) decoded = NULL;
  const GeglRectangle *extent;

  if (work == NULL)
    return;
  bytes = g_steal_pointer (&work->preview);
  g_mutex_unlock (&crew->mutex);
  decoded = pmt_picture_decode (bytes, PMT_PICTURE_MAX_PIXELS,
                                crew->run->account->label, NULL);
  if (decoded != NULL)
    {
      extent = gegl_buffer_get_extent (decoded);
      g_debug ("preview of %d x %d", extent->width, extent->height);
      pmt_progress_preview (crew->run->progress, fraction, decoded);
    }
  g_mutex_lock (&crew->mutex);
}

/* Until every thread is done; the run's own thread reports. */
static void
watch (Crew *crew)
{
  gdouble fraction = 0.0;

  g_mutex_lock (&crew->mutex);
  while (count_done (crew, &fraction) < crew->works->len)
    {
      g_cond_wait_until (&crew->cond, &crew->mutex,
                         g_get_monotonic_time () + TICK_US);
      show_preview (crew, fraction);
      g_mutex_unlock (&crew->mutex);
      pmt_progress_report (crew->run->progress, fraction);
      g_mutex_lock (&crew->mutex);
    }
  g_mutex_unlock (&crew->mutex);
}

static gboolean
run_crew (Crew *crew, GError **error)
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

/* ---------------------------------------------------------------- prepare */

static gboolean
make_inputs (Crew *crew, GError **error)
{
  PmtRemoteRun *run = crew->run;
  g_autoptr (GPtrArray) references = pmt_remote_references_new (run, error);

  for (guint i = 0; references != NULL && i < run->plan->pieces->len; i++)
    {
      PmtRemoteInput *input = pmt_remote_input_new (
          run, pmt_remote_plan_get_piece (run->plan, i), references, error);

      if (input == NULL)
        return FALSE;
      g_ptr_array_add (crew->inputs, input);
      pmt_progress_report (run->progress,
                           (gdouble)(i + 1) / run->plan->pieces->len);
    }
  return references != NULL;
}

static void
add_calls (PmtRemoteRun *run)
{
  const PmtRemotePlan *plan = run->plan;

  for (guint piece = 0; piece < plan->pieces->len; piece++)
    for (guint i = 0; i < plan->n_candidates; i += plan->per_call)
      pmt_run_file_add (run->file, piece, i,
                        MIN (plan->per_call, plan->n_candidates - i));
}

static gboolean
add_works (Crew *crew, GError **error)
{
  PmtRemoteRun *run = crew->run;

  for (guint i = 0; i < run->file->calls->len; i++)
    {
      PmtRunCall *call = run->file->calls->pdata[i];
      Work *work;

      if (call->piece >= crew->inputs->len)
        {
          g_set_error (error, PMT_ERROR, PMT_ERROR_INPUT,
                       _ ("The picture or the selection is not what it was "
                          "when the run was started. Undo what was changed, "
                          "and go on with the run then."));
          return FALSE;
        }
      /* Of an earlier try; its failure was told then. */
      if (call->job->state > PMT_REMOTE_DONE)
        continue;
      work = g_new0 (Work, 1);
      work->run = run;
      work->call = call;
      work->input = crew->inputs->pdata[call->piece];
      work->reply = pmt_remote_reply_new ();
      work->mutex = &crew->mutex;
      work->cond = &crew->cond;
      g_ptr_array_add (crew->works, work);
    }
  return TRUE;
}

/* The selection is needed again when the run is gone on with. */
static gboolean
begin_file (PmtRemoteRun *run, GError **error)
{
  GeglBuffer *mask = pmt_request_get_mask (run->job->request);

  if (run->file->calls->len > 0)
    return TRUE;
  add_calls (run);
  return mask == NULL || pmt_run_file_save_mask (run->file, mask, error);
}

/* ----------------------------------------------------------------- finish */

static gboolean
add_pictures (const Work *work, PmtResult *result, GError **error)
{
  const GPtrArray *pictures = work->reply->pictures;

  for (guint i = 0; i < pictures->len; i++)
    if (!pmt_remote_layer_add (work->run, work->input, work->call,
                               pictures->pdata[i], work->call->first + i,
                               result, error))
      return FALSE;
  return TRUE;
}

static void
note_reply (const Work *work, PmtResult *result)
{
  const gchar *label = work->run->account->label;
  const guint n_refused = work->reply->n_refused;

  if (n_refused > 0)
    pmt_result_note (result,
                     g_dngettext (GETTEXT_PACKAGE,
                                  "“%s” kept %u picture back: its content "
                                  "filter refused it.",
                                  "“%s” kept %u pictures back: its content "
                                  "filter refused them.",
                                  n_refused),
                     label, n_refused);
  if (work->reply->pictures->len < work->call->count && n_refused == 0)
    pmt_result_note (result, _ ("“%s” made %u pictures; %u were asked for."),
                     label, work->reply->pictures->len, work->call->count);
  if (work->reply->note != NULL)
    {
      g_autofree gchar *note =
          pmt_fault_clean_detail (work->reply->note, work->run->key);

      if (note != NULL)
        pmt_result_note (result, _ ("“%s” says: %s"), label, note);
    }
}

/* The run's error is that of its first failure; others were probably for the
 * same reason. */
static PmtResult *
collect (Crew *crew, GError **error)
{
  PmtRemoteRun *run = crew->run;
  g_autoptr (PmtResult) result = pmt_result_new (run->job);
  g_autoptr (GError) first = NULL;

  pmt_result_set_canvas (result, &run->plan->canvas);
  for (guint i = 0; i < crew->works->len; i++)
    {
      Work *work = crew->works->pdata[i];
      g_autoptr (GError) local = g_steal_pointer (&work->error);

      pmt_progress_report (run->progress, (gdouble)i / crew->works->len);
      if (local == NULL)
        {
          note_reply (work, result);
          if (add_pictures (work, result, &local))
            continue;
        }
      if (g_error_matches (local, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return NULL;
        }
      if (first == NULL)
        first = g_steal_pointer (&local);
    }
  if (pmt_result_get_n_items (result) == 0 && first != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&first));
      return NULL;
    }
  if (first != NULL)
    pmt_result_note (result, _ ("Not all pictures came: %s"), first->message);
  return g_steal_pointer (&result);
}

/* What can still be fetched is kept, and the user is told how. */
static void
close_file (PmtRemoteRun *run, gboolean is_cancelled, GError **error)
{
  gboolean is_open = FALSE;

  for (guint i = 0; i < run->file->calls->len; i++)
    {
      const PmtRemoteState state =
          ((PmtRunCall *)run->file->calls->pdata[i])->job->state;

      is_open = is_open || state == PMT_REMOTE_RUNNING
                || (state == PMT_REMOTE_DONE && error != NULL);
    }
  if (!is_open || is_cancelled || run->file->folder == NULL)
    {
      pmt_run_file_delete (run->file);
      return;
    }
  if (error != NULL && *error != NULL)
    {
      g_autofree gchar *message = g_strdup_printf (
          /* Translators: the first %s is a whole sentence, the second the name
           * of a run. */
          _ ("%s The run is kept as “%s” and can be gone on with: Filters > "
             "Pentimento > Fetch Interrupted Run."),
          (*error)->message, run->file->id);

      g_free ((*error)->message);
      (*error)->message = g_steal_pointer (&message);
    }
}

PmtResult *
pmt_remote_run (PmtRemoteRun *run, GError **error)
{
  g_auto (Crew) crew = { 0 };
  g_autoptr (PmtResult) result = NULL;
  g_autoptr (GError) local = NULL;
  gboolean is_ok;

  crew_init (&crew, run);
  pmt_progress_begin (run->progress, N_ ("Preparing pictures"), PREPARE_SHARE);
  is_ok = make_inputs (&crew, error);
  pmt_progress_end (run->progress);
  if (!is_ok || !begin_file (run, error) || !add_works (&crew, error))
    return NULL;
  pmt_progress_begin (run->progress, N_ ("Waiting for the service"),
                      1.0 - PREPARE_SHARE - FINISH_SHARE);
  is_ok = run_crew (&crew, error);
  pmt_progress_end (run->progress);
  if (!is_ok)
    return NULL;
  pmt_progress_begin (run->progress, N_ ("Taking over the pictures"),
                      FINISH_SHARE);
  result = collect (&crew, &local);
  pmt_progress_end (run->progress);
  if (result != NULL)
    {
      close_file (run, FALSE, NULL);
      return g_steal_pointer (&result);
    }
  close_file (run, g_cancellable_is_cancelled (run->cancellable), &local);
  g_propagate_error (error, g_steal_pointer (&local));
  return NULL;
}
