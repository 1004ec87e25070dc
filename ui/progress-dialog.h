/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* progress-dialog.h: a window with stage, time left, preview and Cancel. */
#pragma once

#include <libgimp/gimpui.h>

#include "pentimento.h"

G_BEGIN_DECLS

#define PMT_TYPE_PROGRESS_DIALOG (pmt_progress_dialog_get_type ())
G_DECLARE_FINAL_TYPE (
    PmtProgressDialog, pmt_progress_dialog, PMT, PROGRESS_DIALOG, GimpDialog)

/**
 * pmt_progress_dialog_new:
 * @title: what is being done
 * @cancellable: cancelled by Cancel, Escape and closing the window
 *
 * The window stays until it is destroyed, so that the user sees that a
 * cancelled run is stopping.
 */
GtkWidget *pmt_progress_dialog_new (const gchar *title,
                                    GCancellable *cancellable);

/**
 * pmt_progress_dialog_update:
 * @stage: (nullable): translated
 * @fraction: 0..1
 * @preview: (nullable): picture of the state, any format
 */
void pmt_progress_dialog_update (PmtProgressDialog *dialog,
                                 const gchar *stage,
                                 gdouble fraction,
                                 GeglBuffer *preview);

G_END_DECLS
