/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* services.c: Filters > Pentimento > Settings. */
#include "config.h"

#include "services.h"

#include <glib/gi18n-lib.h>
#include <libgimp/gimpui.h>

#include "engine-access.h"
#include "procedure-parts.h"
#include "services-dialog.h"

static gboolean
show_dialog (GimpRunMode run_mode, GError **error)
{
  g_autofree gchar *user_dir = pmt_default_user_dir ();
  g_autofree gchar *warning = NULL;
  g_autoptr (PmtEngine) engine = NULL;

  if (run_mode != GIMP_RUN_INTERACTIVE || !gtk_init_check (NULL, NULL))
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
                   _ ("“%s” needs a dialog. Call it with run-mode "
                      "RUN-INTERACTIVE, where there is a display."),
                   PMT_SERVICES_PROCEDURE);
      return FALSE;
    }

  gegl_init (NULL, NULL);
  engine = pmt_plugin_engine_new (TRUE, &warning, error);
  if (!engine)
    return FALSE;
  gimp_ui_init ("pentimento");
  pmt_services_dialog_run (engine, user_dir, warning);

  return TRUE;
}

static GimpValueArray *
services_run (GimpProcedure *procedure,
              GimpProcedureConfig *config,
              gpointer run_data)
{
  GimpRunMode run_mode = GIMP_RUN_NONINTERACTIVE;
  GError *error = NULL;

  g_object_get (config, "run-mode", &run_mode, NULL);
  if (!show_dialog (run_mode, &error))
    return pmt_procedure_new_failure (procedure, error);

  return gimp_procedure_new_return_values (procedure, GIMP_PDB_SUCCESS, NULL);
}

GimpProcedure *
pmt_services_create (GimpPlugIn *plug_in)
{
  GimpProcedure *procedure =
      gimp_procedure_new (plug_in, PMT_SERVICES_PROCEDURE,
                          GIMP_PDB_PROC_TYPE_PLUGIN, services_run, NULL, NULL);

  pmt_procedure_describe (
      procedure, _ ("_Settings..."),
      _ ("Services, their keys, and limits on spending"),
      _ ("Shows the services and servers that Pentimento can use: their "
         "addresses and whether a key is there, and what may be spent. Keys "
         "go into the keyring of the desktop and nowhere else."));
  pmt_procedure_declare_run_mode (procedure, _ ("Only RUN-INTERACTIVE works."),
                                  GIMP_RUN_INTERACTIVE);

  return procedure;
}
