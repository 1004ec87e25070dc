/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* param-widgets.c: one row of a dialog per parameter. */
#include "config.h"

#include "param-widgets.h"

#include <glib/gi18n-lib.h>

#include "auto-spin.h"

static void
set_steps (GtkSpinButton *spin, const PmtParamSpec *spec)
{
  const gdouble range = spec->max - spec->min;

  if (spec->type == PMT_PARAM_NUMBER && range <= 2.0)
    gtk_spin_button_set_increments (spin, 0.05, 0.2);
  else if (spec->type == PMT_PARAM_NUMBER && range <= 10.0)
    gtk_spin_button_set_increments (spin, 0.1, 0.5);
  else
    gtk_spin_button_set_increments (spin, 1.0, 10.0);
}

static gint
count_digits (const PmtParamSpec *spec)
{
  if (spec->type != PMT_PARAM_NUMBER)
    return 0;

  return spec->max - spec->min <= 10.0 ? 2 : 1;
}

static void
set_up_spin (GtkSpinButton *spin, const PmtParamSpec *spec)
{
  const gdouble lower =
      spec->has_auto ? MIN (spec->min, spec->auto_value) : spec->min;

  gtk_spin_button_set_digits (spin, count_digits (spec));
  gtk_spin_button_set_range (spin, lower, spec->max);
  set_steps (spin, spec);
  gtk_entry_set_activates_default (GTK_ENTRY (spin), TRUE);
  if (spec->has_auto)
    pmt_auto_spin_attach (spin, spec->auto_value,
                          strcmp (spec->name, "seed") == 0 ? _ ("Random")
                                                           : _ ("Automatic"));
}

/* "top-left" reads "Top left" where the manifest has no labels. */
static gchar *
choice_label (const PmtParamSpec *spec, guint i)
{
  gchar *label;

  if (spec->choice_labels)
    return g_strdup (pmt_param_spec_get_choice_label (spec, i));

  label = g_strdelimit (g_strdup (spec->choices[i]), "-_", ' ');
  label[0] = g_ascii_toupper (label[0]);

  return label;
}

/* Puts a list in the place of a labeled entry's text field, so that the row
 * keeps the dialog's alignment.
 */
static void
make_list (GimpProcedureDialog *dialog,
           GimpProcedureConfig *config,
           const gchar *name,
           GtkListStore *store)
{
  GimpLabeled *row = GIMP_LABELED (
      gimp_procedure_dialog_get_widget (dialog, name, G_TYPE_NONE));
  GtkWidget *entry = gimp_label_entry_get_entry (GIMP_LABEL_ENTRY (row));
  GtkWidget *list = gimp_prop_string_combo_box_new (
      G_OBJECT (config), name, GTK_TREE_MODEL (store), 0, 1);

  gtk_widget_set_no_show_all (entry, TRUE);
  gtk_widget_hide (entry);
  gtk_widget_set_hexpand (list, TRUE);
  gtk_grid_attach (GTK_GRID (row), list, 1, 0, 1, 1);
  gtk_label_set_mnemonic_widget (GTK_LABEL (gimp_labeled_get_label (row)),
                                 list);
  gtk_widget_show (list);
}

static void
make_choice (GimpProcedureDialog *dialog,
             GimpProcedureConfig *config,
             const PmtParamSpec *spec)
{
  g_autoptr (GtkListStore) store =
      gtk_list_store_new (2, G_TYPE_STRING, G_TYPE_STRING);

  for (gint i = 0; spec->choices && spec->choices[i]; i++)
    {
      g_autofree gchar *label = choice_label (spec, i);

      gtk_list_store_insert_with_values (store, NULL, -1, 0, spec->choices[i],
                                         1, label, -1);
    }
  make_list (dialog, config, spec->name, store);
}

void
pmt_param_widget_make (GimpProcedureDialog *dialog,
                       GimpProcedureConfig *config,
                       const PmtParamSpec *spec)
{
  GtkWidget *widget;

  switch (spec->type)
    {
    case PMT_PARAM_BOOL:
    case PMT_PARAM_STRING:
      gimp_procedure_dialog_get_widget (dialog, spec->name, G_TYPE_NONE);
      return;

    case PMT_PARAM_CHOICE:
      make_choice (dialog, config, spec);
      return;

    case PMT_PARAM_INT:
    case PMT_PARAM_NUMBER:
      widget = gimp_procedure_dialog_get_widget (dialog, spec->name,
                                                 GIMP_TYPE_LABEL_SPIN);
      set_up_spin (GTK_SPIN_BUTTON (gimp_label_spin_get_spin_button (
                       GIMP_LABEL_SPIN (widget))),
                   spec);
      return;
    }
}

void
pmt_model_widget_make (GimpProcedureDialog *dialog,
                       GimpProcedureConfig *config,
                       GPtrArray *models)
{
  g_autoptr (GtkListStore) store =
      gtk_list_store_new (2, G_TYPE_STRING, G_TYPE_STRING);

  gtk_list_store_insert_with_values (store, NULL, -1, 0, "", 1, _ ("Automatic"),
                                     -1);
  for (guint i = 0; i < models->len; i++)
    {
      const PmtModel *model = g_ptr_array_index (models, i);

      gtk_list_store_insert_with_values (store, NULL, -1, 0,
                                         pmt_model_get_id (model), 1,
                                         pmt_model_get_name (model), -1);
    }
  make_list (dialog, config, "model", store);
}
