/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* test-remote-http.c: requests to a server on loopback that misbehaves. */
#include "config.h"

#include <math.h>
#include <string.h>

#include "remote-server.h"
#include "remote/http.h"
#include "remote/origin.h"

#define MIB ((gsize)1 << 20)

/* Limits on the time that a cancelled run takes, in seconds: 0.2, and what a
 * busy machine adds. */
#define CANCEL_S 0.5

typedef struct
{
  RemoteServer *server;
  PmtHttp *http;
  GCancellable *cancellable;
  PmtFault fault;
  GError *error;
  gchar *url;
  GBytes *body;
  PmtHttpRequest request;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  PmtHttpOptions options = PMT_HTTP_OPTIONS_INIT;

  options.idle_s = 1;
  options.total_s = 10;
  fixture->server = remote_server_new ();
  fixture->http = pmt_http_new (&options);
  fixture->cancellable = g_cancellable_new ();
  fixture->fault = (PmtFault)PMT_FAULT_INIT;
  fixture->request.method = "GET";
  fixture->request.max_bytes = MIB;
  fixture->request.label = "fal.ai";
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  pmt_http_unref (fixture->http);
  remote_server_free (fixture->server);
  g_object_unref (fixture->cancellable);
  pmt_fault_clear (&fixture->fault);
  g_clear_error (&fixture->error);
  g_free (fixture->url);
  g_clear_pointer (&fixture->body, g_bytes_unref);
}

static PmtHttpAnswer *
ask (Fixture *fixture, const gchar *path)
{
  g_free (fixture->url);
  fixture->url = g_str_has_prefix (path, "/")
                     ? remote_server_url (fixture->server, path)
                     : g_strdup (path);
  fixture->request.url = fixture->url;
  g_clear_error (&fixture->error);
  return pmt_http_send (fixture->http, &fixture->request, fixture->cancellable,
                        &fixture->fault, &fixture->error);
}

static void
expect_body (Fixture *fixture, const gchar *path, const gchar *body)
{
  g_autoptr (PmtHttpAnswer) answer = ask (fixture, path);
  gsize length;
  const gchar *bytes;

  g_assert_no_error (fixture->error);
  g_assert_nonnull (answer);
  g_assert_cmpuint (answer->status, ==, 200);
  bytes = g_bytes_get_data (answer->body, &length);
  g_assert_cmpmem (bytes, length, body, strlen (body));
  g_assert_cmpint (fixture->fault.kind, ==, PMT_FAULT_NONE);
}

static void
expect_fault (Fixture *fixture,
              const gchar *path,
              PmtFaultClass kind,
              gint code,
              gboolean is_unknown)
{
  g_autoptr (PmtHttpAnswer) answer = ask (fixture, path);

  g_assert_null (answer);
  g_assert_nonnull (fixture->error);
  g_test_message ("%s", fixture->error->message);
  if (kind == PMT_FAULT_CANCELLED)
    g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  else
    g_assert_error (fixture->error, PMT_ERROR, code);
  g_assert_cmpint (fixture->fault.kind, ==, kind);
  g_assert_cmpint (fixture->fault.is_outcome_unknown, ==, is_unknown);
}

static void
reply_raw (Fixture *fixture,
           const gchar *path,
           const gchar *text,
           RemoteEnd end)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  remote_server_reply (fixture->server, path, bytes, end);
}

static void
set_post (Fixture *fixture, gsize length)
{
  fixture->request.method = "POST";
  fixture->request.content_type = "application/octet-stream";
  g_clear_pointer (&fixture->body, g_bytes_unref);
  fixture->body = g_bytes_new_take (g_malloc0 (length), length);
  fixture->request.body = fixture->body;
}

static void
test_get (Fixture *fixture, gconstpointer data)
{
  static const gchar *const headers[] = { "X-One: 1", "X-Empty:", NULL };
  const RemoteRequest *request;
  g_autoptr (PmtHttpAnswer) answer = NULL;

  remote_server_reply_text (fixture->server, "/a", "200 OK",
                            "Content-Type: Text/HTML ; charset=x\r\n"
                            "X-Thing:  some thing \r\n",
                            "hello");
  fixture->request.headers = headers;
  answer = ask (fixture, "/a?b=c");
  g_assert_no_error (fixture->error);
  g_assert_cmpstr (answer->content_type, ==, "text/html");
  g_assert_cmpstr (pmt_http_answer_get_header (answer, "x-thing"), ==,
                   "some thing");
  g_assert_null (pmt_http_answer_get_header (answer, "x-thin"));
  request = remote_server_get (fixture->server, 0);
  g_assert_cmpstr (request->method, ==, "GET");
  g_assert_cmpstr (request->target, ==, "/a?b=c");
  g_assert_cmpstr (remote_request_header (request, "X-One"), ==, "1");
  g_assert_cmpstr (remote_request_header (request, "X-Empty"), ==, "");
  g_assert_cmpstr (remote_request_header (request, "User-Agent"), ==,
                   "Pentimento/" PMT_VERSION);
  g_assert_null (remote_request_header (request, "Origin"));
  g_assert_null (remote_request_header (request, "Cookie"));
}

/* Any status is an answer, with its body; an interim one is none. */
static void
test_statuses (Fixture *fixture, gconstpointer data)
{
  static const gchar *const statuses[] = { "204 No",   "304 Same", "404 None",
                                           "429 Wait", "500 Oh",   "503 Off" };

  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++)
    {
      g_autofree gchar *path = g_strdup_printf ("/%u", i);
      g_autofree gchar *text =
          g_strdup_printf ("HTTP/1.1 100 Continue\r\nX-Early: 1\r\n\r\n"
                           "HTTP/1.1 %s\r\n%s\r\n",
                           statuses[i], i < 2 ? "" : "Content-Length: 0\r\n");
      g_autoptr (PmtHttpAnswer) answer = NULL;

      reply_raw (fixture, path, text, REMOTE_KEEP);
      answer = ask (fixture, path);
      g_assert_no_error (fixture->error);
      g_assert_cmpuint (answer->status, ==, atoi (statuses[i]));
      g_assert_nonnull (answer->body);
      g_assert_cmpuint (g_bytes_get_size (answer->body), ==, 0);
      g_assert_null (pmt_http_answer_get_header (answer, "x-early"));
    }
}

static void
test_reuse (Fixture *fixture, gconstpointer data)
{
  remote_server_reply_text (fixture->server, "/a", "200 OK", "", "x");
  for (guint i = 0; i < 5; i++)
    expect_body (fixture, "/a", "x");
  for (guint i = 0; i < 5; i++)
    g_assert_cmpuint (remote_server_get (fixture->server, i)->connection, ==,
                      1);
  /* What may not be sent twice begins with a connection that is new. */
  set_post (fixture, 3);
  expect_body (fixture, "/a", "x");
  g_assert_cmpuint (remote_server_get (fixture->server, 5)->connection, ==, 2);
}

/* A kept connection that was closed without a word. */
static void
test_kept_closed (Fixture *fixture, gconstpointer data)
{
  reply_raw (fixture, "/a", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx",
             REMOTE_CLOSE);
  for (guint i = 0; i < 3; i++)
    expect_body (fixture, "/a", "x");
}

static void
test_post (Fixture *fixture, gconstpointer data)
{
  static const gchar *const methods[] = { "POST", "PUT", "DELETE" };
  g_autoptr (GBytes) body = g_bytes_new ("a\0b", 3);

  remote_server_reply_text (fixture->server, "/a", "200 OK", "", "x");
  fixture->request.content_type = "application/json";
  fixture->request.body = body;
  for (guint i = 0; i < G_N_ELEMENTS (methods); i++)
    {
      const RemoteRequest *request;

      fixture->request.method = methods[i];
      expect_body (fixture, "/a", "x");
      request = remote_server_get (fixture->server, i);
      g_assert_cmpstr (request->method, ==, methods[i]);
      g_assert_true (g_bytes_equal (request->body, body));
      g_assert_cmpstr (remote_request_header (request, "Content-Type"), ==,
                       "application/json");
      g_assert_null (remote_request_header (request, "Expect"));
    }
  fixture->request.body = NULL;
  fixture->request.content_type = NULL;
  fixture->request.method = "POST";
  expect_body (fixture, "/a", "x");
  g_assert_null (remote_request_header (remote_server_get (fixture->server, 3),
                                        "Content-Type"));
}

static void
test_form (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) form = pmt_form_new ();
  g_autoptr (GBytes) file = g_bytes_new ("\x89PNG\r\n\0--x\r\n", 12);
  const RemoteRequest *request;
  g_autofree gchar *boundary = NULL;
  g_autofree gchar *text = NULL;
  gsize length;
  const gchar *bytes;
  gsize head;

  remote_server_reply_text (fixture->server, "/a", "200 OK", "", "x");
  pmt_form_add_text (form, "prompt", "ein \"Hut\"\r\n");
  pmt_form_add_text (form, "empty", "");
  pmt_form_add_file (form, "image", "a.png", "image/png", file);
  fixture->request.method = "POST";
  fixture->request.form = form;
  expect_body (fixture, "/a", "x");
  request = remote_server_get (fixture->server, 0);
  text = g_strdup (remote_request_header (request, "Content-Type"));
  g_assert_true (g_str_has_prefix (text, "multipart/form-data; boundary="));
  boundary = g_strdup (strchr (text, '=') + 1);
  g_free (text);
  text = g_strdup_printf (
      "--%s\r\nContent-Disposition: form-data; name=\"prompt\"\r\n\r\n"
      "ein \"Hut\"\r\n\r\n"
      "--%s\r\nContent-Disposition: form-data; name=\"empty\"\r\n\r\n\r\n"
      "--%s\r\nContent-Disposition: form-data; name=\"image\"; "
      "filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n",
      boundary, boundary, boundary);
  bytes = g_bytes_get_data (request->body, &length);
  head = strlen (text);
  g_assert_cmpuint (length, >, head + 12);
  g_assert_cmpmem (bytes, head, text, head);
  g_assert_cmpmem (bytes + head, 12, g_bytes_get_data (file, NULL), 12);
}

static void
test_gzip (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GConverter) packer =
      G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 9));
  g_autofree guint8 *plain = g_malloc0 (32 * MIB);
  g_autofree guint8 *packed = g_malloc (MIB);
  g_autoptr (GByteArray) reply = g_byte_array_new ();
  g_autoptr (GBytes) bytes = NULL;
  g_autofree gchar *head = NULL;
  gsize n_read, n_written;

  g_assert_cmpint (g_converter_convert (packer, plain, 32 * MIB, packed, MIB,
                                        G_CONVERTER_INPUT_AT_END, &n_read,
                                        &n_written, NULL),
                   ==, G_CONVERTER_FINISHED);
  head = g_strdup_printf ("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n"
                          "Content-Length: %u\r\n\r\n",
                          (guint)n_written);
  g_byte_array_append (reply, (guint8 *)head, strlen (head));
  g_byte_array_append (reply, packed, n_written);
  bytes = g_byte_array_free_to_bytes (g_steal_pointer (&reply));
  remote_server_reply (fixture->server, "/a", bytes, REMOTE_KEEP);
  expect_fault (fixture, "/a", PMT_FAULT_TOO_LARGE, PMT_ERROR_TOO_LARGE, FALSE);
  fixture->request.max_bytes = 32 * MIB;
  {
    g_autoptr (PmtHttpAnswer) answer = ask (fixture, "/a");

    g_assert_no_error (fixture->error);
    g_assert_cmpuint (g_bytes_get_size (answer->body), ==, 32 * MIB);
  }
}

static void
test_limits (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GString) head = g_string_new ("HTTP/1.1 200 OK\r\n");

  remote_server_reply_text (fixture->server, "/a", "200 OK", "", "12345");
  fixture->request.max_bytes = 5;
  expect_body (fixture, "/a", "12345");
  fixture->request.max_bytes = 4;
  expect_fault (fixture, "/a", PMT_FAULT_TOO_LARGE, PMT_ERROR_TOO_LARGE, FALSE);
  set_post (fixture, 3);
  expect_fault (fixture, "/a", PMT_FAULT_TOO_LARGE, PMT_ERROR_TOO_LARGE, TRUE);
  fixture->request.method = "GET";
  for (guint i = 0; i < 6000; i++)
    g_string_append_printf (head, "X-%u: %080u\r\n", i, i);
  g_string_append (head, "Content-Length: 0\r\n\r\n");
  reply_raw (fixture, "/head", head->str, REMOTE_KEEP);
  expect_fault (fixture, "/head", PMT_FAULT_NETWORK, PMT_ERROR_NETWORK, FALSE);
  reply_raw (fixture, "/none", "SSH-2.0-OpenSSH\r\n", REMOTE_CLOSE);
  expect_fault (fixture, "/none", PMT_FAULT_NETWORK, PMT_ERROR_NETWORK, FALSE);
}

static void
test_truncated (Fixture *fixture, gconstpointer data)
{
  reply_raw (fixture, "/a", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc",
             REMOTE_CLOSE);
  reply_raw (
      fixture, "/b",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
      REMOTE_CLOSE);
  reply_raw (fixture, "/c",
             "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
             "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n",
             REMOTE_KEEP);
  reply_raw (fixture, "/d", "", REMOTE_CLOSE);
  expect_fault (fixture, "/a", PMT_FAULT_NETWORK, PMT_ERROR_NETWORK, FALSE);
  expect_fault (fixture, "/b", PMT_FAULT_NETWORK, PMT_ERROR_NETWORK, FALSE);
  expect_body (fixture, "/c", "abcde");
  expect_fault (fixture, "/d", PMT_FAULT_NETWORK, PMT_ERROR_NETWORK, FALSE);
  set_post (fixture, 100);
  expect_fault (fixture, "/a", PMT_FAULT_NETWORK, PMT_ERROR_NETWORK, TRUE);
  g_assert_nonnull (strstr (fixture->error->message, "carried out"));
  expect_fault (fixture, "/d", PMT_FAULT_NETWORK, PMT_ERROR_NETWORK, TRUE);
  /* The GET of "/d" once more: its connection had been kept. */
  g_assert_cmpuint (remote_server_count (fixture->server), ==, 7);
}

static void
test_retry (Fixture *fixture, gconstpointer data)
{
  reply_raw (fixture, "/a", "", REMOTE_CLOSE);
  remote_server_reply_text (fixture->server, "/a", "200 OK", "", "x");
  reply_raw (fixture, "/b", "", REMOTE_CLOSE);
  fixture->request.is_retried = TRUE;
  expect_fault (fixture, "/b", PMT_FAULT_NETWORK, PMT_ERROR_NETWORK, FALSE);
  g_assert_cmpuint (remote_server_count (fixture->server), ==, 2);
  expect_body (fixture, "/a", "x");
  g_assert_cmpuint (remote_server_count (fixture->server), ==, 4);
}

/* A port where nothing listens. */
static gchar *
closed_url (void)
{
  g_autoptr (RemoteServer) server = remote_server_new ();

  return remote_server_url (server, "/");
}

static void
test_unreachable (Fixture *fixture, gconstpointer data)
{
  g_autofree gchar *url = closed_url ();

  expect_fault (fixture, url, PMT_FAULT_NETWORK, PMT_ERROR_NETWORK, FALSE);
  set_post (fixture, 10);
  expect_fault (fixture, url, PMT_FAULT_NETWORK, PMT_ERROR_NETWORK, FALSE);
  expect_fault (fixture, "https://nowhere.invalid/", PMT_FAULT_NETWORK,
                PMT_ERROR_NETWORK, FALSE);
}

static void
test_times (Fixture *fixture, gconstpointer data)
{
  gint64 start = g_get_monotonic_time ();

  reply_raw (fixture, "/idle", "HTTP/1.1 200 OK\r\n", REMOTE_STALL);
  reply_raw (fixture, "/drip",
             "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n"
             "1234567890123456789012345678901234567890123456789012345"
             "1234567890123456789012345678901234567890",
             REMOTE_DRIP);
  expect_fault (fixture, "/idle", PMT_FAULT_TIMEOUT, PMT_ERROR_TIMEOUT, FALSE);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 2 * G_USEC_PER_SEC);
  set_post (fixture, 10);
  expect_fault (fixture, "/idle", PMT_FAULT_TIMEOUT, PMT_ERROR_TIMEOUT, TRUE);
  fixture->request.method = "GET";
  fixture->request.total_s = 2;
  start = g_get_monotonic_time ();
  expect_fault (fixture, "/drip", PMT_FAULT_TIMEOUT, PMT_ERROR_TIMEOUT, FALSE);
  g_assert_cmpint (g_get_monotonic_time () - start, >, 2 * G_USEC_PER_SEC - 1);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 3 * G_USEC_PER_SEC);
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
expect_cancelled (Fixture *fixture, const gchar *path, gboolean is_unknown)
{
  gint64 when = 0;
  gdouble taken;
  GThread *thread;

  g_cancellable_reset (fixture->cancellable);
  g_object_set_data (G_OBJECT (fixture->cancellable), "when", &when);
  thread = g_thread_new ("cancel", cancel_later, fixture->cancellable);
  expect_fault (fixture, path, PMT_FAULT_CANCELLED, 0, is_unknown);
  taken = (g_get_monotonic_time () - when) / (gdouble)G_USEC_PER_SEC;
  g_thread_join (thread);
  g_test_message ("canceled within %.3f s", taken);
  g_assert_cmpfloat (taken, <, CANCEL_S);
}

/* Listens, but takes no connection: its queue is full. */
static gchar *
full_url (GPtrArray *sockets)
{
  g_autoptr (GSocketAddress) any =
      g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr (GSocketAddress) used = NULL;
  GSocket *listener = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM,
                                    G_SOCKET_PROTOCOL_TCP, NULL);

  g_ptr_array_add (sockets, listener);
  g_assert_true (g_socket_bind (listener, any, TRUE, NULL));
  g_socket_set_listen_backlog (listener, 0);
  g_assert_true (g_socket_listen (listener, NULL));
  used = g_socket_get_local_address (listener, NULL);
  for (guint i = 0; i < 4; i++)
    {
      GSocket *client =
          g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM,
                        G_SOCKET_PROTOCOL_TCP, NULL);

      g_socket_set_blocking (client, FALSE);
      g_socket_connect (client, used, NULL, NULL);
      g_ptr_array_add (sockets, client);
    }
  return g_strdup_printf (
      "http://127.0.0.1:%u/",
      g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (used)));
}

static void
test_cancel (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) sockets =
      g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree gchar *full = full_url (sockets);

  reply_raw (fixture, "/idle", "HTTP/1.1 200 OK\r\n", REMOTE_STALL);
  expect_cancelled (fixture, full, FALSE);
  expect_cancelled (fixture, "/idle", FALSE);
  set_post (fixture, 100);
  expect_cancelled (fixture, full, FALSE);
  expect_cancelled (fixture, "/idle", TRUE);
  remote_server_block (fixture->server);
  set_post (fixture, 64 * MIB);
  expect_cancelled (fixture, "/idle", FALSE);
  /* Before anything begins. */
  expect_fault (fixture, "/idle", PMT_FAULT_CANCELLED, 0, FALSE);
}

static void
test_connect_time (void)
{
  PmtHttpOptions options = PMT_HTTP_OPTIONS_INIT;
  g_autoptr (GPtrArray) sockets =
      g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree gchar *full = full_url (sockets);
  Fixture fixture = { 0 };

  set_up (&fixture, NULL);
  pmt_http_unref (fixture.http);
  options.connect_s = 1;
  fixture.http = pmt_http_new (&options);
  set_post (&fixture, 10);
  expect_fault (&fixture, full, PMT_FAULT_TIMEOUT, PMT_ERROR_TIMEOUT, FALSE);
  tear_down (&fixture, NULL);
}

typedef struct
{
  guint n_calls;
  guint64 sent;
  guint64 received;
  GString *chunks;
} Seen;

static void
on_progress (guint64 sent,
             guint64 send_total,
             guint64 received,
             guint64 receive_total,
             gpointer user_data)
{
  Seen *seen = user_data;

  g_assert_cmpuint (sent, >=, seen->sent);
  seen->n_calls++;
  seen->sent = sent;
  seen->received = received;
}

static void
on_chunk (const gchar *bytes, gsize length, gpointer user_data)
{
  Seen *seen = user_data;

  g_string_append_len (seen->chunks, bytes, length);
}

static void
test_progress (Fixture *fixture, gconstpointer data)
{
  Seen seen = { 0, 0, 0, g_string_new (NULL) };

  remote_server_reply_text (fixture->server, "/a", "200 OK", "", "event: 1");
  remote_server_reply_text (fixture->server, "/b", "500 No", "", "no event");
  fixture->request.progress = on_progress;
  fixture->request.progress_data = &seen;
  fixture->request.chunk = on_chunk;
  fixture->request.chunk_data = &seen;
  set_post (fixture, 8 * MIB);
  expect_body (fixture, "/a", "event: 1");
  g_assert_cmpuint (seen.n_calls, >=, 1);
  g_assert_cmpuint (seen.n_calls, <, 200);
  g_assert_cmpuint (seen.sent, ==, 8 * MIB);
  g_assert_cmpuint (seen.received, ==, 8);
  g_assert_cmpstr (seen.chunks->str, ==, "event: 1");
  seen.sent = 0;
  {
    g_autoptr (PmtHttpAnswer) answer = ask (fixture, "/b");

    g_assert_cmpuint (answer->status, ==, 500);
    g_assert_cmpstr (seen.chunks->str, ==, "event: 1");
  }
  g_string_free (seen.chunks, TRUE);
}

static void
redirect (RemoteServer *server,
          const gchar *path,
          guint status,
          const gchar *location)
{
  g_autofree gchar *line = g_strdup_printf ("%u Moved", status);
  g_autofree gchar *extra = g_strdup_printf ("Location: %s\r\n", location);

  remote_server_reply_text (server, path, line, extra, "ignored");
}

static void
test_redirects (Fixture *fixture, gconstpointer data)
{
  static const guint statuses[] = { 301, 302, 303, 307, 308 };

  remote_server_reply_text (fixture->server, "/end/a", "200 OK", "", "x");
  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++)
    {
      g_autofree gchar *path = g_strdup_printf ("/%u", statuses[i]);

      redirect (fixture->server, path, statuses[i], "end/a?b");
      expect_body (fixture, path, "x");
    }
  redirect (fixture->server, "/loop", 302, "/loop");
  redirect (fixture->server, "/out", 302, "http://example.com/");
  redirect (fixture->server, "/file", 302, "file:///etc/passwd");
  redirect (fixture->server, "/user", 302, "https://a@example.com/");
  expect_fault (fixture, "/loop", PMT_FAULT_NETWORK, PMT_ERROR_NETWORK, FALSE);
  g_assert_cmpuint (remote_server_count (fixture->server), ==, 10 + 6);
  expect_fault (fixture, "/out", PMT_FAULT_NETWORK, PMT_ERROR_NETWORK, FALSE);
  expect_fault (fixture, "/file", PMT_FAULT_NETWORK, PMT_ERROR_NETWORK, FALSE);
  expect_fault (fixture, "/user", PMT_FAULT_NETWORK, PMT_ERROR_NETWORK, FALSE);
}

static void
expect_status (Fixture *fixture, const gchar *path, guint status)
{
  g_autoptr (PmtHttpAnswer) answer = ask (fixture, path);

  g_assert_no_error (fixture->error);
  g_assert_cmpuint (answer->status, ==, status);
}

static void
test_redirected_post (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RemoteServer) other = remote_server_new ();
  g_autofree gchar *away = remote_server_url (other, "/end");

  remote_server_reply_text (other, "/end", "200 OK", "", "x");
  remote_server_reply_text (fixture->server, "/end", "200 OK", "", "x");
  redirect (fixture->server, "/same", 307, "/end");
  redirect (fixture->server, "/away", 308, away);
  redirect (fixture->server, "/get", 303, "/end");
  set_post (fixture, 5);
  expect_body (fixture, "/same", "x");
  g_assert_cmpstr (remote_server_get (fixture->server, 1)->method, ==, "POST");
  g_assert_cmpuint (
      g_bytes_get_size (remote_server_get (fixture->server, 1)->body), ==, 5);
  expect_status (fixture, "/away", 308);
  expect_status (fixture, "/get", 303);
  g_assert_cmpuint (remote_server_count (other), ==, 0);
  g_assert_cmpuint (remote_server_count (fixture->server), ==, 4);
}

/* The key goes to its own origin only: another port is another one. */
static void
test_secrets (Fixture *fixture, gconstpointer data)
{
  static const gchar *const secrets[] = { "Authorization: Key geheim",
                                          "X-Own: geheim", NULL };
  static const gchar *const plain[] = { "X-Plain: 1", NULL };
  g_autoptr (RemoteServer) other = remote_server_new ();
  g_autofree gchar *away = remote_server_url (other, "/end");
  g_autofree gchar *own = remote_server_url (fixture->server, "/");
  g_autofree gchar *origin = pmt_origin_of_url (own);

  remote_server_reply_text (other, "/end", "200 OK", "", "x");
  remote_server_reply_text (fixture->server, "/end", "200 OK", "", "x");
  redirect (fixture->server, "/same", 302, "/end");
  redirect (fixture->server, "/away", 302, away);
  fixture->request.headers = plain;
  fixture->request.secret_headers = secrets;
  fixture->request.secret_origin = origin;
  expect_body (fixture, "/same", "x");
  expect_body (fixture, "/away", "x");
  fixture->request.secret_origin = "http://127.0.0.1:1";
  expect_body (fixture, "/end", "x");
  fixture->request.secret_origin = NULL;
  expect_body (fixture, "/end", "x");
  for (guint i = 0; i < 5; i++)
    {
      const RemoteRequest *request = remote_server_get (fixture->server, i);

      g_assert_cmpstr (remote_request_header (request, "Authorization"), ==,
                       i < 3 ? "Key geheim" : NULL);
    }
  g_assert_cmpuint (remote_server_count (other), ==, 1);
  for (gchar **header = remote_server_get (other, 0)->headers; *header;
       header++)
    g_assert_null (strstr (*header, "geheim"));
  g_assert_nonnull (
      remote_request_header (remote_server_get (other, 0), "X-Plain"));
}

static void
test_injection (Fixture *fixture, gconstpointer data)
{
  static const gchar *const bad[] = { "X: a\r\nY: b",
                                      "X: a\nb",
                                      "X\r: a",
                                      "X a",
                                      ": a",
                                      "X : a",
                                      "",
                                      "Content-Length: 3",
                                      "transfer-encoding: chunked" };
  g_autoptr (GPtrArray) form = pmt_form_new ();

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      const gchar *const headers[] = { bad[i], NULL };

      fixture->request.headers = headers;
      expect_fault (fixture, "/a", PMT_FAULT_PARAMETER, PMT_ERROR_ARGUMENT,
                    FALSE);
      fixture->request.headers = NULL;
      fixture->request.secret_headers = headers;
      expect_fault (fixture, "/a", PMT_FAULT_PARAMETER, PMT_ERROR_ARGUMENT,
                    FALSE);
      fixture->request.secret_headers = NULL;
    }
  expect_fault (fixture, "/a\r\nX: y", PMT_FAULT_PARAMETER, PMT_ERROR_ARGUMENT,
                FALSE);
  fixture->request.content_type = "a\r\nb";
  expect_fault (fixture, "/a", PMT_FAULT_PARAMETER, PMT_ERROR_ARGUMENT, FALSE);
  fixture->request.content_type = NULL;
  fixture->request.method = "GET /";
  expect_fault (fixture, "/a", PMT_FAULT_PARAMETER, PMT_ERROR_ARGUMENT, FALSE);
  fixture->request.method = "POST";
  pmt_form_add_text (form, "a\r\nb", "c");
  fixture->request.form = form;
  expect_fault (fixture, "/a", PMT_FAULT_PARAMETER, PMT_ERROR_ARGUMENT, FALSE);
  g_assert_cmpuint (remote_server_count (fixture->server), ==, 0);
}

static void
test_retry_after (void)
{
  static const struct
  {
    const gchar *header;
    gdouble low, high;
  } cases[] = {
    { "retry-after: 7", 7, 7 },
    { "retry-after: 0", 0, 0 },
    { "retry-after: 1.5", 1.5, 1.5 },
    { "retry-after: 999999999999", 86400, 86400 },
    { "retry-after: Sun, 06 Nov 1994 08:49:37 GMT", 0, 0 },
    { "retry-after: -1", -1, -1 },
    { "retry-after: soon", -1, -1 },
    { "retry-after: 1.2.3", -1, -1 },
    { "retry-after: ", -1, -1 },
    { "retry-later: 7", -1, -1 },
  };
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr (GDateTime) then = g_date_time_add_seconds (now, 30);
  g_autofree gchar *date =
      g_date_time_format (then, "retry-after: %a, %d %b %Y %H:%M:%S GMT");
  gchar *headers[] = { date, NULL };
  PmtHttpAnswer answer = { 0 };

  answer.headers = headers;
  g_assert_cmpfloat (fabs (pmt_http_answer_get_retry_after (&answer) - 30), <,
                     2);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      headers[0] = (gchar *)cases[i].header;
      g_assert_cmpfloat (pmt_http_answer_get_retry_after (&answer), >=,
                         cases[i].low);
      g_assert_cmpfloat (pmt_http_answer_get_retry_after (&answer), <=,
                         cases[i].high);
    }
}

static gpointer
ask_often (gpointer data)
{
  Fixture *fixture = data;

  for (guint i = 0; i < 20; i++)
    {
      g_auto (PmtFault) fault = PMT_FAULT_INIT;
      g_autoptr (GError) error = NULL;
      g_autoptr (PmtHttpAnswer) answer = pmt_http_send (
          fixture->http, &fixture->request, NULL, &fault, &error);

      g_assert_no_error (error);
      g_assert_cmpuint (answer->status, ==, 200);
    }
  return NULL;
}

static void
test_parallel (Fixture *fixture, gconstpointer data)
{
  GThread *threads[8];

  remote_server_reply_text (fixture->server, "/a", "200 OK", "", "x");
  expect_body (fixture, "/a", "x");
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("client", ask_often, fixture);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  g_assert_cmpuint (remote_server_count (fixture->server), ==, 161);
}

static void
test_ca_file_missing (void)
{
  PmtHttpOptions options = PMT_HTTP_OPTIONS_INIT;
  Fixture fixture = { 0 };

  set_up (&fixture, NULL);
  pmt_http_unref (fixture.http);
  options.ca_file = "/nonexistent/ca.pem";
  fixture.http = pmt_http_new (&options);
  expect_fault (&fixture, "/a", PMT_FAULT_NETWORK, PMT_ERROR_NETWORK, FALSE);
  tear_down (&fixture, NULL);
}

#define ADD(path, func)                                                        \
  g_test_add ("/http/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("get", test_get);
  ADD ("statuses", test_statuses);
  ADD ("reuse", test_reuse);
  ADD ("kept-closed", test_kept_closed);
  ADD ("post", test_post);
  ADD ("form", test_form);
  ADD ("gzip", test_gzip);
  ADD ("limits", test_limits);
  ADD ("truncated", test_truncated);
  ADD ("retry", test_retry);
  ADD ("unreachable", test_unreachable);
  ADD ("times", test_times);
  ADD ("cancel", test_cancel);
  g_test_add_func ("/http/connect-time", test_connect_time);
  ADD ("progress", test_progress);
  ADD ("redirects", test_redirects);
  ADD ("redirected-post", test_redirected_post);
  ADD ("secrets", test_secrets);
  ADD ("injection", test_injection);
  g_test_add_func ("/http/retry-after", test_retry_after);
  ADD ("parallel", test_parallel);
  g_test_add_func ("/http/ca-file", test_ca_file_missing);
  return g_test_run ();
}
