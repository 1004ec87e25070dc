/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* compute-rows.c: what computes, threads and memory, in the settings. */
#include "config.h"

#include "compute-rows.h"

#include <glib/gi18n-lib.h>

#include "auto-spin.h"
#include "spending-file.h"

#define MAX_THREADS 1024
#define MAX_MEMORY_MB 1e6
#define MEMORY_STEP_MB 256

static void
add_row (GtkGrid *grid,
         gint row,
         const gchar *text,
         GtkWidget *widget,
         const gchar *tooltip)
{
  GtkWidget *label = gtk_label_new_with_mnemonic (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0.0);
  gtk_label_set_mnemonic_widget (GTK_LABEL (label), widget);
  gtk_widget_set_tooltip_text (widget, tooltip);
  gtk_grid_attach (grid, label, 0, row, 1, 1);
  gtk_grid_attach (grid, widget, 1, row, 1, 1);
}

static GtkWidget *
new_spin (gdouble most, gdouble step, gdouble value)
{
  GtkWidget *spin = gtk_spin_button_new_with_range (0.0, most, step);

  pmt_auto_spin_attach (GTK_SPIN_BUTTON (spin), 0.0, _ ("Automatic"));
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (spin), value);

  return spin;
}

/* One that this system lacks stays in the list when it was chosen. */
static GtkWidget *
new_compute (const gchar *chosen)
{
  GtkWidget *list = gtk_combo_box_text_new ();
  GtkComboBoxText *combo = GTK_COMBO_BOX_TEXT (list);
  g_auto (GStrv) names = pmt_compute_list ();

  gtk_combo_box_text_append (combo, "auto", _ ("Automatic"));
  for (gint i = 0; names[i]; i++)
    gtk_combo_box_text_append (combo, names[i], pmt_compute_label (names[i]));
  if (!gtk_combo_box_set_active_id (GTK_COMBO_BOX (list), chosen))
    {
      g_autofree gchar *label = g_strdup_printf (
          _ ("%s (missing on this computer)"), pmt_compute_label (chosen));

      gtk_combo_box_text_append (combo, chosen, label);
      gtk_combo_box_set_active_id (GTK_COMBO_BOX (list), chosen);
    }

  return list;
}

GtkWidget *
pmt_compute_rows_new (PmtComputeRows *rows, const PmtEngineOptions *options)
{
  GtkWidget *grid = gtk_grid_new ();

  rows->compute_before =
      g_strdup (options->compute ? options->compute : "auto");
  rows->threads_before = options->threads;
  rows->memory_before = (gint)MIN (options->memory >> 20, MAX_MEMORY_MB);
  rows->compute = new_compute (rows->compute_before);
  rows->threads = new_spin (MAX_THREADS, 1, rows->threads_before);
  rows->memory = new_spin (MAX_MEMORY_MB, MEMORY_STEP_MB, rows->memory_before);
  gtk_grid_set_row_spacing (GTK_GRID (grid), 6);
  gtk_grid_set_column_spacing (GTK_GRID (grid), 6);
  add_row (GTK_GRID (grid), 0, _ ("Co_mpute with:"), rows->compute,
           _ ("What runs networks. Automatic takes a graphics card that gives "
              "the same results as the processor, else the processor."));
  add_row (GTK_GRID (grid), 1, _ ("_Number of threads:"), rows->threads,
           _ ("How many threads work at the same time. Automatic is as many "
              "as the processor has."));
  add_row (GTK_GRID (grid), 2, _ ("Memory _limit (MiB):"), rows->memory,
           _ ("What a run may take beyond the picture itself. Automatic is "
              "half of what is free when it starts."));

  return grid;
}

gboolean
pmt_compute_rows_save (PmtComputeRows *rows,
                       const gchar *user_dir,
                       GError **error)
{
  const gchar *compute =
      gtk_combo_box_get_active_id (GTK_COMBO_BOX (rows->compute));
  gint threads;
  gint memory;

  gtk_spin_button_update (GTK_SPIN_BUTTON (rows->threads));
  gtk_spin_button_update (GTK_SPIN_BUTTON (rows->memory));
  threads = gtk_spin_button_get_value_as_int (GTK_SPIN_BUTTON (rows->threads));
  memory = gtk_spin_button_get_value_as_int (GTK_SPIN_BUTTON (rows->memory));
  if (g_strcmp0 (compute, rows->compute_before) == 0
      && threads == rows->threads_before && memory == rows->memory_before)
    return TRUE;

  return pmt_spending_file_save_compute (user_dir, compute, threads, memory,
                                         error);
}

void
pmt_compute_rows_clear (PmtComputeRows *rows)
{
  g_clear_pointer (&rows->compute_before, g_free);
}
