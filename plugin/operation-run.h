/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* operation-run.h: a call of a procedure, from arguments to layers. */
#pragma once

#include "operation-call.h"

G_BEGIN_DECLS

/**
 * pmt_operation_run: (GimpRunImageFunc)
 * @run_data: PmtOperationData
 *
 * PDB status: success with the new layers; GIMP_PDB_CANCEL without a message;
 * GIMP_PDB_CALLING_ERROR for arguments, GIMP_PDB_EXECUTION_ERROR for the
 * rest, both with a message for the user.  Unless it succeeds, the image is
 * as before.
 */
GimpValueArray *pmt_operation_run (GimpProcedure *procedure,
                                   GimpRunMode run_mode,
                                   GimpImage *image,
                                   GimpDrawable **drawables,
                                   GimpProcedureConfig *config,
                                   gpointer run_data);

/**
 * pmt_operation_work:
 * @call: prepared
 * @procedure: the operation's, with the arguments in @config
 *
 * Asks for the settings where @run_mode says so, runs, and inserts what was
 * made.
 *
 * Where there are candidates to choose from, their window runs and inserts as
 * often as the user likes.
 *
 * Returns: (transfer container) (element-type GimpLayer) (nullable): the new
 *   layers; %NULL without @error: it was cancelled.
 */
GPtrArray *pmt_operation_work (PmtCall *call,
                               GimpProcedure *procedure,
                               GimpRunMode run_mode,
                               GimpProcedureConfig *config,
                               GError **error);

/**
 * pmt_operation_complete_request:
 * @config: (nullable)
 * @request: gets the pixels that a run reads
 * @error: every problem, a line each
 */
gboolean pmt_operation_complete_request (PmtCall *call,
                                         GimpProcedureConfig *config,
                                         PmtRequest *request,
                                         GError **error);

/**
 * pmt_operation_execute:
 * @config: (nullable): %NULL: a run that was cut off
 * @request: without source pixels
 *
 * Runs it and inserts what it made.
 *
 * Returns: (transfer container) (element-type GimpLayer): the new layers.
 */
GPtrArray *pmt_operation_execute (PmtCall *call,
                                  GimpProcedureConfig *config,
                                  PmtRequest *request,
                                  gboolean is_interactive,
                                  GError **error);

/**
 * pmt_operation_return:
 * @layers: (nullable): %NULL: @error tells why; without one it was cancelled
 * @error: (transfer full) (nullable)
 */
GimpValueArray *pmt_operation_return (GimpProcedure *procedure,
                                      GPtrArray *layers,
                                      GError *error);

/**
 * pmt_operation_has_windows:
 *
 * Gets GTK ready where @run_mode allows windows and there is a display;
 * gimp_ui_init() alone would end the process where there is none.
 *
 * Returns: whether windows may be shown.
 */
gboolean pmt_operation_has_windows (GimpRunMode run_mode);

G_END_DECLS
