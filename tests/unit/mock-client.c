/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* mock-client.c: starts tests/mock/mock-server and talks to it. */
#include "config.h"

#include "mock-client.h"

#include <string.h>

struct _MockServer
{
  GSubprocess *process;
  GHashTable *urls;
  gchar *ca;
};

/* ------------------------------------------------------------------ start */

/* "mock: URL", "listen: SERVICE URL", "tls: URL ca=PATH". */
static void
take_line (MockServer *server, const gchar *line)
{
  g_auto (GStrv) words = g_strsplit (line, " ", 3);
  const gboolean is_listen = g_str_equal (words[0], "listen:");
  const gchar *name = is_listen ? words[1] : words[0];
  const gchar *url = words[1] != NULL && is_listen ? words[2] : words[1];
  const gchar *ca = strstr (line, " ca=");

  g_assert_nonnull (url);
  g_hash_table_insert (server->urls,
                       is_listen ? g_strdup (name)
                                 : g_strndup (name, strlen (name) - 1),
                       g_strdup (url));
  if (ca == NULL)
    return;
  g_free (server->ca);
  server->ca = g_strdup (ca + strlen (" ca="));
}

static void
read_lines (MockServer *server)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDataInputStream) lines =
      g_data_input_stream_new (g_subprocess_get_stdout_pipe (server->process));

  g_filter_input_stream_set_close_base_stream (G_FILTER_INPUT_STREAM (lines),
                                               FALSE);
  for (;;)
    {
      g_autofree gchar *line =
          g_data_input_stream_read_line (lines, NULL, NULL, &error);

      g_assert_no_error (error);
      if (line == NULL)
        g_error ("the mock server did not start");
      if (g_str_equal (line, "ready"))
        return;
      take_line (server, line);
    }
}

MockServer *
mock_server_start (const gchar *const *arguments)
{
  g_autofree gchar *python = g_find_program_in_path ("python3");
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) argv = NULL;
  g_autoptr (GError) error = NULL;
  MockServer *server;

  if (python == NULL)
    return NULL;
  g_assert_nonnull (g_getenv ("PENTIMENTO_TEST_MOCK"));
  g_strv_builder_add (builder, python);
  g_strv_builder_add (builder, g_getenv ("PENTIMENTO_TEST_MOCK"));
  for (guint i = 0; arguments != NULL && arguments[i] != NULL; i++)
    g_strv_builder_add (builder, arguments[i]);
  argv = g_strv_builder_end (builder);
  server = g_new0 (MockServer, 1);
  server->urls =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  server->process = g_subprocess_newv (
      (const gchar *const *)argv,
      G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error);
  g_assert_no_error (error);
  read_lines (server);
  return server;
}

/* It ends when its standard input does. */
void
mock_server_stop (MockServer *server)
{
  if (server == NULL)
    return;
  g_output_stream_close (g_subprocess_get_stdin_pipe (server->process), NULL,
                         NULL);
  g_subprocess_wait (server->process, NULL, NULL);
  g_object_unref (server->process);
  g_hash_table_unref (server->urls);
  g_free (server->ca);
  g_free (server);
}

const gchar *
mock_server_get_url (MockServer *server, const gchar *name)
{
  const gchar *url = g_hash_table_lookup (server->urls, name);

  if (url == NULL)
    g_error ("the mock server has no address “%s”", name);
  return url;
}

const gchar *
mock_server_get_ca (MockServer *server)
{
  return server->ca;
}

/* ------------------------------------------------------------------- talk */

/* Without the client that is tested. */
static gchar *
exchange (MockServer *server, const gchar *request)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) connection = NULL;
  g_autoptr (GDataInputStream) input = NULL;
  const gchar *url = mock_server_get_url (server, "control");
  gsize length = 0;
  gchar *body;

  g_socket_client_set_enable_proxy (client, FALSE);
  connection = g_socket_client_connect_to_host (
      client, url + strlen ("http://"), 80, NULL, &error);
  g_assert_no_error (error);
  g_output_stream_write_all (
      g_io_stream_get_output_stream (G_IO_STREAM (connection)), request,
      strlen (request), NULL, NULL, &error);
  g_assert_no_error (error);
  input = g_data_input_stream_new (
      g_io_stream_get_input_stream (G_IO_STREAM (connection)));
  g_data_input_stream_set_newline_type (input,
                                        G_DATA_STREAM_NEWLINE_TYPE_CR_LF);
  for (;;)
    {
      g_autofree gchar *line =
          g_data_input_stream_read_line (input, NULL, NULL, &error);

      g_assert_no_error (error);
      g_assert_nonnull (line);
      if (*line == '\0')
        break;
      if (g_ascii_strncasecmp (line, "content-length:", 15) == 0)
        length = g_ascii_strtoull (line + 15, NULL, 10);
    }
  body = g_malloc0 (length + 1);
  g_input_stream_read_all (G_INPUT_STREAM (input), body, length, NULL, NULL,
                           &error);
  g_assert_no_error (error);
  return body;
}

static cJSON *
ask (MockServer *server,
     const gchar *method,
     const gchar *name,
     const gchar *body)
{
  g_autofree gchar *request = g_strdup_printf (
      "%s /__mock/%s HTTP/1.1\r\nHost: mock\r\nContent-Type: application/json"
      "\r\nContent-Length: %zu\r\n\r\n%s",
      method, name, strlen (body), body);
  g_autofree gchar *answer = exchange (server, request);
  cJSON *json = cJSON_Parse (answer);
  const cJSON *fault = cJSON_GetObjectItemCaseSensitive (json, "error");

  if (json == NULL)
    g_error ("the mock server answers “%s” to %s", answer, name);
  if (cJSON_IsString (fault))
    g_error ("the mock server says to %s: %s", name, fault->valuestring);
  return json;
}

cJSON *
mock_server_get (MockServer *server, const gchar *name)
{
  return ask (server, "GET", name, "");
}

guint
mock_server_get_size (MockServer *server, const gchar *name)
{
  g_autoptr (cJSON) json = mock_server_get (server, name);

  return (guint)cJSON_GetArraySize (json);
}

void
mock_server_post (MockServer *server,
                  const gchar *name,
                  const gchar *format,
                  ...)
{
  g_autofree gchar *body = NULL;
  va_list arguments;

  va_start (arguments, format);
  body = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  cJSON_Delete (ask (server, "POST", name, body));
}

void
mock_server_script (MockServer *server,
                    const gchar *service,
                    const gchar *fault)
{
  mock_server_post (server, "script", "{\"service\": \"%s\", \"fault\": %s}",
                    service, fault);
}
