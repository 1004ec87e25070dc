/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* settings-dialog.c: widgets for parameters, and what they lead to. */
#include "config.h"

#include "settings-dialog.h"

#include <glib/gi18n-lib.h>

#include "auto-spin.h"

/* Wait for the user to pause before the request is checked again. */
#define CHECK_DELAY_MS 120

typedef struct
{
  const PmtSettings *settings;
  GimpProcedureConfig *config;
  GtkDialog *dialog;
  GtkWidget *icon;
  GtkWidget *text;
  guint timeout;
} Window;

static void
set_status (Window *window, const gchar *icon, const gchar *text)
{
  gtk_image_set_from_icon_name (GTK_IMAGE (window->icon), icon,
                                GTK_ICON_SIZE_BUTTON);
  gtk_label_set_text (GTK_LABEL (window->text), text);
}

static gchar *
describe_estimate (const PmtEstimate *estimate, const GeglRectangle *canvas)
{
  GString *text = g_string_new (NULL);

  if (estimate->n_items > 1)
    g_string_append_printf (text,
                            g_dngettext (GETTEXT_PACKAGE, "Makes %u new layer.",
                                         "Makes %u new layers in a group.",
                                         estimate->n_items),
                            estimate->n_items);
  else
    g_string_append (text, _ ("Makes a new layer."));
  if (estimate->width != canvas->width || estimate->height != canvas->height)
    {
      g_string_append_c (text, ' ');
      g_string_append_printf (text, _ ("The canvas will be %d × %d pixels."),
                              estimate->width, estimate->height);
    }
  if (estimate->seconds >= 1.0)
    {
      const gint seconds = (gint)(estimate->seconds + 0.5);

      g_string_append_c (text, ' ');
      g_string_append_printf (text,
                              g_dngettext (GETTEXT_PACKAGE,
                                           "Takes about %d second.",
                                           "Takes about %d seconds.", seconds),
                              seconds);
    }

  return g_string_free (text, FALSE);
}

static void
show_problems (Window *window, GPtrArray *problems)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < problems->len; i++)
    {
      const PmtProblem *problem = g_ptr_array_index (problems, i);

      if (i > 0)
        g_string_append_c (text, '\n');
      g_string_append (text, problem->message);
    }
  set_status (window, GIMP_ICON_DIALOG_WARNING, text->str);
}

static void
check_request (Window *window)
{
  const PmtSettings *settings = window->settings;
  g_autoptr (PmtRequest) request =
      settings->make_request (window->config, settings->user_data);
  g_autoptr (GPtrArray) problems =
      pmt_engine_validate (settings->engine, request);
  g_autoptr (GError) error = NULL;
  PmtEstimate estimate;
  gboolean is_ready = FALSE;

  if (problems->len > 0)
    {
      show_problems (window, problems);
    }
  else if (!pmt_engine_estimate (settings->engine, request, &estimate, &error))
    {
      set_status (window, GIMP_ICON_DIALOG_WARNING, error->message);
    }
  else
    {
      g_autofree gchar *text =
          describe_estimate (&estimate, pmt_request_get_canvas (request));

      set_status (window, GIMP_ICON_DIALOG_INFORMATION, text);
      is_ready = TRUE;
    }

  gtk_dialog_set_response_sensitive (window->dialog, GTK_RESPONSE_OK, is_ready);
}

static gboolean
check_after_pause (gpointer user_data)
{
  Window *window = user_data;

  window->timeout = 0;
  check_request (window);

  return G_SOURCE_REMOVE;
}

static void
setting_changed (GObject *config, GParamSpec *pspec, gpointer user_data)
{
  Window *window = user_data;

  if (window->timeout != 0)
    g_source_remove (window->timeout);
  window->timeout = g_timeout_add (CHECK_DELAY_MS, check_after_pause, window);
}

static void
set_up_spin (GtkSpinButton *spin, const PmtParamSpec *spec)
{
  const gdouble lower =
      spec->has_auto ? MIN (spec->min, spec->auto_value) : spec->min;
  const gboolean is_fraction =
      spec->type == PMT_PARAM_NUMBER && spec->max - spec->min <= 2.0;

  gtk_spin_button_set_digits (spin, is_fraction                      ? 2
                                    : spec->type == PMT_PARAM_NUMBER ? 1
                                                                     : 0);
  gtk_spin_button_set_range (spin, lower, spec->max);
  gtk_spin_button_set_increments (spin, is_fraction ? 0.05 : 1.0,
                                  is_fraction ? 0.2 : 10.0);
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

static void
make_widget (GimpProcedureDialog *dialog,
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

/* The first entry stands for "the usual one". */
static void
make_models (GimpProcedureDialog *dialog,
             GimpProcedureConfig *config,
             const PmtSettings *settings)
{
  g_autoptr (GPtrArray) models =
      pmt_engine_list_models (settings->engine, settings->operation);
  g_autoptr (GtkListStore) store =
      gtk_list_store_new (2, G_TYPE_STRING, G_TYPE_STRING);

  if (models->len < 2)
    return;

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

static gboolean
has_several_models (const PmtSettings *settings)
{
  g_autoptr (GPtrArray) models =
      pmt_engine_list_models (settings->engine, settings->operation);

  return models->len > 1;
}

/* The names of basic or advanced parameters, in the order of the manifest. */
static GList *
list_names (const PmtSettings *settings, gboolean advanced)
{
  GList *names = NULL;

  if (!advanced && has_several_models (settings))
    names = g_list_append (names, (gpointer) "model");
  for (guint i = 0; i < settings->specs->len; i++)
    {
      const PmtParamSpec *spec = g_ptr_array_index (settings->specs, i);

      if (spec->advanced == advanced)
        names = g_list_append (names, spec->name);
    }

  return names;
}

static void
fill_dialog (GimpProcedureDialog *dialog,
             GimpProcedureConfig *config,
             const PmtSettings *settings)
{
  g_autoptr (GList) basic = list_names (settings, FALSE);
  g_autoptr (GList) advanced = list_names (settings, TRUE);

  for (guint i = 0; i < settings->specs->len; i++)
    make_widget (dialog, config, g_ptr_array_index (settings->specs, i));
  make_models (dialog, config, settings);

  if (basic)
    {
      gimp_procedure_dialog_fill_box_list (dialog, "basic-box", basic);
      gimp_procedure_dialog_fill (dialog, "basic-box", NULL);
    }
  if (advanced)
    {
      gimp_procedure_dialog_get_label (dialog, "advanced-title",
                                       _ ("_Advanced settings"), FALSE, TRUE);
      gimp_procedure_dialog_fill_box_list (dialog, "advanced-box", advanced);
      gimp_procedure_dialog_fill_expander (dialog, "advanced", "advanced-title",
                                           FALSE, "advanced-box");
      gimp_procedure_dialog_fill (dialog, "advanced", NULL);
    }
}

static GtkWidget *
new_text (void)
{
  GtkWidget *text = gtk_label_new (NULL);

  gtk_label_set_line_wrap (GTK_LABEL (text), TRUE);
  gtk_label_set_xalign (GTK_LABEL (text), 0.0);
  gtk_label_set_max_width_chars (GTK_LABEL (text), 52);
  gtk_label_set_width_chars (GTK_LABEL (text), 40);

  return text;
}

static void
add_row (Window *window, GtkWidget *icon, GtkWidget *text)
{
  GtkWidget *content = gtk_dialog_get_content_area (window->dialog);
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  gtk_widget_set_valign (icon, GTK_ALIGN_START);
  gtk_widget_set_margin_top (row, 6);
  gtk_box_pack_start (GTK_BOX (row), icon, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (row), text, TRUE, TRUE, 0);
  gtk_box_pack_start (GTK_BOX (content), row, FALSE, FALSE, 0);
  gtk_widget_show_all (row);
}

static void
add_warnings (Window *window, GPtrArray *warnings)
{
  for (guint i = 0; warnings && i < warnings->len; i++)
    {
      const PmtProblem *problem = g_ptr_array_index (warnings, i);
      GtkWidget *text = new_text ();

      gtk_label_set_text (GTK_LABEL (text), problem->message);
      add_row (window,
               gtk_image_new_from_icon_name (GIMP_ICON_DIALOG_WARNING,
                                             GTK_ICON_SIZE_BUTTON),
               text);
    }
}

gboolean
pmt_settings_dialog_run (GimpProcedure *procedure,
                         GimpProcedureConfig *config,
                         const PmtSettings *settings)
{
  GtkWidget *dialog = gimp_procedure_dialog_new (
      procedure, config, pmt_operation_label (settings->operation));
  Window window = { settings,         config,      GTK_DIALOG (dialog),
                    gtk_image_new (), new_text (), 0 };
  gulong handler;
  gboolean is_ok;

  fill_dialog (GIMP_PROCEDURE_DIALOG (dialog), config, settings);
  add_warnings (&window, settings->warnings);
  add_row (&window, window.icon, window.text);
  check_request (&window);

  handler = g_signal_connect (config, "notify", G_CALLBACK (setting_changed),
                              &window);
  is_ok = gimp_procedure_dialog_run (GIMP_PROCEDURE_DIALOG (dialog));

  g_signal_handler_disconnect (config, handler);
  if (window.timeout != 0)
    g_source_remove (window.timeout);
  gtk_widget_destroy (dialog);

  return is_ok;
}
