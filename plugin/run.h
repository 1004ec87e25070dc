/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* run.h: runs a request while the main loop goes on. */
#pragma once

#include "gimp-compat.h"
#include "pentimento.h"

G_BEGIN_DECLS

/**
 * pmt_run_request:
 * @title: what the progress is called
 * @is_interactive: show a window with stage, time left, preview and Cancel;
 *   else GIMP's own progress, whose Cancel ends this process
 * @error: as pmt_engine_run()
 *
 * Works in another thread; meanwhile this one runs the default main context.
 * Ending the process at any time leaves the image as it was, because nothing
 * is written into it here.
 * Thread: main.
 *
 * Returns: (transfer full): the result.
 */
PmtResult *pmt_run_request (PmtEngine *engine,
                            const PmtRequest *request,
                            const gchar *title,
                            gboolean is_interactive,
                            GError **error);

/**
 * pmt_run_join_problems:
 * @problems: (element-type PmtProblem), not empty
 *
 * Returns: (transfer full): one error with every problem, a line each.
 */
GError *pmt_run_join_problems (GPtrArray *problems);

G_END_DECLS
