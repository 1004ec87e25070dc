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

/* A new layer can't go into a group whose contents are locked. */
static gboolean
check_parents (GimpLayer *layer, GError **error)
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

  if (gimp_item_get_image (GIMP_ITEM (drawables[0])) != image)
    {
      g_set_error_literal (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
                           _ ("The layer in “drawables” belongs to another "
                              "picture than “image”. Give both of the same "
                              "picture."));
      return FALSE;
    }

  if (!check_is_plain_layer (drawables[0], error))
    return FALSE;

  if (gimp_image_get_floating_sel (image))
    {
      g_set_error_literal (
          error, PMT_ERROR, PMT_ERROR_INPUT,
          _ ("There is a floating selection. Anchor it with Layer > Anchor "
             "Floating Layer or Mask, or make it a layer, and try again."));
      return FALSE;
    }

  if (gimp_drawable_is_indexed (drawables[0]))
    {
      g_set_error_literal (
          error, PMT_ERROR, PMT_ERROR_INPUT,
          _ ("This picture uses a palette of indexed colors, which new "
             "pixels would not fit. Convert it with Image > Mode > RGB, and "
             "try again."));
      return FALSE;
    }

  if (!check_parents (GIMP_LAYER (drawables[0]), error))
    return FALSE;

  *layer = GIMP_LAYER (drawables[0]);

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
  pmt_bridge_layer_rect (layer, &rect);
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

/* The straight-alpha format beside an opaque one: "R'G'B' u8" becomes
 * "R'G'B'A u8"; the space stays.
 */
static const Babl *
format_with_alpha (const Babl *format)
{
  g_autofree gchar *name = NULL;

  if (babl_format_has_alpha (format))
    return format;

  name =
      g_strdup_printf ("%sA %s", babl_get_name (babl_format_get_model (format)),
                       babl_get_name (babl_format_get_type (format, 0)));

  return babl_format_with_space (name, babl_format_get_space (format));
}

/* Multiplies the last component of @n pixels by @coverage.  Only alpha goes
 * through float; the colours keep their bits.
 */
static void
multiply_alpha (guint8 *pixels,
                const gfloat *coverage,
                gfloat *alpha,
                guint8 *scratch,
                const Babl *format,
                gint n)
{
  const Babl *type = babl_format_get_type (format, 0);
  const gsize pixel_size = babl_format_get_bytes_per_pixel (format);
  const gsize size = pixel_size / babl_format_get_n_components (format);
  const Babl *single = babl_format_n (type, 1);
  const Babl *number = babl_format_n (babl_type ("float"), 1);
  guint8 *last = pixels + pixel_size - size;

  for (gint i = 0; i < n; i++)
    memcpy (scratch + i * size, last + i * pixel_size, size);
  babl_process (babl_fish (single, number), scratch, alpha, n);
  for (gint i = 0; i < n; i++)
    alpha[i] *= coverage[i];
  babl_process (babl_fish (number, single), alpha, scratch, n);
  for (gint i = 0; i < n; i++)
    if (coverage[i] < 1.0f)
      memcpy (last + i * pixel_size, scratch + i * size, size);
}

static void
apply_layer_mask (GeglBuffer *copy, GeglBuffer *mask, gint dx, gint dy)
{
  const Babl *format = gegl_buffer_get_format (copy);
  const GeglRectangle *extent = gegl_buffer_get_extent (copy);
  const gsize pixel_size = babl_format_get_bytes_per_pixel (format);
  g_autofree guint8 *pixels = g_malloc (pixel_size * extent->width);
  g_autofree guint8 *scratch = g_malloc (pixel_size * extent->width);
  g_autofree gfloat *coverage = g_new (gfloat, extent->width);
  g_autofree gfloat *alpha = g_new (gfloat, extent->width);

  for (gint y = extent->y; y < extent->y + extent->height; y++)
    {
      const GeglRectangle row = { extent->x, y, extent->width, 1 };
      const GeglRectangle mask_row = { row.x - dx, row.y - dy, row.width, 1 };

      gegl_buffer_get (mask, &mask_row, 1.0, babl_format ("Y float"), coverage,
                       GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
      gegl_buffer_get (copy, &row, 1.0, format, pixels, GEGL_AUTO_ROWSTRIDE,
                       GEGL_ABYSS_NONE);
      multiply_alpha (pixels, coverage, alpha, scratch, format, row.width);
      gegl_buffer_set (copy, &row, 0, format, pixels, GEGL_AUTO_ROWSTRIDE);
    }
}

static gboolean
has_visible_filters (GimpLayer *layer)
{
  g_autofree GimpDrawableFilter **filters =
      gimp_drawable_get_filters (GIMP_DRAWABLE (layer));

  for (gint i = 0; filters && filters[i]; i++)
    if (gimp_drawable_filter_get_visible (filters[i]))
      return TRUE;

  return FALSE;
}

/* The layer with its filters made pixels, alone in a new image. */
static GimpImage *
render_filters (GimpLayer *layer, GimpLayer **rendered)
{
  GimpImage *from = gimp_item_get_image (GIMP_ITEM (layer));
  GimpImage *image = gimp_image_new_with_precision (
      gimp_image_get_width (from), gimp_image_get_height (from),
      gimp_image_get_base_type (from), gimp_image_get_precision (from));
  g_autoptr (GimpColorProfile) profile = gimp_image_get_color_profile (from);

  gimp_image_undo_disable (image);
  if (profile)
    gimp_image_set_color_profile (image, profile);
  *rendered = gimp_layer_new_from_drawable (GIMP_DRAWABLE (layer), image);
  if (!*rendered || !gimp_image_insert_layer (image, *rendered, NULL, 0)
      || !gimp_drawable_merge_filters (GIMP_DRAWABLE (*rendered)))
    {
      gimp_image_delete (image);
      return NULL;
    }

  return image;
}

static GeglBuffer *
copy_layer (GimpLayer *layer, const GeglRectangle *region)
{
  g_autoptr (GeglBuffer) from =
      gimp_drawable_get_buffer (GIMP_DRAWABLE (layer));
  GimpLayerMask *mask = gimp_layer_get_mask (layer);
  const gboolean has_mask = mask && gimp_layer_get_apply_mask (layer);
  const Babl *format;
  GeglBuffer *copy;
  GeglRectangle rect;
  GeglRectangle part;

  if (!from)
    return NULL;

  pmt_bridge_layer_rect (layer, &rect);
  format = gegl_buffer_get_format (from);
  if (has_mask)
    format = format_with_alpha (format);
  copy = gegl_buffer_new (region, format);
  gegl_rectangle_set (&part, region->x - rect.x, region->y - rect.y,
                      region->width, region->height);
  gegl_buffer_copy (from, &part, GEGL_ABYSS_NONE, copy, region);

  if (has_mask)
    {
      g_autoptr (GeglBuffer) coverage =
          gimp_drawable_get_buffer (GIMP_DRAWABLE (mask));

      apply_layer_mask (copy, coverage, rect.x, rect.y);
    }

  return copy;
}

GeglBuffer *
pmt_bridge_read_layer (GimpLayer *layer,
                       const GeglRectangle *region,
                       GError **error)
{
  GimpImage *image = NULL;
  GeglBuffer *copy = NULL;

  if (!has_visible_filters (layer))
    copy = copy_layer (layer, region);
  else if ((image = render_filters (layer, &layer)))
    copy = copy_layer (layer, region);

  if (image)
    gimp_image_delete (image);
  if (!copy)
    g_set_error_literal (error, PMT_ERROR, PMT_ERROR_INPUT,
                         _ ("The layer's pixels can't be read. Check that "
                            "the layer is still there, merge its filters, "
                            "and try again."));

  return copy;
}
