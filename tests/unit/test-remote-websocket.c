/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* test-remote-websocket.c: messages of a small WebSocket server. */
#include "config.h"

#include <string.h>

#include "remote-server.h"
#include "remote/websocket.h"

typedef struct
{
  RemoteServer *server;
  PmtHttp *http;
  PmtWebsocket *websocket;
  GCancellable *cancellable;
  PmtFault fault;
  GError *error;
} Fixture;

/* A frame of a server: not masked (RFC 6455, 5.2). */
static void
add_frame (GByteArray *frames, guint8 head, const gchar *data, gsize length)
{
  guint8 start[10] = { head };
  gsize count = 2;

  start[1] = length < 126 ? length : length < 65536 ? 126 : 127;
  if (length >= 126)
    {
      gsize bytes = length < 65536 ? 2 : 8;

      for (gsize i = 0; i < bytes; i++)
        start[2 + i] = (guint8)((guint64)length >> (8 * (bytes - 1 - i)));
      count += bytes;
    }
  g_byte_array_append (frames, start, count);
  g_byte_array_append (frames, (const guint8 *)data, length);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  PmtHttpOptions options = PMT_HTTP_OPTIONS_INIT;

  fixture->server = remote_server_new ();
  fixture->http = pmt_http_new (&options);
  fixture->cancellable = g_cancellable_new ();
  fixture->fault = (PmtFault)PMT_FAULT_INIT;
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  pmt_websocket_free (fixture->websocket);
  pmt_http_unref (fixture->http);
  remote_server_free (fixture->server);
  g_object_unref (fixture->cancellable);
  pmt_fault_clear (&fixture->fault);
  g_clear_error (&fixture->error);
}

/* FALSE where libcurl has no WebSockets. */
static gboolean
open_to (Fixture *fixture, const gchar *path)
{
  static const gchar *const headers[] = { "Authorization: Key geheim", NULL };
  g_autofree gchar *http = remote_server_url (fixture->server, path);
  g_autofree gchar *url = g_strconcat ("ws", http + strlen ("http"), NULL);

  fixture->websocket = pmt_websocket_open (fixture->http, url, headers,
                                           "ComfyUI", fixture->cancellable,
                                           &fixture->fault, &fixture->error);
  if (!g_error_matches (fixture->error, PMT_ERROR, PMT_ERROR_UNSUPPORTED))
    return TRUE;
  g_test_skip ("libcurl has no WebSockets");
  return FALSE;
}

static gboolean
open_with (Fixture *fixture, GByteArray *frames, RemoteEnd end)
{
  g_autoptr (GBytes) bytes = g_byte_array_free_to_bytes (frames);

  remote_server_frames (fixture->server, bytes, end);
  if (!open_to (fixture, "/ws?id=1"))
    return FALSE;
  g_assert_no_error (fixture->error);
  g_assert_nonnull (fixture->websocket);
  return TRUE;
}

static GBytes *
read_next (Fixture *fixture, gdouble wait_s, gboolean *is_binary)
{
  return pmt_websocket_read (fixture->websocket, wait_s, is_binary,
                             fixture->cancellable, &fixture->fault,
                             &fixture->error);
}

static void
expect (Fixture *fixture, const gchar *data, gsize length, gboolean is_binary)
{
  gboolean was_binary = FALSE;
  g_autoptr (GBytes) bytes = read_next (fixture, 5.0, &was_binary);

  g_assert_no_error (fixture->error);
  g_assert_nonnull (bytes);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes),
                   data, length);
  g_assert_cmpint (was_binary, ==, is_binary);
}

static void
test_messages (Fixture *fixture, gconstpointer data)
{
  GByteArray *frames = g_byte_array_new ();
  g_autofree gchar *big = g_malloc (300000);
  gboolean is_binary;
  const RemoteRequest *request;

  for (guint i = 0; i < 300000; i++)
    big[i] = (gchar)(i * 7 + i / 251);
  add_frame (frames, 0x81, "{\"a\": 1}", 8);
  add_frame (frames, 0x82, "a\0b", 3);
  add_frame (frames, 0x82, big, 300000);
  add_frame (frames, 0x82, big, 1000);
  add_frame (frames, 0x01, "one ", 4);
  add_frame (frames, 0x89, "are you there", 13);
  add_frame (frames, 0x00, "two ", 4);
  add_frame (frames, 0x80, "three", 5);
  add_frame (frames, 0x81, "end", 3);
  if (!open_with (fixture, frames, REMOTE_KEEP))
    return;
  expect (fixture, "{\"a\": 1}", 8, FALSE);
  expect (fixture, "a\0b", 3, TRUE);
  expect (fixture, big, 300000, TRUE);
  expect (fixture, big, 1000, TRUE);
  expect (fixture, "one two three", 13, FALSE);
  expect (fixture, "end", 3, FALSE);
  g_assert_null (read_next (fixture, 0.2, &is_binary));
  g_assert_no_error (fixture->error);
  for (guint i = 0; i < 100; i++)
    {
      g_autofree gchar *pong = remote_server_pong (fixture->server);

      if (g_strcmp0 (pong, "are you there") == 0)
        break;
      g_assert_cmpuint (i, <, 99);
      g_usleep (G_USEC_PER_SEC / 50);
    }
  request = remote_server_get (fixture->server, 0);
  g_assert_cmpstr (request->target, ==, "/ws?id=1");
  g_assert_cmpstr (remote_request_header (request, "Authorization"), ==,
                   "Key geheim");
  g_assert_null (remote_request_header (request, "Origin"));
}

static void
test_close (Fixture *fixture, gconstpointer data)
{
  GByteArray *frames = g_byte_array_new ();
  gboolean is_binary;

  add_frame (frames, 0x81, "last", 4);
  add_frame (frames, 0x88, "\x03\xe8", 2);
  if (!open_with (fixture, frames, REMOTE_KEEP))
    return;
  expect (fixture, "last", 4, FALSE);
  for (guint i = 0; i < 2; i++)
    {
      g_assert_null (read_next (fixture, 5.0, &is_binary));
      g_assert_error (fixture->error, PMT_ERROR, PMT_ERROR_NETWORK);
      g_assert_cmpint (fixture->fault.kind, ==, PMT_FAULT_NETWORK);
      g_clear_error (&fixture->error);
    }
}

/* In the middle of a message. */
static void
test_broken (Fixture *fixture, gconstpointer data)
{
  GByteArray *frames = g_byte_array_new ();
  gboolean is_binary;

  add_frame (frames, 0x81, "some text", 9);
  g_byte_array_set_size (frames, frames->len - 3);
  if (!open_with (fixture, frames, REMOTE_CLOSE))
    return;
  g_assert_null (read_next (fixture, 5.0, &is_binary));
  g_assert_error (fixture->error, PMT_ERROR, PMT_ERROR_NETWORK);
}

static void
test_too_large (Fixture *fixture, gconstpointer data)
{
  static const guint8 head[] = { 0x82, 127, 0, 0, 0, 1, 0, 0, 0, 0, 'a' };
  GByteArray *frames = g_byte_array_new ();
  gboolean is_binary;

  g_byte_array_append (frames, head, sizeof head);
  if (!open_with (fixture, frames, REMOTE_STALL))
    return;
  g_assert_null (read_next (fixture, 5.0, &is_binary));
  g_assert_error (fixture->error, PMT_ERROR, PMT_ERROR_TOO_LARGE);
}

static gpointer
cancel_later (gpointer data)
{
  gint64 *when = g_object_get_data (data, "when");

  g_usleep (G_USEC_PER_SEC * 3 / 10);
  *when = g_get_monotonic_time ();
  g_cancellable_cancel (data);
  return NULL;
}

static void
test_cancel (Fixture *fixture, gconstpointer data)
{
  gboolean is_binary;
  gint64 when = 0;
  GThread *thread;

  if (!open_with (fixture, g_byte_array_new (), REMOTE_STALL))
    return;
  g_object_set_data (G_OBJECT (fixture->cancellable), "when", &when);
  thread = g_thread_new ("cancel", cancel_later, fixture->cancellable);
  g_assert_null (read_next (fixture, 20.0, &is_binary));
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_thread_join (thread);
  g_assert_cmpint (g_get_monotonic_time () - when, <, G_USEC_PER_SEC / 2);
}

static void
test_refused (Fixture *fixture, gconstpointer data)
{
  remote_server_reply_text (fixture->server, "/a", "200 OK", "", "no");
  remote_server_reply_text (fixture->server, "/b", "401 No", "", "no");
  if (!open_to (fixture, "/a"))
    return;
  g_assert_null (fixture->websocket);
  g_assert_error (fixture->error, PMT_ERROR, PMT_ERROR_SERVER);
  g_clear_error (&fixture->error);
  open_to (fixture, "/b");
  g_assert_null (fixture->websocket);
  g_assert_error (fixture->error, PMT_ERROR, PMT_ERROR_KEY);
}

static void
test_addresses (Fixture *fixture, gconstpointer data)
{
  static const gchar *const bad[] = { "ws://example.com/", "http://localhost",
                                      "wss://a@b.c/", "", "ws" };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_assert_null (pmt_websocket_open (fixture->http, bad[i], NULL, "ComfyUI",
                                         NULL, &fixture->fault,
                                         &fixture->error));
      g_assert_true (
          g_error_matches (fixture->error, PMT_ERROR, PMT_ERROR_ARGUMENT)
          || g_error_matches (fixture->error, PMT_ERROR,
                              PMT_ERROR_UNSUPPORTED));
      g_clear_error (&fixture->error);
    }
}

#define ADD(path, func)                                                        \
  g_test_add ("/websocket/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("messages", test_messages);
  ADD ("close", test_close);
  ADD ("broken", test_broken);
  ADD ("too-large", test_too_large);
  ADD ("cancel", test_cancel);
  ADD ("refused", test_refused);
  ADD ("addresses", test_addresses);
  return g_test_run ();
}
