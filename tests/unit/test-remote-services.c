/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* test-remote-services.c: what providers say to services, and hear. */
#include "config.h"

#include <string.h>

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
  service_assert_clean (server, way->model);
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
  service_assert_clean (server, way->type);
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
  service_assert_clean (server, way->type);
  client->call.key = "wrong";
  g_assert_false (provider->check (&client->call, NULL));
  g_assert_cmpint (client->call.fault.kind, ==, PMT_FAULT_KEY);
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
}

int
main (int argc, char **argv)
{
  int status;

  gegl_init (NULL, NULL);
  g_test_init (&argc, &argv, NULL);
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
