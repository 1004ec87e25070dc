/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* preset-save.c: asks for the name of a new preset. */
#include "config.h"

#include "preset-save.h"

#include <glib/gi18n-lib.h>

#include "confirm.h"

/* As many characters as a preset takes. */
#define MAX_NAME 100
#define MAX_CATEGORY 60

typedef struct
{
  GtkWidget *dialog;
  GtkWidget *name;
  GtkWidget *category;
  GtkWidget *message;
} Window;

static const gchar *
get_category (const Window *window)
{
  return gtk_entry_get_text (
      GTK_ENTRY (gtk_bin_get_child (GTK_BIN (window->category))));
}

static void
add_categories (GtkComboBoxText *list, PmtEngine *engine)
{
  g_autoptr (GPtrArray) presets = pmt_engine_list_presets (engine, NULL, -1);
  const gchar *last = NULL;

  gtk_combo_box_text_append_text (list, _ ("My Presets"));
  for (guint i = 0; i < presets->len; i++)
    {
      const PmtPreset *preset = g_ptr_array_index (presets, i);
      const gchar *category = pmt_preset_get_category (preset);

      if (g_strcmp0 (category, last) != 0
          && g_strcmp0 (category, _ ("My Presets")) != 0)
        gtk_combo_box_text_append_text (list, category);
      last = category;
    }
  gtk_combo_box_set_active (GTK_COMBO_BOX (list), 0);
}

static void
attach (GtkGrid *grid, gint row, const gchar *text, GtkWidget *field)
{
  GtkWidget *label = gtk_label_new_with_mnemonic (text);

  gtk_widget_set_halign (label, GTK_ALIGN_START);
  gtk_label_set_mnemonic_widget (
      GTK_LABEL (label),
      GTK_IS_BIN (field) ? gtk_bin_get_child (GTK_BIN (field)) : field);
  gtk_widget_set_hexpand (field, TRUE);
  gtk_grid_attach (grid, label, 0, row, 1, 1);
  gtk_grid_attach (grid, field, 1, row, 1, 1);
}

static void
name_changed (GtkEditable *name, gpointer user_data)
{
  Window *window = user_data;
  g_autofree gchar *text =
      g_strstrip (g_strdup (gtk_entry_get_text (GTK_ENTRY (window->name))));

  gtk_dialog_set_response_sensitive (GTK_DIALOG (window->dialog),
                                     GTK_RESPONSE_ACCEPT, *text != '\0');
}

static void
window_init (Window *window, GtkWindow *parent, PmtEngine *engine)
{
  GtkWidget *grid = gtk_grid_new ();
  GtkEntry *category;

  window->dialog = gtk_dialog_new_with_buttons (
      _ ("Save as Preset"), parent,
      GTK_DIALOG_MODAL | GTK_DIALOG_DESTROY_WITH_PARENT, _ ("_Cancel"),
      GTK_RESPONSE_CANCEL, _ ("_Save"), GTK_RESPONSE_ACCEPT, NULL);
  window->name = gtk_entry_new ();
  window->category = gtk_combo_box_text_new_with_entry ();
  window->message = gtk_label_new (
      _ ("Write “<prompt>” into the prompt, before you save, where later "
         "prompts should go; otherwise they stand before it."));
  category = GTK_ENTRY (gtk_bin_get_child (GTK_BIN (window->category)));
  gtk_entry_set_max_length (GTK_ENTRY (window->name), MAX_NAME);
  gtk_entry_set_max_length (category, MAX_CATEGORY);
  gtk_entry_set_activates_default (GTK_ENTRY (window->name), TRUE);
  gtk_entry_set_activates_default (category, TRUE);
  add_categories (GTK_COMBO_BOX_TEXT (window->category), engine);
  gtk_label_set_line_wrap (GTK_LABEL (window->message), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (window->message), 50);
  gtk_label_set_xalign (GTK_LABEL (window->message), 0.0);
  gtk_grid_set_row_spacing (GTK_GRID (grid), 6);
  gtk_grid_set_column_spacing (GTK_GRID (grid), 12);
  gtk_container_set_border_width (GTK_CONTAINER (grid), 12);
  attach (GTK_GRID (grid), 0, _ ("_Name"), window->name);
  attach (GTK_GRID (grid), 1, _ ("Ca_tegory"), window->category);
  gtk_grid_attach (GTK_GRID (grid), window->message, 0, 2, 2, 1);
  gtk_container_add (
      GTK_CONTAINER (gtk_dialog_get_content_area (GTK_DIALOG (window->dialog))),
      grid);
  gtk_dialog_set_default_response (GTK_DIALOG (window->dialog),
                                   GTK_RESPONSE_ACCEPT);
  g_signal_connect (window->name, "changed", G_CALLBACK (name_changed), window);
  name_changed (GTK_EDITABLE (window->name), window);
  gtk_widget_show_all (grid);
}

static gboolean
save (const Window *window, PmtEngine *engine, const PmtRequest *request)
{
  const gchar *name = gtk_entry_get_text (GTK_ENTRY (window->name));
  const gchar *category = get_category (window);
  g_autoptr (GError) error = NULL;

  if (pmt_engine_save_preset (engine, name, category, request, FALSE, NULL,
                              &error))
    return TRUE;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_EXISTS)
      && pmt_confirm (GTK_WINDOW (window->dialog), _ ("Replace Preset"),
                      error->message, _ ("_Replace")))
    {
      g_clear_error (&error);
      if (pmt_engine_save_preset (engine, name, category, request, TRUE, NULL,
                                  &error))
        return TRUE;
    }
  gtk_label_set_text (GTK_LABEL (window->message), error->message);

  return FALSE;
}

void
pmt_preset_save_run (GtkWindow *parent,
                     PmtEngine *engine,
                     const PmtRequest *request)
{
  Window window;

  window_init (&window, parent, engine);
  while (gtk_dialog_run (GTK_DIALOG (window.dialog)) == GTK_RESPONSE_ACCEPT
         && !save (&window, engine, request))
    ;
  gtk_widget_destroy (window.dialog);
}
