/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* layer-reader.c: copies a layer's pixels as they look out of GIMP. */
#include "config.h"

#include "layer-reader.h"

#include <glib/gi18n-lib.h>

#include "pixel-bridge.h"

struct _PmtLayerReader
{
  GimpLayer *layer;
  GimpLayer *rendered; /* nullable: @layer with its filters made pixels */
  GimpImage *image;    /* nullable: what @rendered is in */
};

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

PmtLayerReader *
pmt_layer_reader_new (GimpLayer *layer)
{
  PmtLayerReader *reader = g_new0 (PmtLayerReader, 1);

  reader->layer = layer;

  return reader;
}

void
pmt_layer_reader_free (PmtLayerReader *reader)
{
  if (!reader)
    return;

  if (reader->image)
    gimp_image_delete (reader->image);
  g_free (reader);
}

/* The layer to read from; NULL when its filters can't be rendered. */
static GimpLayer *
readable_layer (PmtLayerReader *reader)
{
  if (reader->rendered)
    return reader->rendered;
  if (!has_visible_filters (reader->layer))
    return reader->layer;

  reader->image = render_filters (reader->layer, &reader->rendered);

  return reader->image ? reader->rendered : NULL;
}

GeglBuffer *
pmt_layer_reader_read (PmtLayerReader *reader,
                       const GeglRectangle *region,
                       GError **error)
{
  GimpLayer *layer = NULL;
  GeglBuffer *copy = NULL;

  if (gimp_item_is_valid (GIMP_ITEM (reader->layer)))
    layer = readable_layer (reader);
  if (layer)
    copy = copy_layer (layer, region);
  if (!copy)
    g_set_error_literal (error, PMT_ERROR, PMT_ERROR_INPUT,
                         _ ("The layer's pixels can't be read. Check that "
                            "the layer is still there, merge its filters, "
                            "and try again."));

  return copy;
}

GeglBuffer *
pmt_layer_reader_read_shifted (PmtLayerReader *reader,
                               const GeglRectangle *region,
                               gint dx,
                               gint dy,
                               GError **error)
{
  GeglRectangle rect = *region;
  g_autoptr (GeglBuffer) read = NULL;
  GeglBuffer *shifted;

  rect.x += dx;
  rect.y += dy;
  read = pmt_layer_reader_read (reader, &rect, error);
  if (!read || (dx == 0 && dy == 0))
    return g_steal_pointer (&read);

  shifted = gegl_buffer_new (region, gegl_buffer_get_format (read));
  gegl_buffer_copy (read, &rect, GEGL_ABYSS_NONE, shifted, region);

  return shifted;
}

static void
free_pixels (guchar *pixels, gpointer user_data)
{
  g_free (pixels);
}

/* libgimp's own pixbuf is missing where the image is linear. */
GdkPixbuf *
pmt_layer_reader_thumbnail (PmtLayerReader *reader, gint width, gint height)
{
  GimpDrawable *drawable = NULL;
  g_autoptr (GBytes) bytes = NULL;
  const Babl *format;
  guchar *pixels;
  gint bpp = 0;

  if (gimp_item_is_valid (GIMP_ITEM (reader->layer)))
    drawable = (GimpDrawable *)readable_layer (reader);
  if (!drawable)
    return NULL;
  format = gimp_drawable_get_thumbnail_format (drawable);
  bytes = gimp_drawable_get_thumbnail_data (drawable, width, height, &width,
                                            &height, &bpp);
  if (!bytes || !format || bpp != babl_format_get_bytes_per_pixel (format)
      || g_bytes_get_size (bytes) < (gsize)bpp * width * height)
    return NULL;

  pixels = g_malloc ((gsize)4 * width * height);
  babl_process (babl_fish (format, babl_format ("R'G'B'A u8")),
                g_bytes_get_data (bytes, NULL), pixels, (glong)width * height);

  return gdk_pixbuf_new_from_data (pixels, GDK_COLORSPACE_RGB, TRUE, 8, width,
                                   height, 4 * width, free_pixels, NULL);
}
