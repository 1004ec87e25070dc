/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* test-remote-queue.c: the jobs API, fal.ai and Replicate. */
#include "config.h"

#include <string.h>

#include "service-client.h"

#define REPLICATE "../../tests/fixtures/catalog/good-replicate"

static MockServer *server;

/* @config: settings of the mock server. */
typedef struct
{
  const gchar *model;
  const gchar *type;
  const gchar *prefix;
  PmtOperation operation;
  const gchar *config;
} Way;

#define JOBS "jobs", "/jobs"
#define FAL "fal", "/fal"
#define NOTHING "{}"
#define ASYNC                                                                  \
  "{\"jobs\":{\"mode\":\"async\"},\"job_seconds\":0,\"job_polls\":2}"

/* Every model with everything that it does. */
static const Way ways[] = {
  { "flux_schnell", JOBS, PMT_OPERATION_GENERATE, NOTHING },
  { "flux_schnell", JOBS, PMT_OPERATION_GENERATE, ASYNC },
  { "flux_pro", JOBS, PMT_OPERATION_GENERATE, NOTHING },
  { "flux_pro", JOBS, PMT_OPERATION_REIMAGINE, NOTHING },
  { "flux_realism", JOBS, PMT_OPERATION_GENERATE, NOTHING },
  { "nano_banana", JOBS, PMT_OPERATION_GENERATE, NOTHING },
  { "nano_banana_edit", JOBS, PMT_OPERATION_EDIT, NOTHING },
  { "nano_banana_edit", JOBS, PMT_OPERATION_FILL, ASYNC },
  { "seedream_v45_edit", JOBS, PMT_OPERATION_EDIT, NOTHING },
  { "seedream_v5_edit", JOBS, PMT_OPERATION_FILL, NOTHING },
  { "topaz_upscale_image", JOBS, PMT_OPERATION_UPSCALE, NOTHING },
  { "topaz_upscale_image", JOBS, PMT_OPERATION_ENHANCE, ASYNC },
  { "flux_schnell", FAL, PMT_OPERATION_GENERATE, NOTHING },
  { "flux_schnell", "fal", "/fal/run", PMT_OPERATION_GENERATE, NOTHING },
  { "flux_pro", FAL, PMT_OPERATION_GENERATE, NOTHING },
  { "flux_pro", FAL, PMT_OPERATION_REIMAGINE, NOTHING },
  { "flux_realism", FAL, PMT_OPERATION_GENERATE, NOTHING },
  { "nano_banana", FAL, PMT_OPERATION_GENERATE, NOTHING },
  { "nano_banana_edit", FAL, PMT_OPERATION_FILL, NOTHING },
  { "seedream_v45_edit", FAL, PMT_OPERATION_EDIT, NOTHING },
  { "seedream_v5_edit", FAL, PMT_OPERATION_EDIT, NOTHING },
  { "topaz_upscale_image", FAL, PMT_OPERATION_UPSCALE, NOTHING },
  { "topaz_upscale_image", FAL, PMT_OPERATION_ENHANCE, NOTHING },
  { "flux-fill", FAL, PMT_OPERATION_FILL, NOTHING },
  { "fal-flux-lora-fill", FAL, PMT_OPERATION_FILL, NOTHING },
  { "fal-qwen-inpaint", FAL, PMT_OPERATION_FILL, NOTHING },
  { "fal-sdxl-inpaint", FAL, PMT_OPERATION_FILL, NOTHING },
  { "fal-z-image-inpaint", FAL, PMT_OPERATION_FILL, NOTHING },
  { "bria-eraser", FAL, PMT_OPERATION_REMOVE, NOTHING },
  { "fal-flux-outpaint", FAL, PMT_OPERATION_EXPAND, NOTHING },
  { "fal-outpaint", FAL, PMT_OPERATION_EXPAND, NOTHING },
  { REPLICATE, "replicate", "/replicate/v1", PMT_OPERATION_GENERATE, NOTHING },
  { REPLICATE, "replicate", "/replicate", PMT_OPERATION_FILL,
    "{\"replicate\":{\"output\":\"one\"}}" },
  { REPLICATE, "replicate", "/replicate", PMT_OPERATION_UPSCALE,
    "{\"job_seconds\":0,\"job_polls\":2}" },
};

/* For everything that may go wrong. */
static const Way services[] = {
  { "nano_banana_edit", JOBS, PMT_OPERATION_EDIT, NOTHING },
  { "nano_banana_edit", JOBS, PMT_OPERATION_EDIT, ASYNC },
  { "nano_banana_edit", "fal", "/fal/queue", PMT_OPERATION_EDIT, NOTHING },
  { REPLICATE, "replicate", "/replicate", PMT_OPERATION_GENERATE, NOTHING },
};

/* ---------------------------------------------------------------- fixture */

/* A client, a task, and what came of them. */
typedef struct
{
  ServiceClient *client;
  ServiceTask *task;
  PmtRemoteReply *reply;
  GError *error;
} Try;

/* What doesn't apply was never there. */
static void
drop_inapplicable (ServiceTask *task)
{
  g_autofree const gchar **names = pmt_params_list (task->params);

  for (guint i = 0; names[i] != NULL; i++)
    if (!pmt_model_param_applies (task->model, names[i], task->params))
      pmt_params_unset (task->params, names[i]);
}

static void
try_init (Try *self, const Way *way)
{
  mock_server_post (server, "reset", "{}");
  mock_server_post (server, "config", "%s", way->config);
  self->client = service_client_new (server, way->type, way->type, way->prefix);
  self->task = service_task_new (way->model, way->type, way->operation);
  drop_inapplicable (self->task);
  self->reply = pmt_remote_reply_new ();
  self->error = NULL;
  /* As the driver does for a size like the picture's. */
  if (g_str_has_prefix (way->model, "seedream"))
    {
      self->task->task.width = 2880;
      self->task->task.height = 1920;
    }
}

static void
try_clear (Try *self)
{
  service_client_free (self->client);
  service_task_free (self->task);
  pmt_remote_reply_free (self->reply);
  g_clear_error (&self->error);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Try, try_clear)

static gboolean
try_run (Try *self)
{
  return service_client_run (self->client, self->task, self->reply,
                             &self->error);
}

static void
assert_clean (const gchar *what)
{
  g_autoptr (cJSON) violations = mock_server_get (server, "violations");
  g_autoptr (cJSON) leaks = mock_server_get (server, "leaks");

  if (cJSON_GetArraySize (violations) > 0 || cJSON_GetArraySize (leaks) > 0)
    g_error ("%s: %s%s", what, cJSON_Print (violations), cJSON_Print (leaks));
}

/* ----------------------------------------------------------- good weather */

static void
test_way (gconstpointer data)
{
  const Way *way = data;
  g_auto (Try) try = { 0 };

  try_init (&try, way);
  try_run (&try);
  g_assert_no_error (try.error);
  assert_clean (way->model);
  g_assert_cmpuint (try.reply->pictures->len, ==, 1);
  g_assert_cmpuint (try.client->n_kept, >=, 1);
  g_assert_cmpstr (try.client->kept_id, ==, try.client->job->id);
  for (guint i = 0; i < try.reply->pictures->len; i++)
    {
      const PmtRemotePicture *picture = try.reply->pictures->pdata[i];
      PmtPictureHead head;

      g_assert_true (pmt_picture_read_head (picture->bytes, &head));
    }
}

static void
test_outputs (gconstpointer data)
{
  const gchar *form = data;
  const Way way = { "flux_schnell", JOBS, PMT_OPERATION_GENERATE, NOTHING };
  const gboolean is_list = g_str_equal (form, "fal") || *form == 'u';
  g_auto (Try) try = { 0 };

  try_init (&try, &way);
  mock_server_post (server, "config",
                    "{\"jobs\":{\"output_form\":\"%s\",\"id_field\":\"id\"}}",
                    form);
  try.task->task.n_images = is_list ? 3 : 1;
  try_run (&try);
  g_assert_no_error (try.error);
  g_assert_cmpuint (try.reply->pictures->len, ==, try.task->task.n_images);
  g_assert_cmpfloat (try.client->job->cost, ==, is_list ? 3.0 : 1.0);
  assert_clean (form);
}

/* What the manifest calls a value is what is sent. */
static void
test_body (void)
{
  const Way way = { "flux_pro", JOBS, PMT_OPERATION_GENERATE, NOTHING };
  g_auto (Try) try = { 0 };
  g_autoptr (cJSON) body = NULL;

  try_init (&try, &way);
  pmt_params_set_string (try.task->params, "aspect", "21:9");
  pmt_params_set_string (try.task->params, "output-format", "png");
  pmt_params_set_string (try.task->params, "format", "horizontal");
  try.task->task.is_mock = TRUE;
  try_run (&try);
  g_assert_no_error (try.error);
  body = service_client_last (try.client, "submit");
  g_assert_cmpstr (pmt_json_get_text (body, "prompt"), ==, "a red boat");
  g_assert_cmpstr (pmt_json_get_text (body, "safety_tolerance"), ==, "2");
  g_assert_cmpstr (pmt_json_get_text (body, "format"), ==, "horizontal");
  g_assert_cmpfloat (pmt_json_get_number (body, "seed", -1), ==, 7);
  g_assert_true (pmt_json_get_bool (body, "mock"));
  g_assert_true (g_str_has_suffix (pmt_json_get_text (body, "out"), ".png"));
  g_assert_null (pmt_json_get (body, "image_url"));
  g_assert_cmpuint (mock_server_get_size (server, "charges?service=jobs"), ==,
                    3);
  g_assert_cmpfloat (try.client->job->cost, ==, 0.0);
  assert_clean ("body");
}

static void
test_factor (void)
{
  const Way way = { "topaz_upscale_image", FAL, PMT_OPERATION_ENHANCE,
                    NOTHING };
  g_auto (Try) try = { 0 };
  g_autoptr (cJSON) body = NULL;

  try_init (&try, &way);
  try.task->task.scale = 1.0;
  try_run (&try);
  g_assert_no_error (try.error);
  body = service_client_last (try.client, "submit");
  g_assert_cmpfloat (pmt_json_get_number (body, "upscale_factor", -1), ==, 1);
  g_assert_null (pmt_json_get (body, "denoise"));
  g_assert_cmpstr (pmt_json_get_text (body, "model"), ==, "Standard V2");
}

/* A placeholder costs money where there are none. */
static void
test_no_mock (gconstpointer data)
{
  g_auto (Try) try = { 0 };

  try_init (&try, data);
  try.task->task.is_mock = TRUE;
  g_assert_false (try_run (&try));
  g_assert_cmpint (try.client->call.fault.kind, ==, PMT_FAULT_PARAMETER);
  g_assert_cmpstr (try.client->call.fault.param, ==, "mock");
  g_assert_cmpuint (mock_server_get_size (server, "requests"), ==, 0);
}

/* ------------------------------------------------------------ bad weather */

static PmtFaultClass
find_class (const gchar *name)
{
  static const struct
  {
    const gchar *name;
    PmtFaultClass kind;
  } classes[] = {
    { "cancelled", PMT_FAULT_CANCELLED },
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
  g_auto (Try) try = { 0 };

  try_init (&try, way);
  mock_server_post (server, "script",
                    "{\"service\":\"%s\",\"fault\":{\"error_class\":\"%s\","
                    "\"variant\":%u}}",
                    way->type, name, variant);
  if (try_run (&try))
    g_error ("%s %s %u is no failure", way->type, name, variant);
  g_assert_nonnull (try.error);
  g_test_message ("%s %s %u: %s", way->type, name, variant, try.error->message);
  if (try.client->call.fault.kind != find_class (name))
    g_error ("%s %s %u is taken for %d: %s", way->type, name, variant,
             try.client->call.fault.kind, try.error->message);
  if (variant == 0 && g_str_equal (name, "rate-limit"))
    g_assert_cmpfloat (try.client->call.fault.retry_after, ==, 1.0);
  if (variant == 0 && g_str_equal (name, "invalid-parameter"))
    g_assert_cmpstr (try.client->call.fault.param, ==, "prompt");
  g_assert_null (strstr (try.error->message, try.client->key));
  if (!g_str_equal (name, "cancelled"))
    g_assert_nonnull (strstr (try.error->message, try.client->account.label));
  g_assert_cmpuint (mock_server_get_size (server, "leaks"), ==, 0);
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

    if (g_strcmp0 (pmt_json_get_text (entry, "service"), way->type) != 0
        || g_strcmp0 (name, "too-soon") == 0)
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
  g_auto (Try) try = { 0 };
  gboolean is_ok;

  try_init (&try, way);
  mock_server_post (server, "script",
                    "{\"service\":\"%s\",\"match\":{\"step\":%s},"
                    "\"fault\":%s,\"times\":100}",
                    way->type, step, fault);
  is_ok = try_run (&try);
  g_test_message ("%s %s %s: %s", way->type, step, fault,
                  is_ok ? "-" : try.error->message);
  g_assert_true (is_ok == (try.error == NULL));
  if (is_ok)
    g_assert_cmpuint (try.reply->pictures->len, >, 0);
  else
    g_assert_cmpint (try.client->call.fault.kind, !=, PMT_FAULT_NONE);
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

  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      check_fault (data, faults[i], "[\"submit\",\"sync\"]");
      check_fault (data, faults[i], "[\"poll\",\"result\"]");
    }
}

static void
expect_fault (const Way *way, const gchar *fault, PmtFaultClass kind)
{
  g_auto (Try) try = { 0 };

  try_init (&try, way);
  mock_server_script (server, way->type, fault);
  g_assert_false (try_run (&try));
  g_test_message ("%s", try.error->message);
  g_assert_cmpint (try.client->call.fault.kind, ==, kind);
  g_assert_cmpuint (try.reply->pictures->len, ==, 0);
  assert_clean (fault);
}

static void
test_jobs_faults (gconstpointer data)
{
  expect_fault (data, "\"nsfw\"", PMT_FAULT_CONTENT);
  expect_fault (data, "{\"kind\":\"empty\",\"how\":\"list\"}",
                PMT_FAULT_SERVER);
  expect_fault (data, "{\"kind\":\"empty\",\"how\":\"none\"}",
                PMT_FAULT_SERVER);
  expect_fault (data, "{\"kind\":\"expired\"}", PMT_FAULT_SERVER);
  expect_fault (data, "{\"kind\":\"expired\",\"code\":403}", PMT_FAULT_SERVER);
}

/* Only the pictures that were kept back are missing. */
static void
test_refused (void)
{
  const Way way = { "flux_schnell", FAL, PMT_OPERATION_GENERATE, NOTHING };
  g_auto (Try) try = { 0 };

  try_init (&try, &way);
  mock_server_script (server, "fal", "\"nsfw\"");
  try.task->task.n_images = 2;
  g_assert_false (try_run (&try));
  g_assert_cmpuint (try.reply->n_refused, ==, 2);
  g_assert_cmpint (try.client->call.fault.kind, ==, PMT_FAULT_CONTENT);
}

static void
test_too_soon (void)
{
  const Way way = { "flux_schnell", JOBS, PMT_OPERATION_GENERATE, ASYNC };

  for (guint i = 0; i < 2; i++)
    {
      g_auto (Try) try = { 0 };
      const PmtProvider *provider;

      try_init (&try, &way);
      provider = try.client->account.provider;
      provider->submit (&try.client->call, &try.task->task, try.client->job,
                        try.reply, &try.error);
      g_assert_no_error (try.error);
      mock_server_post (server, "script",
                        "{\"service\":\"jobs\",\"fault\":{\"kind\":"
                        "\"too-soon\",\"variant\":%u,\"retry_after\":3}}",
                        i);
      provider->poll (&try.client->call, &try.task->task, try.client->job,
                      &try.error);
      g_assert_no_error (try.error);
      g_assert_cmpint (try.client->job->state, ==, PMT_REMOTE_RUNNING);
      g_assert_cmpfloat (try.client->job->poll_after, ==, 3.0);
    }
}

/* ----------------------------------------------------------------- others */

static void
test_cancel (gconstpointer data)
{
  const PmtProvider *provider;
  g_auto (Try) try = { 0 };
  g_autoptr (cJSON) jobs = NULL;

  try_init (&try, data);
  mock_server_post (server, "config",
                    "{\"job_seconds\":30,\"jobs\":{\"mode\":\"async\"}}");
  provider = try.client->account.provider;
  provider->submit (&try.client->call, &try.task->task, try.client->job,
                    try.reply, &try.error);
  g_assert_no_error (try.error);
  g_assert_cmpint (try.client->job->state, ==, PMT_REMOTE_RUNNING);
  provider->cancel (&try.client->call, try.client->job);
  jobs = mock_server_get (server, "jobs");
  g_assert_cmpstr (pmt_json_get_text (jobs, "0.state"), ==, "cancelled");
  assert_clean ("cancel");
}

/* Addresses in answers that must not see the key: nobody is asked there.  The
 * jobs API is asked by the job's identity, and does not know it. */
static void
test_foreign (gconstpointer data)
{
  static const gchar *const bodies[] = {
    "{\"job_id\":\"1\",\"request_id\":\"1\",\"id\":\"1\",\"status\":\"queued\","
    "\"status_url\":\"%s/jobs/x\",\"response_url\":\"%s/jobs/x\","
    "\"cancel_url\":\"%s/jobs/x\",\"urls\":{\"get\":\"%s/jobs/x\","
    "\"cancel\":\"%s/jobs/x\"}}",
    "{\"job_id\":\"1\",\"request_id\":\"1\",\"id\":\"1\",\"status\":\"queued\","
    "\"status_url\":\"file:///etc/passwd\",\"response_url\":\"//\","
    "\"cancel_url\":\"javascript:\",\"urls\":{\"get\":\"http://user@host/\","
    "\"cancel\":\"\"}}",
  };
  const Way *way = data;

  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_auto (Try) try = { 0 };
      g_autoptr (GString) body = g_string_new (bodies[i]);

      try_init (&try, way);
      g_string_replace (body, "%s", mock_server_get_url (server, "other"), 0);
      mock_server_post (server, "script",
                        "{\"service\":\"%s\",\"match\":{\"step\":\"submit\"},"
                        "\"fault\":{\"kind\":\"status\",\"code\":200,"
                        "\"body\":%s}}",
                        way->type, body->str);
      g_assert_false (try_run (&try));
      g_test_message ("%s", try.error->message);
      g_assert_cmpint (try.client->call.fault.kind, ==,
                       g_str_equal (way->type, "jobs") ? PMT_FAULT_PARAMETER
                                                       : PMT_FAULT_SERVER);
      g_assert_cmpint (try.client->job->state, ==, PMT_REMOTE_FAILED);
      g_assert_cmpstr (try.client->kept_id, ==, "1");
      try.client->account.provider->cancel (&try.client->call, try.client->job);
      g_assert_cmpuint (mock_server_get_size (server, "requests?origin=other"),
                        ==, 0);
      g_assert_cmpuint (mock_server_get_size (server, "leaks"), ==, 0);
    }
}

static void
test_check (gconstpointer data)
{
  g_auto (Try) try = { 0 };
  const PmtProvider *provider;
  PmtAccount *account;

  try_init (&try, data);
  account = &try.client->account;
  provider = account->provider;
  /* The mock server knows no accounts of Replicate. */
  if (g_str_equal (provider->type, "replicate"))
    {
      account->paths =
          g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
      g_hash_table_insert (account->paths, g_strdup ("check"),
                           g_strdup ("/v1/predictions/none"));
      g_assert_false (provider->check (&try.client->call, NULL));
      g_assert_cmpint (try.client->call.fault.kind, ==, PMT_FAULT_PARAMETER);
    }
  else
    {
      provider->check (&try.client->call, &try.error);
      g_assert_no_error (try.error);
    }
  try.client->call.key = "wrong";
  g_assert_false (provider->check (&try.client->call, &try.error));
  g_assert_cmpint (try.client->call.fault.kind, ==, PMT_FAULT_KEY);
  g_assert_null (strstr (try.error->message, "wrong"));
  g_clear_pointer (&account->paths, g_hash_table_unref);
}

/* A picture of noise, too large to stand in the body. */
static GBytes *
big_picture_new (void)
{
  const GeglRectangle extent = { 0, 0, 2000, 1600 };
  const PmtPictureFormat format = PMT_PICTURE_FORMAT_INIT;
  g_autoptr (GeglBuffer) buffer =
      gegl_buffer_new (&extent, babl_format ("R'G'B' u8"));
  const gsize n = (gsize)extent.width * extent.height * 3;
  g_autofree guint8 *pixels = g_malloc (n);
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  g_autoptr (GError) error = NULL;
  GBytes *bytes;

  for (gsize i = 0; i < n; i++)
    pixels[i] = (guint8)g_rand_int (random);
  gegl_buffer_set (buffer, &extent, 0, babl_format ("R'G'B' u8"), pixels,
                   GEGL_AUTO_ROWSTRIDE);
  bytes = pmt_picture_encode (buffer, &extent, &format, &error);
  g_assert_no_error (error);
  return bytes;
}

static void
test_upload (void)
{
  const Way way = { "nano_banana_edit", FAL, PMT_OPERATION_EDIT, NOTHING };
  g_auto (Try) try = { 0 };
  g_autoptr (cJSON) body = NULL;

  try_init (&try, &way);
  g_clear_pointer (&try.task->task.image, g_bytes_unref);
  try.task->task.image = big_picture_new ();
  try_run (&try);
  g_assert_no_error (try.error);
  body = service_client_last (try.client, "submit");
  g_assert_true (g_str_has_prefix (pmt_json_get_text (body, "image_urls.0"),
                                   mock_server_get_url (server, "other")));
  g_assert_cmpuint (mock_server_get_size (server, "requests?step=upload"), ==,
                    2);
  assert_clean ("upload");
}

static void
test_inline_limit (void)
{
  const Way way = { "nano_banana_edit", JOBS, PMT_OPERATION_EDIT, NOTHING };
  g_auto (Try) try = { 0 };

  try_init (&try, &way);
  g_clear_pointer (&try.task->task.image, g_bytes_unref);
  try.task->task.image = g_bytes_new_take (g_malloc0 (25000001), 25000001);
  g_assert_false (try_run (&try));
  g_assert_cmpint (try.client->call.fault.kind, ==, PMT_FAULT_TOO_LARGE);
  g_assert_nonnull (try.client->call.fault.limit);
  g_assert_cmpuint (mock_server_get_size (server, "requests"), ==, 0);
}

/* ------------------------------------------------------------------- main */

static void
add_ways (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (ways); i++)
    {
      g_autofree gchar *name =
          g_strdup_printf ("/remote-queue/%s/%u-%s-%s", ways[i].type, i,
                           strrchr (ways[i].model, '/') != NULL
                               ? strrchr (ways[i].model, '/') + 1
                               : ways[i].model,
                           pmt_operation_to_string (ways[i].operation));

      g_test_add_data_func (name, &ways[i], test_way);
    }
}

static void
add_services (void)
{
  static const struct
  {
    const gchar *name;
    GTestDataFunc function;
  } tests[] = {
    { "errors", test_errors },      { "hostile", test_hostile },
    { "faults", test_jobs_faults }, { "foreign", test_foreign },
    { "cancel", test_cancel },      { "check", test_check },
  };

  for (guint i = 0; i < G_N_ELEMENTS (services); i++)
    for (guint j = 0; j < G_N_ELEMENTS (tests); j++)
      {
        g_autofree gchar *name = g_strdup_printf (
            "/remote-queue/%s/%s-%u", services[i].type, tests[j].name, i);

        g_test_add_data_func (name, &services[i], tests[j].function);
      }
}

static void
add_single (void)
{
  static const gchar *const forms[] = { "url", "image_url", "result_url",
                                        "flat", "fal" };

  for (guint i = 0; i < G_N_ELEMENTS (forms); i++)
    {
      g_autofree gchar *name =
          g_strconcat ("/remote-queue/jobs/output-", forms[i], NULL);

      g_test_add_data_func (name, forms[i], test_outputs);
    }
  g_test_add_data_func ("/remote-queue/fal/no-mock", &services[2],
                        test_no_mock);
  g_test_add_data_func ("/remote-queue/replicate/no-mock", &services[3],
                        test_no_mock);
  g_test_add_func ("/remote-queue/jobs/body", test_body);
  g_test_add_func ("/remote-queue/fal/factor", test_factor);
  g_test_add_func ("/remote-queue/fal/refused", test_refused);
  g_test_add_func ("/remote-queue/fal/upload", test_upload);
  g_test_add_func ("/remote-queue/jobs/too-soon", test_too_soon);
  g_test_add_func ("/remote-queue/jobs/inline-limit", test_inline_limit);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  gegl_init (NULL, NULL);
  server = mock_server_start (NULL);
  if (server == NULL)
    {
      g_print ("1..0 # SKIP there is no python3\n");
      return 0;
    }
  add_ways ();
  add_services ();
  add_single ();
  status = g_test_run ();
  mock_server_stop (server);
  gegl_exit ();
  return status;
}
