/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* picture-webp.c: is a WebP complete? What of it a loader gets. */
#include "config.h"

#include "remote/picture-private.h"

typedef struct
{
  PmtPictureHead head;
  gboolean is_extended;
  PmtCursor profile;
  PmtCursor alpha;
  PmtCursor picture;
  gboolean is_lossless;
} Reading;

/* A chunk: name, size, data, and a byte to make the size even. */
static PmtCursor
take_chunk (PmtCursor *cursor, PmtCursor *name)
{
  PmtCursor data;
  guint32 size;

  *name = pmt_cursor_take (cursor, 4);
  size = pmt_cursor_little (cursor, 4);
  data = pmt_cursor_take (cursor, size);
  /* The last byte is missing in some files. */
  if (size % 2 != 0 && cursor->left > 0)
    pmt_cursor_skip (cursor, 1);
  return data;
}

/* The picture's own size, which may differ from what the file said before. */
static gboolean
is_picture_good (const Reading *reading)
{
  PmtCursor data = reading->picture;
  guint32 tag, bits;

  if (reading->is_lossless)
    {
      pmt_cursor_skip (&data, 1);
      bits = pmt_cursor_little (&data, 4);
      return !data.is_over && (gint)(bits & 0x3fff) + 1 == reading->head.width
             && (gint)(bits >> 14 & 0x3fff) + 1 == reading->head.height;
    }

  tag = pmt_cursor_little (&data, 3);
  if (!pmt_cursor_starts (&data, "\235\001\052", 3))
    return FALSE;
  pmt_cursor_skip (&data, 3);
  bits = pmt_cursor_little (&data, 4);
  /* Key frame, shown, and its first partition (RFC 6386, 9.1). */
  return !data.is_over && (tag & 0x11) == 0x10 && data.left > tag >> 5
         && (gint)(bits & 0x3fff) == reading->head.width
         && (gint)(bits >> 16 & 0x3fff) == reading->head.height;
}

/* Up to the first picture. */
static gboolean
read_chunks (Reading *reading, PmtCursor cursor)
{
  while (cursor.left > 0)
    {
      PmtCursor name;
      const PmtCursor data = take_chunk (&cursor, &name);

      if (cursor.is_over || pmt_cursor_starts (&name, "ANIM", 4)
          || pmt_cursor_starts (&name, "ANMF", 4))
        return FALSE;
      if (pmt_cursor_starts (&name, "ICCP", 4))
        reading->profile = data;
      else if (pmt_cursor_starts (&name, "ALPH", 4))
        reading->alpha = data;
      reading->is_lossless = pmt_cursor_starts (&name, "VP8L", 4);
      if (reading->is_lossless || pmt_cursor_starts (&name, "VP8 ", 4))
        {
          reading->picture = data;
          return is_picture_good (reading);
        }
    }
  return FALSE;
}

static void
append_little (GByteArray *bytes, guint32 number)
{
  const guint32 little = GUINT32_TO_LE (number);

  g_byte_array_append (bytes, (const guint8 *)&little, sizeof little);
}

static void
append_text (GByteArray *bytes, const gchar *text)
{
  g_byte_array_append (bytes, (const guint8 *)text, 4);
}

static void
append_chunk (GByteArray *bytes, const gchar *name, const PmtCursor *data)
{
  append_text (bytes, name);
  append_little (bytes, (guint32)data->left);
  g_byte_array_append (bytes, data->at, (guint)data->left);
  if (data->left % 2 != 0)
    g_byte_array_append (bytes, (const guint8 *)"", 1);
}

/* VP8X, for a picture whose transparency is a chunk of its own. */
static void
append_extended (GByteArray *bytes, const PmtPictureHead *head)
{
  const guint32 width = GUINT32_TO_LE ((guint32)head->width - 1);
  const guint32 height = GUINT32_TO_LE ((guint32)head->height - 1);

  append_text (bytes, "VP8X");
  append_little (bytes, 10);
  append_little (bytes, 0x10);
  g_byte_array_append (bytes, (const guint8 *)&width, 3);
  g_byte_array_append (bytes, (const guint8 *)&height, 3);
}

static GBytes *
write_clean (const Reading *reading, guint32 n_padding)
{
  g_autoptr (GByteArray) clean = g_byte_array_new ();
  PmtCursor picture = reading->picture;
  guint32 riff_size;

  append_text (clean, "RIFF");
  append_little (clean, 0);
  append_text (clean, "WEBP");
  if (reading->alpha.left > 0 && !reading->is_lossless)
    {
      append_extended (clean, &reading->head);
      append_chunk (clean, "ALPH", &reading->alpha);
    }
  append_text (clean, reading->is_lossless ? "VP8L" : "VP8 ");
  if ((picture.left + n_padding) % 2 != 0)
    n_padding--;
  append_little (clean, (guint32)picture.left + n_padding);
  g_byte_array_append (clean, picture.at, (guint)picture.left);
  riff_size = GUINT32_TO_LE (clean->len + n_padding - 8);
  memcpy (clean->data + 4, &riff_size, sizeof riff_size);
  return g_byte_array_free_to_bytes (g_steal_pointer (&clean));
}

GBytes *
pmt_webp_clean (GBytes *bytes, guint32 n_padding, GBytes **profile)
{
  PmtCursor cursor = pmt_cursor_of (bytes);
  Reading reading = { 0 };
  PmtCursor inside;
  guint32 size;

  if (cursor.left > G_MAXINT32 || !pmt_picture_read_head (bytes, &reading.head)
      || reading.head.kind != PMT_PICTURE_WEBP)
    return NULL;
  pmt_cursor_skip (&cursor, 4);
  size = pmt_cursor_little (&cursor, 4);
  inside = pmt_cursor_take (&cursor, size);
  pmt_cursor_skip (&inside, 4);
  if (cursor.is_over || inside.is_over || !read_chunks (&reading, inside))
    return NULL;
  if (reading.profile.left > 0 && reading.profile.left <= PMT_PROFILE_MAX_BYTES)
    *profile = g_bytes_new (reading.profile.at, reading.profile.left);
  return write_clean (&reading, n_padding);
}
