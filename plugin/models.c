/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* models.c: the models, in a window or as a list. */
#include "config.h"

#include "models.h"

#include <glib/gi18n-lib.h>

#include "engine-access.h"
#include "models-window.h"
#include "operation-run.h"
#include "procedure-parts.h"

static gboolean
check_display (GimpRunMode run_mode, GError **error)
{
  if (run_mode != GIMP_RUN_INTERACTIVE || pmt_operation_has_windows (run_mode))
    return TRUE;
  g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
               _ ("There is no display for a window. Call “%s” with run-mode "
                  "RUN-NONINTERACTIVE, which lists the models."),
               PMT_MODELS_PROCEDURE);

  return FALSE;
}

/* What the argument "model" of the operations takes, with names. */
static void
set_models (GimpValueArray *values, PmtEngine *engine)
{
  g_autoptr (GPtrArray) models = pmt_engine_list_models (engine, -1);
  g_autofree const gchar **ids = g_new0 (const gchar *, models->len + 1);
  g_autofree const gchar **names = g_new0 (const gchar *, models->len + 1);

  for (guint i = 0; i < models->len; i++)
    {
      ids[i] = pmt_model_get_id (models->pdata[i]);
      names[i] = pmt_model_get_name (models->pdata[i]);
    }
  GIMP_VALUES_SET_STRV (values, 1, ids);
  GIMP_VALUES_SET_STRV (values, 2, names);
}

static GimpValueArray *
models_run (GimpProcedure *procedure,
            GimpProcedureConfig *config,
            gpointer run_data)
{
  GimpRunMode run_mode = GIMP_RUN_NONINTERACTIVE;
  g_autoptr (PmtEngine) engine = NULL;
  GimpValueArray *values;
  GError *error = NULL;

  gegl_init (NULL, NULL);
  g_object_get (config, "run-mode", &run_mode, NULL);
  if (check_display (run_mode, &error))
    engine = pmt_plugin_engine_new (TRUE, NULL, &error);
  if (!engine)
    return pmt_procedure_new_failure (procedure, error);

  if (run_mode == GIMP_RUN_INTERACTIVE)
    pmt_models_window_run (engine, NULL);
  values = gimp_procedure_new_return_values (procedure, GIMP_PDB_SUCCESS, NULL);
  set_models (values, engine);

  return values;
}

GimpProcedure *
pmt_models_create (GimpPlugIn *plug_in)
{
  GimpProcedure *procedure =
      gimp_procedure_new (plug_in, PMT_MODELS_PROCEDURE,
                          GIMP_PDB_PROC_TYPE_PLUGIN, models_run, NULL, NULL);

  pmt_procedure_describe (
      procedure, _ ("_Models..."),
      _ ("Models: what is there, download, add and remove"),
      _ ("Shows the models of this computer and those that can be downloaded, "
         "with size and license. Files of yours can be added, and folders of "
         "other programs used where they lie. With RUN-NONINTERACTIVE it only "
         "returns identifiers and names of the models, for the argument "
         "“model” of the operations."));
  pmt_procedure_declare_run_mode (
      procedure,
      _ ("RUN-INTERACTIVE: a window; RUN-NONINTERACTIVE: only the lists."),
      GIMP_RUN_INTERACTIVE);
  gimp_procedure_add_string_array_return_value (
      procedure, "ids", _ ("Identifiers"), _ ("Identifiers of the models"),
      G_PARAM_READWRITE);
  gimp_procedure_add_string_array_return_value (
      procedure, "names", _ ("Names"), _ ("Their names, in the same order"),
      G_PARAM_READWRITE);

  return procedure;
}
