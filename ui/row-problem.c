/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* row-problem.c: an icon and a sentence below a row. */
#include "config.h"

#include "row-problem.h"

#include "model-row.h"

#define DATA "pmt-row-problem"
#define N_SOURCES (PMT_ROW_PROBLEM_TEXT + 1)

/* Lives as long as the row. */
typedef struct
{
  GtkWidget *box;
  GtkWidget *icon;
  GtkWidget *label;
  gchar *messages[N_SOURCES]; /* nullable */
} Problem;

static void
problem_free (gpointer data)
{
  Problem *problem = data;

  for (gint i = 0; i < N_SOURCES; i++)
    g_free (problem->messages[i]);
  g_free (problem);
}

/* The field is described by the sentence. */
static void
describe_field (GtkWidget *row, GtkWidget *label)
{
  GtkWidget *name = gimp_labeled_get_label (GIMP_LABELED (row));
  GtkWidget *field = gtk_label_get_mnemonic_widget (GTK_LABEL (name));

  if (field)
    atk_object_add_relationship (gtk_widget_get_accessible (field),
                                 ATK_RELATION_DESCRIBED_BY,
                                 gtk_widget_get_accessible (label));
}

static Problem *
problem_new (GtkWidget *row)
{
  Problem *problem = g_new0 (Problem, 1);
  GtkWidget *label = gtk_label_new (NULL);

  problem->box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  problem->icon = gtk_image_new_from_icon_name (GIMP_ICON_DIALOG_WARNING,
                                                GTK_ICON_SIZE_MENU);
  problem->label = label;
  gtk_widget_set_valign (problem->icon, GTK_ALIGN_START);
  gtk_label_set_line_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_line_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (GTK_LABEL (label), 0.0);
  gtk_label_set_width_chars (GTK_LABEL (label), 20);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 36);
  gtk_box_pack_start (GTK_BOX (problem->box), problem->icon, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (problem->box), label, TRUE, TRUE, 0);
  gtk_widget_show_all (problem->box);
  gtk_widget_set_no_show_all (problem->box, TRUE);
  gtk_grid_attach (GTK_GRID (row), problem->box, 1, 1, 3, 1);
  describe_field (row, label);
  g_object_set_data_full (G_OBJECT (row), DATA, problem, problem_free);

  return problem;
}

static void
show (const Problem *problem)
{
  const gchar *check = problem->messages[PMT_ROW_PROBLEM_CHECK];
  const gchar *text = problem->messages[PMT_ROW_PROBLEM_TEXT];
  g_autofree gchar *both = NULL;

  if (check && text && !strstr (check, text))
    both = g_strdup_printf ("%s\n%s", text, check);
  else
    both = g_strdup (check ? check : text);
  gtk_label_set_text (GTK_LABEL (problem->label), both ? both : "");
  gtk_widget_set_tooltip_text (problem->icon, both);
  gtk_widget_set_visible (problem->box, both != NULL);
}

void
pmt_row_problem_set (GtkWidget *row,
                     PmtRowProblemSource source,
                     const gchar *message)
{
  Problem *problem = g_object_get_data (G_OBJECT (row), DATA);

  if (!GIMP_IS_LABELED (row) || !GTK_IS_GRID (row))
    return;
  if (!problem && !message)
    return;
  if (!problem)
    problem = problem_new (row);
  if (g_strcmp0 (problem->messages[source], message) == 0)
    return;
  g_free (problem->messages[source]);
  problem->messages[source] = g_strdup (message);
  show (problem);
}

static void
update_row (GimpProcedureDialog *dialog, const gchar *name, GPtrArray *problems)
{
  GtkWidget *row = gimp_procedure_dialog_get_widget (dialog, name, G_TYPE_NONE);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < problems->len; i++)
    {
      const PmtProblem *problem = g_ptr_array_index (problems, i);

      if (g_strcmp0 (problem->name, name) != 0)
        continue;
      if (text->len > 0)
        g_string_append_c (text, '\n');
      g_string_append (text, problem->message);
    }
  pmt_row_problem_set (row, PMT_ROW_PROBLEM_CHECK,
                       text->len > 0 ? text->str : NULL);
}

void
pmt_row_problems_update (GimpProcedureDialog *dialog,
                         const PmtSettings *settings,
                         GPtrArray *problems)
{
  if (pmt_model_row_is_needed (settings->engine, settings->operation))
    update_row (dialog, "model", problems);
  for (guint i = 0; i < settings->specs->len; i++)
    {
      const PmtParamSpec *spec = g_ptr_array_index (settings->specs, i);

      update_row (dialog, spec->name, problems);
    }
}
