/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* pixel-bridge.c: copies what the engine reads out of GIMP. */
#include "config.h"

#include "pixel-bridge.h"

#include <glib/gi18n-lib.h>

/* Copying happens in blocks of this many pixels a side. */
#define BLOCK 256

static gboolean
check_is_plain_layer (GimpDrawable *drawable, GError **error)
{
  g_autofree gchar *name = gimp_item_get_name (GIMP_ITEM (drawable));

  if (GIMP_IS_LAYER_MASK (drawable))
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_INPUT,
                   _ ("“%s” is a layer mask. Click the picture of the layer "
                      "in the Layers dialog, and try again."),
                   name);
      return FALSE;
    }
  if (!GIMP_IS_LAYER (drawable))
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_INPUT,
                   _ ("“%s” is a channel. Select a layer in the Layers "
                      "dialog, and try again."),
                   name);
      return FALSE;
    }
  if (gimp_item_is_group (GIMP_ITEM (drawable)))
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_INPUT,
                   _ ("“%s” is a layer group. Select a layer inside the "
                      "group, or make one layer of it with Layer > Merge "
                      "Layer Groups."),
                   name);
      return FALSE;
    }

  return TRUE;
}

gboolean
pmt_bridge_check_parents (GimpLayer *layer, GError **error)
{
  GimpItem *parent = gimp_item_get_parent (GIMP_ITEM (layer));

  for (; parent; parent = gimp_item_get_parent (parent))
    {
      g_autofree gchar *name = NULL;

      if (!gimp_item_get_lock_content (parent))
        continue;
      name = gimp_item_get_name (parent);
      g_set_error (error, PMT_ERROR, PMT_ERROR_INPUT,
                   _ ("The layer group “%s” is locked, so that no layer can "
                      "be added to it. Unlock its pixels in the Layers "
                      "dialog, and try again."),
                   name);
      return FALSE;
    }

  return TRUE;
}

static gboolean
check_is_of_image (GimpImage *image, GimpDrawable *drawable, GError **error)
{
  if (gimp_item_get_image (GIMP_ITEM (drawable)) == image)
    return TRUE;

  g_set_error_literal (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
                       _ ("The layer in “drawables” belongs to another "
                          "picture than “image”. Give both of the same "
                          "picture."));

  return FALSE;
}

/* Whether layers of new pixels can be added. */
static gboolean
check_image (GimpImage *image, GError **error)
{
  if (gimp_image_get_floating_sel (image))
    {
      g_set_error_literal (
          error, PMT_ERROR, PMT_ERROR_INPUT,
          _ ("There is a floating selection. Anchor it with Layer > Anchor "
             "Floating Layer or Mask, or make it a layer, and try again."));
      return FALSE;
    }

  if (gimp_image_get_base_type (image) == GIMP_INDEXED)
    {
      g_set_error_literal (
          error, PMT_ERROR, PMT_ERROR_INPUT,
          _ ("This picture uses a palette of indexed colors, which new "
             "pixels would not fit. Convert it with Image > Mode > RGB, and "
             "try again."));
      return FALSE;
    }

  return TRUE;
}

gboolean
pmt_bridge_check_drawables (GimpImage *image,
                            GimpDrawable **drawables,
                            GimpLayer **layer,
                            GError **error)
{
  const gint n = gimp_core_object_array_get_length ((GObject **)drawables);

  if (n != 1)
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
                   _ ("Pentimento works on one layer at a time, but the "
                      "argument “drawables” holds %d. Select one layer, and "
                      "try again."),
                   n);
      return FALSE;
    }

  if (!check_is_of_image (image, drawables[0], error)
      || !check_is_plain_layer (drawables[0], error)
      || !check_image (image, error)
      || !pmt_bridge_check_parents (GIMP_LAYER (drawables[0]), error))
    return FALSE;

  *layer = GIMP_LAYER (drawables[0]);

  return TRUE;
}

gboolean
pmt_bridge_find_place (GimpImage *image,
                       GimpDrawable **drawables,
                       GimpLayer **layer,
                       GError **error)
{
  GimpLayer *first = NULL;

  for (gint i = 0; drawables && drawables[i]; i++)
    {
      if (!check_is_of_image (image, drawables[i], error))
        return FALSE;
      if (!first && GIMP_IS_LAYER (drawables[i]))
        first = GIMP_LAYER (drawables[i]);
    }
  if (!check_image (image, error)
      || (first && !pmt_bridge_check_parents (first, error)))
    return FALSE;

  *layer = first;

  return TRUE;
}

void
pmt_bridge_layer_rect (GimpLayer *layer, GeglRectangle *rect)
{
  GimpDrawable *drawable = GIMP_DRAWABLE (layer);
  gint x = 0;
  gint y = 0;

  gimp_drawable_get_offsets (drawable, &x, &y);
  gegl_rectangle_set (rect, x, y, gimp_drawable_get_width (drawable),
                      gimp_drawable_get_height (drawable));
}

static gboolean
is_uniform (const guint8 *pixels, gsize n_bytes, gsize pixel_size)
{
  return n_bytes <= pixel_size
         || memcmp (pixels, pixels + pixel_size, n_bytes - pixel_size) == 0;
}

static gboolean
is_zero (const guint8 *pixels, gsize pixel_size)
{
  for (gsize i = 0; i < pixel_size; i++)
    if (pixels[i] != 0)
      return FALSE;

  return TRUE;
}

/* Uniform blocks share one tile inside GEGL, and zero is what a new buffer
 * holds anyway.
 */
static void
copy_block (GeglBuffer *from,
            GeglBuffer *to,
            const GeglRectangle *block,
            const Babl *format,
            guint8 *pixels)
{
  const gsize pixel_size = babl_format_get_bytes_per_pixel (format);
  const gsize n_bytes = pixel_size * block->width * block->height;

  gegl_buffer_get (from, block, 1.0, format, pixels, GEGL_AUTO_ROWSTRIDE,
                   GEGL_ABYSS_NONE);
  if (!is_uniform (pixels, n_bytes, pixel_size))
    gegl_buffer_set (to, block, 0, format, pixels, GEGL_AUTO_ROWSTRIDE);
  else if (!is_zero (pixels, pixel_size))
    gegl_buffer_set_color_from_pixel (to, block, pixels, format);
}

static void
copy_blocks (GeglBuffer *from, GeglBuffer *to, const GeglRectangle *rect)
{
  const Babl *format = gegl_buffer_get_format (to);
  g_autofree guint8 *pixels =
      g_malloc (babl_format_get_bytes_per_pixel (format) * BLOCK * BLOCK);
  const gint right = rect->x + rect->width;
  const gint bottom = rect->y + rect->height;

  for (gint y = rect->y; y < bottom; y += BLOCK)
    for (gint x = rect->x; x < right; x += BLOCK)
      {
        const GeglRectangle block = { x, y, MIN (BLOCK, right - x),
                                      MIN (BLOCK, bottom - y) };

        copy_block (from, to, &block, format, pixels);
      }
}

gboolean
pmt_bridge_read_selection (GimpImage *image,
                           GimpLayer *layer,
                           GeglBuffer **mask,
                           GError **error)
{
  GimpDrawable *selection = GIMP_DRAWABLE (gimp_image_get_selection (image));
  g_autoptr (GeglBuffer) from = NULL;
  gboolean is_selected = FALSE;
  GeglRectangle bounds;
  GeglRectangle rect;
  gint x1, y1, x2, y2;

  if (!gimp_selection_bounds (image, &is_selected, &x1, &y1, &x2, &y2)
      || !is_selected)
    {
      *mask = NULL;
      return TRUE;
    }

  gegl_rectangle_set (&bounds, x1, y1, x2 - x1, y2 - y1);
  if (layer)
    pmt_bridge_layer_rect (layer, &rect);
  else
    rect = bounds;
  if (!gegl_rectangle_intersect (&rect, &rect, &bounds))
    {
      g_autofree gchar *name = gimp_item_get_name (GIMP_ITEM (layer));

      g_set_error (error, PMT_ERROR, PMT_ERROR_INPUT,
                   _ ("The selection lies outside the layer “%s”. Select "
                      "something inside the layer, or choose another layer."),
                   name);
      return FALSE;
    }

  from = gimp_drawable_get_buffer (selection);
  *mask = gegl_buffer_new (&rect, gegl_buffer_get_format (from));
  copy_blocks (from, *mask, &rect);

  return TRUE;
}
