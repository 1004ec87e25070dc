/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* test-area-plan.c: what a run works on, on a small picture. */
#include <glib.h>
#include <string.h>

#include "ui/area-plan.h"

#define WIDTH 240
#define HEIGHT 180

static PmtRequest *
new_request (PmtOperation operation, gint width, gint height)
{
  const GeglRectangle canvas = { 0, 0, width, height };
  PmtRequest *request = pmt_request_new (operation);

  pmt_request_set_canvas (request, &canvas);
  pmt_request_set_source (request, NULL, &canvas);

  return request;
}

/* Whether all of @rect is in the view. */
static void
assert_inside (const PmtAreaPlan *plan, const GeglRectangle *rect)
{
  const gdouble right = plan->x + (rect->x + rect->width) * plan->scale;
  const gdouble bottom = plan->y + (rect->y + rect->height) * plan->scale;

  g_assert_cmpfloat (plan->x + rect->x * plan->scale, >=, 0.0);
  g_assert_cmpfloat (plan->y + rect->y * plan->scale, >=, 0.0);
  g_assert_cmpfloat (right, <=, WIDTH);
  g_assert_cmpfloat (bottom, <=, HEIGHT);
}

static void
test_expand (void)
{
  g_autoptr (PmtRequest) request = new_request (PMT_OPERATION_EXPAND, 600, 400);
  PmtEstimate estimate = { .canvas = { -200, 0, 800, 400 }, .n_areas = 1 };
  PmtAreaPlan plan;
  g_autofree gchar *text = NULL;

  estimate.areas[0].bounds = (GeglRectangle){ -200, 0, 200, 400 };
  pmt_area_plan_init (&plan, request, &estimate, WIDTH, HEIGHT);
  assert_inside (&plan, &plan.canvas);
  assert_inside (&plan, &plan.after);
  g_assert_cmpint (plan.made.x, ==, -200);
  g_assert_cmpint (plan.made.width, ==, 800);
  text = pmt_area_plan_tell (&plan);
  g_assert_nonnull (strstr (text, "800 × 400"));
}

static void
test_generate (void)
{
  g_autoptr (PmtRequest) request =
      new_request (PMT_OPERATION_GENERATE, 600, 400);
  const PmtEstimate estimate = { .canvas = { 0, 0, 600, 400 },
                                 .made = { -212, -56, 1024, 512 } };
  PmtAreaPlan plan;
  g_autofree gchar *text = NULL;

  pmt_area_plan_init (&plan, request, &estimate, WIDTH, HEIGHT);
  assert_inside (&plan, &plan.made);
  text = pmt_area_plan_tell (&plan);
  g_assert_nonnull (strstr (text, "1024 × 512"));
}

/* Without an estimate the image is there all the same. */
static void
test_unknown (void)
{
  g_autoptr (PmtRequest) request = new_request (PMT_OPERATION_FILL, 30000, 20);
  PmtAreaPlan plan;
  g_autofree gchar *text = NULL;

  pmt_area_plan_init (&plan, request, NULL, WIDTH, HEIGHT);
  assert_inside (&plan, &plan.canvas);
  text = pmt_area_plan_tell (&plan);
  g_assert_cmpstr (text, ==, "");
}

static guint
count_above (const guint8 *soft, guint8 least)
{
  guint n = 0;

  for (gint i = 0; i < WIDTH * HEIGHT; i++)
    n += soft[i] > least;

  return n;
}

static GeglBuffer *
new_mask (void)
{
  const GeglRectangle extent = { 0, 0, 2400, 1800 };
  const GeglRectangle selected = { 1000, 800, 400, 200 };
  GeglBuffer *mask = gegl_buffer_new (&extent, babl_format ("Y float"));
  GeglColor *white = gegl_color_new ("white");

  gegl_buffer_set_color (mask, &selected, white);
  g_object_unref (white);

  return mask;
}

static guint8 *
new_soft (const guint8 *mask,
          const PmtAreaPlan *like,
          gdouble grow,
          gdouble feather)
{
  PmtAreaPlan plan = *like;

  plan.areas[0].grow = grow;
  plan.areas[0].feather = feather;

  return pmt_area_plan_soften (&plan, mask);
}

static void
test_soften (void)
{
  g_autoptr (PmtRequest) request = new_request (PMT_OPERATION_FILL, 2400, 1800);
  PmtEstimate estimate = { .canvas = { 0, 0, 2400, 1800 }, .n_areas = 1 };
  g_autoptr (GeglBuffer) selection = new_mask ();
  g_autofree guint8 *mask = NULL;
  g_autofree guint8 *hard = NULL;
  g_autofree guint8 *grown = NULL;
  g_autofree guint8 *soft = NULL;
  g_autofree guint8 *cut = NULL;
  PmtAreaPlan plan;
  gint64 start;

  estimate.areas[0].crop = (GeglRectangle){ 500, 300, 1400, 1200 };
  pmt_area_plan_init (&plan, request, &estimate, WIDTH, HEIGHT);
  mask = pmt_area_plan_read_mask (&plan, selection);
  g_assert_cmpuint (count_above (mask, 127), >, 30 * 15);

  start = g_get_monotonic_time ();
  hard = new_soft (mask, &plan, 0.0, 0.0);
  /* 1 ms usually; a sanitizer on a busy machine is slower. */
  g_assert_cmpint (g_get_monotonic_time () - start, <, G_USEC_PER_SEC);
  grown = new_soft (mask, &plan, 100.0, 0.0);
  soft = new_soft (mask, &plan, 100.0, 150.0);
  g_assert_cmpuint (count_above (hard, 127), <, count_above (grown, 127));
  /* As large in the middle of its edge, and reaching further. */
  g_assert_cmpint (
      ABS ((gint)count_above (soft, 127) - (gint)count_above (grown, 127)), <,
      150);
  g_assert_cmpuint (count_above (soft, 0), >, count_above (grown, 0));

  /* Nothing outside of what the model sees. */
  plan.areas[0].crop = (GeglRectangle){ 1000, 800, 400, 200 };
  cut = new_soft (mask, &plan, 300.0, 0.0);
  g_assert_cmpuint (count_above (cut, 0), <=, 42 * 23);
}

static PmtEngine *
new_engine (void)
{
  PmtEngineOptions options = PMT_ENGINE_OPTIONS_INIT;
  g_autoptr (GError) error = NULL;
  PmtEngine *engine;

  options.data_dir = g_getenv ("PENTIMENTO_TEST_DATA");
  engine = pmt_engine_new (&options, &error);
  g_assert_no_error (error);

  return engine;
}

/* What the engine tells of real requests. */
static void
test_estimate (void)
{
  g_autoptr (PmtEngine) engine = new_engine ();
  g_autoptr (GeglBuffer) selection = new_mask ();
  g_autoptr (PmtRequest) remove =
      new_request (PMT_OPERATION_REMOVE, 2400, 1800);
  g_autoptr (PmtRequest) expand =
      new_request (PMT_OPERATION_EXPAND, 2400, 1800);
  g_autoptr (GError) error = NULL;
  PmtEstimate estimate;

  pmt_request_set_mask (remove, selection);
  pmt_params_set_number (pmt_request_params (remove), "grow", 12.0);
  pmt_engine_estimate (engine, remove, &estimate, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (estimate.n_areas, ==, 1);
  g_assert_cmpint (estimate.areas[0].bounds.x, ==, 1000);
  g_assert_cmpint (estimate.areas[0].bounds.width, ==, 400);
  g_assert_true (gegl_rectangle_contains (&estimate.areas[0].crop,
                                          &estimate.areas[0].bounds));
  g_assert_cmpfloat (estimate.areas[0].grow, ==, 12.0);
  g_assert_cmpint (estimate.canvas.width, ==, 2400);

  pmt_params_set_int (pmt_request_params (expand), "left", 40);
  pmt_engine_estimate (engine, expand, &estimate, &error);
  g_assert_no_error (error);
  g_assert_cmpint (estimate.canvas.x, ==, -40);
  g_assert_cmpint (estimate.canvas.width, ==, 2440);
  g_assert_cmpuint (estimate.n_areas, ==, 1);
  g_assert_cmpint (estimate.areas[0].bounds.x, ==, -40);
  g_assert_cmpint (estimate.areas[0].bounds.width, ==, 40);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  gegl_init (NULL, NULL);
  g_test_add_func ("/area-plan/estimate", test_estimate);
  g_test_add_func ("/area-plan/expand", test_expand);
  g_test_add_func ("/area-plan/generate", test_generate);
  g_test_add_func ("/area-plan/unknown", test_unknown);
  g_test_add_func ("/area-plan/soften", test_soften);

  return g_test_run ();
}
