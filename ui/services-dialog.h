/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* services-dialog.h: services, their keys, and limits on spending. */
#pragma once

#include "pentimento.h"

G_BEGIN_DECLS

/**
 * pmt_services_dialog_run:
 * @user_dir: folder of config.json
 * @warning: (nullable): what is wrong with the settings
 *
 * Shows the dialog until the user closes it.  What a key entry holds goes to
 * pmt_engine_set_key() and nowhere else, and is never shown.
 */
void pmt_services_dialog_run (PmtEngine *engine,
                              const gchar *user_dir,
                              const gchar *warning);

G_END_DECLS
