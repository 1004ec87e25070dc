/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* test-legible-color.c: texts that can be read in every theme. */
#include <glib.h>
#include <math.h>

#include "ui/legible-color.h"

static void
test_contrast (void)
{
  const gdouble black[3] = { 0.0, 0.0, 0.0 };
  const gdouble white[3] = { 1.0, 1.0, 1.0 };
  const gdouble gray[3] = { 0x76 / 255.0, 0x76 / 255.0, 0x76 / 255.0 };

  g_assert_cmpfloat_with_epsilon (pmt_color_contrast (black, white), 21.0,
                                  1e-9);
  g_assert_cmpfloat_with_epsilon (pmt_color_contrast (white, white), 1.0, 1e-9);
  /* The lightest gray that is enough on white. */
  g_assert_cmpfloat_with_epsilon (pmt_color_contrast (gray, white), 4.54, 0.01);
}

/* Every color on every gray. */
static void
test_legible (void)
{
  for (gint level = 0; level <= 20; level++)
    for (gint hue = 0; hue < 27; hue++)
      {
        const gdouble back[3] = { level / 20.0, level / 20.0, level / 20.0 };
        gdouble color[3] = { hue / 9 / 2.0, hue / 3 % 3 / 2.0, hue % 3 / 2.0 };

        pmt_color_make_legible (color, back);
        g_assert_cmpfloat (pmt_color_contrast (color, back), >=,
                           PMT_LEGIBLE_CONTRAST);
      }
}

/* What can be read stays as it is. */
static void
test_kept (void)
{
  const gdouble white[3] = { 1.0, 1.0, 1.0 };
  gdouble color[3] = { 0.0, 0.0, 0.5 };

  pmt_color_make_legible (color, white);
  g_assert_cmpfloat (color[0], ==, 0.0);
  g_assert_cmpfloat (color[2], ==, 0.5);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/legible-color/contrast", test_contrast);
  g_test_add_func ("/legible-color/legible", test_legible);
  g_test_add_func ("/legible-color/kept", test_kept);

  return g_test_run ();
}
