/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* cursor.h: bytes that may be anything, read with every access checked. */
#pragma once

#include <glib.h>
#include <string.h>

G_BEGIN_DECLS

/** PmtCursor: the rest of a file; reading past its end is remembered. */
typedef struct
{
  const guint8 *at;
  gsize left;
  gboolean is_over;
} PmtCursor;

/** pmt_cursor_of: over all of @bytes, which is not owned. */
static inline PmtCursor
pmt_cursor_of (GBytes *bytes)
{
  PmtCursor cursor = { 0 };

  cursor.at = g_bytes_get_data (bytes, &cursor.left);
  return cursor;
}

/** pmt_cursor_take: the next @n bytes; fewer, and over, at the end. */
static inline PmtCursor
pmt_cursor_take (PmtCursor *cursor, gsize n)
{
  PmtCursor part = { cursor->at, MIN (n, cursor->left), FALSE };

  if (n > cursor->left)
    part.is_over = cursor->is_over = TRUE;
  if (part.left > 0)
    cursor->at += part.left;
  cursor->left -= part.left;
  return part;
}

static inline void
pmt_cursor_skip (PmtCursor *cursor, gsize n)
{
  pmt_cursor_take (cursor, n);
}

/** pmt_cursor_big: @n bytes, at most 4, most significant first. */
static inline guint32
pmt_cursor_big (PmtCursor *cursor, guint n)
{
  const PmtCursor part = pmt_cursor_take (cursor, n);
  guint32 value = 0;

  for (gsize i = 0; i < part.left; i++)
    value = value << 8 | part.at[i];
  return part.is_over ? 0 : value;
}

/** pmt_cursor_little: @n bytes, at most 4, least significant first. */
static inline guint32
pmt_cursor_little (PmtCursor *cursor, guint n)
{
  const PmtCursor part = pmt_cursor_take (cursor, n);
  guint32 value = 0;

  for (gsize i = 0; i < part.left; i++)
    value |= (guint32)part.at[i] << 8 * i;
  return part.is_over ? 0 : value;
}

/** pmt_cursor_starts: whether the next @n bytes are those of @magic. */
static inline gboolean
pmt_cursor_starts (const PmtCursor *cursor, const gchar *magic, gsize n)
{
  return cursor->left >= n && memcmp (cursor->at, magic, n) == 0;
}

G_END_DECLS
