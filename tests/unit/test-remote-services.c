/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* test-remote-services.c: what providers say to services, and hear. */
#include "config.h"

#include <string.h>

#include "remote/event-stream.h"
#include "remote/prompt-flags.h"

#include "service-client.h"

static MockServer *server;

/* ------------------------------------------------------------- good weather */

typedef struct
{
  const gchar *model;
  const gchar *type;
  const gchar *prefix;
  PmtOperation operation;
  guint n_pictures;
} Way;

/* Every model with everything that it does. */
static const Way ways[] = {
  { "gpt-image", "openai", "/openai", PMT_OPERATION_GENERATE, 1 },
  { "gpt-image", "openai", "/openai/v1", PMT_OPERATION_FILL, 1 },
  { "gpt-image", "openai", "/openai", PMT_OPERATION_EXPAND, 1 },
  { "gpt-image", "openai", "/openai", PMT_OPERATION_EDIT, 1 },
  { "gpt-image-2", "openai", "/openai", PMT_OPERATION_GENERATE, 1 },
  { "gpt-image-2", "openai", "/openai", PMT_OPERATION_FILL, 1 },
  { "gemini-image", "gemini", "/gemini", PMT_OPERATION_GENERATE, 1 },
  { "gemini-image", "gemini", "/gemini", PMT_OPERATION_EDIT, 1 },
  { "gemini-image-pro", "gemini", "/gemini", PMT_OPERATION_GENERATE, 1 },
  { "gemini-image-pro", "gemini", "/gemini", PMT_OPERATION_EDIT, 1 },
  { "flux-2-pro", "bfl", "/bfl", PMT_OPERATION_GENERATE, 1 },
  { "flux-2-pro", "bfl", "/bfl", PMT_OPERATION_EDIT, 1 },
  { "flux-fill", "bfl", "/bfl", PMT_OPERATION_FILL, 1 },
  { "flux-expand", "bfl", "/bfl", PMT_OPERATION_EXPAND, 1 },
  { "flux-fill", "fal", "/fal", PMT_OPERATION_FILL, 1 },
  { "stability-core", "stability", "/stability", PMT_OPERATION_GENERATE, 1 },
  { "stability-ultra", "stability", "/stability", PMT_OPERATION_GENERATE, 1 },
  { "stability-sd3", "stability", "/stability", PMT_OPERATION_GENERATE, 1 },
  { "stability-inpaint", "stability", "/stability", PMT_OPERATION_FILL, 1 },
  { "stability-erase", "stability", "/stability", PMT_OPERATION_REMOVE, 1 },
  { "stability-outpaint", "stability", "/stability", PMT_OPERATION_EXPAND, 1 },
  { "stability-replace", "stability", "/stability", PMT_OPERATION_EDIT, 1 },
  { "stability-upscale", "stability", "/stability", PMT_OPERATION_UPSCALE, 1 },
  { "stability-upscale-conservative", "stability", "/stability",
    PMT_OPERATION_UPSCALE, 1 },
  { "stability-upscale-creative", "stability", "/stability",
    PMT_OPERATION_UPSCALE, 1 },
  { "topaz-labs", "topaz", "/topaz", PMT_OPERATION_ENHANCE, 1 },
  { "topaz-labs", "topaz", "/topaz", PMT_OPERATION_UPSCALE, 1 },
  { "legnext", "legnext", "/legnext/api", PMT_OPERATION_GENERATE, 4 },
  { "legnext", "legnext", "/legnext/api", PMT_OPERATION_FILL, 4 },
  { "legnext", "legnext", "/legnext/api", PMT_OPERATION_EXPAND, 4 },
};

/* One way for each service, for everything that may go wrong. */
static const Way services[] = {
  { "gpt-image", "openai", "/openai", PMT_OPERATION_FILL, 1 },
  { "gemini-image", "gemini", "/gemini", PMT_OPERATION_EDIT, 1 },
  { "flux-fill", "bfl", "/bfl", PMT_OPERATION_FILL, 1 },
  { "stability-inpaint", "stability", "/stability", PMT_OPERATION_FILL, 1 },
  { "stability-upscale-creative", "stability", "/stability",
    PMT_OPERATION_UPSCALE, 1 },
  { "topaz-labs", "topaz", "/topaz", PMT_OPERATION_UPSCALE, 1 },
  { "legnext", "legnext", "/legnext/api", PMT_OPERATION_GENERATE, 4 },
};

static void
assert_clean (const gchar *what)
{
  g_autoptr (cJSON) violations = mock_server_get (server, "violations");
  g_autoptr (cJSON) leaks = mock_server_get (server, "leaks");

  if (cJSON_GetArraySize (violations) > 0 || cJSON_GetArraySize (leaks) > 0)
    g_error ("%s: %s%s", what, cJSON_Print (violations), cJSON_Print (leaks));
}

static ServiceClient *
client_new (const Way *way)
{
  return service_client_new (server, way->type, way->type, way->prefix);
}

static void
test_way (gconstpointer data)
{
  const Way *way = data;
  g_autoptr (ServiceClient) client = client_new (way);
  g_autoptr (ServiceTask) task =
      service_task_new (way->model, way->type, way->operation);
  g_autoptr (PmtRemoteReply) reply = pmt_remote_reply_new ();
  g_autoptr (GError) error = NULL;

  mock_server_post (server, "reset", "{}");
  if (way->operation == PMT_OPERATION_GENERATE)
    task->task.width = task->task.height = 1024;
  service_client_run (client, task, reply, &error);
  g_assert_no_error (error);
  assert_clean (way->model);
  g_assert_cmpuint (reply->pictures->len, ==, way->n_pictures);
  g_assert_cmpuint (client->n_kept, >=, 1);
  if (client->account.provider->poll != NULL && client->job->id != NULL)
    g_assert_cmpstr (client->kept_id, ==, client->job->id);
  for (guint i = 0; i < reply->pictures->len; i++)
    {
      const PmtRemotePicture *picture = reply->pictures->pdata[i];
      PmtPictureHead head;

      g_assert_true (pmt_picture_read_head (picture->bytes, &head));
    }
}

/* --------------------------------------------------------------- bad weather */

static PmtFaultClass
find_class (const gchar *name)
{
  static const struct
  {
    const gchar *name;
    PmtFaultClass kind;
  } classes[] = {
    { "cancelled", PMT_FAULT_CANCELLED },
    { "network", PMT_FAULT_NETWORK },
    { "timeout", PMT_FAULT_TIMEOUT },
    { "credits", PMT_FAULT_CREDITS },
    { "content-filter", PMT_FAULT_CONTENT },
    { "rate-limit", PMT_FAULT_RATE_LIMIT },
    { "too-large", PMT_FAULT_TOO_LARGE },
    { "auth", PMT_FAULT_KEY },
    { "invalid-parameter", PMT_FAULT_PARAMETER },
    { "server", PMT_FAULT_SERVER },
  };

  for (guint i = 0; i < G_N_ELEMENTS (classes); i++)
    if (g_strcmp0 (classes[i].name, name) == 0)
      return classes[i].kind;
  g_error ("the mock server has a class “%s”", name);
}

/* What is said of one variant of one class. */
static void
check_variant (const Way *way, const gchar *name, guint variant)
{
  g_autoptr (ServiceClient) client = client_new (way);
  g_autoptr (ServiceTask) task =
      service_task_new (way->model, way->type, way->operation);
  g_autoptr (PmtRemoteReply) reply = pmt_remote_reply_new ();
  g_autoptr (GError) error = NULL;

  mock_server_post (server, "reset", "{}");
  mock_server_post (server, "script",
                    "{\"service\":\"%s\",\"fault\":{\"error_class\":\"%s\","
                    "\"variant\":%u},\"times\":5}",
                    way->type, name, variant);
  g_test_message ("%s %s %u", way->type, name, variant);
  if (service_client_run (client, task, reply, &error))
    g_error ("%s %s %u is no failure", way->type, name, variant);
  g_assert_nonnull (error);
  if (client->call.fault.kind != find_class (name))
    g_error ("%s %s %u is taken for %d: %s", way->type, name, variant,
             client->call.fault.kind, error->message);
  if (variant == 0 && g_str_equal (name, "rate-limit"))
    g_assert_cmpfloat (client->call.fault.retry_after, ==, 1.0);
  if (variant == 0 && g_str_equal (name, "invalid-parameter")
      && !g_str_equal (way->type, "legnext"))
    g_assert_cmpstr (client->call.fault.param, ==, "prompt");
  g_assert_null (strstr (error->message, client->key));
}

static void
test_errors (gconstpointer data)
{
  const Way *way = data;
  g_autoptr (cJSON) errors = mock_server_get (server, "errors");
  const cJSON *entry;

  cJSON_ArrayForEach (entry, errors)
  {
    const gchar *name = pmt_json_get_text (entry, "class");

    if (g_strcmp0 (pmt_json_get_text (entry, "service"), way->type) != 0)
      continue;
    for (int i = 0; i < cJSON_GetArraySize (pmt_json_get (entry, "variants"));
         i++)
      check_variant (way, name, (guint)i);
  }
}

/* Whatever the answers: an error, or a result, and an end. */
static void
check_fault (const Way *way, const gchar *fault, const gchar *step)
{
  g_autoptr (ServiceClient) client = client_new (way);
  g_autoptr (ServiceTask) task =
      service_task_new (way->model, way->type, way->operation);
  g_autoptr (PmtRemoteReply) reply = pmt_remote_reply_new ();
  g_autoptr (GError) error = NULL;
  gboolean is_ok;

  mock_server_post (server, "reset", "{}");
  mock_server_post (server, "script",
                    "{\"service\":\"%s\",\"match\":{\"step\":%s},"
                    "\"fault\":%s,\"times\":100}",
                    way->type, step, fault);
  g_test_message ("%s %s %s", way->type, step, fault);
  is_ok = service_client_run (client, task, reply, &error);
  g_assert_true (is_ok == (error == NULL));
  g_assert_true (is_ok == (client->call.fault.kind == PMT_FAULT_NONE));
  if (is_ok)
    g_assert_cmpuint (reply->pictures->len, >, 0);
  g_assert_cmpuint (mock_server_get_size (server, "leaks"), ==, 0);
}

static void
test_hostile (gconstpointer data)
{
  static const gchar *const faults[] = {
    "{\"kind\":\"json-types\",\"variant\":0}",
    "{\"kind\":\"json-types\",\"variant\":1}",
    "{\"kind\":\"json-types\",\"variant\":2}",
    "{\"kind\":\"json-empty\",\"variant\":0}",
    "{\"kind\":\"json-empty\",\"variant\":1}",
    "{\"kind\":\"json-empty\",\"variant\":2}",
    "{\"kind\":\"json-empty\",\"variant\":3}",
    "{\"kind\":\"json-deep\",\"variant\":0}",
    "{\"kind\":\"json-deep\",\"variant\":1}",
    "\"json-truncated\"",
    "\"html\"",
    "{\"kind\":\"html\",\"code\":200}",
    "{\"kind\":\"empty\",\"how\":\"list\"}",
    "{\"kind\":\"empty\",\"how\":\"none\"}",
  };
  const Way *way = data;

  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      check_fault (way, faults[i], "[\"submit\",\"sync\"]");
      check_fault (way, faults[i], "[\"poll\",\"result\"]");
    }
}

static void
test_refused (gconstpointer data)
{
  const Way *way = data;
  g_autoptr (ServiceClient) client = client_new (way);
  g_autoptr (ServiceTask) task =
      service_task_new (way->model, way->type, way->operation);
  g_autoptr (PmtRemoteReply) reply = pmt_remote_reply_new ();
  g_autoptr (GError) error = NULL;

  /* Neither has a filter of its own. */
  if (g_str_equal (way->type, "topaz") || g_str_equal (way->type, "openai"))
    {
      g_test_skip ("the mock server refuses otherwise");
      return;
    }
  mock_server_post (server, "reset", "{}");
  mock_server_script (server, way->type, "\"nsfw\"");
  g_assert_false (service_client_run (client, task, reply, &error));
  g_assert_cmpint (client->call.fault.kind, ==, PMT_FAULT_CONTENT);
  g_assert_cmpint (client->job->state, !=, PMT_REMOTE_RUNNING);
  assert_clean (way->type);
}

static void
test_account (gconstpointer data)
{
  const Way *way = data;
  g_autoptr (ServiceClient) client = client_new (way);
  const PmtProvider *provider = client->account.provider;
  g_autoptr (GError) error = NULL;
  gdouble amount = -1.0;

  mock_server_post (server, "reset", "{}");
  provider->check (&client->call, &error);
  g_assert_no_error (error);
  if (provider->balance != NULL)
    {
      provider->balance (&client->call, &amount, &error);
      g_assert_no_error (error);
      g_assert_cmpfloat (amount, >, 0.0);
    }
  if (provider->list != NULL)
    {
      g_auto (GStrv) names = provider->list (&client->call, "model", &error);

      g_assert_no_error (error);
      g_assert_cmpuint (g_strv_length (names), >, 1);
    }
  assert_clean (way->type);
  client->call.key = "wrong";
  g_assert_false (provider->check (&client->call, NULL));
  g_assert_cmpint (client->call.fault.kind, ==, PMT_FAULT_KEY);
}

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
  assert_clean ("cancel");
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
  assert_clean ("foreign poll");
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
  assert_clean ("previews");
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
  assert_clean ("urls");
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
  assert_clean ("localai");
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
  g_assert_cmpstr (pmt_json_get_text (body, "text"), ==,
                   "a boat --s 250 --c 5 --no fog, rain --weird 20 --quality 2 "
                   "--tile --seed 7 --ar 16:9");
  g_assert_cmpint (((PmtRemotePicture *)reply->pictures->pdata[0])->seed, ==,
                   7);
  assert_clean ("flags");
}

static void
test_flags (void)
{
  g_assert_true (pmt_prompt_flags_has ("a --ar 1:1", "--ar"));
  g_assert_true (pmt_prompt_flags_has ("a --aspect 1:1", "--ar"));
  g_assert_true (pmt_prompt_flags_has ("a \xe2\x80\x94s 5", "--stylize"));
  g_assert_true (pmt_prompt_flags_has ("a --Niji 6", "--v"));
  g_assert_false (pmt_prompt_flags_has ("a -- ar, ar --no ar", "--ar"));
  g_assert_false (pmt_prompt_flags_has ("", "--ar"));
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
add_services (const gchar *name, GTestDataFunc func)
{
  for (guint i = 0; i < G_N_ELEMENTS (services); i++)
    {
      g_autofree gchar *path =
          g_strdup_printf ("/remote-services/%s/%s", name, services[i].model);

      g_test_add_data_func (path, &services[i], func);
    }
}

static void
add_all (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (ways); i++)
    {
      g_autofree gchar *path = g_strdup_printf (
          "/remote-services/way/%s/%s/%s", ways[i].type, ways[i].model,
          pmt_operation_to_string (ways[i].operation));

      g_test_add_data_func (path, &ways[i], test_way);
    }
  add_services ("errors", test_errors);
  add_services ("hostile", test_hostile);
  add_services ("refused", test_refused);
  add_services ("account", test_account);
  g_test_add_func ("/remote-services/cancel", test_cancel);
  g_test_add_func ("/remote-services/foreign-poll", test_foreign_poll);
  g_test_add_func ("/remote-services/previews", test_previews);
  g_test_add_func ("/remote-services/urls", test_urls);
  g_test_add_func ("/remote-services/localai", test_localai);
  g_test_add_func ("/remote-services/too-large", test_too_large);
  g_test_add_func ("/remote-services/flags/sent", test_flags_sent);
}

int
main (int argc, char **argv)
{
  int status;

  gegl_init (NULL, NULL);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/remote-services/flags", test_flags);
  g_test_add_func ("/remote-services/events", test_events);
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
