/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* test-remote-servers.c: AUTOMATIC1111, ComfyUI and sd-server. */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "mock-client.h"
#include "remote/lists.h"
#include "remote/provider.h"

#define SIDE 64

static MockServer *mock;

/* A line to a service of the mock server, and a task for it. */
typedef struct
{
  PmtAccount *account;
  PmtRemoteCall call;
  PmtModel *model;
  PmtModelService service;
  PmtParams *params;
  PmtRemoteTask task;
  PmtRemoteJob *job;
  PmtRemoteReply *reply;
  gchar *key;
  gint n_sent;
  gint n_reports;
  gint n_previews;
  gint n_saves;
} Line;

static void
count_report (gdouble fraction, GBytes *preview, gpointer user_data)
{
  Line *line = user_data;

  if (fraction > PMT_REMOTE_SENT)
    g_atomic_int_inc (&line->n_reports);
  if (fraction == PMT_REMOTE_SENT)
    g_atomic_int_inc (&line->n_sent);
  if (preview != NULL)
    g_atomic_int_inc (&line->n_previews);
}

static gboolean
count_save (PmtRemoteJob *job, gpointer user_data, GError **error)
{
  Line *line = user_data;

  line->n_saves++;
  return TRUE;
}

static PmtAccount *
account_new (const PmtProvider *provider, const gchar *prefix)
{
  PmtAccount *account = g_new0 (PmtAccount, 1);

  account->id = g_strdup (provider->type);
  account->label = g_strdup (provider->label);
  account->provider = provider;
  account->base_url =
      g_strconcat (mock_server_get_url (mock, "mock"), prefix, NULL);
  account->auth_header = g_strdup (provider->auth_header);
  account->auth_prefix = g_strdup (provider->auth_prefix);
  return account;
}

static GBytes *
picture_new (void)
{
  const GeglRectangle extent = { 0, 0, SIDE, SIDE };
  const PmtPictureFormat format = PMT_PICTURE_FORMAT_INIT;
  g_autoptr (GeglBuffer) buffer =
      gegl_buffer_new (&extent, babl_format ("R'G'B' u8"));
  g_autoptr (GError) error = NULL;
  GBytes *bytes = pmt_picture_encode (buffer, &extent, &format, &error);

  g_assert_no_error (error);
  return bytes;
}

static GBytes *
mask_new (void)
{
  const GeglRectangle extent = { 0, 0, SIDE, SIDE };
  const GeglRectangle inside = { 16, 16, 32, 32 };
  const gfloat white = 1.0f;
  g_autoptr (GeglBuffer) buffer =
      gegl_buffer_new (&extent, babl_format ("Y float"));
  g_autoptr (GError) error = NULL;
  GBytes *bytes;

  gegl_buffer_set_color_from_pixel (buffer, &inside, &white,
                                    babl_format ("Y float"));
  bytes = pmt_mask_encode (buffer, &extent, PMT_MASK_WHITE, FALSE, &error);
  g_assert_no_error (error);
  return bytes;
}

static void
line_init (Line *line,
           const PmtProvider *provider,
           const gchar *prefix,
           PmtOperation operation)
{
  const PmtFault none = PMT_FAULT_INIT;

  *line = (Line){ 0 };
  line->account = account_new (provider, prefix);
  line->model = pmt_model_new ();
  line->model->sampler = g_strdup ("euler-a");
  line->service.type = (gchar *)provider->type;
  line->service.model = (gchar *)"";
  line->service.json = cJSON_CreateObject ();
  line->params = pmt_params_new ();
  pmt_params_set_string (line->params, "prompt", "a red boat");
  pmt_params_set_int (line->params, "steps", 5);
  line->key = g_strdup ("user:test-key-sdapi");
  line->call.http = pmt_http_new (&(PmtHttpOptions)PMT_HTTP_OPTIONS_INIT);
  line->call.account = line->account;
  line->call.key = provider->auth_header != NULL ? line->key : NULL;
  line->call.cancellable = g_cancellable_new ();
  line->call.fault = none;
  line->call.progress = count_report;
  line->call.progress_data = line;
  line->call.save = count_save;
  line->call.save_data = line;
  line->task.model = line->model;
  line->task.service = &line->service;
  line->task.model_name = "";
  line->task.operation = operation;
  line->task.params = line->params;
  line->task.seed = 42;
  line->task.n_images = 1;
  line->task.width = SIDE;
  line->task.height = SIDE;
  line->task.scale = 2.0;
  line->job = pmt_remote_job_new ();
  line->reply = pmt_remote_reply_new ();
  if (operation == PMT_OPERATION_GENERATE)
    return;
  line->task.image = picture_new ();
  g_assert_true (
      pmt_picture_read_head (line->task.image, &line->task.image_head));
  if (operation == PMT_OPERATION_FILL || operation == PMT_OPERATION_EXPAND)
    line->task.mask = mask_new ();
}

static void
line_clear (Line *line)
{
  if (line->account == NULL)
    return;
  pmt_account_free (line->account);
  pmt_http_unref (line->call.http);
  g_object_unref (line->call.cancellable);
  pmt_fault_clear (&line->call.fault);
  pmt_model_free (line->model);
  cJSON_Delete (line->service.json);
  pmt_params_free (line->params);
  pmt_remote_job_free (line->job);
  pmt_remote_reply_free (line->reply);
  g_clear_pointer (&line->task.image, g_bytes_unref);
  g_clear_pointer (&line->task.mask, g_bytes_unref);
  g_free (line->key);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Line, line_clear)

/* As the driver does it, without its patience. */
static gboolean
run (Line *line, GError **error)
{
  const PmtProvider *provider = line->account->provider;

  line->job->state = PMT_REMOTE_SENDING;
  if (!provider->submit (&line->call, &line->task, line->job, line->reply,
                         error))
    return FALSE;
  while (line->job->state == PMT_REMOTE_RUNNING)
    {
      g_usleep (20000);
      if (!provider->poll (&line->call, &line->task, line->job, error))
        return FALSE;
    }
  g_assert_cmpint (line->job->state, ==, PMT_REMOTE_DONE);
  if (line->reply->pictures->len > 0)
    return TRUE;
  return provider->fetch (&line->call, &line->task, line->job, line->reply,
                          error);
}

static void
assert_no_violations (void)
{
  g_autoptr (cJSON) list = mock_server_get (mock, "violations");
  g_autofree gchar *text = cJSON_Print (list);

  if (cJSON_GetArraySize (list) > 0)
    g_error ("violations: %s", text);
}

static void
assert_pictures (const Line *line, gint width, gint height)
{
  g_assert_cmpuint (line->reply->pictures->len, ==, line->task.n_images);
  for (guint i = 0; i < line->reply->pictures->len; i++)
    {
      const PmtRemotePicture *picture = line->reply->pictures->pdata[i];
      PmtPictureHead head;

      g_assert_true (pmt_picture_read_head (picture->bytes, &head));
      g_assert_cmpint (head.width, ==, width);
      g_assert_cmpint (head.height, ==, height);
      if (line->task.operation != PMT_OPERATION_UPSCALE
          && line->task.operation != PMT_OPERATION_ENHANCE)
        g_assert_cmpint (picture->seed, ==, 42 + i);
    }
}

/* ------------------------------------------------------------- operations */

typedef struct
{
  const PmtProvider *provider;
  const gchar *prefix;
} Service;

static const Service services[] = {
  { &pmt_provider_sdapi, "/sdapi" },
  { &pmt_provider_comfyui, "/comfy" },
  { &pmt_provider_sdserver, "/sdserver" },
};

static void
check_operation (const Service *service, PmtOperation operation, guint n)
{
  g_auto (Line) line = { 0 };
  g_autoptr (GError) error = NULL;
  const gboolean is_upscale = operation == PMT_OPERATION_UPSCALE;

  mock_server_post (mock, "reset", "{}");
  line_init (&line, service->provider, service->prefix, operation);
  line.task.n_images = n;
  if (is_upscale)
    line.task.width = line.task.height = 0;
  if (!run (&line, &error))
    g_error ("%s: %s", service->prefix, error->message);
  assert_pictures (&line, is_upscale ? 2 * SIDE : SIDE,
                   is_upscale ? 2 * SIDE : SIDE);
  g_assert_cmpint (line.n_saves, >=, 1);
  assert_no_violations ();
}

static void
test_operations (void)
{
  static const PmtOperation operations[] = { PMT_OPERATION_GENERATE,
                                             PMT_OPERATION_REIMAGINE,
                                             PMT_OPERATION_FILL,
                                             PMT_OPERATION_EXPAND };

  for (guint s = 0; s < G_N_ELEMENTS (services); s++)
    for (guint i = 0; i < G_N_ELEMENTS (operations); i++)
      check_operation (&services[s], operations[i], i == 0 ? 3 : 1);
  check_operation (&services[0], PMT_OPERATION_UPSCALE, 1);
  check_operation (&services[1], PMT_OPERATION_UPSCALE, 1);
  check_operation (&services[2], PMT_OPERATION_EDIT, 1);
}

static void
test_settings (void)
{
  for (guint s = 0; s < G_N_ELEMENTS (services); s++)
    {
      g_auto (Line) line = { 0 };
      g_autoptr (GError) error = NULL;

      mock_server_post (mock, "reset", "{}");
      line_init (&line, services[s].provider, services[s].prefix,
                 PMT_OPERATION_GENERATE);
      pmt_params_set_string (line.params, "sampler", "dpmpp-2m");
      pmt_params_set_string (line.params, "schedule", "karras");
      pmt_params_set_string (line.params, "lora", "film_grain:0.8");
      pmt_params_set_int (line.params, "clip-skip", 2);
      if (s < 2)
        pmt_params_set_string (line.params, "checkpoint", "SD_XL_base_1.0");
      if (!run (&line, &error))
        g_error ("%s: %s", services[s].prefix, error->message);
      assert_no_violations ();
    }
}

/* ---------------------------------------------------------------- refusals */

static guint
count_sent (const gchar *service)
{
  g_autofree gchar *submits =
      g_strdup_printf ("requests?service=%s&step=submit", service);
  g_autofree gchar *syncs =
      g_strdup_printf ("requests?service=%s&step=sync", service);
  g_autofree gchar *uploads =
      g_strdup_printf ("requests?service=%s&step=upload", service);

  return mock_server_get_size (mock, submits)
         + mock_server_get_size (mock, syncs)
         + mock_server_get_size (mock, uploads);
}

static void
check_refused (const Service *service, const gchar *param, const gchar *value)
{
  g_auto (Line) line = { 0 };
  g_autoptr (GError) error = NULL;

  mock_server_post (mock, "reset", "{}");
  line_init (&line, service->provider, service->prefix,
             PMT_OPERATION_REIMAGINE);
  pmt_params_set_string (line.params, param, value);
  g_assert_false (run (&line, &error));
  g_assert_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT);
  g_assert_cmpint (line.call.fault.kind, ==, PMT_FAULT_PARAMETER);
  g_assert_cmpstr (line.call.fault.param, ==, param);
  g_assert_cmpuint (count_sent (service->provider->type), ==, 0);
}

static void
test_refused (void)
{
  for (guint s = 0; s < G_N_ELEMENTS (services); s++)
    {
      check_refused (&services[s], "sampler", "gradient-estimation");
      check_refused (&services[s], "schedule", "kl-optimal");
      check_refused (&services[s], "lora", "no-such");
      check_refused (&services[s], "lora", "film_grain:x");
      check_refused (&services[s], "checkpoint", "no-such");
    }
}

/* ------------------------------------------------------------------ faults */

static PmtFaultClass
class_of (const gchar *name)
{
  static const struct
  {
    const gchar *name;
    PmtFaultClass kind;
  } classes[] = {
    { "auth", PMT_FAULT_KEY },
    { "invalid-parameter", PMT_FAULT_PARAMETER },
    { "rate-limit", PMT_FAULT_RATE_LIMIT },
    { "server", PMT_FAULT_SERVER },
    { "timeout", PMT_FAULT_TIMEOUT },
    { "too-large", PMT_FAULT_TOO_LARGE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (classes); i++)
    if (g_str_equal (classes[i].name, name))
      return classes[i].kind;
  g_error ("no class %s", name);
}

static void
check_fault (const Service *service, const gchar *class, guint variant)
{
  g_auto (Line) line = { 0 };
  g_autoptr (GError) error = NULL;

  mock_server_post (mock, "reset", "{}");
  mock_server_post (mock, "script",
                    "{\"service\": \"%s\", \"match\": {\"step\": [\"submit\", "
                    "\"sync\"]}, \"fault\": {\"error_class\": \"%s\", "
                    "\"variant\": %u}}",
                    service->provider->type, class, variant);
  line_init (&line, service->provider, service->prefix, PMT_OPERATION_GENERATE);
  if (run (&line, &error))
    g_error ("%s: no fault: %s %u", service->prefix, class, variant);
  g_test_message ("%s %s %u: %s", service->prefix, class, variant,
                  error->message);
  if (line.call.fault.kind != class_of (class))
    g_error ("%s %s %u: %s", service->prefix, class, variant, error->message);
}

static void
test_faults (void)
{
  g_autoptr (cJSON) list = mock_server_get (mock, "errors");
  const cJSON *entry;

  cJSON_ArrayForEach (entry, list)
  {
    const gchar *name = pmt_json_get_text (entry, "service");
    const gchar *class = pmt_json_get_text (entry, "class");
    const gint n = cJSON_GetArraySize (pmt_json_get (entry, "variants"));

    for (guint s = 0; s < G_N_ELEMENTS (services); s++)
      for (gint v = 0;
           g_strcmp0 (name, services[s].provider->type) == 0 && v < n; v++)
        check_fault (&services[s], class, (guint)v);
  }
}

/* Whatever comes, it ends with a picture or with an error. */
static void
test_hostile (void)
{
  static const gchar *const faults[] = {
    "\"json-deep\"",
    "\"json-truncated\"",
    "\"json-types\"",
    "{\"kind\": \"json-types\", \"variant\": 1}",
    "{\"kind\": \"json-types\", \"variant\": 2}",
    "\"json-empty\"",
    "\"html\"",
    "\"drop\"",
    "\"reset\"",
    "\"truncate\"",
    "\"drop-after\"",
    "\"empty\"",
    "{\"kind\": \"empty\", \"how\": \"none\"}"
  };

  for (guint s = 0; s < G_N_ELEMENTS (services); s++)
    for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
      {
        g_auto (Line) line = { 0 };
        g_autoptr (GError) error = NULL;

        mock_server_post (mock, "reset", "{}");
        mock_server_post (mock, "script",
                          "{\"service\": \"%s\", \"match\": {\"step\": "
                          "[\"submit\", \"sync\"]}, \"fault\": %s}",
                          services[s].provider->type, faults[i]);
        line_init (&line, services[s].provider, services[s].prefix,
                   PMT_OPERATION_GENERATE);
        if (run (&line, &error))
          g_assert_cmpuint (line.reply->pictures->len, ==, 1);
        else
          g_assert_nonnull (error);
        g_test_message ("%s %s: %s", services[s].prefix, faults[i],
                        error != NULL ? error->message : "a picture");
      }
}

/* ------------------------------------------------- progress and cancelling */

static void
test_progress (void)
{
  for (guint s = 0; s < 2; s++)
    {
      g_auto (Line) line = { 0 };
      g_autoptr (GError) error = NULL;

      mock_server_post (mock, "reset", "{}");
      mock_server_post (mock, "config", "{\"%s\": {\"job_seconds\": 2.5}}",
                        services[s].provider->type);
      line_init (&line, services[s].provider, services[s].prefix,
                 PMT_OPERATION_GENERATE);
      g_assert_true (run (&line, &error));
      g_assert_no_error (error);
      g_assert_cmpint (line.n_sent, >=, 1);
      g_assert_cmpint (line.n_reports, >=, 1);
      g_assert_cmpint (line.n_previews, >=, 1);
    }
}

static gpointer
cancel_soon (gpointer data)
{
  g_usleep (600000);
  g_cancellable_cancel (data);
  return NULL;
}

static void
check_cancelled (const Service *service)
{
  g_auto (Line) line = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GCancellable) old = NULL;
  g_autofree gchar *list = g_strdup_printf ("requests?service=%s&step=cancel",
                                            service->provider->type);
  const gint64 begun = g_get_monotonic_time ();
  GThread *thread;

  line_init (&line, service->provider, service->prefix, PMT_OPERATION_GENERATE);
  thread = g_thread_new ("cancel", cancel_soon, line.call.cancellable);
  g_assert_false (run (&line, &error));
  g_thread_join (thread);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (g_get_monotonic_time () - begun, <, 3 * G_USEC_PER_SEC);
  g_assert_true (line.job->state == PMT_REMOTE_SENDING
                 || line.job->state == PMT_REMOTE_RUNNING);
  old = g_steal_pointer (&line.call.cancellable);
  line.call.cancellable = g_cancellable_new ();
  service->provider->cancel (&line.call, line.job);
  g_assert_cmpuint (mock_server_get_size (mock, list), >=, 1);
}

static void
test_cancel (void)
{
  mock_server_post (mock, "reset", "{}");
  mock_server_post (mock, "config",
                    "{\"sdapi\": {\"job_seconds\": 6}, \"comfyui\": "
                    "{\"job_seconds\": 6}}");
  /* Here the task ends with the connection; servers go on, and the oldest ones
   * know no tasks. */
  mock_server_post (mock, "script",
                    "{\"service\": \"sdapi\", \"match\": {\"path\": "
                    "\"/internal/progress\"}, \"times\": -1, \"fault\": "
                    "{\"kind\": \"status\", \"code\": 404}}");
  check_cancelled (&services[0]);
  check_cancelled (&services[1]);
  mock_server_post (mock, "config", "{\"comfyui\": {\"jobs_api\": false}}");
  check_cancelled (&services[1]);
  mock_server_post (mock, "reset", "{}");
}

/* ----------------------------------------------------------------- sockets */

static void
test_sockets (void)
{
  static const gchar *const faults[] = {
    "\"ws-drop\"", "\"ws-garbage\"", "\"ws-fragment\"", "\"ws-ping\"",
    "{\"kind\": \"status\", \"code\": 404}"
  };

  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      g_auto (Line) line = { 0 };
      g_autoptr (GError) error = NULL;

      mock_server_post (mock, "reset", "{}");
      mock_server_post (mock, "config",
                        "{\"comfyui\": {\"job_seconds\": 0.5, "
                        "\"combo\": \"options\"}}");
      mock_server_post (mock, "script",
                        "{\"service\": \"comfyui\", \"match\": {\"step\": "
                        "\"socket\"}, \"fault\": %s}",
                        faults[i]);
      line_init (&line, &pmt_provider_comfyui, "/comfy", PMT_OPERATION_FILL);
      if (!run (&line, &error))
        g_error ("%s: %s", faults[i], error->message);
      assert_pictures (&line, SIDE, SIDE);
    }
}

/* What a server says about a file stays a value of the query. */
static void
test_file_names (void)
{
  g_auto (Line) line = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (cJSON) list = NULL;
  g_autofree gchar *text = NULL;

  mock_server_post (mock, "reset", "{}");
  mock_server_post (
      mock, "script",
      "{\"service\": \"comfyui\", \"match\": {\"path\": \"/history/x\"}, "
      "\"fault\": {\"kind\": \"status\", \"code\": 200, \"body\": {\"x\": "
      "{\"outputs\": {\"300\": {\"images\": [{\"filename\": "
      "\"../a&type=b#c\", \"subfolder\": \"/etc?x=%%20\", \"type\": "
      "\"output\"}]}}}}}}");
  line_init (&line, &pmt_provider_comfyui, "/comfy", PMT_OPERATION_GENERATE);
  line.job->id = g_strdup ("x");
  g_assert_false (pmt_provider_comfyui.fetch (&line.call, &line.task, line.job,
                                              line.reply, &error));
  g_assert_nonnull (error);
  list = mock_server_get (mock, "requests?service=comfyui&step=file");
  g_assert_cmpint (cJSON_GetArraySize (list), ==, 1);
  text = cJSON_PrintUnformatted (list);
  g_assert_nonnull (strstr (text, "..%2Fa%26type%3Db%23c"));
}

/* ------------------------------------------------------------------- lists */

static void
test_lists (void)
{
  g_autofree gchar *folder = g_dir_make_tmp ("pentimento-lists-XXXXXX", NULL);
  g_autofree gchar *file =
      g_build_filename (folder, "sdapi-checkpoint.json", NULL);
  g_auto (Line) line = { 0 };
  g_autoptr (GError) error = NULL;

  mock_server_post (mock, "reset", "{}");
  line_init (&line, &pmt_provider_sdapi, "/sdapi", PMT_OPERATION_GENERATE);
  line.call.cache_dir = folder;
  pmt_lists_forget (&line.call, NULL);
  for (guint i = 0; i < 3; i++)
    {
      g_auto (GStrv) names =
          pmt_provider_sdapi.list (&line.call, "checkpoint", &error);

      g_assert_no_error (error);
      g_assert_cmpuint (g_strv_length (names), ==, 3);
      g_assert_cmpuint (mock_server_get_size (mock, "requests?service=sdapi"),
                        ==, 1);
    }
  g_assert_true (g_file_test (file, G_FILE_TEST_IS_REGULAR));
  pmt_lists_forget (&line.call, "checkpoint");
  g_assert_false (g_file_test (file, G_FILE_TEST_EXISTS));
  g_rmdir (folder);
}

static void
test_death (void)
{
  for (guint s = 0; s < G_N_ELEMENTS (services); s++)
    {
      g_auto (Line) line = { 0 };
      g_autoptr (GError) error = NULL;

      mock_server_post (mock, "reset", "{}");
      mock_server_post (
          mock, "script",
          "{\"service\": \"%s\", \"fault\": {\"kind\": \"die-after-submit\"}}",
          services[s].provider->type);
      mock_server_post (mock, "config", "{\"job_seconds\": 1}");
      line_init (&line, services[s].provider, services[s].prefix,
                 PMT_OPERATION_GENERATE);
      if (!run (&line, &error))
        g_assert_cmpint (line.call.fault.kind, ==, PMT_FAULT_NETWORK);
      mock_server_post (mock, "revive", "{}");
    }
}

int
main (int argc, char *argv[])
{
  int result;

  g_test_init (&argc, &argv, NULL);
  gegl_init (NULL, NULL);
  mock = mock_server_start (NULL);
  if (mock == NULL)
    {
      g_print ("1..0 # SKIP python3 is missing\n");
      return 0;
    }
  g_test_add_func ("/remote-servers/operations", test_operations);
  g_test_add_func ("/remote-servers/settings", test_settings);
  g_test_add_func ("/remote-servers/refused", test_refused);
  g_test_add_func ("/remote-servers/faults", test_faults);
  g_test_add_func ("/remote-servers/hostile", test_hostile);
  g_test_add_func ("/remote-servers/progress", test_progress);
  g_test_add_func ("/remote-servers/cancel", test_cancel);
  g_test_add_func ("/remote-servers/sockets", test_sockets);
  g_test_add_func ("/remote-servers/file-names", test_file_names);
  g_test_add_func ("/remote-servers/lists", test_lists);
  g_test_add_func ("/remote-servers/death", test_death);
  result = g_test_run ();
  mock_server_stop (mock);
  gegl_exit ();
  return result;
}
