/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* pictures.c: draws, hashes and compares pictures. */
#include "pictures.h"

#include <math.h>

#define RECIPE "pentimento-recipe"

static guint8 *
read_all (GeglBuffer *buffer, const Babl *format, gsize *n_bytes)
{
  const GeglRectangle *extent = gegl_buffer_get_extent (buffer);
  guint8 *pixels;

  *n_bytes = (gsize)babl_format_get_bytes_per_pixel (format) * extent->width
             * extent->height;
  pixels = g_malloc (*n_bytes);
  gegl_buffer_get (buffer, extent, 1.0, format, pixels, GEGL_AUTO_ROWSTRIDE,
                   GEGL_ABYSS_NONE);

  return pixels;
}

gchar *
test_picture_hash (GimpDrawable *drawable)
{
  g_autoptr (GeglBuffer) buffer = gimp_drawable_get_buffer (drawable);
  const GeglRectangle *extent = gegl_buffer_get_extent (buffer);
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree guint8 *pixels = NULL;
  gsize n_bytes;

  pixels = read_all (buffer, gegl_buffer_get_format (buffer), &n_bytes);
  g_checksum_update (sum, pixels, n_bytes);

  return g_strdup_printf ("%dx%d %s", extent->width, extent->height,
                          g_checksum_get_string (sum));
}

static gboolean
is_float (const Babl *format)
{
  const gchar *type = babl_get_name (babl_format_get_type (format, 0));

  return strchr (type, 'u') == NULL;
}

static void
draw_pixel (gfloat *pixel, gint x, gint y, gint seed, gboolean can_exceed)
{
  const guint noise =
      ((guint)x * 73856093u ^ (guint)y * 19349663u ^ (guint)seed * 83492791u)
      * 2654435761u;
  const gfloat wave = 0.5f + 0.3f * sinf (x * 0.35f) * cosf (y * 0.22f);
  const gfloat grain = ((noise >> 16) & 1023) / 1023.0f - 0.5f;

  pixel[0] = wave + 0.2f * grain;
  pixel[1] = 0.5f * wave + 0.002f * x;
  pixel[2] = 0.9f - 0.6f * wave + 0.1f * grain;
  pixel[3] = 1.0f;
  if (can_exceed && (noise & 63) == 0)
    pixel[0] = 1.0f + grain;
  for (gint c = 0; c < 3 && !can_exceed; c++)
    pixel[c] = CLAMP (pixel[c], 0.0f, 1.0f);

  /* A transparent corner, and a soft edge beside it; colours stay below. */
  if (x + y < 24)
    pixel[3] = MAX (0.0f, (x + y - 12) / 12.0f);
}

void
test_picture_draw (GimpDrawable *drawable, gint seed)
{
  g_autoptr (GeglBuffer) buffer = gimp_drawable_get_buffer (drawable);
  const GeglRectangle *extent = gegl_buffer_get_extent (buffer);
  const gboolean can_exceed = is_float (gegl_buffer_get_format (buffer));
  const Babl *format = babl_format_with_space (
      "R'G'B'A float", babl_format_get_space (gegl_buffer_get_format (buffer)));
  g_autofree gfloat *row = g_new (gfloat, 4 * extent->width);

  for (gint y = 0; y < extent->height; y++)
    {
      const GeglRectangle line = { 0, y, extent->width, 1 };

      for (gint x = 0; x < extent->width; x++)
        draw_pixel (row + 4 * x, x, y, seed, can_exceed);
      gegl_buffer_set (buffer, &line, 0, format, row, GEGL_AUTO_ROWSTRIDE);
    }
  gegl_buffer_flush (buffer);
  gimp_drawable_update (drawable, 0, 0, extent->width, extent->height);
}

/* Marks where @layer can be seen: its mask, or all of it without one. */
static void
mark_layer (GimpLayer *layer, guint8 *marks, gint width, gint height)
{
  GimpLayerMask *mask = gimp_layer_get_mask (layer);
  const gint w = gimp_drawable_get_width (GIMP_DRAWABLE (layer));
  const gint h = gimp_drawable_get_height (GIMP_DRAWABLE (layer));
  g_autofree gfloat *coverage = g_new (gfloat, (gsize)w * h);
  gint left = 0;
  gint top = 0;

  for (gsize i = 0; i < (gsize)w * h; i++)
    coverage[i] = 1.0f;
  if (mask)
    {
      g_autoptr (GeglBuffer) buffer =
          gimp_drawable_get_buffer (GIMP_DRAWABLE (mask));

      gegl_buffer_get (buffer, NULL, 1.0, babl_format ("Y float"), coverage,
                       GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
    }
  gimp_drawable_get_offsets (GIMP_DRAWABLE (layer), &left, &top);

  for (gint y = MAX (0, -top); y < MIN (h, height - top); y++)
    for (gint x = MAX (0, -left); x < MIN (w, width - left); x++)
      if (coverage[(gsize)y * w + x] > 0.0f)
        marks[(gsize)(y + top) * width + x + left] = 1;
}

static void
mark_results (GimpLayer **layers, guint8 *marks, gint width, gint height)
{
  for (gint i = 0; layers && layers[i]; i++)
    {
      GimpItem *item = GIMP_ITEM (layers[i]);
      GimpParasite *parasite = NULL;

      if (gimp_item_is_group (item))
        {
          g_autofree GimpItem **children = gimp_item_get_children (item);

          mark_results ((GimpLayer **)children, marks, width, height);
          continue;
        }
      parasite = gimp_item_get_parasite (item, RECIPE);
      if (parasite)
        mark_layer (layers[i], marks, width, height);
      g_clear_pointer (&parasite, gimp_parasite_free);
    }
}

static gdouble
difference (const Babl *format, const guint8 *pixel1, const guint8 *pixel2)
{
  const Babl *fish =
      babl_fish (format, babl_format_with_space (
                             "R'G'B'A double", babl_format_get_space (format)));
  gdouble color1[4];
  gdouble color2[4];
  gdouble max = 0.0;

  babl_process (fish, pixel1, color1, 1);
  babl_process (fish, pixel2, color2, 1);
  for (gint c = 0; c < 4; c++)
    max = MAX (max, fabs (color1[c] - color2[c]));

  return max;
}

static guint8 *
read_look (GimpImage *image, const Babl **format)
{
  GimpLayer *visible = gimp_layer_new_from_visible (image, image, "visible");
  g_autoptr (GeglBuffer) buffer =
      gimp_drawable_get_buffer (GIMP_DRAWABLE (visible));
  guint8 *pixels;
  gsize n_bytes;

  *format = gegl_buffer_get_format (buffer);
  pixels = read_all (buffer, *format, &n_bytes);
  gimp_item_delete (GIMP_ITEM (visible));

  return pixels;
}

static void
count (TestComparison *comparison,
       gboolean is_inside,
       const Babl *format,
       const guint8 *pixel1,
       const guint8 *pixel2)
{
  const gboolean is_changed =
      memcmp (pixel1, pixel2, babl_format_get_bytes_per_pixel (format)) != 0;

  if (is_inside)
    {
      comparison->n_inside++;
      comparison->n_inside_changed += is_changed;
    }
  else
    {
      comparison->n_outside++;
      comparison->n_outside_changed += is_changed;
      if (is_changed)
        comparison->max_outside =
            MAX (comparison->max_outside, difference (format, pixel1, pixel2));
    }
}

void
test_picture_compare (GimpImage *before,
                      GimpImage *after,
                      gint dx,
                      gint dy,
                      TestComparison *comparison)
{
  const gint w1 = gimp_image_get_width (before);
  const gint h1 = gimp_image_get_height (before);
  const gint w2 = gimp_image_get_width (after);
  const gint h2 = gimp_image_get_height (after);
  g_autofree guint8 *marks = g_new0 (guint8, (gsize)w2 * h2);
  g_autofree GimpLayer **layers = gimp_image_get_layers (after);
  const Babl *format1, *format2;
  g_autofree guint8 *pixels1 = read_look (before, &format1);
  g_autofree guint8 *pixels2 = read_look (after, &format2);
  const gsize size = babl_format_get_bytes_per_pixel (format1);

  g_assert (format1 == format2);
  mark_results (layers, marks, w2, h2);
  for (gint y = 0; y < h1; y++)
    for (gint x = 0; x < w1; x++)
      {
        const gsize p1 = (gsize)y * w1 + x;
        const gsize p2 = (gsize)(y + dy) * w2 + x + dx;

        count (comparison, marks[p2] != 0, format1, pixels1 + p1 * size,
               pixels2 + p2 * size);
      }
}

void
test_picture_mask_range (GimpLayer *layer,
                         const GeglRectangle *rect,
                         gdouble *min,
                         gdouble *max)
{
  GimpLayerMask *mask = gimp_layer_get_mask (layer);
  g_autoptr (GeglBuffer) buffer =
      gimp_drawable_get_buffer (GIMP_DRAWABLE (mask));
  const gsize n = (gsize)rect->width * rect->height;
  g_autofree gfloat *coverage = g_new0 (gfloat, n);
  GeglRectangle part = *rect;
  gint left = 0;
  gint top = 0;

  gimp_drawable_get_offsets (GIMP_DRAWABLE (layer), &left, &top);
  part.x -= left;
  part.y -= top;
  gegl_buffer_get (buffer, &part, 1.0, babl_format ("Y float"), coverage,
                   GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
  *min = 1.0;
  *max = 0.0;
  for (gsize i = 0; i < n; i++)
    {
      *min = MIN (*min, coverage[i]);
      *max = MAX (*max, coverage[i]);
    }
}
