/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* test-remote-discover.c: servers on this computer. */
#include "config.h"

#include <string.h>

#include "remote/discover.h"

/* Server: answers every connection with one text, or never. */
typedef struct
{
  GSocketService *service;
  guint16 port;
  const gchar *answer;
  gint n_requests;
} Server;

static gboolean
on_connection (GThreadedSocketService *service,
               GSocketConnection *connection,
               GObject *source,
               gpointer data)
{
  Server *server = data;
  GInputStream *in = g_io_stream_get_input_stream (G_IO_STREAM (connection));
  GOutputStream *out = g_io_stream_get_output_stream (G_IO_STREAM (connection));
  gchar request[4096] = { 0 };
  gsize n = 0;

  (void)service;
  (void)source;
  while (n < sizeof request - 1 && !strstr (request, "\r\n\r\n"))
    {
      const gssize more = g_input_stream_read (
          in, request + n, sizeof request - 1 - n, NULL, NULL);

      if (more <= 0)
        return TRUE;
      n += (gsize)more;
    }
  g_atomic_int_inc (&server->n_requests);
  if (server->answer)
    g_output_stream_write_all (out, server->answer, strlen (server->answer),
                               NULL, NULL, NULL);
  else
    /* Until the other side has enough. */
    g_input_stream_read (in, request, sizeof request, NULL, NULL);
  return TRUE;
}

static void
server_start (Server *server, const gchar *answer)
{
  g_autoptr (GSocketAddress) address =
      g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr (GSocketAddress) actual = NULL;
  g_autoptr (GError) error = NULL;

  server->answer = answer;
  server->service = g_threaded_socket_service_new (10);
  g_socket_listener_add_address (G_SOCKET_LISTENER (server->service), address,
                                 G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP,
                                 NULL, &actual, &error);
  g_assert_no_error (error);
  server->port =
      g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (actual));
  g_signal_connect (server->service, "run", G_CALLBACK (on_connection), server);
  g_socket_service_start (server->service);
}

static void
server_stop (Server *server)
{
  g_socket_service_stop (server->service);
  g_socket_listener_close (G_SOCKET_LISTENER (server->service));
  g_clear_object (&server->service);
}

/* The service accepts in the default context, which a thread turns. */
static gpointer
turn (gpointer data)
{
  g_main_loop_run (data);
  return NULL;
}

#define OK "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"

static void
test_answers (void)
{
  static const struct
  {
    const gchar *text;
    gboolean is_json;
  } answers[] = {
    { OK "\r\n{\"a\": 1}", TRUE },
    { OK "Content-Length: 2\r\n\r\n[]", TRUE },
    { OK
      "Transfer-Encoding: chunked\r\n\r\n3\r\n{\"a\r\n4\r\n\":1}\r\n0\r\n\r\n",
      TRUE },
    { OK "Transfer-Encoding: chunked\r\n\r\n3\r\n{\"a\r\n", FALSE },
    { OK "\r\n\"text\"", FALSE },
    { OK "\r\n{\"a\": ", FALSE },
    { OK "\r\n", FALSE },
    { OK "{}", FALSE },
    { "HTTP/1.1 404 Not Found\r\n\r\n{}", FALSE },
    { "HTTP/1.1 302 Found\r\nLocation: http://example.org/\r\n\r\n{}", FALSE },
    { "HTTP/1.1 200 OK\r\n\r\n<html></html>", FALSE },
    { "SSH-2.0-OpenSSH\r\n\r\n{}", FALSE },
    { "", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    g_assert_true (pmt_discover_is_json_answer (answers[i].text,
                                                strlen (answers[i].text), TRUE)
                   == answers[i].is_json);
  /* Of a cut one the beginning decides. */
  g_assert_true (
      pmt_discover_is_json_answer (OK "\r\n{\"a\": ", strlen (OK) + 8, FALSE));
}

static void
test_servers (void)
{
  g_autoptr (GString) large = g_string_new (OK "\r\n[1");
  Server good = { 0 }, page = { 0 }, stalled = { 0 }, huge = { 0 };
  Server closed = { 0 }, kept = { 0 };
  PmtDiscoverCandidate candidates[6];
  g_autoptr (GPtrArray) found = NULL;
  g_autofree gchar *url = NULL;
  const PmtDiscovered *first;
  gint64 start;

  for (gint i = 0; i < 100000; i++)
    g_string_append (large, ",1");
  g_string_append_c (large, ']');
  server_start (&good, OK "Content-Length: 2\r\n\r\n{}");
  server_start (&page, "HTTP/1.1 200 OK\r\n\r\n<html></html>");
  server_start (&stalled, NULL);
  server_start (&huge, large->str);
  server_start (&closed, "");
  server_start (&kept, OK "\r\n{\"b\": 2}");
  server_stop (&closed);
  candidates[0] = (PmtDiscoverCandidate){ "stalled", stalled.port, "/a" };
  candidates[1] = (PmtDiscoverCandidate){ "huge", huge.port, "/b" };
  candidates[2] = (PmtDiscoverCandidate){ "closed", closed.port, "/c" };
  candidates[3] = (PmtDiscoverCandidate){ "page", page.port, "/d" };
  candidates[4] = (PmtDiscoverCandidate){ "good", good.port, "/e?x=1" };
  candidates[5] = (PmtDiscoverCandidate){ "kept", kept.port, "/f" };

  start = g_get_monotonic_time ();
  found = pmt_discover (candidates, 6, NULL);
  g_assert_cmpint (g_get_monotonic_time () - start, <,
                   (PMT_DISCOVER_MS + 400) * 1000);
  g_assert_cmpuint (found->len, ==, 3);
  first = g_ptr_array_index (found, 0);
  url = g_strdup_printf ("http://127.0.0.1:%u", huge.port);
  g_assert_cmpstr (first->type, ==, "huge");
  g_assert_cmpstr (first->base_url, ==, url);
  g_assert_cmpstr (((PmtDiscovered *)found->pdata[1])->type, ==, "good");
  g_assert_cmpstr (((PmtDiscovered *)found->pdata[2])->type, ==, "kept");
  g_assert_cmpint (good.n_requests, ==, 1);
  server_stop (&good);
  server_stop (&page);
  server_stop (&stalled);
  server_stop (&huge);
  server_stop (&kept);
}

static gpointer
cancel_soon (gpointer data)
{
  g_usleep (20000);
  g_cancellable_cancel (data);
  return NULL;
}

static void
test_cancel (void)
{
  Server stalled = { 0 };
  PmtDiscoverCandidate candidate = { "stalled", 0, "/" };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GPtrArray) found = NULL;
  g_autoptr (GPtrArray) nothing = pmt_discover (NULL, 0, NULL);
  GThread *thread;
  gint64 start;

  server_start (&stalled, NULL);
  candidate.port = stalled.port;
  start = g_get_monotonic_time ();
  thread = g_thread_new ("cancel", cancel_soon, cancellable);
  found = pmt_discover (&candidate, 1, cancellable);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 200000);
  g_assert_cmpuint (found->len + nothing->len, ==, 0);
  g_thread_join (thread);
  server_stop (&stalled);
}

int
main (int argc, char **argv)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  GThread *thread;
  gint status;

  g_test_init (&argc, &argv, NULL);
  thread = g_thread_new ("servers", turn, loop);
  g_test_add_func ("/remote-discover/answers", test_answers);
  g_test_add_func ("/remote-discover/servers", test_servers);
  g_test_add_func ("/remote-discover/cancel", test_cancel);
  status = g_test_run ();
  g_main_loop_quit (loop);
  g_thread_join (thread);
  return status;
}
