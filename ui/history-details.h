/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* history-details.h: everything that is known of an entry of the history. */
#pragma once

#include <libgimp/gimpui.h>

#include "pentimento.h"

G_BEGIN_DECLS

/** pmt_history_details_new: Returns: (transfer floating): empty. */
GtkWidget *pmt_history_details_new (void);

/**
 * pmt_history_details_show:
 * @entry: (nullable): %NULL: none, and @text is shown
 * @text: (nullable): a sentence
 */
void pmt_history_details_show (GtkWidget *details,
                               PmtEngine *engine,
                               const PmtHistoryEntry *entry,
                               const gchar *text);

G_END_DECLS
