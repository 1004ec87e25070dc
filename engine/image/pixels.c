/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* pixels.c: reading crops, and writing them back in the source's format. */
#include "config.h"

#include "core/parallel.h"
#include "image/image-private.h"
#include "image/pixels.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* Rows that are converted at a time. */
#define BAND_ROWS 16

void
pmt_pixels_free (PmtPixels *pixels)
{
  if (!pixels)
    return;
  g_free (pixels->rgb);
  g_free (pixels->opaque);
  g_free (pixels);
}

void
pmt_image_memory_error (gint width, gint height, GError **error)
{
  g_set_error (error, PMT_ERROR, PMT_ERROR_MEMORY,
               _ ("There is not enough memory to work on %d x %d pixels. "
                  "Select a smaller area, or close other pictures and try "
                  "again."),
               width, height);
}

gpointer
pmt_image_alloc (gint width, gint height, gsize element, GError **error)
{
  gpointer block = NULL;
  gsize size;

  if (g_size_checked_mul (&size, (gsize)width, (gsize)height)
      && g_size_checked_mul (&size, size, element))
    block = g_try_malloc0 (MAX (size, 1));
  if (!block)
    pmt_image_memory_error (width, height, error);
  return block;
}

gint
pmt_image_threads (void)
{
  gint threads = 1;

  g_object_get (gegl_config (), "threads", &threads, NULL);
  return MAX (threads, 1);
}

PmtPixels *
pmt_pixels_copy (const PmtPixels *pixels, GError **error)
{
  const gint width = pixels->rect.width;
  const gint height = pixels->rect.height;
  const gsize n = (gsize)width * height;
  g_autoptr (PmtPixels) copy = g_new0 (PmtPixels, 1);

  copy->rect = pixels->rect;
  copy->space = pixels->space;
  copy->is_all_opaque = pixels->is_all_opaque;
  copy->rgb = pmt_image_alloc (width, height, 3 * sizeof (gfloat), error);
  if (!copy->rgb)
    return NULL;
  copy->opaque = pmt_image_alloc (width, height, 1, error);
  if (!copy->opaque)
    return NULL;
  memcpy (copy->rgb, pixels->rgb, n * 3 * sizeof (gfloat));
  memcpy (copy->opaque, pixels->opaque, n);
  return g_steal_pointer (&copy);
}

/* ------------------------------------------------------------ reading -- */

gboolean
pmt_pixels_is_gray (const Babl *format)
{
  return (babl_get_model_flags (format) & BABL_MODEL_FLAG_GRAY) != 0;
}

gboolean
pmt_pixels_check_format (const Babl *format, GError **error)
{
  if (babl_format_is_palette (format))
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_UNSUPPORTED,
                   _ ("Pictures with indexed colors can't be worked on. "
                      "Convert the picture to RGB first."));
      return FALSE;
    }
  if (babl_get_model_flags (format) & BABL_MODEL_FLAG_CMYK)
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_UNSUPPORTED,
                   _ ("CMYK pictures can't be worked on. Convert the picture "
                      "to RGB first."));
      return FALSE;
    }
  return TRUE;
}

/*
 * The same numbers without their space.  Between encodings of one space only
 * numbers are scaled, but babl goes through linear light, and curves other
 * than sRGB's come back with errors of about 1e-4.  Read as sRGB, the numbers
 * of R'G'B' stay those of the source's curve, and linear ones get sRGB's
 * curve; the primaries do not matter to either.
 */
const Babl *
pmt_pixels_plain_format (const Babl *format)
{
  return babl_format (babl_format_get_encoding (format));
}

/* The space whose curve leads what was read to linear light. */
static const Babl *
curve_space (const Babl *format)
{
  const guint nonlinear = BABL_MODEL_FLAG_NONLINEAR;

  return babl_get_model_flags (format) & nonlinear
             ? babl_format_get_space (format)
             : babl_space ("sRGB");
}

/* What is converted from and to: gray or R'G'B', and alpha. */
static const Babl *
working_format (const Babl *format)
{
  return babl_format (pmt_pixels_is_gray (format) ? "Y'A float"
                                                  : "R'G'B'A float");
}

/* A row of the source: gray and alpha, or R'G'B' and alpha. */
static void
read_row (
    const gfloat *src, gint n_components, gint n, gfloat *rgb, guint8 *opaque)
{
  const gint green = n_components == 2 ? 0 : 1;
  const gint blue = n_components == 2 ? 0 : 2;

  for (gint x = 0; x < n; x++, src += n_components, rgb += 3)
    {
      const gboolean is_finite =
          isfinite (src[0]) && isfinite (src[green]) && isfinite (src[blue]);

      rgb[0] = is_finite ? src[0] : 0.0f;
      rgb[1] = is_finite ? src[green] : 0.0f;
      rgb[2] = is_finite ? src[blue] : 0.0f;
      opaque[x] = is_finite && src[n_components - 1] >= 0.5f ? 255 : 0;
    }
}

/* What the 256 values of a color and of alpha are as floats; babl converts
 * pixel after pixel, which takes several times as long. */
typedef struct
{
  gfloat color[256];
  gfloat alpha[256];
} Table;

/* Returns: %FALSE for what isn't one byte a component, each by itself. */
static gboolean
make_table (const Babl *source, Table *table)
{
  const gint n = babl_format_get_n_components (source);
  const gint n_out = pmt_pixels_is_gray (source) ? 2 : 4;
  const Babl *fish =
      babl_fish (pmt_pixels_plain_format (source), working_format (source));
  guint8 bytes[256 * 4];
  gfloat floats[256 * 4];

  if (babl_format_get_type (source, 0) != babl_type ("u8")
      || (n != n_out && n != n_out - 1)
      || (babl_get_model_flags (source) & BABL_MODEL_FLAG_ASSOCIATED))
    return FALSE;
  for (gint i = 0; i < 256; i++)
    memset (bytes + (gsize)i * n, i, n);
  babl_process (fish, bytes, floats, 256);
  for (gint i = 0; i < 256; i++)
    {
      table->color[i] = floats[i * n_out];
      table->alpha[i] = floats[i * n_out + n_out - 1];
    }
  return TRUE;
}

/* A row of bytes. */
static void
read_bytes (const Table *table,
            const guint8 *src,
            gint n_components,
            gint n,
            gfloat *rgb,
            guint8 *opaque)
{
  const gint green = n_components < 3 ? 0 : 1;
  const gint blue = n_components < 3 ? 0 : 2;
  const gboolean has_alpha = n_components % 2 == 0;

  for (gint x = 0; x < n; x++, src += n_components, rgb += 3)
    {
      rgb[0] = table->color[src[0]];
      rgb[1] = table->color[src[green]];
      rgb[2] = table->color[src[blue]];
      opaque[x] =
          !has_alpha || table->alpha[src[n_components - 1]] >= 0.5f ? 255 : 0;
    }
}

/* Reading: @part, which lies inside of @buffer's extent, in bands.
 * @is_failed: there was no memory for a band */
typedef struct
{
  PmtPixels *pixels;
  GeglBuffer *buffer;
  GeglRectangle part;
  const Babl *fish;
  Table table;
  gboolean has_table;
  gint is_failed;
} Reading;

/* @raw: the rows of the buffer; @band: as floats, without a table. */
static void
read_rows (const Reading *reading,
           const GeglRectangle *rows,
           const guint8 *raw,
           const gfloat *band)
{
  PmtPixels *pixels = reading->pixels;
  const Babl *source = gegl_buffer_get_format (reading->buffer);
  const gint n = pmt_pixels_is_gray (source) ? 2 : 4;
  const gint n_source = babl_format_get_n_components (source);

  for (gint row = 0; row < rows->height; row++)
    {
      const gsize at =
          ((gsize)rows->y + row - pixels->rect.y) * pixels->rect.width
          + (rows->x - pixels->rect.x);
      const gsize from = (gsize)row * rows->width;

      if (reading->has_table)
        read_bytes (&reading->table, raw + from * n_source, n_source,
                    rows->width, pixels->rgb + at * 3, pixels->opaque + at);
      else
        read_row (band + from * n, n, rows->width, pixels->rgb + at * 3,
                  pixels->opaque + at);
    }
}

static void
read_band (gint task, gpointer data)
{
  Reading *reading = data;
  const Babl *source = gegl_buffer_get_format (reading->buffer);
  const gint top = task * BAND_ROWS;
  const GeglRectangle rows = { reading->part.x, reading->part.y + top,
                               reading->part.width,
                               MIN (BAND_ROWS, reading->part.height - top) };
  const gsize n = (gsize)rows.width * rows.height;
  g_autofree guint8 *raw = NULL;
  g_autofree gfloat *band = NULL;

  raw = g_try_malloc (n * babl_format_get_bytes_per_pixel (source));
  if (!reading->has_table)
    band = g_try_malloc (n * 4 * sizeof (gfloat));
  if (!raw || (!reading->has_table && !band))
    {
      g_atomic_int_set (&reading->is_failed, TRUE);
      return;
    }
  gegl_buffer_get (reading->buffer, &rows, 1.0, source, raw,
                   GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
  if (band)
    babl_process (reading->fish, raw, band, (glong)n);
  read_rows (reading, &rows, raw, band);
}

static gboolean
read_part (PmtPixels *pixels,
           GeglBuffer *buffer,
           const GeglRectangle *part,
           GError **error)
{
  const Babl *source = gegl_buffer_get_format (buffer);
  Reading reading = { .pixels = pixels, .buffer = buffer, .part = *part };

  reading.fish =
      babl_fish (pmt_pixels_plain_format (source), working_format (source));
  reading.has_table = make_table (source, &reading.table);
  pmt_parallel_run (pmt_image_threads (),
                    (part->height + BAND_ROWS - 1) / BAND_ROWS, read_band,
                    &reading);
  if (reading.is_failed)
    pmt_image_memory_error (part->width, part->height, error);
  return !reading.is_failed;
}

PmtPixels *
pmt_pixels_read (GeglBuffer *buffer, const GeglRectangle *rect, GError **error)
{
  const Babl *format = gegl_buffer_get_format (buffer);
  g_autoptr (PmtPixels) pixels = g_new0 (PmtPixels, 1);
  GeglRectangle part;

  if (!pmt_pixels_check_format (format, error))
    return NULL;
  pixels->rect = *rect;
  pixels->space = curve_space (format);
  pixels->rgb =
      pmt_image_alloc (rect->width, rect->height, 3 * sizeof (gfloat), error);
  if (!pixels->rgb)
    return NULL;
  pixels->opaque = pmt_image_alloc (rect->width, rect->height, 1, error);
  if (!pixels->opaque)
    return NULL;

  if (gegl_rectangle_intersect (&part, rect, gegl_buffer_get_extent (buffer))
      && !read_part (pixels, buffer, &part, error))
    return NULL;
  pixels->is_all_opaque =
      memchr (pixels->opaque, 0, (gsize)rect->width * rect->height) == NULL;
  return g_steal_pointer (&pixels);
}

/* ------------------------------------------------------------ writing -- */

/* The model with alpha that belongs to a model without. */
static const gchar *
find_alpha_model (const gchar *model)
{
  static const gchar *const pairs[][2] = {
    { "RGB", "RGBA" }, { "R'G'B'", "R'G'B'A" }, { "R~G~B~", "R~G~B~A" },
    { "Y", "YA" },     { "Y'", "Y'A" },         { "Y~", "Y~A" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    if (g_str_equal (model, pairs[i][0]))
      return pairs[i][1];
  return NULL;
}

/* Same model with alpha, same type, same space. */
static const Babl *
find_alpha_format (const Babl *format, GError **error)
{
  const gchar *encoding = babl_format_get_encoding (format);
  g_auto (GStrv) words = g_strsplit (encoding, " ", 2);
  const gchar *model = words[0] ? find_alpha_model (words[0]) : NULL;
  g_autofree gchar *name = NULL;

  if (model && words[1])
    name = g_strdup_printf ("%s %s", model, words[1]);
  if (!name || !babl_format_exists (name))
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_UNSUPPORTED,
                   _ ("The pixel format \"%s\" can't get the transparency "
                      "that is needed here. Add an alpha channel to the "
                      "layer, or convert the picture to RGB."),
                   encoding);
      return NULL;
    }
  return babl_format_with_space (name, format);
}

/* Bytes of one component with the value 1. */
static void
make_opaque_component (const Babl *format, guint8 *one)
{
  const gint n = babl_format_get_n_components (format);
  const gsize bytes = babl_format_get_bytes_per_pixel (format) / n;
  const gfloat white[4] = { 1.0f, 1.0f, 1.0f, 1.0f };
  guint8 pixel[4 * sizeof (gdouble)];

  babl_process (babl_fish (babl_format ("R'G'B'A float"), format), white, pixel,
                1);
  memcpy (one, pixel + (n - 1) * bytes, bytes);
}

/*
 * A copy of @part with an opaque alpha added.  Components are copied as
 * bytes, since a conversion may round (32-bit integers, for one).
 */
static gboolean
copy_with_alpha (GeglBuffer *source,
                 GeglBuffer *picture,
                 const GeglRectangle *part,
                 GError **error)
{
  const Babl *from = gegl_buffer_get_format (source);
  const Babl *to = gegl_buffer_get_format (picture);
  const gsize from_bytes = babl_format_get_bytes_per_pixel (from);
  const gsize to_bytes = babl_format_get_bytes_per_pixel (to);
  guint8 one[sizeof (gdouble)];
  g_autofree guint8 *src = pmt_image_alloc (part->width, 1, from_bytes, error);
  g_autofree guint8 *dst = NULL;

  if (!src)
    return FALSE;
  dst = pmt_image_alloc (part->width, 1, to_bytes, error);
  if (!dst)
    return FALSE;
  make_opaque_component (to, one);
  for (gint y = 0; y < part->height; y++)
    {
      const GeglRectangle row = { part->x, part->y + y, part->width, 1 };

      gegl_buffer_get (source, &row, 1.0, from, src, GEGL_AUTO_ROWSTRIDE,
                       GEGL_ABYSS_NONE);
      for (gint x = 0; x < part->width; x++)
        {
          memcpy (dst + x * to_bytes, src + x * from_bytes, from_bytes);
          memcpy (dst + x * to_bytes + from_bytes, one, to_bytes - from_bytes);
        }
      gegl_buffer_set (picture, &row, 0, to, dst, GEGL_AUTO_ROWSTRIDE);
    }
  return TRUE;
}

/* Three components, equal in gray pictures unless something changed them. */
static inline gfloat
gray_of (const gfloat *rgb)
{
  if (rgb[0] == rgb[1] && rgb[1] == rgb[2])
    return rgb[0];
  return (rgb[0] + rgb[1] + rgb[2]) / 3.0f;
}

/* Opaque pixels as the float format that is converted from. */
static void
fill_band (const PmtPixels *pixels, gint y, gint n, gfloat *band)
{
  const gfloat *rgb = pixels->rgb + (gsize)y * pixels->rect.width * 3;

  for (gint x = 0; x < pixels->rect.width; x++)
    {
      if (n == 2)
        band[x * n] = gray_of (rgb + (gsize)x * 3);
      else
        memcpy (band + (gsize)x * n, rgb + (gsize)x * 3, 3 * sizeof (gfloat));
      band[(gsize)x * n + n - 1] = 1.0f;
    }
}

/* Runs of changed pixels of one row, converted and set. */
static void
write_row (GeglBuffer *picture,
           const PmtPixels *pixels,
           const guint8 *changed,
           gint y,
           const Babl *format,
           const guint8 *band,
           gsize bytes)
{
  const GeglRectangle *rect = &pixels->rect;
  const guint8 *row = changed ? changed + (gsize)y * rect->width : NULL;
  gint x = 0;

  while (x < rect->width)
    {
      gint end = rect->width;

      while (row && x < rect->width && row[x] == 0)
        x++;
      if (row)
        for (end = x; end < rect->width && row[end] != 0;)
          end++;
      if (end > x)
        gegl_buffer_set (
            picture, GEGL_RECTANGLE (rect->x + x, rect->y + y, end - x, 1), 0,
            format, band + (gsize)x * bytes, GEGL_AUTO_ROWSTRIDE);
      x = end;
    }
}

/* Writing: what was worked on, in bands.
 * @is_failed: there was no memory for a row */
typedef struct
{
  GeglBuffer *picture;
  const PmtPixels *pixels;
  const guint8 *changed;
  const Babl *fish;
  gint is_failed;
} Writing;

static void
write_band (gint task, gpointer data)
{
  Writing *writing = data;
  const Babl *to = gegl_buffer_get_format (writing->picture);
  const gint n = pmt_pixels_is_gray (to) ? 2 : 4;
  const gsize bytes = babl_format_get_bytes_per_pixel (to);
  const gint width = writing->pixels->rect.width;
  const gint end = MIN ((task + 1) * BAND_ROWS, writing->pixels->rect.height);
  g_autofree gfloat *band = g_try_malloc_n (width, n * sizeof (gfloat));
  g_autofree guint8 *raw = g_try_malloc_n (width, bytes);

  if (!band || !raw)
    {
      g_atomic_int_set (&writing->is_failed, TRUE);
      return;
    }
  for (gint y = task * BAND_ROWS; y < end; y++)
    {
      const guint8 *row =
          writing->changed ? writing->changed + (gsize)y * width : NULL;

      /* Nothing changed: the row is all zeros. */
      if (row && row[0] == 0 && memcmp (row, row + 1, width - 1) == 0)
        continue;
      fill_band (writing->pixels, y, n, band);
      babl_process (writing->fish, band, raw, width);
      write_row (writing->picture, writing->pixels, writing->changed, y, to,
                 raw, bytes);
    }
}

static gboolean
write_changed (GeglBuffer *picture,
               const PmtPixels *pixels,
               const guint8 *changed,
               GError **error)
{
  const Babl *to = gegl_buffer_get_format (picture);
  Writing writing = { picture, pixels, changed, NULL, FALSE };

  writing.fish = babl_fish (working_format (to), pmt_pixels_plain_format (to));
  pmt_parallel_run (pmt_image_threads (),
                    (pixels->rect.height + BAND_ROWS - 1) / BAND_ROWS,
                    write_band, &writing);
  if (writing.is_failed)
    pmt_image_memory_error (pixels->rect.width, pixels->rect.height, error);
  return !writing.is_failed;
}

gboolean
pmt_pixels_write (const PmtPixels *pixels, GeglBuffer *picture, GError **error)
{
  return write_changed (picture, pixels, NULL, error);
}

GeglBuffer *
pmt_pixels_new_picture (const PmtPixels *pixels,
                        const guint8 *changed,
                        GeglBuffer *source,
                        GError **error)
{
  const GeglRectangle *extent = gegl_buffer_get_extent (source);
  const Babl *from = gegl_buffer_get_format (source);
  const Babl *to = from;
  g_autoptr (GeglBuffer) picture = NULL;
  GeglRectangle part;

  if (!pmt_pixels_check_format (from, error))
    return NULL;
  if (!babl_format_has_alpha (from)
      && !gegl_rectangle_contains (extent, &pixels->rect))
    to = find_alpha_format (from, error);
  if (!to)
    return NULL;

  picture = gegl_buffer_new (&pixels->rect, to);
  if (changed && gegl_rectangle_intersect (&part, &pixels->rect, extent))
    {
      if (to == from)
        gegl_buffer_copy (source, &part, GEGL_ABYSS_NONE, picture, &part);
      else if (!copy_with_alpha (source, picture, &part, error))
        return NULL;
    }
  if (!write_changed (picture, pixels, changed, error))
    return NULL;
  return g_steal_pointer (&picture);
}
