/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* procedure-parts.c: what the declarations of procedures have in common. */
#include "config.h"

#include "procedure-parts.h"

#include <glib/gi18n-lib.h>

#include "pentimento.h"

#define AUTHORS "The Pentimento authors"

void
pmt_procedure_describe (GimpProcedure *procedure,
                        const gchar *menu_label,
                        const gchar *blurb,
                        const gchar *help)
{
  if (menu_label)
    {
      gimp_procedure_set_menu_label (procedure, menu_label);
      gimp_procedure_add_menu_path (procedure, "<Image>/Filters/Pentimento");
    }
  gimp_procedure_set_documentation (procedure, blurb, help,
                                    gimp_procedure_get_name (procedure));
  gimp_procedure_set_attribution (procedure, AUTHORS, AUTHORS, "2026");
}

void
pmt_procedure_take_images (GimpProcedure *procedure, gboolean needs_layer)
{
  gint sensitivity = GIMP_PROCEDURE_SENSITIVE_DRAWABLE;

  if (!needs_layer)
    sensitivity |= GIMP_PROCEDURE_SENSITIVE_DRAWABLES
                   | GIMP_PROCEDURE_SENSITIVE_NO_DRAWABLES;
  gimp_procedure_set_image_types (procedure, "*");
  gimp_procedure_set_sensitivity_mask (procedure, sensitivity);
}

void
pmt_procedure_declare_run_mode (GimpProcedure *procedure,
                                const gchar *help,
                                GimpRunMode usual)
{
  gimp_procedure_add_enum_argument (procedure, "run-mode", _ ("Run mode"), help,
                                    GIMP_TYPE_RUN_MODE, usual,
                                    G_PARAM_READWRITE);
}

void
pmt_procedure_declare_layers (GimpProcedure *procedure)
{
  gimp_procedure_add_core_object_array_return_value (
      procedure, "layers", _ ("Layers"), _ ("The new layers"), GIMP_TYPE_LAYER,
      G_PARAM_READWRITE);
}

GimpValueArray *
pmt_procedure_new_failure (GimpProcedure *procedure, GError *error)
{
  GimpPDBStatusType status = GIMP_PDB_EXECUTION_ERROR;

  if (!error || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_clear_error (&error);
      status = GIMP_PDB_CANCEL;
    }
  else if (g_error_matches (error, PMT_ERROR, PMT_ERROR_ARGUMENT))
    {
      status = GIMP_PDB_CALLING_ERROR;
    }

  return gimp_procedure_new_return_values (procedure, status, error);
}
