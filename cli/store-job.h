/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* store-job.h: downloading and copying models. */
#pragma once

#include "options.h"
#include "pentimento.h"

G_BEGIN_DECLS

/**
 * store_job_run:
 * @options: with download or add
 * @error: as pmt_store_download() and pmt_store_add()
 *
 * Tells the progress on standard error where that is a terminal.  SIGINT,
 * SIGTERM and SIGHUP stop it; what was downloaded is kept.
 */
gboolean
store_job_run (PmtEngine *engine, const Options *options, GError **error);

G_END_DECLS
