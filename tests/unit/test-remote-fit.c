/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* test-remote-fit.c: sizes that services take, and places of results. */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "picture-files.h"
#include "remote/fit.h"

static const PmtFitLimits no_limits;

static gboolean
plan (gint width, gint height, const PmtFitLimits *limits, gint *w, gint *h)
{
  g_autoptr (GError) error = NULL;
  const gboolean is_ok =
      pmt_fit_send_size (width, height, limits, w, h, &error);

  g_assert_true (is_ok == (error == NULL));
  if (error)
    g_assert_error (error, PMT_ERROR, PMT_ERROR_INPUT);
  return is_ok;
}

static void
check_plan (gint width,
            gint height,
            PmtFitLimits limits,
            gint sent_width,
            gint sent_height)
{
  gint w = -1, h = -1;

  g_assert_true (plan (width, height, &limits, &w, &h));
  g_assert_cmpint (w, ==, sent_width);
  g_assert_cmpint (h, ==, sent_height);
}

static void
test_known_sizes (void)
{
  gint w = -1, h = -1;
  const PmtFitLimits narrow = { .max_aspect = 3.0 };
  const PmtFitLimits tight = { .min_side = 512, .max_side = 1024 };

  check_plan (1000, 700, no_limits, 1000, 700);
  check_plan (3000, 2000, (PmtFitLimits){ .max_side = 1500 }, 1500, 1000);
  check_plan (300, 200, (PmtFitLimits){ .min_side = 512 }, 768, 512);
  check_plan (4000, 3000, (PmtFitLimits){ .max_pixels = 3000000 }, 2000, 1500);
  check_plan (200, 150, (PmtFitLimits){ .min_pixels = 480000 }, 800, 600);
  check_plan (1024, 768, (PmtFitLimits){ .multiple = 64 }, 1024, 768);
  check_plan (1030, 770, (PmtFitLimits){ .multiple = 64 }, 1024, 768);
  check_plan (1, 1, no_limits, 1, 1);
  g_assert_false (plan (1000, 300, &narrow, &w, &h));
  g_assert_false (plan (3000, 1000, &tight, &w, &h));
  g_assert_cmpint (w, ==, -1);
  check_plan (900, 300, narrow, 900, 300);
}

static void
check_random (gint width, gint height, const PmtFitLimits *limits)
{
  const gint multiple = MAX (limits->multiple, 1);
  const gint least = MAX (limits->min_side, multiple);
  gint w, h;
  gdouble error;

  if (!plan (width, height, limits, &w, &h))
    return;
  g_assert_cmpint (w % multiple, ==, 0);
  g_assert_cmpint (h % multiple, ==, 0);
  g_assert_cmpint (MIN (w, h), >=, least);
  g_assert_true (limits->max_side == 0 || MAX (w, h) <= limits->max_side);
  g_assert_true (limits->min_pixels == 0
                 || (gint64)w * h >= limits->min_pixels);
  g_assert_true (limits->max_pixels == 0
                 || (gint64)w * h <= limits->max_pixels);
  g_assert_true (limits->max_aspect == 0.0
                 || MAX (w, h) <= MIN (w, h) * limits->max_aspect + 1e-3);
  /* Not larger without a minimum that would be missed. */
  if (MIN (width, height) >= least + multiple
      && (gdouble)width * height * 0.7 >= (gdouble)limits->min_pixels
      && MIN (width, height) * 0.7 >= least)
    {
      g_assert_cmpint (w, <=, width);
      g_assert_cmpint (h, <=, height);
    }
  /* As exact as the multiple allows. */
  error = fabs (log ((gdouble)w / h) - log ((gdouble)width / height));
  g_assert_cmpfloat (error, <=, 1.1 * multiple / MIN (w, h));
}

static void
test_random_sizes (void)
{
  static const gint multiples[] = { 0, 1, 2, 8, 16, 32, 64 };
  g_autoptr (GRand) rand = g_rand_new_with_seed (3);

  for (gint i = 0; i < 20000; i++)
    {
      PmtFitLimits limits = { 0 };
      const gint width = g_rand_int_range (rand, 1, 3000);
      const gint height = g_rand_int_range (rand, 1, 3000);

      limits.multiple = multiples[g_rand_int_range (rand, 0, 7)];
      if (g_rand_boolean (rand))
        limits.min_side = g_rand_int_range (rand, 1, 600);
      if (g_rand_boolean (rand))
        limits.max_side = g_rand_int_range (rand, 1200, 4096);
      if (g_rand_boolean (rand))
        limits.min_pixels = g_rand_int_range (rand, 1, 500000);
      if (g_rand_boolean (rand))
        limits.max_pixels = g_rand_int_range (rand, 1000000, 8000000);
      if (g_rand_boolean (rand))
        limits.max_aspect = g_rand_double_range (rand, 1.5, 5.0);
      check_random (width, height, &limits);
    }
}

static void
test_choices (void)
{
  static const gchar *const aspects[] = { "auto", "1:1",  "16:9", "9:16",
                                          "4:3",  "21:9", NULL };
  static const gchar *const sizes[] = { "auto",      "1024x1024", "1024x1536",
                                        "1536x1024", "512x512",   NULL };
  static const gchar *const none[] = { "auto", "1:", ":2", "0:1", "x", NULL };

  g_assert_cmpstr (pmt_fit_choose_aspect (1000, 990, aspects), ==, "1:1");
  g_assert_cmpstr (pmt_fit_choose_aspect (1920, 1080, aspects), ==, "16:9");
  g_assert_cmpstr (pmt_fit_choose_aspect (500, 900, aspects), ==, "9:16");
  g_assert_cmpstr (pmt_fit_choose_aspect (3000, 100, aspects), ==, "21:9");
  g_assert_cmpstr (pmt_fit_choose_size (2000, 3100, sizes), ==, "1024x1536");
  g_assert_cmpstr (pmt_fit_choose_size (2000, 2100, sizes), ==, "1024x1024");
  g_assert_cmpstr (pmt_fit_choose_size (500, 490, sizes), ==, "512x512");
  g_assert_null (pmt_fit_choose_aspect (10, 10, none));
  g_assert_null (pmt_fit_choose_size (10, 10, NULL));
}

static void
test_places (void)
{
  const GeglRectangle target = { -10, 20, 300, 200 };
  PmtFitPlace place;

  pmt_fit_place (300, 200, 0, 0, &target, &place);
  g_assert_true (gegl_rectangle_equal (&place.rect, &target));
  g_assert_false (place.is_scaled || place.is_refitted);
  pmt_fit_place (1536, 1024, 0, 0, &target, &place);
  g_assert_true (gegl_rectangle_equal (&place.rect, &target));
  g_assert_true (place.is_scaled && !place.is_refitted);
  pmt_fit_place (1024, 1024, 0, 0, &target, &place);
  g_assert_true (
      gegl_rectangle_equal (&place.rect, GEGL_RECTANGLE (40, 20, 200, 200)));
  g_assert_true (place.is_scaled && place.is_refitted);
  pmt_fit_place (512, 512, 1024, 1024, &target, &place);
  g_assert_true (gegl_rectangle_equal (&place.rect, &target));
  g_assert_false (place.is_refitted);
  pmt_fit_place (10000, 1, 0, 0, &target, &place);
  g_assert_cmpint (place.rect.height, ==, 1);
  g_assert_cmpint (place.rect.width, ==, 300);
}

static void
test_random_places (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (5);

  for (gint i = 0; i < 20000; i++)
    {
      const GeglRectangle target = { 3, -4, g_rand_int_range (rand, 1, 2000),
                                     g_rand_int_range (rand, 1, 2000) };
      PmtFitPlace place;

      pmt_fit_place (g_rand_int_range (rand, 1, 2000),
                     g_rand_int_range (rand, 1, 2000), 0, 0, &target, &place);
      g_assert_true (gegl_rectangle_contains (&target, &place.rect));
      g_assert_true (place.rect.width == target.width
                     || place.rect.height == target.height);
      g_assert_cmpint (place.rect.width, >, 0);
      g_assert_cmpint (place.rect.height, >, 0);
    }
}

/* ------------------------------------------------------------- resampling -- */

static void
check_resampled (const gchar *name, const Babl *space, gint width, gint height)
{
  const Babl *format = babl_format_with_space (name, space);
  const GeglRectangle rect = { -5, 9, width, height };
  g_autoptr (GError) error = NULL;
  g_autoptr (GeglBuffer) picture = gegl_buffer_new (
      GEGL_RECTANGLE (0, 0, 60, 40), babl_format ("R'G'B' u8"));
  g_autoptr (GeglBuffer) placed = NULL;
  guint8 pixel[3];
  const guint8 gray[3] = { 90, 90, 90 };

  gegl_buffer_set_color_from_pixel (picture, NULL, gray,
                                    babl_format ("R'G'B' u8"));
  placed = pmt_fit_to_rect (picture, &rect, format, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (gegl_rectangle_equal (gegl_buffer_get_extent (placed), &rect));
  g_assert_true (gegl_buffer_get_format (placed) == format);
  for (gint i = 0; i < 2; i++)
    {
      gegl_buffer_get (placed,
                       GEGL_RECTANGLE (rect.x + i * (width - 1),
                                       rect.y + i * (height - 1), 1, 1),
                       1.0, babl_format ("R'G'B' u8"), pixel,
                       GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
      for (gint c = 0; c < 3; c++)
        g_assert_cmpint (abs (pixel[c] - 90), <=, 1);
    }
}

static void
test_resampling (void)
{
  static const gchar *const names[] = {
    "R'G'B' u8", "R'G'B'A u8", "Y' u8", "RGB float", "R'G'B'A u16", "Y'A half"
  };
  const Babl *spaces[] = { NULL, wide_space () };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GeglBuffer) source =
      gradient_buffer (30, 20, babl_format ("R'G'B' u8"));
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    for (guint k = 0; k < G_N_ELEMENTS (spaces); k++)
      {
        check_resampled (names[i], spaces[k], 60, 40);
        check_resampled (names[i], spaces[k], 31, 20);
        check_resampled (names[i], spaces[k], 121, 81);
      }
  g_cancellable_cancel (cancellable);
  g_assert_null (pmt_fit_to_rect (source, GEGL_RECTANGLE (0, 0, 9, 9),
                                  babl_format ("R'G'B' u8"), cancellable,
                                  &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gegl_init (&argc, &argv);
  g_test_add_func ("/remote-fit/known-sizes", test_known_sizes);
  g_test_add_func ("/remote-fit/random-sizes", test_random_sizes);
  g_test_add_func ("/remote-fit/choices", test_choices);
  g_test_add_func ("/remote-fit/places", test_places);
  g_test_add_func ("/remote-fit/random-places", test_random_places);
  g_test_add_func ("/remote-fit/resampling", test_resampling);
  return g_test_run ();
}
