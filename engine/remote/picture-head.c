/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* picture-head.c: kind and size of a picture, read off its first bytes. */
#include "config.h"

#include "remote/picture-private.h"

const gchar *
pmt_picture_kind_type (PmtPictureKind kind)
{
  switch (kind)
    {
    case PMT_PICTURE_PNG:
      return "image/png";
    case PMT_PICTURE_JPEG:
      return "image/jpeg";
    case PMT_PICTURE_WEBP:
      return "image/webp";
    case PMT_PICTURE_UNKNOWN:
    default:
      return "application/octet-stream";
    }
}

/* -------------------------------------------------------------------- PNG -- */

/* PNG 3rd edition, table 8. */
static gboolean
has_png_depth (guint type, guint depth)
{
  switch (type)
    {
    case PMT_PNG_GRAY:
      return depth == 1 || depth == 2 || depth == 4 || depth == 8
             || depth == 16;
    case PMT_PNG_PALETTE:
      return depth == 1 || depth == 2 || depth == 4 || depth == 8;
    case PMT_PNG_RGB:
    case PMT_PNG_GRAY_ALPHA:
    case PMT_PNG_RGBA:
      return depth == 8 || depth == 16;
    default:
      return FALSE;
    }
}

gboolean
pmt_png_read_header (PmtCursor *cursor, PmtPngHeader *header)
{
  guint32 width, height, methods, interlace;
  gboolean is_png = pmt_cursor_starts (cursor, "\211PNG\r\n\032\n", 8);

  pmt_cursor_skip (cursor, 8);
  is_png = is_png && pmt_cursor_big (cursor, 4) == 13;
  is_png = is_png && pmt_cursor_starts (cursor, "IHDR", 4);
  pmt_cursor_skip (cursor, 4);
  width = pmt_cursor_big (cursor, 4);
  height = pmt_cursor_big (cursor, 4);
  header->depth = pmt_cursor_big (cursor, 1);
  header->type = pmt_cursor_big (cursor, 1);
  methods = pmt_cursor_big (cursor, 2);
  interlace = pmt_cursor_big (cursor, 1);
  pmt_cursor_skip (cursor, 4);
  if (!is_png || cursor->is_over || methods != 0 || interlace > 1
      || !has_png_depth (header->type, header->depth))
    return FALSE;
  if (width == 0 || height == 0 || width > G_MAXINT32 || height > G_MAXINT32)
    return FALSE;

  header->width = (gint)width;
  header->height = (gint)height;
  header->is_interlaced = interlace == 1;
  return TRUE;
}

/* A transparent color or palette stands before the pixels. */
static gboolean
has_transparent_color (PmtCursor cursor)
{
  while (!cursor.is_over)
    {
      const guint32 length = pmt_cursor_big (&cursor, 4);

      if (pmt_cursor_starts (&cursor, "tRNS", 4))
        return TRUE;
      if (pmt_cursor_starts (&cursor, "IDAT", 4))
        return FALSE;
      pmt_cursor_skip (&cursor, (gsize)length + 8);
    }
  return FALSE;
}

static gboolean
read_png (PmtCursor cursor, PmtPictureHead *head)
{
  PmtPngHeader header;

  if (!pmt_png_read_header (&cursor, &header))
    return FALSE;
  head->kind = PMT_PICTURE_PNG;
  head->width = header.width;
  head->height = header.height;
  head->bits = header.depth == 16 ? 16 : 8;
  head->has_alpha = header.type == PMT_PNG_GRAY_ALPHA
                    || header.type == PMT_PNG_RGBA
                    || has_transparent_color (cursor);
  head->is_gray =
      header.type == PMT_PNG_GRAY || header.type == PMT_PNG_GRAY_ALPHA;
  return TRUE;
}

/* ------------------------------------------------------------------- JPEG -- */

/* The next marker, which stray bytes may precede; 0 at the end. */
static guint
next_marker (PmtCursor *cursor)
{
  guint marker = 0;

  while (!cursor->is_over && marker != 0xff)
    marker = pmt_cursor_big (cursor, 1);
  while (!cursor->is_over && marker == 0xff)
    marker = pmt_cursor_big (cursor, 1);
  return cursor->is_over ? 0 : marker;
}

/* Precision, size and number of components of SOF0, SOF1 or SOF2. */
static gboolean
read_frame (PmtCursor *cursor, PmtPictureHead *head, guint *n_components)
{
  const guint length = pmt_cursor_big (cursor, 2);
  const guint precision = pmt_cursor_big (cursor, 1);

  head->height = (gint)pmt_cursor_big (cursor, 2);
  head->width = (gint)pmt_cursor_big (cursor, 2);
  *n_components = pmt_cursor_big (cursor, 1);
  pmt_cursor_skip (cursor, 3 * (gsize)*n_components);
  return !cursor->is_over && precision == 8 && head->width > 0
         && head->height > 0 && length == 8 + 3 * *n_components
         && (*n_components == 1 || *n_components == 3 || *n_components == 4);
}

static gboolean
read_jpeg (PmtCursor cursor, PmtPictureHead *head, guint *n_components)
{
  if (!pmt_cursor_starts (&cursor, "\377\330\377", 3))
    return FALSE;
  pmt_cursor_skip (&cursor, 2);
  while (!cursor.is_over)
    {
      const guint marker = next_marker (&cursor);
      guint length;

      if (marker >= 0xc0 && marker <= 0xc2)
        {
          head->kind = PMT_PICTURE_JPEG;
          head->bits = 8;
          head->has_alpha = FALSE;
          return read_frame (&cursor, head, n_components);
        }
      /* Other frames, and data before any frame. */
      if ((marker >= 0xc3 && marker <= 0xcf && marker != 0xc4) || marker == 0xda
          || marker == 0xd9)
        return FALSE;
      if (marker == 0 || marker == 1 || (marker >= 0xd0 && marker <= 0xd8))
        continue;
      length = pmt_cursor_big (&cursor, 2);
      pmt_cursor_skip (&cursor, MAX (length, 2) - 2);
    }
  return FALSE;
}

gboolean
pmt_jpeg_is_cmyk (GBytes *bytes)
{
  PmtPictureHead head;
  guint n_components = 0;

  return read_jpeg (pmt_cursor_of (bytes), &head, &n_components)
         && n_components == 4;
}

/* ------------------------------------------------------------------- WebP -- */

/* RFC 6386, 9.1: a key frame with its start code. */
static gboolean
read_vp8 (PmtCursor cursor, PmtPictureHead *head)
{
  const guint32 tag = pmt_cursor_little (&cursor, 3);
  const gboolean has_code = pmt_cursor_starts (&cursor, "\235\001\052", 3);

  pmt_cursor_skip (&cursor, 3);
  head->width = (gint)(pmt_cursor_little (&cursor, 2) & 0x3fff);
  head->height = (gint)(pmt_cursor_little (&cursor, 2) & 0x3fff);
  return !cursor.is_over && has_code && (tag & 1) == 0 && head->width > 0
         && head->height > 0;
}

/* RFC 9649, 3.4. */
static gboolean
read_vp8l (PmtCursor cursor, PmtPictureHead *head)
{
  const guint32 signature = pmt_cursor_big (&cursor, 1);
  const guint32 bits = pmt_cursor_little (&cursor, 4);

  head->width = (gint)(bits & 0x3fff) + 1;
  head->height = (gint)(bits >> 14 & 0x3fff) + 1;
  head->has_alpha = (bits >> 28 & 1) != 0;
  return !cursor.is_over && signature == 0x2f && bits >> 29 == 0;
}

/* RFC 9649, 2.7. */
static gboolean
read_vp8x (PmtCursor cursor, PmtPictureHead *head)
{
  const guint32 flags = pmt_cursor_little (&cursor, 4);

  head->width = (gint)pmt_cursor_little (&cursor, 3) + 1;
  head->height = (gint)pmt_cursor_little (&cursor, 3) + 1;
  head->has_alpha = (flags & 0x10) != 0;
  return !cursor.is_over
         && (gint64)head->width * head->height <= (gint64)G_MAXUINT32;
}

static gboolean
read_webp (PmtCursor cursor, PmtPictureHead *head)
{
  PmtCursor name, data;

  if (!pmt_cursor_starts (&cursor, "RIFF", 4))
    return FALSE;
  pmt_cursor_skip (&cursor, 8);
  if (!pmt_cursor_starts (&cursor, "WEBP", 4))
    return FALSE;
  pmt_cursor_skip (&cursor, 4);
  name = pmt_cursor_take (&cursor, 4);
  /* Of a file that was cut the head can be read nevertheless. */
  data = pmt_cursor_take (&cursor, pmt_cursor_little (&cursor, 4));
  data.is_over = FALSE;
  head->kind = PMT_PICTURE_WEBP;
  head->bits = 8;
  head->is_gray = FALSE;
  head->has_alpha = FALSE;
  if (pmt_cursor_starts (&name, "VP8 ", 4))
    return read_vp8 (data, head);
  if (pmt_cursor_starts (&name, "VP8L", 4))
    return read_vp8l (data, head);
  return pmt_cursor_starts (&name, "VP8X", 4) && read_vp8x (data, head);
}

gboolean
pmt_picture_read_head (GBytes *bytes, PmtPictureHead *head)
{
  const PmtCursor cursor = pmt_cursor_of (bytes);
  PmtPictureHead found = { PMT_PICTURE_UNKNOWN, 0, 0, 0, FALSE, FALSE };
  guint n_components = 0;

  if (read_jpeg (cursor, &found, &n_components))
    found.is_gray = n_components == 1;
  else if (!read_png (cursor, &found) && !read_webp (cursor, &found))
    return FALSE;
  *head = found;
  return TRUE;
}
