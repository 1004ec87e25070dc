/* SPDX-License-Identifier: LGPL-3.0-or-later */
/*
 * png-write.c: pixels as a PNG, in memory, in bands of rows side by side.
 * GEGL's saver goes through a file and writes profile and comments; libpng packs
 * with one thread (README.md, "Loaders").
 */
#include "config.h"

#include <string.h>
#include <zlib.h>

#include "core/parallel.h"
#include "image/image-private.h"
#include "image/pixels.h"
#include "remote/deflate.h"
#include "remote/picture-private.h"

#define FILTER_UP 2

/* Bytes of pixels in a band.  The end of a band costs some 10 bytes and a
 * table of codes. */
#define BAND_BYTES ((gsize)256 * 1024)

/* CMF and FLG of zlib (RFC 1950): a window of 32 KiB, the fastest level. */
static const guint8 zlib_head[] = { 0x78, 0x01 };

#define MAX_CHUNK ((gsize)G_MAXINT32)

/* Packed: a band.  @sum: Adler-32 of its @n_bytes of filtered rows. */
typedef struct
{
  guint8 *bytes;
  gsize length;
  guint32 sum;
  gsize n_bytes;
} Packed;

/* @n_rows: in each band but the last; @bits of a component */
typedef struct
{
  GeglBuffer *pixels;
  gsize stride;
  gsize pixel;
  gint bits;
  gint n_rows;
  gint n_bands;
  Packed *bands;
} Writing;

static void
writing_clear (Writing *writing)
{
  for (gint i = 0; i < writing->n_bands; i++)
    g_free (writing->bands[i].bytes);
  g_free (writing->bands);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Writing, writing_clear)

/* ------------------------------------------------------------------ filter */

/* The rows before @rows and @rows themselves, as PNG has them; above the first
 * one, there are zeros. */
static guint8 *
read_rows (const Writing *writing, gint top, gint n_rows)
{
  const gint width = gegl_buffer_get_width (writing->pixels);
  const gint above = top > 0;
  guint8 *rows = pmt_image_alloc (width, n_rows + 1, writing->pixel, NULL);

  if (!rows)
    return NULL;
  gegl_buffer_get (writing->pixels,
                   GEGL_RECTANGLE (0, top - above, width, n_rows + above), 1.0,
                   NULL, rows + (above ? 0 : writing->stride),
                   GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
  if (!above)
    memset (rows, 0, writing->stride);
  if (writing->bits == 16)
    {
      guint16 *values = (gpointer)rows;
      const gsize n = (gsize)(n_rows + 1) * writing->stride / 2;

      for (gsize i = 0; i < n; i++)
        values[i] = GUINT16_TO_BE (values[i]);
    }
  return rows;
}

/* [@n_rows, 1 + stride]: the filter's number, and differences from above. */
static guint8 *
filter_rows (const Writing *writing, gint top, gint n_rows)
{
  const gsize stride = writing->stride;
  g_autofree guint8 *rows = read_rows (writing, top, n_rows);
  guint8 *filtered = rows ? g_try_malloc ((stride + 1) * n_rows) : NULL;
  guint8 *out = filtered;

  for (gint y = 0; filtered && y < n_rows; y++)
    {
      const guint8 *above = rows + (gsize)y * stride;
      const guint8 *row = above + stride;

      *out++ = FILTER_UP;
      for (gsize i = 0; i < stride; i++)
        out[i] = (guint8)(row[i] - above[i]);
      out += stride;
    }
  return filtered;
}

/* ------------------------------------------------------------------- bands */

/* A band without bytes is one that there was no memory for. */
static void
pack_band (gint task, gpointer data)
{
  Writing *writing = data;
  Packed *band = &writing->bands[task];
  const gint top = task * writing->n_rows;
  const gint n_rows =
      MIN (writing->n_rows, gegl_buffer_get_height (writing->pixels) - top);
  g_autofree guint8 *filtered = filter_rows (writing, top, n_rows);

  if (!filtered)
    return;
  band->n_bytes = (writing->stride + 1) * n_rows;
  band->sum = pmt_adler32 (filtered, band->n_bytes);
  band->bytes = pmt_deflate_part (filtered, band->n_bytes,
                                  task == writing->n_bands - 1, &band->length);
}

/* ------------------------------------------------------------------ chunks */

static void
put_number (guint8 *to, guint32 value)
{
  const guint32 big = GUINT32_TO_BE (value);

  memcpy (to, &big, 4);
}

/* A chunk of up to three parts, one after another. */
static void
put_chunk (GByteArray *out,
           const gchar *type,
           const guint8 *const parts[3],
           const gsize lengths[3])
{
  const gsize length = lengths[0] + lengths[1] + lengths[2];
  const guint start = out->len;
  guint8 head[8], sum[4];

  put_number (head, (guint32)length);
  memcpy (head + 4, type, 4);
  g_byte_array_append (out, head, 8);
  for (gint i = 0; i < 3; i++)
    if (lengths[i] > 0)
      g_byte_array_append (out, parts[i], (guint)lengths[i]);
  put_number (sum, pmt_crc32 (out->data + start + 4, length + 4));
  g_byte_array_append (out, sum, 4);
}

static void
put_header (GByteArray *out, const Writing *writing)
{
  static const guint8 signature[] = { 0x89, 'P',  'N',  'G',
                                      0x0d, 0x0a, 0x1a, 0x0a };
  const Babl *format = gegl_buffer_get_format (writing->pixels);
  guint8 header[13] = { 0 };

  put_number (header, (guint32)gegl_buffer_get_width (writing->pixels));
  put_number (header + 4, (guint32)gegl_buffer_get_height (writing->pixels));
  header[8] = (guint8)writing->bits;
  /* Colors with alpha or without. */
  header[9] = babl_format_has_alpha (format) ? 6 : 2;
  g_byte_array_append (out, signature, sizeof signature);
  put_chunk (out, "IHDR", (const guint8 *const[]){ header, NULL, NULL },
             (const gsize[]){ sizeof header, 0, 0 });
}

/* One IDAT for each band; together they are one stream of zlib. */
static void
put_bands (GByteArray *out, const Writing *writing)
{
  uLong sum = 1;
  guint8 tail[4];

  for (gint i = 0; i < writing->n_bands; i++)
    {
      const Packed *band = &writing->bands[i];
      const gboolean is_last = i == writing->n_bands - 1;

      sum = adler32_combine (sum, band->sum, (z_off_t)band->n_bytes);
      put_number (tail, (guint32)sum);
      put_chunk (out, "IDAT",
                 (const guint8 *const[]){ zlib_head, band->bytes, tail },
                 (const gsize[]){ i == 0 ? sizeof zlib_head : 0, band->length,
                                  is_last ? sizeof tail : 0 });
    }
}

/* Returns: %FALSE without memory, or when there would be more than 2 GiB. */
static gboolean
pack_all (Writing *writing)
{
  gsize length = 0;

  pmt_parallel_run (pmt_image_threads (), writing->n_bands, pack_band, writing);
  for (gint i = 0; i < writing->n_bands; i++)
    {
      if (!writing->bands[i].bytes)
        return FALSE;
      length += writing->bands[i].length + 64;
    }
  return length < MAX_CHUNK;
}

GBytes *
pmt_png_write (GeglBuffer *pixels, GError **error)
{
  const gint width = gegl_buffer_get_width (pixels);
  const gint height = gegl_buffer_get_height (pixels);
  const Babl *format = gegl_buffer_get_format (pixels);
  const gsize pixel = (gsize)babl_format_get_bytes_per_pixel (format);
  g_auto (Writing) writing = { pixels, (gsize)width * pixel, pixel };
  GByteArray *out;

  writing.bits = 8 * (gint)pixel / babl_format_get_n_components (format);
  writing.n_rows = (gint)CLAMP (BAND_BYTES / writing.stride, 1, (gsize)height);
  writing.n_bands = (height + writing.n_rows - 1) / writing.n_rows;
  writing.bands = g_new0 (Packed, writing.n_bands);
  if (!pack_all (&writing))
    {
      pmt_image_memory_error (width, height, error);
      return NULL;
    }
  out = g_byte_array_new ();
  put_header (out, &writing);
  put_bands (out, &writing);
  put_chunk (out, "IEND", (const guint8 *const[]){ NULL, NULL, NULL },
             (const gsize[]){ 0, 0, 0 });
  return g_byte_array_free_to_bytes (out);
}
