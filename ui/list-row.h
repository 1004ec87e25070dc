/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* list-row.h: the row of a dialog for a text that is chosen from a list. */
#pragma once

#include <libgimp/gimpui.h>

G_BEGIN_DECLS

/** Columns of the list's store, both texts. */
enum
{
  PMT_LIST_ROW_VALUE,
  PMT_LIST_ROW_LABEL
};

void pmt_list_row_append (GtkListStore *store,
                          const gchar *value,
                          const gchar *label);

/**
 * pmt_list_row_make:
 * @name: of a text argument of the dialog's procedure
 * @store: (transfer none): what to choose from
 *
 * Puts a list in the place of the text field, so that the row keeps the
 * dialog's alignment.
 *
 * Returns: (transfer none): the row, a GtkGrid with label and list.
 */
GtkWidget *pmt_list_row_make (GimpProcedureDialog *dialog,
                              GimpProcedureConfig *config,
                              const gchar *name,
                              GtkListStore *store);

G_END_DECLS
