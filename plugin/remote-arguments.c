/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* remote-arguments.c: which service, at what cost, with which pictures. */
#include "config.h"

#include "remote-arguments.h"

#include <glib/gi18n-lib.h>

#define MAX_COST 1e6

static PmtParamSpec *
spec_new (const gchar *name,
          const gchar *label,
          const gchar *help,
          PmtParamType type,
          GVariant *default_value)
{
  PmtParamSpec *spec = g_new0 (PmtParamSpec, 1);

  spec->name = g_strdup (name);
  spec->label = g_strdup (label);
  spec->help = g_strdup (help);
  spec->type = type;
  spec->default_value = g_variant_ref_sink (default_value);
  spec->min = -1.0;
  spec->max = MAX_COST;
  spec->advanced = TRUE;

  return spec;
}

/* Both live as long as the process. */
static const PmtParamSpec *
get_provider (void)
{
  static PmtParamSpec *spec;

  if (!spec)
    spec = spec_new ("provider", NC_ ("label", "Service"),
                     N_ ("Which service runs a model that services run, by "
                         "the identifier of Filters > Pentimento > Settings; "
                         "empty: the first that can and has a key."),
                     PMT_PARAM_STRING, g_variant_new_string (""));

  return spec;
}

static const PmtParamSpec *
get_max_cost (void)
{
  static PmtParamSpec *spec;

  if (!spec)
    {
      spec = spec_new ("max-cost", NC_ ("label", "Most to spend"),
                       N_ ("The most that this run may cost, in the credits of "
                           "the service; -1: no limit but those of the "
                           "settings."),
                       PMT_PARAM_NUMBER, g_variant_new_double (-1.0));
      spec->has_auto = TRUE;
      spec->auto_value = -1.0;
    }

  return spec;
}

void
pmt_remote_arguments_add (GPtrArray *specs,
                          PmtEngine *engine,
                          PmtOperation operation)
{
  g_autoptr (GPtrArray) models = pmt_engine_list_models (engine, operation);

  for (guint i = 0; i < models->len; i++)
    if (pmt_model_is_remote (g_ptr_array_index (models, i)))
      {
        g_ptr_array_add (specs, (gpointer)get_provider ());
        g_ptr_array_add (specs, (gpointer)get_max_cost ());
        return;
      }
}

gboolean
pmt_remote_arguments_has (const PmtParamSpec *spec)
{
  return spec == get_provider () || spec == get_max_cost ();
}

gboolean
pmt_remote_arguments_has_name (const gchar *name)
{
  return g_str_equal (name, get_provider ()->name)
         || g_str_equal (name, get_max_cost ()->name);
}

void
pmt_remote_arguments_read (GimpProcedureConfig *config,
                           GPtrArray *specs,
                           PmtRequest *request)
{
  g_autofree gchar *provider = NULL;
  gdouble max_cost = -1.0;

  if (!g_ptr_array_find (specs, get_provider (), NULL))
    return;

  g_object_get (config, "provider", &provider, "max-cost", &max_cost, NULL);
  pmt_request_set_provider (request, provider && *provider ? provider : NULL);
  if (max_cost != -1.0)
    pmt_params_set_number (pmt_request_params (request), "max-cost", max_cost);
}
