/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* operation-call.c: what procedures are declared from and work with. */
#include "config.h"

#include "operation-call.h"

#include <glib/gi18n-lib.h>

#include "arguments.h"
#include "engine-access.h"
#include "image-scale.h"
#include "memory-check.h"
#include "pixel-bridge.h"
#include "preset-argument.h"
#include "remote-arguments.h"

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
  data->engine = pmt_plugin_engine_new (FALSE, NULL, &error);
  if (data->engine)
    {
      data->specs = pmt_arguments_collect (data->engine, operation);
      pmt_preset_argument_add (data->specs, operation);
      pmt_remote_arguments_add (data->specs, data->engine, operation);
    }
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

void
pmt_call_clear (PmtCall *call)
{
  g_clear_pointer (&call->base, pmt_request_free);
  g_clear_pointer (&call->engine, pmt_engine_unref);
  g_clear_pointer (&call->warning, g_free);
  g_clear_pointer (&call->references, pmt_references_free);
  g_clear_error (&call->references_error);
}

GPtrArray *
pmt_call_list_warnings (const PmtCall *call)
{
  GPtrArray *problems = pmt_engine_list_problems (call->engine);
  GPtrArray *warnings = g_ptr_array_new_with_free_func (g_free);

  if (call->warning)
    g_ptr_array_add (warnings, g_strdup (call->warning));
  for (guint i = 0; i < problems->len; i++)
    {
      const PmtProblem *problem = g_ptr_array_index (problems, i);

      g_ptr_array_add (warnings, g_strdup (problem->message));
    }

  return warnings;
}

gboolean
pmt_call_needs_layer (PmtOperation operation)
{
  return operation != PMT_OPERATION_GENERATE;
}

static gboolean
wants_selection (const PmtCall *call)
{
  return call->data->operation != PMT_OPERATION_EXPAND && !call->is_resumed;
}

/* Tells how deep the pixels should be; the colors of what a model makes are
 * sRGB, whatever the profile of the image.
 */
static void
set_stand_in (PmtRequest *request, GimpImage *image)
{
  const GeglRectangle pixel = { 0, 0, 1, 1 };
  g_autoptr (GeglBuffer) source = NULL;
  const gchar *format;

  switch (gimp_image_get_precision (image))
    {
    case GIMP_PRECISION_U8_NON_LINEAR:
    case GIMP_PRECISION_U8_PERCEPTUAL:
      format = "R'G'B' u8";
      break;

    default:
      format = "R'G'B' float";
      break;
    }
  source = gegl_buffer_new (&pixel, babl_format (format));
  pmt_request_set_source (request, source, &pixel);
}

void
pmt_call_set_inputs (const PmtCall *call,
                     PmtRequest *request,
                     const GeglRectangle *canvas,
                     GeglBuffer *mask)
{
  GeglRectangle rect;

  pmt_request_set_canvas (request, canvas);
  pmt_request_set_mask (request, mask);
  if (!pmt_call_needs_layer (pmt_request_get_operation (request)))
    {
      set_stand_in (request, call->image);
      return;
    }
  pmt_bridge_layer_rect (call->layer, &rect);
  rect.x -= call->shift_x;
  rect.y -= call->shift_y;
  pmt_request_set_source (request, NULL, &rect);
}

gboolean
pmt_call_prepare (PmtCall *call, GimpDrawable **drawables, GError **error)
{
  const PmtOperation operation = call->data->operation;
  const gboolean needs_layer = pmt_call_needs_layer (operation);
  g_autoptr (GeglBuffer) mask = NULL;
  GeglRectangle canvas;

  if (needs_layer ? !pmt_bridge_check_drawables (call->image, drawables,
                                                 &call->layer, error)
                  : !pmt_bridge_find_place (call->image, drawables,
                                            &call->layer, error))
    return FALSE;
  call->engine = pmt_plugin_engine_new (TRUE, &call->warning, error);
  if (!call->engine)
    return FALSE;

  gegl_rectangle_set (&canvas, 0, 0, gimp_image_get_width (call->image),
                      gimp_image_get_height (call->image));
  if (wants_selection (call)
      && !pmt_bridge_read_selection (
          call->image, needs_layer ? call->layer : NULL, &mask, error))
    return FALSE;

  call->references = pmt_references_new ();
  call->base = pmt_request_new (operation);
  pmt_call_set_inputs (call, call->base, &canvas, mask);

  return TRUE;
}

static gboolean
check_inputs (const PmtCall *call, GError **error)
{
  if (gimp_image_is_valid (call->image)
      && (!pmt_call_needs_layer (call->data->operation)
          || gimp_item_is_valid (GIMP_ITEM (call->layer))))
    return TRUE;
  g_set_error_literal (
      error, PMT_ERROR, PMT_ERROR_INPUT,
      _ ("The picture or the layer is no longer there, so that nothing can be "
         "made for it. Close this window, and start anew from another layer."));

  return FALSE;
}

gboolean
pmt_call_refresh (PmtCall *call, GError **error)
{
  const PmtOperation operation = call->data->operation;
  g_autoptr (PmtRequest) base = pmt_request_new (operation);
  g_autoptr (GeglBuffer) mask = NULL;
  GeglRectangle canvas = { 0 };

  if (!check_inputs (call, error))
    return FALSE;
  canvas.width = gimp_image_get_width (call->image);
  canvas.height = gimp_image_get_height (call->image);
  if (wants_selection (call)
      && !pmt_bridge_read_selection (
          call->image, pmt_call_needs_layer (operation) ? call->layer : NULL,
          &mask, error))
    return FALSE;
  if (!mask && call->above && pmt_request_get_mask (call->base))
    mask = g_object_ref (pmt_request_get_mask (call->base));

  pmt_call_set_inputs (call, base, &canvas, mask);
  pmt_request_free (call->base);
  call->base = g_steal_pointer (&base);

  return TRUE;
}

/* What a dialog has hidden, because the model takes none, is left out. */
static void
add_references (PmtCall *call, GimpProcedureConfig *config, PmtRequest *request)
{
  const PmtModel *model = pmt_engine_choose_model (call->engine, request);

  g_clear_error (&call->references_error);
  if (pmt_references_read (call->references, config, &call->references_error)
      && (call->is_strict
          || (model && pmt_model_get_limit (model, "references", 0.0) >= 1.0)))
    pmt_references_add (call->references, request);
}

PmtRequest *
pmt_call_make_request (GimpProcedureConfig *config, gpointer user_data)
{
  PmtCall *call = user_data;
  PmtRequest *request = pmt_request_copy (call->base);

  pmt_arguments_read (config, call->data->specs, call->engine, call->is_strict,
                      request);
  add_references (call, config, request);

  return request;
}

gchar *
pmt_call_get_resolution_mode (const PmtCall *call,
                              GimpProcedureConfig *config,
                              const PmtRequest *request)
{
  const PmtParamSpec *spec = pmt_image_scale_spec ();
  gchar *mode = NULL;

  if (!config)
    return call->data->operation == PMT_OPERATION_UPSCALE
                   && pmt_image_scale_applies (request)
               ? g_variant_dup_string (spec->default_value, NULL)
               : NULL;
  if (!g_ptr_array_find (call->data->specs, spec, NULL)
      || (!call->is_strict && !pmt_image_scale_applies (request)))
    return NULL;

  g_object_get (config, spec->name, &mode, NULL);

  return mode ? mode : g_strdup ("");
}

gboolean
pmt_call_check_limits (GimpProcedureConfig *config,
                       const PmtRequest *request,
                       const PmtEstimate *estimate,
                       gpointer user_data,
                       GError **error)
{
  const PmtCall *call = user_data;
  g_autofree gchar *mode = pmt_call_get_resolution_mode (call, config, request);

  if (call->references_error)
    {
      g_propagate_error (error, g_error_copy (call->references_error));
      return FALSE;
    }
  if (mode
      && !pmt_image_scale_check (call->image, request, mode, estimate, error))
    return FALSE;

  return pmt_memory_check (
      pmt_call_needs_layer (call->data->operation) ? call->layer : NULL,
      request, estimate, error);
}
