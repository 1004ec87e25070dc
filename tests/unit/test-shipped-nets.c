/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* test-shipped-nets.c: what must hold for the networks in data/nets/,
 * whatever their weights. */
#include <math.h>
#include <string.h>

#include "restore/net.h"

#define SIDE 192
#define N ((gsize)SIDE * SIDE)
#define MAX_BYTES 2500000

static const GeglRectangle whole = { 0, 0, SIDE, SIDE };

static PmtNet *
open_net (const gchar *file)
{
  g_autofree gchar *path =
      g_build_filename (g_getenv ("PENTIMENTO_TEST_DATA"), "nets", file, NULL);
  PmtSessionOptions options = PMT_SESSION_OPTIONS_INIT;
  g_autoptr (GError) error = NULL;
  PmtNet *net;

  options.threads = 2;
  options.is_trusted = TRUE;
  net = pmt_net_open (path, &options, &error);
  g_assert_no_error (error);
  return net;
}

/* --------------------------------------------------------- pictures -- */

/* Shaded disks over each other, drawn with soft edges: [SIDE, SIDE, 3]. */
static gfloat *
make_picture (gint side)
{
  gfloat *rgb = g_new (gfloat, (gsize)side * side * 3);
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);

  for (gint i = 0; i < side * side * 3; i++)
    rgb[i] = 0.35f + 0.25f * (gfloat)(i / 3 % side) / (gfloat)side;
  for (gint disk = 0; disk < 60; disk++)
    {
      const gdouble cx = g_rand_double_range (rand, 0, side);
      const gdouble cy = g_rand_double_range (rand, 0, side);
      const gdouble radius = side * g_rand_double_range (rand, 0.03, 0.16);
      gfloat color[3];

      for (gint c = 0; c < 3; c++)
        color[c] = (gfloat)g_rand_double_range (rand, 0.1, 0.9);
      for (gint y = 0; y < side; y++)
        for (gint x = 0; x < side; x++)
          {
            const gdouble d = radius - hypot (x - cx, y - cy);
            const gfloat cover = (gfloat)CLAMP (0.5 + d / 1.6, 0.0, 1.0);
            gfloat *pixel = rgb + 3 * ((gsize)y * side + x);

            for (gint c = 0; c < 3; c++)
              pixel[c] += cover * (color[c] - pixel[c]);
          }
    }
  return rgb;
}

static GeglBuffer *
to_buffer (const gfloat *rgb, gint side)
{
  GeglBuffer *buffer = gegl_buffer_new (GEGL_RECTANGLE (0, 0, side, side),
                                        babl_format ("R'G'B' float"));

  gegl_buffer_set (buffer, NULL, 0, babl_format ("R'G'B' float"), rgb,
                   GEGL_AUTO_ROWSTRIDE);
  return buffer;
}

static gfloat *
from_buffer (GeglBuffer *buffer)
{
  const GeglRectangle *extent = gegl_buffer_get_extent (buffer);
  gfloat *rgb = g_new (gfloat, (gsize)extent->width * extent->height * 3);

  gegl_buffer_get (buffer, extent, 1.0, babl_format ("R'G'B' float"), rgb,
                   GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
  return rgb;
}

static gfloat *
apply (PmtNet *net, const gfloat *rgb, gint side, const gfloat *settings)
{
  const gint scale = pmt_net_get_info (net)->scale;
  const GeglRectangle rect = { 0, 0, side, side };
  g_autoptr (GeglBuffer) source = to_buffer (rgb, side);
  g_autoptr (GeglBuffer) target =
      gegl_buffer_new (GEGL_RECTANGLE (0, 0, side * scale, side * scale),
                       babl_format ("R'G'B' float"));
  g_autoptr (GError) error = NULL;
  PmtNetRun run = PMT_NET_RUN_INIT;

  run.settings = settings;
  pmt_net_run (net, &run, source, &rect, target, NULL, NULL, &error);
  g_assert_no_error (error);
  return from_buffer (target);
}

static gdouble
psnr (const gfloat *a, const gfloat *b, gsize n)
{
  gdouble sum = 0.0;

  for (gsize i = 0; i < n; i++)
    sum += (a[i] - b[i]) * (a[i] - b[i]);
  return -10.0 * log10 (sum / n + 1e-12);
}

/* Mean absolute difference. */
static gdouble
distance (const gfloat *a, const gfloat *b, gsize n)
{
  gdouble sum = 0.0;

  for (gsize i = 0; i < n; i++)
    sum += fabsf (a[i] - b[i]);
  return sum / n;
}

static void
add_noise (gfloat *rgb, gsize n, gdouble sigma)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (3);

  for (gsize i = 0; i < n; i++)
    rgb[i] += (gfloat)(sigma * sqrt (-2.0 * log (1.0 - g_rand_double (rand)))
                       * cos (2.0 * G_PI * g_rand_double (rand)));
}

static void
blur (gfloat *rgb, gdouble sigma)
{
  g_autofree gfloat *made = g_memdup2 (rgb, N * 3 * sizeof (gfloat));

  for (gint pass = 0; pass < 2; pass++)
    {
      const gsize step = pass == 0 ? 3 : 3 * SIDE;

      memcpy (rgb, made, N * 3 * sizeof (gfloat));
      for (gint y = 0; y < SIDE; y++)
        for (gint x = 0; x < SIDE; x++)
          for (gint c = 0; c < 3; c++)
            {
              const gsize at = 3 * ((gsize)y * SIDE + x) + c;
              const gint place = pass == 0 ? x : y;
              gdouble sum = 0.0;
              gdouble weights = 0.0;

              for (gint k = -6; k <= 6; k++)
                if (place + k >= 0 && place + k < SIDE)
                  {
                    const gdouble w = exp (-0.5 * k * k / (sigma * sigma));

                    sum += w * rgb[at + k * (gssize)step];
                    weights += w;
                  }
              made[at] = (gfloat)(sum / weights);
            }
    }
  memcpy (rgb, made, N * 3 * sizeof (gfloat));
}

/* What a JPEG file of low quality does: DCT of 8x8 pixels, rounded to steps
 * that grow with the frequency. */
static void
compress (gfloat *rgb, gdouble step)
{
  gdouble basis[8][8];

  for (gint k = 0; k < 8; k++)
    for (gint i = 0; i < 8; i++)
      basis[k][i] =
          (k ? 0.5 : sqrt (0.125)) * cos ((2 * i + 1) * k * G_PI / 16.0);
  for (gint by = 0; by < SIDE; by += 8)
    for (gint bx = 0; bx < SIDE; bx += 8)
      for (gint c = 0; c < 3; c++)
        {
          gdouble block[8][8] = { 0 };
          gfloat *corner = rgb + 3 * ((gsize)by * SIDE + bx) + c;

          for (gint v = 0; v < 8; v++)
            for (gint u = 0; u < 8; u++)
              {
                const gdouble q = step * (1.0 + 0.5 * (u + v));

                for (gint y = 0; y < 8; y++)
                  for (gint x = 0; x < 8; x++)
                    block[v][u] += basis[v][y] * basis[u][x]
                                   * corner[3 * ((gsize)y * SIDE + x)];
                block[v][u] = q * round (block[v][u] / q);
              }
          for (gint y = 0; y < 8; y++)
            for (gint x = 0; x < 8; x++)
              {
                gdouble sum = 0.0;

                for (gint v = 0; v < 8; v++)
                  for (gint u = 0; u < 8; u++)
                    sum += basis[v][y] * basis[u][x] * block[v][u];
                corner[3 * ((gsize)y * SIDE + x)] = (gfloat)sum;
              }
        }
}

/* Steps across the borders of 8x8 blocks over steps inside them, less 1. */
static gdouble
blockiness (const gfloat *rgb)
{
  gdouble border = 0.0;
  gdouble inside = 0.0;

  for (gint y = 0; y < SIDE; y++)
    for (gint x = 8; x < SIDE; x++)
      {
        const gsize at = 3 * ((gsize)y * SIDE + x) + 1;
        const gdouble d = fabsf (rgb[at] - rgb[at - 3]);

        if (x % 8 == 0)
          border += d;
        else if (x % 8 == 4)
          inside += d;
      }
  return border / inside - 1.0;
}

static gdouble
mean_gradient (const gfloat *rgb)
{
  gdouble sum = 0.0;

  for (gsize i = 0; i + 3 < N * 3; i++)
    sum += (rgb[i + 3] - rgb[i]) * (rgb[i + 3] - rgb[i]);
  return sqrt (sum / (N * 3));
}

/* ------------------------------------------------------------ tests -- */

static void
test_size (gconstpointer data)
{
  g_autofree gchar *path =
      g_build_filename (g_getenv ("PENTIMENTO_TEST_DATA"), "nets", data, NULL);
  g_autofree gchar *bytes = NULL;
  gsize size;

  g_assert_true (g_file_get_contents (path, &bytes, &size, NULL));
  g_assert_cmpuint (size, <=, MAX_BYTES);
}

static void
test_zero (void)
{
  g_autoptr (PmtNet) net = open_net ("restore-1x.onnx");
  g_autofree gfloat *rgb = make_picture (SIDE);
  const gfloat settings[3] = { 0.0f, 0.0f, 0.0f };
  g_autofree gfloat *made = apply (net, rgb, SIDE, settings);

  g_assert_cmpmem (made, N * 3 * sizeof (gfloat), rgb, N * 3 * sizeof (gfloat));
}

static void
test_denoise (void)
{
  g_autoptr (PmtNet) net = open_net ("restore-1x.onnx");
  g_autofree gfloat *truth = make_picture (SIDE);
  g_autofree gfloat *rgb = g_memdup2 (truth, N * 3 * sizeof (gfloat));
  gdouble last_change = 0.0;
  gdouble last_gradient;

  add_noise (rgb, N * 3, 20.0 / 255.0);
  last_gradient = mean_gradient (rgb);
  for (gint i = 1; i <= 10; i++)
    {
      const gfloat settings[3] = { 0.1f * (gfloat)i, 0.0f, 0.0f };
      g_autofree gfloat *made = apply (net, rgb, SIDE, settings);
      const gdouble change = distance (made, rgb, N * 3);
      const gdouble gradient = mean_gradient (made);

      g_test_message ("%.1f: change %.4f, gradient %.5f", settings[0], change,
                      gradient);
      /* More is further from the source, but for 1 %; and smoother up to the
       * noise that is there.  Beyond, edges are drawn sharper. */
      g_assert_cmpfloat (change, >, 0.99 * last_change);
      g_assert_cmpfloat (gradient, <, (i <= 4 ? 1.01 : 1.02) * last_gradient);
      last_change = change;
      last_gradient = gradient;
      if (i == 4)
        g_assert_cmpfloat (psnr (made, truth, N * 3), >,
                           psnr (rgb, truth, N * 3) + 8.0);
    }
}

static void
test_sharpen (void)
{
  g_autoptr (PmtNet) net = open_net ("restore-1x.onnx");
  g_autofree gfloat *truth = make_picture (SIDE);
  g_autofree gfloat *rgb = g_memdup2 (truth, N * 3 * sizeof (gfloat));
  gdouble last;

  blur (rgb, 1.4);
  last = mean_gradient (rgb);
  for (gint i = 1; i <= 10; i++)
    {
      const gfloat settings[3] = { 0.0f, 0.1f * (gfloat)i, 0.0f };
      g_autofree gfloat *made = apply (net, rgb, SIDE, settings);
      const gdouble gradient = mean_gradient (made);

      g_assert_cmpfloat (gradient, >, 0.99 * last);
      last = gradient;
      if (i == 7)
        g_assert_cmpfloat (psnr (made, truth, N * 3), >,
                           psnr (rgb, truth, N * 3) + 2.0);
    }
}

static void
test_fix_compression (void)
{
  g_autoptr (PmtNet) net = open_net ("restore-1x.onnx");
  g_autofree gfloat *truth = make_picture (SIDE);
  g_autofree gfloat *rgb = g_memdup2 (truth, N * 3 * sizeof (gfloat));
  gdouble before;
  gdouble last_change = 0.0;

  compress (rgb, 0.12);
  before = blockiness (rgb);
  g_assert_cmpfloat (before, >, 0.15);
  for (gint i = 1; i <= 9; i++)
    {
      const gfloat settings[3] = { 0.0f, 0.0f, 0.1f * (gfloat)i };
      g_autofree gfloat *made = apply (net, rgb, SIDE, settings);
      const gdouble change = distance (made, rgb, N * 3);

      g_assert_cmpfloat (change, >, 0.99 * last_change);
      last_change = change;
      if (i == 9)
        {
          g_assert_cmpfloat (blockiness (made), <, 0.5 * before);
          g_assert_cmpfloat (psnr (made, truth, N * 3), >,
                             psnr (rgb, truth, N * 3) + 1.0);
        }
    }
}

/* Each pixel the mean of a square: what a smaller picture has. */
static gfloat *
reduce (const gfloat *rgb, gint side, gint scale)
{
  const gint small = side / scale;
  gfloat *made = g_new0 (gfloat, (gsize)small * small * 3);

  for (gint y = 0; y < small * scale; y++)
    for (gint x = 0; x < small * scale; x++)
      for (gint c = 0; c < 3; c++)
        made[3 * ((gsize)(y / scale) * small + x / scale) + c] +=
            rgb[3 * ((gsize)y * side + x) + c] / (gfloat)(scale * scale);
  return made;
}

/* Between the centres of the pixels, along straight lines. */
static gfloat
sample (const gfloat *rgb, gint side, gdouble y, gdouble x, gint c)
{
  const gint y0 = CLAMP ((gint)floor (y), 0, side - 2);
  const gint x0 = CLAMP ((gint)floor (x), 0, side - 2);
  const gdouble fy = CLAMP (y - y0, 0.0, 1.0);
  const gdouble fx = CLAMP (x - x0, 0.0, 1.0);
  const gfloat *at = rgb + 3 * ((gsize)y0 * side + x0) + c;

  return (gfloat)((1 - fy) * ((1 - fx) * at[0] + fx * at[3])
                  + fy * ((1 - fx) * at[3 * side] + fx * at[3 * side + 3]));
}

static void
test_upscale (gconstpointer data)
{
  g_autoptr (PmtNet) net = open_net (data);
  const gint scale = pmt_net_get_info (net)->scale;
  const gint small_side = SIDE / scale;
  g_autofree gfloat *truth = make_picture (SIDE);
  g_autofree gfloat *small = reduce (truth, SIDE, scale);
  g_autofree gfloat *plain = g_new (gfloat, N * 3);

  for (gint y = 0; y < SIDE; y++)
    for (gint x = 0; x < SIDE; x++)
      for (gint c = 0; c < 3; c++)
        plain[3 * ((gsize)y * SIDE + x) + c] =
            sample (small, small_side, (y + 0.5) / scale - 0.5,
                    (x + 0.5) / scale - 0.5, c);
  for (gint profile = 0; profile < 4; profile++)
    {
      gfloat settings[4] = { 0 };
      g_autofree gfloat *made = NULL;

      settings[profile] = 1.0f;
      made = apply (net, small, small_side, settings);
      /* Standard and low resolution expect damage, and smooth. */
      g_assert_cmpfloat (psnr (made, truth, N * 3), >,
                         psnr (plain, truth, N * 3)
                             + (profile % 2 == 1 ? 2.0 : 0.0));
    }
}

static void
test_tiles (gconstpointer data)
{
  g_autoptr (PmtNet) net = open_net (data);
  const gint scale = pmt_net_get_info (net)->scale;
  g_autofree gfloat *rgb = make_picture (SIDE);
  g_autoptr (GeglBuffer) source = to_buffer (rgb, SIDE);
  const gfloat settings[4] = { 0.4f, 0.4f, 0.4f, 0.0f };
  const gint tiles[] = { 0, 64, 37 };
  g_autofree gfloat *first = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (tiles); i++)
    {
      g_autoptr (GeglBuffer) target =
          gegl_buffer_new (GEGL_RECTANGLE (0, 0, SIDE * scale, SIDE * scale),
                           babl_format ("R'G'B' float"));
      g_autofree gfloat *made = NULL;
      g_autoptr (GError) error = NULL;
      PmtNetRun run = PMT_NET_RUN_INIT;

      run.settings = settings;
      run.tile = tiles[i];
      pmt_net_run (net, &run, source, &whole, target, NULL, NULL, &error);
      g_assert_no_error (error);
      made = from_buffer (target);
      if (first == NULL)
        first = g_steal_pointer (&made);
      else
        for (gsize k = 0; k < N * 3 * scale * scale; k++)
          g_assert_cmpfloat_with_epsilon (made[k], first[k], 1e-4f);
    }
}

int
main (int argc, char **argv)
{
  static const gchar *const files[] = { "restore-1x.onnx", "upscale-2x.onnx",
                                        "upscale-3x.onnx", "upscale-4x.onnx" };
  int status;

  g_test_init (&argc, &argv, NULL);
  gegl_init (NULL, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree gchar *size = g_strdup_printf ("/nets/size/%s", files[i]);
      g_autofree gchar *tiles = g_strdup_printf ("/nets/tiles/%s", files[i]);
      g_autofree gchar *better = g_strdup_printf ("/nets/better/%s", files[i]);

      g_test_add_data_func (size, files[i], test_size);
      g_test_add_data_func (tiles, files[i], test_tiles);
      if (i > 0)
        g_test_add_data_func (better, files[i], test_upscale);
    }
  g_test_add_func ("/nets/zero", test_zero);
  g_test_add_func ("/nets/denoise", test_denoise);
  g_test_add_func ("/nets/sharpen", test_sharpen);
  g_test_add_func ("/nets/fix-compression", test_fix_compression);
  status = g_test_run ();
  gegl_exit ();
  return status;
}
