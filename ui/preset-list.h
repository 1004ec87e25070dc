/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* preset-list.h: a list of presets by category. */
#pragma once

#include <gtk/gtk.h>

#include "pentimento.h"

G_BEGIN_DECLS

/** pmt_preset_list_new: Returns: (transfer floating): a GtkListBox, empty. */
GtkWidget *pmt_preset_list_new (void);

/** pmt_preset_list_scroll: Returns: (transfer floating): @list in a frame of at
 * least @width and @height pixels that scrolls. */
GtkWidget *pmt_preset_list_scroll (GtkWidget *list, gint width, gint height);

/**
 * pmt_preset_list_fill:
 * @list: of pmt_preset_list_new()
 * @presets: (element-type PmtPreset): by category
 * @has_none: whether a row "None" is above them
 * @present: the id of the preset that is selected, "" for "None"
 *
 * Replaces all rows of @list.
 */
void pmt_preset_list_fill (GtkWidget *list,
                           GPtrArray *presets,
                           gboolean has_none,
                           const gchar *present);

/** pmt_preset_list_get: Returns: (transfer none) (nullable): the preset of
 * @item; %NULL for "None". */
PmtPreset *pmt_preset_list_get (GtkListBoxRow *item);

G_END_DECLS
