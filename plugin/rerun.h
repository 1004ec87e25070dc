/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* rerun.h: the recipe of a layer, run again or opened in a dialog. */
#pragma once

#include "gimp-compat.h"

G_BEGIN_DECLS

#define PMT_RERUN_PROCEDURE "plug-in-pentimento-rerun"
#define PMT_USE_SETTINGS_PROCEDURE "plug-in-pentimento-use-settings"

/**
 * pmt_rerun_create:
 *
 * The procedure runs the recipe of the selected layer again, on the layer that
 * it was made from, and puts the result above it.
 *
 * Returns: (transfer full)
 */
GimpProcedure *pmt_rerun_create (GimpPlugIn *plug_in);

/**
 * pmt_use_settings_create:
 *
 * The procedure opens the dialog of the recipe's operation with its settings.
 *
 * Returns: (transfer full)
 */
GimpProcedure *pmt_use_settings_create (GimpPlugIn *plug_in);

G_END_DECLS
