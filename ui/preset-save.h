/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* preset-save.h: asks for the name of a new preset. */
#pragma once

#include <gtk/gtk.h>

#include "pentimento.h"

G_BEGIN_DECLS

/**
 * pmt_preset_save_run:
 * @request: with prompt and settings
 *
 * Asks for name and category and keeps the preset; asks again before one is
 * replaced.  What fails is told in the dialog, which stays.
 */
void pmt_preset_save_run (GtkWindow *parent,
                          PmtEngine *engine,
                          const PmtRequest *request);

G_END_DECLS
