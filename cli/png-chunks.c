/* SPDX-License-Identifier: LGPL-3.0-or-later */
#include "config.h"

#include "png-chunks.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

#define SIGNATURE_BYTES 8
#define LENGTH_BYTES 4
#define TYPE_BYTES 4
#define FRAME_BYTES 12 /* length, type, checksum */
#define HEADER_BYTES (SIGNATURE_BYTES + FRAME_BYTES + 13) /* with IHDR */

static guint32
read_length (const guint8 *at)
{
  guint32 length;

  memcpy (&length, at, sizeof length);
  return GUINT32_FROM_BE (length);
}

/* The checksum of PNG (CRC-32 of ISO 3309), bit by bit: profiles are small. */
static guint32
checksum (const guint8 *data, gsize length)
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

static void
append_number (GByteArray *bytes, guint32 number)
{
  number = GUINT32_TO_BE (number);
  g_byte_array_append (bytes, (const guint8 *)&number, sizeof number);
}

/* zlib's format of @data; %NULL when it can't be made. */
static GByteArray *
compress (const gchar *data, gsize length)
{
  g_autoptr (GZlibCompressor) compressor =
      g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_ZLIB, -1);
  g_autoptr (GBytes) bytes = g_bytes_new (data, length);
  g_autoptr (GBytes) packed =
      g_converter_convert_bytes (G_CONVERTER (compressor), bytes, NULL);
  GByteArray *array = packed ? g_byte_array_new () : NULL;

  if (array)
    g_byte_array_append (array, g_bytes_get_data (packed, NULL),
                         (guint)g_bytes_get_size (packed));
  return array;
}

static gboolean
append_profile (GByteArray *file, const gchar *icc, gint icc_length)
{
  static const gchar head[] = "iCCPicc\0"; /* name, and method 0 */
  g_autoptr (GByteArray) packed = compress (icc, (gsize)icc_length);
  g_autoptr (GByteArray) body = g_byte_array_new ();

  if (!packed)
    return FALSE;
  g_byte_array_append (body, (const guint8 *)head, sizeof head);
  g_byte_array_append (body, packed->data, packed->len);
  append_number (file, body->len - TYPE_BYTES);
  g_byte_array_append (file, body->data, body->len);
  append_number (file, checksum (body->data, body->len));
  return TRUE;
}

static gboolean
is_one_of (const guint8 *type, const gchar *types)
{
  for (; *types; types += TYPE_BYTES)
    if (memcmp (type, types, TYPE_BYTES) == 0)
      return TRUE;
  return FALSE;
}

/*
 * Copies the chunks before the pixels, the wanted ones.
 * Returns: where the pixels begin; 0 for a file that is no PNG.
 */
static gsize
copy_head (const guint8 *data, gsize length, GByteArray *head)
{
  static const gchar unwanted[] = "bKGDgAMAcHRMsRGBiCCP";
  gsize at = SIGNATURE_BYTES;

  while (at + FRAME_BYTES <= length)
    {
      const guint8 *type = data + at + LENGTH_BYTES;
      const gsize chunk = (gsize)read_length (data + at) + FRAME_BYTES;

      if (is_one_of (type, "IDAT"))
        return at;
      if (chunk > length - at)
        return 0;
      if (!is_one_of (type, unwanted))
        g_byte_array_append (head, data + at, (guint)chunk);
      at += chunk;
    }
  return 0;
}

static gboolean
write_file (const gchar *path,
            const GByteArray *head,
            const guint8 *rest,
            gsize rest_length)
{
  g_autofree gchar *repaired = g_strconcat (path, "~", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (repaired);
  g_autoptr (GFileOutputStream) stream =
      g_file_create (file, G_FILE_CREATE_NONE, NULL, NULL);

  return stream
         && g_output_stream_write_all (G_OUTPUT_STREAM (stream), head->data,
                                       head->len, NULL, NULL, NULL)
         && g_output_stream_write_all (G_OUTPUT_STREAM (stream), rest,
                                       rest_length, NULL, NULL, NULL)
         && g_output_stream_close (G_OUTPUT_STREAM (stream), NULL, NULL)
         && g_rename (repaired, path) == 0;
}

gboolean
png_chunks_repair (const gchar *path, const Babl *format)
{
  const Babl *space = babl_format_get_space (format);
  g_autoptr (GByteArray) head = g_byte_array_new ();
  g_autoptr (GByteArray) color = g_byte_array_new ();
  g_autoptr (GMappedFile) file = NULL;
  const guint8 *data;
  gsize length, pixels;
  gint icc_length = 0;
  const gchar *icc;

  if (space == babl_space ("sRGB"))
    return TRUE;
  icc = babl_space_get_icc (space, &icc_length);
  file = g_mapped_file_new (path, FALSE, NULL);
  if (!file || !icc || icc_length <= 0)
    return file != NULL;

  data = (const guint8 *)g_mapped_file_get_contents (file);
  length = g_mapped_file_get_length (file);
  if (length < HEADER_BYTES)
    return FALSE;
  g_byte_array_append (head, data, SIGNATURE_BYTES);
  pixels = copy_head (data, length, head);
  if (!pixels || head->len < HEADER_BYTES
      || !append_profile (color, icc, icc_length))
    return FALSE;

  /* The profile comes after IHDR, before everything else. */
  g_byte_array_append (color, head->data + HEADER_BYTES,
                       head->len - HEADER_BYTES);
  g_byte_array_set_size (head, HEADER_BYTES);
  g_byte_array_append (head, color->data, color->len);
  return write_file (path, head, data + pixels, length - pixels);
}
