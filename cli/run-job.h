/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* run-job.h: `pentimento run`, from the files to the files. */
#pragma once

#include "options.h"
#include "pentimento.h"

G_BEGIN_DECLS

/**
 * run_job:
 * @error: any of the engine's; G_IO_ERROR_CANCELLED after Ctrl+C
 *
 * Loads, runs, saves and reports.  SIGINT, SIGTERM and SIGHUP end it within
 * a second, whatever it does at the time, and nothing is left behind.
 */
gboolean run_job (PmtEngine *engine, const Options *options, GError **error);

G_END_DECLS
