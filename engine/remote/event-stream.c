/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* event-stream.c: server-sent events, as they arrive. */
#include "config.h"

#include "remote/event-stream.h"

#include <string.h>

struct _PmtEventStream
{
  PmtEventFunc func;
  gpointer user_data;
  GString *line;
  GString *data;
};

PmtEventStream *
pmt_event_stream_new (PmtEventFunc func, gpointer user_data)
{
  PmtEventStream *stream = g_new0 (PmtEventStream, 1);

  stream->func = func;
  stream->user_data = user_data;
  stream->line = g_string_new (NULL);
  stream->data = g_string_new (NULL);
  return stream;
}

void
pmt_event_stream_free (PmtEventStream *stream)
{
  if (stream == NULL)
    return;
  g_string_free (stream->line, TRUE);
  g_string_free (stream->data, TRUE);
  g_free (stream);
}

static void
dispatch (PmtEventStream *stream)
{
  if (stream->data->len > 0)
    stream->func (stream->data->str, stream->user_data);
  g_string_truncate (stream->data, 0);
}

static void
take_line (PmtEventStream *stream)
{
  GString *line = stream->line;

  if (line->len > 0 && line->str[line->len - 1] == '\r')
    g_string_truncate (line, line->len - 1);
  if (line->len == 0)
    dispatch (stream);
  else if (g_str_has_prefix (line->str, "data:"))
    {
      const gchar *value = line->str + strlen ("data:");

      if (stream->data->len > 0)
        g_string_append_c (stream->data, '\n');
      g_string_append (stream->data, *value == ' ' ? value + 1 : value);
    }
  g_string_truncate (line, 0);
}

void
pmt_event_stream_feed (PmtEventStream *stream, const gchar *bytes, gsize length)
{
  while (length > 0)
    {
      const gchar *end = memchr (bytes, '\n', length);
      const gsize count = end != NULL ? (gsize)(end - bytes) : length;

      g_string_append_len (stream->line, bytes, (gssize)count);
      if (end == NULL)
        return;
      take_line (stream);
      bytes += count + 1;
      length -= count + 1;
    }
}

void
pmt_event_stream_end (PmtEventStream *stream)
{
  if (stream->line->len > 0)
    take_line (stream);
  dispatch (stream);
}
