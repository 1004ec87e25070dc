/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* test-style.c: "stylize", "chaos" and "weird" of checkpoints. */
#include <glib.h>
#include <math.h>
#include <string.h>

#include "diffusion/style.h"

#define CHANNELS 4
#define HEIGHT 24
#define WIDTH 20
#define N (CHANNELS * HEIGHT * WIDTH)

static gdouble
guidance (gint stylize, gint chaos, guint32 seed)
{
  const PmtStyle style = { stylize, chaos, 0 };

  return pmt_style_guidance (&style, 7.0, seed);
}

static void
test_usual (void)
{
  const PmtStyle style = PMT_STYLE_INIT;
  gfloat noise[N];
  gfloat before[N];

  for (gint i = 0; i < N; i++)
    noise[i] = before[i] = (gfloat)sin (i * 1.7);
  /* Not a bit. */
  g_assert_true (pmt_style_guidance (&style, 7.1, 12) == 7.1);
  pmt_style_disturb (&style, 12, CHANNELS, HEIGHT, WIDTH, noise);
  g_assert_cmpmem (noise, sizeof noise, before, sizeof before);
}

static void
test_stylize (void)
{
  for (gint stylize = 0; stylize < 1000; stylize += 50)
    g_assert_cmpfloat (guidance (stylize, 0, 1), >,
                       guidance (stylize + 50, 0, 1));
  g_assert_cmpfloat_with_epsilon (guidance (0, 0, 1), 1.0 + 6.0 * 1.189, 0.01);
  g_assert_cmpfloat_with_epsilon (guidance (1000, 0, 1), 2.5, 1e-9);
  /* No guidance stays none. */
  g_assert_cmpfloat (pmt_style_guidance (&(PmtStyle){ 500, 50, 0 }, 1.0, 3), ==,
                     1.0);
}

/* The more chaos, the further apart; never more than twice or half. */
static void
test_chaos (void)
{
  gdouble last = 0.0;

  for (gint chaos = 0; chaos <= 100; chaos += 10)
    {
      gdouble spread = 0.0;

      for (guint32 seed = 0; seed < 100; seed++)
        {
          const gdouble factor = (guidance (100, chaos, seed) - 1.0) / 6.0;

          g_assert_cmpfloat (factor, >=, 0.5);
          g_assert_cmpfloat (factor, <=, 2.0);
          spread += fabs (log2 (factor));
        }
      g_assert_true (chaos == 0 || spread > last);
      last = spread;
    }
  g_assert_cmpfloat (last / 100.0, >, 0.3);
  g_assert_true (guidance (100, 50, 8) == guidance (100, 50, 8));
  g_assert_true (guidance (100, 50, 8) != guidance (100, 50, 9));
}

static gdouble
disturb (gint weird, guint32 seed, gfloat *noise)
{
  const PmtStyle style = { PMT_STYLIZE_USUAL, 0, weird };
  g_autofree gfloat *before = g_new (gfloat, N);
  gdouble difference = 0.0;

  for (gint i = 0; i < N; i++)
    before[i] = noise[i] = (gfloat)(sin (i * 12.9898) * M_SQRT2);
  pmt_style_disturb (&style, seed, CHANNELS, HEIGHT, WIDTH, noise);
  for (gint i = 0; i < N; i++)
    difference += fabs (noise[i] - before[i]);

  return difference / N;
}

static void
test_weird (void)
{
  gfloat one[N];
  gfloat other[N];
  gdouble last = 0.0;
  gdouble sum = 0.0;

  for (gint weird = 250; weird <= 3000; weird += 250)
    {
      const gdouble difference = disturb (weird, 5, one);

      g_assert_cmpfloat (difference, >, last);
      last = difference;
    }
  for (gint i = 0; i < N; i++)
    sum += (gdouble)one[i] * one[i];
  /* Samplers rely on the variance. */
  g_assert_cmpfloat_with_epsilon (sum / N, 1.0, 0.15);
  disturb (3000, 5, other);
  g_assert_cmpmem (one, sizeof one, other, sizeof other);
  disturb (3000, 6, other);
  g_assert_cmpint (memcmp (one, other, sizeof one), !=, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/style/usual", test_usual);
  g_test_add_func ("/style/stylize", test_stylize);
  g_test_add_func ("/style/chaos", test_chaos);
  g_test_add_func ("/style/weird", test_weird);

  return g_test_run ();
}
