/* SPDX-License-Identifier: LGPL-3.0-or-later */
/*
 * png-write.c: pixels as a PNG, in memory.  What GEGL's saver writes goes
 * through a file, has profile and comments, and takes twice as long: libpng
 * tries five filters for each row (README.md, "Loaders").
 */
#include "config.h"

#include "image/image-private.h"
#include "remote/picture-private.h"

/* Of zlib: twice as fast as 3, which makes files smaller by a few percent. */
#define LEVEL 1
#define BLOCK_BYTES ((gsize)1 << 18)
#define BAND_ROWS 64

/* CRC-32 of ISO 3309 (PNG 3rd edition, 5.5), of eight bytes at once: table[k]
 * is for a byte with k bytes behind it. */
void
pmt_png_checksum_init (PmtPngChecksum *checksum)
{
  for (guint32 n = 0; n < 256; n++)
    {
      guint32 c = n;

      for (gint k = 0; k < 8; k++)
        c = c & 1 ? c >> 1 ^ 0xedb88320 : c >> 1;
      checksum->table[0][n] = c;
    }
  for (guint k = 1; k < 8; k++)
    for (guint n = 0; n < 256; n++)
      {
        const guint32 c = checksum->table[k - 1][n];

        checksum->table[k][n] = c >> 8 ^ checksum->table[0][c & 0xff];
      }
}

static guint32
read_word (const guint8 *data)
{
  return (guint32)data[0] | (guint32)data[1] << 8 | (guint32)data[2] << 16
         | (guint32)data[3] << 24;
}

guint32
pmt_png_checksum_of (const PmtPngChecksum *checksum,
                     const guint8 *data,
                     gsize n)
{
  const guint32 (*table)[256] = checksum->table;
  guint32 crc = 0xffffffff;

  for (; n >= 8; n -= 8, data += 8)
    {
      const guint32 low = crc ^ read_word (data);
      const guint32 high = read_word (data + 4);

      crc = table[7][low & 0xff] ^ table[6][low >> 8 & 0xff]
            ^ table[5][low >> 16 & 0xff] ^ table[4][low >> 24]
            ^ table[3][high & 0xff] ^ table[2][high >> 8 & 0xff]
            ^ table[1][high >> 16 & 0xff] ^ table[0][high >> 24];
    }
  for (; n > 0; n--, data++)
    crc = crc >> 8 ^ table[0][(crc ^ *data) & 0xff];
  return ~crc;
}

static void
append_big (GByteArray *bytes, guint32 number)
{
  const guint32 big = GUINT32_TO_BE (number);

  g_byte_array_append (bytes, (const guint8 *)&big, sizeof big);
}

void
pmt_png_append_chunk (GByteArray *bytes,
                      const PmtPngChecksum *checksum,
                      const gchar *type,
                      const guint8 *data,
                      gsize n)
{
  const guint start = bytes->len + 4;

  append_big (bytes, (guint32)n);
  g_byte_array_append (bytes, (const guint8 *)type, 4);
  g_byte_array_append (bytes, data, (guint)n);
  append_big (bytes,
              pmt_png_checksum_of (checksum, bytes->data + start, n + 4));
}

/* ----------------------------------------------------------------- filters */

/* A row of bytes as differences; returns the sum of their sizes.
 * (PNG 3rd edition, 9.2 and 12.8) */
static guint64
filter_row (const guint8 *row, const guint8 *other, gsize n, guint8 *out)
{
  guint64 sum = 0;

  for (gsize i = 0; i < n; i++)
    {
      const guint8 difference = (guint8)(row[i] - other[i]);

      out[i] = difference;
      sum += difference < 128 ? difference : 256 - difference;
    }
  return sum;
}

/* @pixel zeros stand before @row and @above.  @out: [2, n + 1]: the types 1
 * (Sub) and 2 (Up), each with its number in front.
 * Returns: the smaller one. */
static const guint8 *
choose_filter (
    const guint8 *row, const guint8 *above, gsize n, gsize pixel, guint8 *out)
{
  guint8 *up = out + n + 1;

  out[0] = 1;
  up[0] = 2;
  return filter_row (row, row - pixel, n, out + 1)
                 < filter_row (row, above, n, up + 1)
             ? out
             : up;
}

/* ----------------------------------------------------------------- packing */

typedef struct
{
  GConverter *packer;
  GByteArray *packed;
  guint8 *block;
} Packing;

static void
packing_clear (Packing *packing)
{
  g_clear_object (&packing->packer);
  g_clear_pointer (&packing->packed, g_byte_array_unref);
  g_free (packing->block);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Packing, packing_clear)

static gboolean
pack (Packing *packing,
      const guint8 *data,
      gsize n,
      gboolean is_last,
      GError **error)
{
  GConverterResult result;

  do
    {
      gsize n_read = 0, n_written = 0;

      result = g_converter_convert (
          packing->packer, data, n, packing->block, BLOCK_BYTES,
          is_last ? G_CONVERTER_INPUT_AT_END : G_CONVERTER_NO_FLAGS, &n_read,
          &n_written, error);
      if (result == G_CONVERTER_ERROR)
        return FALSE;
      data += n_read;
      n -= n_read;
      g_byte_array_append (packing->packed, packing->block, (guint)n_written);
    }
  while (n > 0 || (is_last && result != G_CONVERTER_FINISHED));
  return TRUE;
}

/* Numbers of 16 bits are big-endian in a PNG. */
static void
swap_words (guint8 *bytes, gsize n)
{
  guint16 *words = (guint16 *)bytes;

  for (gsize i = 0; i < n / 2; i++)
    words[i] = GUINT16_TO_BE (words[i]);
}

/* @rows: two rows, each with @pixel zeros in front. */
static gboolean
pack_rows (Packing *packing,
           GeglBuffer *pixels,
           gsize pixel,
           gboolean is_wide,
           GError **error)
{
  const gint width = gegl_buffer_get_width (pixels);
  const gint height = gegl_buffer_get_height (pixels);
  const gsize n = (gsize)width * pixel;
  g_autofree guint8 *rows =
      pmt_image_alloc (width + 1, BAND_ROWS + 1, pixel, error);
  g_autofree guint8 *filtered = pmt_image_alloc (width + 1, 2, pixel, error);

  if (rows == NULL || filtered == NULL)
    return FALSE;
  for (gint y = 0; y < height; y += BAND_ROWS)
    {
      const gint n_rows = MIN (BAND_ROWS, height - y);
      /* Each row begins with a pixel of zeros; the first is the last of the
       * band before. */
      const gsize stride = n + pixel;

      gegl_buffer_get (pixels, GEGL_RECTANGLE (0, y, width, n_rows), 1.0, NULL,
                       rows + stride + pixel, (gint)stride, GEGL_ABYSS_NONE);
      for (gint i = 1; i <= n_rows; i++)
        {
          guint8 *row = rows + (gsize)i * stride + pixel;
          const guint8 *line;

          if (is_wide)
            swap_words (row, n);
          line = choose_filter (row, row - stride, n, pixel, filtered);
          if (!pack (packing, line, n + 1, y + i == height, error))
            return FALSE;
        }
      memcpy (rows, rows + (gsize)n_rows * stride, stride);
    }
  return TRUE;
}

static void
append_header (GByteArray *png,
               const PmtPngChecksum *checksum,
               GeglBuffer *pixels,
               guint bits,
               guint type)
{
  static const guint8 signature[] = { 0x89, 'P',  'N',  'G',
                                      '\r', '\n', 0x1a, '\n' };
  const guint32 sides[2] = {
    GUINT32_TO_BE ((guint32)gegl_buffer_get_width (pixels)),
    GUINT32_TO_BE ((guint32)gegl_buffer_get_height (pixels)),
  };
  guint8 header[13] = { 0 };

  memcpy (header, sides, sizeof sides);
  header[8] = (guint8)bits;
  header[9] = (guint8)type;
  g_byte_array_append (png, signature, sizeof signature);
  pmt_png_append_chunk (png, checksum, "IHDR", header, sizeof header);
}

GBytes *
pmt_png_write (GeglBuffer *pixels, GError **error)
{
  const Babl *format = gegl_buffer_get_format (pixels);
  const gsize pixel = (gsize)babl_format_get_bytes_per_pixel (format);
  const gsize n = (gsize)babl_format_get_n_components (format);
  const guint bits = (guint)(8 * pixel / n);
  g_auto (Packing) packing = { 0 };
  g_autoptr (GByteArray) png = g_byte_array_new ();
  PmtPngChecksum checksum;

  packing.packer = G_CONVERTER (
      g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_ZLIB, LEVEL));
  packing.packed = g_byte_array_new ();
  packing.block = g_malloc (BLOCK_BYTES);
  if (!pack_rows (&packing, pixels, pixel, bits == 16, error))
    return NULL;
  pmt_png_checksum_init (&checksum);
  append_header (png, &checksum, pixels, bits,
                 n == 4 ? PMT_PNG_RGBA : PMT_PNG_RGB);
  pmt_png_append_chunk (png, &checksum, "IDAT", packing.packed->data,
                        packing.packed->len);
  pmt_png_append_chunk (png, &checksum, "IEND", NULL, 0);
  return g_byte_array_free_to_bytes (g_steal_pointer (&png));
}
