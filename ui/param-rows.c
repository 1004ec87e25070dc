/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* param-rows.c: rows come and go with the model. */
#include "config.h"

#include "param-rows.h"

static gboolean
takes (const PmtModel *model, PmtOperation operation, const gchar *name)
{
  g_autoptr (GPtrArray) params = pmt_model_list_params (model, operation);

  for (guint i = 0; i < params->len; i++)
    {
      const PmtParamSpec *spec = g_ptr_array_index (params, i);

      if (g_str_equal (spec->name, name))
        return TRUE;
    }

  return FALSE;
}

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
          && takes (model, operation, name))
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

  return model ? takes (model, operation, name)
               : is_taken (models, operation, name, TRUE);
}

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
}
