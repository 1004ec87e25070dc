/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* remote-server.c: a small HTTP server on loopback that does as it is told. */
#include "config.h"

#include "remote-server.h"

#include <string.h>

#define MAX_THREADS 32
#define DRIP_US (G_USEC_PER_SEC / 50)

typedef struct
{
  gchar *path;
  GBytes *bytes;
  RemoteEnd end;
  gboolean is_used;
} Reply;

struct _RemoteServer
{
  GSocketService *service;
  guint16 port;
  GMainContext *context;
  GThread *thread;
  GMutex mutex;
  GPtrArray *replies;
  GPtrArray *requests;
  GPtrArray *connections;
  GBytes *frames;
  RemoteEnd frames_end;
  gchar *pong;
  guint n_connections;
  gint n_running;
  gint is_stopping;
  gint is_blocked;
};

static void
reply_free (gpointer data)
{
  Reply *reply = data;

  g_free (reply->path);
  g_bytes_unref (reply->bytes);
  g_free (reply);
}

static void
request_free (gpointer data)
{
  RemoteRequest *request = data;

  g_free (request->method);
  g_free (request->target);
  g_strfreev (request->headers);
  g_bytes_unref (request->body);
  g_free (request);
}

const gchar *
remote_request_header (const RemoteRequest *request, const gchar *name)
{
  gsize length = strlen (name);

  for (gchar **header = request->headers; *header != NULL; header++)
    if (g_ascii_strncasecmp (*header, name, length) == 0
        && (*header)[length] == ':')
      return *header + length + 1 + strspn (*header + length + 1, " ");
  return NULL;
}

static gboolean
is_stopping (RemoteServer *server)
{
  return g_atomic_int_get (&server->is_stopping) != 0;
}

static void
stall (RemoteServer *server)
{
  while (!is_stopping (server))
    g_usleep (G_USEC_PER_SEC / 100);
}

static GBytes *
read_chunked (GDataInputStream *input)
{
  GByteArray *body = g_byte_array_new ();
  gsize size = 1;

  while (size > 0)
    {
      g_autofree gchar *line =
          g_data_input_stream_read_line (input, NULL, NULL, NULL);
      g_autofree guint8 *bytes = NULL;
      g_autofree gchar *rest = NULL;

      size = line != NULL ? g_ascii_strtoull (line, NULL, 16) : 0;
      bytes = g_malloc0 (size + 1);
      g_input_stream_read_all (G_INPUT_STREAM (input), bytes, size, NULL, NULL,
                               NULL);
      g_byte_array_append (body, bytes, size);
      rest = g_data_input_stream_read_line (input, NULL, NULL, NULL);
    }
  return g_byte_array_free_to_bytes (body);
}

static GBytes *
read_body (RemoteServer *server,
           GDataInputStream *input,
           const RemoteRequest *request)
{
  const gchar *length = remote_request_header (request, "Content-Length");
  gsize size = length != NULL ? g_ascii_strtoull (length, NULL, 10) : 0;
  g_autofree guint8 *bytes = g_malloc0 (size + 1);
  gsize count = 0;

  if (g_atomic_int_get (&server->is_blocked))
    stall (server);
  else if (remote_request_header (request, "Transfer-Encoding") != NULL)
    return read_chunked (input);
  else
    g_input_stream_read_all (G_INPUT_STREAM (input), bytes, size, &count, NULL,
                             NULL);
  return g_bytes_new_take (g_steal_pointer (&bytes), count);
}

/* NULL at the end of the connection. */
static RemoteRequest *
read_request (RemoteServer *server, GDataInputStream *input, guint connection)
{
  g_autoptr (GPtrArray) headers = g_ptr_array_new ();
  g_autofree gchar *line =
      g_data_input_stream_read_line (input, NULL, NULL, NULL);
  g_auto (GStrv) words = line != NULL ? g_strsplit (line, " ", 3) : NULL;
  RemoteRequest *request;
  gchar *header;

  if (words == NULL || g_strv_length (words) < 3)
    return NULL;
  while ((header = g_data_input_stream_read_line (input, NULL, NULL, NULL))
             != NULL
         && *header != '\0')
    g_ptr_array_add (headers, header);
  g_free (header);
  g_ptr_array_add (headers, NULL);
  request = g_new0 (RemoteRequest, 1);
  request->method = g_strdup (words[0]);
  request->target = g_strdup (words[1]);
  request->connection = connection;
  request->headers =
      (gchar **)g_ptr_array_free (g_steal_pointer (&headers), FALSE);
  request->body = read_body (server, input, request);
  return request;
}

/* The first one that was not used, else the last one. */
static Reply *
find_reply (RemoteServer *server, const gchar *target)
{
  g_autofree gchar *path = g_strndup (target, strcspn (target, "?"));
  Reply *last = NULL;

  for (guint i = 0; i < server->replies->len; i++)
    {
      Reply *reply = server->replies->pdata[i];

      if (!g_str_equal (reply->path, path))
        continue;
      last = reply;
      if (!reply->is_used)
        break;
    }
  if (last != NULL)
    last->is_used = TRUE;
  return last;
}

static gboolean
send_bytes (RemoteServer *server,
            GOutputStream *output,
            GBytes *bytes,
            RemoteEnd end)
{
  gsize length;
  const gchar *data = g_bytes_get_data (bytes, &length);
  gsize step = end == REMOTE_DRIP ? 1 : length;

  for (gsize i = 0; i < length && !is_stopping (server); i += step)
    {
      if (!g_output_stream_write_all (output, data + i, step, NULL, NULL, NULL))
        return FALSE;
      if (end == REMOTE_DRIP)
        g_usleep (DRIP_US);
    }
  if (end == REMOTE_STALL)
    stall (server);
  return end == REMOTE_KEEP;
}

/* The last frame of the client that is a pong: masked, and short. */
static void
read_pongs (RemoteServer *server, GInputStream *input)
{
  guint8 head[6];
  guint8 data[126] = { 0 };
  gsize count;

  while (g_input_stream_read_all (input, head, 2, &count, NULL, NULL)
         && count == 2 && (head[1] & 0x7f) < 126)
    {
      gsize length = head[1] & 0x7f;

      g_input_stream_read_all (input, head + 2, 4, NULL, NULL, NULL);
      g_input_stream_read_all (input, data, length, NULL, NULL, NULL);
      for (gsize i = 0; i < length; i++)
        data[i] ^= head[2 + i % 4];
      if ((head[0] & 0x0f) != 0x0a)
        continue;
      g_mutex_lock (&server->mutex);
      g_free (server->pong);
      server->pong = g_strndup ((gchar *)data, length);
      g_mutex_unlock (&server->mutex);
    }
}

static void
serve_websocket (RemoteServer *server,
                 const RemoteRequest *request,
                 GIOStream *stream)
{
  GOutputStream *output = g_io_stream_get_output_stream (stream);
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA1);
  g_autofree gchar *accept = NULL;
  g_autofree gchar *head = NULL;
  guint8 digest[20];
  gsize length = sizeof digest;
  const gchar *key = remote_request_header (request, "Sec-WebSocket-Key");

  g_checksum_update (checksum, (const guchar *)key, strlen (key));
  /* RFC 6455, 1.3. */
  g_checksum_update (
      checksum, (const guchar *)"258EAFA5-E914-47DA-95CA-C5AB0DC85B11", 36);
  g_checksum_get_digest (checksum, digest, &length);
  accept = g_base64_encode (digest, length);
  head = g_strdup_printf ("HTTP/1.1 101 Switching Protocols\r\n"
                          "Upgrade: websocket\r\nConnection: Upgrade\r\n"
                          "Sec-WebSocket-Accept: %s\r\n\r\n",
                          accept);
  g_output_stream_write_all (output, head, strlen (head), NULL, NULL, NULL);
  if (send_bytes (server, output, server->frames,
                  server->frames_end == REMOTE_STALL ? REMOTE_KEEP
                                                     : server->frames_end))
    read_pongs (server, g_io_stream_get_input_stream (stream));
  if (server->frames_end == REMOTE_STALL)
    stall (server);
}

static gboolean
serve (RemoteServer *server, RemoteRequest *request, GIOStream *stream)
{
  Reply *reply;

  g_mutex_lock (&server->mutex);
  g_ptr_array_add (server->requests, request);
  reply = find_reply (server, request->target);
  g_mutex_unlock (&server->mutex);
  if (server->frames != NULL
      && remote_request_header (request, "Sec-WebSocket-Key") != NULL)
    {
      serve_websocket (server, request, stream);
      return FALSE;
    }
  return reply != NULL
         && send_bytes (server, g_io_stream_get_output_stream (stream),
                        reply->bytes, reply->end);
}

static gboolean
on_run (GThreadedSocketService *service,
        GSocketConnection *connection,
        GObject *source,
        gpointer user_data)
{
  RemoteServer *server = user_data;
  g_autoptr (GDataInputStream) input = g_data_input_stream_new (
      g_io_stream_get_input_stream (G_IO_STREAM (connection)));
  RemoteRequest *request;
  guint number;

  g_data_input_stream_set_newline_type (input,
                                        G_DATA_STREAM_NEWLINE_TYPE_CR_LF);
  g_filter_input_stream_set_close_base_stream (G_FILTER_INPUT_STREAM (input),
                                               FALSE);
  g_socket_set_timeout (g_socket_connection_get_socket (connection), 20);
  g_atomic_int_inc (&server->n_running);
  g_mutex_lock (&server->mutex);
  number = ++server->n_connections;
  g_ptr_array_add (server->connections, g_object_ref (connection));
  g_mutex_unlock (&server->mutex);
  while ((request = read_request (server, input, number)) != NULL)
    if (!serve (server, request, G_IO_STREAM (connection)))
      break;
  g_io_stream_close (G_IO_STREAM (connection), NULL, NULL);
  g_atomic_int_add (&server->n_running, -1);
  return TRUE;
}

static gpointer
accept_connections (gpointer data)
{
  RemoteServer *server = data;
  g_autoptr (GSocketAddress) any =
      g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr (GSocketAddress) used = NULL;

  g_main_context_push_thread_default (server->context);
  server->service = g_threaded_socket_service_new (MAX_THREADS);
  g_socket_listener_add_address (G_SOCKET_LISTENER (server->service), any,
                                 G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP,
                                 NULL, &used, NULL);
  server->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (used));
  g_signal_connect (server->service, "run", G_CALLBACK (on_run), server);
  g_socket_service_start (server->service);
  g_atomic_int_set (&server->n_running, 0);
  while (!is_stopping (server))
    g_main_context_iteration (server->context, TRUE);
  g_socket_service_stop (server->service);
  g_socket_listener_close (G_SOCKET_LISTENER (server->service));
  g_main_context_pop_thread_default (server->context);
  return NULL;
}

RemoteServer *
remote_server_new (void)
{
  RemoteServer *server = g_new0 (RemoteServer, 1);

  g_mutex_init (&server->mutex);
  server->replies = g_ptr_array_new_with_free_func (reply_free);
  server->requests = g_ptr_array_new_with_free_func (request_free);
  server->connections = g_ptr_array_new_with_free_func (g_object_unref);
  server->context = g_main_context_new ();
  server->n_running = -1;
  server->thread = g_thread_new ("server", accept_connections, server);
  while (g_atomic_int_get (&server->n_running) < 0)
    g_usleep (1000);
  g_assert_cmpuint (server->port, !=, 0);
  return server;
}

void
remote_server_free (RemoteServer *server)
{
  g_atomic_int_set (&server->is_stopping, 1);
  g_main_context_wakeup (server->context);
  g_thread_join (server->thread);
  for (guint i = 0; i < server->connections->len; i++)
    g_socket_shutdown (
        g_socket_connection_get_socket (server->connections->pdata[i]), TRUE,
        TRUE, NULL);
  while (g_atomic_int_get (&server->n_running) > 0)
    g_usleep (1000);
  g_object_unref (server->service);
  g_main_context_unref (server->context);
  g_ptr_array_unref (server->replies);
  g_ptr_array_unref (server->requests);
  g_ptr_array_unref (server->connections);
  g_clear_pointer (&server->frames, g_bytes_unref);
  g_free (server->pong);
  g_mutex_clear (&server->mutex);
  g_free (server);
}

gchar *
remote_server_url (RemoteServer *server, const gchar *path)
{
  return g_strdup_printf ("http://127.0.0.1:%u%s", server->port, path);
}

void
remote_server_reply (RemoteServer *server,
                     const gchar *path,
                     GBytes *bytes,
                     RemoteEnd end)
{
  Reply *reply = g_new0 (Reply, 1);

  reply->path = g_strdup (path);
  reply->bytes = g_bytes_ref (bytes);
  reply->end = end;
  g_mutex_lock (&server->mutex);
  g_ptr_array_add (server->replies, reply);
  g_mutex_unlock (&server->mutex);
}

void
remote_server_reply_text (RemoteServer *server,
                          const gchar *path,
                          const gchar *status,
                          const gchar *extra,
                          const gchar *body)
{
  gchar *text = g_strdup_printf ("HTTP/1.1 %s\r\nContent-Length: %u\r\n%s\r\n"
                                 "%s",
                                 status, (guint)strlen (body), extra, body);
  g_autoptr (GBytes) bytes = g_bytes_new_take (text, strlen (text));

  remote_server_reply (server, path, bytes, REMOTE_KEEP);
}

void
remote_server_frames (RemoteServer *server, GBytes *frames, RemoteEnd end)
{
  server->frames = g_bytes_ref (frames);
  server->frames_end = end;
}

void
remote_server_block (RemoteServer *server)
{
  g_atomic_int_set (&server->is_blocked, 1);
}

guint
remote_server_count (RemoteServer *server)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&server->mutex);

  return server->requests->len;
}

const RemoteRequest *
remote_server_get (RemoteServer *server, guint i)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&server->mutex);

  g_assert_cmpuint (i, <, server->requests->len);
  return server->requests->pdata[i];
}

gchar *
remote_server_pong (RemoteServer *server)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&server->mutex);

  return g_strdup (server->pong);
}
