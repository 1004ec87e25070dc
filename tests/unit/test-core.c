/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* test-core.c: parameters, progress, validation, runs, recipes. */
#include "config.h"

#include <locale.h>
#include <math.h>
#include <string.h>

#include "core/engine-private.h"
#include "core/environment.h"
#include "core/json.h"
#include "core/params.h"
#include "core/progress.h"
#include "core/result-builder.h"
#include "core/wait.h"

/* -------------------------------------------------------- fake backend -- */

/* Paints each item with the low byte of its seed.  What it does can be
 * changed by a test. */
typedef struct
{
  GObject parent;
  guint64 bytes;
  guint n_steps;
  gboolean fails_without_error;
  gboolean ignores_cancel;
  GeglRectangle region;
  gchar *seen_stage;
  PmtParams *seen_params;
  guint32 seen_seed;
  gint seen_threads;
  guint64 seen_memory;
  gint n_runs;
} FakeBackend;

typedef GObjectClass FakeBackendClass;

static GType fake_backend_get_type (void);
static void fake_backend_iface_init (PmtBackendInterface *iface);

G_DEFINE_TYPE_WITH_CODE (FakeBackend,
                         fake_backend,
                         G_TYPE_OBJECT,
                         G_IMPLEMENT_INTERFACE (PMT_TYPE_BACKEND,
                                                fake_backend_iface_init))

static void
fake_backend_finalize (GObject *object)
{
  FakeBackend *fake = (FakeBackend *)object;

  pmt_params_free (fake->seen_params);
  G_OBJECT_CLASS (fake_backend_parent_class)->finalize (object);
}

static void
fake_backend_class_init (FakeBackendClass *klass)
{
  klass->finalize = fake_backend_finalize;
}

static void
fake_backend_init (FakeBackend *fake)
{
  fake->n_steps = 10;
}

static const gchar *
fake_get_id (PmtBackend *backend)
{
  return "fill";
}

static void
fake_validate (PmtBackend *backend,
               const PmtModel *model,
               const PmtRequest *request,
               GPtrArray *problems)
{
  const PmtParams *params = pmt_request_peek_params (request);

  /* What was checked and filled in before may be relied upon. */
  g_assert_true (pmt_params_has (params, "count"));
  if (pmt_params_get_int (params, "iterations", 0) == 49)
    pmt_problems_add (problems, PMT_ERROR_ARGUMENT, "iterations",
                      "49 is what the fake backend refuses.");
}

static gboolean
fake_estimate (PmtBackend *backend,
               const PmtJob *job,
               PmtEstimate *estimate,
               GError **error)
{
  FakeBackend *fake = (FakeBackend *)backend;

  estimate->bytes = fake->bytes;
  if (fake->bytes == G_MAXUINT64)
    return FALSE;
  if (fake->region.width > 0)
    estimate->region = fake->region;
  return TRUE;
}

static void
add_item (PmtResult *result, const PmtJob *job, guint i)
{
  const GeglRectangle *layer = pmt_request_get_layer (job->request);
  guint32 seed = job->seed + i;
  const Babl *format = babl_format ("Y' u8");
  GeglBuffer *picture = gegl_buffer_new (layer, format);
  guchar value = seed & 0xff;

  gegl_buffer_set_color_from_pixel (picture, NULL, &value, format);
  pmt_result_add (result, job, picture, NULL, seed, layer);
}

static PmtResult *
fake_run (PmtBackend *backend,
          const PmtJob *job,
          PmtProgress *progress,
          GCancellable *cancellable,
          GError **error)
{
  FakeBackend *fake = (FakeBackend *)backend;
  const PmtParams *params = pmt_request_peek_params (job->request);
  g_autoptr (PmtResult) result = pmt_result_new (job);

  fake->n_runs++;
  fake->seen_seed = job->seed;
  fake->seen_threads = job->threads;
  fake->seen_memory = job->memory;
  pmt_params_free (fake->seen_params);
  fake->seen_params = pmt_params_copy (params);
  if (fake->fails_without_error)
    return NULL;
  pmt_progress_begin (progress, "Working", 0.9);
  for (guint i = 0; i < fake->n_steps; i++)
    {
      if (i == fake->n_steps / 2)
        pmt_progress_preview (progress, 0.0,
                              pmt_request_get_mask (job->request));
      pmt_progress_report (progress, (i + 1.0) / fake->n_steps);
      if (!fake->ignores_cancel
          && g_cancellable_set_error_if_cancelled (cancellable, error))
        return NULL;
      g_usleep (2000);
    }
  pmt_progress_end (progress);
  for (gint64 i = 0; i < pmt_params_get_int (params, "count", 1); i++)
    add_item (result, job, i);
  return g_steal_pointer (&result);
}

static void
fake_backend_iface_init (PmtBackendInterface *iface)
{
  iface->get_id = fake_get_id;
  iface->validate = fake_validate;
  iface->estimate = fake_estimate;
  iface->run = fake_run;
}

/* ------------------------------------------------------------- fixture -- */

typedef struct
{
  FakeBackend *fake;
  PmtEngine *engine;
  PmtRequest *request;
} Fixture;

static GeglBuffer *
new_buffer (gint x, gint y, gint width, gint height, gdouble value)
{
  GeglBuffer *buffer = gegl_buffer_new (GEGL_RECTANGLE (x, y, width, height),
                                        babl_format ("Y float"));
  gfloat pixel = value;

  gegl_buffer_set_color_from_pixel (buffer, NULL, &pixel,
                                    babl_format ("Y float"));
  return buffer;
}

static void
set_up_with (Fixture *fixture, const PmtEngineOptions *options)
{
  g_autoptr (GPtrArray) backends =
      g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GeglBuffer) source = new_buffer (0, 0, 40, 30, 0.5);
  g_autoptr (GeglBuffer) mask = new_buffer (5, 5, 10, 10, 1.0);
  g_autoptr (GError) error = NULL;

  fixture->fake = g_object_new (fake_backend_get_type (), NULL);
  g_ptr_array_add (backends, g_object_ref (fixture->fake));
  fixture->engine = pmt_engine_new_with_backends (
      options, g_steal_pointer (&backends), &error);
  g_assert_no_error (error);
  fixture->request = pmt_request_new (PMT_OPERATION_REMOVE);
  pmt_request_set_source (fixture->request, source,
                          GEGL_RECTANGLE (0, 0, 40, 30));
  pmt_request_set_mask (fixture->request, mask);
}

static PmtEngineOptions
test_options (void)
{
  PmtEngineOptions options = PMT_ENGINE_OPTIONS_INIT;

  options.data_dir = g_getenv ("PENTIMENTO_TEST_DATA");
  g_assert_nonnull (options.data_dir);
  return options;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  PmtEngineOptions options = test_options ();

  options.threads = 3;
  options.memory = 1000000;
  set_up_with (fixture, &options);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  pmt_request_free (fixture->request);
  pmt_engine_unref (fixture->engine);
  g_clear_object (&fixture->fake);
}

static PmtParams *
params_of (Fixture *fixture)
{
  return pmt_request_params (fixture->request);
}

/* The one problem of the request, which names @name. */
static void
assert_problem (Fixture *fixture, const gchar *name, const gchar *part)
{
  g_autoptr (GPtrArray) problems =
      pmt_engine_validate (fixture->engine, fixture->request);
  const PmtProblem *problem;

  g_assert_cmpuint (problems->len, ==, 1);
  problem = problems->pdata[0];
  g_assert_cmpstr (problem->name, ==, name);
  if (strstr (problem->message, part) == NULL)
    g_error ("“%s” is not in “%s”", part, problem->message);
}

static void
assert_valid (Fixture *fixture)
{
  g_autoptr (GPtrArray) problems =
      pmt_engine_validate (fixture->engine, fixture->request);

  for (guint i = 0; i < problems->len; i++)
    g_error ("%s", ((PmtProblem *)problems->pdata[i])->message);
}

/* ---------------------------------------------------------- operations -- */

static void
test_operation_names (void)
{
  PmtOperation operation = PMT_OPERATION_EDIT;

  for (guint i = 0; i < PMT_N_OPERATIONS; i++)
    {
      g_assert_true (
          pmt_operation_from_string (pmt_operation_to_string (i), &operation));
      g_assert_cmpint (operation, ==, i);
      g_assert_cmpuint (strlen (pmt_operation_label (i)), >, 0);
    }
  operation = PMT_OPERATION_EDIT;
  g_assert_false (pmt_operation_from_string ("Remove", &operation));
  g_assert_false (pmt_operation_from_string ("", &operation));
  g_assert_cmpint (operation, ==, PMT_OPERATION_EDIT);
}

/* ---------------------------------------------------------- parameters -- */

static void
test_params_types (void)
{
  g_autoptr (PmtParams) params = pmt_params_new ();

  pmt_params_set_bool (params, "b", TRUE);
  pmt_params_set_int (params, "i", G_GINT64_CONSTANT (4294967295));
  pmt_params_set_number (params, "d", 0.25);
  pmt_params_set_string (params, "s", "text");
  g_assert_true (pmt_params_get_bool (params, "b", FALSE));
  g_assert_cmpint (pmt_params_get_int (params, "i", 0), ==,
                   G_GINT64_CONSTANT (4294967295));
  g_assert_cmpfloat (pmt_params_get_number (params, "i", 0), ==, 4294967295.0);
  g_assert_cmpfloat (pmt_params_get_number (params, "d", 0), ==, 0.25);
  g_assert_cmpstr (pmt_params_get_string (params, "s", NULL), ==, "text");
  /* Another type, or nothing: the fallback. */
  g_assert_cmpint (pmt_params_get_int (params, "d", 7), ==, 7);
  g_assert_cmpint (pmt_params_get_int (params, "b", 7), ==, 7);
  g_assert_cmpstr (pmt_params_get_string (params, "i", "no"), ==, "no");
  g_assert_true (pmt_params_get_bool (params, "absent", TRUE));
  g_assert_null (pmt_params_get_variant (params, "absent"));
}

static void
test_params_order (void)
{
  g_autoptr (PmtParams) params = pmt_params_new ();
  g_autoptr (PmtParams) copy = NULL;
  g_autofree const gchar **names = NULL;

  pmt_params_set_int (params, "c", 1);
  pmt_params_set_int (params, "a", 2);
  pmt_params_set_int (params, "b", 3);
  pmt_params_set_string (params, "a", "now a text");
  pmt_params_unset (params, "c");
  pmt_params_set_bool (params, "c", FALSE);
  copy = pmt_params_copy (params);
  pmt_params_set_int (params, "b", 99);
  names = pmt_params_list (copy);
  g_assert_cmpuint (g_strv_length ((gchar **)names), ==, 3);
  g_assert_cmpstr (names[0], ==, "a");
  g_assert_cmpstr (names[1], ==, "b");
  g_assert_cmpstr (names[2], ==, "c");
  g_assert_cmpint (pmt_params_get_int (copy, "b", 0), ==, 3);
  g_assert_cmpstr (pmt_params_get_string (copy, "a", NULL), ==, "now a text");
}

static void
test_params_text (void)
{
  g_autoptr (PmtParams) params = pmt_params_new ();

  pmt_params_set_string (params, "s", "bad \xff byte");
  g_assert_true (
      g_utf8_validate (pmt_params_get_string (params, "s", ""), -1, NULL));
  pmt_params_set_string (params, "s", NULL);
  g_assert_false (pmt_params_has (params, "s"));
}

/* ------------------------------------------------------------- request -- */

static void
test_request_copy (void)
{
  g_autoptr (PmtRequest) request = pmt_request_new (PMT_OPERATION_EXPAND);
  g_autoptr (PmtRequest) copy = NULL;
  g_autoptr (GeglBuffer) buffer = new_buffer (0, 0, 4, 4, 0.0);
  const GeglRectangle *canvas;

  pmt_request_set_model (request, "patch-fill");
  pmt_request_set_model (request, pmt_request_get_model (request));
  pmt_request_set_source (request, buffer, GEGL_RECTANGLE (1, 2, 3, 4));
  canvas = pmt_request_get_canvas (request);
  g_assert_true (gegl_rectangle_equal (canvas, GEGL_RECTANGLE (1, 2, 3, 4)));
  pmt_request_set_canvas (request, GEGL_RECTANGLE (0, 0, 9, 9));
  pmt_request_add_reference (request, buffer);
  pmt_params_set_int (pmt_request_params (request), "left", 3);
  copy = pmt_request_copy (request);
  pmt_params_set_int (pmt_request_params (request), "left", 4);
  g_clear_pointer (&request, pmt_request_free);
  g_assert_cmpint (pmt_request_get_operation (copy), ==, PMT_OPERATION_EXPAND);
  g_assert_cmpstr (pmt_request_get_model (copy), ==, "patch-fill");
  g_assert_true (pmt_request_get_source (copy) == buffer);
  g_assert_null (pmt_request_get_mask (copy));
  g_assert_cmpuint (pmt_request_get_n_references (copy), ==, 1);
  g_assert_true (pmt_request_get_reference (copy, 0) == buffer);
  canvas = pmt_request_get_canvas (copy);
  g_assert_true (gegl_rectangle_equal (canvas, GEGL_RECTANGLE (0, 0, 9, 9)));
  g_assert_cmpint (
      pmt_params_get_int (pmt_request_peek_params (copy), "left", 0), ==, 3);
}

/* ------------------------------------------------------------ progress -- */

typedef struct
{
  guint n_calls;
  guint n_previews;
  gdouble last;
  gchar *stage;
  GThread *thread;
  gboolean has_fallen;
} Seen;

static void
see (const gchar *stage, gdouble fraction, GeglBuffer *preview, gpointer data)
{
  Seen *seen = data;

  seen->n_calls++;
  seen->n_previews += preview != NULL;
  seen->has_fallen |= fraction < seen->last || fraction > 1.0;
  seen->last = fraction;
  seen->thread = g_thread_self ();
  g_free (seen->stage);
  seen->stage = g_strdup (stage);
}

static void
test_progress_nests (void)
{
  Seen seen = { 0 };
  g_autoptr (PmtProgress) progress = pmt_progress_new (see, &seen);
  g_autoptr (GeglBuffer) preview = new_buffer (0, 0, 2, 2, 0.0);

  /* A preview is never throttled: it shows where the progress stands. */
  pmt_progress_begin (progress, "Outer", 0.5);
  pmt_progress_begin (progress, NULL, 0.25);
  pmt_progress_preview (progress, 0.5, preview);
  g_assert_cmpfloat_with_epsilon (seen.last, 0.5 * 0.25 * 0.5, 1e-12);
  g_assert_cmpstr (seen.stage, ==, "Outer");
  pmt_progress_end (progress);
  pmt_progress_begin (progress, "Inner", 0.5);
  pmt_progress_preview (progress, 1.0, preview);
  g_assert_cmpfloat_with_epsilon (seen.last, 0.5 * 0.75, 1e-12);
  g_assert_cmpstr (seen.stage, ==, "Inner");
  pmt_progress_end (progress);
  /* Backwards, out of range, not a number: it stays where it is. */
  pmt_progress_preview (progress, 0.1, preview);
  pmt_progress_preview (progress, -5.0, preview);
  pmt_progress_preview (progress, NAN, preview);
  g_assert_cmpfloat_with_epsilon (seen.last, 0.5 * 0.75, 1e-12);
  pmt_progress_end (progress);
  /* Weights that add up to more than 1 do not overflow. */
  pmt_progress_begin (progress, "Last", 7.0);
  pmt_progress_preview (progress, 0.5, preview);
  g_assert_cmpfloat_with_epsilon (seen.last, 0.75, 1e-12);
  pmt_progress_preview (progress, 9.0, preview);
  pmt_progress_end (progress);
  g_assert_cmpfloat (seen.last, ==, 1.0);
  g_assert_false (seen.has_fallen);
  g_free (seen.stage);
}

static void
test_progress_throttles (void)
{
  Seen seen = { 0 };
  g_autoptr (PmtProgress) progress = pmt_progress_new (see, &seen);
  gint64 start = g_get_monotonic_time ();
  gdouble seconds;
  guint n = 0;

  pmt_progress_begin (progress, "Stage", 1.0);
  while (g_get_monotonic_time () - start < G_USEC_PER_SEC / 4)
    pmt_progress_report (progress, MIN (++n * 1e-9, 0.9));
  seconds = (g_get_monotonic_time () - start) / (gdouble)G_USEC_PER_SEC;
  g_assert_cmpuint (n, >, 1000);
  g_assert_cmpuint (seen.n_calls, >=, 2);
  g_assert_cmpfloat (seen.n_calls, <=, seconds * 20 + 1);
  /* The end gets through, once. */
  n = seen.n_calls;
  pmt_progress_report (progress, 1.0);
  pmt_progress_report (progress, 1.0);
  pmt_progress_end (progress);
  g_assert_cmpuint (seen.n_calls, ==, n + 1);
  g_assert_cmpfloat (seen.last, ==, 1.0);
  g_free (seen.stage);
}

static void
test_progress_timings (void)
{
  g_autoptr (PmtProgress) progress = pmt_progress_new (NULL, NULL);
  g_autoptr (GVariant) timings = NULL;
  gdouble a = 0.0;
  gdouble b = 0.0;

  /* A part without a name of its own does not count as a stage. */
  for (guint i = 0; i < 2; i++)
    {
      pmt_progress_begin (progress, NULL, 0.5);
      pmt_progress_begin (progress, "A", 0.5);
      pmt_progress_begin (progress, "Within", 1.0);
      g_usleep (10000);
      pmt_progress_end (progress);
      pmt_progress_end (progress);
      pmt_progress_begin (progress, "B", 0.5);
      pmt_progress_end (progress);
      pmt_progress_end (progress);
    }
  timings = g_variant_ref_sink (pmt_progress_get_timings (progress));
  g_assert_cmpuint (g_variant_n_children (timings), ==, 2);
  g_assert_true (g_variant_lookup (timings, "A", "d", &a));
  g_assert_true (g_variant_lookup (timings, "B", "d", &b));
  g_assert_cmpfloat (a, >=, 0.02);
  g_assert_cmpfloat (a, <, 5.0);
  g_assert_cmpfloat (b, <, a);
}

static void
test_progress_nullable (void)
{
  g_autoptr (GVariant) timings = NULL;

  pmt_progress_begin (NULL, "Stage", 1.0);
  pmt_progress_report (NULL, 0.5);
  pmt_progress_preview (NULL, 0.5, NULL);
  pmt_progress_end (NULL);
  pmt_progress_free (NULL);
  timings = g_variant_ref_sink (pmt_progress_get_timings (NULL));
  g_assert_cmpuint (g_variant_n_children (timings), ==, 0);
}

/* -------------------------------------------------------------- memory -- */

static gpointer
cancel_later (gpointer cancellable)
{
  g_usleep (20000);
  g_cancellable_cancel (cancellable);
  return NULL;
}

static void
test_wait (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  const gint64 begun = g_get_monotonic_time ();
  GThread *thread;

  g_assert_true (pmt_wait (-1.0, cancellable, &error));
  g_assert_true (pmt_wait (0.02, NULL, &error));
  g_assert_true (pmt_wait (0.02, cancellable, &error));
  g_assert_cmpint (g_get_monotonic_time () - begun, >=, 40000);
  thread = g_thread_new ("cancel", cancel_later, cancellable);
  g_assert_false (pmt_wait (1e300, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_thread_join (thread);
  g_clear_error (&error);
  g_assert_false (pmt_wait (0.0, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_memory (void)
{
  g_assert_cmpuint (pmt_memory_parse_meminfo (
                        "MemTotal:  100 kB\nMemAvailable:     2048 kB\n"),
                    ==, 2048 * 1024);
  g_assert_cmpuint (pmt_memory_parse_meminfo ("MemTotal: 100 kB\n"), ==, 0);
  g_assert_cmpuint (
      pmt_memory_parse_meminfo ("MemAvailable: 99999999999999999999 kB"), ==,
      0);
  g_assert_cmpuint (pmt_memory_available (), >, 1024 * 1024);
}

/* ---------------------------------------------------------- validation -- */

static void
test_validate_good (Fixture *fixture, gconstpointer data)
{
  assert_valid (fixture);
  pmt_params_set_number (params_of (fixture), "iterations", 12.0);
  pmt_params_set_int (params_of (fixture), "feather", 3);
  pmt_params_set_int (params_of (fixture), "seed", 4294967295);
  assert_valid (fixture);
  /* The source pixels may come later. */
  pmt_request_set_source (fixture->request, NULL,
                          GEGL_RECTANGLE (0, 0, 40, 30));
  assert_valid (fixture);
}

static void
test_validate_params (Fixture *fixture, gconstpointer data)
{
  PmtParams *params = params_of (fixture);

  pmt_params_set_int (params, "count", 9);
  assert_problem (fixture, "count", "9; the model “patch-fill” allows 1 to 8");
  pmt_params_set_string (params, "count", "two");
  assert_problem (fixture, "count", "needs a whole number");
  pmt_params_set_number (params, "count", 1.5);
  assert_problem (fixture, "count", "1.5");
  pmt_params_unset (params, "count");
  pmt_params_set_number (params, "feather", NAN);
  assert_problem (fixture, "feather", "-1 to 1000, and -1 for automatic");
  pmt_params_set_number (params, "feather", INFINITY);
  assert_problem (fixture, "feather", "inf");
  pmt_params_unset (params, "feather");
  pmt_params_set_int (params, "color-match", 1);
  assert_problem (fixture, "color-match", "true or false");
  pmt_params_unset (params, "color-match");
  pmt_params_set_int (params, "seed", 4294967296);
  assert_problem (fixture, "seed", "4294967296");
  pmt_params_unset (params, "seed");
  pmt_params_set_int (params, "denoise", 1);
  assert_problem (fixture, "denoise", "“patch-fill” has no parameter");
  pmt_params_unset (params, "denoise");
  pmt_params_set_int (params, "left", 0);
  assert_problem (fixture, "left", "doesn't apply to “Remove Object”");
}

static void
test_validate_applies (Fixture *fixture, gconstpointer data)
{
  PmtRequest *request = pmt_request_new (PMT_OPERATION_EXPAND);
  PmtParams *params = pmt_request_params (request);
  const PmtModel *model = pmt_engine_find_model (fixture->engine, "patch-fill");
  g_autofree gchar *long_text = g_strnfill (50, ':');

  pmt_request_set_source (request, NULL, GEGL_RECTANGLE (0, 0, 40, 30));
  pmt_request_free (fixture->request);
  fixture->request = request;
  pmt_params_set_int (params, "left", 5);
  assert_valid (fixture);
  pmt_params_set_string (params, "anchor", "middle");
  assert_problem (fixture, "anchor",
                  "“middle”; the model “patch-fill” allows"
                  ": center, top-left");
  pmt_params_set_string (params, "anchor", "top");
  assert_problem (fixture, "anchor", "only when “aspect” is given");
  g_assert_false (pmt_model_param_applies (model, "anchor", params));
  /* A default asks for nothing. */
  pmt_params_set_string (params, "anchor", "center");
  assert_valid (fixture);
  pmt_params_set_string (params, "anchor", "top");
  pmt_params_set_string (params, "aspect", "16:9");
  assert_valid (fixture);
  g_assert_true (pmt_model_param_applies (model, "anchor", params));
  g_assert_false (pmt_model_param_applies (model, "anchor", NULL));
  g_assert_true (pmt_model_param_applies (model, "left", NULL));
  g_assert_false (pmt_model_param_applies (model, "absent", NULL));
  pmt_params_set_string (params, "aspect", long_text);
  assert_problem (fixture, "aspect", "50 characters");
}

static void
test_validate_model (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PmtRequest) other = pmt_request_new (PMT_OPERATION_GENERATE);
  g_autoptr (GPtrArray) problems = NULL;

  pmt_request_set_model (fixture->request, "nothing");
  assert_problem (fixture, "model", "“nothing”");
  pmt_request_set_model (fixture->request, "patch-fill");
  assert_valid (fixture);
  problems = pmt_engine_validate (fixture->engine, other);
  g_assert_cmpuint (problems->len, ==, 1);
  pmt_request_set_model (other, "patch-fill");
  g_ptr_array_unref (problems);
  problems = pmt_engine_validate (fixture->engine, other);
  g_assert_cmpuint (problems->len, ==, 1);
  g_assert_cmpint (((PmtProblem *)problems->pdata[0])->code, ==,
                   PMT_ERROR_UNSUPPORTED);
}

static void
test_validate_backend (Fixture *fixture, gconstpointer data)
{
  g_ptr_array_set_size (fixture->engine->backends, 0);
  assert_problem (fixture, "model", "needs “fill”");
}

static void
test_validate_inputs (Fixture *fixture, gconstpointer data)
{
  PmtRequest *request = fixture->request;
  g_autoptr (GeglBuffer) empty = new_buffer (0, 0, 40, 30, 0.0);
  g_autoptr (GeglBuffer) outside = new_buffer (100, 100, 5, 5, 1.0);
  g_autoptr (GeglBuffer) good = new_buffer (0, 0, 5, 5, 0.01);

  pmt_request_set_mask (request, NULL);
  assert_problem (fixture, "mask", "Nothing is selected.");
  pmt_request_set_mask (request, empty);
  assert_problem (fixture, "mask", "inside the layer");
  pmt_request_set_mask (request, outside);
  assert_problem (fixture, "mask", "outside the layer");
  pmt_request_set_mask (request, good);
  assert_valid (fixture);
  pmt_request_add_reference (request, good);
  assert_problem (fixture, "references", "takes no reference pictures");
}

static void
test_validate_size (Fixture *fixture, gconstpointer data)
{
  PmtRequest *request = fixture->request;

  pmt_request_set_source (request, NULL, GEGL_RECTANGLE (0, 0, 0, 30));
  assert_problem (fixture, "source", "needs a layer");
  pmt_request_set_source (request, NULL,
                          GEGL_RECTANGLE (G_MAXINT - 5, 0, 10, 10));
  assert_problem (fixture, "source", "impossible");
  pmt_request_set_source (request, NULL, GEGL_RECTANGLE (0, 0, 300000, 30));
  assert_problem (fixture, "source", "at most 262144");
  pmt_request_set_source (request, NULL, GEGL_RECTANGLE (0, 0, 10, G_MAXINT));
  assert_problem (fixture, "source", "impossible");
}

static void
test_validate_all (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) problems = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (PmtResult) result = NULL;
  PmtParams *params = params_of (fixture);

  pmt_params_set_int (params, "count", 0);
  pmt_params_set_int (params, "nonsense", 0);
  pmt_params_set_bool (params, "seed", TRUE);
  pmt_params_set_number (params, "grow", 501.0);
  pmt_request_set_mask (fixture->request, NULL);
  problems = pmt_engine_validate (fixture->engine, fixture->request);
  g_assert_cmpuint (problems->len, ==, 5);
  result = pmt_engine_run (fixture->engine, fixture->request, NULL, NULL, NULL,
                           &error);
  g_assert_null (result);
  g_assert_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT);
  for (guint i = 0; i < problems->len; i++)
    {
      const PmtProblem *problem = problems->pdata[i];

      g_assert_nonnull (strstr (error->message, problem->message));
    }
  g_assert_cmpint (fixture->fake->n_runs, ==, 0);
}

static void
test_validate_by_backend (Fixture *fixture, gconstpointer data)
{
  pmt_params_set_int (params_of (fixture), "iterations", 49);
  assert_problem (fixture, "iterations", "fake backend refuses");
}

/* ------------------------------------------------------------- running -- */

static PmtResult *
run (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  PmtResult *result;

  result = pmt_engine_run (fixture->engine, fixture->request, NULL, NULL, NULL,
                           &error);
  g_assert_no_error (error);
  g_assert_nonnull (result);
  return result;
}

static void
assert_fails (Fixture *fixture, GQuark domain, gint code, const gchar *part)
{
  g_autoptr (GError) error = NULL;
  PmtResult *result;

  result = pmt_engine_run (fixture->engine, fixture->request, NULL, NULL, NULL,
                           &error);
  g_assert_null (result);
  g_assert_error (error, domain, code);
  if (strstr (error->message, part) == NULL)
    g_error ("“%s” is not in “%s”", part, error->message);
}

static void
test_run_defaults (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PmtResult) result = NULL;
  const PmtParams *seen;
  GVariant *feather;

  pmt_params_set_int (params_of (fixture), "feather", 3);
  result = run (fixture);
  seen = fixture->fake->seen_params;
  g_assert_cmpint (pmt_params_get_int (seen, "patch-size", 0), ==, 7);
  g_assert_cmpint (pmt_params_get_int (seen, "count", 0), ==, 1);
  g_assert_true (pmt_params_get_bool (seen, "color-match", FALSE));
  g_assert_cmpfloat (pmt_params_get_number (seen, "grow", 0), ==, -1.0);
  feather = pmt_params_get_variant ((PmtParams *)seen, "feather");
  g_assert_cmpstr (g_variant_get_type_string (feather), ==, "d");
  /* Neither parameters of another operation nor the caller's request. */
  g_assert_false (pmt_params_has (seen, "left"));
  g_assert_false (pmt_params_has (params_of (fixture), "count"));
  g_assert_cmpint (pmt_params_get_int (seen, "seed", -1), ==,
                   fixture->fake->seen_seed);
  g_assert_cmpint (fixture->fake->seen_threads, ==, 3);
  g_assert_cmpuint (fixture->fake->seen_memory, ==, 1000000);
  g_assert_cmpuint (pmt_result_get_n_items (result), ==, 1);
}

static void
test_run_seeds (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PmtResult) result = NULL;
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);

  pmt_params_set_int (params_of (fixture), "seed", 4294967295);
  pmt_params_set_int (params_of (fixture), "count", 3);
  result = run (fixture);
  g_assert_cmpuint (pmt_result_get_n_items (result), ==, 3);
  g_assert_cmpuint (pmt_result_get_seed (result, 0), ==, 4294967295);
  g_assert_cmpuint (pmt_result_get_seed (result, 1), ==, 0);
  g_assert_cmpuint (pmt_result_get_seed (result, 2), ==, 1);
  g_assert_cmpstr (pmt_result_get_name (result, 0), ==, "Remove Object");
  g_assert_cmpstr (pmt_result_get_name (result, 2), ==, "Remove Object 3");
  pmt_params_set_int (params_of (fixture), "seed", -1);
  for (guint i = 0; i < 8; i++)
    {
      g_autoptr (PmtResult) other = NULL;

      if (i == 4)
        pmt_params_unset (params_of (fixture), "seed");
      other = run (fixture);
      g_hash_table_add (seen, GUINT_TO_POINTER (fixture->fake->seen_seed));
      g_assert_cmpuint (pmt_result_get_seed (other, 0), ==,
                        fixture->fake->seen_seed);
    }
  g_assert_cmpuint (g_hash_table_size (seen), >, 4);
}

static void
test_run_pixels (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GeglBuffer) small = new_buffer (0, 0, 10, 30, 0.5);
  g_autoptr (PmtResult) result = NULL;
  const GeglRectangle *layer = GEGL_RECTANGLE (0, 0, 40, 30);

  pmt_request_set_source (fixture->request, NULL, layer);
  assert_fails (fixture, PMT_ERROR, PMT_ERROR_INPUT, "none were given");
  pmt_request_set_source (fixture->request, small, layer);
  assert_fails (fixture, PMT_ERROR, PMT_ERROR_INPUT, "don't cover");
  /* No more than the region is needed. */
  fixture->fake->region = *GEGL_RECTANGLE (-5, 0, 12, 30);
  result = run (fixture);
}

static void
test_run_memory (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PmtResult) result = NULL;
  PmtEstimate estimate = { 0 };
  g_autoptr (GError) error = NULL;

  fixture->fake->bytes = 1000000;
  result = run (fixture);
  fixture->fake->bytes = 3000001;
  assert_fails (fixture, PMT_ERROR, PMT_ERROR_MEMORY, "3.0");
  g_assert_cmpint (fixture->fake->n_runs, ==, 1);
  /* An estimate tells, it does not fail. */
  g_assert_true (pmt_engine_estimate (fixture->engine, fixture->request,
                                      &estimate, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (estimate.bytes, ==, 3000001);
}

static void
test_run_no_error (Fixture *fixture, gconstpointer data)
{
  fixture->fake->fails_without_error = TRUE;
  assert_fails (fixture, PMT_ERROR, PMT_ERROR_INTERNAL, "patch-fill");
  fixture->fake->bytes = G_MAXUINT64;
  assert_fails (fixture, PMT_ERROR, PMT_ERROR_INTERNAL, "patch-fill");
  g_assert_cmpint (fixture->fake->n_runs, ==, 1);
}

static void
test_run_progress (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PmtResult) result = NULL;
  g_autoptr (GVariant) timings = NULL;
  g_autoptr (GError) error = NULL;
  Seen seen = { 0 };
  gdouble seconds = 0.0;

  fixture->fake->n_steps = 100;
  result = pmt_engine_run (fixture->engine, fixture->request, see, &seen, NULL,
                           &error);
  g_assert_no_error (error);
  g_assert_cmpfloat (seen.last, ==, 1.0);
  g_assert_false (seen.has_fallen);
  g_assert_cmpuint (seen.n_calls, >=, 3);
  timings = pmt_result_get_timings (result);
  g_assert_true (g_variant_lookup (timings, "Working", "d", &seconds));
  g_assert_cmpfloat (seconds, >=, 0.2);
  g_free (seen.stage);
}

static void
test_run_cancelled (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_null (pmt_engine_run (fixture->engine, fixture->request, NULL, NULL,
                                 cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (fixture->fake->n_runs, ==, 0);
}

static void
cancel_now (const gchar *stage,
            gdouble fraction,
            GeglBuffer *preview,
            gpointer data)
{
  g_cancellable_cancel (data);
}

static void
test_run_cancelled_late (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  /* A backend that is done before it notices: no result either. */
  fixture->fake->ignores_cancel = TRUE;
  g_assert_null (pmt_engine_run (fixture->engine, fixture->request, cancel_now,
                                 cancellable, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (fixture->fake->n_runs, ==, 1);
}

static void
test_run_estimate (Fixture *fixture, gconstpointer data)
{
  PmtEstimate estimate = { .bytes = 77 };
  GeglRectangle region = { 0 };
  g_autoptr (GError) error = NULL;

  pmt_params_set_int (params_of (fixture), "count", 4);
  pmt_request_set_canvas (fixture->request, GEGL_RECTANGLE (0, 0, 60, 50));
  fixture->fake->region = *GEGL_RECTANGLE (1, 2, 3, 4);
  g_assert_true (pmt_engine_estimate (fixture->engine, fixture->request,
                                      &estimate, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (estimate.n_items, ==, 4);
  g_assert_cmpint (estimate.width, ==, 60);
  g_assert_cmpint (estimate.height, ==, 50);
  g_assert_cmpfloat (estimate.credits, ==, 0.0);
  g_assert_cmpfloat (estimate.seconds, <, 0.0);
  g_assert_true (pmt_engine_get_region (fixture->engine, fixture->request,
                                        &region, &error));
  g_assert_true (gegl_rectangle_equal (&region, &fixture->fake->region));
  /* Failure leaves the out-parameter alone. */
  pmt_params_set_int (params_of (fixture), "count", 40);
  estimate.bytes = 77;
  g_assert_false (pmt_engine_estimate (fixture->engine, fixture->request,
                                       &estimate, &error));
  g_assert_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT);
  g_assert_cmpuint (estimate.bytes, ==, 77);
}

/* --------------------------------------------------------------- async -- */

typedef struct
{
  Seen seen;
  GMainLoop *loop;
  PmtResult *result;
  GError *error;
  guint n_calls_at_end;
  GPtrArray *items; /* not owned */
} Async;

static void
async_done (GObject *source, GAsyncResult *result, gpointer data)
{
  Async *async = data;

  async->result = pmt_engine_run_finish (result, &async->error);
  async->n_calls_at_end = async->seen.n_calls;
  g_main_loop_quit (async->loop);
}

static void
async_progress (const gchar *stage,
                gdouble fraction,
                GeglBuffer *preview,
                gpointer data)
{
  Async *async = data;

  see (stage, fraction, preview, &async->seen);
}

static void
async_clear (Async *async)
{
  g_free (async->seen.stage);
  g_main_loop_unref (async->loop);
  pmt_result_free (async->result);
  g_clear_error (&async->error);
}

static void
test_async (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  Async async = { 0 };

  g_main_context_push_thread_default (context);
  async.loop = g_main_loop_new (context, FALSE);
  fixture->fake->n_steps = 100;
  pmt_engine_run_async (fixture->engine, fixture->request, async_progress,
                        &async, NULL, async_done, &async);
  /* The run has its own copy. */
  pmt_params_set_int (params_of (fixture), "count", 99);
  g_main_loop_run (async.loop);
  while (g_main_context_iteration (context, FALSE))
    ;
  g_main_context_pop_thread_default (context);
  g_assert_no_error (async.error);
  g_assert_cmpuint (pmt_result_get_n_items (async.result), ==, 1);
  g_assert_true (async.seen.thread == g_thread_self ());
  g_assert_cmpuint (async.seen.n_calls, >=, 3);
  g_assert_cmpuint (async.seen.n_previews, ==, 1);
  g_assert_cmpfloat (async.seen.last, ==, 1.0);
  g_assert_false (async.seen.has_fallen);
  g_assert_cmpuint (async.n_calls_at_end, ==, async.seen.n_calls);
  async_clear (&async);
}

static void
async_item (PmtResult *item, gpointer data)
{
  Async *async = data;

  g_assert_null (async->result);
  g_ptr_array_add (async->items, item);
}

static void
test_async_items (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) items =
      g_ptr_array_new_with_free_func ((GDestroyNotify)pmt_result_free);
  Async async = { .items = items };

  async.loop = g_main_loop_new (NULL, FALSE);
  pmt_params_set_int (params_of (fixture), "count", 3);
  pmt_engine_run_items_async (fixture->engine, fixture->request, NULL,
                              async_item, NULL, async_done, &async);
  g_main_loop_run (async.loop);
  g_assert_no_error (async.error);
  g_assert_cmpuint (pmt_result_get_n_items (async.result), ==, 3);
  g_assert_cmpuint (items->len, ==, 3);
  for (guint i = 0; i < items->len; i++)
    {
      const PmtResult *item = items->pdata[i];

      g_assert_cmpuint (pmt_result_get_n_items (item), ==, 1);
      g_assert_true (pmt_result_get_picture (item, 0)
                     == pmt_result_get_picture (async.result, i));
      g_assert_cmpuint (pmt_result_get_seed (item, 0), ==,
                        pmt_result_get_seed (async.result, i));
      g_assert_cmpstr (pmt_result_get_recipe (item, 0), ==,
                       pmt_result_get_recipe (async.result, i));
      g_assert_cmpstr (pmt_result_get_name (item, 0), ==,
                       pmt_result_get_name (async.result, i));
    }
  async_clear (&async);
}

static gboolean
cancel_soon (gpointer data)
{
  g_cancellable_cancel (data);
  return G_SOURCE_REMOVE;
}

static void
test_async_cancel (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Async async = { 0 };
  gint64 start = g_get_monotonic_time ();

  async.loop = g_main_loop_new (NULL, FALSE);
  fixture->fake->n_steps = 100000;
  pmt_engine_run_async (fixture->engine, fixture->request, NULL, NULL,
                        cancellable, async_done, &async);
  g_timeout_add (20, cancel_soon, cancellable);
  g_main_loop_run (async.loop);
  g_assert_null (async.result);
  g_assert_error (async.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (g_get_monotonic_time () - start, <, G_USEC_PER_SEC * 10);
  async_clear (&async);
}

static void
test_async_outlives (Fixture *fixture, gconstpointer data)
{
  Async async = { 0 };

  /* The caller may let go of engine and request at once. */
  async.loop = g_main_loop_new (NULL, FALSE);
  pmt_engine_run_async (fixture->engine, fixture->request, NULL, NULL, NULL,
                        async_done, &async);
  g_clear_pointer (&fixture->engine, pmt_engine_unref);
  g_clear_pointer (&fixture->request, pmt_request_free);
  g_main_loop_run (async.loop);
  g_assert_no_error (async.error);
  g_assert_nonnull (async.result);
  async_clear (&async);
}

/* -------------------------------------------------------------- result -- */

static void
test_result (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PmtResult) result = run (fixture);
  g_autoptr (GeglBuffer) target = new_buffer (0, 0, 40, 30, 0.0);
  g_autoptr (GError) error = NULL;
  GeglRectangle canvas = { 0 };

  g_assert_null (pmt_result_get_mask (result, 0));
  g_assert_nonnull (pmt_result_get_picture (result, 0));
  g_assert_null (pmt_result_get_notes (result)[0]);
  pmt_result_note (result, "%d of %d", 1, 2);
  pmt_result_note (result, "Second.");
  g_assert_cmpstr (pmt_result_get_notes (result)[0], ==, "1 of 2");
  g_assert_cmpstr (pmt_result_get_notes (result)[1], ==, "Second.");
  g_assert_null (pmt_result_get_notes (result)[2]);
  pmt_result_get_canvas (result, &canvas);
  g_assert_true (gegl_rectangle_equal (&canvas, GEGL_RECTANGLE (0, 0, 40, 30)));
  pmt_result_set_canvas (result, GEGL_RECTANGLE (-1, 0, 41, 30));
  pmt_result_get_canvas (result, &canvas);
  g_assert_cmpint (canvas.x, ==, -1);
  g_assert_false (pmt_result_composite (result, 1, target, &error));
  g_assert_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT);
}

/* ------------------------------------------------------------- recipes -- */

static void
test_recipe_round_trip (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PmtResult) result = NULL;
  g_autoptr (PmtResult) again = NULL;
  g_autoptr (PmtRequest) request = NULL;
  g_autoptr (cJSON) root = NULL;
  g_autoptr (GError) error = NULL;
  const PmtParams *params;
  const gchar *recipe;

  pmt_params_set_int (params_of (fixture), "seed", 4294967294);
  pmt_params_set_int (params_of (fixture), "count", 2);
  pmt_params_set_number (params_of (fixture), "grow", 0.1);
  result = run (fixture);
  recipe = pmt_result_get_recipe (result, 1);
  root = cJSON_Parse (recipe);
  g_assert_nonnull (root);
  g_assert_cmpfloat (cJSON_GetObjectItem (root, "version")->valuedouble, ==, 1);
  g_assert_cmpstr (cJSON_GetObjectItem (root, "engine")->valuestring, ==,
                   pmt_version ());
  g_assert_cmpint (cJSON_GetArraySize (cJSON_GetObjectItem (root, "area")), ==,
                   4);
  request = pmt_request_from_recipe (recipe, &error);
  g_assert_no_error (error);
  g_assert_cmpint (pmt_request_get_operation (request), ==,
                   PMT_OPERATION_REMOVE);
  g_assert_cmpstr (pmt_request_get_model (request), ==, "patch-fill");
  params = pmt_request_peek_params (request);
  g_assert_cmpint (pmt_params_get_int (params, "seed", 0), ==, 4294967295);
  g_assert_cmpint (pmt_params_get_int (params, "count", 0), ==, 1);
  g_assert_cmpfloat (pmt_params_get_number (params, "grow", 0), ==, 0.1);
  /* The recipe runs, and makes this very item. */
  pmt_request_set_source (request, pmt_request_get_source (fixture->request),
                          pmt_request_get_layer (fixture->request));
  pmt_request_set_mask (request, pmt_request_get_mask (fixture->request));
  pmt_request_free (fixture->request);
  fixture->request = g_steal_pointer (&request);
  again = run (fixture);
  g_assert_cmpstr (pmt_result_get_recipe (again, 0), ==, recipe);
}

static void
test_recipe_hostile (void)
{
  static const gchar *const bad[] = {
    "",
    "null",
    "[]",
    "{}",
    "{\"version\":1}",
    "{\"version\":2,\"operation\":\"remove\",\"model\":\"a\",\"params\":{}}",
    "{\"version\":1.5,\"operation\":\"remove\",\"model\":\"a\",\"params\":{}}",
    "{\"version\":1,\"operation\":\"destroy\",\"model\":\"a\",\"params\":{}}",
    "{\"version\":1,\"operation\":7,\"model\":\"a\",\"params\":{}}",
    "{\"version\":1,\"operation\":\"remove\",\"model\":\"\",\"params\":{}}",
    "{\"version\":1,\"operation\":\"remove\",\"model\":\"a\"}",
    "{\"version\":1,\"operation\":\"remove\",\"model\":\"a\",\"params\":[]}",
    "{\"version\":1,\"operation\":\"remove\",\"model\":\"a\\u0000b\","
    "\"params\":{}}",
    "{\"version\":1,\"operation\":\"remove\",\"model\":\"a\",\"params\":"
    "{\"x\":null}}",
    "{\"version\":1,\"operation\":\"remove\",\"model\":\"a\",\"params\":"
    "{\"x\":1,\"x\":2}}",
    "{\"version\":1,\"operation\":\"remove\",\"model\":\"a\",\"params\":"
    "{\"x\":1e999}}",
    "{\"version\":1,\"operation\":\"remove\",\"model\":\"a\",\"params\":{},"
    "\"seed\":4294967296}",
    "{\"version\":1,\"operation\":\"remove\",\"model\":\"a\",\"params\":{},"
    "\"seed\":-1}",
    "{\"version\":1,\"operation\":\"remove\",\"model\":\"a\",\"params\":{}} x",
    "{\"version\":1,\"operation\":\"remove\",\"model\":\"\xff\","
    "\"params\":{}}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (pmt_request_from_recipe (bad[i], &error));
      g_assert_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
    }
}

static void
test_recipe_limits (void)
{
  const gchar *head = "{\"version\":1,\"operation\":\"remove\","
                      "\"model\":\"a\",\"params\":{\"p\":\"";
  g_autofree gchar *filler = g_strnfill (PMT_JSON_MAX_BYTES, 'x');
  g_autofree gchar *large = g_strconcat (head, filler, "\"}}", NULL);
  g_autofree gchar *deep = g_strnfill (100000, '[');
  g_autoptr (GString) many = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (PmtRequest) request = NULL;

  g_assert_null (pmt_request_from_recipe (large, &error));
  g_assert_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT);
  g_clear_error (&error);
  g_assert_null (pmt_request_from_recipe (deep, &error));
  g_assert_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT);
  g_clear_error (&error);
  g_string_append (many, "{\"version\":1,\"operation\":\"remove\","
                         "\"model\":\"a\",\"params\":{");
  for (guint i = 0; i < 201; i++)
    g_string_append_printf (many, "%s\"p%u\":1", i > 0 ? "," : "", i);
  g_string_append (many, "}}");
  g_assert_null (pmt_request_from_recipe (many->str, &error));
  g_assert_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT);
  g_clear_error (&error);
  /* Just inside the limit. */
  large[PMT_JSON_MAX_BYTES - 3] = '\0';
  g_free (g_steal_pointer (&filler));
  filler = g_strconcat (large, "\"}}", NULL);
  request = pmt_request_from_recipe (filler, &error);
  g_assert_no_error (error);
  g_assert_nonnull (request);
}

/* A model may be a file, in folders with long names. */
static void
test_recipe_long_model (void)
{
  static const guint lengths[] = { 65, 300, 4096, 4097 };

  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      g_autofree gchar *model = g_strnfill (lengths[i], 'm');
      g_autofree gchar *recipe =
          g_strdup_printf ("{\"version\":1,\"operation\":\"remove\","
                           "\"model\":\"%s\",\"params\":{}}",
                           model);
      g_autoptr (GError) error = NULL;
      g_autoptr (PmtRequest) request = pmt_request_from_recipe (recipe, &error);

      if (lengths[i] > 4096)
        g_assert_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT);
      else
        g_assert_cmpstr (pmt_request_get_model (request), ==, model);
    }
}

/* -------------------------------------------------------------- engine -- */

static void
test_engine_no_catalog (void)
{
  PmtEngineOptions options = PMT_ENGINE_OPTIONS_INIT;
  g_autoptr (GError) error = NULL;

  options.data_dir = "/nonexistent";
  g_assert_null (pmt_engine_new_with_backends (
      &options, g_ptr_array_new_with_free_func (g_object_unref), &error));
  g_assert_error (error, PMT_ERROR, PMT_ERROR_MANIFEST);
  g_assert_nonnull (strstr (error->message, "/nonexistent"));
}

static gpointer
run_in_thread (gpointer data)
{
  Fixture *fixture = data;
  g_autoptr (PmtRequest) request = pmt_request_copy (fixture->request);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 50; i++)
    {
      g_autoptr (GPtrArray) problems = NULL;
      PmtEngine *engine = pmt_engine_ref (fixture->engine);

      problems = pmt_engine_validate (engine, request);
      g_assert_cmpuint (problems->len, ==, 0);
      pmt_engine_unref (engine);
    }
  return NULL;
}

static void
test_engine_threads (Fixture *fixture, gconstpointer data)
{
  GThread *threads[4];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("validate", run_in_thread, fixture);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
}

static void
test_user_dir (void)
{
  g_autofree gchar *set = NULL;
  g_autofree gchar *unset = NULL;
  g_autofree gchar *empty = NULL;

  g_setenv ("PENTIMENTO_HOME", "/some/folder", TRUE);
  set = pmt_default_user_dir ();
  g_setenv ("PENTIMENTO_HOME", "", TRUE);
  empty = pmt_default_user_dir ();
  g_unsetenv ("PENTIMENTO_HOME");
  unset = pmt_default_user_dir ();
  g_assert_cmpstr (set, ==, "/some/folder");
  g_assert_true (g_str_has_suffix (unset, "/pentimento"));
  g_assert_cmpstr (empty, ==, unset);
}

#define ADD(path, function)                                                    \
  g_test_add (path, Fixture, NULL, set_up, function, tear_down)

static void
add_engine_tests (void)
{
  ADD ("/core/validate/good", test_validate_good);
  ADD ("/core/validate/params", test_validate_params);
  ADD ("/core/validate/applies", test_validate_applies);
  ADD ("/core/validate/model", test_validate_model);
  ADD ("/core/validate/backend-missing", test_validate_backend);
  ADD ("/core/validate/inputs", test_validate_inputs);
  ADD ("/core/validate/size", test_validate_size);
  ADD ("/core/validate/all-at-once", test_validate_all);
  ADD ("/core/validate/by-backend", test_validate_by_backend);
  ADD ("/core/run/defaults", test_run_defaults);
  ADD ("/core/run/seeds", test_run_seeds);
  ADD ("/core/run/pixels", test_run_pixels);
  ADD ("/core/run/memory", test_run_memory);
  ADD ("/core/run/no-error", test_run_no_error);
  ADD ("/core/run/progress", test_run_progress);
  ADD ("/core/run/cancelled", test_run_cancelled);
  ADD ("/core/run/cancelled-late", test_run_cancelled_late);
  ADD ("/core/run/estimate", test_run_estimate);
  ADD ("/core/async/run", test_async);
  ADD ("/core/async/items", test_async_items);
  ADD ("/core/async/cancel", test_async_cancel);
  ADD ("/core/async/outlives", test_async_outlives);
  ADD ("/core/result", test_result);
  ADD ("/core/recipe/round-trip", test_recipe_round_trip);
  ADD ("/core/engine/threads", test_engine_threads);
}

int
main (int argc, char **argv)
{
  /* Buffers only: without GEGL's operations the start is quick, and what
   * their modules leak stays out of sanitizer runs. */
  g_setenv ("GEGL_PATH", "/nonexistent", TRUE);
  g_test_init (&argc, &argv, NULL);
  gegl_init (&argc, &argv);
  g_test_add_func ("/core/operation-names", test_operation_names);
  g_test_add_func ("/core/params/types", test_params_types);
  g_test_add_func ("/core/params/order", test_params_order);
  g_test_add_func ("/core/params/text", test_params_text);
  g_test_add_func ("/core/request/copy", test_request_copy);
  g_test_add_func ("/core/progress/nests", test_progress_nests);
  g_test_add_func ("/core/progress/throttles", test_progress_throttles);
  g_test_add_func ("/core/progress/timings", test_progress_timings);
  g_test_add_func ("/core/progress/nullable", test_progress_nullable);
  g_test_add_func ("/core/wait", test_wait);
  g_test_add_func ("/core/memory", test_memory);
  g_test_add_func ("/core/engine/no-catalog", test_engine_no_catalog);
  g_test_add_func ("/core/user-dir", test_user_dir);
  g_test_add_func ("/core/recipe/hostile", test_recipe_hostile);
  g_test_add_func ("/core/recipe/limits", test_recipe_limits);
  g_test_add_func ("/core/recipe/long-model", test_recipe_long_model);
  add_engine_tests ();
  return g_test_run ();
}
