/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* settings-parts.h: what stands where in the dialog of an operation. */
#pragma once

#include "settings-dialog.h"

G_BEGIN_DECLS

/** pmt_settings_list_names: Returns: (transfer container): names of basic or
 * advanced parameters, in the order of the manifest. */
GList *pmt_settings_list_names (const PmtSettings *settings,
                                gboolean with_model,
                                gboolean advanced);

/** pmt_settings_fill_advanced: Returns: (transfer none): the part that is
 * folded up at first, with the rows @names. */
GtkWidget *pmt_settings_fill_advanced (GimpProcedureDialog *dialog,
                                       GList *names);

/** pmt_settings_add_preview: Returns: (transfer none): the #PmtPatchPreview,
 * to the right of the box "settings". */
GtkWidget *pmt_settings_add_preview (GimpProcedureDialog *dialog,
                                     GimpProcedureConfig *config,
                                     const PmtSettings *settings);

/**
 * pmt_settings_fill_scrolled:
 * @area: (nullable): a #PmtAreaView
 * @pane: (nullable): a #PmtResultsPane, hidden until the first run
 *
 * Shows the box "scrolled" with these to its right: @area, until @pane takes
 * its place.
 */
void pmt_settings_fill_scrolled (GimpProcedureDialog *dialog,
                                 GtkWidget *area,
                                 GtkWidget *pane);

G_END_DECLS
