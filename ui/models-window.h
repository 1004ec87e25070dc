/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* models-window.h: models to look at, to download, to add and to remove. */
#pragma once

#include <gtk/gtk.h>

#include "pentimento.h"

G_BEGIN_DECLS

/**
 * pmt_models_window_run:
 * @parent: (nullable): the window that it belongs to; %NULL: GIMP's
 *
 * Shows the window until it is closed; downloads that are under way are
 * stopped then, after a question, and can be gone on with.  Main thread.
 */
void pmt_models_window_run (PmtEngine *engine, GtkWindow *parent);

G_END_DECLS
