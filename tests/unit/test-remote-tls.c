/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* test-remote-tls.c: certificates, with a server of the openssl command. */
#include "config.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

#include "remote/http.h"

typedef struct
{
  gchar *folder;
  gchar *certificate;
  GSubprocess *server;
  guint port;
} Fixture;

static void
write_file (Fixture *fixture, const gchar *name, const gchar *text)
{
  g_autofree gchar *path = g_build_filename (fixture->folder, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static gboolean
make_certificate (Fixture *fixture)
{
  g_autofree gchar *key = g_build_filename (fixture->folder, "key.pem", NULL);
  g_autoptr (GSubprocess) process = g_subprocess_new (
      G_SUBPROCESS_FLAGS_STDERR_SILENCE, NULL, "openssl", "req", "-x509",
      "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=test",
      "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out",
      fixture->certificate, NULL);

  return process != NULL && g_subprocess_wait_check (process, NULL, NULL);
}

/* "ACCEPT 127.0.0.1:PORT" */
static guint
read_port (GSubprocess *server)
{
  g_autoptr (GDataInputStream) lines =
      g_data_input_stream_new (g_subprocess_get_stdout_pipe (server));
  gchar *line;
  guint port = 0;

  g_filter_input_stream_set_close_base_stream (G_FILTER_INPUT_STREAM (lines),
                                               FALSE);
  while (port == 0
         && (line = g_data_input_stream_read_line (lines, NULL, NULL, NULL))
                != NULL)
    {
      if (g_str_has_prefix (line, "ACCEPT "))
        port = (guint)g_ascii_strtoull (strrchr (line, ':') + 1, NULL, 10);
      g_free (line);
    }
  return port;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (
      G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE
      | G_SUBPROCESS_FLAGS_STDERR_SILENCE);

  fixture->folder = g_dir_make_tmp ("pmt-tls-XXXXXX", NULL);
  fixture->certificate =
      g_build_filename (fixture->folder, "certificate.pem", NULL);
  if (!make_certificate (fixture))
    return;
  write_file (fixture, "good", "HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx");
  write_file (fixture, "down",
              "HTTP/1.0 302 Found\r\nContent-Length: 0\r\n"
              "Location: http://127.0.0.1:9/\r\n\r\n");
  g_subprocess_launcher_set_cwd (launcher, fixture->folder);
  /* -HTTP: files hold whole answers. */
  fixture->server = g_subprocess_launcher_spawn (
      launcher, NULL, "openssl", "s_server", "-accept", "127.0.0.1:0", "-cert",
      "certificate.pem", "-key", "key.pem", "-HTTP", NULL);
  fixture->port = fixture->server != NULL ? read_port (fixture->server) : 0;
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  static const gchar *const names[] = { "key.pem", "certificate.pem", "good",
                                        "down" };

  if (fixture->server != NULL)
    {
      g_subprocess_force_exit (fixture->server);
      g_subprocess_wait (fixture->server, NULL, NULL);
    }
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree gchar *path =
          g_build_filename (fixture->folder, names[i], NULL);

      g_unlink (path);
    }
  g_rmdir (fixture->folder);
  g_clear_object (&fixture->server);
  g_free (fixture->certificate);
  g_free (fixture->folder);
}

static PmtHttpAnswer *
ask (Fixture *fixture,
     const gchar *host,
     const gchar *path,
     gboolean is_trusted,
     GError **error)
{
  PmtHttpOptions options = PMT_HTTP_OPTIONS_INIT;
  PmtHttpRequest request = { 0 };
  g_autoptr (PmtHttp) http = NULL;
  g_auto (PmtFault) fault = PMT_FAULT_INIT;
  g_autofree gchar *url =
      g_strdup_printf ("https://%s:%u/%s", host, fixture->port, path);

  if (is_trusted)
    options.ca_file = fixture->certificate;
  http = pmt_http_new (&options);
  request.method = "GET";
  request.url = url;
  request.max_bytes = 1000;
  request.label = "Test";
  return pmt_http_send (http, &request, NULL, &fault, error);
}

static void
expect_refused (Fixture *fixture,
                const gchar *host,
                const gchar *path,
                gboolean is_trusted,
                const gchar *part)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PmtHttpAnswer) answer =
      ask (fixture, host, path, is_trusted, &error);

  g_assert_null (answer);
  g_assert_error (error, PMT_ERROR, PMT_ERROR_NETWORK);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, part));
}

static void
test_certificates (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PmtHttpAnswer) answer = NULL;

  if (fixture->port == 0)
    {
      g_test_skip ("the openssl command is missing");
      return;
    }
  answer = ask (fixture, "127.0.0.1", "good", TRUE, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (answer->status, ==, 200);
  expect_refused (fixture, "127.0.0.1", "good", FALSE, "certificate");
  /* It is for 127.0.0.1. */
  expect_refused (fixture, "localhost", "good", TRUE, "certificate");
  expect_refused (fixture, "127.0.0.1", "down", TRUE, "not safe");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/tls/certificates", Fixture, NULL, set_up, test_certificates,
              tear_down);
  return g_test_run ();
}
