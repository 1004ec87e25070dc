/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* history-window.h: what was run: to look at, to use again, to delete. */
#pragma once

#include "pentimento.h"

G_BEGIN_DECLS

/**
 * PmtHistoryActions: what the window's owner does with an entry
 * @insert: puts the result into the image again
 * @reuse: gets ready to run the operation with the entry's settings; the
 *   window closes then
 *
 * On failure the window shows the error and stays.
 */
typedef struct
{
  gboolean (*insert) (const PmtHistoryEntry *entry,
                      gpointer user_data,
                      GError **error);
  gboolean (*reuse) (const PmtHistoryEntry *entry,
                     gpointer user_data,
                     GError **error);
  gpointer user_data;
} PmtHistoryActions;

/**
 * pmt_history_window_run:
 * @user_dir: with the history, and config.json
 *
 * Shows the window until it is closed.  Main thread.
 *
 * Returns: whether @actions->reuse succeeded.
 */
gboolean pmt_history_window_run (PmtEngine *engine,
                                 const gchar *user_dir,
                                 const PmtHistoryActions *actions);

G_END_DECLS
