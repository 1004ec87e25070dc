/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* operation-run.c: one call of an operation's procedure. */
#include "config.h"

#include "operation-run.h"

#include <libgimp/gimpui.h>

#include "image-scale.h"
#include "layer-reader.h"
#include "operation-call.h"
#include "operation-candidates.h"
#include "operation-dialog.h"
#include "pixel-bridge.h"
#include "procedure-parts.h"
#include "references.h"
#include "result-layers.h"
#include "result-selection.h"
#include "run.h"
#include "seed-row.h"

/* The pixels that the engine reads, once it is known which. */
static gboolean
read_source (const PmtCall *call,
             PmtRequest *request,
             const PmtEstimate *estimate,
             GError **error)
{
  g_autoptr (PmtLayerReader) reader = pmt_layer_reader_new (call->layer);
  g_autoptr (GeglBuffer) source = pmt_layer_reader_read_shifted (
      reader, &estimate->region, call->shift_x, call->shift_y, error);
  GeglRectangle rect;

  if (!source)
    return FALSE;
  pmt_bridge_layer_rect (call->layer, &rect);
  rect.x -= call->shift_x;
  rect.y -= call->shift_y;
  pmt_request_set_source (request, source, &rect);

  return TRUE;
}

gboolean
pmt_operation_complete_request (PmtCall *call,
                                GimpProcedureConfig *config,
                                PmtRequest *request,
                                GError **error)
{
  g_autoptr (GPtrArray) problems = pmt_engine_validate (call->engine, request);
  PmtEstimate estimate;

  if (problems->len > 0)
    {
      g_propagate_error (error, pmt_run_join_problems (problems));
      return FALSE;
    }
  if (!pmt_engine_estimate (call->engine, request, &estimate, error)
      || !pmt_call_check_limits (config, request, &estimate, call, error))
    return FALSE;

  return !pmt_call_needs_layer (call->data->operation)
         || read_source (call, request, &estimate, error);
}

static void
tell_notes (const PmtResult *result)
{
  const gchar *const *notes = pmt_result_get_notes (result);

  for (gint i = 0; notes && notes[i]; i++)
    g_message ("%s", notes[i]);
}

static void
tell_warnings (const PmtCall *call)
{
  g_autoptr (GPtrArray) warnings = pmt_call_list_warnings (call);

  for (guint i = 0; i < warnings->len; i++)
    g_message ("%s", (const gchar *)g_ptr_array_index (warnings, i));
}

/* What was made, into the image; empty where it is no layer. */
static GPtrArray *
place_result (const PmtCall *call,
              const PmtPlacement *placement,
              const PmtResult *result,
              GError **error)
{
  if (call->data->operation == PMT_OPERATION_SELECT_SUBJECT)
    return pmt_result_selection_set (call->image, result, error)
               ? g_ptr_array_new ()
               : NULL;
  /* There was nothing to work on, such as a face; a note says so. */
  if (pmt_result_get_n_items (result) == 0)
    return g_ptr_array_new ();

  return pmt_result_layers_insert (call->image,
                                   call->above ? call->above : call->layer,
                                   placement, 1, error);
}

GPtrArray *
pmt_operation_execute (PmtCall *call,
                       GimpProcedureConfig *config,
                       PmtRequest *request,
                       gboolean is_interactive,
                       GError **error)
{
  const PmtOperation operation = call->data->operation;
  g_autoptr (PmtResult) result = NULL;
  g_autoptr (PmtSourceRecord) record = NULL;
  g_autofree gchar *mode = NULL;
  PmtPlacement placement = { .shift_x = call->shift_x,
                             .shift_y = call->shift_y,
                             .area = call->area };
  GPtrArray *layers;

  if (!pmt_operation_complete_request (call, config, request, error))
    return NULL;
  /* Before the run: its user may close the layer meanwhile. */
  record = pmt_source_record_new (
      pmt_call_needs_layer (operation) ? call->layer : NULL, request);
  result =
      pmt_run_request (call->engine, request, pmt_operation_label (operation),
                       is_interactive, error);
  if (!result)
    return NULL;

  mode = pmt_call_get_resolution_mode (call, config, request);
  placement.result = result;
  placement.request = request;
  placement.record = record;
  if (pmt_image_scale_applies (request))
    placement.resolution_mode = mode;
  layers = place_result (call, &placement, result, error);
  if (layers)
    tell_notes (result);

  return layers;
}

GPtrArray *
pmt_operation_work (PmtCall *call,
                    GimpProcedure *procedure,
                    GimpRunMode run_mode,
                    GimpProcedureConfig *config,
                    GError **error)
{
  const gboolean is_interactive = run_mode == GIMP_RUN_INTERACTIVE;
  g_autoptr (PmtRequest) request = NULL;
  GPtrArray *layers;

  if (!pmt_references_read (call->references, config, error))
    return NULL;
  /* Repeat is silent: its user has seen them in the dialog. */
  if (run_mode == GIMP_RUN_NONINTERACTIVE)
    tell_warnings (call);
  if (is_interactive && pmt_operation_has_candidates (call->data->operation))
    return pmt_operation_candidates_run (call, procedure, config, error);
  if (is_interactive
      && !pmt_operation_dialog_run (call, procedure, config, NULL, error))
    return NULL;

  request = pmt_call_make_request (config, call);
  layers = pmt_operation_execute (call, config, request, is_interactive, error);
  if (layers && is_interactive)
    pmt_seed_row_finish (config);

  return layers;
}

static GimpValueArray *
new_success (GimpProcedure *procedure, GPtrArray *layers)
{
  GimpValueArray *values =
      gimp_procedure_new_return_values (procedure, GIMP_PDB_SUCCESS, NULL);
  g_autofree GObject **array = g_new0 (GObject *, layers->len + 1);

  /* A selection was made, and no layer. */
  if (gimp_value_array_length (values) < 2)
    return values;
  for (guint i = 0; i < layers->len; i++)
    array[i] = g_ptr_array_index (layers, i);
  GIMP_VALUES_SET_CORE_OBJECT_ARRAY (values, 1, array);

  return values;
}

GimpValueArray *
pmt_operation_return (GimpProcedure *procedure,
                      GPtrArray *layers,
                      GError *error)
{
  return layers ? new_success (procedure, layers)
                : pmt_procedure_new_failure (procedure, error);
}

GimpValueArray *
pmt_operation_run (GimpProcedure *procedure,
                   GimpRunMode run_mode,
                   GimpImage *image,
                   GimpDrawable **drawables,
                   GimpProcedureConfig *config,
                   gpointer run_data)
{
  g_auto (PmtCall) call = { .data = run_data,
                            .image = image,
                            .is_strict = run_mode == GIMP_RUN_NONINTERACTIVE };
  g_autoptr (GPtrArray) layers = NULL;
  GError *error = NULL;

  if (pmt_call_prepare (&call, drawables, &error))
    layers = pmt_operation_work (&call, procedure, run_mode, config, &error);

  return pmt_operation_return (procedure, layers, error);
}

gboolean
pmt_operation_has_windows (GimpRunMode run_mode)
{
  if (run_mode != GIMP_RUN_INTERACTIVE || !gtk_init_check (NULL, NULL))
    return FALSE;
  gimp_ui_init ("pentimento");

  return TRUE;
}
