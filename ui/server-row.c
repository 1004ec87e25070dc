/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* server-row.c: a list to choose from or to type into. */
#include "config.h"

#include "server-row.h"

#include <glib/gi18n-lib.h>

#include "model-list.h"

#define LIST "server-list"
#define NOTE "server-note"
#define SHOWN "server-shown"

gboolean
pmt_server_row_is_for (const PmtParamSpec *spec)
{
  static const gchar *const names[] = { "checkpoint", "lora", "upscaler", "vae",
                                        NULL };

  return spec->type == PMT_PARAM_STRING && g_strv_contains (names, spec->name);
}

/* Several may be used: what is chosen comes behind what is there. */
static gchar *
append_name (GtkComboBox *list, const gchar *path, gpointer user_data)
{
  GtkTreeModel *model = gtk_combo_box_get_model (list);
  GtkWidget *entry = gtk_bin_get_child (GTK_BIN (list));
  const gchar *text = gtk_entry_get_text (GTK_ENTRY (entry));
  g_autofree gchar *before = g_strstrip (g_strdup (text));
  g_autofree gchar *name = NULL;
  GtkTreeIter iter;

  if (!gtk_tree_model_get_iter_from_string (model, &iter, path))
    return g_strdup (text);
  gtk_tree_model_get (model, &iter, 0, &name, -1);

  return *before ? g_strconcat (before, ", ", name, NULL)
                 : g_steal_pointer (&name);
}

static GtkWidget *
new_list (GimpProcedureConfig *config, const PmtParamSpec *spec)
{
  GtkWidget *list = gtk_combo_box_text_new_with_entry ();
  GtkWidget *entry = gtk_bin_get_child (GTK_BIN (list));

  if (g_str_equal (spec->name, "lora"))
    g_signal_connect (list, "format-entry-text", G_CALLBACK (append_name),
                      NULL);
  gtk_entry_set_activates_default (GTK_ENTRY (entry), TRUE);
  gimp_help_set_help_data (entry, pmt_param_spec_get_help (spec), NULL);
  atk_object_set_name (gtk_widget_get_accessible (entry),
                       pmt_param_spec_get_label (spec));
  g_object_bind_property (config, spec->name, entry, "text",
                          G_BINDING_BIDIRECTIONAL | G_BINDING_SYNC_CREATE);
  gtk_widget_set_hexpand (list, TRUE);
  gtk_widget_show_all (list);

  return list;
}

static GtkWidget *
new_note (void)
{
  GtkWidget *note = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (note), 0.0);
  gtk_label_set_line_wrap (GTK_LABEL (note), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (note), 46);
  gtk_widget_set_no_show_all (note, TRUE);

  return note;
}

void
pmt_server_row_make (GimpProcedureDialog *dialog,
                     GimpProcedureConfig *config,
                     const PmtParamSpec *spec)
{
  GimpLabeled *row = GIMP_LABELED (
      gimp_procedure_dialog_get_widget (dialog, spec->name, G_TYPE_NONE));
  GtkWidget *field = gimp_label_entry_get_entry (GIMP_LABEL_ENTRY (row));
  GtkWidget *list = new_list (config, spec);
  GtkWidget *note = new_note ();

  gtk_widget_set_no_show_all (field, TRUE);
  gtk_widget_hide (field);
  gtk_grid_attach (GTK_GRID (row), list, 1, 0, 1, 1);
  gtk_grid_attach (GTK_GRID (row), note, 1, 1, 1, 1);
  gtk_label_set_mnemonic_widget (GTK_LABEL (gimp_labeled_get_label (row)),
                                 gtk_bin_get_child (GTK_BIN (list)));
  g_object_set_data (G_OBJECT (row), LIST, list);
  g_object_set_data (G_OBJECT (row), NOTE, note);
}

/* Only when it has changed: it may be open. */
static void
show_choices (GtkWidget *row, gchar **choices)
{
  GtkComboBoxText *list = g_object_get_data (G_OBJECT (row), LIST);
  gchar **shown = g_object_get_data (G_OBJECT (row), SHOWN);
  static const gchar *const none[] = { NULL };
  const gchar *const *wanted = choices ? (const gchar *const *)choices : none;

  if (g_strv_equal (shown ? (const gchar *const *)shown : none, wanted))
    return;
  gtk_list_store_clear (
      GTK_LIST_STORE (gtk_combo_box_get_model (GTK_COMBO_BOX (list))));
  for (guint i = 0; wanted[i]; i++)
    gtk_combo_box_text_append_text (list, wanted[i]);
  g_object_set_data_full (G_OBJECT (row), SHOWN, g_strdupv ((gchar **)wanted),
                          (GDestroyNotify)g_strfreev);
}

static void
update_row (GtkWidget *row,
            const PmtServiceAnswer *answer,
            gboolean with_problem)
{
  GtkWidget *note = g_object_get_data (G_OBJECT (row), NOTE);
  const gchar *text = "";

  show_choices (row, answer ? answer->choices : NULL);
  if (with_problem && answer && answer->is_open)
    text = _ ("Asking the server…");
  else if (with_problem && answer && answer->problem)
    text = answer->problem;
  gtk_label_set_text (GTK_LABEL (note), text);
  gtk_widget_set_visible (note, *text != '\0');
}

void
pmt_server_rows_update (GimpProcedureDialog *dialog,
                        const PmtSettings *settings,
                        const PmtRequest *request,
                        PmtServiceQuestions *questions)
{
  const PmtModel *model = pmt_engine_choose_model (settings->engine, request);
  g_autofree gchar *server =
      model ? pmt_model_list_find_server (settings->engine, model, request)
            : NULL;
  gboolean with_problem = TRUE;

  if (server)
    pmt_service_questions_forget_problems (questions, server);
  for (guint i = 0; i < settings->specs->len; i++)
    {
      const PmtParamSpec *spec = g_ptr_array_index (settings->specs, i);
      const PmtServiceAnswer *answer = NULL;

      if (!pmt_server_row_is_for (spec))
        continue;
      if (server && pmt_model_find_param (model, spec->name))
        answer =
            pmt_service_questions_get_choices (questions, server, spec->name);
      update_row (
          gimp_procedure_dialog_get_widget (dialog, spec->name, G_TYPE_NONE),
          answer, with_problem);
      /* Once is enough. */
      with_problem = with_problem && !(answer && answer->problem);
    }
}
