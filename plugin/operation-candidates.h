/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* operation-candidates.h: a window that makes candidates and inserts them. */
#pragma once

#include "operation-call.h"

G_BEGIN_DECLS

/** pmt_operation_has_candidates: whether @operation makes pictures that one
 * chooses from, and not the one that its settings lead to. */
gboolean pmt_operation_has_candidates (PmtOperation operation);

/**
 * pmt_operation_candidates_run:
 * @call: prepared
 * @config: edited in place
 * @error: PMT_ERROR_ARGUMENT when there is no display; what goes wrong later
 *   is told in the window
 *
 * Shows the settings until the user closes the window.  Each run reads the
 * picture anew; each insertion is one undo step.
 *
 * Returns: (transfer container) (element-type GimpLayer) (nullable): the
 *   layers that were inserted and are still there; %NULL without @error: it was
 *   closed before anything was made.
 */
GPtrArray *pmt_operation_candidates_run (PmtCall *call,
                                         GimpProcedure *procedure,
                                         GimpProcedureConfig *config,
                                         GError **error);

G_END_DECLS
