/* SPDX-License-Identifier: LGPL-3.0-or-later */
/*
 * test-remote-run.c: whole runs of remote models, from the request to layers,
 * against tests/mock.
 */
#include <glib/gstdio.h>
#include <string.h>

#include "core/engine-private.h"
#include "remote/fault.h"
#include "remote/run-file.h"

#include "../bench/memory.h"
#include "mock-client.h"

#if defined __SANITIZE_ADDRESS__
#define IS_SANITIZED TRUE
#else
#define IS_SANITIZED FALSE
#endif

typedef struct
{
  MockServer *server;
  gchar *user_dir;
  PmtEngine *engine;
} Fixture;

static gchar *
find_key (const gchar *account, const gchar *origin, gpointer data)
{
  return g_strdup_printf ("test-key-%s", account);
}

static void
write_providers (const Fixture *fixture)
{
  static const gchar *const services[] = { "jobs", "fal", "sdapi", "openai",
                                           "stability" };
  g_autofree gchar *path =
      g_build_filename (fixture->user_dir, "providers.json", NULL);
  g_autoptr (GString) text = g_string_new ("[");

  for (guint i = 0; i < G_N_ELEMENTS (services); i++)
    g_string_append_printf (
        text, "%s\n{\"id\": \"%s\", \"type\": \"%s\", \"base_url\": \"%s/%s\"}",
        i > 0 ? "," : "", services[i], services[i],
        mock_server_get_url (fixture->server, "mock"), services[i]);
  g_string_append (text, "]");
  g_assert_true (g_file_set_contents (path, text->str, -1, NULL));
}

static PmtEngine *
open_engine (const Fixture *fixture, gdouble max_run, gdouble max_day)
{
  PmtEngineOptions options = PMT_ENGINE_OPTIONS_INIT;
  g_autoptr (GError) error = NULL;
  PmtEngine *engine;

  options.data_dir = g_getenv ("PENTIMENTO_TEST_DATA");
  options.user_dir = fixture->user_dir;
  options.max_run_cost = max_run;
  options.max_day_cost = max_day;
  options.find_key = find_key;
  engine = pmt_engine_new (&options, &error);
  g_assert_no_error (error);
  return engine;
}

static gboolean
set_up (Fixture *fixture)
{
  fixture->server = mock_server_start (NULL);
  if (fixture->server == NULL)
    {
      g_test_skip ("there is no Python 3");
      return FALSE;
    }
  fixture->user_dir = g_dir_make_tmp ("pentimento-test-XXXXXX", NULL);
  write_providers (fixture);
  fixture->engine = open_engine (fixture, -1.0, -1.0);
  return TRUE;
}

static void
tear_down (Fixture *fixture)
{
  g_autofree gchar *command = NULL;

  if (fixture->server == NULL)
    return;
  /* Wherever a test went wrong, no key went astray. */
  g_assert_cmpuint (mock_server_get_size (fixture->server, "leaks"), ==, 0);
  pmt_engine_unref (fixture->engine);
  mock_server_stop (fixture->server);
  command = g_strdup_printf ("rm -rf '%s'", fixture->user_dir);
  g_spawn_command_line_sync (command, NULL, NULL, NULL, NULL);
  g_free (fixture->user_dir);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fixture, tear_down)

/* ---------------------------------------------------------------- pictures */

/* With a texture, so that nothing is equal by chance. */
static GeglBuffer *
make_picture (gint width, gint height, const gchar *format)
{
  const GeglRectangle extent = { 0, 0, width, height };
  GeglBuffer *buffer = gegl_buffer_new (&extent, babl_format (format));
  g_autofree gfloat *row = g_new (gfloat, (gsize)width * 3);

  for (gint y = 0; y < height; y++)
    {
      const GeglRectangle line = { 0, y, width, 1 };

      for (gint x = 0; x < width * 3; x++)
        row[x] = 0.2f + 0.5f * (gfloat)((x * 7 + y * 13) % 97) / 97.0f;
      gegl_buffer_set (buffer, &line, 0, babl_format ("R'G'B' float"), row,
                       GEGL_AUTO_ROWSTRIDE);
    }
  return buffer;
}

static GeglBuffer *
make_mask (const GeglRectangle *selected)
{
  GeglBuffer *mask = gegl_buffer_new (selected, babl_format ("Y u8"));
  GeglColor *white = gegl_color_new ("white");

  gegl_buffer_set_color (mask, NULL, white);
  g_object_unref (white);
  return mask;
}

static PmtRequest *
make_request (PmtOperation operation,
              const gchar *model,
              const gchar *provider,
              GeglBuffer *source,
              const GeglRectangle *selected)
{
  PmtRequest *request = pmt_request_new (operation);

  pmt_request_set_model (request, model);
  pmt_request_set_provider (request, provider);
  if (source != NULL)
    {
      pmt_request_set_canvas (request, gegl_buffer_get_extent (source));
      pmt_request_set_source (request, source, gegl_buffer_get_extent (source));
    }
  if (selected != NULL)
    {
      g_autoptr (GeglBuffer) mask = make_mask (selected);

      pmt_request_set_mask (request, mask);
    }
  pmt_params_set_int (pmt_request_params (request), "seed", 7);
  return request;
}

static PmtRequest *
make_generate (const gchar *model, const gchar *provider)
{
  PmtRequest *request =
      make_request (PMT_OPERATION_GENERATE, model, provider, NULL, NULL);

  pmt_params_set_string (pmt_request_params (request), "prompt", "a lake");
  return request;
}

static guint
count_jobs (Fixture *fixture)
{
  g_autoptr (GPtrArray) jobs = pmt_engine_list_jobs (fixture->engine);

  return jobs->len;
}

static guint
count_charges (Fixture *fixture, const gchar *service)
{
  g_autoptr (cJSON) charges = mock_server_get (fixture->server, "charges");
  const cJSON *of = cJSON_GetObjectItemCaseSensitive (charges, service);
  const cJSON *count = cJSON_GetObjectItemCaseSensitive (of, "count");

  return cJSON_IsNumber (count) ? (guint)count->valuedouble : 0;
}

/* --------------------------------------------------------------- in place */

/* Bytes of @a and @b outside @rect are the same. */
static gboolean
is_same_outside (GeglBuffer *a, GeglBuffer *b, const GeglRectangle *rect)
{
  const GeglRectangle *extent = gegl_buffer_get_extent (a);
  const gsize bytes =
      (gsize)babl_format_get_bytes_per_pixel (gegl_buffer_get_format (a));
  g_autofree guint8 *x = g_malloc (bytes);
  g_autofree guint8 *y = g_malloc (bytes);

  for (gint row = 0; row < extent->height; row += 3)
    for (gint column = 0; column < extent->width; column += 3)
      {
        const GeglRectangle one = { column, row, 1, 1 };

        if (gegl_rectangle_contains (rect, &one))
          continue;
        gegl_buffer_get (a, &one, 1.0, NULL, x, GEGL_AUTO_ROWSTRIDE,
                         GEGL_ABYSS_NONE);
        gegl_buffer_get (b, &one, 1.0, NULL, y, GEGL_AUTO_ROWSTRIDE,
                         GEGL_ABYSS_NONE);
        if (memcmp (x, y, bytes) != 0)
          return FALSE;
      }
  return TRUE;
}

/* The mock changes every pixel a little, so that a result that is not
 * composited shows. */
static void
check_fill (Fixture *fixture, const gchar *format)
{
  const GeglRectangle selected = { 200, 150, 80, 60 };
  const GeglRectangle around = { 150, 100, 180, 160 };
  g_autoptr (GeglBuffer) source = make_picture (500, 400, format);
  g_autoptr (GeglBuffer) copy = gegl_buffer_dup (source);
  g_autoptr (PmtRequest) request =
      make_request (PMT_OPERATION_FILL, "sdapi", "sdapi", source, &selected);
  g_autoptr (GError) error = NULL;
  g_autoptr (PmtResult) result = NULL;

  pmt_params_set_string (pmt_request_params (request), "prompt", "a spoon");
  result = pmt_engine_run (fixture->engine, request, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (pmt_result_get_n_items (result), ==, 1);
  g_assert_true (gegl_buffer_get_format (pmt_result_get_picture (result, 0))
                 == gegl_buffer_get_format (source));
  g_assert_true (pmt_result_composite (result, 0, source, &error));
  g_assert_no_error (error);
  g_assert_true (is_same_outside (source, copy, &around));
  g_assert_false (is_same_outside (source, copy, GEGL_RECTANGLE (0, 0, 0, 0)));
}

static void
test_fill (void)
{
  g_auto (Fixture) fixture = { 0 };

  if (!set_up (&fixture))
    return;
  check_fill (&fixture, "R'G'B' u8");
  check_fill (&fixture, "RGB float");
  check_fill (&fixture, "R'G'B'A u16");
}

/* As its header says; 0 without a body. */
static gdouble
body_size (const cJSON *request)
{
  const cJSON *headers = cJSON_GetObjectItemCaseSensitive (request, "headers");
  const cJSON *pair;

  cJSON_ArrayForEach (pair, headers)
  {
    const gchar *name = cJSON_GetStringValue (cJSON_GetArrayItem (pair, 0));
    const gchar *value = cJSON_GetStringValue (cJSON_GetArrayItem (pair, 1));

    if (name != NULL && value != NULL
        && g_ascii_strcasecmp (name, "content-length") == 0)
      return g_ascii_strtod (value, NULL);
  }
  return 0.0;
}

/* Of 24 megapixels only the surroundings of the selection are sent. */
static void
test_small_crop (void)
{
  g_auto (Fixture) fixture = { 0 };
  const GeglRectangle selected = { 3000, 2000, 150, 120 };
  g_autoptr (GeglBuffer) source = NULL;
  g_autoptr (PmtRequest) request = NULL;
  g_autoptr (PmtResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (cJSON) requests = NULL;
  const cJSON *node;
  gdouble most = 0.0;

  if (!set_up (&fixture))
    return;
  source = make_picture (6000, 4000, "R'G'B' u8");
  request = make_request (PMT_OPERATION_EDIT, "nano_banana_edit", "fal", source,
                          &selected);
  pmt_params_set_string (pmt_request_params (request), "prompt", "a red ball");
  result = pmt_engine_run (fixture.engine, request, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  requests = mock_server_get (fixture.server, "requests?service=fal");
  cJSON_ArrayForEach (node, requests)
  {
    most = MAX (most, body_size (node));
  }
  g_test_message ("%.0f bytes were sent at once", most);
  g_assert_cmpfloat (most, >, 1000.0);
  g_assert_cmpfloat (most, <, 2e6);
}

/* A picture that no result can be put into is refused before it is sent. */
static void
test_cmyk (void)
{
  g_auto (Fixture) fixture = { 0 };
  g_autoptr (GeglBuffer) source = NULL;
  g_autoptr (PmtRequest) request = NULL;
  g_autoptr (PmtResult) result = NULL;
  g_autoptr (cJSON) requests = NULL;
  g_autoptr (GError) error = NULL;

  if (!set_up (&fixture))
    return;
  source =
      gegl_buffer_new (GEGL_RECTANGLE (0, 0, 64, 64), babl_format ("CMYK u8"));
  request = make_request (PMT_OPERATION_EDIT, "nano_banana_edit", "fal", source,
                          NULL);
  pmt_params_set_string (pmt_request_params (request), "prompt", "a red ball");
  result = pmt_engine_run (fixture.engine, request, NULL, NULL, NULL, &error);
  g_assert_error (error, PMT_ERROR, PMT_ERROR_UNSUPPORTED);
  g_assert_null (result);
  requests = mock_server_get (fixture.server, "requests?service=fal");
  g_assert_cmpint (cJSON_GetArraySize (requests), ==, 0);
}

/* -------------------------------------------------------------- candidates */

static void
test_side_by_side (void)
{
  g_auto (Fixture) fixture = { 0 };
  g_autoptr (PmtRequest) request = NULL;
  g_autoptr (PmtResult) result = NULL;
  g_autoptr (GError) error = NULL;
  gint64 begun;
  gdouble seconds;

  if (!set_up (&fixture))
    return;
  mock_server_post (fixture.server, "config", "{\"job_seconds\": 2}");
  request = make_generate ("flux_pro", "fal");
  pmt_params_set_int (pmt_request_params (request), "count", 8);
  begun = g_get_monotonic_time ();
  result = pmt_engine_run (fixture.engine, request, NULL, NULL, NULL, &error);
  seconds = (gdouble)(g_get_monotonic_time () - begun) / G_USEC_PER_SEC;
  g_assert_no_error (error);
  g_assert_cmpuint (pmt_result_get_n_items (result), ==, 8);
  g_test_message ("eight candidates took %.1f s, each job 2 s", seconds);
  /* One after the other it would be 4 s for two calls of four, and 16 s for
   * single ones. */
  g_assert_cmpfloat (seconds, <, 15.0);
}

/* One call for each. */
static void
test_eight_calls (void)
{
  g_auto (Fixture) fixture = { 0 };
  g_autoptr (PmtRequest) request = NULL;
  g_autoptr (PmtResult) result = NULL;
  g_autoptr (GError) error = NULL;
  gint64 begun;
  gdouble seconds;

  if (!set_up (&fixture))
    return;
  mock_server_post (fixture.server, "script",
                    "{\"service\": \"stability\", \"times\": -1, \"delay\": 3, "
                    "\"fault\": \"none\"}");
  request = make_generate ("stability-core", "stability");
  pmt_params_set_int (pmt_request_params (request), "count", 8);
  begun = g_get_monotonic_time ();
  result = pmt_engine_run (fixture.engine, request, NULL, NULL, NULL, &error);
  seconds = (gdouble)(g_get_monotonic_time () - begun) / G_USEC_PER_SEC;
  g_assert_no_error (error);
  g_assert_cmpuint (pmt_result_get_n_items (result), ==, 8);
  g_assert_cmpuint (count_charges (&fixture, "stability"), ==, 8);
  g_test_message ("eight calls of 3 s took %.1f s", seconds);
  g_assert_cmpfloat (seconds, <, 12.0);
}

/* Four times the decoded pixels are wanted (tests/bench); what libraries load
 * at their first use is not a part of it. */
static void
test_memory (void)
{
  g_auto (Fixture) fixture = { 0 };
  g_autoptr (GError) error = NULL;
  glong grown = 0;

  if (IS_SANITIZED)
    {
      g_test_skip ("sanitizers need memory of their own");
      return;
    }
  if (!set_up (&fixture))
    return;
  for (gint side = 256; side <= 2048; side *= 8)
    {
      g_autoptr (GeglBuffer) source = make_picture (side, side, "R'G'B' u8");
      g_autoptr (PmtRequest) request = make_request (
          PMT_OPERATION_EDIT, "nano_banana_edit", "jobs", source, NULL);
      g_autoptr (PmtResult) result = NULL;
      const glong before = memory_now ();

      pmt_params_set_string (pmt_request_params (request), "prompt", "a boat");
      memory_reset_peak ();
      result =
          pmt_engine_run (fixture.engine, request, NULL, NULL, NULL, &error);
      g_assert_no_error (error);
      grown = memory_peak () - before;
    }
  g_test_message ("%ld MB beside 64 MB of decoded pixels", grown);
  g_assert_cmpint (grown, <, 6 * 64);
}

static void
test_recipe (void)
{
  g_auto (Fixture) fixture = { 0 };
  g_autoptr (PmtRequest) request = NULL;
  g_autoptr (PmtRequest) again = NULL;
  g_autoptr (PmtResult) result = NULL;
  g_autoptr (GError) error = NULL;
  const gchar *recipe;

  if (!set_up (&fixture))
    return;
  request = make_generate ("nano_banana", "jobs");
  result = pmt_engine_run (fixture.engine, request, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  recipe = pmt_result_get_recipe (result, 0);
  g_assert_nonnull (strstr (recipe, "\"provider\":\"jobs\""));
  g_assert_nonnull (strstr (recipe, "\"cost\""));
  g_assert_null (strstr (recipe, "test-key"));
  again = pmt_request_from_recipe (recipe, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (pmt_request_get_provider (again), ==, "jobs");
  /* Nothing is left of a run that is done. */
  g_assert_cmpuint (count_jobs (&fixture), ==, 0);
}

/* ---------------------------------------------------------------- spending */

static void
test_limits (void)
{
  g_auto (Fixture) fixture = { 0 };
  g_autoptr (PmtEngine) strict = NULL;
  g_autoptr (PmtRequest) request = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (PmtResult) result = NULL;
  g_autofree gchar *spending = NULL;
  PmtEstimate estimate;

  if (!set_up (&fixture))
    return;
  request = make_generate ("nano_banana", "jobs");
  g_assert_true (
      pmt_engine_estimate (fixture.engine, request, &estimate, &error));
  g_assert_cmpfloat (estimate.credits, ==, 30.0);
  pmt_params_set_string (pmt_request_params (request), "resolution", "4K");
  g_assert_true (
      pmt_engine_estimate (fixture.engine, request, &estimate, &error));
  g_assert_cmpfloat (estimate.credits, ==, 60.0);

  pmt_params_set_number (pmt_request_params (request), "max-cost", 59.0);
  result = pmt_engine_run (fixture.engine, request, NULL, NULL, NULL, &error);
  g_assert_error (error, PMT_ERROR, PMT_ERROR_CREDITS);
  g_clear_error (&error);
  g_assert_false (
      pmt_engine_check_spending (fixture.engine, request, &estimate, &error));
  g_assert_error (error, PMT_ERROR, PMT_ERROR_CREDITS);
  g_clear_error (&error);
  pmt_params_unset (pmt_request_params (request), "max-cost");
  g_assert_true (
      pmt_engine_check_spending (fixture.engine, request, &estimate, &error));

  strict = open_engine (&fixture, -1.0, 100.0);
  spending =
      g_build_filename (fixture.user_dir, "history", "spending.json", NULL);
  g_assert_true (
      pmt_engine_check_spending (strict, request, &estimate, &error));
  /* Asking writes nothing down. */
  g_assert_false (g_file_test (spending, G_FILE_TEST_EXISTS));
  result = pmt_engine_run (strict, request, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_clear_pointer (&result, pmt_result_free);
  /* 60 of 100 are spent. */
  g_assert_false (
      pmt_engine_check_spending (strict, request, &estimate, &error));
  g_assert_error (error, PMT_ERROR, PMT_ERROR_CREDITS);
  g_clear_error (&error);
  result = pmt_engine_run (strict, request, NULL, NULL, NULL, &error);
  g_assert_error (error, PMT_ERROR, PMT_ERROR_CREDITS);
  g_clear_error (&error);
  g_assert_cmpuint (count_charges (&fixture, "jobs"), ==, 1);
  pmt_params_set_bool (pmt_request_params (request), "mock", TRUE);
  g_assert_true (
      pmt_engine_check_spending (strict, request, &estimate, &error));
  result = pmt_engine_run (strict, request, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (count_charges (&fixture, "jobs"), ==, 1);
}

/* What was spent can't be read or written: a folder is in the way. */
static void
test_spending_file (void)
{
  g_auto (Fixture) fixture = { 0 };
  g_autoptr (PmtEngine) strict = NULL;
  g_autoptr (PmtRequest) request = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (PmtResult) result = NULL;
  g_autofree gchar *path = NULL;

  if (!set_up (&fixture))
    return;
  path = g_build_filename (fixture.user_dir, "history", "spending.json", NULL);
  g_assert_cmpint (g_mkdir_with_parents (path, 0700), ==, 0);
  request = make_generate ("nano_banana", "jobs");
  strict = open_engine (&fixture, -1.0, 100.0);
  result = pmt_engine_run (strict, request, NULL, NULL, NULL, &error);
  g_assert_error (error, PMT_ERROR, PMT_ERROR_FILE);
  g_assert_nonnull (strstr (error->message, path));
  g_clear_error (&error);
  g_assert_cmpuint (count_charges (&fixture, "jobs"), ==, 0);

  /* Without a limit it is told. */
  result = pmt_engine_run (fixture.engine, request, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (count_charges (&fixture, "jobs"), ==, 1);
  g_assert_nonnull (pmt_result_get_notes (result)[0]);
  g_assert_nonnull (strstr (pmt_result_get_notes (result)[0], path));
  g_clear_pointer (&result, pmt_result_free);

  /* A file that somebody damaged is not begun anew. */
  g_assert_cmpint (g_rmdir (path), ==, 0);
  g_assert_true (g_file_set_contents (path, "{\"2026", -1, NULL));
  result = pmt_engine_run (strict, request, NULL, NULL, NULL, &error);
  g_assert_error (error, PMT_ERROR, PMT_ERROR_FILE);
  g_assert_cmpuint (count_charges (&fixture, "jobs"), ==, 1);
}

static void
check_usual_cost (PmtEngine *engine,
                  const PmtModel *model,
                  const gchar *id,
                  gdouble cost,
                  const gchar *unit)
{
  g_autoptr (GPtrArray) services = pmt_engine_list_services (engine, model);

  for (guint i = 0; i < services->len; i++)
    {
      const PmtServiceInfo *info = services->pdata[i];

      if (!g_str_equal (info->id, id))
        continue;
      g_assert_cmpfloat_with_epsilon (info->usual_cost, cost, 1e-9);
      g_assert_cmpstr (info->usual_unit, ==, unit);
      return;
    }
  g_assert_not_reached ();
}

/* fal.ai has prices in dollars. */
static void
test_units (void)
{
  g_auto (Fixture) fixture = { 0 };
  g_autoptr (PmtRequest) request = NULL;
  g_autoptr (GError) error = NULL;
  PmtEstimate estimate;

  if (!set_up (&fixture))
    return;
  request = make_generate ("nano_banana", "fal");
  g_assert_true (
      pmt_engine_estimate (fixture.engine, request, &estimate, &error));
  g_assert_cmpstr (estimate.unit, ==, "USD");
  g_assert_cmpfloat_with_epsilon (estimate.credits, 0.15, 1e-9);
  pmt_request_set_provider (request, "jobs");
  g_assert_true (
      pmt_engine_estimate (fixture.engine, request, &estimate, &error));
  g_assert_cmpstr (estimate.unit, ==, "credits");
  g_assert_cmpfloat (estimate.credits, ==, 30.0);
  check_usual_cost (fixture.engine,
                    pmt_engine_choose_model (fixture.engine, request), "fal",
                    0.15, "USD");
  check_usual_cost (fixture.engine,
                    pmt_engine_choose_model (fixture.engine, request), "jobs",
                    30.0, "credits");
  check_usual_cost (fixture.engine, NULL, "jobs", -1.0, NULL);
}

/* --------------------------------------------------------------- pictures */

/* "max-images" asks for more of each candidate; what nobody asked for is left
 * out and told. */
static void
test_more_pictures (void)
{
  static const gchar picture[] =
      "{\\\"url\\\": \\\"data:image/png;base64,"
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGA"
      "WjR9awAAAABJRU5ErkJggg==\\\"}";
  g_auto (Fixture) fixture = { 0 };
  g_autoptr (GeglBuffer) source = NULL;
  g_autoptr (PmtRequest) many = NULL;
  g_autoptr (PmtRequest) one = NULL;
  g_autoptr (PmtResult) result = NULL;
  g_autoptr (GError) error = NULL;

  if (!set_up (&fixture))
    return;
  source = make_picture (300, 200, "R'G'B' u8");
  many = make_request (PMT_OPERATION_EDIT, "seedream_v5_edit", "jobs", source,
                       NULL);
  pmt_params_set_string (pmt_request_params (many), "prompt", "a red ball");
  pmt_params_set_int (pmt_request_params (many), "max-images", 3);
  result = pmt_engine_run (fixture.engine, many, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (pmt_result_get_n_items (result), ==, 3);
  g_clear_pointer (&result, pmt_result_free);

  one = make_generate ("nano_banana", "jobs");
  mock_server_post (
      fixture.server, "script",
      "{\"service\": \"jobs\", \"match\": {\"method\": \"POST\"}, \"fault\": "
      "{\"kind\": \"status\", \"code\": 200, \"content_type\": "
      "\"application/json\", \"body\": \"{\\\"job_id\\\": \\\"1\\\", "
      "\\\"status\\\": \\\"succeeded\\\", \\\"done\\\": true, "
      "\\\"outputs\\\": {\\\"images\\\": [%s, %s]}, \\\"images\\\": "
      "[%s, %s]}\"}}",
      picture, picture, picture, picture);
  result = pmt_engine_run (fixture.engine, one, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (pmt_result_get_n_items (result), ==, 1);
  g_assert_nonnull (pmt_result_get_notes (result)[0]);
  g_test_message ("%s", pmt_result_get_notes (result)[0]);
  g_assert_nonnull (strstr (pmt_result_get_notes (result)[0], "2"));
}

/* The service always makes it four times as large. */
static void
test_upscale (void)
{
  g_auto (Fixture) fixture = { 0 };
  g_autoptr (GeglBuffer) source = NULL;

  if (!set_up (&fixture))
    return;
  source = make_picture (200, 150, "R'G'B' u8");
  for (gint factor = 1; factor <= 4; factor++)
    {
      g_autoptr (PmtRequest) request =
          make_request (PMT_OPERATION_UPSCALE, "stability-upscale", "stability",
                        source, NULL);
      g_autoptr (PmtResult) result = NULL;
      g_autoptr (GError) error = NULL;
      const GeglRectangle *extent;

      pmt_params_set_number (pmt_request_params (request), "factor", factor);
      result =
          pmt_engine_run (fixture.engine, request, NULL, NULL, NULL, &error);
      g_assert_no_error (error);
      extent = gegl_buffer_get_extent (pmt_result_get_picture (result, 0));
      g_assert_cmpint (extent->width, ==, 200 * factor);
      g_assert_cmpint (extent->height, ==, 150 * factor);
    }
  g_assert_cmpuint (mock_server_get_size (fixture.server, "violations"), ==, 0);
}

static void
take_preview (const gchar *stage,
              gdouble fraction,
              GeglBuffer *preview,
              gpointer user_data)
{
  if (preview != NULL)
    *(GeglRectangle *)user_data = *gegl_buffer_get_extent (preview);
}

/* Over its place, as the result will be. */
static void
test_preview (void)
{
  const GeglRectangle selected = { 700, 500, 60, 60 };
  g_auto (Fixture) fixture = { 0 };
  g_autoptr (GeglBuffer) source = NULL;
  g_autoptr (PmtRequest) request = NULL;
  g_autoptr (PmtResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GeglRectangle seen = { 0, 0, 0, 0 };

  if (!set_up (&fixture))
    return;
  mock_server_post (fixture.server, "config",
                    "{\"sdapi\": {\"job_seconds\": 3}}");
  source = make_picture (1000, 800, "R'G'B' u8");
  request =
      make_request (PMT_OPERATION_FILL, "sdapi", "sdapi", source, &selected);
  pmt_params_set_string (pmt_request_params (request), "prompt", "a spoon");
  result = pmt_engine_run (fixture.engine, request, take_preview, &seen, NULL,
                           &error);
  g_assert_no_error (error);
  g_assert_true (gegl_rectangle_equal (
      &seen, gegl_buffer_get_extent (pmt_result_get_picture (result, 0))));
  g_assert_cmpint (seen.x, >, 300);
}

/* ------------------------------------------------------------- life cycle */

static void
test_lost_and_found (void)
{
  g_auto (Fixture) fixture = { 0 };
  g_autoptr (PmtRequest) request = NULL;
  g_autoptr (PmtRequest) rest = NULL;
  g_autoptr (PmtResult) result = NULL;
  g_autoptr (GPtrArray) jobs = NULL;
  g_autoptr (GError) error = NULL;

  if (!set_up (&fixture))
    return;
  request = make_generate ("flux_pro", "fal");
  mock_server_post (fixture.server, "script",
                    "{\"service\": \"fal\", \"match\": {\"step\": \"file\"}, "
                    "\"times\": 20, \"fault\": {\"kind\": \"drop\"}}");
  result = pmt_engine_run (fixture.engine, request, NULL, NULL, NULL, &error);
  g_assert_error (error, PMT_ERROR, PMT_ERROR_NETWORK);
  g_test_message ("%s", error->message);
  g_clear_error (&error);
  jobs = pmt_engine_list_jobs (fixture.engine);
  g_assert_cmpuint (jobs->len, ==, 1);

  mock_server_post (fixture.server, "clear-scripts", "{}");
  rest = pmt_engine_resume_job (fixture.engine,
                                ((PmtJobInfo *)jobs->pdata[0])->id, &error);
  g_assert_no_error (error);
  result = pmt_engine_run (fixture.engine, rest, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (pmt_result_get_n_items (result), ==, 1);
  g_assert_cmpuint (count_charges (&fixture, "fal"), ==, 1);
  g_ptr_array_unref (g_steal_pointer (&jobs));
  jobs = pmt_engine_list_jobs (fixture.engine);
  g_assert_cmpuint (jobs->len, ==, 0);
}

/* The service got it, and nobody knows. */
static void
test_unknown_outcome (void)
{
  g_auto (Fixture) fixture = { 0 };
  g_autoptr (PmtRequest) request = NULL;
  g_autoptr (PmtResult) result = NULL;
  g_autoptr (GError) error = NULL;

  if (!set_up (&fixture))
    return;
  request = make_generate ("flux_pro", "fal");
  mock_server_post (fixture.server, "script",
                    "{\"service\": \"fal\", \"match\": {\"step\": \"submit\"}, "
                    "\"fault\": {\"kind\": \"drop-after\"}}");
  result = pmt_engine_run (fixture.engine, request, NULL, NULL, NULL, &error);
  g_assert_error (error, PMT_ERROR, PMT_ERROR_NETWORK);
  g_test_message ("%s", error->message);
  g_clear_error (&error);
  g_assert_cmpuint (count_charges (&fixture, "fal"), ==, 1);

  /* With a key for the same work it is sent again, and charged once. */
  g_clear_pointer (&request, pmt_request_free);
  request = make_generate ("nano_banana", "jobs");
  mock_server_post (fixture.server, "script",
                    "{\"service\": \"jobs\", \"match\": {\"method\": "
                    "\"POST\"}, \"fault\": {\"kind\": \"drop-after\"}}");
  result = pmt_engine_run (fixture.engine, request, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (count_charges (&fixture, "jobs"), ==, 1);
}

static gboolean
cancel_soon (gpointer data)
{
  g_cancellable_cancel (data);
  return G_SOURCE_REMOVE;
}

static gpointer
cancel_thread (gpointer data)
{
  g_usleep (G_USEC_PER_SEC / 2);
  cancel_soon (data);
  return NULL;
}

static void
check_cancel (Fixture *fixture, const gchar *model, const gchar *provider)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (PmtRequest) request = make_generate (model, provider);
  g_autoptr (PmtResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GThread *thread = g_thread_new ("cancel", cancel_thread, cancellable);
  const gint64 begun = g_get_monotonic_time ();
  gdouble seconds;

  result = pmt_engine_run (fixture->engine, request, NULL, NULL, cancellable,
                           &error);
  seconds = (gdouble)(g_get_monotonic_time () - begun) / G_USEC_PER_SEC;
  g_thread_join (thread);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_test_message ("%s: cancelled after %.2f s", model, seconds - 0.5);
  g_assert_cmpfloat (seconds, <, 0.5 + 1.5);
  g_assert_cmpuint (count_jobs (fixture), ==, 0);
}

static void
test_cancel (void)
{
  g_auto (Fixture) fixture = { 0 };

  if (!set_up (&fixture))
    return;
  mock_server_post (fixture.server, "config", "{\"job_seconds\": 30}");
  check_cancel (&fixture, "flux_pro", "fal");
  mock_server_post (fixture.server, "script",
                    "{\"service\": \"sdapi\", \"match\": {\"path\": "
                    "\"txt2img\"}, \"delay\": 20}");
  check_cancel (&fixture, "sdapi", "sdapi");
  mock_server_post (fixture.server, "script",
                    "{\"service\": \"fal\", \"fault\": {\"kind\": \"stall\", "
                    "\"seconds\": 30}}");
  check_cancel (&fixture, "flux_pro", "fal");
}

static void
test_waits (void)
{
  g_auto (Fixture) fixture = { 0 };
  g_autoptr (PmtRequest) request = NULL;
  g_autoptr (PmtResult) result = NULL;
  g_autoptr (GError) error = NULL;

  if (!set_up (&fixture))
    return;
  request = make_generate ("nano_banana", "jobs");
  mock_server_script (fixture.server, "jobs",
                      "{\"error_class\": \"rate-limit\", \"retry_after\": 1}");
  result = pmt_engine_run (fixture.engine, request, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (count_charges (&fixture, "jobs"), ==, 1);
}

/* ------------------------------------------------------------------ errors */

static void
test_errors (void)
{
  static const struct
  {
    const gchar *name;
    PmtError code;
  } classes[] = {
    { "credits", PMT_ERROR_CREDITS },
    { "content-filter", PMT_ERROR_CONTENT },
    { "too-large", PMT_ERROR_TOO_LARGE },
    { "auth", PMT_ERROR_KEY },
    { "invalid-parameter", PMT_ERROR_ARGUMENT },
  };
  g_auto (Fixture) fixture = { 0 };

  if (!set_up (&fixture))
    return;
  for (guint i = 0; i < G_N_ELEMENTS (classes); i++)
    {
      g_autoptr (PmtRequest) request = make_generate ("nano_banana", "jobs");
      g_autofree gchar *fault =
          g_strdup_printf ("{\"error_class\": \"%s\"}", classes[i].name);
      g_autoptr (PmtResult) result = NULL;
      g_autoptr (GError) error = NULL;

      mock_server_script (fixture.server, "jobs", fault);
      result =
          pmt_engine_run (fixture.engine, request, NULL, NULL, NULL, &error);
      g_assert_error (error, PMT_ERROR, (gint)classes[i].code);
      g_test_message ("%s: %s", classes[i].name, error->message);
      g_assert_null (strstr (error->message, "test-key"));
    }
  g_assert_cmpuint (count_charges (&fixture, "jobs"), ==, 0);
}

static void
test_wrong_size (void)
{
  g_auto (Fixture) fixture = { 0 };
  g_autoptr (GeglBuffer) source = NULL;
  g_autoptr (PmtRequest) request = NULL;
  g_autoptr (PmtResult) result = NULL;
  g_autoptr (GError) error = NULL;
  const GeglRectangle *extent;

  if (!set_up (&fixture))
    return;
  source = make_picture (600, 400, "R'G'B' u8");
  request = make_request (PMT_OPERATION_EDIT, "nano_banana_edit", "jobs",
                          source, NULL);
  pmt_params_set_string (pmt_request_params (request), "prompt", "make it red");
  mock_server_script (fixture.server, "jobs", "{\"kind\": \"wrong-size\"}");
  result = pmt_engine_run (fixture.engine, request, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  extent = gegl_buffer_get_extent (pmt_result_get_picture (result, 0));
  g_assert_cmpint (extent->width, ==, 600);
  g_assert_cmpint (extent->height, ==, 400);
  g_assert_nonnull (pmt_result_get_notes (result)[0]);
  g_test_message ("%s", pmt_result_get_notes (result)[0]);
}

static void
test_never_by_default (void)
{
  g_auto (Fixture) fixture = { 0 };

  if (!set_up (&fixture))
    return;
  for (gint i = 0; i < PMT_N_OPERATIONS; i++)
    {
      g_autoptr (PmtRequest) request = pmt_request_new ((PmtOperation)i);
      const PmtModel *model;

      pmt_params_set_string (pmt_request_params (request), "prompt", "a lake");
      model = pmt_engine_choose_model (fixture.engine, request);
      g_assert_true (model == NULL || !pmt_model_is_remote (model));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gegl_init (NULL, NULL);
  g_test_add_func ("/remote-run/fill", test_fill);
  g_test_add_func ("/remote-run/small-crop", test_small_crop);
  g_test_add_func ("/remote-run/side-by-side", test_side_by_side);
  g_test_add_func ("/remote-run/eight-calls", test_eight_calls);
  g_test_add_func ("/remote-run/memory", test_memory);
  g_test_add_func ("/remote-run/recipe", test_recipe);
  g_test_add_func ("/remote-run/limits", test_limits);
  g_test_add_func ("/remote-run/spending-file", test_spending_file);
  g_test_add_func ("/remote-run/units", test_units);
  g_test_add_func ("/remote-run/more-pictures", test_more_pictures);
  g_test_add_func ("/remote-run/upscale", test_upscale);
  g_test_add_func ("/remote-run/preview", test_preview);
  g_test_add_func ("/remote-run/lost-and-found", test_lost_and_found);
  g_test_add_func ("/remote-run/unknown-outcome", test_unknown_outcome);
  g_test_add_func ("/remote-run/cmyk", test_cmyk);
  g_test_add_func ("/remote-run/cancel", test_cancel);
  g_test_add_func ("/remote-run/waits", test_waits);
  g_test_add_func ("/remote-run/errors", test_errors);
  g_test_add_func ("/remote-run/wrong-size", test_wrong_size);
  g_test_add_func ("/remote-run/never-by-default", test_never_by_default);
  return g_test_run ();
}
