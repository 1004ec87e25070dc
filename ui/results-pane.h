/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* results-pane.h: runs the settings of a dialog, and keeps what they made. */
#pragma once

#include "results-source.h"

G_BEGIN_DECLS

/** PmtResultsChangedFunc: a run began or ended. */
typedef void (*PmtResultsChangedFunc) (gpointer user_data);

#define PMT_TYPE_RESULTS_PANE (pmt_results_pane_get_type ())
G_DECLARE_FINAL_TYPE (
    PmtResultsPane, pmt_results_pane, PMT, RESULTS_PANE, GtkBox)

/**
 * pmt_results_pane_new:
 * @dialog: where the settings are; OK runs them.  Gets other labels for its
 *   buttons, and is no longer modal: GIMP's windows can be used meanwhile
 * @source: not copied
 *
 * Hidden until the first run.  The default of @dialog is OK, and after a run,
 * until a setting changes, the button that inserts and closes.
 */
GtkWidget *pmt_results_pane_new (PmtEngine *engine,
                                 GtkDialog *dialog,
                                 GimpProcedureConfig *config,
                                 const PmtResultsSource *source,
                                 PmtResultsChangedFunc changed,
                                 gpointer user_data);

gboolean pmt_results_pane_is_running (PmtResultsPane *pane);

/**
 * pmt_results_pane_run:
 *
 * Shows the dialog until the user closes it, and runs what is asked for.
 * Cancel and Escape end a run first.  Asks before what was paid for is lost.
 *
 * Returns: %FALSE: nothing is left to be done.
 */
gboolean pmt_results_pane_run (PmtResultsPane *pane);

G_END_DECLS
