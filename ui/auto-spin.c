/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* auto-spin.c: shows "Automatic" in place of a magic number. */
#include "config.h"

#include "auto-spin.h"

#include <string.h>

/**
 * Automatic:
 * @value: what reads @word
 * @last: the value before the present change
 */
typedef struct
{
  gdouble value;
  gdouble last;
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

/* Between -1, which is automatic, and 0 there is nothing to choose. */
static void
skip_gap (GtkSpinButton *spin, gpointer user_data)
{
  Automatic *automatic = user_data;
  gdouble value = gtk_spin_button_get_value (spin);

  if (value > automatic->value && value < 0.0)
    {
      value = automatic->last > value ? automatic->value : 0.0;
      gtk_spin_button_set_value (spin, value);
    }
  automatic->last = value;
}

void
pmt_auto_spin_attach (GtkSpinButton *spin, gdouble value, const gchar *word)
{
  Automatic *automatic = g_new (Automatic, 1);
  GClosure *closure;

  automatic->value = value;
  automatic->last = gtk_spin_button_get_value (spin);
  automatic->word = g_strdup (word);
  closure = g_cclosure_new (G_CALLBACK (show_word), automatic, automatic_free);
  g_signal_connect_closure (spin, "output", closure, FALSE);
  /* The closure of "output" owns the data; both go with the widget. */
  g_signal_connect (spin, "input", G_CALLBACK (read_word), automatic);
  g_signal_connect (spin, "value-changed", G_CALLBACK (skip_gap), automatic);

  gtk_entry_set_width_chars (GTK_ENTRY (spin),
                             MAX (gtk_entry_get_width_chars (GTK_ENTRY (spin)),
                                  (gint)g_utf8_strlen (word, -1) + 1));
  gtk_spin_button_set_numeric (spin, FALSE);
  gtk_spin_button_update (spin);
}
