/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* unpack.c: zlib's format, a block at a time. */
#include "config.h"

#include "remote/unpack.h"

/* Bytes that are unpacked at a time. */
#define BLOCK_BYTES 65536

GBytes *
pmt_inflate (PmtCursor packed, gsize max_bytes)
{
  g_autoptr (GZlibDecompressor) zlib =
      g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_ZLIB);
  g_autoptr (GInputStream) source = g_memory_input_stream_new_from_data (
      packed.at, (gssize)packed.left, NULL);
  g_autoptr (GInputStream) stream =
      g_converter_input_stream_new (source, G_CONVERTER (zlib));
  g_autoptr (GByteArray) out = g_byte_array_new ();
  guint8 block[BLOCK_BYTES];
  gssize n;

  while ((n = g_input_stream_read (stream, block, sizeof block, NULL, NULL))
         > 0)
    {
      if ((gsize)n > max_bytes - out->len)
        return NULL;
      g_byte_array_append (out, block, (guint)n);
    }
  return n == 0 ? g_byte_array_free_to_bytes (g_steal_pointer (&out)) : NULL;
}
