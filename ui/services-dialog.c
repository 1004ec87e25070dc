/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* services-dialog.c: services, their keys, limits, and what computes. */
#include "config.h"

#include "services-dialog.h"

#include <glib/gi18n-lib.h>
#include <libgimp/gimpui.h>

#include "auto-spin.h"
#include "compute-rows.h"
#include "service-page.h"
#include "spending-file.h"

#define MAX_LIMIT 1e6

typedef struct
{
  const gchar *user_dir;
  GtkWidget *run;
  GtkWidget *day;
  gdouble run_before;
  gdouble day_before;
  GtkWidget *history;
  gboolean history_before;
  PmtComputeRows compute;
} Limits;

static GtkWidget *
new_text (const gchar *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0.0);
  gtk_label_set_line_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 70);

  return label;
}

/* --------------------------------------------------------------- services */

/* A list on the left, the page of the chosen one on the right. */
static GtkWidget *
new_services (PmtEngine *engine, const gchar *const *servers)
{
  g_autoptr (GPtrArray) services = pmt_engine_list_services (engine, NULL);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *sidebar = gtk_stack_sidebar_new ();
  GtkWidget *stack = gtk_stack_new ();

  for (guint i = 0; i < services->len; i++)
    {
      const PmtServiceInfo *info = g_ptr_array_index (services, i);

      gtk_stack_add_titled (
          GTK_STACK (stack),
          pmt_service_page_new (engine, info->id,
                                g_strv_contains (servers, info->id)),
          info->id, info->label);
    }
  gtk_stack_sidebar_set_stack (GTK_STACK_SIDEBAR (sidebar), GTK_STACK (stack));
  gtk_widget_set_size_request (sidebar, 170, 300);
  atk_object_set_name (gtk_widget_get_accessible (sidebar), _ ("Services"));
  gtk_box_pack_start (GTK_BOX (box), sidebar, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (box), stack, TRUE, TRUE, 0);

  return box;
}

static GtkWidget *
new_found (PmtEngine *engine, const gchar *const *servers)
{
  g_autofree gchar *names = g_strjoinv (", ", (gchar **)servers);
  g_autofree gchar *text = NULL;

  if (!*names)
    return new_text (_ ("No server on this computer answers."));

  /* Translators: %s is a list of servers' identifiers. */
  text = g_strdup_printf (_ ("Found on this computer: %s."), names);

  return new_text (text);
}

/* ----------------------------------------------------------------- limits */

static GtkWidget *
add_limit (GtkGrid *grid, gint row, const gchar *text, gdouble value)
{
  GtkWidget *label = gtk_label_new_with_mnemonic (text);
  GtkWidget *spin = gtk_spin_button_new_with_range (-1.0, MAX_LIMIT, 1.0);

  gtk_spin_button_set_digits (GTK_SPIN_BUTTON (spin), 2);
  pmt_auto_spin_attach (GTK_SPIN_BUTTON (spin), -1.0, _ ("No limit"));
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (spin), value);
  gtk_label_set_xalign (GTK_LABEL (label), 0.0);
  gtk_label_set_mnemonic_widget (GTK_LABEL (label), spin);
  gtk_grid_attach (grid, label, 0, row, 1, 1);
  gtk_grid_attach (grid, spin, 1, row, 1, 1);

  return spin;
}

static GtkWidget *
new_limits (Limits *limits, const PmtEngineOptions *options)
{
  GtkWidget *grid = gtk_grid_new ();

  limits->run_before = options->max_run_cost;
  limits->day_before = options->max_day_cost;
  gtk_grid_set_row_spacing (GTK_GRID (grid), 6);
  gtk_grid_set_column_spacing (GTK_GRID (grid), 6);
  limits->run = add_limit (GTK_GRID (grid), 0, _ ("Most that a _run may cost:"),
                           limits->run_before);
  limits->day = add_limit (GTK_GRID (grid), 1,
                           _ ("Most that a ser_vice may cost in a day:"),
                           limits->day_before);

  return grid;
}

static GtkWidget *
new_history (Limits *limits, const PmtEngineOptions *options)
{
  limits->history_before = options->history_bytes > 0;
  limits->history =
      gtk_check_button_new_with_mnemonic (_ ("Keep a hist_ory of runs"));
  gtk_widget_set_tooltip_text (
      limits->history,
      _ ("Settings, prompt and result of each run, on this computer only. What "
         "is there already stays until it is deleted in Filters > Pentimento > "
         "History."));
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (limits->history),
                                limits->history_before);

  return limits->history;
}

/* Returns: (nullable): why it can't be saved. */
static GError *
save_limits (Limits *limits)
{
  GError *error = NULL;
  const gboolean is_kept =
      gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (limits->history));
  gdouble run;
  gdouble day;

  gtk_spin_button_update (GTK_SPIN_BUTTON (limits->run));
  gtk_spin_button_update (GTK_SPIN_BUTTON (limits->day));
  run = gtk_spin_button_get_value (GTK_SPIN_BUTTON (limits->run));
  day = gtk_spin_button_get_value (GTK_SPIN_BUTTON (limits->day));
  if (run != limits->run_before || day != limits->day_before)
    pmt_spending_file_save (limits->user_dir, run, day, &error);
  if (!error && is_kept != limits->history_before)
    pmt_spending_file_save_history (limits->user_dir, is_kept, &error);
  if (!error)
    pmt_compute_rows_save (&limits->compute, limits->user_dir, &error);

  return error;
}

/* ----------------------------------------------------------------- dialog */

static void
add_heading (GtkBox *box, const gchar *text)
{
  GtkWidget *label = new_text (text);
  g_autoptr (PangoAttrList) bold = pango_attr_list_new ();

  pango_attr_list_insert (bold, pango_attr_weight_new (PANGO_WEIGHT_BOLD));
  gtk_label_set_attributes (GTK_LABEL (label), bold);
  gtk_box_pack_start (box, label, FALSE, FALSE, 0);
}

/* Limits and history on the left, what computes on the right. */
static GtkWidget *
new_columns (Limits *limits)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 24);
  GtkWidget *left = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *right = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  PmtEngineOptions options = PMT_ENGINE_OPTIONS_INIT;

  options.user_dir = limits->user_dir;
  pmt_engine_options_load (&options, NULL);
  add_heading (GTK_BOX (left), _ ("Spending, in the credits of each service"));
  gtk_box_pack_start (GTK_BOX (left), new_limits (limits, &options), FALSE,
                      FALSE, 0);
  add_heading (GTK_BOX (left), _ ("History"));
  gtk_box_pack_start (GTK_BOX (left), new_history (limits, &options), FALSE,
                      FALSE, 0);
  add_heading (GTK_BOX (right), _ ("Computation"));
  gtk_box_pack_start (GTK_BOX (right),
                      pmt_compute_rows_new (&limits->compute, &options), FALSE,
                      FALSE, 0);
  gtk_box_pack_start (GTK_BOX (box), left, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (box), right, FALSE, FALSE, 0);

  return box;
}

static void
fill (GtkBox *box, PmtEngine *engine, Limits *limits, const gchar *warning)
{
  g_auto (GStrv) servers = pmt_engine_find_servers (engine, NULL);
  const gchar *const *found = (const gchar *const *)servers;

  if (warning)
    gtk_box_pack_start (box, new_text (warning), FALSE, FALSE, 0);
  add_heading (box, _ ("Services"));
  gtk_box_pack_start (box, new_services (engine, found), TRUE, TRUE, 0);
  gtk_box_pack_start (box, new_found (engine, found), FALSE, FALSE, 0);
  gtk_box_pack_start (box, new_columns (limits), FALSE, FALSE, 0);
}

static GtkWidget *
new_dialog (void)
{
  GtkWidget *dialog = gimp_dialog_new (
      _ ("Pentimento Settings"), "pentimento-settings", NULL, 0,
      gimp_standard_help_func, "plug-in-pentimento-settings", _ ("_Close"),
      GTK_RESPONSE_CLOSE, NULL);

  gimp_window_set_transient (GTK_WINDOW (dialog));

  return dialog;
}

void
pmt_services_dialog_run (PmtEngine *engine,
                         const gchar *user_dir,
                         const gchar *warning)
{
  Limits limits = { .user_dir = user_dir };
  GtkWidget *dialog = new_dialog ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *problem = new_text (NULL);
  GError *error = NULL;

  gtk_container_set_border_width (GTK_CONTAINER (box), 12);
  fill (GTK_BOX (box), engine, &limits, warning);
  gtk_box_pack_start (GTK_BOX (box), problem, FALSE, FALSE, 0);
  gtk_container_add (
      GTK_CONTAINER (gtk_dialog_get_content_area (GTK_DIALOG (dialog))), box);
  gtk_widget_show_all (dialog);

  /* What can't be saved is told; a second time the dialog closes. */
  gimp_dialog_run (GIMP_DIALOG (dialog));
  error = save_limits (&limits);
  if (error)
    {
      gtk_label_set_text (GTK_LABEL (problem), error->message);
      g_clear_error (&error);
      gimp_dialog_run (GIMP_DIALOG (dialog));
    }
  gtk_widget_destroy (dialog);
  pmt_compute_rows_clear (&limits.compute);
}
