/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* unpack.c: zlib's format, a block at a time. */
#include "config.h"

#include "remote/unpack.h"

/* Bytes that are unpacked at a time. */
#define BLOCK_BYTES 65536

void
pmt_pixel_rows_init (PmtPixelRows *rows, const PmtPngHeader *header)
{
  static const guint8 adam7[7][4] = {
    { 0, 0, 8, 8 }, { 4, 0, 8, 8 }, { 0, 4, 4, 8 }, { 2, 0, 4, 4 },
    { 0, 2, 2, 4 }, { 1, 0, 2, 2 }, { 0, 1, 1, 2 },
  };
  static const guint8 n_channels[7] = { 1, 0, 3, 1, 2, 0, 4 };
  static const guint8 whole[4] = { 0, 0, 1, 1 };
  const gsize bits = header->depth * n_channels[header->type];

  memset (rows, 0, sizeof *rows);
  for (guint i = 0; i < (header->is_interlaced ? 7 : 1); i++)
    {
      const guint8 *pass = header->is_interlaced ? adam7[i] : whole;
      const gint64 width =
          ((gint64)header->width - pass[0] + pass[2] - 1) / pass[2];
      const gint64 height =
          ((gint64)header->height - pass[1] + pass[3] - 1) / pass[3];

      if (width <= 0 || height <= 0)
        continue;
      rows->row_bytes[i] = ((gsize)width * bits + 7) / 8;
      rows->n_rows[i] = (guint32)height;
    }
}

gboolean
pmt_pixel_rows_are_done (PmtPixelRows *rows)
{
  while (rows->pass < 7 && rows->row == rows->n_rows[rows->pass])
    {
      rows->pass++;
      rows->row = 0;
    }
  return rows->left == 0 && rows->pass == 7;
}

/* Returns: %FALSE for more rows than there are, or an unknown filter. */
static gboolean
rows_take (PmtPixelRows *rows, const guint8 *data, gsize n)
{
  while (n > 0)
    {
      const gsize part = MIN (rows->left, n);

      data += part;
      n -= part;
      rows->left -= part;
      if (n == 0)
        return TRUE;
      if (pmt_pixel_rows_are_done (rows) || *data > 4)
        return FALSE;
      rows->left = rows->row_bytes[rows->pass];
      rows->row++;
      data++;
      n--;
    }
  return TRUE;
}

static gboolean
unpack_give (PmtUnpack *unpack, const guint8 *data, gsize n)
{
  if (unpack->rows)
    return rows_take (unpack->rows, data, n);
  if (n > unpack->max_bytes - unpack->out->len)
    return FALSE;
  g_byte_array_append (unpack->out, data, (guint)n);
  return TRUE;
}

gboolean
pmt_unpack_more (PmtUnpack *unpack, PmtCursor *packed, gboolean is_last)
{
  const GConverterFlags flags =
      is_last ? G_CONVERTER_INPUT_AT_END : G_CONVERTER_NO_FLAGS;
  guint8 block[BLOCK_BYTES];

  while (!unpack->is_finished && (packed->left > 0 || is_last))
    {
      g_autoptr (GError) error = NULL;
      gsize n_read = 0;
      gsize n_made = 0;
      const GConverterResult result = g_converter_convert (
          unpack->converter, packed->left ? packed->at : (gconstpointer) "",
          packed->left, block, sizeof block, flags, &n_read, &n_made, &error);

      if (result == G_CONVERTER_ERROR)
        return !is_last
               && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT);
      pmt_cursor_skip (packed, n_read);
      if (!unpack_give (unpack, block, n_made))
        return FALSE;
      unpack->is_finished = result == G_CONVERTER_FINISHED;
    }
  return TRUE;
}

GBytes *
pmt_inflate (PmtCursor packed, gsize max_bytes)
{
  g_autoptr (GZlibDecompressor) zlib =
      g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_ZLIB);
  g_autoptr (GByteArray) out = g_byte_array_new ();
  PmtUnpack unpack = { G_CONVERTER (zlib), NULL, out, max_bytes, FALSE };

  if (!pmt_unpack_more (&unpack, &packed, TRUE))
    return NULL;
  return g_byte_array_free_to_bytes (g_steal_pointer (&out));
}
