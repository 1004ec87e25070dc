/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* settings-parts.c: what stands where in the dialog of an operation. */
#include "config.h"

#include "settings-parts.h"

#include <glib/gi18n-lib.h>

GList *
pmt_settings_list_names (const PmtSettings *settings,
                         gboolean with_model,
                         gboolean advanced)
{
  GList *names = NULL;

  if (with_model)
    names = g_list_append (names, (gpointer) "model");
  for (guint i = 0; i < settings->specs->len; i++)
    {
      const PmtParamSpec *spec = g_ptr_array_index (settings->specs, i);

      if (spec->advanced == advanced)
        names = g_list_append (names, spec->name);
    }

  return names;
}

GtkWidget *
pmt_settings_fill_advanced (GimpProcedureDialog *dialog, GList *names)
{
  gimp_procedure_dialog_get_label (dialog, "advanced-title",
                                   _ ("_Advanced settings"), FALSE, TRUE);
  gimp_procedure_dialog_fill_box_list (dialog, "advanced-box", names);

  return gimp_procedure_dialog_fill_expander (
      dialog, "advanced", "advanced-title", FALSE, "advanced-box");
}

/* @column to the right of @left, so that the dialog gets no higher. */
static void
add_column (GimpProcedureDialog *dialog, const gchar *left, GtkWidget *column)
{
  GtkWidget *columns =
      gimp_procedure_dialog_fill_box (dialog, "columns", left, NULL);

  gtk_orientable_set_orientation (GTK_ORIENTABLE (columns),
                                  GTK_ORIENTATION_HORIZONTAL);
  gtk_box_set_spacing (GTK_BOX (columns), 12);
  gtk_box_pack_end (GTK_BOX (columns), column, FALSE, FALSE, 0);
  gtk_widget_show (column);
  gimp_procedure_dialog_fill (dialog, "columns", NULL);
}

GtkWidget *
pmt_settings_add_preview (GimpProcedureDialog *dialog,
                          GimpProcedureConfig *config,
                          const PmtSettings *settings)
{
  g_autoptr (PmtRequest) request =
      settings->make_request (config, settings->user_data);
  GtkWidget *preview =
      pmt_patch_preview_new (settings->engine, settings->patch_source,
                             pmt_request_get_layer (request));

  add_column (dialog, "settings", preview);

  return preview;
}

void
pmt_settings_fill_scrolled (GimpProcedureDialog *dialog,
                            GtkWidget *area,
                            GtkWidget *pane)
{
  GtkWidget *column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  if (area)
    {
      gtk_box_pack_start (GTK_BOX (column), area, FALSE, FALSE, 0);
      gtk_widget_show (area);
    }
  if (pane)
    gtk_box_pack_start (GTK_BOX (column), pane, TRUE, TRUE, 0);
  if (area && pane)
    g_object_bind_property (pane, "visible", area, "visible",
                            G_BINDING_SYNC_CREATE | G_BINDING_INVERT_BOOLEAN);
  add_column (dialog, "scrolled", column);
}
