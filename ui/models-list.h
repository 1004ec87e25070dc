/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* models-list.h: what is installed, and what can be had. */
#pragma once

#include <libgimp/gimpui.h>

#include "models-work.h"

G_BEGIN_DECLS

typedef struct _PmtModelsList PmtModelsList;

/**
 * pmt_models_list_new:
 * @changed: another row is selected, or a row is activated (@is_activated)
 */
PmtModelsList *pmt_models_list_new (void (*changed) (gboolean is_activated,
                                                     gpointer user_data),
                                    gpointer user_data);

/** pmt_models_list_free: after its widget was destroyed. */
void pmt_models_list_free (PmtModelsList *list);

/** pmt_models_list_get_widget: (transfer none): with scroll bars. */
GtkWidget *pmt_models_list_get_widget (PmtModelsList *list);

/**
 * pmt_models_list_set_items:
 * @items: (transfer full) (element-type PmtStoreItem): as the store lists them
 * @selected: (nullable): id of the row to select; %NULL: as before
 */
void pmt_models_list_set_items (PmtModelsList *list,
                                GPtrArray *items,
                                const gchar *selected);

/** pmt_models_list_show_progress: of what is under way, and its errors. */
void pmt_models_list_show_progress (PmtModelsList *list, PmtModelsWork *work);

/** pmt_models_list_get_selected: (transfer none) (nullable): valid until other
 * items are set. */
const PmtStoreItem *pmt_models_list_get_selected (PmtModelsList *list);

/** pmt_models_list_set_search: shows what has all words of @text. */
void pmt_models_list_set_search (PmtModelsList *list, const gchar *text);

/** pmt_models_list_has_offers: whether something can be had. */
gboolean pmt_models_list_has_offers (PmtModelsList *list);

/** pmt_models_list_grab_focus: the selected row gets the keys. */
void pmt_models_list_grab_focus (PmtModelsList *list);

G_END_DECLS
