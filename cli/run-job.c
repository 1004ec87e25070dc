/* SPDX-License-Identifier: LGPL-3.0-or-later */
/*
 * run-job.c: the work goes on in a thread, the main loop waits for it and for
 * signals.  Loading and saving can't be cancelled: when the thread does not
 * end soon, the process does.
 */
#include "config.h"

#include "run-job.h"

#include <glib-unix.h>
#include <glib/gi18n-lib.h>
#include <signal.h>
#include <unistd.h>

#include "flatten.h"
#include "library-log.h"
#include "output.h"
#include "report.h"
#include "request-args.h"

/* How long a cancelled job may take to end by itself. */
#define PATIENCE_MS 600

typedef struct
{
  PmtEngine *engine;
  const Options *options;
  Output *output;
  GCancellable *cancellable;
  GMainLoop *loop;
  GError *error;
  gboolean is_done;
} Job;

static void
show_progress (const gchar *stage,
               gdouble fraction,
               GeglBuffer *preview,
               gpointer user_data)
{
  g_printerr ("\r\033[K%3.0f %% %s", 100.0 * fraction, stage);
}

static gboolean
is_first_of_seed (const PmtResult *result, guint i)
{
  for (guint k = 0; k < i; k++)
    if (pmt_result_get_seed (result, k) == pmt_result_get_seed (result, i))
      return FALSE;
  return TRUE;
}

static gboolean
save_candidates (Output *output,
                 const PmtRequest *request,
                 const PmtResult *result,
                 GError **error)
{
  /* Nothing was found to work on: the picture as it was. */
  if (pmt_result_get_n_items (result) == 0)
    {
      g_autoptr (GeglBuffer) flat = flatten (request, result, 0, error);

      return flat && output_add (output, flat, error);
    }
  for (guint i = 0; i < pmt_result_get_n_items (result); i++)
    {
      g_autoptr (GeglBuffer) flat = NULL;

      if (!is_first_of_seed (result, i))
        continue;
      flat = flatten (request, result, pmt_result_get_seed (result, i), error);
      if (!flat || !output_add (output, flat, error))
        return FALSE;
    }
  return TRUE;
}

/* In the worker. */
static gboolean
do_job (Job *job, GError **error)
{
  gboolean is_shown = !job->options->is_quiet && isatty (STDERR_FILENO);
  g_autoptr (PmtRequest) request = NULL;
  g_autoptr (PmtResult) result = NULL;
  g_auto (GStrv) names = NULL;
  PmtEstimate estimate = { 0 };
  RunTimes times = { 0 };
  gint64 start = g_get_monotonic_time ();

  request = request_from_options (job->engine, job->options, error);
  if (!request)
    return FALSE;
  times.load = g_get_monotonic_time () - start;

  result =
      pmt_engine_run (job->engine, request, is_shown ? show_progress : NULL,
                      NULL, job->cancellable, error);
  if (is_shown)
    g_printerr ("\r\033[K");
  /* A run that was gone on with has nothing left to be estimated. */
  if (!result
      || (!pmt_request_get_resume (request)
          && !pmt_engine_estimate (job->engine, request, &estimate, error)))
    return FALSE;

  times.save = -g_get_monotonic_time ();
  if (!save_candidates (job->output, request, result, error)
      || g_cancellable_set_error_if_cancelled (job->cancellable, error))
    return FALSE;
  names = output_commit (job->output, error);
  if (!names)
    return FALSE;

  times.save += g_get_monotonic_time ();
  times.total = g_get_monotonic_time () - start;
  report_run (result, names, estimate.credits, &times, job->options->is_json);
  return TRUE;
}

static gboolean
quit_loop (gpointer data)
{
  g_main_loop_quit (data);
  return G_SOURCE_REMOVE;
}

static gpointer
job_thread (gpointer data)
{
  Job *job = data;

  job->is_done = do_job (job, &job->error);
  g_idle_add (quit_loop, job->loop);
  return NULL;
}

static const gchar *
stopped_sentence (void)
{
  return _ ("The run was stopped, and no file was written.");
}

static gboolean
out_of_patience (gpointer data)
{
  Job *job = data;

  output_discard (job->output);
  library_log_end ();
  g_printerr ("pentimento: %s\n", stopped_sentence ());
  /* Not exit(): the thread still works with what would be taken down. */
  _exit (1);
}

static gboolean
interrupted (gpointer data)
{
  Job *job = data;

  if (!g_cancellable_is_cancelled (job->cancellable))
    g_timeout_add (PATIENCE_MS, out_of_patience, job);
  g_cancellable_cancel (job->cancellable);
  return G_SOURCE_CONTINUE;
}

gboolean
run_job (PmtEngine *engine, const Options *options, GError **error)
{
  static const gint signals[] = { SIGINT, SIGTERM, SIGHUP };
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (Output) output = output_new (options->out, error);
  Job job = { engine, options, output, cancellable, loop, NULL, FALSE };
  guint sources[G_N_ELEMENTS (signals)];
  GThread *thread;

  if (!output)
    return FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (signals); i++)
    sources[i] = g_unix_signal_add (signals[i], interrupted, &job);
  thread = g_thread_new ("job", job_thread, &job);
  g_main_loop_run (loop);
  g_thread_join (thread);
  for (guint i = 0; i < G_N_ELEMENTS (signals); i++)
    g_source_remove (sources[i]);

  if (g_error_matches (job.error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_clear_error (&job.error);
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED,
                           stopped_sentence ());
    }
  else if (job.error)
    g_propagate_error (error, job.error);
  return job.is_done;
}
