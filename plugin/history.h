/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* history.h: Filters > Pentimento > History. */
#pragma once

#include "gimp-compat.h"

G_BEGIN_DECLS

#define PMT_HISTORY_PROCEDURE "plug-in-pentimento-history"

/**
 * pmt_history_create:
 *
 * The procedure shows what was run, and inserts results or opens the dialog of
 * their operation with their settings.  Interactive only.
 *
 * Returns: (transfer full)
 */
GimpProcedure *pmt_history_create (GimpPlugIn *plug_in);

G_END_DECLS
