/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* picture-png.c: the chunks of a PNG, and which of them a decoder gets. */
#include "config.h"

#include "remote/deflate.h"
#include "remote/picture-private.h"
#include "remote/unpack.h"

/* Packed bytes in an IDAT chunk: libpng has a limit for long ones. */
#define CHUNK_BYTES ((guint)1 << 20)

/*
 * Reading: a file on its way
 * @open: where the chunk of pixels begins that @clean ends with; 0: none does
 * @n_packed: bytes of pixels that came
 */
typedef struct
{
  PmtPngHeader header;
  gboolean has_palette;
  gboolean has_transparency;
  gboolean has_pixels;
  gboolean are_pixels_over;
  gsize n_colors;
  GByteArray *clean;
  guint open;
  gsize n_packed;
  GBytes *profile;
} Reading;

/* ------------------------------------------------------------------ chunks */

static void
append_big (GByteArray *bytes, guint32 number)
{
  const guint32 big = GUINT32_TO_BE (number);

  g_byte_array_append (bytes, (const guint8 *)&big, sizeof big);
}

/* Length and type.  Returns: what end_chunk() needs. */
static guint
begin_chunk (GByteArray *bytes, const gchar *type, gsize n)
{
  append_big (bytes, (guint32)n);
  g_byte_array_append (bytes, (const guint8 *)type, 4);
  return bytes->len - 4;
}

static void
end_chunk (GByteArray *bytes, guint start)
{
  append_big (bytes, pmt_crc32 (bytes->data + start, bytes->len - start));
}

static void
append_chunk (GByteArray *bytes, const gchar *type, const guint8 *data, gsize n)
{
  const guint start = begin_chunk (bytes, type, n);

  g_byte_array_append (bytes, data, (guint)n);
  end_chunk (bytes, start);
}

/* ----------------------------------------------------------------- reading */

static gboolean
take_palette (Reading *reading, PmtCursor data)
{
  const guint type = reading->header.type;

  if (reading->has_palette || reading->has_pixels || data.left % 3 != 0
      || data.left == 0 || data.left > 768)
    return FALSE;
  reading->has_palette = TRUE;
  reading->n_colors = data.left / 3;
  if (type == PMT_PNG_PALETTE)
    append_chunk (reading->clean, "PLTE", data.at, data.left);
  return type != PMT_PNG_PALETTE
         || reading->n_colors <= (gsize)1 << reading->header.depth;
}

static gboolean
take_transparency (Reading *reading, PmtCursor data)
{
  gboolean is_ok = TRUE;

  switch (reading->header.type)
    {
    case PMT_PNG_GRAY:
      is_ok = data.left == 2;
      break;
    case PMT_PNG_RGB:
      is_ok = data.left == 6;
      break;
    case PMT_PNG_PALETTE:
      is_ok = data.left > 0 && data.left <= reading->n_colors;
      break;
    default:
      /* Forbidden, and without a meaning. */
      return TRUE;
    }
  if (!is_ok || reading->has_transparency || reading->has_pixels)
    return FALSE;
  reading->has_transparency = TRUE;
  append_chunk (reading->clean, "tRNS", data.at, data.left);
  return TRUE;
}

/* zlib's header says how far back copies reach; some say too little. */
static void
repair_window (guint8 *zlib_head)
{
  guint head = 0x7800 | (zlib_head[1] & 0xc0);

  head += (31 - head % 31) % 31;
  zlib_head[0] = head >> 8 & 0xff;
  zlib_head[1] = head & 0xff;
}

/* Its length is known now. */
static void
close_pixels (Reading *reading)
{
  guint8 *chunk = reading->clean->data + reading->open;
  const gsize n = reading->clean->len - reading->open - 4;
  const guint32 big = GUINT32_TO_BE ((guint32)n);

  memcpy (chunk - 4, &big, sizeof big);
  if (reading->n_packed == n)
    repair_window (chunk + 4);
  end_chunk (reading->clean, reading->open);
  reading->open = 0;
}

/* Few large chunks, however small those of the file are. */
static gboolean
take_pixels (Reading *reading, PmtCursor data)
{
  if (reading->are_pixels_over
      || (reading->header.type == PMT_PNG_PALETTE && !reading->has_palette))
    return FALSE;
  reading->has_pixels = TRUE;
  while (data.left > 0)
    {
      gsize room;
      PmtCursor part;

      if (reading->open == 0)
        reading->open = begin_chunk (reading->clean, "IDAT", 0);
      room = CHUNK_BYTES - (reading->clean->len - reading->open - 4);
      part = pmt_cursor_take (&data, MIN (room, data.left));
      g_byte_array_append (reading->clean, part.at, (guint)part.left);
      reading->n_packed += part.left;
      if (part.left == room)
        close_pixels (reading);
    }
  return TRUE;
}

/* Name, 0, method 0, profile; one that is broken is no reason to refuse. */
static void
take_profile (Reading *reading, PmtCursor data)
{
  const guint8 *end =
      data.left > 0 ? memchr (data.at, 0, MIN (data.left, 80)) : NULL;

  if (!end || reading->profile)
    return;
  pmt_cursor_skip (&data, (gsize)(end - data.at) + 1);
  if (pmt_cursor_big (&data, 1) == 0 && !data.is_over)
    reading->profile = pmt_inflate (data, PMT_PROFILE_MAX_BYTES);
}

static gboolean
take_chunk (Reading *reading, const PmtCursor *type, PmtCursor data)
{
  if (pmt_cursor_starts (type, "IDAT", 4))
    return take_pixels (reading, data);
  reading->are_pixels_over = reading->has_pixels;
  if (pmt_cursor_starts (type, "PLTE", 4))
    return take_palette (reading, data);
  if (pmt_cursor_starts (type, "tRNS", 4))
    return take_transparency (reading, data);
  if (pmt_cursor_starts (type, "iCCP", 4))
    take_profile (reading, data);
  /* Chunks of lower case may be left out. */
  return g_ascii_islower (type->at[0]);
}

static GBytes *
finish (Reading *reading)
{
  if (!reading->has_pixels || reading->n_packed < 2)
    return NULL;
  if (reading->open != 0)
    close_pixels (reading);
  append_chunk (reading->clean, "IEND", NULL, 0);
  return g_byte_array_free_to_bytes (g_steal_pointer (&reading->clean));
}

/* Chunks of length, type, data and checksum, up to IEND. */
static GBytes *
read_chunks (Reading *reading, PmtCursor cursor)
{
  while (!cursor.is_over)
    {
      const guint32 length = pmt_cursor_big (&cursor, 4);
      const guint8 *start = cursor.at;
      const PmtCursor type = pmt_cursor_take (&cursor, 4);
      const PmtCursor data = pmt_cursor_take (&cursor, length);
      const guint32 crc = pmt_cursor_big (&cursor, 4);

      if (cursor.is_over || length > G_MAXINT32
          || crc != pmt_crc32 (start, (gsize)length + 4))
        return NULL;
      if (pmt_cursor_starts (&type, "IEND", 4))
        return finish (reading);
      if (!take_chunk (reading, &type, data))
        return NULL;
    }
  return NULL;
}

GBytes *
pmt_png_clean (GBytes *bytes, GBytes **profile)
{
  PmtCursor cursor = pmt_cursor_of (bytes);
  const PmtCursor whole = cursor;
  Reading reading = { 0 };
  g_autoptr (GBytes) clean = NULL;

  if (whole.left > G_MAXINT32
      || !pmt_png_read_header (&cursor, &reading.header))
    return NULL;
  reading.clean = g_byte_array_sized_new ((guint)cursor.left);
  g_byte_array_append (reading.clean, whole.at, 8);
  append_chunk (reading.clean, "IHDR", whole.at + 16, 13);

  /* The checksum of the header as it came. */
  if (memcmp (reading.clean->data, whole.at, reading.clean->len) == 0)
    clean = read_chunks (&reading, cursor);
  g_clear_pointer (&reading.clean, g_byte_array_unref);
  if (clean)
    *profile = g_steal_pointer (&reading.profile);
  g_clear_pointer (&reading.profile, g_bytes_unref);
  return g_steal_pointer (&clean);
}
