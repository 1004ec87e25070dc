/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* prompt-row.c: label, field, and what to write into it. */
#include "config.h"

#include "prompt-row.h"

#include <glib/gi18n-lib.h>

#include "prompt-marks.h"
#include "prompt-view.h"
#include "row-problem.h"
#include "scroll-fit.h"

/* Where a row has its field. */
#define DATA "pmt-prompt-view"

/* Heights of three and of two lines, pixels. */
#define PROMPT_HEIGHT 66
#define NEGATIVE_HEIGHT 46

/* So that the label stands at the height of the first line. */
#define LABEL_MARGIN 4

gboolean
pmt_prompt_row_is_for (const PmtParamSpec *spec)
{
  return spec->type == PMT_PARAM_STRING
         && (strcmp (spec->name, "prompt") == 0
             || strcmp (spec->name, "negative-prompt") == 0);
}

static gboolean
is_negative (const PmtParamSpec *spec)
{
  return strcmp (spec->name, "prompt") != 0;
}

static const gchar *
suggestion (const PmtParamSpec *spec, PmtOperation operation)
{
  if (is_negative (spec))
    return _ ("What it should not show");

  switch (operation)
    {
    case PMT_OPERATION_EDIT:
      return _ ("What to change, such as: make the jacket red");
    case PMT_OPERATION_FILL:
      return _ ("What the selection should show");
    case PMT_OPERATION_EXPAND:
      return _ ("What the new parts should show. Empty: the surroundings are "
                "continued without a checkpoint.");
    default:
      return _ ("What the picture should show");
    }
}

static GtkWidget *
new_field (GimpProcedureConfig *config,
           const PmtParamSpec *spec,
           PmtOperation operation,
           GtkWidget **view)
{
  GtkTextBuffer *buffer =
      gimp_prop_text_buffer_new (G_OBJECT (config), spec->name, -1);
  GtkWidget *field = gtk_scrolled_window_new (NULL, NULL);
  g_autofree gchar *help = NULL;

  *view = pmt_prompt_view_new (buffer, suggestion (spec, operation));
  g_object_unref (buffer);
  help = g_strdup_printf (
      "%s\n%s", pmt_param_spec_get_help (spec),
      _ ("Ctrl+Up and Ctrl+Down change how much the selected words count."));
  gimp_help_set_help_data (*view, help, NULL);
  gtk_scrolled_window_set_shadow_type (GTK_SCROLLED_WINDOW (field),
                                       GTK_SHADOW_IN);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (field), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_min_content_height (
      GTK_SCROLLED_WINDOW (field),
      is_negative (spec) ? NEGATIVE_HEIGHT : PROMPT_HEIGHT);
  gtk_widget_set_hexpand (field, TRUE);
  gtk_container_add (GTK_CONTAINER (field), *view);
  gtk_widget_show_all (field);

  return field;
}

/* The row, and with it the dialog, gets higher or lower. */
static void
show_error (const gchar *message, gpointer row)
{
  GtkWidget *scrolled = gtk_widget_get_ancestor (gtk_widget_get_parent (row),
                                                 GTK_TYPE_SCROLLED_WINDOW);

  pmt_row_problem_set (row, PMT_ROW_PROBLEM_TEXT, message);
  if (scrolled)
    pmt_scroll_fit_update (GTK_SCROLLED_WINDOW (scrolled));
}

void
pmt_prompt_row_make (GimpProcedureDialog *dialog,
                     GimpProcedureConfig *config,
                     const PmtParamSpec *spec,
                     PmtOperation operation)
{
  GimpLabeled *row = GIMP_LABELED (
      gimp_procedure_dialog_get_widget (dialog, spec->name, G_TYPE_NONE));
  GtkWidget *entry = gimp_label_entry_get_entry (GIMP_LABEL_ENTRY (row));
  GtkWidget *label = gimp_labeled_get_label (row);
  GtkWidget *view;
  GtkWidget *field = new_field (config, spec, operation, &view);

  gtk_widget_set_no_show_all (entry, TRUE);
  gtk_widget_hide (entry);
  gtk_grid_attach (GTK_GRID (row), field, 1, 0, 1, 1);
  gtk_widget_set_valign (label, GTK_ALIGN_START);
  gtk_widget_set_margin_top (label, LABEL_MARGIN);
  gtk_label_set_mnemonic_widget (GTK_LABEL (label), view);
  g_object_set_data (G_OBJECT (row), DATA, view);
  pmt_prompt_marks_attach (GTK_TEXT_VIEW (view), is_negative (spec), show_error,
                           row);
}

void
pmt_prompt_rows_update (GimpProcedureDialog *dialog,
                        const PmtSettings *settings,
                        const PmtRequest *request)
{
  const PmtModel *model = pmt_engine_choose_model (settings->engine, request);

  for (guint i = 0; i < settings->specs->len; i++)
    {
      const PmtParamSpec *spec = g_ptr_array_index (settings->specs, i);
      GtkWidget *row;

      if (!pmt_prompt_row_is_for (spec))
        continue;
      row = gimp_procedure_dialog_get_widget (dialog, spec->name, G_TYPE_NONE);
      pmt_prompt_marks_set_model (g_object_get_data (G_OBJECT (row), DATA),
                                  model, request);
    }
}
