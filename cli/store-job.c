/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* store-job.c: the work goes on in a thread, the main loop waits for it and for
 * signals. */
#include "config.h"

#include "store-job.h"

#include <glib-unix.h>
#include <glib/gi18n-lib.h>
#include <signal.h>
#include <unistd.h>

typedef struct
{
  PmtEngine *engine;
  const Options *options;
  GCancellable *cancellable;
  GMainLoop *loop;
  GError *error;
  gchar *added;
  gboolean is_done;
} Job;

static void
show_progress (const gchar *stage,
               guint64 done,
               guint64 total,
               gpointer user_data)
{
  g_autofree gchar *here = g_format_size (done);
  g_autofree gchar *all = g_format_size (total);

  if (total == 0)
    g_printerr ("\r\033[K%s", stage);
  else
    g_printerr ("\r\033[K%3.0f %% %s (%s / %s)",
                100.0 * (gdouble)done / (gdouble)total, stage, here, all);
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
  const gboolean is_shown = !job->options->is_quiet && isatty (STDERR_FILENO);
  const PmtStoreProgressFunc progress = is_shown ? show_progress : NULL;

  if (job->options->download)
    job->is_done =
        pmt_store_download (job->engine, job->options->download, progress, NULL,
                            job->cancellable, &job->error);
  else
    {
      job->added = pmt_store_add (job->engine, job->options->add, progress,
                                  NULL, job->cancellable, &job->error);
      job->is_done = job->added != NULL;
    }
  if (is_shown)
    g_printerr ("\r\033[K");
  g_idle_add (quit_loop, job->loop);
  return NULL;
}

static gboolean
interrupted (gpointer data)
{
  g_cancellable_cancel (data);
  return G_SOURCE_CONTINUE;
}

static void
take_error (Job *job, GError **error)
{
  if (!g_error_matches (job->error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_propagate_error (error, job->error);
      return;
    }
  g_clear_error (&job->error);
  g_set_error_literal (
      error, G_IO_ERROR, G_IO_ERROR_CANCELLED,
      job->options->download
          ? _ ("The download was stopped. It goes on from there the next "
               "time.")
          : _ ("Copying was stopped, and nothing was added."));
}

gboolean
store_job_run (PmtEngine *engine, const Options *options, GError **error)
{
  static const gint signals[] = { SIGINT, SIGTERM, SIGHUP };
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Job job = { engine, options, cancellable, loop, NULL, NULL, FALSE };
  guint sources[G_N_ELEMENTS (signals)];
  GThread *thread;

  for (guint i = 0; i < G_N_ELEMENTS (signals); i++)
    sources[i] = g_unix_signal_add (signals[i], interrupted, cancellable);
  thread = g_thread_new ("store", job_thread, &job);
  g_main_loop_run (loop);
  g_thread_join (thread);
  for (guint i = 0; i < G_N_ELEMENTS (signals); i++)
    g_source_remove (sources[i]);

  if (!job.is_done)
    take_error (&job, error);
  else if (job.added)
    g_print (_ ("“%s” is there now.\n"), job.added);
  else
    g_print (_ ("“%s” is there now.\n"), options->download);
  g_free (job.added);
  return job.is_done;
}
