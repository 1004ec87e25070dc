/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* The new border of an expanded picture. */
#include "config.h"

#include <string.h>

#include "fill/border.h"
#include "image/expand.h"

#define SIZE 96
#define ADDED 24

static PmtPixels *
new_pixels (const GeglRectangle *rect)
{
  PmtPixels *pixels = g_new0 (PmtPixels, 1);
  gsize n = (gsize)rect->width * rect->height;

  pixels->rect = *rect;
  pixels->rgb = g_new0 (gfloat, n * 3);
  pixels->opaque = g_new0 (guint8, n);
  return pixels;
}

static gfloat *
pixel_at (PmtPixels *pixels, gint x, gint y)
{
  return pixels->rgb
         + ((gsize)(y - pixels->rect.y) * pixels->rect.width
            + (x - pixels->rect.x))
               * 3;
}

/* Horizontal stripes, 8 px each; a red square in the middle. */
static void
paint (PmtPixels *pixels, const GeglRectangle *known)
{
  for (gint y = known->y; y < known->y + known->height; y++)
    for (gint x = known->x; x < known->x + known->width; x++)
      {
        gfloat *pixel = pixel_at (pixels, x, y);
        gboolean is_red = ABS (x - SIZE / 2) < 8 && ABS (y - SIZE / 2) < 8;
        gfloat gray = (y / 8) % 2 ? 0.8f : 0.2f;

        pixel[0] = is_red ? 1.0f : gray;
        pixel[1] = pixel[2] = is_red ? 0.0f : gray;
        pixels->opaque[(gsize)(y - pixels->rect.y) * pixels->rect.width
                       + (x - pixels->rect.x)] = 255;
      }
}

static PmtPixels *
expand (const GeglRectangle *rect, gdouble reach, gint threads)
{
  const GeglRectangle known = { 0, 0, SIZE, SIZE };
  PmtFillOptions options = PMT_FILL_OPTIONS_INIT;
  PmtPixels *pixels = new_pixels (rect);
  g_autoptr (GError) error = NULL;

  options.seed = 5;
  options.threads = threads;
  paint (pixels, &known);
  g_assert_true (
      pmt_fill_border (pixels, &known, reach, &options, NULL, NULL, &error));
  g_assert_no_error (error);
  return pixels;
}

static void
test_stripes_go_on (void)
{
  const GeglRectangle rect = { -ADDED, 0, SIZE + 2 * ADDED, SIZE };
  g_autoptr (PmtPixels) pixels = expand (&rect, -1.0, 2);
  gdouble sum = 0.0;

  for (gint y = 0; y < SIZE; y++)
    for (gint x = 1; x <= ADDED; x++)
      {
        gfloat wanted = (y / 8) % 2 ? 0.8f : 0.2f;

        sum += ABS (pixel_at (pixels, -x, y)[0] - wanted);
        sum += ABS (pixel_at (pixels, SIZE + x - 1, y)[0] - wanted);
      }
  g_assert_cmpfloat (sum / (2.0 * ADDED * SIZE), <, 0.05);
}

static void
test_old_pixels_keep_their_bits (void)
{
  const GeglRectangle known = { 0, 0, SIZE, SIZE };
  const GeglRectangle rect = { -ADDED, -ADDED, SIZE + 2 * ADDED,
                               SIZE + 2 * ADDED };
  g_autoptr (PmtPixels) pixels = expand (&rect, -1.0, 2);
  g_autoptr (PmtPixels) before = new_pixels (&rect);

  paint (before, &known);
  for (gint y = 0; y < SIZE; y++)
    g_assert_cmpmem (pixel_at (pixels, 0, y), SIZE * 3 * sizeof (gfloat),
                     pixel_at (before, 0, y), SIZE * 3 * sizeof (gfloat));
}

static void
test_everything_is_filled (void)
{
  const GeglRectangle rect = { -ADDED, -ADDED, SIZE + 2 * ADDED,
                               SIZE + 2 * ADDED };
  g_autoptr (PmtPixels) pixels = expand (&rect, -1.0, 2);
  gsize n = (gsize)rect.width * rect.height;

  for (gsize i = 0; i < n; i++)
    {
      g_assert_cmpint (pixels->opaque[i], ==, 255);
      g_assert_cmpfloat (pixels->rgb[i * 3], >=, 0.0f);
      g_assert_cmpfloat (pixels->rgb[i * 3], <=, 1.0f);
    }
}

/* With a reach of 30 px the square in the middle is out of reach. */
static void
test_only_what_is_near_is_copied (void)
{
  const GeglRectangle rect = { -ADDED, -ADDED, SIZE + 2 * ADDED,
                               SIZE + 2 * ADDED };
  g_autoptr (PmtPixels) pixels = expand (&rect, 30.0, 2);

  for (gint y = rect.y; y < rect.y + rect.height; y++)
    for (gint x = rect.x; x < rect.x + rect.width; x++)
      if (x < 0 || y < 0 || x >= SIZE || y >= SIZE)
        g_assert_cmpfloat (
            pixel_at (pixels, x, y)[0] - pixel_at (pixels, x, y)[1], <, 0.1f);
}

static void
test_threads_change_nothing (void)
{
  const GeglRectangle rect = { -ADDED, -3, SIZE + ADDED + 7, SIZE + 9 };
  g_autoptr (PmtPixels) one = expand (&rect, -1.0, 1);
  g_autoptr (PmtPixels) three = expand (&rect, -1.0, 3);
  gsize n = (gsize)rect.width * rect.height * 3 * sizeof (gfloat);

  g_assert_cmpmem (one->rgb, n, three->rgb, n);
}

static void
test_cancelled (void)
{
  const GeglRectangle known = { 0, 0, SIZE, SIZE };
  const GeglRectangle rect = { 0, 0, SIZE + ADDED, SIZE };
  g_autoptr (PmtPixels) pixels = new_pixels (&rect);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  paint (pixels, &known);
  g_cancellable_cancel (cancellable);
  g_assert_false (
      pmt_fill_border (pixels, &known, -1.0, NULL, NULL, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* ------------------------------------------------------------ the plan -- */

static PmtExpandPlan
plan_or_die (PmtParams *params,
             const GeglRectangle *canvas,
             const GeglRectangle *layer)
{
  g_autoptr (GError) error = NULL;
  PmtExpandPlan plan;

  g_assert_true (pmt_expand_plan (params, canvas, layer, 1000, &plan, &error));
  g_assert_no_error (error);
  return plan;
}

static void
assert_rect (const GeglRectangle *rect, gint x, gint y, gint w, gint h)
{
  g_assert_cmpint (rect->x, ==, x);
  g_assert_cmpint (rect->y, ==, y);
  g_assert_cmpint (rect->width, ==, w);
  g_assert_cmpint (rect->height, ==, h);
}

static void
test_plan_canvas_and_layer (void)
{
  const GeglRectangle canvas = { 0, 0, 100, 80 };
  const GeglRectangle layer = { 10, 20, 50, 30 };
  g_autoptr (PmtParams) params = pmt_params_new ();
  PmtExpandPlan plan;

  pmt_params_set_int (params, "left", 5);
  plan = plan_or_die (params, &canvas, &layer);
  assert_rect (&plan.canvas, -5, 0, 105, 80);
  assert_rect (&plan.picture, -5, 20, 65, 30);

  pmt_params_set_string (params, "scope", "layer");
  plan = plan_or_die (params, &canvas, &layer);
  assert_rect (&plan.canvas, 0, 0, 100, 80);
  assert_rect (&plan.picture, 5, 20, 55, 30);
}

static void
test_plan_aspect (void)
{
  const GeglRectangle canvas = { 0, 0, 160, 120 };
  g_autoptr (PmtParams) params = pmt_params_new ();
  PmtExpandPlan plan;

  pmt_params_set_string (params, "aspect", "16:9");
  plan = plan_or_die (params, &canvas, &canvas);
  g_assert_cmpint (plan.canvas.width, ==, 213);
  g_assert_cmpint (plan.canvas.height, ==, 120);

  pmt_params_set_string (params, "anchor", "left");
  plan = plan_or_die (params, &canvas, &canvas);
  g_assert_cmpint (plan.canvas.x, ==, 0);

  pmt_params_set_string (params, "aspect", "1:2");
  pmt_params_set_string (params, "anchor", "bottom-right");
  plan = plan_or_die (params, &canvas, &canvas);
  assert_rect (&plan.canvas, 0, -200, 160, 320);
}

static void
test_plan_refuses (void)
{
  const GeglRectangle canvas = { 0, 0, 160, 120 };
  const GeglRectangle large = { -50, -50, 400, 400 };
  const gchar *aspects[] = { "16",    "16:", ":9",      "0:1", "-1:2", "16:9:4",
                             "1.5:1", "a:b", "99999:1", "4:3", NULL };
  g_autoptr (PmtParams) params = pmt_params_new ();
  g_autoptr (GError) error = NULL;
  PmtExpandPlan plan;

  g_assert_false (
      pmt_expand_plan (params, &canvas, &canvas, 1000, &plan, &error));
  g_assert_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT);

  for (gint i = 0; aspects[i]; i++)
    {
      g_clear_error (&error);
      pmt_params_set_string (params, "aspect", aspects[i]);
      g_assert_false (
          pmt_expand_plan (params, &canvas, &canvas, 1000, &plan, &error));
      g_assert_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT);
    }

  g_clear_error (&error);
  pmt_params_set_string (params, "aspect", "16:9");
  pmt_params_set_int (params, "left", 5);
  g_assert_false (
      pmt_expand_plan (params, &canvas, &canvas, 1000, &plan, &error));
  g_assert_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT);

  g_clear_error (&error);
  pmt_params_unset (params, "aspect");
  g_assert_false (
      pmt_expand_plan (params, &canvas, &large, 1000, &plan, &error));
  g_assert_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT);

  g_clear_error (&error);
  pmt_params_set_int (params, "left", 900);
  g_assert_false (
      pmt_expand_plan (params, &canvas, &canvas, 1000, &plan, &error));
  g_assert_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT);
}

gint
main (gint argc, gchar **argv)
{
  g_test_init (&argc, &argv, NULL);
  gegl_init (NULL, NULL);

  g_test_add_func ("/border/stripes-go-on", test_stripes_go_on);
  g_test_add_func ("/border/old-pixels-keep-their-bits",
                   test_old_pixels_keep_their_bits);
  g_test_add_func ("/border/everything-is-filled", test_everything_is_filled);
  g_test_add_func ("/border/only-what-is-near-is-copied",
                   test_only_what_is_near_is_copied);
  g_test_add_func ("/border/threads-change-nothing",
                   test_threads_change_nothing);
  g_test_add_func ("/border/cancelled", test_cancelled);
  g_test_add_func ("/expand/canvas-and-layer", test_plan_canvas_and_layer);
  g_test_add_func ("/expand/aspect", test_plan_aspect);
  g_test_add_func ("/expand/refuses", test_plan_refuses);
  return g_test_run ();
}
