/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* remote-arguments.c: which service, at what cost, with which pictures. */
#include "config.h"

#include "remote-arguments.h"

#include <glib/gi18n-lib.h>

#include "layer-reader.h"
#include "pixel-bridge.h"

#define MAX_REFERENCES 14
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

void
pmt_references_declare (GimpProcedure *procedure, PmtOperation operation)
{
  if (operation != PMT_OPERATION_EDIT && operation != PMT_OPERATION_GENERATE)
    return;

  /* Layers of a picture that may be gone next time.  None at all is allowed,
   * which GIMP and GLib would call invalid.
   */
  gimp_procedure_add_core_object_array_argument (
      procedure, "references", _ ("Reference pictures"),
      _ ("Up to 14 layers, of any picture, that the model gets to see beside "
         "the prompt; only for models that take some. Not remembered."),
      GIMP_TYPE_DRAWABLE,
      G_PARAM_READWRITE | G_PARAM_LAX_VALIDATION | GIMP_PARAM_NO_VALIDATE
          | GIMP_PARAM_DONT_SERIALIZE);
}

static gboolean
add_one (PmtRequest *request, GimpDrawable *drawable, GError **error)
{
  g_autoptr (PmtLayerReader) reader = NULL;
  g_autoptr (GeglBuffer) picture = NULL;
  GeglRectangle rect;

  if (!GIMP_IS_LAYER (drawable) || gimp_item_is_group (GIMP_ITEM (drawable)))
    {
      g_autofree gchar *name = gimp_item_get_name (GIMP_ITEM (drawable));

      g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
                   _ ("“%s” in “references” is no layer with a picture of its "
                      "own. Give layers that are no groups, masks or "
                      "channels."),
                   name);
      return FALSE;
    }

  pmt_bridge_layer_rect (GIMP_LAYER (drawable), &rect);
  reader = pmt_layer_reader_new (GIMP_LAYER (drawable));
  picture = pmt_layer_reader_read (reader, &rect, error);
  if (!picture)
    return FALSE;
  pmt_request_add_reference (request, picture);

  return TRUE;
}

gboolean
pmt_references_read (GimpProcedureConfig *config,
                     PmtRequest *request,
                     GError **error)
{
  g_autofree GObject **layers = NULL;
  gint n;

  if (!g_object_class_find_property (G_OBJECT_GET_CLASS (config), "references"))
    return TRUE;

  g_object_get (config, "references", &layers, NULL);
  n = layers ? (gint)gimp_core_object_array_get_length (layers) : 0;
  if (n > MAX_REFERENCES)
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
                   _ ("The argument “references” holds %d layers; %d are "
                      "allowed."),
                   n, MAX_REFERENCES);
      return FALSE;
    }
  for (gint i = 0; i < n; i++)
    if (!add_one (request, GIMP_DRAWABLE (layers[i]), error))
      return FALSE;

  return TRUE;
}
