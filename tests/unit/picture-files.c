/* SPDX-License-Identifier: LGPL-3.0-or-later */
#include "config.h"

#include "picture-files.h"

#include <gio/gio.h>
#include <glib/gstdio.h>

/* -------------------------------------------------------------------- PNG -- */

static void
append_big (GByteArray *file, guint32 number)
{
  const guint32 big = GUINT32_TO_BE (number);

  g_byte_array_append (file, (const guint8 *)&big, 4);
}

static guint32
crc_of (const guint8 *data, gsize length)
{
  guint32 crc = 0xffffffff;

  for (gsize i = 0; i < length; i++)
    {
      crc ^= data[i];
      for (gint k = 0; k < 8; k++)
        crc = crc & 1 ? crc >> 1 ^ 0xedb88320 : crc >> 1;
    }
  return ~crc;
}

void
png_chunk (GByteArray *file,
           const gchar *type,
           const guint8 *data,
           gsize length)
{
  const guint start = file->len + 4;

  append_big (file, (guint32)length);
  g_byte_array_append (file, (const guint8 *)type, 4);
  g_byte_array_append (file, data, (guint)length);
  append_big (file, crc_of (file->data + start, length + 4));
}

static GBytes *
pack (gconstpointer data, gsize length)
{
  g_autoptr (GZlibCompressor) zlib =
      g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_ZLIB, 1);
  g_autoptr (GBytes) bytes = g_bytes_new (data, length);
  GBytes *packed = g_converter_convert_bytes (G_CONVERTER (zlib), bytes, NULL);

  g_assert_nonnull (packed);
  return packed;
}

static guint
n_channels (guint type)
{
  static const guint8 n[7] = { 1, 0, 3, 1, 2, 0, 4 };

  return n[type];
}

guint
png_sample (const PngOptions *options, gint x, gint y, guint channel)
{
  const guint max = (1u << options->depth) - 1;

  return ((guint)x * 37 + (guint)y * 101 + channel * 4099 + 11)
         * (options->depth == 16 ? 257 : 1) % (max + 1);
}

static void
append_row (
    const PngOptions *options, GByteArray *rows, gint y, gint from, gint step)
{
  const guint n = n_channels (options->type);
  guint bits = 0;
  guint n_bits = 0;

  g_byte_array_append (rows, (const guint8 *)"", 1);
  for (gint x = from; x < options->width; x += step)
    for (guint c = 0; c < n; c++)
      {
        bits = bits << options->depth | png_sample (options, x, y, c);
        n_bits += options->depth;
        while (n_bits >= 8)
          {
            const guint8 byte = bits >> (n_bits - 8) & 0xff;

            g_byte_array_append (rows, &byte, 1);
            n_bits -= 8;
          }
      }
  if (n_bits > 0)
    {
      const guint8 byte = bits << (8 - n_bits) & 0xff;

      g_byte_array_append (rows, &byte, 1);
    }
}

static GBytes *
make_rows (const PngOptions *options)
{
  static const gint passes[7][4] = {
    { 0, 0, 8, 8 }, { 4, 0, 8, 8 }, { 0, 4, 4, 8 }, { 2, 0, 4, 4 },
    { 0, 2, 2, 4 }, { 1, 0, 2, 2 }, { 0, 1, 1, 2 },
  };
  GByteArray *rows = g_byte_array_new ();

  for (gint y = 0; !options->is_interlaced && y < options->height; y++)
    append_row (options, rows, y, 0, 1);
  for (gint i = 0; options->is_interlaced && i < 7; i++)
    for (gint y = passes[i][1]; y < options->height; y += passes[i][3])
      if (passes[i][0] < options->width)
        append_row (options, rows, y, passes[i][0], passes[i][2]);
  return g_byte_array_free_to_bytes (rows);
}

static void
append_profile (GByteArray *file, GBytes *profile)
{
  g_autoptr (GByteArray) body = g_byte_array_new ();
  g_autoptr (GBytes) packed =
      pack (g_bytes_get_data (profile, NULL), g_bytes_get_size (profile));

  g_byte_array_append (body, (const guint8 *)"name\0", 6);
  g_byte_array_append (body, g_bytes_get_data (packed, NULL),
                       (guint)g_bytes_get_size (packed));
  png_chunk (file, "iCCP", body->data, body->len);
}

static void
append_palette (const PngOptions *options, GByteArray *file)
{
  guint8 palette[768];

  for (guint i = 0; i < sizeof palette; i++)
    palette[i] = i * 7 & 0xff;
  png_chunk (file, "PLTE", palette, (gsize)3 << options->depth);
}

GBytes *
png_make (const PngOptions *options)
{
  GByteArray *file = g_byte_array_new ();
  g_autoptr (GByteArray) header = g_byte_array_new ();
  const guint8 rest[5] = { options->depth, options->type, 0, 0,
                           options->is_interlaced };
  g_autoptr (GBytes) rows =
      options->pixels ? g_bytes_ref (options->pixels) : make_rows (options);
  g_autoptr (GBytes) packed =
      pack (g_bytes_get_data (rows, NULL), g_bytes_get_size (rows));
  const guint8 *data = g_bytes_get_data (packed, NULL);
  const gsize length = g_bytes_get_size (packed);

  g_byte_array_append (file, (const guint8 *)"\211PNG\r\n\032\n", 8);
  append_big (header, (guint32)options->width);
  append_big (header, (guint32)options->height);
  g_byte_array_append (header, rest, sizeof rest);
  png_chunk (file, "IHDR", header->data, header->len);
  if (options->profile)
    append_profile (file, options->profile);
  if (options->type == PMT_PNG_PALETTE)
    append_palette (options, file);
  if (options->extra_type)
    png_chunk (file, options->extra_type, options->extra, options->n_extra);
  /* Two pieces, as writers do with long ones. */
  png_chunk (file, "IDAT", data, length / 2);
  png_chunk (file, "IDAT", data + length / 2, length - length / 2);
  png_chunk (file, "IEND", NULL, 0);
  return g_byte_array_free_to_bytes (file);
}

/* ------------------------------------------------------------------- WebP -- */

static void
append_little (GByteArray *file, guint32 number)
{
  const guint32 little = GUINT32_TO_LE (number);

  g_byte_array_append (file, (const guint8 *)&little, 4);
}

static void
put_bits (guint8 *bits, guint *at, guint32 value, guint n)
{
  for (guint i = 0; i < n; i++, ++*at)
    bits[*at / 8] |= (value >> i & 1) << *at % 8;
}

GBytes *
webp_solid (gint width, gint height, const guint8 *rgba)
{
  const guint8 symbols[5] = { rgba[1], rgba[0], rgba[2], rgba[3], 0 };
  GByteArray *file = g_byte_array_new ();
  guint8 bits[16] = { 0 };
  guint at = 0;

  put_bits (bits, &at, 0x2f, 8);
  put_bits (bits, &at, (guint32)width - 1, 14);
  put_bits (bits, &at, (guint32)height - 1, 14);
  put_bits (bits, &at, 1, 4);
  put_bits (bits, &at, 0, 3);
  for (guint i = 0; i < 5; i++)
    {
      put_bits (bits, &at, 5, 3);
      put_bits (bits, &at, symbols[i], 8);
    }
  g_byte_array_append (file, (const guint8 *)"RIFF", 4);
  append_little (file, 12 + sizeof bits);
  g_byte_array_append (file, (const guint8 *)"WEBPVP8L", 8);
  append_little (file, sizeof bits);
  g_byte_array_append (file, bits, sizeof bits);
  return g_byte_array_free_to_bytes (file);
}

GBytes *
webp_wrap (GBytes *simple, gint width, gint height, GBytes *profile)
{
  const guint8 *data = g_bytes_get_data (simple, NULL);
  const gsize length = g_bytes_get_size (simple);
  const gsize n = g_bytes_get_size (profile);
  const guint8 size[6] = { (width - 1) & 0xff,  (width - 1) >> 8,  0,
                           (height - 1) & 0xff, (height - 1) >> 8, 0 };
  GByteArray *file = g_byte_array_new ();

  g_byte_array_append (file, (const guint8 *)"RIFF", 4);
  append_little (file, (guint32)(length - 8 + 18 + 8 + n + n % 2));
  g_byte_array_append (file, (const guint8 *)"WEBPVP8X", 8);
  append_little (file, 10);
  append_little (file, 0x20);
  g_byte_array_append (file, size, sizeof size);
  g_byte_array_append (file, (const guint8 *)"ICCP", 4);
  append_little (file, (guint32)n);
  g_byte_array_append (file, g_bytes_get_data (profile, NULL), (guint)n);
  g_byte_array_append (file, (const guint8 *)"", n % 2);
  g_byte_array_append (file, data + 12, (guint)length - 12);
  return g_byte_array_free_to_bytes (file);
}

/* ---------------------------------------------------------------- buffers -- */

GBytes *
gegl_save (GeglBuffer *buffer, const gchar *saver, ...)
{
  g_autoptr (GeglNode) graph = gegl_node_new ();
  g_autoptr (GError) error = NULL;
  g_autofree gchar *path = NULL;
  GeglNode *source, *save;
  gchar *data;
  gsize length;
  va_list args;
  const gchar *name;

  g_close (g_file_open_tmp ("test-XXXXXX", &path, &error), NULL);
  g_assert_no_error (error);
  source = gegl_node_new_child (graph, "operation", "gegl:buffer-source",
                                "buffer", buffer, NULL);
  save = gegl_node_new_child (graph, "operation", saver, "path", path, NULL);
  va_start (args, saver);
  for (name = va_arg (args, const gchar *); name;
       name = va_arg (args, const gchar *))
    gegl_node_set (save, name, va_arg (args, gint), NULL);
  va_end (args);
  gegl_node_link (source, save);
  gegl_node_process (save);
  g_file_get_contents (path, &data, &length, &error);
  g_assert_no_error (error);
  g_unlink (path);
  return g_bytes_new_take (data, length);
}

GeglBuffer *
gradient_buffer (gint width, gint height, const Babl *format)
{
  GeglBuffer *buffer =
      gegl_buffer_new (GEGL_RECTANGLE (0, 0, width, height), format);
  const Babl *from = babl_format_with_space ("R'G'B'A float", format);
  g_autofree gfloat *row = g_new (gfloat, (gsize)width * 4);

  for (gint y = 0; y < height; y++)
    {
      for (gint x = 0; x < width; x++)
        {
          row[4 * x] = (gfloat)x / (gfloat)MAX (width - 1, 1);
          row[4 * x + 1] = (gfloat)y / (gfloat)MAX (height - 1, 1);
          row[4 * x + 2] = 0.25f + 0.5f * (gfloat)((x / 8 + y / 8) % 2);
          row[4 * x + 3] = 1.0f;
        }
      gegl_buffer_set (buffer, GEGL_RECTANGLE (0, y, width, 1), 0, from, row,
                       GEGL_AUTO_ROWSTRIDE);
    }
  return buffer;
}

const Babl *
wide_space (void)
{
  const Babl *trc = babl_trc ("sRGB");

  return babl_space_from_chromaticities (NULL, 0.3127, 0.3290, 0.680, 0.320,
                                         0.265, 0.690, 0.150, 0.060, trc, trc,
                                         trc, BABL_SPACE_FLAG_EQUALIZE);
}

GBytes *
space_profile (const Babl *space)
{
  gint length = 0;
  const gchar *icc = babl_space_get_icc (space, &length);

  g_assert_nonnull (icc);
  return g_bytes_new (icc, (gsize)length);
}

GBytes *
bytes_prefix (GBytes *bytes, gsize n)
{
  return g_bytes_new (g_bytes_get_data (bytes, NULL), n);
}
