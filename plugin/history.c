/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* history.c: what was run, inserted again or run again with other inputs. */
#include "config.h"

#include "history.h"

#include <glib/gi18n-lib.h>

#include "engine-access.h"
#include "history-window.h"
#include "operation-run.h"
#include "pixel-bridge.h"
#include "procedure-parts.h"
#include "recipe.h"
#include "result-layers.h"
#include "result-selection.h"
#include "reuse.h"

/**
 * Session: one window
 * @layers: (element-type GimpLayer): all that were inserted
 * @data, @request: (nullable): what is run with settings that were there
 * @call: prepared for @request
 */
typedef struct
{
  GimpImage *image;
  PmtEngine *engine;
  GPtrArray *layers;
  PmtOperationData *data;
  PmtRequest *request;
  PmtCall call;
} Session;

static void
session_drop_call (Session *session)
{
  pmt_call_clear (&session->call);
  g_clear_pointer (&session->data, pmt_operation_data_free);
  g_clear_pointer (&session->request, pmt_request_free);
}

static void
session_clear (Session *session)
{
  session_drop_call (session);
  g_clear_pointer (&session->engine, pmt_engine_unref);
  g_clear_pointer (&session->layers, g_ptr_array_unref);
}

/* While the window is open, its user goes on in GIMP. */
static gboolean
check_image (const Session *session, GError **error)
{
  if (gimp_image_is_valid (session->image))
    return TRUE;
  g_set_error_literal (
      error, PMT_ERROR, PMT_ERROR_INPUT,
      _ ("The image that the history was opened for was closed. Close this "
         "window, and open it again from another image."));

  return FALSE;
}

/* ----------------------------------------------------------- insert again -- */

static gboolean
has_size (const GeglRectangle *a, const GeglRectangle *b)
{
  return a->width == b->width && a->height == b->height;
}

/* Of what shows, as far as that is known: a layer is larger than its mask. */
static void
get_bounds (const PmtResult *result, GeglRectangle *bounds)
{
  for (guint i = 0; i < pmt_result_get_n_items (result); i++)
    {
      GeglRectangle area;

      if (!pmt_recipe_get_area (pmt_result_get_recipe (result, i), &area)
          || gegl_rectangle_is_empty (&area))
        area = *gegl_buffer_get_extent (pmt_result_get_picture (result, i));
      if (i == 0)
        *bounds = area;
      else
        gegl_rectangle_bounding_box (bounds, bounds, &area);
    }
}

/* Where it lay: in the image as it was, or as the run left it; in another one
 * in the middle, where it would not be seen otherwise.
 */
static void
find_shift (GimpImage *image,
            const PmtResult *result,
            const GeglRectangle *from,
            PmtPlacement *placement)
{
  const PmtOperation operation = pmt_request_get_operation (placement->request);
  const GeglRectangle now = { 0, 0, gimp_image_get_width (image),
                              gimp_image_get_height (image) };
  GeglRectangle canvas;
  GeglRectangle bounds;

  pmt_result_get_canvas (result, &canvas);
  placement->keeps_canvas = TRUE;
  if (has_size (&now, &canvas))
    {
      placement->shift_x = -canvas.x;
      placement->shift_y = -canvas.y;
      return;
    }
  if (has_size (&now, from))
    {
      placement->keeps_canvas = operation != PMT_OPERATION_EXPAND;
      return;
    }
  get_bounds (result, &bounds);
  if (gegl_rectangle_intersect (NULL, &now, &bounds))
    return;
  placement->shift_x = (now.width - bounds.width) / 2 - bounds.x;
  placement->shift_y = (now.height - bounds.height) / 2 - bounds.y;
}

static GPtrArray *
insert_layers (Session *session,
               const PmtResult *result,
               const GeglRectangle *from,
               const PmtRequest *request,
               GError **error)
{
  PmtPlacement placement = { .result = result, .request = request };
  g_autofree GimpDrawable **drawables =
      gimp_image_get_selected_drawables (session->image);
  GimpLayer *above = NULL;

  if (!pmt_bridge_find_place (session->image, drawables, &above, error))
    return NULL;
  find_shift (session->image, result, from, &placement);

  return pmt_result_layers_insert (session->image, above, &placement, 1, error);
}

static gboolean
insert (const PmtHistoryEntry *entry, gpointer user_data, GError **error)
{
  Session *session = user_data;
  g_autoptr (PmtResult) result = NULL;
  g_autoptr (PmtRequest) request = NULL;
  g_autoptr (GPtrArray) layers = NULL;
  GeglRectangle from;

  if (!check_image (session, error))
    return FALSE;
  result = pmt_engine_load_history (session->engine, entry->id, &from, error);
  if (!result)
    return FALSE;
  if (entry->operation == PMT_OPERATION_SELECT_SUBJECT)
    return pmt_result_selection_set (session->image, result, error);

  request = pmt_request_from_recipe (pmt_result_get_recipe (result, 0), error);
  if (!request)
    return FALSE;
  pmt_request_set_canvas (request, &from);
  layers = insert_layers (session, result, &from, request, error);
  if (!layers)
    return FALSE;
  for (guint i = 0; i < layers->len; i++)
    g_ptr_array_add (session->layers, layers->pdata[i]);

  return TRUE;
}

/* --------------------------------------------------------- reuse settings -- */

static gboolean
prepare (Session *session, const PmtHistoryEntry *entry, GError **error)
{
  g_autofree GimpDrawable **drawables =
      gimp_image_get_selected_drawables (session->image);

  session->request = pmt_request_from_recipe (entry->recipe, error);
  if (!session->request
      || !pmt_reuse_check_model (session->engine, session->request, error))
    return FALSE;
  session->data = pmt_operation_data_new (entry->operation);
  session->call.data = session->data;
  session->call.image = session->image;

  return pmt_call_prepare (&session->call, drawables, error);
}

/* What is wrong with the image is told while the window is still there. */
static gboolean
reuse (const PmtHistoryEntry *entry, gpointer user_data, GError **error)
{
  Session *session = user_data;

  if (!check_image (session, error))
    return FALSE;
  if (prepare (session, entry, error))
    return TRUE;
  session_drop_call (session);

  return FALSE;
}

/* ---------------------------------------------------------------- procedure */

static gboolean
run_window (Session *session, GimpPlugIn *plug_in, GError **error)
{
  const PmtHistoryActions actions = { insert, reuse, session };
  g_autofree gchar *user_dir = pmt_default_user_dir ();
  g_autoptr (GPtrArray) layers = NULL;
  GError *local = NULL;

  session->engine = pmt_plugin_engine_new (TRUE, NULL, error);
  if (!session->engine)
    return FALSE;
  if (!pmt_history_window_run (session->engine, user_dir, &actions))
    return TRUE;
  layers = pmt_reuse_work (plug_in, &session->call, session->request, &local);
  if (local)
    {
      g_propagate_error (error, local);
      return FALSE;
    }
  for (guint i = 0; layers && i < layers->len; i++)
    g_ptr_array_add (session->layers, layers->pdata[i]);

  return TRUE;
}

/* Its user may have deleted some meanwhile. */
static void
drop_deleted (GPtrArray *layers)
{
  for (guint i = layers->len; i > 0; i--)
    if (!gimp_item_is_valid (layers->pdata[i - 1]))
      g_ptr_array_remove_index (layers, i - 1);
}

static GimpValueArray *
history_run (GimpProcedure *procedure,
             GimpRunMode run_mode,
             GimpImage *image,
             GimpDrawable **drawables,
             GimpProcedureConfig *config,
             gpointer run_data)
{
  Session session = { .image = image, .layers = g_ptr_array_new () };
  GimpValueArray *values;
  gboolean is_ok = FALSE;
  GError *error = NULL;

  gegl_init (NULL, NULL);
  if (pmt_operation_has_windows (run_mode))
    is_ok =
        run_window (&session, gimp_procedure_get_plug_in (procedure), &error);
  else
    g_set_error (&error, PMT_ERROR, PMT_ERROR_ARGUMENT,
                 _ ("“%s” needs a window. Call it with run-mode "
                    "RUN-INTERACTIVE, where there is a display; “pentimento "
                    "history” needs none."),
                 PMT_HISTORY_PROCEDURE);
  drop_deleted (session.layers);
  values =
      pmt_operation_return (procedure, is_ok ? session.layers : NULL, error);
  session_clear (&session);

  return values;
}

GimpProcedure *
pmt_history_create (GimpPlugIn *plug_in)
{
  GimpProcedure *procedure = gimp_image_procedure_new (
      plug_in, PMT_HISTORY_PROCEDURE, GIMP_PDB_PROC_TYPE_PLUGIN, history_run,
      NULL, NULL);

  pmt_procedure_take_images (procedure, FALSE);
  pmt_procedure_describe (
      procedure, _ ("_History..."),
      _ ("What was run: insert it again, or reuse its settings"),
      _ ("Shows what Pentimento has run on this computer, with thumbnails and "
         "all settings, and a search. A result can be inserted into the image "
         "again as a new layer with its mask, and the dialog of an operation "
         "can be opened with the settings of a run. Runs can be deleted. Needs "
         "a display. Returns the new layers."));
  pmt_procedure_declare_layers (procedure);

  return procedure;
}
