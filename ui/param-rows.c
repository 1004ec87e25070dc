/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* param-rows.c: rows come and go with the model. */
#include "config.h"

#include "param-rows.h"

#include "dialog-letters.h"
#include "face-row.h"
#include "reference-row.h"

/* Where a dialog has its row of references. */
#define DATA "references"
/* The same, of the boxes around faces. */
#define FACE_DATA "face-row"

/* As many as a request takes, whatever the model. */
#define MAX_REFERENCES 14.0

/* @only_local: leave out the models of services. */
static gboolean
is_taken (GPtrArray *models,
          PmtOperation operation,
          const gchar *name,
          gboolean only_local)
{
  for (guint i = 0; i < models->len; i++)
    {
      const PmtModel *model = g_ptr_array_index (models, i);

      if (!(only_local && pmt_model_is_remote (model))
          && pmt_model_takes_param (model, operation, name))
        return TRUE;
    }

  return FALSE;
}

/* What no model has is the plug-in's own. */
static gboolean
is_shown (GPtrArray *models,
          PmtOperation operation,
          const PmtModel *model,
          const gchar *name)
{
  if (!is_taken (models, operation, name, FALSE))
    return TRUE;

  return model ? pmt_model_takes_param (model, operation, name)
               : is_taken (models, operation, name, TRUE);
}

/* ------------------------------------------------------------- references */

static GtkWidget *
find_prompt_row (GimpProcedureDialog *dialog,
                 GimpProcedureConfig *config,
                 GtkBox *box)
{
  static const gchar *const names[] = { "negative-prompt", "prompt" };
  g_autoptr (GList) rows = gtk_container_get_children (GTK_CONTAINER (box));

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      GtkWidget *row;

      if (!g_object_class_find_property (G_OBJECT_GET_CLASS (config), names[i]))
        continue;
      row = gimp_procedure_dialog_get_widget (dialog, names[i], G_TYPE_NONE);
      if (g_list_find (rows, row))
        return row;
    }

  return NULL;
}

void
pmt_param_rows_add_references (GimpProcedureDialog *dialog,
                               GimpProcedureConfig *config,
                               GtkBox *box)
{
  g_autoptr (GtkSizeGroup) group =
      gtk_size_group_new (GTK_SIZE_GROUP_HORIZONTAL);
  GtkWidget *prompt = find_prompt_row (dialog, config, box);
  GtkWidget *label;
  GtkWidget *row;
  gint place = -1;

  if (!pmt_reference_row_is_needed (config))
    return;
  row = pmt_reference_row_new (config, &label);
  gtk_box_pack_start (box, row, FALSE, FALSE, 0);
  g_object_set_data (G_OBJECT (dialog), DATA, row);
  if (!prompt)
    return;
  gtk_container_child_get (GTK_CONTAINER (box), prompt, "position", &place,
                           NULL);
  gtk_box_reorder_child (box, row, place + 1);
  gtk_size_group_add_widget (group, label);
  gtk_size_group_add_widget (group,
                             gimp_labeled_get_label (GIMP_LABELED (prompt)));
}

static void
update_references (GimpProcedureDialog *dialog, const PmtModel *model)
{
  GtkWidget *row = g_object_get_data (G_OBJECT (dialog), DATA);
  const gdouble max =
      model ? pmt_model_get_limit (model, "references", 0.0) : 0.0;

  if (!row)
    return;
  pmt_reference_row_set_max (row, (guint)CLAMP (max, 0.0, MAX_REFERENCES));
  gtk_widget_set_visible (row, max >= 1.0);
}

/* ------------------------------------------------------------------ faces */

/* Where @config has no such argument, no row is there either. */
static void
place_below (GtkBox *box, GtkWidget *row, GtkWidget *other)
{
  gint place = -1;

  gtk_box_pack_start (box, row, FALSE, FALSE, 0);
  if (gtk_widget_get_parent (other) != GTK_WIDGET (box))
    return;
  gtk_container_child_get (GTK_CONTAINER (box), other, "position", &place,
                           NULL);
  gtk_box_reorder_child (box, row, place + 1);
}

GtkWidget *
pmt_param_rows_add_faces (GimpProcedureDialog *dialog,
                          const PmtSettings *settings,
                          GimpProcedureConfig *config,
                          GtkBox *box)
{
  g_autoptr (PmtRequest) request = NULL;
  GtkWidget *row;

  if (!settings->face_source || !pmt_face_row_is_needed (config))
    return NULL;
  request = settings->make_request (config, settings->user_data);
  row = pmt_face_row_new (settings->engine, config, settings->face_source,
                          pmt_request_get_layer (request));
  place_below (box, row,
               gimp_procedure_dialog_get_widget (dialog, "faces", G_TYPE_NONE));
  gtk_widget_show_all (row);
  g_object_set_data (G_OBJECT (dialog), FACE_DATA, row);

  return row;
}

void
pmt_param_rows_find_faces (GimpProcedureDialog *dialog,
                           const PmtSettings *settings)
{
  GtkWidget *row = g_object_get_data (G_OBJECT (dialog), FACE_DATA);

  if (row && settings->finds_faces)
    pmt_face_row_find (PMT_FACE_ROW (row));
}

void
pmt_param_rows_stop (GimpProcedureDialog *dialog)
{
  GtkWidget *row = g_object_get_data (G_OBJECT (dialog), FACE_DATA);

  if (row)
    pmt_face_row_stop (PMT_FACE_ROW (row));
}

static void
update_faces (GimpProcedureDialog *dialog,
              const PmtSettings *settings,
              const PmtRequest *request)
{
  GtkWidget *row = g_object_get_data (G_OBJECT (dialog), FACE_DATA);

  if (row)
    gtk_widget_set_visible (
        row, settings->applies ("faces", request, settings->user_data));
}

/* ---------------------------------------------------------------- letters */

static void
add_label (GPtrArray *labels, GtkWidget *row)
{
  /* What the dialog did not put anywhere is not shown. */
  if (!gtk_widget_get_parent (row))
    return;
  if (GIMP_IS_LABELED (row))
    g_ptr_array_add (labels, gimp_labeled_get_label (GIMP_LABELED (row)));
  else if (GTK_IS_CHECK_BUTTON (row))
    g_ptr_array_add (labels, row);
}

static void
update_letters (GimpProcedureDialog *dialog, const PmtSettings *settings)
{
  g_autoptr (GPtrArray) labels = g_ptr_array_new ();
  GtkWidget *references = g_object_get_data (G_OBJECT (dialog), DATA);

  add_label (labels,
             gimp_procedure_dialog_get_widget (dialog, "model", G_TYPE_NONE));
  for (guint i = 0; i < settings->specs->len; i++)
    {
      const PmtParamSpec *spec = g_ptr_array_index (settings->specs, i);

      if (!spec->advanced)
        add_label (labels, gimp_procedure_dialog_get_widget (dialog, spec->name,
                                                             G_TYPE_NONE));
    }
  if (references)
    {
      g_autoptr (GPtrArray) more = pmt_reference_row_list_labels (references);

      g_ptr_array_extend (labels, more, NULL, NULL);
    }
  for (guint i = 0; i < settings->specs->len; i++)
    {
      const PmtParamSpec *spec = g_ptr_array_index (settings->specs, i);

      if (spec->advanced)
        add_label (labels, gimp_procedure_dialog_get_widget (dialog, spec->name,
                                                             G_TYPE_NONE));
    }
  pmt_dialog_letters_update (labels);
}

/* ------------------------------------------------------------------- rows */

void
pmt_param_rows_update (GimpProcedureDialog *dialog,
                       const PmtSettings *settings,
                       const PmtRequest *request)
{
  const PmtOperation operation = settings->operation;
  const PmtModel *model = pmt_engine_choose_model (settings->engine, request);
  g_autoptr (GPtrArray) models =
      pmt_engine_list_models (settings->engine, operation);
  g_autoptr (GPtrArray) templates =
      pmt_engine_list_templates (settings->engine, operation);

  g_ptr_array_extend (models, templates, NULL, NULL);
  for (guint i = 0; i < settings->specs->len; i++)
    {
      const PmtParamSpec *spec = g_ptr_array_index (settings->specs, i);
      const gboolean applies =
          settings->applies (spec->name, request, settings->user_data);
      GtkWidget *row =
          gimp_procedure_dialog_get_widget (dialog, spec->name, G_TYPE_NONE);

      gtk_widget_set_sensitive (row, applies);
      /* A prompt chooses the model. */
      gtk_widget_set_visible (
          row, applies || is_shown (models, operation, model, spec->name));
    }
  update_references (dialog, model);
  update_faces (dialog, settings, request);
  update_letters (dialog, settings);
}
