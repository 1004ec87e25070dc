/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* preset-argument.c: words and settings under a name. */
#include "config.h"

#include "preset-argument.h"

#include <glib/gi18n-lib.h>

#define NAME "preset"

/* Lives as long as the process. */
static const PmtParamSpec *
get_spec (void)
{
  static PmtParamSpec *spec;

  if (!spec)
    {
      spec = g_new0 (PmtParamSpec, 1);
      spec->name = g_strdup (NAME);
      spec->label = g_strdup (NC_ ("label", "Preset"));
      spec->help =
          g_strdup (N_ ("Words and settings that are added to yours, by the "
                        "identifier of “pentimento presets”; empty: none. What "
                        "you set wins over it."));
      spec->type = PMT_PARAM_STRING;
      spec->default_value = g_variant_ref_sink (g_variant_new_string (""));
      spec->max = 64.0;
    }

  return spec;
}

static gboolean
is_painting (PmtOperation operation)
{
  return operation == PMT_OPERATION_GENERATE
         || operation == PMT_OPERATION_REIMAGINE
         || operation == PMT_OPERATION_FILL || operation == PMT_OPERATION_EXPAND
         || operation == PMT_OPERATION_EDIT;
}

void
pmt_preset_argument_add (GPtrArray *specs, PmtOperation operation)
{
  gint place = -1;

  for (guint i = 0; i < specs->len; i++)
    {
      const PmtParamSpec *spec = g_ptr_array_index (specs, i);

      if (g_str_equal (spec->name, "prompt")
          || g_str_equal (spec->name, "negative-prompt"))
        place = (gint)i + 1;
    }
  if (place > 0 && is_painting (operation))
    g_ptr_array_insert (specs, place, (gpointer)get_spec ());
}

gboolean
pmt_preset_argument_has (const PmtParamSpec *spec)
{
  return spec == get_spec ();
}

void
pmt_preset_argument_read (GimpProcedureConfig *config,
                          GPtrArray *specs,
                          PmtRequest *request)
{
  g_autofree gchar *id = NULL;

  if (!g_ptr_array_find (specs, get_spec (), NULL))
    return;
  g_object_get (config, NAME, &id, NULL);
  if (id && *id)
    pmt_params_set_string (pmt_request_params (request), NAME, id);
}

static gboolean
is_default (const PmtParamSpec *spec, const PmtParams *params)
{
  GVariant *value = pmt_params_get_variant (params, spec->name);

  return value && spec->default_value
         && g_variant_equal (value, spec->default_value);
}

void
pmt_preset_argument_make_room (PmtRequest *request, const PmtModel *model)
{
  PmtParams *params = pmt_request_params (request);
  g_autoptr (GPtrArray) specs = NULL;

  if (!pmt_params_has (params, NAME))
    return;
  specs = pmt_model_list_params (model, pmt_request_get_operation (request));
  for (guint i = 0; i < specs->len; i++)
    {
      const PmtParamSpec *spec = g_ptr_array_index (specs, i);

      if (is_default (spec, params))
        pmt_params_unset (params, spec->name);
    }
}
