/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* jobs-dialog.h: runs that were cut off, to fetch or to forget. */
#pragma once

#include <libgimp/gimpui.h>

#include "pentimento.h"

G_BEGIN_DECLS

/**
 * pmt_jobs_dialog_run:
 * @width, @height: of the image that results would go into
 *
 * Shows the runs; forgets those that the user wants to be forgotten.
 *
 * Returns: (transfer full) (nullable): identifier of the one to fetch; %NULL
 *   when the user closed the dialog.
 */
gchar *pmt_jobs_dialog_run (PmtEngine *engine, gint width, gint height);

G_END_DECLS
