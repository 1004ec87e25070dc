/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* test-net.c: networks over pictures, and what a probe finds out. */
#include "config.h"

#include <math.h>
#include <string.h>

#include "restore/net-private.h"
#include "tiny-net.h"

/* ------------------------------------------------------------- pictures -- */

/* Smooth waves and a little noise, all inside 0..1. */
static GeglBuffer *
picture_new (const GeglRectangle *extent, const gchar *format)
{
  GeglBuffer *buffer = gegl_buffer_new (extent, babl_format (format));
  g_autoptr (GRand) rand = g_rand_new_with_seed (3);
  g_autofree gfloat *row = g_new (gfloat, (gsize)extent->width * 3);

  for (gint y = 0; y < extent->height; y++)
    {
      const GeglRectangle line = { extent->x, extent->y + y, extent->width, 1 };

      for (gint i = 0; i < extent->width * 3; i++)
        row[i] = 0.5f + 0.3f * sinf (i * 0.11f) * cosf (y * 0.23f)
                 + (gfloat)g_rand_double_range (rand, -0.1, 0.1);
      gegl_buffer_set (buffer, &line, 0, babl_format ("R'G'B' float"), row,
                       GEGL_AUTO_ROWSTRIDE);
    }
  return buffer;
}

static gfloat *
read_floats (GeglBuffer *buffer, const gchar *format)
{
  const GeglRectangle *extent = gegl_buffer_get_extent (buffer);
  const gsize n = babl_format_get_n_components (babl_format (format));
  gfloat *values =
      g_new (gfloat, n * (gsize)extent->width * (gsize)extent->height);

  gegl_buffer_get (buffer, extent, 1.0, babl_format (format), values,
                   GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
  return values;
}

static void
write_floats (GeglBuffer *buffer, const gchar *format, const gfloat *values)
{
  gegl_buffer_set (buffer, gegl_buffer_get_extent (buffer), 0,
                   babl_format (format), values, GEGL_AUTO_ROWSTRIDE);
}

static GBytes *
read_bytes (GeglBuffer *buffer)
{
  const GeglRectangle *extent = gegl_buffer_get_extent (buffer);
  const Babl *format = gegl_buffer_get_format (buffer);
  const gsize n = (gsize)extent->width * extent->height
                  * babl_format_get_bytes_per_pixel (format);
  guint8 *bytes = g_malloc (n);

  gegl_buffer_get (buffer, extent, 1.0, format, bytes, GEGL_AUTO_ROWSTRIDE,
                   GEGL_ABYSS_NONE);
  return g_bytes_new_take (bytes, n);
}

static GeglBuffer *
target_new (PmtNet *net, const GeglRectangle *rect, const Babl *format)
{
  const gint s = pmt_net_get_info (net)->scale;
  const GeglRectangle extent = { rect->x * s, rect->y * s, rect->width * s,
                                 rect->height * s };

  return gegl_buffer_new (&extent, format);
}

static GeglBuffer *
run_with (PmtNet *net,
          const PmtNetRun *run,
          GeglBuffer *source,
          const GeglRectangle *rect)
{
  GeglBuffer *target = target_new (net, rect, gegl_buffer_get_format (source));
  g_autoptr (GError) error = NULL;
  gboolean is_ok =
      pmt_net_run (net, run, source, rect, target, NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_true (is_ok);
  return target;
}

static GeglBuffer *
run_whole (PmtNet *net, GeglBuffer *source)
{
  const PmtNetRun run = PMT_NET_RUN_INIT;

  return run_with (net, &run, source, gegl_buffer_get_extent (source));
}

static void
assert_near (GeglBuffer *a, GeglBuffer *b, gdouble limit)
{
  const GeglRectangle *extent = gegl_buffer_get_extent (a);
  const gsize n = (gsize)extent->width * extent->height * 4;
  g_autofree gfloat *x = read_floats (a, "R'G'B'A float");
  g_autofree gfloat *y = read_floats (b, "R'G'B'A float");
  gdouble largest = 0.0;

  g_assert_true (gegl_rectangle_equal (extent, gegl_buffer_get_extent (b)));
  for (gsize i = 0; i < n; i++)
    largest = MAX (largest, fabs (x[i] - y[i]));
  g_assert_cmpfloat (largest, <=, limit);
}

/* ---------------------------------------------------------------- tiles -- */

static void
check_tiled (const TinyNet *tiny, GRand *rand, const gchar *format)
{
  g_autoptr (PmtNet) net = tiny_net_open (tiny);
  const GeglRectangle extent = { g_rand_int_range (rand, -9, 9),
                                 g_rand_int_range (rand, -9, 9),
                                 g_rand_int_range (rand, 1, 200),
                                 g_rand_int_range (rand, 1, 200) };
  g_autoptr (GeglBuffer) source = picture_new (&extent, format);
  g_autoptr (GeglBuffer) whole = NULL;
  g_autoptr (GeglBuffer) tiled = NULL;
  PmtNetRun run = PMT_NET_RUN_INIT;

  whole = run_with (net, &run, source, &extent);
  run.tile = g_rand_int_range (rand, 5, 80);
  tiled = run_with (net, &run, source, &extent);
  assert_near (whole, tiled, 1e-4);
}

static void
test_tiled (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (11);

  for (gint round = 0; round < 24; round++)
    {
      TinyNet tiny = TINY_NET_INIT;

      tiny.scale = round % 4 + 1;
      tiny.step = tiny.scale == 1 ? 2 : 1;
      tiny.is_trusted = round % 3 == 0;
      tiny.channels = tiny.is_trusted || round % 5 ? 3 : 1;
      check_tiled (&tiny, rand, round % 2 ? "R'G'B' float" : "R'G'B'A float");
    }
}

/* Cells of a network of fixed size fade into each other; a blur of 3 x 3
 * looks no further than they overlap. */
static void
test_tiled_fixed (void)
{
  static const GeglRectangle extents[] = {
    { 0, 0, 300, 70 }, { 5, -3, 64, 64 }, { 0, 0, 1, 1 }, { 0, 0, 131, 200 }
  };
  TinyNet tiny = TINY_NET_INIT;
  g_autoptr (PmtNet) any = NULL;
  g_autoptr (PmtNet) fixed = NULL;

  tiny.scale = 2;
  any = tiny_net_open (&tiny);
  tiny.fixed = 64;
  fixed = tiny_net_open (&tiny);
  for (guint i = 0; i < G_N_ELEMENTS (extents); i++)
    {
      g_autoptr (GeglBuffer) source = picture_new (&extents[i], "R'G'B' float");
      g_autoptr (GeglBuffer) a = run_whole (any, source);
      g_autoptr (GeglBuffer) b = run_whole (fixed, source);

      assert_near (a, b, 1e-4);
    }
}

/* A part gives the pixels that the whole gives, also from a source that has
 * only what is read. */
static void
test_part (void)
{
  const GeglRectangle extent = { -7, 11, 301, 203 };
  const GeglRectangle rect = { 40, 50, 77, 61 };
  TinyNet tiny = TINY_NET_INIT;
  g_autoptr (GeglBuffer) source = picture_new (&extent, "R'G'B' float");
  g_autoptr (PmtNet) net = NULL;
  g_autoptr (GeglBuffer) whole = NULL;
  g_autoptr (GeglBuffer) cut = NULL;
  g_autoptr (GeglBuffer) less = NULL;
  g_autoptr (GeglBuffer) part = NULL;
  g_autoptr (GeglBuffer) part_of_less = NULL;
  PmtNetRun run = PMT_NET_RUN_INIT;
  GeglRectangle read;
  gint margin;

  tiny.step = 2;
  net = tiny_net_open (&tiny);
  margin = pmt_net_info_margin (pmt_net_get_info (net));
  whole = run_whole (net, source);
  part = run_with (net, &run, source, &rect);
  cut = gegl_buffer_new (&rect, babl_format ("R'G'B' float"));
  gegl_buffer_copy (whole, &rect, GEGL_ABYSS_NONE, cut, &rect);
  assert_near (cut, part, 1e-4);

  read = (GeglRectangle){ rect.x - margin, rect.y - margin,
                          rect.width + 2 * margin, rect.height + 2 * margin };
  gegl_rectangle_intersect (&read, &read, &extent);
  less = gegl_buffer_new (&read, babl_format ("R'G'B' float"));
  gegl_buffer_copy (source, &read, GEGL_ABYSS_NONE, less, &read);
  run.picture = extent;
  part_of_less = run_with (net, &run, less, &rect);
  assert_near (part, part_of_less, 0.0);
}

static void
test_tiny_pictures (void)
{
  static const gint sizes[][2] = { { 1, 1 }, { 3, 5 }, { 1, 40 }, { 2, 2 } };

  for (gint scale = 1; scale <= 4; scale++)
    for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
      {
        const GeglRectangle extent = { 0, 0, sizes[i][0], sizes[i][1] };
        g_autoptr (GeglBuffer) source = picture_new (&extent, "R'G'B'A u8");
        TinyNet tiny = TINY_NET_INIT;
        g_autoptr (PmtNet) net = NULL;
        g_autoptr (GeglBuffer) made = NULL;

        tiny.scale = scale;
        net = tiny_net_open (&tiny);
        made = run_whole (net, source);
        g_assert_cmpint (gegl_buffer_get_width (made), ==, sizes[i][0] * scale);
      }
}

/* --------------------------------------------------------------- values -- */

static void
assert_same_bits (GeglBuffer *a, GeglBuffer *b)
{
  g_autoptr (GBytes) x = read_bytes (a);
  g_autoptr (GBytes) y = read_bytes (b);

  g_assert_true (g_bytes_equal (x, y));
}

static void
test_strength_zero (void)
{
  static const gchar *const formats[] = {
    "R'G'B' u8", "R'G'B'A u16", "RGBA float",     "Y' u8",
    "Y'A half",  "RGB u32",     "R'G'B'A double",
  };
  const GeglRectangle extent = { 3, 4, 60, 41 };
  static const gfloat zeros[3];
  TinyNet tiny = TINY_NET_INIT;
  g_autoptr (PmtNet) net = NULL;

  tiny.n_settings = 3;
  tiny.is_trusted = TRUE;
  net = tiny_net_open (&tiny);
  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      g_autoptr (GeglBuffer) source = picture_new (&extent, formats[i]);
      g_autoptr (GeglBuffer) none = NULL;
      g_autoptr (GeglBuffer) zero = NULL;
      g_autoptr (GeglBuffer) all = NULL;
      PmtNetRun run = PMT_NET_RUN_INIT;

      run.strength = 0.0;
      none = run_with (net, &run, source, &extent);
      assert_same_bits (source, none);
      run.strength = 1.0;
      run.settings = zeros;
      zero = run_with (net, &run, source, &extent);
      assert_same_bits (source, zero);
      run.settings = NULL;
      all = run_with (net, &run, source, &extent);
      g_assert_cmpint (gegl_buffer_get_width (all), ==, 60);
    }
}

/* Half the strength is half the change. */
static void
test_strength_half (void)
{
  const GeglRectangle extent = { 0, 0, 50, 40 };
  const gsize n = 50 * 40 * 3;
  const TinyNet tiny = TINY_NET_INIT;
  g_autoptr (PmtNet) net = tiny_net_open (&tiny);
  g_autoptr (GeglBuffer) source = picture_new (&extent, "R'G'B' float");
  g_autoptr (GeglBuffer) all = run_whole (net, source);
  g_autofree gfloat *before = read_floats (source, "R'G'B' float");
  g_autofree gfloat *after = read_floats (all, "R'G'B' float");
  g_autofree gfloat *between = NULL;
  g_autoptr (GeglBuffer) half = NULL;
  PmtNetRun run = PMT_NET_RUN_INIT;

  run.strength = 0.5;
  half = run_with (net, &run, source, &extent);
  between = read_floats (half, "R'G'B' float");
  for (gsize i = 0; i < n; i++)
    g_assert_cmpfloat_with_epsilon (between[i], (before[i] + after[i]) / 2,
                                    1e-5);
}

static void
test_gray (void)
{
  const GeglRectangle extent = { 0, 0, 70, 30 };
  const gsize n = 70 * 2 * 30 * 2;
  TinyNet tiny = TINY_NET_INIT;
  g_autoptr (PmtNet) net = NULL;
  g_autoptr (GeglBuffer) source = picture_new (&extent, "Y' u16");
  g_autoptr (GeglBuffer) target = NULL;
  g_autoptr (GeglBuffer) made = NULL;
  g_autofree gfloat *rgb = NULL;
  const PmtNetRun run = PMT_NET_RUN_INIT;

  tiny.scale = 2;
  tiny.is_tinting = TRUE;
  net = tiny_net_open (&tiny);
  made = run_whole (net, source);
  g_assert_true (gegl_buffer_get_format (made) == babl_format ("Y' u16"));
  target = target_new (net, &extent, babl_format ("R'G'B' float"));
  g_assert_true (
      pmt_net_run (net, &run, source, &extent, target, NULL, NULL, NULL));
  rgb = read_floats (target, "R'G'B' float");
  for (gsize i = 0; i < n; i++)
    {
      g_assert_cmpfloat (rgb[i * 3], ==, rgb[i * 3 + 1]);
      g_assert_cmpfloat (rgb[i * 3], ==, rgb[i * 3 + 2]);
    }
}

/* A gray network makes colours, too: one component after the other. */
static void
test_gray_net (void)
{
  const GeglRectangle extent = { 0, 0, 90, 44 };
  g_autoptr (GeglBuffer) source = picture_new (&extent, "R'G'B' float");
  TinyNet tiny = TINY_NET_INIT;
  g_autoptr (PmtNet) color = NULL;
  g_autoptr (PmtNet) gray = NULL;
  g_autoptr (GeglBuffer) a = NULL;
  g_autoptr (GeglBuffer) b = NULL;

  tiny.scale = 3;
  color = tiny_net_open (&tiny);
  tiny.channels = 1;
  gray = tiny_net_open (&tiny);
  a = run_whole (color, source);
  b = run_whole (gray, source);
  assert_near (a, b, 1e-5);
}

/* 16 bits in, 16 bits out: a faint ramp keeps its steps. */
static void
test_ramp (void)
{
  const GeglRectangle extent = { 0, 0, 4000, 5 };
  const TinyNet tiny = TINY_NET_INIT;
  g_autoptr (PmtNet) net = tiny_net_open (&tiny);
  g_autoptr (GeglBuffer) source =
      gegl_buffer_new (&extent, babl_format ("R'G'B' u16"));
  g_autofree guint16 *row = g_new (guint16, 4000 * 3);
  g_autoptr (GeglBuffer) made = NULL;
  guint levels = 1;

  for (gint i = 0; i < 4000 * 3; i++)
    row[i] = (guint16)(20000 + i / 3);
  for (gint y = 0; y < 5; y++)
    gegl_buffer_set (source, GEGL_RECTANGLE (0, y, 4000, 1), 0, NULL, row,
                     GEGL_AUTO_ROWSTRIDE);
  made = run_whole (net, source);
  gegl_buffer_get (made, GEGL_RECTANGLE (0, 2, 4000, 1), 1.0, NULL, row,
                   GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
  for (gint x = 1; x < 4000; x++)
    {
      g_assert_cmpint (row[x * 3], >=, row[x * 3 - 3]);
      levels += row[x * 3] != row[x * 3 - 3];
    }
  g_assert_cmpuint (levels, >, 1000);
}

/* Values outside 0..1 stay outside; what is no number stays, and does not
 * spread. */
static void
test_outside (void)
{
  const GeglRectangle extent = { 0, 0, 32, 32 };
  const TinyNet tiny = TINY_NET_INIT;
  g_autoptr (PmtNet) net = tiny_net_open (&tiny);
  g_autoptr (GeglBuffer) source = picture_new (&extent, "R'G'B' float");
  g_autofree gfloat *before = read_floats (source, "R'G'B' float");
  g_autofree gfloat *after = NULL;
  g_autoptr (GeglBuffer) made = NULL;
  gint n_bad = 0;

  before[(10 * 32 + 10) * 3] = NAN;
  before[(20 * 32 + 10) * 3 + 1] = INFINITY;
  for (gint i = 0; i < 32 * 3; i++)
    before[i] += i < 16 * 3 ? 3.0f : -3.0f;
  write_floats (source, "R'G'B' float", before);
  made = run_whole (net, source);
  after = read_floats (made, "R'G'B' float");
  for (gint i = 0; i < 32 * 32 * 3; i++)
    n_bad += !isfinite (after[i]);
  g_assert_cmpint (n_bad, ==, 2);
  g_assert_true (isnan (after[(10 * 32 + 10) * 3]));
  g_assert_true (isinf (after[(20 * 32 + 10) * 3 + 1]));
  /* Clipped white and black are flat: what is above and below is kept. */
  g_assert_cmpfloat (after[5 * 3], >, 2.0);
  g_assert_cmpfloat (after[25 * 3], <, -2.0);
}

static void
test_outside_enlarged (void)
{
  const GeglRectangle extent = { 0, 0, 32, 32 };
  TinyNet tiny = TINY_NET_INIT;
  g_autoptr (PmtNet) net = NULL;
  g_autoptr (GeglBuffer) source = picture_new (&extent, "R'G'B' float");
  g_autofree gfloat *before = read_floats (source, "R'G'B' float");
  g_autofree gfloat *after = NULL;
  g_autoptr (GeglBuffer) made = NULL;

  for (gint i = 0; i < 32 * 16 * 3; i++)
    before[i] = 2.5f;
  before[(25 * 32 + 10) * 3] = NAN;
  write_floats (source, "R'G'B' float", before);
  tiny.scale = 2;
  net = tiny_net_open (&tiny);
  made = run_whole (net, source);
  after = read_floats (made, "R'G'B' float");
  for (gint i = 0; i < 64 * 64 * 3; i++)
    g_assert_true (isfinite (after[i]));
  for (gint i = 0; i < 64 * 16 * 3; i++)
    g_assert_cmpfloat_with_epsilon (after[i], 2.5, 1e-3);
}

/* ---------------------------------------------------------------- alpha -- */

/* Left half transparent black, right half opaque white. */
static GeglBuffer *
half_transparent_new (const GeglRectangle *extent)
{
  GeglBuffer *buffer = gegl_buffer_new (extent, babl_format ("R'G'B'A float"));
  const gint middle = extent->x + extent->width / 2;
  static const gfloat white[] = { 1.0f, 1.0f, 1.0f, 1.0f };

  for (gint y = 0; y < extent->height; y++)
    for (gint x = middle; x < extent->x + extent->width; x++)
      gegl_buffer_set (buffer, GEGL_RECTANGLE (x, extent->y + y, 1, 1), 0,
                       babl_format ("R'G'B'A float"), white,
                       GEGL_AUTO_ROWSTRIDE);
  return buffer;
}

/* Alpha is copied, and no dark halo appears beside what is transparent. */
static void
test_alpha (void)
{
  const GeglRectangle extent = { 0, 0, 120, 20 };
  const TinyNet tiny = TINY_NET_INIT;
  g_autoptr (PmtNet) net = tiny_net_open (&tiny);
  g_autoptr (GeglBuffer) source = half_transparent_new (&extent);
  g_autoptr (GeglBuffer) tiled = NULL;
  g_autoptr (GeglBuffer) whole = run_whole (net, source);
  PmtNetRun run = PMT_NET_RUN_INIT;

  run.tile = 30;
  tiled = run_with (net, &run, source, &extent);
  assert_near (whole, source, 1e-5);
  assert_near (whole, tiled, 1e-5);
}

static void
test_alpha_enlarged (void)
{
  const GeglRectangle extent = { 0, 0, 60, 20 };
  TinyNet tiny = TINY_NET_INIT;
  g_autoptr (PmtNet) net = NULL;
  g_autoptr (GeglBuffer) source = half_transparent_new (&extent);
  g_autoptr (GeglBuffer) made = NULL;
  g_autofree gfloat *rgba = NULL;

  tiny.scale = 3;
  net = tiny_net_open (&tiny);
  made = run_whole (net, source);
  rgba = read_floats (made, "R'G'B'A float");
  for (gint i = 0; i < 180 * 60; i++)
    {
      const gfloat *pixel = rgba + i * 4;
      const gint x = i % 180;

      g_assert_cmpfloat (pixel[3], >=, 0.0);
      g_assert_cmpfloat (pixel[3], <=, 1.0);
      if (x < 80 || x >= 100)
        g_assert_cmpfloat_with_epsilon (pixel[3], x < 80 ? 0.0 : 1.0, 1e-4);
      if (x > 90)
        g_assert_cmpfloat_with_epsilon (pixel[0], 1.0, 1e-4);
    }
}

/* A plane of the first degree stays one, at its place. */
static void
test_enlarge (void)
{
  for (gint scale = 2; scale <= 4; scale++)
    {
      gfloat plane[20 * 12];
      g_autofree gfloat *large = NULL;

      for (gint i = 0; i < 20 * 12; i++)
        plane[i] = 0.01f * (i % 20) + 0.03f * (i / 20);
      large = pmt_net_enlarge (plane, 20, 12, scale);
      for (gint y = 2 * scale; y < 10 * scale; y++)
        for (gint x = 2 * scale; x < 18 * scale; x++)
          g_assert_cmpfloat_with_epsilon (large[y * 20 * scale + x],
                                          0.01 * ((x + 0.5) / scale - 0.5)
                                              + 0.03
                                                    * ((y + 0.5) / scale - 0.5),
                                          1e-5);
    }
}

/* With half the strength, half of it is a plain enlargement. */
static void
test_strength_enlarged (void)
{
  const GeglRectangle extent = { 0, 0, 60, 40 };
  const gsize n = 120 * 80 * 3;
  TinyNet tiny = TINY_NET_INIT;
  g_autoptr (PmtNet) net = NULL;
  g_autoptr (GeglBuffer) source = picture_new (&extent, "R'G'B' float");
  gfloat *values[3];
  PmtNetRun run = PMT_NET_RUN_INIT;

  tiny.scale = 2;
  net = tiny_net_open (&tiny);
  for (gint i = 0; i < 3; i++)
    {
      g_autoptr (GeglBuffer) made = NULL;

      run.strength = i / 2.0;
      made = run_with (net, &run, source, &extent);
      values[i] = read_floats (made, "R'G'B' float");
    }
  for (gsize i = 0; i < n; i++)
    g_assert_cmpfloat_with_epsilon (values[1][i],
                                    (values[0][i] + values[2][i]) / 2, 1e-5);
  for (gint i = 0; i < 3; i++)
    g_free (values[i]);
}

/* -------------------------------------------------------------- trouble -- */

static void
test_memory (void)
{
  const GeglRectangle extent = { 0, 0, 300, 300 };
  TinyNet tiny = TINY_NET_INIT;
  g_autoptr (PmtNet) net = NULL;
  g_autoptr (GeglBuffer) source = picture_new (&extent, "R'G'B' float");
  g_autoptr (GeglBuffer) target = NULL;
  g_autoptr (GeglBuffer) calm = NULL;
  g_autoptr (GeglBuffer) retried = NULL;
  g_autoptr (GError) error = NULL;
  const PmtNetRun run = PMT_NET_RUN_INIT;

  tiny.is_trusted = TRUE;
  net = tiny_net_open (&tiny);
  calm = run_whole (net, source);
  net->max_pixels = 250 * 250;
  retried = run_whole (net, source);
  assert_near (calm, retried, 1e-5);

  /* Half the side is tried once, no more. */
  net->max_pixels = 100 * 100;
  target = target_new (net, &extent, babl_format ("R'G'B' float"));
  g_assert_false (
      pmt_net_run (net, &run, source, &extent, target, NULL, NULL, &error));
  g_assert_error (error, PMT_ERROR, PMT_ERROR_MEMORY);
}

static void
cancel_early (const gchar *stage,
              gdouble fraction,
              GeglBuffer *preview,
              gpointer data)
{
  /* After the first tile: later calls may be throttled away. */
  g_assert_cmpfloat (fraction, <, 0.5);
  g_cancellable_cancel (data);
}

static void
test_cancel (void)
{
  const GeglRectangle extent = { 0, 0, 400, 400 };
  const TinyNet tiny = TINY_NET_INIT;
  g_autoptr (PmtNet) net = tiny_net_open (&tiny);
  g_autoptr (GeglBuffer) source = picture_new (&extent, "R'G'B' float");
  g_autoptr (GeglBuffer) target =
      target_new (net, &extent, babl_format ("R'G'B' float"));
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (PmtProgress) progress =
      pmt_progress_new (cancel_early, cancellable);
  g_autoptr (GError) error = NULL;
  PmtNetRun run = PMT_NET_RUN_INIT;

  run.tile = 20;
  g_assert_false (pmt_net_run (net, &run, source, &extent, target, progress,
                               cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_indexed (void)
{
  const GeglRectangle extent = { 0, 0, 4, 4 };
  const TinyNet tiny = TINY_NET_INIT;
  const PmtNetRun run = PMT_NET_RUN_INIT;
  g_autoptr (PmtNet) net = tiny_net_open (&tiny);
  g_autoptr (GeglBuffer) source = NULL;
  g_autoptr (GError) error = NULL;
  const Babl *palette = NULL;

  babl_new_palette ("pmt-test", &palette, NULL);
  source = gegl_buffer_new (&extent, palette);
  g_assert_false (
      pmt_net_run (net, &run, source, &extent, source, NULL, NULL, &error));
  g_assert_error (error, PMT_ERROR, PMT_ERROR_UNSUPPORTED);
}

/* ---------------------------------------------------------------- probe -- */

static void
check_probe (const TinyNet *tiny)
{
  g_autoptr (PmtNet) net = tiny_net_open (tiny);
  const PmtNetInfo *info = pmt_net_get_info (net);
  const GeglRectangle extent = { 0, 0, 100, 80 };
  g_autoptr (GeglBuffer) source = picture_new (&extent, "R'G'B' float");
  g_autoptr (GeglBuffer) made = NULL;
  g_autoptr (GeglBuffer) plain_made = NULL;
  TinyNet plain = TINY_NET_INIT;
  g_autoptr (PmtNet) plain_net = NULL;

  g_assert_cmpint (info->scale, ==, tiny->scale);
  g_assert_cmpint (info->channels, ==, tiny->channels);
  g_assert_cmpint (info->is_nhwc, ==, tiny->is_nhwc);
  g_assert_cmpint (info->is_result_nhwc, ==, tiny->is_nhwc);
  g_assert_cmpint (info->range, ==, tiny->range);
  g_assert_cmpint (info->type, ==, tiny->type);
  g_assert_cmpint (info->fixed_width, ==, tiny->fixed);
  g_assert_cmpint (info->fixed_height, ==, tiny->fixed);
  g_assert_cmpint (info->n_settings, ==, ABS (tiny->n_settings));
  g_assert_cmpint (info->multiple, ==, tiny->step);
  g_assert_cmpint (info->overlap, >=, 1);
  g_assert_cmpint (info->overlap, <=, 8);
  g_assert_cmpint (info->blend, >, 0);

  plain.scale = tiny->scale;
  plain.step = tiny->step;
  plain_net = tiny_net_open (&plain);
  made = run_whole (net, source);
  plain_made = run_whole (plain_net, source);
  assert_near (made, plain_made, 0.005);
}

static void
test_probe (void)
{
  static const TinyNet nets[] = {
    { 1, 3, 1, 0, 1, 0, PMT_TENSOR_FLOAT32 },
    { 2, 3, 1, 0, 1, 0, PMT_TENSOR_FLOAT32 },
    { 4, 3, 1, 0, 1, 0, PMT_TENSOR_FLOAT32 },
    { 2, 1, 1, 0, 1, 0, PMT_TENSOR_FLOAT32 },
    { 1, 3, 2, 0, 1, 0, PMT_TENSOR_FLOAT32 },
    { 2, 3, 1, 64, 1, 0, PMT_TENSOR_FLOAT32 },
    { 2, 3, 1, 0, 1, 0, PMT_TENSOR_FLOAT16 },
    { 2, 3, 1, 0, 255, 0, PMT_TENSOR_FLOAT32 },
    { 2, 3, 1, 0, 255, 0, PMT_TENSOR_UINT8 },
    { 2, 3, 1, 0, 1, 0, PMT_TENSOR_FLOAT32, TRUE },
    { 2, 3, 1, 64, 1, 0, PMT_TENSOR_FLOAT32, TRUE },
    { 1, 3, 1, 0, 1, -1, PMT_TENSOR_FLOAT32 },
    { 1, 3, 1, 0, 1, 1, PMT_TENSOR_FLOAT32 },
    { 2, 3, 1, 0, 1, 4, PMT_TENSOR_FLOAT32 },
    { 1, 3, 1, 0, 1, 1, PMT_TENSOR_FLOAT16 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (nets); i++)
    check_probe (&nets[i]);
}

static void
test_shapeless (void)
{
  TinyNet tiny = TINY_NET_INIT;
  g_autoptr (PmtNet) net = NULL;

  tiny.is_shapeless = TRUE;
  tiny.scale = 2;
  net = tiny_net_open (&tiny);
  g_assert_cmpint (pmt_net_get_info (net)->channels, ==, 3);
  g_assert_cmpint (pmt_net_get_info (net)->scale, ==, 2);
}

/* A setting changes what comes out; 0.5 stands in for it. */
static void
test_setting (void)
{
  const GeglRectangle extent = { 0, 0, 20, 20 };
  g_autoptr (GeglBuffer) source = picture_new (&extent, "R'G'B' float");
  g_autofree gfloat *a = NULL;
  g_autofree gfloat *b = NULL;
  g_autoptr (GeglBuffer) middle = NULL;
  g_autoptr (GeglBuffer) high = NULL;
  const gfloat one[] = { 1.0f };
  TinyNet tiny = TINY_NET_INIT;
  PmtNetRun run = PMT_NET_RUN_INIT;
  g_autoptr (PmtNet) net = NULL;

  tiny.n_settings = 1;
  net = tiny_net_open (&tiny);
  middle = run_with (net, &run, source, &extent);
  run.settings = one;
  high = run_with (net, &run, source, &extent);
  a = read_floats (middle, "R'G'B' float");
  b = read_floats (high, "R'G'B' float");
  for (gint i = 0; i < 20 * 20 * 3; i++)
    g_assert_cmpfloat_with_epsilon (b[i] - a[i], 0.05, 1e-4);
}

/* --------------------------------------------------------------- refused -- */

typedef void (*Build) (PmtGraph *graph);

static void
add_picture_input (PmtGraph *graph, const gchar *name, gint channels)
{
  const gint64 dims[] = { 1, channels, -1, -1 };

  pmt_graph_add_input (graph, name, PMT_TENSOR_FLOAT32, 4, dims, NULL);
}

static void
add_picture_output (PmtGraph *graph, const gchar *type, const gchar *input)
{
  const gint64 dims[] = { -1, -1, -1, -1 };

  if (type != NULL)
    pmt_graph_add_node (graph, type, PMT_NAMES (input), PMT_NAMES ("result"));
  pmt_graph_add_output (graph, "result", PMT_TENSOR_FLOAT32, 4, dims, NULL);
}

static void
build_four_channels (PmtGraph *graph)
{
  add_picture_input (graph, "image", 4);
  add_picture_output (graph, "Identity", "image");
}

static void
build_two_pictures (PmtGraph *graph)
{
  add_picture_input (graph, "before", 3);
  add_picture_input (graph, "after", 3);
  pmt_graph_add_node (graph, "Add", PMT_NAMES ("before", "after"),
                      PMT_NAMES ("result"));
  add_picture_output (graph, NULL, NULL);
}

static void
build_shrinking (PmtGraph *graph)
{
  static const gint64 two[] = { 2, 2 };
  PmtNode *node;

  add_picture_input (graph, "image", 3);
  node = pmt_graph_add_node (graph, "AveragePool", PMT_NAMES ("image"),
                             PMT_NAMES ("result"));
  pmt_node_set_ints (node, "kernel_shape", two, 2);
  pmt_node_set_ints (node, "strides", two, 2);
  add_picture_output (graph, NULL, NULL);
}

static void
build_one_and_a_half (PmtGraph *graph)
{
  static const gint64 four[] = { 4 };
  static const gfloat scales[] = { 1.0f, 1.0f, 1.5f, 1.5f };

  add_picture_input (graph, "image", 3);
  pmt_graph_add_tensor (graph, "scales", PMT_TENSOR_FLOAT32, 1, four, scales);
  pmt_graph_add_node (graph, "Resize", PMT_NAMES ("image", "", "scales"),
                      PMT_NAMES ("result"));
  add_picture_output (graph, NULL, NULL);
}

static void
build_averaging (PmtGraph *graph)
{
  add_picture_input (graph, "image", 3);
  add_picture_output (graph, "GlobalAveragePool", "image");
}

static void
build_no_number (PmtGraph *graph)
{
  add_picture_input (graph, "image", 3);
  pmt_graph_add_node (graph, "Sub", PMT_NAMES ("image", "image"),
                      PMT_NAMES ("zero"));
  pmt_graph_add_node (graph, "Div", PMT_NAMES ("zero", "zero"),
                      PMT_NAMES ("result"));
  add_picture_output (graph, NULL, NULL);
}

static void
build_negative (PmtGraph *graph)
{
  add_picture_input (graph, "image", 3);
  add_picture_output (graph, "Neg", "image");
}

static void
build_flat_input (PmtGraph *graph)
{
  static const gint64 dims[] = { 3, -1, -1 };

  pmt_graph_add_input (graph, "image", PMT_TENSOR_FLOAT32, 3, dims, NULL);
  pmt_graph_add_node (graph, "Identity", PMT_NAMES ("image"),
                      PMT_NAMES ("result"));
  pmt_graph_add_output (graph, "result", PMT_TENSOR_FLOAT32, 3, dims, NULL);
}

static void
build_numbers_input (PmtGraph *graph)
{
  static const gint64 dims[] = { 1, 77 };

  pmt_graph_add_input (graph, "tokens", PMT_TENSOR_INT64, 2, dims, NULL);
  pmt_graph_add_node (graph, "Identity", PMT_NAMES ("tokens"),
                      PMT_NAMES ("result"));
  pmt_graph_add_output (graph, "result", PMT_TENSOR_INT64, 2, dims, NULL);
}

static void
build_batch (PmtGraph *graph)
{
  static const gint64 dims[] = { 8, 3, -1, -1 };

  pmt_graph_add_input (graph, "image", PMT_TENSOR_FLOAT32, 4, dims, NULL);
  add_picture_output (graph, "Identity", "image");
}

static void
build_classes (PmtGraph *graph)
{
  static const gint64 dims[] = { 1, -1 };

  add_picture_input (graph, "image", 3);
  pmt_graph_add_node (graph, "Flatten", PMT_NAMES ("image"),
                      PMT_NAMES ("classes"));
  pmt_graph_add_output (graph, "classes", PMT_TENSOR_FLOAT32, 2, dims, NULL);
}

static void
test_refused (void)
{
  static const struct
  {
    Build build;
    const gchar *reason;
  } cases[] = {
    { build_four_channels, "4 channels" },
    { build_two_pictures, "several inputs" },
    { build_shrinking, "whole number" },
    { build_one_and_a_half, "whole number" },
    { build_averaging, "whole number" },
    { build_no_number, "no numbers" },
    { build_negative, "does not resemble" },
    { build_flat_input, "no picture" },
    { build_numbers_input, "no picture" },
    { build_batch, "8 pictures at once" },
    { build_classes, "gives no picture" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PmtGraph) graph = pmt_graph_new ("wrong", 17);
      g_autoptr (GBytes) bytes = NULL;
      g_autoptr (GError) error = NULL;

      cases[i].build (graph);
      bytes = pmt_graph_to_bytes (graph, NULL);
      g_assert_null (tiny_net_try (bytes, FALSE, &error));
      g_assert_error (error, PMT_ERROR, PMT_ERROR_MODEL);
      if (strstr (error->message, cases[i].reason) == NULL)
        g_error ("“%s” is not in “%s”", cases[i].reason, error->message);
      g_assert_nonnull (strstr (error->message, "tiny.onnx"));
    }
}

/* Bytes turned, cut off, or doubled: an error or a network that works. */
static void
test_damaged (void)
{
  const GeglRectangle extent = { 0, 0, 40, 30 };
  g_autoptr (GRand) rand = g_rand_new_with_seed (17);
  g_autoptr (GeglBuffer) source = picture_new (&extent, "R'G'B' float");
  TinyNet tiny = TINY_NET_INIT;
  g_autoptr (GBytes) bytes = NULL;
  gsize size;
  const guint8 *data;

  tiny.scale = 2;
  tiny.n_settings = 1;
  bytes = tiny_net_bytes (&tiny);
  data = g_bytes_get_data (bytes, &size);
  for (gint round = 0; round < 400; round++)
    {
      g_autofree guint8 *copy = g_memdup2 (data, size);
      const gsize length =
          round % 4 ? size : (gsize)g_rand_int_range (rand, 0, (gint)size);
      g_autoptr (GBytes) damaged = NULL;
      g_autoptr (PmtNet) net = NULL;
      g_autoptr (GError) error = NULL;

      for (gint i = 0; i < round % 7 + 1; i++)
        copy[g_rand_int_range (rand, 0, (gint)size)] =
            (guint8)g_rand_int_range (rand, 0, 256);
      damaged = g_bytes_new (copy, length);
      net = tiny_net_try (damaged, FALSE, &error);
      g_assert_true ((net != NULL) == (error == NULL));
      if (net != NULL)
        {
          PmtNetRun run = PMT_NET_RUN_INIT;
          g_autoptr (GeglBuffer) target =
              target_new (net, &extent, gegl_buffer_get_format (source));

          pmt_net_run (net, &run, source, &extent, target, NULL, NULL, NULL);
        }
    }
}

/* A shipped network whose metadata is wrong is refused, not probed. */
static void
test_metadata (void)
{
  static const gchar *const overlaps[] = { "", "-1", "9999999999", "four" };

  for (guint i = 0; i < G_N_ELEMENTS (overlaps); i++)
    {
      g_autoptr (PmtGraph) graph = pmt_graph_new ("wrong", 17);
      g_autoptr (GBytes) bytes = NULL;
      g_autoptr (GError) error = NULL;

      add_picture_input (graph, "image", 3);
      add_picture_output (graph, "Identity", "image");
      pmt_graph_add_metadata (graph, "pentimento.scale", "1");
      pmt_graph_add_metadata (graph, "pentimento.multiple", "1");
      pmt_graph_add_metadata (graph, "pentimento.overlap", overlaps[i]);
      bytes = pmt_graph_to_bytes (graph, NULL);
      g_assert_null (tiny_net_try (bytes, TRUE, &error));
      g_assert_error (error, PMT_ERROR, PMT_ERROR_MODEL);
      g_assert_nonnull (strstr (error->message, "pentimento.overlap"));
    }
}

gint
main (gint argc, gchar **argv)
{
  gint status;

  g_test_init (&argc, &argv, NULL);
  gegl_init (NULL, NULL);
  g_test_add_func ("/net/tiled", test_tiled);
  g_test_add_func ("/net/tiled/fixed", test_tiled_fixed);
  g_test_add_func ("/net/part", test_part);
  g_test_add_func ("/net/tiny", test_tiny_pictures);
  g_test_add_func ("/net/strength/zero", test_strength_zero);
  g_test_add_func ("/net/strength/half", test_strength_half);
  g_test_add_func ("/net/strength/enlarged", test_strength_enlarged);
  g_test_add_func ("/net/enlarge", test_enlarge);
  g_test_add_func ("/net/gray", test_gray);
  g_test_add_func ("/net/gray/net", test_gray_net);
  g_test_add_func ("/net/ramp", test_ramp);
  g_test_add_func ("/net/outside", test_outside);
  g_test_add_func ("/net/outside/enlarged", test_outside_enlarged);
  g_test_add_func ("/net/alpha", test_alpha);
  g_test_add_func ("/net/alpha/enlarged", test_alpha_enlarged);
  g_test_add_func ("/net/memory", test_memory);
  g_test_add_func ("/net/cancel", test_cancel);
  g_test_add_func ("/net/indexed", test_indexed);
  g_test_add_func ("/net/probe", test_probe);
  g_test_add_func ("/net/probe/shapeless", test_shapeless);
  g_test_add_func ("/net/probe/setting", test_setting);
  g_test_add_func ("/net/probe/refused", test_refused);
  g_test_add_func ("/net/probe/damaged", test_damaged);
  g_test_add_func ("/net/metadata", test_metadata);
  status = g_test_run ();
  gegl_exit ();
  return status;
}
