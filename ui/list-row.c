/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* list-row.c: a list in the place of a labeled text field. */
#include "config.h"

#include "list-row.h"

void
pmt_list_row_append (GtkListStore *store,
                     const gchar *value,
                     const gchar *label)
{
  gtk_list_store_insert_with_values (store, NULL, -1, PMT_LIST_ROW_VALUE, value,
                                     PMT_LIST_ROW_LABEL, label, -1);
}

GtkWidget *
pmt_list_row_make (GimpProcedureDialog *dialog,
                   GimpProcedureConfig *config,
                   const gchar *name,
                   GtkListStore *store)
{
  GimpLabeled *row = GIMP_LABELED (
      gimp_procedure_dialog_get_widget (dialog, name, G_TYPE_NONE));
  GtkWidget *entry = gimp_label_entry_get_entry (GIMP_LABEL_ENTRY (row));
  GtkWidget *list = gimp_prop_string_combo_box_new (
      G_OBJECT (config), name, GTK_TREE_MODEL (store), PMT_LIST_ROW_VALUE,
      PMT_LIST_ROW_LABEL);

  gtk_widget_set_no_show_all (entry, TRUE);
  gtk_widget_hide (entry);
  gtk_widget_set_hexpand (list, TRUE);
  gtk_grid_attach (GTK_GRID (row), list, 1, 0, 1, 1);
  gtk_label_set_mnemonic_widget (GTK_LABEL (gimp_labeled_get_label (row)),
                                 list);
  gtk_widget_show (list);

  return GTK_WIDGET (row);
}
