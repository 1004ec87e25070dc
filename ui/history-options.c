/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* history-options.c: whether a history is kept, and how much of it. */
#include "config.h"

#include "history-options.h"

#include <glib/gi18n-lib.h>

#include "spending-file.h"

#define DATA "pentimento-history-options"
#define MAX_MB 1000000.0

typedef struct
{
  gchar *user_dir;
  GtkWidget *is_kept;
  GtkWidget *limit;
  GtkWidget *size;
  gboolean kept_before;
  gdouble limit_before;
} Options;

static void
options_free (gpointer data)
{
  Options *options = data;

  g_free (options->user_dir);
  g_free (options);
}

static void
add_limit (GtkBox *row, Options *options)
{
  GtkWidget *label =
      gtk_label_new_with_mnemonic (_ ("Most that it may _take:"));
  /* Translators: megabytes. */
  GtkWidget *unit = gtk_label_new (_ ("MB"));

  options->limit = gtk_spin_button_new_with_range (1.0, MAX_MB, 50.0);
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (options->limit),
                             options->limit_before);
  gtk_widget_set_tooltip_text (
      options->limit,
      _ ("When more is there after the next run, the oldest results go first; "
         "their settings and thumbnails stay as long as there is room. A "
         "result that takes more than a quarter is not kept."));
  gtk_label_set_mnemonic_widget (GTK_LABEL (label), options->limit);
  gtk_box_pack_start (row, label, FALSE, FALSE, 0);
  gtk_box_pack_start (row, options->limit, FALSE, FALSE, 0);
  gtk_box_pack_start (row, unit, FALSE, FALSE, 0);
}

GtkWidget *
pmt_history_options_new (const gchar *user_dir, gchar **problem)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  Options *options = g_new0 (Options, 1);
  PmtEngineOptions loaded = PMT_ENGINE_OPTIONS_INIT;
  g_autoptr (GError) error = NULL;

  loaded.user_dir = user_dir;
  if (!pmt_engine_options_load (&loaded, &error))
    *problem = g_strdup (error->message);
  options->user_dir = g_strdup (user_dir);
  options->kept_before = loaded.history_bytes > 0;
  options->limit_before = MAX (1.0, (gdouble)loaded.history_limit / 1e6);
  options->is_kept =
      gtk_check_button_new_with_mnemonic (_ ("_Keep a history of runs"));
  gtk_widget_set_tooltip_text (
      options->is_kept,
      _ ("Off: nothing is written down of what is run from now on. What is "
         "there already stays until it is deleted."));
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (options->is_kept),
                                options->kept_before);
  options->size = gtk_label_new (NULL);
  gtk_box_pack_start (GTK_BOX (row), options->is_kept, FALSE, FALSE, 0);
  gtk_box_pack_end (GTK_BOX (row), options->size, FALSE, FALSE, 0);
  gtk_widget_set_margin_end (options->is_kept, 12);
  add_limit (GTK_BOX (row), options);
  g_object_set_data_full (G_OBJECT (row), DATA, options, options_free);

  return row;
}

void
pmt_history_options_set_size (GtkWidget *widget, guint64 bytes)
{
  Options *options = g_object_get_data (G_OBJECT (widget), DATA);
  g_autofree gchar *size = g_format_size (bytes);
  /* Translators: %s is a size as in "34.2 MB". */
  g_autofree gchar *text = g_strdup_printf (_ ("It takes %s."), size);

  gtk_label_set_text (GTK_LABEL (options->size), text);
}

gboolean
pmt_history_options_save (GtkWidget *widget, GError **error)
{
  Options *options = g_object_get_data (G_OBJECT (widget), DATA);
  const gboolean is_kept =
      gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (options->is_kept));
  gdouble limit;

  gtk_spin_button_update (GTK_SPIN_BUTTON (options->limit));
  limit = gtk_spin_button_get_value (GTK_SPIN_BUTTON (options->limit));
  if (limit != options->limit_before)
    {
      if (!pmt_spending_file_save_history_limit (options->user_dir, limit,
                                                 error))
        return FALSE;
      options->limit_before = limit;
    }
  if (is_kept != options->kept_before)
    {
      if (!pmt_spending_file_save_history (options->user_dir, is_kept, error))
        return FALSE;
      options->kept_before = is_kept;
    }

  return TRUE;
}
