/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* operation-run.c: one call of an operation's procedure. */
#include "config.h"

#include "operation-run.h"

#include <glib/gi18n-lib.h>
#include <libgimp/gimpui.h>

#include "arguments.h"
#include "engine-access.h"
#include "image-scale.h"
#include "layer-reader.h"
#include "memory-check.h"
#include "pixel-bridge.h"
#include "result-layers.h"
#include "run.h"
#include "settings-dialog.h"

/* What a call works with. */
typedef struct
{
  const PmtOperationData *data;
  PmtEngine *engine;
  PmtRequest *base; /* inputs, without settings and source pixels */
  GimpImage *image;
  GimpLayer *layer;
  PmtLayerReader *reader; /* of the dialog's preview */
  gboolean is_strict;     /* a script gave the arguments: all must apply */
} Call;

/* Below the choice that it depends on; not where there is no model at all. */
static void
add_resolution_mode (GPtrArray *specs)
{
  for (guint i = 0; i < specs->len; i++)
    {
      const PmtParamSpec *spec = g_ptr_array_index (specs, i);

      if (strcmp (spec->name, "target") == 0)
        {
          g_ptr_array_insert (specs, (gint)i + 1,
                              (gpointer)pmt_image_scale_spec ());
          return;
        }
    }
}

PmtOperationData *
pmt_operation_data_new (PmtOperation operation)
{
  PmtOperationData *data = g_new0 (PmtOperationData, 1);
  g_autoptr (GError) error = NULL;

  gegl_init (NULL, NULL);
  data->operation = operation;
  data->engine = pmt_plugin_engine_new (FALSE, &error);
  if (data->engine)
    data->specs = pmt_arguments_collect (data->engine, operation);
  else
    {
      g_printerr ("pentimento: %s\n", error->message);
      data->specs = g_ptr_array_new ();
    }
  if (operation == PMT_OPERATION_UPSCALE)
    add_resolution_mode (data->specs);

  return data;
}

void
pmt_operation_data_free (gpointer user_data)
{
  PmtOperationData *data = user_data;

  g_clear_pointer (&data->engine, pmt_engine_unref);
  g_clear_pointer (&data->specs, g_ptr_array_unref);
  g_free (data);
}

static void
clear_call (Call *call)
{
  g_clear_pointer (&call->reader, pmt_layer_reader_free);
  g_clear_pointer (&call->base, pmt_request_free);
  g_clear_pointer (&call->engine, pmt_engine_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Call, clear_call)

static gboolean
wants_selection (PmtOperation operation)
{
  return operation != PMT_OPERATION_EXPAND;
}

static gboolean
prepare (Call *call, GimpDrawable **drawables, GError **error)
{
  const PmtOperation operation = call->data->operation;
  g_autoptr (GeglBuffer) mask = NULL;
  GeglRectangle canvas;
  GeglRectangle rect;

  if (!pmt_bridge_check_drawables (call->image, drawables, &call->layer, error))
    return FALSE;
  call->engine = pmt_plugin_engine_new (TRUE, error);
  if (!call->engine)
    return FALSE;

  pmt_bridge_layer_rect (call->layer, &rect);
  gegl_rectangle_set (&canvas, 0, 0, gimp_image_get_width (call->image),
                      gimp_image_get_height (call->image));
  if (wants_selection (operation)
      && !pmt_bridge_read_selection (call->image, call->layer, &mask, error))
    return FALSE;

  call->base = pmt_request_new (operation);
  pmt_request_set_canvas (call->base, &canvas);
  pmt_request_set_source (call->base, NULL, &rect);
  pmt_request_set_mask (call->base, mask);

  return TRUE;
}

static PmtRequest *
make_request (GimpProcedureConfig *config, gpointer user_data)
{
  const Call *call = user_data;
  PmtRequest *request = pmt_request_copy (call->base);

  pmt_arguments_read (config, call->data->specs, call->engine, call->is_strict,
                      request);

  return request;
}

/* NULL where the operation does not scale the image. */
static gchar *
get_resolution_mode (const Call *call,
                     GimpProcedureConfig *config,
                     const PmtRequest *request)
{
  const PmtParamSpec *spec = pmt_image_scale_spec ();
  gchar *mode = NULL;

  if (!g_ptr_array_find (call->data->specs, spec, NULL)
      || (!call->is_strict && !pmt_image_scale_applies (request)))
    return NULL;

  g_object_get (config, spec->name, &mode, NULL);

  return mode ? mode : g_strdup ("");
}

static gboolean
check_limits (GimpProcedureConfig *config,
              const PmtRequest *request,
              const PmtEstimate *estimate,
              gpointer user_data,
              GError **error)
{
  const Call *call = user_data;
  g_autofree gchar *mode = get_resolution_mode (call, config, request);

  if (mode
      && !pmt_image_scale_check (call->image, request, mode, estimate, error))
    return FALSE;

  return pmt_memory_check (call->layer, request, estimate, error);
}

static gboolean
argument_applies (const gchar *name,
                  const PmtRequest *request,
                  gpointer user_data)
{
  const Call *call = user_data;
  const PmtModel *model = pmt_arguments_find_model (call->engine, request);

  if (strcmp (name, pmt_image_scale_spec ()->name) == 0)
    return pmt_image_scale_applies (request);

  return !model
         || pmt_model_param_applies (model, name,
                                     pmt_request_peek_params (request));
}

static GeglBuffer *
read_patch (const GeglRectangle *rect, gpointer user_data, GError **error)
{
  const Call *call = user_data;

  return pmt_layer_reader_read (call->reader, rect, error);
}

static GdkPixbuf *
make_thumbnail (gint width, gint height, gpointer user_data)
{
  const Call *call = user_data;

  return pmt_layer_reader_thumbnail (call->reader, width, height);
}

static gboolean
has_preview (PmtOperation operation)
{
  return operation == PMT_OPERATION_UPSCALE
         || operation == PMT_OPERATION_ENHANCE;
}

/* FALSE with @error unset: the user cancelled. */
static gboolean
ask_settings (Call *call,
              GimpProcedure *procedure,
              GimpProcedureConfig *config,
              GError **error)
{
  const PmtPatchSource source = { read_patch, make_thumbnail, call };
  const PmtSettings settings = {
    .engine = call->engine,
    .operation = call->data->operation,
    .specs = call->data->specs,
    .warnings = pmt_engine_list_problems (call->engine),
    .make_request = make_request,
    .applies = argument_applies,
    .check = check_limits,
    .patch_source = has_preview (call->data->operation) ? &source : NULL,
    .user_data = call,
  };
  gboolean is_ok;

  /* gimp_ui_init() ends the process where there is no display. */
  if (!gtk_init_check (NULL, NULL))
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
                   _ ("There is no display for a dialog. Call “%s” with "
                      "run-mode RUN-NONINTERACTIVE."),
                   gimp_procedure_get_name (procedure));
      return FALSE;
    }
  gimp_ui_init ("pentimento");

  call->reader = pmt_layer_reader_new (call->layer);
  is_ok = pmt_settings_dialog_run (procedure, config, &settings);
  g_clear_pointer (&call->reader, pmt_layer_reader_free);

  return is_ok;
}

static gboolean
complete_request (Call *call,
                  GimpProcedureConfig *config,
                  PmtRequest *request,
                  GError **error)
{
  g_autoptr (GPtrArray) problems = pmt_engine_validate (call->engine, request);
  g_autoptr (PmtLayerReader) reader = pmt_layer_reader_new (call->layer);
  g_autoptr (GeglBuffer) source = NULL;
  PmtEstimate estimate;
  GeglRectangle rect;

  if (problems->len > 0)
    {
      g_propagate_error (error, pmt_run_join_problems (problems));
      return FALSE;
    }
  if (!pmt_engine_estimate (call->engine, request, &estimate, error)
      || !check_limits (config, request, &estimate, call, error))
    return FALSE;

  pmt_bridge_layer_rect (call->layer, &rect);
  source = pmt_layer_reader_read (reader, &estimate.region, error);
  if (!source)
    return FALSE;
  pmt_request_set_source (request, source, &rect);

  return TRUE;
}

static void
tell_notes (const PmtResult *result)
{
  const gchar *const *notes = pmt_result_get_notes (result);

  for (gint i = 0; notes && notes[i]; i++)
    g_message ("%s", notes[i]);
}

static void
tell_warnings (PmtEngine *engine)
{
  GPtrArray *problems = pmt_engine_list_problems (engine);

  for (guint i = 0; i < problems->len; i++)
    {
      const PmtProblem *problem = g_ptr_array_index (problems, i);

      g_message ("%s", problem->message);
    }
}

static GPtrArray *
work (Call *call,
      GimpProcedure *procedure,
      GimpRunMode run_mode,
      GimpProcedureConfig *config,
      GError **error)
{
  const PmtOperation operation = call->data->operation;
  const gboolean is_interactive = run_mode == GIMP_RUN_INTERACTIVE;
  g_autoptr (PmtRequest) request = NULL;
  g_autoptr (PmtResult) result = NULL;
  g_autofree gchar *mode = NULL;
  PmtPlacement placement = { NULL, NULL };
  GPtrArray *layers;

  if (!is_interactive)
    tell_warnings (call->engine);
  else if (!ask_settings (call, procedure, config, error))
    return NULL;

  request = make_request (config, call);
  if (!complete_request (call, config, request, error))
    return NULL;
  result =
      pmt_run_request (call->engine, request, pmt_operation_label (operation),
                       is_interactive, error);
  if (!result)
    return NULL;

  mode = get_resolution_mode (call, config, request);
  placement.request = request;
  if (pmt_image_scale_applies (request))
    placement.resolution_mode = mode;
  layers = pmt_result_layers_insert (call->image, call->layer, &placement,
                                     result, error);
  if (layers)
    tell_notes (result);

  return layers;
}

static GimpValueArray *
new_failure (GimpProcedure *procedure, GError *error)
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

static GimpValueArray *
new_success (GimpProcedure *procedure, GPtrArray *layers)
{
  GimpValueArray *values =
      gimp_procedure_new_return_values (procedure, GIMP_PDB_SUCCESS, NULL);
  g_autofree GObject **array = g_new0 (GObject *, layers->len + 1);

  for (guint i = 0; i < layers->len; i++)
    array[i] = g_ptr_array_index (layers, i);
  GIMP_VALUES_SET_CORE_OBJECT_ARRAY (values, 1, array);

  return values;
}

GimpValueArray *
pmt_operation_run (GimpProcedure *procedure,
                   GimpRunMode run_mode,
                   GimpImage *image,
                   GimpDrawable **drawables,
                   GimpProcedureConfig *config,
                   gpointer run_data)
{
  g_auto (Call) call = { .data = run_data,
                         .image = image,
                         .is_strict = run_mode == GIMP_RUN_NONINTERACTIVE };
  g_autoptr (GPtrArray) layers = NULL;
  GError *error = NULL;

  if (prepare (&call, drawables, &error))
    layers = work (&call, procedure, run_mode, config, &error);

  return layers ? new_success (procedure, layers)
                : new_failure (procedure, error);
}
