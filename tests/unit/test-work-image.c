/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* test-work-image.c: crops at the size that a model works at. */
#include "config.h"

#include <gegl.h>
#include <math.h>

#include "diffusion/work-image.h"

#define WIDTH 24
#define HEIGHT 16
#define N (WIDTH * HEIGHT * 3)

/* The colors of 8 bits, or a last bit of the float off, as babl's ways from
 * 8 bits to floats are. */
static gfloat *
made_of_colors (gint width, gint height, gboolean is_off)
{
  g_autofree gfloat *rgb = g_new (gfloat, N);
  PmtPixels pixels = { .rect = { 0, 0, WIDTH, HEIGHT }, .rgb = rgb };
  g_autoptr (GError) error = NULL;
  gfloat *image;

  for (gint i = 0; i < N; i++)
    {
      rgb[i] = (gfloat)(i * 7 % 256) / 255.0f;
      if (is_off)
        rgb[i] = nextafterf (rgb[i], i % 2 == 0 ? 2.0f : -1.0f);
    }
  image = pmt_work_image_new (&pixels, width, height, NULL, &error);
  g_assert_no_error (error);
  return image;
}

static void
test_last_bit (void)
{
  const gint sizes[][2] = { { WIDTH, HEIGHT }, { 16, 8 }, { 40, 32 } };

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      const gsize n = (gsize)sizes[i][0] * (gsize)sizes[i][1] * 3;
      g_autofree gfloat *exact =
          made_of_colors (sizes[i][0], sizes[i][1], FALSE);
      g_autofree gfloat *off = made_of_colors (sizes[i][0], sizes[i][1], TRUE);

      g_assert_cmpmem (exact, n * sizeof (gfloat), off, n * sizeof (gfloat));
    }
}

static void
test_range (void)
{
  g_autofree gfloat *image = made_of_colors (WIDTH, HEIGHT, FALSE);

  /* Half a step of 16 bits, twice as long from -1 to 1, and the float. */
  for (gint i = 0; i < WIDTH * HEIGHT; i++)
    for (gint c = 0; c < 3; c++)
      {
        const gfloat color = (gfloat)((3 * i + c) * 7 % 256) / 255.0f;

        g_assert_cmpfloat_with_epsilon (image[c * WIDTH * HEIGHT + i],
                                        2 * color - 1, 1.0 / 65535 + 1e-6);
      }
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  gegl_init (NULL, NULL);
  g_test_add_func ("/work-image/last-bit", test_last_bit);
  g_test_add_func ("/work-image/range", test_range);
  status = g_test_run ();
  gegl_exit ();
  return status;
}
