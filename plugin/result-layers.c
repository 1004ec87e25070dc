/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* result-layers.c: makes layers of results; the original never changes. */
#include "config.h"

#include "result-layers.h"

#include <glib/gi18n-lib.h>

#include "image-scale.h"
#include "pixel-bridge.h"
#include "recipe.h"
#include "result-layer.h"

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
find_area (const PmtPlacement *placement)
{
  const PmtResult *result = placement->result;
  const guint n = pmt_result_get_n_items (result);

  for (guint i = 0; placement->area && i < n; i++)
    if (has_area (result, i, placement->area))
      return placement->area;

  return NULL;
}

static gboolean
add_layers (GPtrArray *layers, GimpImage *image, const PmtPlacement *placement)
{
  const PmtResult *result = placement->result;
  const GeglRectangle *area = find_area (placement);
  const guint n = pmt_result_get_n_items (result);

  for (guint i = 0; i < n; i++)
    {
      GimpLayer *layer;

      if (area && !has_area (result, i, area))
        continue;
      layer = pmt_result_layer_new (image, placement, i);
      if (!layer)
        return FALSE;
      g_ptr_array_add (layers, layer);
    }

  return TRUE;
}

static GPtrArray *
make_layers (GimpImage *image,
             const PmtPlacement *placements,
             guint n_placements,
             GError **error)
{
  g_autoptr (GPtrArray) layers = g_ptr_array_new ();

  for (guint i = 0; i < n_placements; i++)
    {
      if (add_layers (layers, image, &placements[i]))
        continue;
      delete_layers (layers);
      g_set_error_literal (
          error, PMT_ERROR, PMT_ERROR_MEMORY,
          _ ("GIMP could not make a layer for the result. Close other "
             "pictures to free memory, and try again."));
      return NULL;
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
             const PmtPlacement *placements,
             guint n_placements)
{
  const GeglRectangle now = { 0, 0, gimp_image_get_width (image),
                              gimp_image_get_height (image) };
  GeglRectangle whole = now;

  for (guint i = 0; i < n_placements; i++)
    {
      const PmtPlacement *placement = &placements[i];
      GeglRectangle canvas;

      if (placement->keeps_canvas)
        continue;
      pmt_result_get_canvas (placement->result, &canvas);
      canvas.x += placement->shift_x;
      canvas.y += placement->shift_y;
      if (placement->resolution_mode)
        whole = canvas;
      else
        gegl_rectangle_bounding_box (&whole, &whole, &canvas);
    }
  if (!gegl_rectangle_equal (&whole, &now))
    gimp_image_resize (image, whole.width, whole.height, -whole.x, -whole.y);
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
              const PmtPlacement *placements,
              guint n_placements,
              GPtrArray *layers)
{
  g_autoptr (GPtrArray) inserted = g_ptr_array_new ();
  const PmtRequest *request = placements->request;
  GeglRectangle canvas;

  pmt_result_get_canvas (placements->result, &canvas);
  if (placements->resolution_mode
      && !pmt_image_scale_apply (image, request, placements->resolution_mode,
                                 &canvas))
    return FALSE;
  if (!insert_layers (image, source, pmt_request_get_operation (request),
                      layers, inserted))
    {
      remove_layers (image, inserted);
      return FALSE;
    }
  grow_canvas (image, placements, n_placements);
  select_layers (image, layers);

  return TRUE;
}

GPtrArray *
pmt_result_layers_insert (GimpImage *image,
                          GimpLayer *source,
                          const PmtPlacement *placements,
                          guint n_placements,
                          GError **error)
{
  g_autoptr (GPtrArray) layers = NULL;
  gboolean is_done;

  if (!check_place (image, source, placements, error))
    return NULL;
  layers = make_layers (image, placements, n_placements, error);
  if (!layers)
    return NULL;

  gimp_image_undo_group_start (image);
  gimp_image_freeze_layers (image);
  is_done = change_image (image, source, placements, n_placements, layers);
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
