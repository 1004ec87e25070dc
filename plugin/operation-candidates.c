/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* operation-candidates.c: a window that makes candidates and inserts them. */
#include "config.h"

#include "operation-candidates.h"

#include <glib/gi18n-lib.h>

#include "candidate.h"
#include "operation-dialog.h"
#include "operation-run.h"
#include "pixel-bridge.h"
#include "result-layers.h"
#include "results-pane.h"
#include "seed-row.h"

typedef struct
{
  PmtCall *call;
  GimpDisplay *display; /* nullable: where it was called */
  GPtrArray *layers;    /* of GimpLayer: that were inserted */
  guint n_runs;
} Session;

/* What the candidates of a run share. */
typedef struct
{
  PmtRequest *request;
  PmtSourceRecord *record;
  GeglRectangle layer; /* where the layer was */
} Batch;

static void
batch_clear (gpointer data)
{
  Batch *batch = data;

  pmt_request_free (batch->request);
  pmt_source_record_free (batch->record);
}

static void
batch_unref (gpointer batch)
{
  g_rc_box_release_full (batch, batch_clear);
}

/* GIMP keeps a picture that was closed until the call ends, and then breaks
 * over what was put into it.
 */
static gboolean
check_image (const Session *session, GError **error)
{
  if (gimp_image_is_valid (session->call->image)
      && (!session->display || gimp_display_is_valid (session->display)))
    return TRUE;
  g_set_error_literal (
      error, PMT_ERROR, PMT_ERROR_INPUT,
      _ ("The picture was closed, so that the candidates have no place to go. "
         "They stay in this window until it is closed."));

  return FALSE;
}

static PmtRequest *
begin (GimpProcedureConfig *config,
       gpointer *out,
       gpointer user_data,
       GError **error)
{
  Session *session = user_data;
  PmtCall *call = session->call;
  g_autoptr (PmtRequest) request = NULL;
  Batch *batch;

  if (!check_image (session, error) || !pmt_call_refresh (call, error))
    return NULL;
  request = pmt_call_make_request (config, call);
  if (!pmt_operation_complete_request (call, config, request, error))
    return NULL;

  batch = g_rc_box_new0 (Batch);
  batch->request = pmt_request_copy (request);
  batch->record = pmt_source_record_new (
      pmt_call_needs_layer (call->data->operation) ? call->layer : NULL,
      request);
  batch->layer = *pmt_request_get_layer (request);
  session->n_runs++;
  *out = batch;

  return g_steal_pointer (&request);
}

/* The layer may be gone: then the results go on top. */
static GimpLayer *
find_place (const PmtCall *call)
{
  if (call->above && gimp_item_is_valid (GIMP_ITEM (call->above)))
    return call->above;
  if (call->layer && gimp_item_is_valid (GIMP_ITEM (call->layer)))
    return call->layer;

  return NULL;
}

/* A layer that was moved, or a canvas that was cropped, since: the result goes
 * where what it was made from is now.
 */
static void
set_shift (PmtPlacement *placement, const PmtCall *call, const Batch *batch)
{
  GeglRectangle rect;

  if (!pmt_call_needs_layer (call->data->operation)
      || !gimp_item_is_valid (GIMP_ITEM (call->layer)))
    return;
  pmt_bridge_layer_rect (call->layer, &rect);
  placement->shift_x = rect.x - batch->layer.x;
  placement->shift_y = rect.y - batch->layer.y;
}

static void
set_placement (PmtPlacement *placement,
               const PmtCall *call,
               const PmtCandidate *candidate)
{
  const Batch *batch = candidate->batch;
  GeglRectangle canvas;

  pmt_result_get_canvas (candidate->result, &canvas);
  placement->result = candidate->result;
  placement->request = batch->request;
  placement->record = batch->record;
  placement->keeps_canvas =
      gegl_rectangle_equal (&canvas, pmt_request_get_canvas (batch->request));
  set_shift (placement, call, batch);
}

static gboolean
insert (GPtrArray *candidates, gpointer user_data, GError **error)
{
  Session *session = user_data;
  const PmtCall *call = session->call;
  g_autofree PmtPlacement *placements = g_new0 (PmtPlacement, candidates->len);
  g_autoptr (GPtrArray) layers = NULL;

  if (!check_image (session, error))
    return FALSE;
  for (guint i = 0; i < candidates->len; i++)
    set_placement (&placements[i], call, g_ptr_array_index (candidates, i));
  layers = pmt_result_layers_insert (call->image, find_place (call), placements,
                                     candidates->len, error);
  if (!layers)
    return FALSE;
  g_ptr_array_extend (session->layers, layers, NULL, NULL);

  return TRUE;
}

gboolean
pmt_operation_has_candidates (PmtOperation operation)
{
  switch (operation)
    {
    case PMT_OPERATION_GENERATE:
    case PMT_OPERATION_REIMAGINE:
    case PMT_OPERATION_FILL:
    case PMT_OPERATION_REMOVE:
    case PMT_OPERATION_EXPAND:
    case PMT_OPERATION_EDIT:
      return TRUE;

    default:
      return FALSE;
    }
}

/* Some may have been undone, or their image closed. */
static void
drop_gone (GPtrArray *layers)
{
  for (guint i = layers->len; i > 0; i--)
    if (!gimp_item_is_valid (g_ptr_array_index (layers, i - 1)))
      g_ptr_array_remove_index (layers, i - 1);
}

GPtrArray *
pmt_operation_candidates_run (PmtCall *call,
                              GimpProcedure *procedure,
                              GimpProcedureConfig *config,
                              GError **error)
{
  g_autoptr (GPtrArray) layers = g_ptr_array_new ();
  Session session = { call, gimp_default_display (), layers, 0 };
  const PmtResultsSource results = { begin, insert, batch_unref, &session };

  /* Settings that were run are kept for the next time: a success. */
  if (!pmt_operation_dialog_run (call, procedure, config, &results, error)
      && session.n_runs == 0)
    return NULL;
  drop_gone (layers);
  if (session.n_runs > 0)
    pmt_seed_row_finish (config);

  return g_steal_pointer (&layers);
}
