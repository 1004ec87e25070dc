/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* auto-spin.c: shows "Automatic" in place of a magic number. */
#include "config.h"

#include "auto-spin.h"

#include <string.h>

typedef struct
{
  gdouble value;
  gchar *word;
} Automatic;

static void
automatic_free (gpointer data, GClosure *closure)
{
  Automatic *automatic = data;

  g_free (automatic->word);
  g_free (automatic);
}

static gboolean
show_word (GtkSpinButton *spin, gpointer user_data)
{
  const Automatic *automatic = user_data;
  GtkAdjustment *adjustment = gtk_spin_button_get_adjustment (spin);

  if (gtk_adjustment_get_value (adjustment) != automatic->value)
    return FALSE;

  if (strcmp (gtk_entry_get_text (GTK_ENTRY (spin)), automatic->word) != 0)
    gtk_entry_set_text (GTK_ENTRY (spin), automatic->word);

  return TRUE;
}

static gint
read_word (GtkSpinButton *spin, gdouble *value, gpointer user_data)
{
  const Automatic *automatic = user_data;

  if (strcmp (gtk_entry_get_text (GTK_ENTRY (spin)), automatic->word) != 0)
    return FALSE;

  *value = automatic->value;
  /* GIMP's spin buttons would read the word once more, as 0. */
  g_signal_stop_emission_by_name (spin, "input");

  return TRUE;
}

void
pmt_auto_spin_attach (GtkSpinButton *spin, gdouble value, const gchar *word)
{
  Automatic *automatic = g_new (Automatic, 1);
  GClosure *closure;

  automatic->value = value;
  automatic->word = g_strdup (word);
  closure = g_cclosure_new (G_CALLBACK (show_word), automatic, automatic_free);
  g_signal_connect_closure (spin, "output", closure, FALSE);
  /* The closure of "output" owns the data; both go with the widget. */
  g_signal_connect (spin, "input", G_CALLBACK (read_word), automatic);

  gtk_entry_set_width_chars (GTK_ENTRY (spin),
                             MAX (gtk_entry_get_width_chars (GTK_ENTRY (spin)),
                                  (gint)g_utf8_strlen (word, -1) + 1));
  gtk_spin_button_set_numeric (spin, FALSE);
  gtk_spin_button_update (spin);
}
