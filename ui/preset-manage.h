/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* preset-manage.h: removes, imports and exports presets. */
#pragma once

#include <gtk/gtk.h>

#include "pentimento.h"

G_BEGIN_DECLS

/**
 * pmt_preset_manage_run:
 * @present: the id of the preset that is selected first; may be ""
 *
 * Shows the presets of all operations.  Those of the user can be removed, after
 * a question; all can be written into files, and files can be taken as presets.
 * What fails is told in the window, which stays until it is closed.
 */
void pmt_preset_manage_run (GtkWindow *parent,
                            PmtEngine *engine,
                            const gchar *present);

G_END_DECLS
