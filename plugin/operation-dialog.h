/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* operation-dialog.h: asks for the settings of a call. */
#pragma once

#include "operation-call.h"

G_BEGIN_DECLS

/* Of ui/results-source.h. */
typedef struct _PmtResultsSource PmtResultsSource;

/**
 * pmt_operation_dialog_run:
 * @config: edited in place
 * @results: (nullable): runs the settings while the dialog stays open
 * @error: PMT_ERROR_ARGUMENT when there is no display
 *
 * Returns: %FALSE with @error unset when the user cancelled, or, with @results,
 *   was done.
 */
gboolean pmt_operation_dialog_run (PmtCall *call,
                                   GimpProcedure *procedure,
                                   GimpProcedureConfig *config,
                                   const PmtResultsSource *results,
                                   GError **error);

G_END_DECLS
