/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* test-remote-answers.c: what single services have of their own. */
#include "config.h"

#include "remote/event-stream.h"
#include "remote/prompt-flags.h"

#include "service-client.h"

static MockServer *server;

/* ------------------------------------------------------------ single services */

static void
test_cancel (void)
{
  g_autoptr (ServiceClient) client =
      service_client_new (server, "topaz", "topaz", "/topaz");
  g_autoptr (ServiceTask) task =
      service_task_new ("topaz-labs", "topaz", PMT_OPERATION_ENHANCE);
  g_autoptr (PmtRemoteReply) reply = pmt_remote_reply_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (cJSON) jobs = NULL;

  mock_server_post (server, "reset", "{}");
  mock_server_post (server, "config", "{\"job_seconds\":30}");
  client->account.provider->submit (&client->call, &task->task, client->job,
                                    reply, &error);
  g_assert_no_error (error);
  client->account.provider->cancel (&client->call, client->job);
  jobs = mock_server_get (server, "jobs");
  g_assert_cmpstr (pmt_json_get_text (jobs, "0.state"), ==, "cancelled");
  g_assert_false (client->account.provider->poll (&client->call, &task->task,
                                                  client->job, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (client->job->state, ==, PMT_REMOTE_CANCELLED);
  service_assert_clean (server, "cancel");
}

/* The address for polling is on a machine that must not see the key. */
static void
test_foreign_poll (void)
{
  g_autoptr (ServiceClient) client =
      service_client_new (server, "bfl", "bfl", "/bfl");
  g_autoptr (ServiceTask) task =
      service_task_new ("flux-fill", "bfl", PMT_OPERATION_FILL);
  g_autoptr (PmtRemoteReply) reply = pmt_remote_reply_new ();
  g_autoptr (GError) error = NULL;

  mock_server_post (server, "reset", "{}");
  mock_server_post (server, "config", "{\"bfl\":{\"polling\":\"other\"}}");
  g_assert_false (service_client_run (client, task, reply, &error));
  g_assert_cmpint (client->call.fault.kind, ==, PMT_FAULT_SERVER);
  g_assert_cmpint (client->job->state, ==, PMT_REMOTE_FAILED);
  g_assert_nonnull (client->kept_id);
  service_assert_clean (server, "foreign poll");
}

static void
test_previews (void)
{
  g_autoptr (ServiceClient) client =
      service_client_new (server, "openai", "openai", "/openai");
  g_autoptr (ServiceTask) task =
      service_task_new ("gpt-image", "openai", PMT_OPERATION_GENERATE);
  g_autoptr (PmtRemoteReply) reply = pmt_remote_reply_new ();
  g_autoptr (GError) error = NULL;

  mock_server_post (server, "reset", "{}");
  pmt_params_set_int (task->params, "previews", 2);
  service_client_run (client, task, reply, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (client->n_previews, ==, 2);
  g_assert_cmpuint (reply->pictures->len, ==, 1);
  g_assert_cmpfloat (client->job->cost, ==, 1100.0);
  service_assert_clean (server, "previews");
}

static void
test_urls (void)
{
  g_autoptr (ServiceClient) client =
      service_client_new (server, "openai", "openai", "/openai");
  g_autoptr (ServiceTask) task =
      service_task_new ("gpt-image", "openai", PMT_OPERATION_GENERATE);
  g_autoptr (PmtRemoteReply) reply = pmt_remote_reply_new ();
  g_autoptr (GError) error = NULL;

  mock_server_post (server, "reset", "{}");
  mock_server_post (server, "config", "{\"openai\":{\"answer\":\"url\"}}");
  task->task.n_images = 3;
  service_client_run (client, task, reply, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (reply->pictures->len, ==, 3);
  service_assert_clean (server, "urls");
}

static void
test_localai (void)
{
  g_autoptr (ServiceClient) client =
      service_client_new (server, "localai", "openai", "/openai");
  g_autoptr (ServiceTask) task =
      service_task_new ("localai", "localai", PMT_OPERATION_GENERATE);
  g_autoptr (ServiceTask) fill =
      service_task_new ("localai", "localai", PMT_OPERATION_FILL);
  g_autoptr (PmtRemoteReply) reply = pmt_remote_reply_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (cJSON) body = NULL;

  mock_server_post (server, "reset", "{}");
  mock_server_post (server, "config", "{\"openai\":{\"imitator\":true}}");
  pmt_params_set_string (task->params, "negative-prompt", "fog");
  service_client_run (client, task, reply, &error);
  g_assert_no_error (error);
  body = service_client_last (client, "sync");
  g_assert_cmpstr (pmt_json_get_text (body, "prompt"), ==, "a red boat|fog");
  service_client_run (client, fill, reply, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (reply->pictures->len, ==, 2);
  service_assert_clean (server, "localai");
}

static void
test_too_large (void)
{
  g_autoptr (ServiceClient) client =
      service_client_new (server, "gemini", "gemini", "/gemini");
  g_autoptr (ServiceTask) task =
      service_task_new ("gemini-image", "gemini", PMT_OPERATION_EDIT);
  g_autoptr (PmtRemoteReply) reply = pmt_remote_reply_new ();
  const gsize length = (gsize)16 << 20;

  mock_server_post (server, "reset", "{}");
  g_bytes_unref (task->task.image);
  task->task.image = g_bytes_new_take (g_malloc0 (length), length);
  g_assert_false (service_client_run (client, task, reply, NULL));
  g_assert_cmpint (client->call.fault.kind, ==, PMT_FAULT_TOO_LARGE);
  g_assert_cmpstr (client->call.fault.limit, ==, "20 MB");
  g_assert_cmpuint (mock_server_get_size (server, "requests"), ==, 0);
}

/* ----------------------------------------------------------------- flags */

static void
test_flags_sent (void)
{
  g_autoptr (ServiceClient) client =
      service_client_new (server, "legnext", "legnext", "/legnext/api");
  g_autoptr (ServiceTask) task =
      service_task_new ("legnext", "legnext", PMT_OPERATION_GENERATE);
  g_autoptr (PmtRemoteReply) reply = pmt_remote_reply_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (cJSON) body = NULL;

  mock_server_post (server, "reset", "{}");
  task->task.width = 1920;
  task->task.height = 1080;
  pmt_params_set_string (task->params, "prompt", "a boat --s 250 --c 5");
  pmt_params_set_int (task->params, "stylize", 700);
  pmt_params_set_int (task->params, "weird", 20);
  pmt_params_set_string (task->params, "quality", "2");
  pmt_params_set_bool (task->params, "tile", TRUE);
  pmt_params_set_string (task->params, "negative-prompt", "fog, rain");
  service_client_run (client, task, reply, &error);
  g_assert_no_error (error);
  body = service_client_last (client, "submit");
  g_assert_cmpstr (
      pmt_json_get_text (body, "text"), ==,
      "a boat --ar 16:9 --quality 2 --stylize 250 --chaos 5 --weird "
      "20 --tile --seed 7 --no fog, rain");
  g_assert_cmpint (((PmtRemotePicture *)reply->pictures->pdata[0])->seed, ==,
                   7);
  service_assert_clean (server, "flags");
}

/* check_flags: what is sent for a prompt and settings; NULL: refused. */
static void
check_flags (const gchar *prompt, const gchar *settings, const gchar *sent)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (cJSON) body = cJSON_Parse (settings);
  g_autofree gchar *text = pmt_prompt_flags_join (prompt, body, &error);

  g_assert_nonnull (body);
  g_assert_cmpstr (text, ==, sent);
  g_assert_true ((text == NULL) == (error != NULL));
}

static void
test_flags (void)
{
  check_flags ("a", "{\"--ar\": \"1920:1080\"}", "a --ar 16:9");
  check_flags ("a --ar 1:1", "{\"--ar\": \"16:9\"}", "a --ar 1:1");
  check_flags ("a --aspect 1:1", "{\"--ar\": \"16:9\"}", "a --ar 1:1");
  check_flags ("a \xe2\x80\x94s 5", "{\"--stylize\": \"9\"}", "a --stylize 5");
  check_flags ("a --Niji 6", "{\"--v\": \"7\"}", "a --niji 6");
  check_flags ("a --fast", "{\"--turbo\": true}", "a --fast");
  check_flags ("a", "{\"--turbo\": true, \"--tile\": false}", "a --turbo");
  check_flags ("a -- ar, ar --no ar", "{\"--ar\": \"2:3\"}",
               "a -- ar, ar --ar 2:3 --no ar");
  check_flags ("", "{\"--no\": \"fog,\\nrain\"}", "--no fog, rain");
  check_flags ("a", "{\"--no\": \"\", \"text\": \"b\"}", "a");
  check_flags ("a", "{\"--niji\": \"6\", \"--draft\": true}", NULL);
}

/* ---------------------------------------------------------------- events */

static void
take_event (const gchar *data, gpointer user_data)
{
  g_string_append_printf (user_data, "[%s]", data);
}

/* The same events, wherever the pieces end. */
static void
test_events (void)
{
  static const gchar text[] = "event: a\r\ndata: one\r\n\r\n: comment\n"
                              "data:two\ndata: three\n\nid: 5\n\ndata: four";

  for (gsize step = 1; step < sizeof text; step++)
    {
      g_autoptr (GString) seen = g_string_new (NULL);
      g_autoptr (PmtEventStream) stream =
          pmt_event_stream_new (take_event, seen);

      for (gsize i = 0; i < sizeof text - 1; i += step)
        pmt_event_stream_feed (stream, text + i,
                               MIN (step, sizeof text - 1 - i));
      pmt_event_stream_end (stream);
      g_assert_cmpstr (seen->str, ==, "[one][two\nthree][four]");
    }
}

static void
add_all (void)
{
  g_test_add_func ("/remote-answers/cancel", test_cancel);
  g_test_add_func ("/remote-answers/foreign-poll", test_foreign_poll);
  g_test_add_func ("/remote-answers/previews", test_previews);
  g_test_add_func ("/remote-answers/urls", test_urls);
  g_test_add_func ("/remote-answers/localai", test_localai);
  g_test_add_func ("/remote-answers/too-large", test_too_large);
  g_test_add_func ("/remote-answers/flags/sent", test_flags_sent);
}

int
main (int argc, char **argv)
{
  int status;

  gegl_init (NULL, NULL);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/remote-answers/flags", test_flags);
  g_test_add_func ("/remote-answers/events", test_events);
  server = mock_server_start (NULL);
  if (server != NULL)
    add_all ();
  else
    g_test_message ("there is no Python 3: services are not tried");
  status = g_test_run ();
  mock_server_stop (server);
  gegl_exit ();
  return status;
}
