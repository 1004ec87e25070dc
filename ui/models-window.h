/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* models-window.h: models to look at, to download, to add and to remove. */
#pragma once

#include "pentimento.h"

G_BEGIN_DECLS

/**
 * pmt_models_window_run:
 *
 * Shows the window until it is closed; downloads that are under way are
 * stopped then, after a question, and can be gone on with.  Main thread.
 */
void pmt_models_window_run (PmtEngine *engine);

G_END_DECLS
