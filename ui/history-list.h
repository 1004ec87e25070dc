/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* history-list.h: the list of a history, with thumbnails and a search. */
#pragma once

#include <libgimp/gimpui.h>

#include "pentimento.h"

G_BEGIN_DECLS

typedef struct _PmtHistoryList PmtHistoryList;

/**
 * pmt_history_list_new:
 * @engine: names the models; not owned
 * @changed: called when other rows are selected, or a row is activated
 *   (@is_activated)
 *
 * Thumbnails are read when their row is seen, and small pictures only.
 */
PmtHistoryList *pmt_history_list_new (PmtEngine *engine,
                                      void (*changed) (gboolean is_activated,
                                                       gpointer user_data),
                                      gpointer user_data);

/** pmt_history_list_free: after its widget was destroyed. */
void pmt_history_list_free (PmtHistoryList *list);

/** pmt_history_list_get_widget: (transfer none): with scroll bars. */
GtkWidget *pmt_history_list_get_widget (PmtHistoryList *list);

/** pmt_history_list_get_view: (transfer none): what takes the keys. */
GtkWidget *pmt_history_list_get_view (PmtHistoryList *list);

/**
 * pmt_history_list_set_entries:
 * @entries: (transfer full) (element-type PmtHistoryEntry): as listed
 *
 * What was selected stays so where it is still there; else what takes its place
 * gets selected.
 */
void pmt_history_list_set_entries (PmtHistoryList *list, GPtrArray *entries);

/** pmt_history_list_set_search: shows what has all words of @text. */
void pmt_history_list_set_search (PmtHistoryList *list, const gchar *text);

/**
 * pmt_history_list_get_selected:
 *
 * Returns: (transfer container) (element-type PmtHistoryEntry): in the order
 *   of the list; valid until other entries are set.
 */
GPtrArray *pmt_history_list_get_selected (PmtHistoryList *list);

/** pmt_history_list_count: entries, and how many of them are shown. */
guint pmt_history_list_count (PmtHistoryList *list, guint *n_shown);

/**
 * pmt_history_list_load_picture:
 * @side: longest side that is wanted, in pixels of the screen
 *
 * Returns: (transfer full) (nullable): @entry's thumbnail.
 */
GdkPixbuf *pmt_history_list_load_picture (const PmtHistoryEntry *entry,
                                          gint side);

G_END_DECLS
