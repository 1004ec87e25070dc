/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* recipe-layer.c: a layer with a recipe, ready to be used again. */
#include "config.h"

#include "recipe-layer.h"

#include <glib/gi18n-lib.h>

#include "engine-access.h"
#include "pixel-bridge.h"
#include "recipe.h"
#include "source-find.h"

void
pmt_recipe_layer_clear (PmtRecipeLayer *layer)
{
  g_clear_pointer (&layer->recipe, g_free);
  g_clear_pointer (&layer->request, pmt_request_free);
  g_clear_pointer (&layer->record, pmt_source_record_free);
}

/* What the request can't be made from is a matter of the picture here, not of
 * the arguments of the call.
 */
static gboolean
read_request (PmtRecipeLayer *layer, GError **error)
{
  g_autoptr (GError) local = NULL;

  layer->request = pmt_request_from_recipe (layer->recipe, &local);
  if (layer->request)
    return TRUE;
  g_set_error_literal (error, PMT_ERROR, PMT_ERROR_INPUT, local->message);

  return FALSE;
}

gboolean
pmt_recipe_layer_read (PmtRecipeLayer *layer,
                       GimpImage *image,
                       GimpDrawable **drawables,
                       GError **error)
{
  if (!pmt_bridge_check_drawables (image, drawables, &layer->layer, error))
    return FALSE;
  layer->recipe = pmt_recipe_get (layer->layer);
  if (!layer->recipe)
    {
      g_autofree gchar *name = gimp_item_get_name (GIMP_ITEM (layer->layer));

      g_set_error (error, PMT_ERROR, PMT_ERROR_INPUT,
                   _ ("The layer “%s” has no recipe: Pentimento did not make "
                      "it. Select a layer that it made."),
                   name);
      return FALSE;
    }
  if (!read_request (layer, error))
    return FALSE;
  layer->record = pmt_source_record_from_recipe (layer->recipe, error);
  if (!layer->record)
    return FALSE;
  if (layer->record->has_layer
      == pmt_call_needs_layer (pmt_request_get_operation (layer->request)))
    return TRUE;
  g_set_error_literal (
      error, PMT_ERROR, PMT_ERROR_INPUT,
      _ ("The recipe of this layer is damaged: what it says about the layer "
         "that it was made from can't be read."));

  return FALSE;
}

static gboolean
check_canvas (const PmtRecipeLayer *layer, GimpImage *image, GError **error)
{
  const GeglRectangle *canvas = &layer->record->canvas;

  if (layer->record->has_layer
      || (canvas->x == 0 && canvas->y == 0
          && canvas->width == gimp_image_get_width (image)
          && canvas->height == gimp_image_get_height (image)))
    return TRUE;
  g_set_error (error, PMT_ERROR, PMT_ERROR_INPUT,
               _ ("This layer was made in a picture of %d × %d pixels, and "
                  "this one has another size. Use Filters > Pentimento > Use "
                  "Settings of This Layer to run the same settings here."),
               canvas->width, canvas->height);

  return FALSE;
}

static gboolean
check_references (const PmtRecipeLayer *layer, GError **error)
{
  if (layer->record->n_references == 0)
    return TRUE;
  g_set_error_literal (
      error, PMT_ERROR, PMT_ERROR_INPUT,
      _ ("This layer was made with reference pictures, which a recipe does "
         "not keep. Use Filters > Pentimento > Use Settings of This Layer, "
         "and add them again."));

  return FALSE;
}

/* From the coordinates of the recipe to those of the image. */
static void
get_shift (const PmtRecipeLayer *layer, GimpLayer *source, gint *dx, gint *dy)
{
  GeglRectangle rect;

  if (!source)
    {
      *dx = *dy = 0;
      return;
    }
  pmt_bridge_layer_rect (source, &rect);
  *dx = rect.x - layer->record->layer.x;
  *dy = rect.y - layer->record->layer.y;
}

/* A service is paid for each place: only this one is asked for again.  Models
 * of this computer get all of them, since each looks at what surrounds it.
 */
static void
crop_selection (const PmtRecipeLayer *layer,
                const PmtCall *call,
                GeglBuffer **mask)
{
  const PmtModel *model =
      pmt_engine_choose_model (call->engine, layer->request);
  g_autoptr (GeglBuffer) whole = NULL;
  GeglRectangle area;

  if (!*mask || !model || !pmt_model_is_remote (model)
      || !pmt_recipe_get_area (layer->recipe, &area)
      || !gegl_rectangle_intersect (&area, &area,
                                    gegl_buffer_get_extent (*mask)))
    return;
  whole = g_steal_pointer (mask);
  *mask = gegl_buffer_new (&area, gegl_buffer_get_format (whole));
  gegl_buffer_copy (whole, &area, GEGL_ABYSS_NONE, *mask, &area);
}

/* What both need: where the result goes, and the engine. */
static gboolean
prepare (PmtRecipeLayer *layer, PmtCall *call, GError **error)
{
  call->above = layer->layer;
  call->references = pmt_references_new ();
  call->engine = pmt_plugin_engine_new (TRUE, &call->warning, error);

  return call->engine != NULL;
}

gboolean
pmt_recipe_layer_prepare_rerun (PmtRecipeLayer *layer,
                                PmtCall *call,
                                GError **error)
{
  const PmtSourceRecord *record = layer->record;
  g_autoptr (GeglBuffer) mask = NULL;

  if (!check_references (layer, error)
      || !check_canvas (layer, call->image, error))
    return FALSE;
  if (record->has_layer)
    {
      call->layer =
          pmt_source_find_unchanged (call->image, layer->layer, record, error);
      if (!call->layer)
        return FALSE;
    }
  get_shift (layer, call->layer, &call->shift_x, &call->shift_y);
  if (!prepare (layer, call, error)
      || !pmt_source_record_read_selection (record, layer->layer, &mask, error))
    return FALSE;

  crop_selection (layer, call, &mask);
  pmt_call_set_inputs (call, layer->request, &record->canvas, mask);

  return TRUE;
}

static GeglBuffer *
shift_mask (GeglBuffer *mask, gint dx, gint dy)
{
  GeglRectangle rect = *gegl_buffer_get_extent (mask);
  GeglBuffer *shifted;

  rect.x += dx;
  rect.y += dy;
  shifted = gegl_buffer_new (&rect, gegl_buffer_get_format (mask));
  gegl_buffer_copy (mask, NULL, GEGL_ABYSS_NONE, shifted, &rect);

  return shifted;
}

/* The image's selection; else the recipe's, at the place of @call's layer. */
static gboolean
read_selection (const PmtRecipeLayer *layer,
                const PmtCall *call,
                GeglBuffer **mask,
                GError **error)
{
  g_autoptr (GeglBuffer) kept = NULL;
  GeglRectangle rect = layer->record->layer;
  gint dx, dy;

  if (!pmt_bridge_read_selection (call->image, call->layer, mask, error))
    return FALSE;
  if (*mask)
    return TRUE;
  if (call->layer)
    pmt_bridge_layer_rect (call->layer, &rect);
  /* Of another size, the place is another one, too. */
  if (rect.width != layer->record->layer.width
      || rect.height != layer->record->layer.height
      || !check_canvas (layer, call->image, NULL)
      || !pmt_source_record_read_selection (layer->record, layer->layer, &kept,
                                            NULL)
      || !kept)
    return TRUE;
  get_shift (layer, call->layer, &dx, &dy);
  *mask = shift_mask (kept, dx, dy);

  return TRUE;
}

gboolean
pmt_recipe_layer_prepare_dialog (PmtRecipeLayer *layer,
                                 PmtCall *call,
                                 GError **error)
{
  const PmtOperation operation = pmt_request_get_operation (layer->request);
  const GeglRectangle canvas = { 0, 0, gimp_image_get_width (call->image),
                                 gimp_image_get_height (call->image) };
  g_autoptr (GeglBuffer) mask = NULL;

  if (layer->record->has_layer)
    {
      call->layer =
          pmt_source_find (call->image, layer->layer, layer->record, error);
      if (!call->layer)
        return FALSE;
    }
  if (!prepare (layer, call, error)
      || (operation != PMT_OPERATION_EXPAND
          && !read_selection (layer, call, &mask, error)))
    return FALSE;

  call->base = pmt_request_new (operation);
  pmt_call_set_inputs (call, call->base, &canvas, mask);

  return TRUE;
}
