/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* run.c: one run of the engine, with progress and Cancel. */
#include "config.h"

#include "run.h"

#ifdef G_OS_UNIX
#include <glib-unix.h>
#endif

#include "progress-dialog.h"

typedef struct
{
  GMainLoop *loop;
  GtkWidget *dialog; /* nullable */
  gchar *stage;
  GAsyncResult *async;
} Run;

static void
show_progress (const gchar *stage,
               gdouble fraction,
               GeglBuffer *preview,
               gpointer user_data)
{
  Run *run = user_data;

  if (run->dialog)
    {
      pmt_progress_dialog_update (PMT_PROGRESS_DIALOG (run->dialog), stage,
                                  fraction, preview);
      return;
    }

  if (stage && g_strcmp0 (stage, run->stage) != 0)
    {
      g_free (run->stage);
      run->stage = g_strdup (stage);
      gimp_progress_set_text (stage);
    }
  gimp_progress_update (fraction);
}

static void
take_result (GObject *object, GAsyncResult *async, gpointer user_data)
{
  Run *run = user_data;

  run->async = g_object_ref (async);
  g_main_loop_quit (run->loop);
}

#ifdef G_OS_UNIX
static gboolean
cancel_run (gpointer cancellable)
{
  g_cancellable_cancel (cancellable);

  return G_SOURCE_CONTINUE;
}

/* A polite signal (Ctrl+C in a terminal, kill) cancels the run, so that the
 * caller hears of it; what libgimp does is print a trace and abort.
 */
static void
watch_signals (guint sources[2], GCancellable *cancellable)
{
  sources[0] = g_unix_signal_add (SIGINT, cancel_run, cancellable);
  sources[1] = g_unix_signal_add (SIGTERM, cancel_run, cancellable);
}
#else
static void
watch_signals (guint sources[2], GCancellable *cancellable)
{
  sources[0] = sources[1] = 0;
}
#endif

static void
unwatch_signals (guint sources[2])
{
  for (gint i = 0; i < 2; i++)
    if (sources[i] != 0)
      g_source_remove (sources[i]);
}

PmtResult *
pmt_run_request (PmtEngine *engine,
                 const PmtRequest *request,
                 const gchar *title,
                 gboolean is_interactive,
                 GError **error)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Run run = { loop, NULL, NULL, NULL };
  PmtResult *result;
  guint sources[2];

  if (is_interactive)
    {
      run.dialog = pmt_progress_dialog_new (title, cancellable);
      gimp_window_set_transient (GTK_WINDOW (run.dialog));
      gtk_widget_show (run.dialog);
    }
  else
    {
      gimp_progress_init (title);
    }

  watch_signals (sources, cancellable);
  pmt_engine_run_async (engine, request, show_progress, &run, cancellable,
                        take_result, &run);
  g_main_loop_run (loop);
  unwatch_signals (sources);
  result = pmt_engine_run_finish (run.async, error);

  /* From here on GIMP's Cancel must not come between two inserted layers. */
  if (run.dialog)
    gtk_widget_destroy (run.dialog);
  else
    gimp_progress_end ();
  g_object_unref (run.async);
  g_free (run.stage);

  return result;
}

GError *
pmt_run_join_problems (GPtrArray *problems)
{
  const PmtProblem *first = g_ptr_array_index (problems, 0);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < problems->len; i++)
    {
      const PmtProblem *problem = g_ptr_array_index (problems, i);

      if (i > 0)
        g_string_append_c (text, '\n');
      g_string_append (text, problem->message);
    }

  return g_error_new_literal (PMT_ERROR, first->code, text->str);
}
