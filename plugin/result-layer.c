/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* result-layer.c: makes a layer of a result; the original never changes. */
#include "config.h"

#include "result-layer.h"

#include "image-scale.h"
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
attach_recipe (GimpLayer *layer, const PmtPlacement *placement, guint i)
{
  const gchar *recipe = pmt_result_get_recipe (placement->result, i);
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

GimpLayer *
pmt_result_layer_new (GimpImage *image, const PmtPlacement *placement, guint i)
{
  const PmtResult *result = placement->result;
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
      || !attach_recipe (layer, placement, i))
    {
      gimp_item_delete (GIMP_ITEM (layer));
      return NULL;
    }

  return layer;
}
