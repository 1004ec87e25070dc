/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* rerun.c: the recipe of a layer, run again or opened in a dialog. */
#include "config.h"

#include "rerun.h"

#include <glib/gi18n-lib.h>
#include <libgimp/gimpui.h>

#include "model-list.h"
#include "operation-run.h"
#include "procedure-parts.h"
#include "recipe-layer.h"
#include "recipe.h"
#include "reuse.h"

#define SAME_SEED "same"
#define NEW_SEED "new"

/* ------------------------------------------------------------- run again -- */

static gboolean
set_seed (PmtRequest *request, const gchar *mode, GError **error)
{
  if (g_strcmp0 (mode, NEW_SEED) == 0)
    {
      pmt_params_set_int (pmt_request_params (request), "seed", -1);
      return TRUE;
    }
  if (g_strcmp0 (mode, SAME_SEED) == 0)
    return TRUE;
  g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
               _ ("“seed-mode” is “%s”, but it must be “%s” or “%s”."),
               mode ? mode : "", SAME_SEED, NEW_SEED);

  return FALSE;
}

/* From the menu nothing is asked: nobody has seen what it would cost. */
static gboolean
check_free (const PmtCall *call, const PmtRequest *request, GError **error)
{
  const PmtModel *model = pmt_engine_choose_model (call->engine, request);
  g_autoptr (GPtrArray) services = NULL;
  const PmtServiceInfo *service;
  PmtEstimate estimate;

  if (!model || !pmt_model_is_remote (model))
    return TRUE;
  if (!pmt_engine_estimate (call->engine, request, &estimate, error))
    return FALSE;
  services = pmt_engine_list_services (call->engine, model);
  service = estimate.provider
                ? pmt_model_list_find_service (services, estimate.provider)
                : NULL;
  if (service && service->is_local)
    return TRUE;
  g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
               _ ("“%s” is run by a service that may charge for it. Choose Use "
                  "Settings of This Layer, which shows the cost before it "
                  "runs."),
               pmt_model_get_name (model));

  return FALSE;
}

static GPtrArray *
run_again (PmtCall *call,
           PmtRecipeLayer *layer,
           const gchar *seed_mode,
           gboolean is_interactive,
           GError **error)
{
  GeglRectangle area;

  if (!set_seed (layer->request, seed_mode, error)
      || !pmt_recipe_layer_prepare_rerun (layer, call, error)
      || (is_interactive && !check_free (call, layer->request, error)))
    return NULL;
  if (pmt_recipe_get_area (layer->recipe, &area))
    call->area = &area;

  return pmt_operation_execute (call, NULL, layer->request, is_interactive,
                                error);
}

static GimpValueArray *
rerun_run (GimpProcedure *procedure,
           GimpRunMode run_mode,
           GimpImage *image,
           GimpDrawable **drawables,
           GimpProcedureConfig *config,
           gpointer run_data)
{
  PmtOperationData data = { PMT_OPERATION_GENERATE, NULL, NULL };
  g_auto (PmtCall) call = { .data = &data, .image = image };
  g_auto (PmtRecipeLayer) layer = { NULL, NULL, NULL, NULL };
  g_autoptr (GPtrArray) layers = NULL;
  g_autofree gchar *seed_mode = NULL;
  const gboolean is_interactive = pmt_operation_has_windows (run_mode);
  GError *error = NULL;

  gegl_init (NULL, NULL);
  g_object_get (config, "seed-mode", &seed_mode, NULL);
  if (pmt_recipe_layer_read (&layer, image, drawables, &error))
    {
      data.operation = pmt_request_get_operation (layer.request);
      layers = run_again (&call, &layer, seed_mode, is_interactive, &error);
    }

  return pmt_operation_return (procedure, layers, error);
}

/* ------------------------------------------------------ use the settings -- */

static GPtrArray *
use_settings (GimpPlugIn *plug_in,
              PmtCall *call,
              PmtRecipeLayer *layer,
              GError **error)
{
  if (!pmt_recipe_layer_prepare_dialog (layer, call, error)
      || !pmt_reuse_check_model (call->engine, layer->request, error))
    return NULL;

  return pmt_reuse_work (plug_in, call, layer->request, error);
}

static GimpValueArray *
use_settings_run (GimpProcedure *procedure,
                  GimpRunMode run_mode,
                  GimpImage *image,
                  GimpDrawable **drawables,
                  GimpProcedureConfig *config,
                  gpointer run_data)
{
  g_auto (PmtCall) call = { .image = image };
  g_auto (PmtRecipeLayer) layer = { NULL, NULL, NULL, NULL };
  g_autoptr (GPtrArray) layers = NULL;
  PmtOperationData *data = NULL;
  GError *error = NULL;

  gegl_init (NULL, NULL);
  if (!pmt_operation_has_windows (run_mode))
    {
      g_set_error (&error, PMT_ERROR, PMT_ERROR_ARGUMENT,
                   _ ("“%s” needs a dialog. Call it with run-mode "
                      "RUN-INTERACTIVE, where there is a display; “%s” needs "
                      "none."),
                   PMT_USE_SETTINGS_PROCEDURE, PMT_RERUN_PROCEDURE);
    }
  else if (pmt_recipe_layer_read (&layer, image, drawables, &error))
    {
      data = pmt_operation_data_new (pmt_request_get_operation (layer.request));
      call.data = data;
      layers = use_settings (gimp_procedure_get_plug_in (procedure), &call,
                             &layer, &error);
    }
  pmt_call_clear (&call);
  g_clear_pointer (&data, pmt_operation_data_free);

  return pmt_operation_return (procedure, layers, error);
}

/* ----------------------------------------------------------- declarations -- */

GimpProcedure *
pmt_rerun_create (GimpPlugIn *plug_in)
{
  GimpProcedure *procedure = gimp_image_procedure_new (
      plug_in, PMT_RERUN_PROCEDURE, GIMP_PDB_PROC_TYPE_PLUGIN, rerun_run, NULL,
      NULL);

  pmt_procedure_take_images (procedure, TRUE);
  pmt_procedure_describe (
      procedure, _ ("_Rerun This Layer"),
      _ ("Run the recipe of the layer again"),
      _ ("Runs again what made the layer: the same operation, model and "
         "settings, on the layer that it was made from and with the selection "
         "of then. The result is a new layer above; the others stay as they "
         "are. With the same seed it has the same pixels. Needs a layer that "
         "Pentimento made, and that the layer it was made from is still there "
         "and has not changed. Returns the new layers."));
  pmt_procedure_declare_layers (procedure);
  gimp_procedure_add_string_argument (
      procedure, "seed-mode", _ ("_Seed"),
      _ ("“same”: the seed of the recipe; “new”: a random one."), SAME_SEED,
      G_PARAM_READWRITE);

  return procedure;
}

GimpProcedure *
pmt_use_settings_create (GimpPlugIn *plug_in)
{
  GimpProcedure *procedure = gimp_image_procedure_new (
      plug_in, PMT_USE_SETTINGS_PROCEDURE, GIMP_PDB_PROC_TYPE_PLUGIN,
      use_settings_run, NULL, NULL);

  pmt_procedure_take_images (procedure, TRUE);
  pmt_procedure_describe (
      procedure, _ ("_Use Settings of This Layer..."),
      _ ("Open the dialog that made the layer, with its settings"),
      _ ("Opens the dialog of the operation that made the layer, filled with "
         "the settings of its recipe, for the layer that it was made from as "
         "it is now. Where nothing is selected, the selection of then is "
         "used. Needs a layer that Pentimento made, and a display. Returns "
         "the new layers."));
  pmt_procedure_declare_layers (procedure);

  return procedure;
}
