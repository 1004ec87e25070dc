/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* result-layers.c: makes layers of results; the original never changes. */
#include "config.h"

#include "result-layers.h"

#include <glib/gi18n-lib.h>

#include "image-scale.h"
#include "pixel-bridge.h"
#include "recipe.h"

static GimpImageType
layer_type (GimpImage *image, GeglBuffer *picture)
{
  const gboolean has_alpha =
      babl_format_has_alpha (gegl_buffer_get_format (picture));

  if (gimp_image_get_base_type (image) == GIMP_GRAY)
    return has_alpha ? GIMP_GRAYA_IMAGE : GIMP_GRAY_IMAGE;

  return has_alpha ? GIMP_RGBA_IMAGE : GIMP_RGB_IMAGE;
}

static void
write_pixels (GimpDrawable *drawable, GeglBuffer *picture)
{
  const GeglRectangle *extent = gegl_buffer_get_extent (picture);
  const GeglRectangle whole = { 0, 0, extent->width, extent->height };
  g_autoptr (GeglBuffer) to = gimp_drawable_get_buffer (drawable);

  gegl_buffer_copy (picture, extent, GEGL_ABYSS_NONE, to, &whole);
  gegl_buffer_flush (to);
}

static gboolean
add_mask (GimpLayer *layer, GeglBuffer *coverage)
{
  GimpLayerMask *mask = gimp_layer_create_mask (layer, GIMP_ADD_MASK_BLACK);

  if (!mask)
    return FALSE;
  write_pixels (GIMP_DRAWABLE (mask), coverage);
  if (!gimp_layer_add_mask (layer, mask))
    return FALSE;

  /* The user's next stroke should change what shows, not the pixels. */
  return gimp_layer_set_edit_mask (layer, FALSE);
}

/* Normal mode composites in linear light, as floats.  Pixels of 8 and 16 bits
 * survive the way there and back; finer non-linear ones lose their last bits
 * even where the layer is masked out.  Compositing them as they are stored
 * keeps them.
 */
static void
keep_fine_pixels (GimpImage *image, GimpLayer *layer)
{
  GimpLayerColorSpace space = GIMP_LAYER_COLOR_SPACE_AUTO;

  switch (gimp_image_get_precision (image))
    {
    case GIMP_PRECISION_U32_NON_LINEAR:
    case GIMP_PRECISION_FLOAT_NON_LINEAR:
    case GIMP_PRECISION_DOUBLE_NON_LINEAR:
      space = GIMP_LAYER_COLOR_SPACE_RGB_NON_LINEAR;
      break;

    case GIMP_PRECISION_U32_PERCEPTUAL:
    case GIMP_PRECISION_FLOAT_PERCEPTUAL:
    case GIMP_PRECISION_DOUBLE_PERCEPTUAL:
      space = GIMP_LAYER_COLOR_SPACE_RGB_PERCEPTUAL;
      break;

    default:
      return;
    }

  gimp_layer_set_composite_space (layer, space);
}

static gboolean
attach_recipe (GimpLayer *layer,
               const PmtResult *result,
               guint i,
               const PmtPlacement *placement)
{
  const gchar *recipe = pmt_result_get_recipe (result, i);
  g_autofree gchar *source = NULL;
  g_autofree gchar *with_source = NULL;
  g_autofree gchar *with_mode = NULL;

  if (!placement->record)
    return pmt_recipe_attach (layer, recipe);
  source = pmt_source_record_to_json (placement->record);
  with_source = pmt_recipe_add_json (recipe, "source", source);
  if (placement->resolution_mode)
    with_mode = pmt_recipe_add_text (with_source, pmt_image_scale_spec ()->name,
                                     placement->resolution_mode);

  return pmt_recipe_attach (layer, with_mode ? with_mode : with_source)
         && pmt_source_record_attach_selection (
             placement->record, layer,
             pmt_request_get_mask (placement->request));
}

/* A complete layer that is in no image yet: making it leaves no undo step. */
static GimpLayer *
make_layer (GimpImage *image,
            const PmtResult *result,
            guint i,
            const PmtPlacement *placement)
{
  GeglBuffer *picture = pmt_result_get_picture (result, i);
  GeglBuffer *coverage = pmt_result_get_mask (result, i);
  const GeglRectangle *extent = gegl_buffer_get_extent (picture);
  GimpLayer *layer = gimp_layer_new (
      image, pmt_result_get_name (result, i), extent->width, extent->height,
      layer_type (image, picture), 100.0, GIMP_LAYER_MODE_NORMAL);

  if (!layer)
    return NULL;

  write_pixels (GIMP_DRAWABLE (layer), picture);
  gimp_layer_set_offsets (layer, extent->x + placement->shift_x,
                          extent->y + placement->shift_y);
  keep_fine_pixels (image, layer);
  if ((coverage && !add_mask (layer, coverage))
      || !attach_recipe (layer, result, i, placement))
    {
      gimp_item_delete (GIMP_ITEM (layer));
      return NULL;
    }

  return layer;
}

static void
delete_layers (GPtrArray *layers)
{
  for (guint i = 0; i < layers->len; i++)
    gimp_item_delete (g_ptr_array_index (layers, i));
}

static gboolean
has_area (const PmtResult *result, guint i, const GeglRectangle *area)
{
  GeglRectangle own;

  return pmt_recipe_get_area (pmt_result_get_recipe (result, i), &own)
         && gegl_rectangle_equal (&own, area);
}

/* The area that is asked for, if any result is of it. */
static const GeglRectangle *
find_area (const PmtResult *result, const PmtPlacement *placement)
{
  const guint n = pmt_result_get_n_items (result);

  for (guint i = 0; placement->area && i < n; i++)
    if (has_area (result, i, placement->area))
      return placement->area;

  return NULL;
}

static GPtrArray *
make_layers (GimpImage *image,
             const PmtResult *result,
             const PmtPlacement *placement,
             GError **error)
{
  g_autoptr (GPtrArray) layers = g_ptr_array_new ();
  const GeglRectangle *area = find_area (result, placement);
  const guint n = pmt_result_get_n_items (result);

  for (guint i = 0; i < n; i++)
    {
      GimpLayer *layer;

      if (area && !has_area (result, i, area))
        continue;
      layer = make_layer (image, result, i, placement);
      if (!layer)
        {
          delete_layers (layers);
          g_set_error_literal (
              error, PMT_ERROR, PMT_ERROR_MEMORY,
              _ ("GIMP could not make a layer for the result. Close other "
                 "pictures to free memory, and try again."));
          return NULL;
        }
      g_ptr_array_add (layers, layer);
    }

  return g_steal_pointer (&layers);
}

/* Inserts @layer and notes that it has to be removed again on failure. */
static gboolean
insert_one (GimpImage *image,
            GimpLayer *layer,
            GimpLayer *parent,
            gint position,
            GPtrArray *inserted)
{
  if (!gimp_image_insert_layer (image, layer, parent, position))
    return FALSE;

  g_ptr_array_add (inserted, layer);

  return TRUE;
}

static GimpLayer *
insert_group (GimpImage *image,
              PmtOperation operation,
              GimpLayer *parent,
              gint position,
              GPtrArray *inserted)
{
  GimpLayer *group = GIMP_LAYER (
      gimp_group_layer_new (image, pmt_operation_label (operation)));

  if (!group || !insert_one (image, group, parent, position, inserted))
    return NULL;

  /* Pass-through: a group of masked layers looks exactly like the same
   * layers without a group.
   */
  gimp_layer_set_mode (group, GIMP_LAYER_MODE_PASS_THROUGH);

  return group;
}

static gboolean
insert_layers (GimpImage *image,
               GimpLayer *source,
               PmtOperation operation,
               GPtrArray *layers,
               GPtrArray *inserted)
{
  GimpItem *above = source ? gimp_item_get_parent (GIMP_ITEM (source)) : NULL;
  GimpLayer *parent = above ? GIMP_LAYER (above) : NULL;
  gint position =
      source ? gimp_image_get_item_position (image, GIMP_ITEM (source)) : 0;

  if (layers->len > 1)
    {
      parent = insert_group (image, operation, parent, position, inserted);
      position = 0;
      if (!parent)
        return FALSE;
    }

  for (guint i = 0; i < layers->len; i++)
    if (!insert_one (image, g_ptr_array_index (layers, i), parent, position + i,
                     inserted))
      return FALSE;

  return TRUE;
}

static void
remove_layers (GimpImage *image, GPtrArray *inserted)
{
  for (guint i = inserted->len; i > 0; i--)
    gimp_image_remove_layer (image, g_ptr_array_index (inserted, i - 1));
}

/* The image may have grown since the request was made: nothing is cut off. */
static void
grow_canvas (GimpImage *image,
             const PmtPlacement *placement,
             const PmtResult *result)
{
  const GeglRectangle now = { 0, 0, gimp_image_get_width (image),
                              gimp_image_get_height (image) };
  GeglRectangle canvas;

  if (placement->keeps_canvas)
    return;
  pmt_result_get_canvas (result, &canvas);
  canvas.x += placement->shift_x;
  canvas.y += placement->shift_y;
  if (!placement->resolution_mode)
    gegl_rectangle_bounding_box (&canvas, &canvas, &now);
  if (gegl_rectangle_equal (&canvas, &now))
    return;

  gimp_image_resize (image, canvas.width, canvas.height, -canvas.x, -canvas.y);
}

static void
select_layers (GimpImage *image, GPtrArray *layers)
{
  g_autofree const GimpLayer **selected =
      g_new0 (const GimpLayer *, layers->len + 1);

  for (guint i = 0; i < layers->len; i++)
    selected[i] = g_ptr_array_index (layers, i);
  gimp_image_set_selected_layers (image, selected);
}

/* What a dialog's user may have changed while the engine worked. */
static gboolean
check_place (GimpImage *image,
             GimpLayer *source,
             const PmtPlacement *placement,
             GError **error)
{
  const GeglRectangle *canvas = pmt_request_get_canvas (placement->request);

  if (!gimp_image_is_valid (image)
      || (source && !gimp_item_is_valid (GIMP_ITEM (source))))
    {
      g_set_error_literal (
          error, PMT_ERROR, PMT_ERROR_INPUT,
          _ ("The picture or the layer was closed while Pentimento worked "
             "on it, so that the result has no place to go."));
      return FALSE;
    }
  if (placement->resolution_mode
      && (canvas->width != gimp_image_get_width (image)
          || canvas->height != gimp_image_get_height (image)))
    {
      g_set_error_literal (
          error, PMT_ERROR, PMT_ERROR_INPUT,
          _ ("The picture got another size while Pentimento worked on it, so "
             "that the result no longer fits. Run it again."));
      return FALSE;
    }

  return !source || pmt_bridge_check_parents (source, error);
}

/* Scaling comes first: what is in the image gets scaled.  It can't be taken
 * back without loss, but what could fail after it was checked before.
 */
static gboolean
change_image (GimpImage *image,
              GimpLayer *source,
              const PmtPlacement *placement,
              const PmtResult *result,
              GPtrArray *layers)
{
  g_autoptr (GPtrArray) inserted = g_ptr_array_new ();
  const PmtRequest *request = placement->request;
  GeglRectangle canvas;

  pmt_result_get_canvas (result, &canvas);
  if (placement->resolution_mode
      && !pmt_image_scale_apply (image, request, placement->resolution_mode,
                                 &canvas))
    return FALSE;
  if (!insert_layers (image, source, pmt_request_get_operation (request),
                      layers, inserted))
    {
      remove_layers (image, inserted);
      return FALSE;
    }
  grow_canvas (image, placement, result);
  select_layers (image, layers);

  return TRUE;
}

GPtrArray *
pmt_result_layers_insert (GimpImage *image,
                          GimpLayer *source,
                          const PmtPlacement *placement,
                          const PmtResult *result,
                          GError **error)
{
  g_autoptr (GPtrArray) layers = NULL;
  gboolean is_done;

  if (!check_place (image, source, placement, error))
    return NULL;
  layers = make_layers (image, result, placement, error);
  if (!layers)
    return NULL;

  gimp_image_undo_group_start (image);
  gimp_image_freeze_layers (image);
  is_done = change_image (image, source, placement, result, layers);
  gimp_image_thaw_layers (image);
  gimp_image_undo_group_end (image);
  gimp_displays_flush ();

  if (!is_done)
    {
      g_set_error_literal (
          error, PMT_ERROR, PMT_ERROR_INPUT,
          _ ("GIMP refused to add the result as a layer. Check in the Layers "
             "dialog that no group around the layer is locked, and try "
             "again."));
      return NULL;
    }

  return g_steal_pointer (&layers);
}
