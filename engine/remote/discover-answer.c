/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* discover-answer.c: is an answer over HTTP one with JSON? */
#include "config.h"

#include "core/json.h"
#include "remote/cursor.h"
#include "remote/discover.h"

/* The head of @cursor, which then stands at the body; lower case. */
static gchar *
take_head (PmtCursor *cursor)
{
  const gchar *start = (const gchar *)cursor->at;
  const gchar *end = NULL;
  gchar *head;

  if (cursor->left > 0)
    end = g_strstr_len (start, (gssize)MIN (cursor->left, 16384), "\r\n\r\n");
  if (!end)
    return NULL;
  head = g_ascii_strdown (start, end + 2 - start);
  pmt_cursor_skip (cursor, (gsize)(end + 4 - start));
  return head;
}

/* Bodies in chunks: a size in hexadecimal, a line end, as many bytes. */
static GBytes *
join_chunks (PmtCursor body, gboolean *is_complete)
{
  g_autoptr (GByteArray) joined = g_byte_array_new ();

  *is_complete = FALSE;
  while (body.left > 0)
    {
      const guint8 *end = memchr (body.at, '\n', MIN (body.left, 64));
      g_autofree gchar *line = NULL;
      PmtCursor chunk;
      guint64 size;

      if (!end || !g_ascii_isxdigit (body.at[0]))
        break;
      line = g_strndup ((const gchar *)body.at, (gsize)(end - body.at));
      size = g_ascii_strtoull (line, NULL, 16);
      pmt_cursor_skip (&body, (gsize)(end - body.at) + 1);
      if (size == 0)
        {
          *is_complete = TRUE;
          break;
        }
      chunk = pmt_cursor_take (&body, (gsize)MIN (size, G_MAXINT));
      g_byte_array_append (joined, chunk.at, (guint)chunk.left);
      pmt_cursor_skip (&body, 2);
    }
  return g_byte_array_free_to_bytes (g_steal_pointer (&joined));
}

static gboolean
is_json (PmtCursor body, gboolean is_complete)
{
  while (body.left > 0 && g_ascii_isspace (body.at[0]))
    pmt_cursor_skip (&body, 1);
  if (body.left == 0 || (body.at[0] != '{' && body.at[0] != '['))
    return FALSE;
  if (is_complete)
    {
      g_autoptr (cJSON) json = pmt_json_parse (
          "JSON", (const gchar *)body.at, body.left, PMT_ERROR_SERVER, NULL);

      return json != NULL;
    }
  return TRUE;
}

gboolean
pmt_discover_is_json_answer (const gchar *answer,
                             gsize length,
                             gboolean is_complete)
{
  PmtCursor body = { (const guint8 *)answer, length, FALSE };
  g_autofree gchar *head = take_head (&body);
  g_autoptr (GBytes) joined = NULL;

  if (!head
      || !(g_str_has_prefix (head, "http/1.1 200")
           || g_str_has_prefix (head, "http/1.0 200")))
    return FALSE;
  if (strstr (head, "\r\ntransfer-encoding: chunked"))
    {
      gboolean is_whole;

      joined = join_chunks (body, &is_whole);
      /* Chunks that were not cut by us must have an end. */
      if (is_complete && !is_whole)
        return FALSE;
      body = pmt_cursor_of (joined);
    }
  return is_json (body, is_complete);
}
