/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* results-pane.c: runs the settings of a dialog, and keeps what they made. */
#include "config.h"

#include "results-pane.h"

#include <glib/gi18n-lib.h>

#include "candidate-box.h"
#include "message-bar.h"
#include "progress-box.h"

#define WIDTH 320

struct _PmtResultsPane
{
  GtkBox parent_instance;

  PmtEngine *engine;
  GtkDialog *dialog; /* not owned */
  GimpProcedureConfig *config;
  const PmtResultsSource *source;
  PmtResultsChangedFunc changed;
  gpointer user_data;

  GtkWidget *bar;
  GtkWidget *candidates;
  GtkWidget *progress;

  GCancellable *cancellable; /* of the run; NULL: there is none */
  gpointer batch;
  GeglBuffer *before;
  gboolean is_paid;
  gboolean is_closing; /* when the run has ended */
  guint n_new;         /* of this run */
  guint n_made;        /* of all runs */
  gint64 started;
};

G_DEFINE_TYPE (PmtResultsPane, pmt_results_pane, GTK_TYPE_BOX)

static void
end_batch (PmtResultsPane *pane)
{
  if (pane->batch)
    pane->source->unref_batch (pane->batch);
  pane->batch = NULL;
  g_clear_object (&pane->before);
}

static void
pmt_results_pane_finalize (GObject *object)
{
  PmtResultsPane *pane = PMT_RESULTS_PANE (object);

  end_batch (pane);
  g_clear_object (&pane->config);
  g_clear_pointer (&pane->engine, pmt_engine_unref);

  G_OBJECT_CLASS (pmt_results_pane_parent_class)->finalize (object);
}

static void
pmt_results_pane_class_init (PmtResultsPaneClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pmt_results_pane_finalize;
}

static void
pmt_results_pane_init (PmtResultsPane *pane)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (pane),
                                  GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (pane), 6);
  gtk_widget_set_no_show_all (GTK_WIDGET (pane), TRUE);
}

gboolean
pmt_results_pane_is_running (PmtResultsPane *pane)
{
  g_return_val_if_fail (PMT_IS_RESULTS_PANE (pane), FALSE);

  return pane->cancellable != NULL;
}

/* The same button cancels a run and closes the window. */
static void
set_close_label (PmtResultsPane *pane, const gchar *label)
{
  GtkWidget *button =
      gtk_dialog_get_widget_for_response (pane->dialog, GTK_RESPONSE_CANCEL);

  if (GTK_IS_BUTTON (button))
    gtk_button_set_label (GTK_BUTTON (button), label);
}

/* What was hidden leaves no hole. */
static void
fit_window (PmtResultsPane *pane)
{
  GtkWidget *window = GTK_WIDGET (pane->dialog);

  if (gtk_widget_get_mapped (window))
    gtk_window_resize (GTK_WINDOW (window),
                       gtk_widget_get_allocated_width (window), 1);
}

/* -------------------------------------------------------------------- run -- */

static void
show_progress (const gchar *stage,
               gdouble fraction,
               GeglBuffer *preview,
               gpointer user_data)
{
  PmtResultsPane *pane = user_data;

  /* A report that was under way when the user cancelled. */
  if (!g_cancellable_is_cancelled (pane->cancellable))
    pmt_progress_box_update (PMT_PROGRESS_BOX (pane->progress), stage, fraction,
                             preview);
}

/* What was made counts, even if the run is cancelled afterwards. */
static void
take_item (PmtResult *item, gpointer user_data)
{
  PmtResultsPane *pane = user_data;
  PmtCandidate *candidate = g_new0 (PmtCandidate, 1);

  candidate->result = item;
  candidate->batch = g_rc_box_acquire (pane->batch);
  candidate->unref_batch = pane->source->unref_batch;
  candidate->before = pane->before ? g_object_ref (pane->before) : NULL;
  candidate->number = ++pane->n_made;
  candidate->is_paid = pane->is_paid;
  pmt_candidate_box_add (PMT_CANDIDATE_BOX (pane->candidates), candidate,
                         pane->n_new++);
  /* There is something else to look at. */
  pmt_progress_box_set_small (PMT_PROGRESS_BOX (pane->progress), TRUE);
  fit_window (pane);
}

static void
tell_end (PmtResultsPane *pane, const PmtResult *result, const GError *error)
{
  PmtMessageBar *bar = PMT_MESSAGE_BAR (pane->bar);
  g_autofree gchar *notes = NULL;

  if (!result)
    {
      pmt_message_bar_tell_error (bar, error);
      return;
    }
  notes = g_strjoinv ("\n", (gchar **)pmt_result_get_notes (result));
  if (*notes)
    pmt_message_bar_tell (bar, GTK_MESSAGE_INFO, notes);
}

static void
run_ended (GObject *object, GAsyncResult *async, gpointer user_data)
{
  g_autoptr (PmtResultsPane) pane = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (PmtResult) result = pmt_engine_run_finish (async, &error);

  g_clear_object (&pane->cancellable);
  end_batch (pane);
  gtk_widget_hide (pane->progress);
  set_close_label (pane, _ ("_Close"));
  pmt_candidate_box_set_running (PMT_CANDIDATE_BOX (pane->candidates), FALSE);
  fit_window (pane);
  tell_end (pane, result, error);
  pane->changed (pane->user_data);
  if (result && pane->n_new > 0)
    pmt_candidate_box_offer (
        PMT_CANDIDATE_BOX (pane->candidates),
        gtk_dialog_get_widget_for_response (pane->dialog, GTK_RESPONSE_OK));
  g_log ("Pentimento", G_LOG_LEVEL_DEBUG, "run ended: %u made in %.2f s",
         pane->n_new,
         (g_get_monotonic_time () - pane->started) / (gdouble)G_USEC_PER_SEC);
  if (pane->is_closing)
    gtk_dialog_response (pane->dialog, GTK_RESPONSE_CANCEL);
  pane->is_closing = FALSE;
}

static gboolean
is_paid (PmtResultsPane *pane, const PmtRequest *request)
{
  const PmtModel *model = pmt_engine_choose_model (pane->engine, request);
  const PmtParams *params = pmt_request_peek_params (request);
  PmtEstimate estimate;

  return model && pmt_model_is_remote (model)
         && !pmt_params_get_bool (params, "mock", FALSE)
         && pmt_engine_estimate (pane->engine, request, &estimate, NULL)
         && estimate.credits != 0.0;
}

static void
prepare (PmtResultsPane *pane, const PmtRequest *request)
{
  GeglBuffer *source = pmt_request_get_source (request);

  /* What is generated has only a stand-in, which tells the depth. */
  if (pmt_request_get_operation (request) != PMT_OPERATION_GENERATE && source)
    pane->before = g_object_ref (source);
  pane->is_paid = is_paid (pane, request);
  pane->n_new = 0;
  pane->started = g_get_monotonic_time ();
  pane->cancellable = g_cancellable_new ();
  pmt_progress_box_start (PMT_PROGRESS_BOX (pane->progress));
  gtk_widget_show (pane->progress);
  set_close_label (pane, _ ("_Cancel"));
  pmt_candidate_box_set_running (PMT_CANDIDATE_BOX (pane->candidates), TRUE);
}

static void
start (PmtResultsPane *pane)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PmtRequest) request = NULL;

  gtk_widget_hide (pane->bar);
  gtk_widget_show (GTK_WIDGET (pane));
  request = pane->source->begin (pane->config, &pane->batch,
                                 pane->source->user_data, &error);
  if (!request)
    {
      pmt_message_bar_tell_error (PMT_MESSAGE_BAR (pane->bar), error);
      return;
    }
  prepare (pane, request);
  pmt_engine_run_items_async (pane->engine, request, show_progress, take_item,
                              pane->cancellable, run_ended,
                              g_object_ref (pane));
  pane->changed (pane->user_data);
}

/* Twice: the user wants to be gone. */
static void
cancel (PmtResultsPane *pane)
{
  pane->is_closing = g_cancellable_is_cancelled (pane->cancellable);
  g_cancellable_cancel (pane->cancellable);
  pmt_progress_box_stop (PMT_PROGRESS_BOX (pane->progress));
}

/* Whether the dialog stays. */
static gboolean
respond (PmtResultsPane *pane, gboolean is_ok)
{
  if (!is_ok && !pmt_results_pane_is_running (pane))
    return !pmt_candidate_box_may_close (PMT_CANDIDATE_BOX (pane->candidates));
  if (!is_ok)
    cancel (pane);
  else if (!pmt_results_pane_is_running (pane))
    start (pane);

  return TRUE;
}

gboolean
pmt_results_pane_run (PmtResultsPane *pane)
{
  gboolean is_ok;

  g_return_val_if_fail (PMT_IS_RESULTS_PANE (pane), FALSE);

  do
    is_ok = gimp_procedure_dialog_run (GIMP_PROCEDURE_DIALOG (pane->dialog));
  while (respond (pane, is_ok));

  return FALSE;
}

/* ---------------------------------------------------------------- widgets -- */

static void
finish (PmtResultsPane *pane)
{
  gtk_dialog_response (pane->dialog, GTK_RESPONSE_CANCEL);
}

static void
fill (PmtResultsPane *pane)
{
  GtkBox *box = GTK_BOX (pane);

  gtk_widget_set_size_request (GTK_WIDGET (pane), WIDTH, -1);
  pane->bar = pmt_message_bar_new ();
  gtk_box_pack_start (box, pane->bar, FALSE, FALSE, 0);
  pane->candidates =
      pmt_candidate_box_new (pane->source, PMT_MESSAGE_BAR (pane->bar));
  gtk_box_pack_start (box, pane->candidates, FALSE, FALSE, 0);
  g_signal_connect_swapped (pane->candidates, "done", G_CALLBACK (finish),
                            pane);
  pane->progress = pmt_progress_box_new ();
  gtk_widget_show_all (pane->progress);
  gtk_widget_hide (pane->progress);
  gtk_box_pack_start (box, pane->progress, FALSE, FALSE, 0);
}

/* A modal window would make GIMP's own ones wait. */
static void
stay_non_modal (GtkWindow *window, GParamSpec *pspec, gpointer user_data)
{
  if (gtk_window_get_modal (window))
    gtk_window_set_modal (window, FALSE);
}

/* Return runs what is set now. */
static void
setting_changed (GObject *config, GParamSpec *pspec, gpointer user_data)
{
  PmtResultsPane *pane = user_data;

  gtk_dialog_set_default_response (pane->dialog, GTK_RESPONSE_OK);
}

GtkWidget *
pmt_results_pane_new (PmtEngine *engine,
                      GtkDialog *dialog,
                      GimpProcedureConfig *config,
                      const PmtResultsSource *source,
                      PmtResultsChangedFunc changed,
                      gpointer user_data)
{
  PmtResultsPane *pane = g_object_new (PMT_TYPE_RESULTS_PANE, NULL);

  pane->engine = pmt_engine_ref (engine);
  pane->dialog = dialog;
  pane->config = g_object_ref (config);
  pane->source = source;
  pane->changed = changed;
  pane->user_data = user_data;
  fill (pane);
  gimp_procedure_dialog_set_ok_label (GIMP_PROCEDURE_DIALOG (dialog),
                                      _ ("_Generate"));
  set_close_label (pane, _ ("_Close"));
  g_signal_connect (dialog, "notify::modal", G_CALLBACK (stay_non_modal), NULL);
  g_signal_connect_object (config, "notify", G_CALLBACK (setting_changed), pane,
                           0);

  return GTK_WIDGET (pane);
}
