/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* reuse.c: the dialog of an operation, with the settings of a recipe. */
#include "config.h"

#include "reuse.h"

#include <glib/gi18n-lib.h>

#include "operation-run.h"
#include "procedures.h"

/* In the type of the argument; what it can't hold stays at its default. */
static void
set_argument (GObject *config, const gchar *name, GVariant *value)
{
  GParamSpec *pspec =
      g_object_class_find_property (G_OBJECT_GET_CLASS (config), name);
  g_auto (GValue) from = G_VALUE_INIT;
  g_auto (GValue) to = G_VALUE_INIT;

  if (!pspec || !value)
    return;
  g_dbus_gvariant_to_gvalue (value, &from);
  g_value_init (&to, pspec->value_type);
  if ((G_VALUE_HOLDS_STRING (&from) == G_VALUE_HOLDS_STRING (&to))
      && g_value_transform (&from, &to) && !g_param_value_validate (pspec, &to))
    g_object_set_property (config, name, &to);
}

/* Only what the operation's procedure takes from people: never the image. */
static void
fill_config (GimpProcedureConfig *config,
             const PmtOperationData *data,
             const PmtRequest *request)
{
  const PmtParams *params = pmt_request_peek_params (request);

  g_object_set (config, "model", pmt_request_get_model (request), NULL);
  for (guint i = 0; i < data->specs->len; i++)
    {
      const PmtParamSpec *spec = g_ptr_array_index (data->specs, i);

      set_argument (G_OBJECT (config), spec->name,
                    pmt_params_get_variant ((PmtParams *)params, spec->name));
    }
  if (pmt_request_get_provider (request)
      && g_object_class_find_property (G_OBJECT_GET_CLASS (config), "provider"))
    g_object_set (config, "provider", pmt_request_get_provider (request), NULL);
}

gboolean
pmt_reuse_check_model (PmtEngine *engine,
                       const PmtRequest *request,
                       GError **error)
{
  const gchar *id = pmt_request_get_model (request);

  if (pmt_engine_find_model (engine, id))
    return TRUE;
  g_set_error (error, PMT_ERROR, PMT_ERROR_MODEL,
               _ ("The model “%s”, which made this, is not there any more. "
                  "Install it again, or run the operation with another model "
                  "from its own menu entry."),
               id);

  return FALSE;
}

GPtrArray *
pmt_reuse_work (GimpPlugIn *plug_in,
                PmtCall *call,
                const PmtRequest *request,
                GError **error)
{
  const PmtOperation operation = pmt_request_get_operation (request);
  g_autofree gchar *name = g_strconcat (
      "plug-in-pentimento-", pmt_operation_to_string (operation), NULL);
  g_autoptr (GimpProcedure) procedure = pmt_procedures_create (plug_in, name);
  g_autoptr (GimpProcedureConfig) config =
      gimp_procedure_create_config (procedure);

  fill_config (config, call->data, request);

  return pmt_operation_work (call, procedure, GIMP_RUN_INTERACTIVE, config,
                             error);
}
