/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* test-image.c: geometry, masks and areas. */
#include "config.h"

#include "image/distance.h"
#include "image/geometry.h"
#include "image/image-private.h"
#include "image/mask.h"

#include <math.h>
#include <string.h>

static GeglBuffer *
new_mask (gint width, gint height)
{
  return gegl_buffer_new (GEGL_RECTANGLE (0, 0, width, height),
                          babl_format ("Y float"));
}

static void
select_rect (
    GeglBuffer *mask, gint x, gint y, gint width, gint height, gfloat coverage)
{
  gegl_buffer_set_color_from_pixel (mask, GEGL_RECTANGLE (x, y, width, height),
                                    &coverage, babl_format ("Y float"));
}

static gfloat *
get_values (GeglBuffer *buffer, const GeglRectangle *rect)
{
  gfloat *values = g_new (gfloat, (gsize)rect->width * rect->height);

  gegl_buffer_get (buffer, rect, 1.0, babl_format ("Y float"), values,
                   GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
  return values;
}

/* ----------------------------------------------------------- geometry -- */

#define assert_near(a, b) g_assert_cmpfloat_with_epsilon (a, b, 1e-9)

static void
test_geometry_numbers (void)
{
  /* Bounds 300 x 400: d = 500. */
  const GeglRectangle bounds = { 2000, 1500, 300, 400 };
  const GeglRectangle canvas = { 0, 0, 6000, 4000 };
  PmtGeometryOptions options = PMT_GEOMETRY_OPTIONS_INIT;
  PmtGeometry g;

  /* s = 1: 0.10 * 500 = 50; 4 + 25; context max (6000 / 16, 175) = 375 */
  pmt_geometry_compute (&options, &bounds, &canvas, &canvas, &g);
  assert_near (g.feather, 50.0);
  assert_near (g.grow, 29.0);
  assert_near (g.blend, 25.0);
  g_assert_cmpint (g.crop.x, ==, 1625);
  g_assert_cmpint (g.crop.y, ==, 1125);
  g_assert_cmpint (g.crop.width, ==, 1050);
  g_assert_cmpint (g.crop.height, ==, 1150);

  /* s = 0.5: 25; 16.5; context 25 + 4 + 30 = 59 */
  options.strength = 0.5;
  pmt_geometry_compute (&options, &bounds, &canvas, &canvas, &g);
  assert_near (g.feather, 25.0);
  assert_near (g.grow, 16.5);
  assert_near (g.blend, 25.0);
  g_assert_cmpint (g.crop.x, ==, 1941);
  g_assert_cmpint (g.crop.width, ==, 418);
  g_assert_cmpint (g.crop.height, ==, 518);

  /* s = 0: feather 0 turns grow and blend off; context 4 + 30 */
  options.strength = 0.0;
  pmt_geometry_compute (&options, &bounds, &canvas, &canvas, &g);
  assert_near (g.feather, 0.0);
  assert_near (g.grow, 0.0);
  assert_near (g.blend, 0.0);
  g_assert_cmpint (g.crop.x, ==, 1966);
  g_assert_cmpint (g.crop.width, ==, 368);
}

static void
test_geometry_small (void)
{
  /* d = 5: the 32 px floor; blend = 4 + 16 + 16 = 36, at most 25. */
  const GeglRectangle bounds = { 500, 500, 3, 4 };
  const GeglRectangle canvas = { 0, 0, 1000, 1000 };
  PmtGeometryOptions options = PMT_GEOMETRY_OPTIONS_INIT;
  PmtGeometry g;

  pmt_geometry_compute (&options, &bounds, &canvas, &canvas, &g);
  assert_near (g.feather, 32.0);
  assert_near (g.grow, 20.0);
  assert_near (g.blend, 25.0);
  g_assert_cmpint (g.crop.width, ==, 512);
  g_assert_cmpint (g.crop.height, ==, 512);

  /* s = 0.2: 6.4, 7.2, 10.4 */
  options.strength = 0.2;
  pmt_geometry_compute (&options, &bounds, &canvas, &canvas, &g);
  assert_near (g.feather, 6.4);
  assert_near (g.grow, 7.2);
  assert_near (g.blend, 10.4);
  g_assert_cmpint (g.crop.width, ==, 256);
}

static void
test_geometry_given (void)
{
  const GeglRectangle bounds = { 500, 500, 300, 400 };
  const GeglRectangle canvas = { 0, 0, 2000, 2000 };
  PmtGeometryOptions options = PMT_GEOMETRY_OPTIONS_INIT;
  PmtGeometry g;

  options.feather = 0.0;
  pmt_geometry_compute (&options, &bounds, &canvas, &canvas, &g);
  assert_near (g.grow, 0.0);
  assert_near (g.blend, 0.0);

  options.grow = 7.0;
  options.blend = 3.0;
  options.context = 10.0;
  options.min_size = 1;
  pmt_geometry_compute (&options, &bounds, &canvas, &canvas, &g);
  assert_near (g.feather, 0.0);
  assert_near (g.grow, 7.0);
  assert_near (g.blend, 3.0);
  g_assert_cmpint (g.crop.x, ==, 490);
  g_assert_cmpint (g.crop.y, ==, 490);
  g_assert_cmpint (g.crop.width, ==, 320);
  g_assert_cmpint (g.crop.height, ==, 420);

  options.feather = 10.0;
  options.grow = -1.0;
  options.blend = -1.0;
  pmt_geometry_compute (&options, &bounds, &canvas, &canvas, &g);
  assert_near (g.grow, 9.0);
  assert_near (g.blend, 14.0);
  /* The blend has room, whatever context was asked for. */
  g_assert_cmpint (g.crop.x, ==, 486);
}

static void
check_axis (gint bounds,
            gint bounds_size,
            gint crop,
            gint crop_size,
            gint limit,
            gint limit_size,
            gint min_size,
            gint multiple)
{
  const gint smallest =
      (MAX (bounds_size, min_size) + multiple - 1) / multiple * multiple;

  g_assert_cmpint (crop, <=, bounds);
  g_assert_cmpint (crop + crop_size, >=, bounds + bounds_size);
  g_assert_cmpint (crop, >=, limit);
  g_assert_cmpint (crop + crop_size, <=, limit + limit_size);
  /* As large as the limits, or a multiple that is large enough. */
  if (crop_size == limit_size)
    return;
  g_assert_cmpint (crop_size % multiple, ==, 0);
  g_assert_cmpint (crop_size, >=, smallest);
}

static void
test_geometry_random (void)
{
  for (gint i = 0; i < 20000; i++)
    {
      const GeglRectangle limits = { g_test_rand_int_range (-500, 500),
                                     g_test_rand_int_range (-500, 500),
                                     g_test_rand_int_range (1, 3000),
                                     g_test_rand_int_range (1, 3000) };
      const gint x = g_test_rand_int_range (0, limits.width);
      const gint y = g_test_rand_int_range (0, limits.height);
      const GeglRectangle bounds = {
        limits.x + x, limits.y + y,
        g_test_rand_int_range (1, limits.width - x + 1),
        g_test_rand_int_range (1, limits.height - y + 1)
      };
      PmtGeometryOptions options = PMT_GEOMETRY_OPTIONS_INIT;
      PmtGeometry g;
      gint min_size;

      options.strength = MIN (g_test_rand_double_range (0.0, 1.2), 1.0);
      options.multiple = g_test_rand_int_range (1, 65);
      options.min_size = i % 2 ? g_test_rand_int_range (1, 700) : 0;
      options.context = i % 3 ? -1.0 : g_test_rand_double_range (0.0, 300.0);
      min_size = options.min_size          ? options.min_size
                 : options.strength == 1.0 ? 512
                                           : 256;
      pmt_geometry_compute (&options, &bounds, &limits, &limits, &g);
      g_assert_true (gegl_rectangle_equal (&g.bounds, &bounds));
      check_axis (bounds.x, bounds.width, g.crop.x, g.crop.width, limits.x,
                  limits.width, min_size, options.multiple);
      check_axis (bounds.y, bounds.height, g.crop.y, g.crop.height, limits.y,
                  limits.height, min_size, options.multiple);
    }
}

static void
test_geometry_shifted (void)
{
  const GeglRectangle limits = { 0, 0, 2000, 2000 };
  PmtGeometryOptions options = PMT_GEOMETRY_OPTIONS_INIT;
  PmtGeometry middle;
  PmtGeometry corner;

  pmt_geometry_compute (&options, GEGL_RECTANGLE (1000, 1000, 100, 100),
                        &limits, &limits, &middle);
  pmt_geometry_compute (&options, GEGL_RECTANGLE (1900, 0, 100, 100), &limits,
                        &limits, &corner);
  g_assert_cmpint (corner.crop.width, ==, middle.crop.width);
  g_assert_cmpint (corner.crop.height, ==, middle.crop.height);
  g_assert_cmpint (corner.crop.x + corner.crop.width, ==, 2000);
  g_assert_cmpint (corner.crop.y, ==, 0);
}

static void
test_geometry_outside (void)
{
  const GeglRectangle limits = { 0, 0, 1000, 1000 };
  PmtGeometryOptions options = PMT_GEOMETRY_OPTIONS_INIT;
  PmtGeometry g;

  pmt_geometry_compute (&options, GEGL_RECTANGLE (-50, 900, 100, 500), &limits,
                        &limits, &g);
  g_assert_true (
      gegl_rectangle_equal (&g.bounds, GEGL_RECTANGLE (0, 900, 50, 100)));
}

static void
check_aspect (const GeglRectangle *rect, gint x, gint y, gdouble anchor)
{
  GeglRectangle f;

  pmt_geometry_fit_aspect (rect, x, y, anchor, anchor, &f);
  g_assert_true (gegl_rectangle_contains (&f, rect));
  g_assert_true (f.width == rect->width || f.height == rect->height);
  /* The side that grew; neither, where it would be less than half a pixel. */
  g_assert_true ((f.width == rect->width
                  && fabs (f.height - (gdouble)f.width * y / x) <= 0.5)
                 || (f.height == rect->height
                     && fabs (f.width - (gdouble)f.height * x / y) <= 0.5));
  if (anchor == 0.0)
    g_assert_true (f.x == rect->x && f.y == rect->y);
  if (anchor == 1.0)
    g_assert_true (f.x + f.width == rect->x + rect->width
                   && f.y + f.height == rect->y + rect->height);
}

static void
test_geometry_aspect (void)
{
  GeglRectangle f;

  pmt_geometry_fit_aspect (GEGL_RECTANGLE (10, 20, 1000, 1000), 16, 9, 0.5, 0.5,
                           &f);
  g_assert_true (
      gegl_rectangle_equal (&f, GEGL_RECTANGLE (-379, 20, 1778, 1000)));
  for (gint i = 0; i < 2000; i++)
    {
      const GeglRectangle rect = { g_test_rand_int_range (-99, 99),
                                   g_test_rand_int_range (-99, 99),
                                   g_test_rand_int_range (1, 5000),
                                   g_test_rand_int_range (1, 5000) };

      check_aspect (&rect, g_test_rand_int_range (1, 40),
                    g_test_rand_int_range (1, 40), (i % 3) / 2.0);
    }
}

/* -------------------------------------------------------------- masks -- */

static void
test_mask_bounds (void)
{
  g_autoptr (GeglBuffer) mask = new_mask (700, 500);
  GeglRectangle bounds = { 1, 2, 3, 4 };

  g_assert_false (pmt_mask_bounds (mask, NULL, &bounds));
  g_assert_cmpint (bounds.x, ==, 1);
  select_rect (mask, 690, 3, 1, 1, 0.001f);
  select_rect (mask, 128, 499, 1, 1, 1.0f);
  select_rect (mask, 300, 300, 5, 5, NAN);
  g_assert_true (pmt_mask_bounds (mask, NULL, &bounds));
  g_assert_true (
      gegl_rectangle_equal (&bounds, GEGL_RECTANGLE (128, 3, 563, 497)));
  g_assert_true (
      pmt_mask_bounds (mask, GEGL_RECTANGLE (600, -50, 900, 400), &bounds));
  g_assert_true (gegl_rectangle_equal (&bounds, GEGL_RECTANGLE (690, 3, 1, 1)));
  g_assert_false (
      pmt_mask_bounds (mask, GEGL_RECTANGLE (200, 10, 200, 400), &bounds));
  g_assert_false (
      pmt_mask_bounds (mask, GEGL_RECTANGLE (800, 0, 20, 20), &bounds));
}

static void
test_mask_formats (void)
{
  static const gchar *const formats[] = { "Y u8",   "Y u16",   "Y u32",
                                          "Y half", "Y float", "Y double" };

  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      g_autoptr (GeglBuffer) mask = gegl_buffer_new (
          GEGL_RECTANGLE (-20, -10, 600, 400), babl_format (formats[i]));
      g_autofree gfloat *values = NULL;
      PmtGeometryOptions options = PMT_GEOMETRY_OPTIONS_INIT;
      const GeglRectangle layer = { -20, -10, 600, 400 };
      g_autoptr (GPtrArray) areas = NULL;
      g_autoptr (GError) error = NULL;
      GeglRectangle bounds;

      select_rect (mask, 5, 6, 70, 80, 0.5f);
      g_assert_true (pmt_mask_bounds (mask, NULL, &bounds));
      g_assert_true (
          gegl_rectangle_equal (&bounds, GEGL_RECTANGLE (5, 6, 70, 80)));
      areas = pmt_areas_plan (mask, &options, &layer, &layer, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (areas->len, ==, 1);
      /* Coverage is linear: a half is a half. */
      values = get_values (((PmtArea *)areas->pdata[0])->mask, &bounds);
      for (gint k = 0; k < 70 * 80; k++)
        g_assert_cmpfloat_with_epsilon (values[k], 0.5f, 0.003);
    }
}

/* Every pixel against every selected pixel. */
static void
test_mask_grow (void)
{
  const GeglRectangle rect = { -7, 3, 61, 47 };
  const gint n_points = 9;

  for (gint round = 0; round < 20; round++)
    {
      const gdouble radius = round ? g_test_rand_double_range (0, 20) : 0.0;
      g_autoptr (GeglBuffer) mask = gegl_buffer_new (
          GEGL_RECTANGLE (-20, -20, 100, 100), babl_format ("Y float"));
      gint points[9][2];
      g_autofree guint8 *grown = NULL;

      for (gint i = 0; i < n_points; i++)
        {
          points[i][0] = g_test_rand_int_range (-20, 80);
          points[i][1] = g_test_rand_int_range (-20, 80);
          select_rect (mask, points[i][0], points[i][1], 1, 1, 0.75f);
        }
      /* Below the threshold: must not count. */
      select_rect (mask, 79, 79, 1, 1, 0.2f);
      grown = pmt_mask_grow (mask, 0.5, radius, &rect);
      for (gint k = 0; k < rect.width * rect.height; k++)
        {
          const gint x = rect.x + k % rect.width;
          const gint y = rect.y + k / rect.width;
          gdouble nearest = 1e9;

          for (gint i = 0; i < n_points; i++)
            nearest = MIN (nearest, hypot (x - points[i][0], y - points[i][1]));
          if (fabs (nearest - radius) > 1e-3)
            g_assert_cmpint (grown[k], ==, nearest <= radius ? 255 : 0);
        }
    }
}

/* A far pixel: no precision may be lost, and no integer overflow. */
static void
test_mask_distance_far (void)
{
  const GeglRectangle rect = { 0, 0, 50000, 3 };
  g_autoptr (GeglBuffer) mask = new_mask (50000, 3);
  g_autoptr (GeglBuffer) distance = NULL;
  g_autofree gfloat *values = NULL;

  select_rect (mask, 0, 0, 1, 1, 1.0f);
  select_rect (mask, 30000, 2, 1, 1, 1.0f);
  select_rect (mask, 49990, 1, 1, 1, 1.0f);
  distance = pmt_distance_new (mask, 0.5, &rect);
  values = get_values (distance, &rect);
  for (gint k = 0; k < 150000; k++)
    {
      const gint x = k % 50000;
      const gint y = k / 50000;
      const gdouble nearest =
          MIN (hypot (x, y),
               MIN (hypot (x - 30000, y - 2), hypot (x - 49990, y - 1)));

      g_assert_cmpfloat_with_epsilon (values[k], nearest, 0.005);
    }
}

/* Solid parts, lines and single pixels, against every pixel of the set. */
static void
test_mask_distance_each (void)
{
  const GeglRectangle rect = { 0, 0, 37, 29 };
  g_autoptr (GRand) rand = g_rand_new_with_seed (11);

  for (gint run = 0; run < 30; run++)
    {
      g_autoptr (GeglBuffer) mask = new_mask (rect.width, rect.height);
      g_autoptr (GeglBuffer) distance = NULL;
      g_autofree gfloat *set = NULL;
      g_autofree gfloat *values = NULL;

      for (gint i = 0; i <= run % 5; i++)
        select_rect (mask, g_rand_int_range (rand, 0, 30),
                     g_rand_int_range (rand, 0, 25),
                     g_rand_int_range (rand, 1, run % 3 == 0 ? 2 : 20),
                     g_rand_int_range (rand, 1, 12), 1.0f);
      distance = pmt_distance_new (mask, 0.5, &rect);
      set = get_values (mask, &rect);
      values = get_values (distance, &rect);
      for (gint k = 0; k < rect.width * rect.height; k++)
        {
          gdouble nearest = G_MAXDOUBLE;

          for (gint i = 0; i < rect.width * rect.height; i++)
            if (set[i] > 0.5f)
              nearest = MIN (nearest, hypot (k % rect.width - i % rect.width,
                                             k / rect.width - i / rect.width));
          g_assert_cmpfloat_with_epsilon (values[k], nearest, 1e-4);
        }
    }
}

static void
test_mask_distance_none (void)
{
  const GeglRectangle rect = { 0, 0, 40, 30 };
  g_autoptr (GeglBuffer) mask = new_mask (40, 30);
  g_autofree guint8 *grown = NULL;

  select_rect (mask, 5, 5, 2, 2, 0.3f);
  grown = pmt_mask_grow (mask, 0.5, 500.0, &rect);
  for (gint k = 0; k < 1200; k++)
    g_assert_cmpint (grown[k], ==, 0);
}

/* Bytes are read by a table: the same coverage as by babl; outside 0. */
static void
test_mask_coverage (void)
{
  const GeglRectangle extent = { 0, 0, 256, 1 };
  const GeglRectangle rect = { -2, 0, 260, 1 };
  static const gchar *const names[] = { "Y u8", "Y' u8", "Y float" };
  guint8 bytes[256];

  for (gint i = 0; i < 256; i++)
    bytes[i] = (guint8)i;
  for (guint k = 0; k < G_N_ELEMENTS (names); k++)
    {
      g_autoptr (GeglBuffer) mask =
          gegl_buffer_new (&extent, babl_format (names[k]));
      gfloat expected[256];
      gfloat coverage[260];

      gegl_buffer_set (mask, NULL, 0, babl_format (k == 1 ? "Y' u8" : "Y u8"),
                       bytes, GEGL_AUTO_ROWSTRIDE);
      gegl_buffer_get (mask, NULL, 1.0, babl_format ("Y float"), expected,
                       GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
      pmt_mask_read_coverage (mask, &rect, coverage);
      g_assert_cmpmem (coverage + 2, sizeof expected, expected,
                       sizeof expected);
      g_assert_cmpfloat (
          coverage[0] + coverage[1] + coverage[258] + coverage[259], ==, 0.0f);
    }
}

/* The result must not depend on the number of threads. */
static void
test_mask_threads (void)
{
  const GeglRectangle rect = { 0, 0, 900, 800 };
  g_autofree gfloat *first = NULL;
  gint threads = 1;

  g_object_get (gegl_config (), "threads", &threads, NULL);
  for (gint n = 1; n <= 4; n += 3)
    {
      PmtArea area = { .geometry = {
                           .feather = 45.0, .grow = 20.3, .blend = 25.0 } };
      g_autoptr (GeglBuffer) mask = new_mask (900, 800);
      g_autoptr (GeglBuffer) denoise = NULL;
      g_autofree gfloat *values = NULL;

      select_rect (mask, 300, 200, 250, 200, 1.0f);
      select_rect (mask, 10, 700, 3, 90, 0.4f);
      area.mask = mask;
      area.geometry.crop = rect;
      g_object_set (gegl_config (), "threads", n, NULL);
      denoise = pmt_mask_denoise (&area);
      values = get_values (denoise, &rect);
      if (first)
        g_assert_cmpmem (first, 900 * 800 * 4, values, 900 * 800 * 4);
      else
        first = g_steal_pointer (&values);
    }
  g_object_set (gegl_config (), "threads", threads, NULL);
}

static PmtArea *
plan_one (GeglBuffer *mask, const PmtGeometryOptions *options)
{
  const GeglRectangle *layer = gegl_buffer_get_extent (mask);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) areas =
      pmt_areas_plan (mask, options, layer, layer, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (areas->len, ==, 1);
  return g_ptr_array_steal_index (areas, 0);
}

static gfloat
value_at (GeglBuffer *buffer, gint x, gint y)
{
  gfloat value;

  gegl_buffer_get (buffer, GEGL_RECTANGLE (x, y, 1, 1), 1.0,
                   babl_format ("Y float"), &value, GEGL_AUTO_ROWSTRIDE,
                   GEGL_ABYSS_NONE);
  return value;
}

static void
test_mask_composite (void)
{
  g_autoptr (GeglBuffer) mask = new_mask (1000, 800);
  PmtGeometryOptions options = PMT_GEOMETRY_OPTIONS_INIT;
  g_autoptr (PmtArea) area = NULL;
  g_autoptr (GeglBuffer) composite = NULL;
  gfloat last = 1.0f;

  select_rect (mask, 400, 300, 120, 100, 1.0f);
  area = plan_one (mask, &options);
  composite = pmt_mask_composite (area);
  g_assert_true (gegl_rectangle_equal (gegl_buffer_get_extent (composite),
                                       &area->geometry.crop));
  for (gint x = 400; x < 520; x++)
    g_assert_cmpfloat (value_at (composite, x, 350), ==, 1.0f);
  for (gint d = 1; d < 40; d++)
    {
      const gfloat value = value_at (composite, 519 + d, 350);
      const gdouble t = 1.0 - d / 25.0;

      g_assert_cmpfloat (value, <=, last);
      if (d < 25)
        g_assert_cmpfloat_with_epsilon (value, t * t * (3 - 2 * t), 1e-4);
      else
        g_assert_cmpfloat (value, ==, 0.0f);
      last = value;
    }
  /* Round corners: 18 px right of and below the corner is 25.5 px away. */
  g_assert_cmpfloat (value_at (composite, 519 + 18, 399 + 18), ==, 0.0f);
  g_assert_cmpfloat (value_at (composite, 519 + 17, 399 + 17), >, 0.0f);
}

static void
test_mask_composite_soft (void)
{
  g_autoptr (GeglBuffer) mask = new_mask (1000, 700);
  PmtGeometryOptions options = PMT_GEOMETRY_OPTIONS_INIT;
  g_autoptr (PmtArea) area = NULL;
  g_autoptr (GeglBuffer) composite = NULL;

  /* A ramp of 80 px: coverage 1 at x = 400, 0 at x = 480. */
  select_rect (mask, 300, 200, 101, 200, 1.0f);
  for (gint x = 401; x < 480; x++)
    select_rect (mask, x, 200, 1, 200, (480 - x) / 80.0f);
  area = plan_one (mask, &options);
  composite = pmt_mask_composite (area);
  for (gint x = 300; x < 520; x++)
    {
      const gfloat soft = value_at (mask, x, 300);
      const gfloat value = value_at (composite, x, 300);

      g_assert_cmpfloat (value, >=, soft);
      g_assert_cmpfloat (value - soft, <=, 0.06f);
    }
}

/* Half selected: half of it everywhere, falling outside. */
static void
test_mask_composite_half (void)
{
  g_autoptr (GeglBuffer) mask = new_mask (600, 600);
  PmtGeometryOptions options = PMT_GEOMETRY_OPTIONS_INIT;
  g_autoptr (PmtArea) area = NULL;
  g_autoptr (GeglBuffer) composite = NULL;

  select_rect (mask, 200, 200, 100, 100, 0.5f);
  area = plan_one (mask, &options);
  composite = pmt_mask_composite (area);
  g_assert_cmpfloat_with_epsilon (value_at (composite, 250, 250), 0.5, 0.003);
  g_assert_cmpfloat_with_epsilon (value_at (composite, 301, 250), 0.5, 0.02);
  g_assert_cmpfloat (value_at (composite, 330, 250), ==, 0.0f);
}

static void
test_mask_off (void)
{
  g_autoptr (GeglBuffer) mask = new_mask (600, 600);
  PmtGeometryOptions options = PMT_GEOMETRY_OPTIONS_INIT;
  g_autoptr (PmtArea) area = NULL;
  g_autoptr (GeglBuffer) composite = NULL;
  g_autoptr (GeglBuffer) denoise = NULL;
  g_autofree gfloat *a = NULL;
  g_autofree gfloat *b = NULL;
  g_autofree gfloat *c = NULL;
  gsize size;

  options.feather = 0.0;
  select_rect (mask, 200, 200, 100, 100, 1.0f);
  select_rect (mask, 300, 200, 1, 100, 0.3f);
  area = plan_one (mask, &options);
  composite = pmt_mask_composite (area);
  denoise = pmt_mask_denoise (area);
  a = get_values (mask, &area->geometry.crop);
  b = get_values (composite, &area->geometry.crop);
  c = get_values (denoise, &area->geometry.crop);
  size = (gsize)area->geometry.crop.width * area->geometry.crop.height * 4;
  g_assert_cmpmem (a, size, b, size);
  g_assert_cmpmem (a, size, c, size);
}

static void
test_mask_denoise (void)
{
  g_autoptr (GeglBuffer) mask = new_mask (1000, 800);
  PmtGeometryOptions options = PMT_GEOMETRY_OPTIONS_INIT;
  g_autoptr (PmtArea) area = NULL;
  g_autoptr (GeglBuffer) denoise = NULL;
  gfloat last = 1.0f;
  gint edge;

  /* Reaches the layer's left border: must not fade there. */
  select_rect (mask, 0, 300, 120, 100, 1.0f);
  options.feather = 20.0;
  area = plan_one (mask, &options);
  denoise = pmt_mask_denoise (area);
  edge = 119 + (gint)area->geometry.grow;
  for (gint x = 0; x < 120; x++)
    g_assert_cmpfloat (value_at (denoise, x, 350), ==, 1.0f);
  for (gint x = 120; x < 200; x++)
    {
      const gfloat value = value_at (denoise, x, 350);

      g_assert_cmpfloat (value, <=, last);
      last = value;
    }
  g_assert_cmpfloat_with_epsilon (value_at (denoise, edge, 350), 0.5, 0.1);
  g_assert_cmpfloat (value_at (denoise, edge - 12, 350), ==, 1.0f);
  g_assert_cmpfloat (value_at (denoise, edge + 12, 350), ==, 0.0f);
}

/* A Gaussian along rows, by its definition; the border goes on. */
static void
blur_rows (const gfloat *from,
           gfloat *to,
           gint width,
           gint height,
           gint step,
           gint stride,
           gdouble sigma)
{
  const gint reach = (gint)ceil (5.0 * sigma);
  g_autofree gdouble *weights = g_new (gdouble, reach + 1);
  gdouble total = 0.0;

  for (gint i = 0; i <= reach; i++)
    {
      weights[i] = exp (-0.5 * (i / sigma) * (i / sigma));
      total += i > 0 ? 2.0 * weights[i] : weights[i];
    }
  for (gint y = 0; y < height; y++)
    for (gint x = 0; x < width; x++)
      {
        const gfloat *row = from + (gsize)y * stride;
        gdouble sum = 0.0;

        for (gint i = -reach; i <= reach; i++)
          sum += weights[ABS (i)] * row[CLAMP (x + i, 0, width - 1) * step];
        to[(gsize)y * stride + x * step] = (gfloat)(sum / total);
      }
}

/* Soft edges are computed in cells when they are wide: what that costs is
 * what feather.c says, at corners. */
static void
test_mask_feather (void)
{
  static const gdouble widths[] = { 10.0, 40.0, 72.0, 150.0, 400.0 };
  const GeglRectangle rect = { 0, 0, 383, 301 };
  const gsize n = (gsize)rect.width * rect.height;

  for (guint k = 0; k < G_N_ELEMENTS (widths); k++)
    {
      const gdouble sigma = widths[k] / 7.0;
      PmtArea area = { .geometry = { .crop = rect, .feather = widths[k] } };
      g_autoptr (GeglBuffer) mask = new_mask (rect.width, rect.height);
      g_autoptr (GeglBuffer) denoise = NULL;
      g_autofree gfloat *hard = NULL;
      g_autofree gfloat *rows = g_new (gfloat, n);
      g_autofree gfloat *expected = g_new (gfloat, n);
      g_autofree gfloat *values = NULL;
      gdouble error = 0.0;

      select_rect (mask, 0, 41, 133, 101, 1.0f);
      select_rect (mask, 201, 97, 2, 111, 1.0f);
      select_rect (mask, 251, 1, 71, 299, 0.7f);
      hard = get_values (mask, &rect);
      blur_rows (hard, rows, rect.width, rect.height, 1, rect.width, sigma);
      blur_rows (rows, expected, rect.height, rect.width, rect.width, 1, sigma);
      area.mask = mask;
      denoise = pmt_mask_denoise (&area);
      values = get_values (denoise, &rect);
      for (gsize i = 0; i < n; i++)
        error = MAX (error, fabs (values[i] - expected[i]));
      g_test_message ("%g pixels: %.5f", widths[k], error);
      g_assert_cmpfloat (error, <, widths[k] < 40.0 ? 0.003 : 2.0 / 255.0);
    }
}

/* -------------------------------------------------------------- areas -- */

static void
check_areas (GPtrArray *areas, GeglBuffer *mask, const GeglRectangle *layer)
{
  gdouble sum = 0.0;
  gdouble expected = 0.0;
  g_autofree gfloat *all = get_values (mask, layer);

  for (gint k = 0; k < layer->width * layer->height; k++)
    expected += all[k];
  for (guint i = 0; i < areas->len; i++)
    {
      const PmtArea *area = areas->pdata[i];
      const GeglRectangle *crop = &area->geometry.crop;
      g_autofree gfloat *values = get_values (area->mask, crop);
      GeglRectangle bounds;

      g_assert_true (pmt_mask_bounds (area->mask, NULL, &bounds));
      g_assert_true (gegl_rectangle_equal (&bounds, &area->geometry.bounds));
      g_assert_true (gegl_rectangle_contains (layer, crop));
      g_assert_true (
          gegl_rectangle_equal (gegl_buffer_get_extent (area->mask), crop));
      for (gint k = 0; k < crop->width * crop->height; k++)
        sum += values[k];
      for (guint j = 0; j < i; j++)
        g_assert_false (gegl_rectangle_intersect (
            NULL, crop, &((PmtArea *)areas->pdata[j])->geometry.crop));
    }
  /* Every selected pixel is in exactly one area. */
  g_assert_cmpfloat_with_epsilon (sum, expected, 1e-3 * expected);
}

static void
test_areas_split (void)
{
  g_autoptr (GeglBuffer) mask = new_mask (3000, 2000);
  const GeglRectangle layer = { 0, 0, 3000, 2000 };
  PmtGeometryOptions options = PMT_GEOMETRY_OPTIONS_INIT;
  g_autoptr (GPtrArray) areas = NULL;
  const PmtArea *area;

  select_rect (mask, 2800, 100, 50, 50, 1.0f);
  select_rect (mask, 100, 150, 50, 50, 1.0f);
  select_rect (mask, 170, 160, 20, 20, 0.5f);
  select_rect (mask, 1500, 1800, 60, 50, 1.0f);
  areas = pmt_areas_plan (mask, &options, &layer, &layer, NULL);
  g_assert_cmpuint (areas->len, ==, 3);
  check_areas (areas, mask, &layer);
  /* Top to bottom; near regions are one area. */
  area = areas->pdata[0];
  g_assert_cmpint (area->geometry.bounds.x, ==, 2800);
  area = areas->pdata[1];
  g_assert_true (gegl_rectangle_equal (&area->geometry.bounds,
                                       GEGL_RECTANGLE (100, 150, 90, 50)));
}

static void
test_areas_shapes (void)
{
  g_autoptr (GeglBuffer) mask = new_mask (900, 900);
  const GeglRectangle layer = { 0, 0, 900, 900 };
  PmtGeometryOptions options = PMT_GEOMETRY_OPTIONS_INIT;
  g_autoptr (GPtrArray) areas = NULL;

  /* Without context: a diagonal of pixels is one region, U shapes too. */
  options.strength = 0.0;
  options.context = 0.0;
  options.min_size = 1;
  for (gint i = 0; i < 200; i++)
    select_rect (mask, 10 + i, 10 + i, 1, 1, 1.0f);
  select_rect (mask, 500, 500, 10, 200, 1.0f);
  select_rect (mask, 700, 500, 10, 200, 1.0f);
  select_rect (mask, 500, 690, 210, 10, 1.0f);
  select_rect (mask, 600, 100, 3, 3, 1.0f);
  areas = pmt_areas_plan (mask, &options, &layer, &layer, NULL);
  g_assert_cmpuint (areas->len, ==, 3);
  check_areas (areas, mask, &layer);
}

static void
test_areas_random (void)
{
  for (gint round = 0; round < 30; round++)
    {
      const gint width = g_test_rand_int_range (40, 700);
      const gint height = g_test_rand_int_range (40, 700);
      const GeglRectangle layer = { 0, 0, width, height };
      g_autoptr (GeglBuffer) mask = new_mask (width, height);
      PmtGeometryOptions options = PMT_GEOMETRY_OPTIONS_INIT;
      g_autoptr (GPtrArray) areas = NULL;

      for (gint i = g_test_rand_int_range (1, 150); i > 0; i--)
        select_rect (mask, g_test_rand_int_range (0, width),
                     g_test_rand_int_range (0, height),
                     g_test_rand_int_range (1, 5), g_test_rand_int_range (1, 5),
                     1.0f);
      options.strength = g_test_rand_double ();
      options.context = round % 2 ? 2.0 : -1.0;
      options.blend = round % 2 ? 0.0 : -1.0;
      options.min_size = round % 3 ? 3 : 0;
      areas = pmt_areas_plan (mask, &options, &layer, &layer, NULL);
      g_assert_cmpuint (areas->len, >=, 1);
      g_assert_cmpuint (areas->len, <=, 64);
      check_areas (areas, mask, &layer);
    }
}

static void
test_areas_none (void)
{
  g_autoptr (GeglBuffer) mask = new_mask (500, 500);
  PmtGeometryOptions options = PMT_GEOMETRY_OPTIONS_INIT;
  const GeglRectangle canvas = { 0, 0, 500, 500 };
  g_autoptr (GError) error = NULL;

  select_rect (mask, 10, 10, 50, 50, 1.0f);
  g_assert_null (pmt_areas_plan (mask, &options, &canvas,
                                 GEGL_RECTANGLE (100, 100, 200, 200), &error));
  g_assert_error (error, PMT_ERROR, PMT_ERROR_INPUT);
}

/* 5000 single pixels that stay apart: the cap must not be slow. */
static void
test_areas_dust (void)
{
  g_autoptr (GeglBuffer) mask =
      gegl_buffer_new (GEGL_RECTANGLE (0, 0, 6000, 4000), babl_format ("Y u8"));
  const GeglRectangle layer = { 0, 0, 6000, 4000 };
  PmtGeometryOptions options = PMT_GEOMETRY_OPTIONS_INIT;
  gint64 start;
  gdouble seconds;

  for (gint i = 0; i < 5000; i++)
    select_rect (mask, g_test_rand_int_range (0, 6000),
                 g_test_rand_int_range (0, 4000), 1, 1, 1.0f);
  for (gint round = 0; round < 2; round++)
    {
      g_autoptr (GPtrArray) areas = NULL;

      options.strength = round ? 0.0 : 1.0;
      options.context = round ? 0.0 : -1.0;
      options.min_size = round ? 1 : 0;
      start = g_get_monotonic_time ();
      areas = pmt_areas_plan (mask, &options, &layer, &layer, NULL);
      seconds = (g_get_monotonic_time () - start) / 1e6;
      g_test_message ("dust: %u areas, %.3f s", areas->len, seconds);
      g_assert_cmpuint (areas->len, <=, 64);
      /* Quadratic work would take minutes; room for slow machines. */
      g_assert_cmpfloat (seconds, <, 10.0);
    }
}

static void
test_speed (void)
{
  g_autoptr (GeglBuffer) mask =
      gegl_buffer_new (GEGL_RECTANGLE (0, 0, 6000, 4000), babl_format ("Y u8"));
  const GeglRectangle layer = { 0, 0, 6000, 4000 };
  PmtGeometryOptions options = PMT_GEOMETRY_OPTIONS_INIT;
  gint64 start = g_get_monotonic_time ();
  g_autoptr (GPtrArray) areas = NULL;
  g_autoptr (GeglBuffer) composite = NULL;
  g_autoptr (GeglBuffer) denoise = NULL;
  g_autofree guint8 *hole = NULL;
  const PmtArea *area;

  select_rect (mask, 2000, 1500, 800, 600, 1.0f);
  start = g_get_monotonic_time ();
  areas = pmt_areas_plan (mask, &options, &layer, &layer, NULL);
  area = areas->pdata[0];
  g_test_message ("plan: %.3f s", (g_get_monotonic_time () - start) / 1e6);
  composite = pmt_mask_composite (area);
  g_test_message ("+ composite mask: %.3f s",
                  (g_get_monotonic_time () - start) / 1e6);
  denoise = pmt_mask_denoise (area);
  g_test_message ("+ denoise mask: %.3f s",
                  (g_get_monotonic_time () - start) / 1e6);
  hole = pmt_mask_grow (area->mask, 0.0, 4.0, &area->geometry.crop);
  g_test_message ("+ hole: %.3f s", (g_get_monotonic_time () - start) / 1e6);
  g_assert_cmpint (hole[0], ==, 0);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  gegl_init (NULL, NULL);
  g_test_add_func ("/image/geometry/numbers", test_geometry_numbers);
  g_test_add_func ("/image/geometry/small", test_geometry_small);
  g_test_add_func ("/image/geometry/given", test_geometry_given);
  g_test_add_func ("/image/geometry/random", test_geometry_random);
  g_test_add_func ("/image/geometry/shifted", test_geometry_shifted);
  g_test_add_func ("/image/geometry/outside", test_geometry_outside);
  g_test_add_func ("/image/geometry/aspect", test_geometry_aspect);
  g_test_add_func ("/image/mask/bounds", test_mask_bounds);
  g_test_add_func ("/image/mask/formats", test_mask_formats);
  g_test_add_func ("/image/mask/grow", test_mask_grow);
  g_test_add_func ("/image/mask/distance-far", test_mask_distance_far);
  g_test_add_func ("/image/mask/distance-each", test_mask_distance_each);
  g_test_add_func ("/image/mask/distance-none", test_mask_distance_none);
  g_test_add_func ("/image/mask/coverage", test_mask_coverage);
  g_test_add_func ("/image/mask/threads", test_mask_threads);
  g_test_add_func ("/image/mask/composite", test_mask_composite);
  g_test_add_func ("/image/mask/composite-soft", test_mask_composite_soft);
  g_test_add_func ("/image/mask/composite-half", test_mask_composite_half);
  g_test_add_func ("/image/mask/off", test_mask_off);
  g_test_add_func ("/image/mask/denoise", test_mask_denoise);
  g_test_add_func ("/image/mask/feather", test_mask_feather);
  g_test_add_func ("/image/areas/split", test_areas_split);
  g_test_add_func ("/image/areas/shapes", test_areas_shapes);
  g_test_add_func ("/image/areas/random", test_areas_random);
  g_test_add_func ("/image/areas/none", test_areas_none);
  g_test_add_func ("/image/areas/dust", test_areas_dust);
  g_test_add_func ("/image/speed", test_speed);
  status = g_test_run ();
  gegl_exit ();
  return status;
}
