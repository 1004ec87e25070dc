/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* picture-jpeg.c: is a JPEG complete? What of it a loader gets. */
#include "config.h"

#include "remote/jpeg-private.h"

/* What a loader finds when it reads on nevertheless: ends of a picture, in
 * more bytes than a segment can have. */
#define MANY_ENDS 65536

/* Reading: a file on its way, and the parts of its profile. */
typedef struct
{
  PmtJpeg jpeg;
  guint n_ends;
  GBytes *profile_parts[256];
  guint n_profile_parts;
  gboolean is_profile_bad;
} Reading;

/* How colors are to be read; what else applications say is left out. */
static gboolean
is_about_colors (guint marker, const PmtCursor *data)
{
  if (marker == 0xe0)
    return data->left >= 14 && memcmp (data->at, "JFIF\0\1", 6) == 0;
  return marker == 0xee && data->left >= 12
         && memcmp (data->at, "Adobe", 5) == 0 && data->at[11] <= 1;
}

/* Name, number from 1 on, count, part of a profile. */
static void
take_profile (Reading *reading, PmtCursor data)
{
  guint number, count;

  if (!pmt_cursor_starts (&data, "ICC_PROFILE\0", 12))
    return;
  pmt_cursor_skip (&data, 12);
  number = pmt_cursor_big (&data, 1);
  count = pmt_cursor_big (&data, 1);
  if (data.is_over || number < 1 || number > count
      || (reading->n_profile_parts && reading->n_profile_parts != count)
      || reading->profile_parts[number])
    {
      reading->is_profile_bad = TRUE;
      return;
    }
  reading->n_profile_parts = count;
  reading->profile_parts[number] = g_bytes_new (data.at, data.left);
}

static GBytes *
join_profile (const Reading *reading)
{
  g_autoptr (GByteArray) joined = g_byte_array_new ();

  if (reading->is_profile_bad || reading->n_profile_parts == 0)
    return NULL;
  for (guint i = 1; i <= reading->n_profile_parts; i++)
    {
      PmtCursor part;

      if (!reading->profile_parts[i])
        return NULL;
      part = pmt_cursor_of (reading->profile_parts[i]);
      g_byte_array_append (joined, part.at, (guint)part.left);
    }
  return joined->len <= PMT_PROFILE_MAX_BYTES
             ? g_byte_array_free_to_bytes (g_steal_pointer (&joined))
             : NULL;
}

/* @is_kept: (out): the loader needs it. */
static gboolean
check_segment (Reading *reading,
               guint marker,
               PmtCursor data,
               gboolean *is_kept)
{
  *is_kept = TRUE;
  if (marker >= 0xc0 && marker <= 0xc2)
    return pmt_jpeg_take_frame (&reading->jpeg, marker, data);
  if (marker == 0xc4)
    return pmt_jpeg_take_huffman (&reading->jpeg, data);
  if (marker == 0xdb)
    return pmt_jpeg_take_quant (&reading->jpeg, data);
  if (marker == 0xdd)
    {
      reading->jpeg.interval = pmt_cursor_big (&data, 2);
      return !data.is_over && data.left == 0;
    }
  if (marker == 0xda)
    return TRUE;
  *is_kept = is_about_colors (marker, &data);
  if (marker == 0xe2)
    take_profile (reading, data);
  return (marker >= 0xe0 && marker <= 0xef) || marker == 0xfe;
}

static GBytes *
finish (Reading *reading)
{
  static const guint8 end[2] = { 0xff, 0xd9 };

  for (guint i = 0; i < reading->jpeg.n_components; i++)
    if (!reading->jpeg.components[i].has_scan)
      return NULL;
  if (reading->jpeg.n_scans == 0)
    return NULL;
  for (guint i = 0; i < reading->n_ends; i++)
    g_byte_array_append (reading->jpeg.clean, end, sizeof end);
  return g_byte_array_free_to_bytes (g_steal_pointer (&reading->jpeg.clean));
}

static GBytes *
read_segments (Reading *reading, PmtCursor cursor)
{
  while (cursor.left >= 2)
    {
      const guint8 *start;
      guint marker, length;
      gboolean is_kept;
      PmtCursor data;

      /* Stray bytes between segments are common, and skipped by readers. */
      if (cursor.at[0] != 0xff || cursor.at[1] == 0xff || cursor.at[1] == 0)
        {
          pmt_cursor_skip (&cursor, 1);
          continue;
        }
      start = cursor.at;
      pmt_cursor_skip (&cursor, 1);
      marker = pmt_cursor_big (&cursor, 1);
      if (marker == 0xd9)
        return finish (reading);
      length = pmt_cursor_big (&cursor, 2);
      if (length < 2)
        return NULL;
      data = pmt_cursor_take (&cursor, length - 2);
      if (cursor.is_over || !check_segment (reading, marker, data, &is_kept))
        return NULL;
      if (is_kept)
        g_byte_array_append (reading->jpeg.clean, start, length + 2);
      if (marker == 0xda && !pmt_jpeg_take_scan (&reading->jpeg, data, &cursor))
        return NULL;
    }
  return NULL;
}

GBytes *
pmt_jpeg_clean (GBytes *bytes, gboolean is_padded, GBytes **profile)
{
  PmtCursor cursor = pmt_cursor_of (bytes);
  g_autoptr (GBytes) clean = NULL;
  Reading reading = { .n_ends = is_padded ? MANY_ENDS : 1,
                      .jpeg.is_checked = is_padded };

  if (cursor.left > G_MAXINT32
      || !pmt_cursor_starts (&cursor, "\377\330\377", 3))
    return NULL;
  reading.jpeg.clean = g_byte_array_new ();
  g_byte_array_append (reading.jpeg.clean, cursor.at, 2);
  pmt_cursor_skip (&cursor, 2);
  clean = read_segments (&reading, cursor);
  if (clean)
    *profile = join_profile (&reading);
  for (guint i = 0; i < G_N_ELEMENTS (reading.profile_parts); i++)
    g_clear_pointer (&reading.profile_parts[i], g_bytes_unref);
  for (guint i = 0; i < G_N_ELEMENTS (reading.jpeg.components); i++)
    g_free (reading.jpeg.components[i].nonzero);
  g_clear_pointer (&reading.jpeg.clean, g_byte_array_unref);
  return g_steal_pointer (&clean);
}
