/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* dialog-letters.c: letters move with the rows that are shown. */
#include "config.h"

#include "dialog-letters.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "mnemonics.h"

static void
append_letter (GString *letters, const gchar *label)
{
  const gchar *line = strchr (label, '_');

  if (line)
    g_string_append_c (letters, g_ascii_tolower (line[1]));
}

gchar *
pmt_dialog_letters_list_taken (void)
{
  static const gchar *const buttons[] = { "_Help",   "_Reset",
                                          "_Cancel", "_Load Saved Settings",
                                          "_OK",     "_Save Settings" };
  /* Of windows with candidates. */
  const gchar *const own[] = { _ ("_Generate"),         _ ("_Close"),
                               _ ("Insert and Cl_ose"), _ ("Inser_t"),
                               _ ("Ins_ert All"),       _ ("Show _Before") };
  GString *letters = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (own); i++)
    append_letter (letters, own[i]);
  for (guint i = 0; i < G_N_ELEMENTS (buttons); i++)
    append_letter (letters, g_dgettext ("gimp30-libgimp", buttons[i]));
  append_letter (letters, _ ("_Advanced settings"));
  append_letter (letters, _ ("Choose a F_ile…"));

  return g_string_free (letters, FALSE);
}

/* Labels of check buttons and others. */
static GtkWidget *
find_label (GtkWidget *widget)
{
  return GTK_IS_LABEL (widget) ? widget : gtk_bin_get_child (GTK_BIN (widget));
}

/* Without the underscore of an earlier letter; "_" itself is doubled. */
static gchar *
get_text (GtkWidget *widget)
{
  g_auto (GStrv) parts = g_strsplit (
      gtk_label_get_text (GTK_LABEL (find_label (widget))), "_", -1);

  return g_strjoinv ("__", parts);
}

static void
set_text (GtkWidget *widget, const gchar *text)
{
  g_autofree gchar *before = NULL;

  if (GTK_IS_LABEL (widget))
    {
      if (strcmp (gtk_label_get_label (GTK_LABEL (widget)), text) != 0)
        gtk_label_set_text_with_mnemonic (GTK_LABEL (widget), text);
      return;
    }
  before = g_strdup (gtk_button_get_label (GTK_BUTTON (widget)));
  if (g_strcmp0 (before, text) == 0)
    return;
  gtk_button_set_use_underline (GTK_BUTTON (widget), TRUE);
  gtk_button_set_label (GTK_BUTTON (widget), text);
}

void
pmt_dialog_letters_update (GPtrArray *widgets)
{
  g_autoptr (GPtrArray) shown = g_ptr_array_new ();
  g_autoptr (GPtrArray) labels = g_ptr_array_new_with_free_func (g_free);
  g_autofree gchar *taken = pmt_dialog_letters_list_taken ();

  for (guint i = 0; i < widgets->len; i++)
    {
      GtkWidget *widget = g_ptr_array_index (widgets, i);
      g_autofree gchar *text = get_text (widget);

      if (gtk_widget_get_visible (widget)
          && gtk_widget_get_visible (gtk_widget_get_parent (widget)))
        {
          g_ptr_array_add (shown, widget);
          g_ptr_array_add (labels, g_steal_pointer (&text));
        }
      else
        {
          set_text (widget, text);
        }
    }
  pmt_mnemonics_add (labels, taken);
  for (guint i = 0; i < shown->len; i++)
    set_text (g_ptr_array_index (shown, i), g_ptr_array_index (labels, i));
}
