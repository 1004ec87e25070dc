/* SPDX-License-Identifier: LGPL-3.0-or-later */
#include "config.h"

#include "picture-check.h"

#include <string.h>

/* Cursor: the rest of a file; reading past the end is remembered. */
typedef struct
{
  const guint8 *at;
  gsize left;
  gboolean is_over;
} Cursor;

static void
skip (Cursor *cursor, gsize n)
{
  if (n > cursor->left)
    {
      cursor->is_over = TRUE;
      n = cursor->left;
    }
  cursor->at += n;
  cursor->left -= n;
}

static guint
read_byte (Cursor *cursor)
{
  const guint value = cursor->left ? *cursor->at : 0;

  skip (cursor, 1);
  return value;
}

static guint32
read_big_endian (Cursor *cursor, gint n_bytes)
{
  guint32 value = 0;

  for (gint i = 0; i < n_bytes; i++)
    value = value << 8 | read_byte (cursor);
  return value;
}

static gboolean
starts_with (const Cursor *cursor, const gchar *magic, gsize length)
{
  return cursor->left >= length && memcmp (cursor->at, magic, length) == 0;
}

/* Chunks of length, type, data and checksum, up to IEND. */
static gboolean
is_png_complete (Cursor *cursor)
{
  skip (cursor, 8);
  while (!cursor->is_over)
    {
      const guint32 length = read_big_endian (cursor, 4);
      const gboolean is_end = starts_with (cursor, "IEND", 4);

      skip (cursor, (gsize)length + 8);
      if (is_end)
        return !cursor->is_over;
    }
  return FALSE;
}

/* Entropy-coded data: ends at a marker other than a stuffed 0 or a restart. */
static void
skip_scan (Cursor *cursor)
{
  while (cursor->left >= 2)
    {
      const guint8 *marker = memchr (cursor->at, 0xff, cursor->left - 1);

      if (!marker)
        break;
      skip (cursor, (gsize)(marker - cursor->at));
      if (marker[1] != 0 && marker[1] != 0xff
          && (marker[1] < 0xd0 || marker[1] > 0xd7))
        return;
      skip (cursor, marker[1] == 0xff ? 1 : 2);
    }
  cursor->is_over = TRUE;
}

static gboolean
is_jpeg_complete (Cursor *cursor)
{
  gboolean has_scan = FALSE;

  skip (cursor, 2);
  while (!cursor->is_over)
    {
      guint marker = read_byte (cursor);
      guint32 length;

      /* Stray bytes between segments are common, and skipped by readers. */
      if (marker != 0xff)
        continue;
      while (marker == 0xff && !cursor->is_over)
        marker = read_byte (cursor);
      if (marker == 0xd9)
        return has_scan && !cursor->is_over;

      length = read_big_endian (cursor, 2);
      skip (cursor, MAX (length, 2) - 2);
      if (marker != 0xda)
        continue;
      has_scan = TRUE;
      skip_scan (cursor);
    }
  return FALSE;
}

/* Blocks of up to 255 bytes, up to an empty one. */
static void
skip_gif_blocks (Cursor *cursor)
{
  guint length;

  do
    {
      length = read_byte (cursor);
      skip (cursor, length);
    }
  while (length > 0 && !cursor->is_over);
}

static void
skip_gif_palette (Cursor *cursor, guint flags)
{
  if (flags & 0x80)
    skip (cursor, (gsize)3 << ((flags & 7) + 1));
}

/* Complete with the first picture, which is the one that is read. */
static gboolean
is_gif_complete (Cursor *cursor)
{
  guint flags;

  skip (cursor, 10);
  flags = read_byte (cursor);
  skip (cursor, 2);
  skip_gif_palette (cursor, flags);
  while (!cursor->is_over && read_byte (cursor) == 0x21)
    {
      skip (cursor, 1);
      skip_gif_blocks (cursor);
    }

  skip (cursor, 8);
  flags = read_byte (cursor);
  skip_gif_palette (cursor, flags);
  skip (cursor, 1);
  skip_gif_blocks (cursor);
  return !cursor->is_over;
}

static gboolean
is_webp_complete (Cursor *cursor)
{
  guint32 size = 0;

  skip (cursor, 4);
  for (gint i = 0; i < 4; i++)
    size |= read_byte (cursor) << 8 * i;
  return !cursor->is_over && size <= cursor->left;
}

/* A decimal number after white space and comments; 0 at the end. */
static guint
read_decimal (Cursor *cursor)
{
  guint value = 0;

  while (cursor->left && !g_ascii_isdigit (*cursor->at))
    {
      const gboolean is_comment = *cursor->at == '#';
      const guint8 *end =
          is_comment ? memchr (cursor->at, '\n', cursor->left) : cursor->at;

      skip (cursor, end ? (gsize)(end - cursor->at) + 1 : cursor->left);
    }
  if (!cursor->left)
    cursor->is_over = TRUE;
  while (cursor->left && g_ascii_isdigit (*cursor->at))
    {
      value = value * 10 + (read_byte (cursor) - '0');
      value = MIN (value, 1 << 24);
    }
  return value;
}

static gboolean
is_pnm_complete (Cursor *cursor)
{
  const gchar kind = cursor->left > 1 ? (gchar)cursor->at[1] : '6';
  const guint n_channels = kind == '3' || kind == '6' ? 3 : 1;
  guint64 n_samples;
  guint depth;

  skip (cursor, 2);
  n_samples = (guint64)read_decimal (cursor);
  n_samples *= read_decimal (cursor);
  n_samples *= n_channels;
  depth = read_decimal (cursor) > 255 ? 2 : 1;
  if (kind >= '5')
    {
      skip (cursor, 1);
      return !cursor->is_over && n_samples * depth <= cursor->left;
    }
  for (; n_samples && !cursor->is_over; n_samples--)
    read_decimal (cursor);
  return !cursor->is_over;
}

/* One of the four parts of a run-length encoded scanline. */
static void
skip_hdr_runs (Cursor *cursor, guint width)
{
  guint n = 0;

  while (n < width && !cursor->is_over)
    {
      const guint length = read_byte (cursor);
      const gboolean is_run = length > 128;

      skip (cursor, is_run ? 1 : length);
      n += is_run ? length - 128 : length;
      if (length == 0 || n > width)
        cursor->is_over = TRUE;
    }
}

static void
skip_hdr_line (Cursor *cursor, guint width)
{
  const guint8 mark[] = { 2, 2, width >> 8 & 0xff, width & 0xff };

  if (width < 8 || width > 0x7fff
      || !starts_with (cursor, (const gchar *)mark, sizeof mark))
    {
      skip (cursor, (gsize)width * 4);
      return;
    }

  skip (cursor, sizeof mark);
  for (gint i = 0; i < 4; i++)
    skip_hdr_runs (cursor, width);
}

/* The loader does not look where the file ends. */
static gboolean
is_hdr_complete (Cursor *cursor)
{
  guint width, height;

  while (!starts_with (cursor, "\n\n", 2) && !cursor->is_over)
    skip (cursor, 1);
  height = read_decimal (cursor);
  width = read_decimal (cursor);
  skip (cursor, 1);
  for (guint y = 0; y < height && !cursor->is_over; y++)
    skip_hdr_line (cursor, width);
  return !cursor->is_over && width > 0 && height > 0;
}

gboolean
picture_check_is_complete (const gchar *path)
{
  g_autoptr (GMappedFile) file = g_mapped_file_new (path, FALSE, NULL);
  Cursor cursor = { 0 };

  if (!file || !g_mapped_file_get_length (file))
    return FALSE;

  cursor.at = (const guint8 *)g_mapped_file_get_contents (file);
  cursor.left = g_mapped_file_get_length (file);
  if (starts_with (&cursor, "\211PNG", 4))
    return is_png_complete (&cursor);
  if (starts_with (&cursor, "\377\330", 2))
    return is_jpeg_complete (&cursor);
  if (starts_with (&cursor, "GIF8", 4))
    return is_gif_complete (&cursor);
  if (starts_with (&cursor, "RIFF", 4))
    return is_webp_complete (&cursor);
  if (starts_with (&cursor, "#?", 2))
    return is_hdr_complete (&cursor);
  if (starts_with (&cursor, "P2", 2) || starts_with (&cursor, "P3", 2)
      || starts_with (&cursor, "P5", 2) || starts_with (&cursor, "P6", 2))
    return is_pnm_complete (&cursor);
  return TRUE;
}
