/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* test-image-pixels.c: pixels in and out, colour match, compositing. */
#include "config.h"

#include "image/piece-layer.h"
#include "image/pixels.h"

#include <math.h>
#include <string.h>

#define W 37
#define H 23

static const GeglRectangle full = { 0, 0, W, H };

/* ------------------------------------------------------------- matrix -- */

static const gchar *const models[] = { "RGB",    "RGBA",    "R'G'B'", "R'G'B'A",
                                       "R~G~B~", "R~G~B~A", "Y",      "YA",
                                       "Y'",     "Y'A",     "RaGaBaA" };
static const gchar *const types[] = { "u8",   "u16",   "u32",
                                      "half", "float", "double" };

typedef void (*FormatTest) (const Babl *format, const gchar *type);

static const Babl *
wide_space (void)
{
  /* Adobe RGB's primaries with a curve of gamma 2.2. */
  return babl_space_from_chromaticities (NULL, 0.3127, 0.3290, 0.64, 0.33, 0.21,
                                         0.71, 0.15, 0.06, babl_trc_gamma (2.2),
                                         NULL, NULL, BABL_SPACE_FLAG_EQUALIZE);
}

static void
for_each_format (FormatTest test)
{
  guint n = 0;

  for (guint m = 0; m < G_N_ELEMENTS (models); m++)
    for (guint t = 0; t < G_N_ELEMENTS (types); t++)
      {
        g_autofree gchar *name = g_strdup_printf ("%s %s", models[m], types[t]);

        if (!babl_format_exists (name))
          continue;
        n++;
        test (babl_format (name), types[t]);
        test (babl_format_with_space (name, wide_space ()), types[t]);
      }
  g_assert_cmpuint (n, >=, 60);
}

/* Random components; in float types some lie outside 0..1.  Every third
 * pixel has alpha 0 above a colour. */
static GeglBuffer *
new_random (const Babl *format, const gchar *type)
{
  const gint bytes = babl_format_get_bytes_per_pixel (format);
  const gint n = babl_format_get_n_components (format);
  const gboolean has_alpha = babl_format_has_alpha (format);
  const gboolean is_int = type[0] == 'u';
  GeglBuffer *buffer = gegl_buffer_new (&full, format);
  g_autofree guint8 *raw = g_malloc0 (W * H * bytes);

  for (gint i = 0; i < W * H; i++)
    for (gint c = 0; c < n; c++)
      {
        guint8 *at = raw + i * bytes + c * bytes / n;
        gdouble v =
            g_test_rand_double_range (is_int ? 0.0 : -0.2, is_int ? 1.0 : 1.7);
        const gboolean is_alpha = has_alpha && c == n - 1;

        if (is_alpha)
          v = i % 3 == 0 ? 0.0 : i % 3 == 1 ? 1.0 : 0.75;
        if (g_str_equal (type, "u8"))
          *at = (guint8)(v * 255 + 0.5);
        else if (g_str_equal (type, "u16"))
          *(guint16 *)(gpointer)at = (guint16)(v * 65535 + 0.5);
        else if (g_str_equal (type, "u32"))
          *(guint32 *)(gpointer)at = (guint32)(v * 4294967295.0);
        else if (g_str_equal (type, "float"))
          *(gfloat *)(gpointer)at = (gfloat)v;
        else if (g_str_equal (type, "double"))
          *(gdouble *)(gpointer)at = v;
        else
          /* half: 0.25..1.75, or 0 or 1 for alpha */
          *(guint16 *)(gpointer)at =
              is_alpha ? (i % 3 == 0 ? 0 : 0x3c00)
                       : (guint16)(0x3400 + (gint)(v * 1000 + 200));
      }
  gegl_buffer_set (buffer, &full, 0, format, raw, GEGL_AUTO_ROWSTRIDE);
  return buffer;
}

static guint8 *
get_raw (GeglBuffer *buffer, const GeglRectangle *rect)
{
  const Babl *format = gegl_buffer_get_format (buffer);
  guint8 *raw = g_malloc0 ((gsize)rect->width * rect->height
                           * babl_format_get_bytes_per_pixel (format));

  gegl_buffer_get (buffer, rect, 1.0, format, raw, GEGL_AUTO_ROWSTRIDE,
                   GEGL_ABYSS_NONE);
  return raw;
}

static void
check_unchanged (const Babl *format, const gchar *type)
{
  const gsize bytes = babl_format_get_bytes_per_pixel (format);
  g_autoptr (GeglBuffer) source = new_random (format, type);
  g_autoptr (PmtPixels) pixels = pmt_pixels_read (source, &full, NULL);
  g_autoptr (GeglBuffer) picture = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree guint8 *changed = g_malloc0 (W * H);
  g_autofree guint8 *before = get_raw (source, &full);
  g_autofree guint8 *after = NULL;
  gint n_written = 0;

  for (gint i = 0; i < W * H; i++)
    {
      changed[i] = i % 5 == 0 ? 255 : 0;
      for (gint c = 0; c < 3; c++)
        if (changed[i])
          pixels->rgb[i * 3 + c] = 0.5f;
    }
  picture = pmt_pixels_new_picture (pixels, changed, source, &error);
  g_assert_no_error (error);
  g_assert_true (gegl_buffer_get_format (picture) == format);
  after = get_raw (picture, &full);
  for (gint i = 0; i < W * H; i++)
    {
      if (!changed[i])
        g_assert_cmpmem (before + i * bytes, bytes, after + i * bytes, bytes);
      else if (memcmp (before + i * bytes, after + i * bytes, bytes))
        n_written++;
    }
  /* A few may have had the new value by chance. */
  g_assert_cmpint (n_written, >, W * H / 10);
}

static void
test_unchanged (void)
{
  for_each_format (check_unchanged);
}

/* Components of 16 bits that are @max apart at most. */
static void
check_close (const guint8 *a, const guint8 *b, gsize bytes, gint max)
{
  for (gsize i = 0; i < bytes; i += sizeof (guint16))
    {
      guint16 first, second;

      memcpy (&first, a + i, sizeof first);
      memcpy (&second, b + i, sizeof second);
      g_assert_cmpint (ABS ((gint)first - second), <=, max);
    }
}

/* What was read is written back as it was, where it is opaque.  babl chooses
 * its conversions by speed, measured in each process, and some of them are off
 * by 4e-5 near 1: hence 3 of 65535 for 16 bits, and 1e-4 for the fine
 * formats. */
static void
check_round_trip (const Babl *format, const gchar *type)
{
  const gsize bytes = babl_format_get_bytes_per_pixel (format);
  const Babl *read_as = babl_format_with_space ("R'G'B'A float", format);
  g_autoptr (GeglBuffer) source = new_random (format, type);
  g_autoptr (PmtPixels) pixels = pmt_pixels_read (source, &full, NULL);
  g_autoptr (GeglBuffer) picture =
      pmt_pixels_new_picture (pixels, NULL, source, NULL);
  g_autofree guint8 *before = get_raw (source, &full);
  g_autofree guint8 *after = get_raw (picture, &full);
  const gboolean has_alpha = babl_format_has_alpha (format);

  for (gint i = 0; i < W * H; i++)
    {
      gfloat a[4], b[4];

      if (has_alpha && i % 3 != 1)
        continue;
      if (g_str_equal (type, "u8"))
        {
          g_assert_cmpmem (before + i * bytes, bytes, after + i * bytes, bytes);
          continue;
        }
      if (g_str_equal (type, "u16"))
        {
          check_close (before + i * bytes, after + i * bytes, bytes, 3);
          continue;
        }
      babl_process (babl_fish (format, read_as), before + i * bytes, a, 1);
      babl_process (babl_fish (format, read_as), after + i * bytes, b, 1);
      for (gint c = 0; c < 4; c++)
        g_assert_cmpfloat_with_epsilon (
            a[c], b[c], g_str_equal (type, "half") ? 2e-3 : 1e-4);
    }
}

static void
test_round_trip (void)
{
  for_each_format (check_round_trip);
}

/* Beyond the source's extent alpha is added, and bits stay. */
static void
check_beyond (const Babl *format, const gchar *type)
{
  const GeglRectangle rect = { -5, -4, W + 9, H + 2 };
  const gsize bytes = babl_format_get_bytes_per_pixel (format);
  const gint n = babl_format_get_n_components (format);
  g_autoptr (GeglBuffer) source = new_random (format, type);
  g_autoptr (PmtPixels) pixels = pmt_pixels_read (source, &rect, NULL);
  g_autofree guint8 *changed = g_malloc0 (rect.width * rect.height);
  g_autoptr (GError) error = NULL;
  g_autoptr (GeglBuffer) picture =
      pmt_pixels_new_picture (pixels, changed, source, &error);
  const gsize color = babl_format_has_alpha (format) ? bytes : bytes / n * n;
  g_autofree guint8 *before = get_raw (source, &full);
  g_autofree guint8 *after = NULL;
  const Babl *to;
  gsize to_bytes;

  g_assert_no_error (error);
  to = gegl_buffer_get_format (picture);
  to_bytes = babl_format_get_bytes_per_pixel (to);
  g_assert_true (babl_format_has_alpha (to));
  g_assert_true (babl_format_get_space (to) == babl_format_get_space (format));
  g_assert_true (babl_format_get_type (to, 0)
                 == babl_format_get_type (format, 0));
  g_assert_false (pixels->is_all_opaque);
  g_assert_cmpint (pixels->opaque[0], ==, 0);
  after = get_raw (picture, &full);
  /* Rows of the source that are inside: H - 2 of them. */
  for (gint i = 0; i < W * (H - 2); i++)
    g_assert_cmpmem (before + i * bytes, color, after + i * to_bytes, color);
}

static void
test_beyond (void)
{
  for_each_format (check_beyond);
}

/* Bytes are read by a table: the same numbers as by babl, to the bit. */
static void
check_bytes (const gchar *name, gint n)
{
  const Babl *format = babl_format (name);
  const gboolean is_gray = n < 3;
  const Babl *fish =
      babl_fish (format, babl_format (is_gray ? "Y'A float" : "R'G'B'A float"));
  const gint n_floats = is_gray ? 2 : 4;
  const GeglRectangle rect = { 0, 0, 256, 1 };
  g_autoptr (GeglBuffer) buffer = gegl_buffer_new (&rect, format);
  g_autoptr (PmtPixels) pixels = NULL;
  guint8 bytes[256 * 4];
  gfloat floats[256 * 4];

  for (gint i = 0; i < 256 * n; i++)
    bytes[i] = (guint8)(i % n == 0 ? i / n : 7 * i + 3 * (i % n));
  babl_process (fish, bytes, floats, 256);
  gegl_buffer_set (buffer, NULL, 0, NULL, bytes, GEGL_AUTO_ROWSTRIDE);
  pixels = pmt_pixels_read (buffer, &rect, NULL);
  g_assert_nonnull (pixels);
  for (gint i = 0; i < 256; i++)
    {
      const gfloat *expected = floats + i * n_floats;

      for (gint c = 0; c < 3; c++)
        g_assert_cmpfloat (pixels->rgb[i * 3 + c], ==,
                           expected[is_gray ? 0 : c]);
      g_assert_cmpint (pixels->opaque[i], ==,
                       expected[n_floats - 1] >= 0.5f ? 255 : 0);
    }
}

static void
test_read_bytes (void)
{
  check_bytes ("Y u8", 1);
  check_bytes ("Y' u8", 1);
  check_bytes ("Y'A u8", 2);
  check_bytes ("RGB u8", 3);
  check_bytes ("R'G'B' u8", 3);
  check_bytes ("R'G'B'A u8", 4);
}

static void
test_read_values (void)
{
  const gfloat values[3][4] = { { 0.5f, 0.25f, -0.1f, 1.0f },
                                { NAN, 0.0f, 0.0f, 1.0f },
                                { 0.1f, 0.2f, 0.3f, 0.4f } };
  g_autoptr (GeglBuffer) buffer = gegl_buffer_new (
      GEGL_RECTANGLE (0, 0, 3, 1), babl_format ("R'G'B'A float"));
  g_autoptr (PmtPixels) pixels = NULL;

  gegl_buffer_set (buffer, NULL, 0, NULL, values, GEGL_AUTO_ROWSTRIDE);
  pixels = pmt_pixels_read (buffer, GEGL_RECTANGLE (0, 0, 3, 1), NULL);
  g_assert_cmpfloat (pixels->rgb[0], ==, 0.5f);
  g_assert_cmpfloat (pixels->rgb[2], ==, -0.1f);
  g_assert_cmpfloat (pixels->rgb[3], ==, 0.0f);
  g_assert_cmpfloat (pixels->rgb[8], ==, 0.3f);
  g_assert_cmpint (pixels->opaque[0], ==, 255);
  g_assert_cmpint (pixels->opaque[1], ==, 0);
  g_assert_cmpint (pixels->opaque[2], ==, 0);
}

static void
test_read_refused (void)
{
  const Babl *palette = NULL;
  g_autoptr (GeglBuffer) buffer = NULL;
  g_autoptr (GError) error = NULL;

  babl_new_palette ("pmt-test", &palette, NULL);
  buffer = gegl_buffer_new (&full, palette);
  g_assert_null (pmt_pixels_read (buffer, &full, &error));
  g_assert_error (error, PMT_ERROR, PMT_ERROR_UNSUPPORTED);
}

/* Against every opaque pixel. */
static void
test_extend (void)
{
  g_autoptr (GeglBuffer) source =
      new_random (babl_format ("R'G'B'A float"), "float");
  g_autoptr (PmtPixels) pixels = pmt_pixels_read (source, &full, NULL);
  g_autofree gfloat *before = NULL;

  for (gint i = 0; i < W * H; i++)
    pixels->opaque[i] = i % 61 == 7 ? 255 : 0;
  before = g_memdup2 (pixels->rgb, W * H * 3 * sizeof (gfloat));
  pmt_pixels_extend_opaque (pixels);
  for (gint i = 0; i < W * H; i++)
    {
      gdouble best = 1e9, found = 1e9;

      for (gint k = 7; k < W * H; k += 61)
        {
          const gdouble d = hypot (i % W - k % W, i / W - k / W);

          best = MIN (best, d);
          if (memcmp (pixels->rgb + i * 3, before + k * 3, 12) == 0)
            found = MIN (found, d);
        }
      g_assert_cmpfloat_with_epsilon (found, best, 1e-9);
    }
}

/* ------------------------------------------------------- colour match -- */

#define S 200

/* A gradient in linear light, and a hole in its middle. */
static PmtPixels *
new_gradient (gdouble texture, gfloat shift, guint8 *changed)
{
  g_autoptr (GeglBuffer) buffer =
      gegl_buffer_new (GEGL_RECTANGLE (0, 0, S, S), babl_format ("RGB float"));
  g_autofree gfloat *values = g_new (gfloat, S * S * 3);

  for (gint i = 0; i < S * S; i++)
    {
      const gint x = i % S, y = i / S;
      const gdouble grain =
          texture * (((x * 7919 + y * 104729) ^ (x * y)) % 17 / 8.0 - 1.0);

      changed[i] = hypot (x - 100, y - 90) < 45 ? 255 : 0;
      for (gint c = 0; c < 3; c++)
        values[i * 3 + c] = (gfloat)(0.2 + 0.001 * x + 0.0005 * y * c + grain
                                     + (changed[i] ? shift * (c + 1) : 0));
    }
  gegl_buffer_set (buffer, NULL, 0, NULL, values, GEGL_AUTO_ROWSTRIDE);
  return pmt_pixels_read (buffer, GEGL_RECTANGLE (0, 0, S, S), NULL);
}

/* Largest error inside after blurring by 9 x 9 (texture is kept). */
static gdouble
match_error (gdouble texture, gfloat shift, gdouble limit, gdouble *contrast)
{
  g_autofree guint8 *changed = g_malloc0 (S * S);
  g_autoptr (PmtPixels) truth = new_gradient (texture, 0.0f, changed);
  g_autoptr (PmtPixels) made = new_gradient (texture, shift, changed);
  g_autoptr (PmtPixels) original = new_gradient (texture, 0.0f, changed);
  gdouble error = 0.0, sum2 = 0.0, truth2 = 0.0;

  /* What was removed must not be read. */
  for (gint i = 0; i < S * S * 3; i++)
    if (changed[i / 3])
      original->rgb[i] = NAN;
  g_assert_true (pmt_match_colors (made, original, changed, 16.0, limit, NULL));
  for (gint i = 1; i < S * S; i++)
    {
      gdouble difference;

      if (!changed[i])
        {
          g_assert_cmpmem (made->rgb + i * 3, 12, truth->rgb + i * 3, 12);
          continue;
        }
      difference = made->rgb[i * 3 + 2] - truth->rgb[i * 3 + 2];
      error = MAX (error, fabs (difference));
      if (!changed[i - 1])
        continue;
      sum2 += pow (made->rgb[i * 3] - made->rgb[i * 3 - 3], 2);
      truth2 += pow (truth->rgb[i * 3] - truth->rgb[i * 3 - 3], 2);
    }
  if (contrast)
    *contrast = sqrt (sum2 / truth2);
  return error;
}

static void
test_match (void)
{
  gdouble contrast;
  gdouble error = match_error (0.0, 0.0f, 0.3, NULL);

  g_test_message ("perfect fill: %.6f", error);
  g_assert_cmpfloat (error, <, 0.001);
  error = match_error (0.0, 0.02f, 0.3, NULL);
  g_test_message ("cast 0.06: %.6f", error);
  g_assert_cmpfloat (error, <, 0.004);
  error = match_error (0.03, 0.0f, 0.3, &contrast);
  g_test_message ("texture: %.6f, contrast %.4f", error, contrast);
  g_assert_cmpfloat (error, <, 0.004);
  g_assert_cmpfloat_with_epsilon (contrast, 1.0, 0.02);
  error = match_error (0.03, 0.02f, 0.3, &contrast);
  g_test_message ("texture and cast: %.6f, contrast %.4f", error, contrast);
  g_assert_cmpfloat (error, <, 0.01);
  g_assert_cmpfloat_with_epsilon (contrast, 1.0, 0.05);
}

/* A fill that is quite another thing must not bleed: it is left alone. */
static void
test_match_edge (void)
{
  const gdouble error = match_error (0.0, 0.25f, 0.3, NULL);
  g_autofree guint8 *changed = g_malloc0 (S * S);
  g_autoptr (PmtPixels) truth = new_gradient (0.0, 0.0f, changed);
  g_autoptr (PmtPixels) made = new_gradient (0.0, 0.25f, changed);
  gdouble uncorrected = 0.0;

  for (gint i = 0; i < S * S; i++)
    if (changed[i])
      uncorrected = MAX (uncorrected,
                         fabs (made->rgb[i * 3 + 2] - truth->rgb[i * 3 + 2]));
  g_assert_cmpfloat_with_epsilon (error, uncorrected, 1e-3);
}

/* What counts as a cast is the caller's: the same step is left alone where
 * seams were removed before. */
static void
test_match_limit (void)
{
  const gdouble matched = match_error (0.0, 0.04f, 0.3, NULL);
  const gdouble left_alone = match_error (0.0, 0.04f, 0.02, NULL);
  const gdouble doubted = match_error (0.0, 0.04f, 0.1, NULL);

  g_assert_cmpfloat (left_alone, >, 0.05);
  g_assert_cmpfloat (matched, <, 0.2 * left_alone);
  /* Where all steps are hardly believed, they hardly count. */
  g_assert_cmpfloat (doubted, >, 0.6 * left_alone);
}

/* Bands, or tiles, with edges of 0.3, and grain. */
static PmtPixels *
new_edges (gint kind, gint width, gint height)
{
  const GeglRectangle rect = { 0, 0, width, height };
  g_autoptr (GeglBuffer) buffer =
      gegl_buffer_new (&rect, babl_format ("R'G'B' float"));
  g_autofree gfloat *values = g_new (gfloat, (gsize)width * height * 3);

  for (gint i = 0; i < width * height; i++)
    {
      const gint x = i % width, y = i / width;
      const gboolean is_light = kind == 0 ? sin (x * 0.03 + y * 0.017) > 0.0
                                          : (x / 37 + y / 53) % 2 != 0;
      const gdouble grain =
          0.02 * (((x * 7919 + y * 104729) ^ (x * y)) % 17 / 8.0 - 1.0);

      for (gint c = 0; c < 3; c++)
        values[i * 3 + c] = (gfloat)(0.25 + (is_light ? 0.3 - 0.06 * c : 0.0)
                                     + grain + 0.0002 * x);
    }
  gegl_buffer_set (buffer, NULL, 0, NULL, values, GEGL_AUTO_ROWSTRIDE);
  return pmt_pixels_read (buffer, &rect, NULL);
}

/* Edges of the picture that cross the border are no cast: what goes on as it
 * should hardly changes.  A radius of 0.02 of the diagonal took 0.013. */
static void
test_match_crossed (void)
{
  const gint width = 600, height = 450;
  g_autofree guint8 *changed = g_malloc0 ((gsize)width * height);
  gsize n_changed = 0;

  for (gint i = 0; i < width * height; i++)
    if (hypot (i % width - 210, i / width - 190) < 105)
      {
        changed[i] = 255;
        n_changed++;
      }
  for (gint kind = 0; kind < 2; kind++)
    {
      g_autoptr (PmtPixels) truth = new_edges (kind, width, height);
      g_autoptr (PmtPixels) made = new_edges (kind, width, height);
      gdouble sum = 0.0;

      g_assert_true (pmt_match_colors (
          made, truth, changed, pmt_match_radius (&made->rect), 0.3, NULL));
      for (gint i = 0; i < width * height * 3; i++)
        sum += pow (made->rgb[i] - truth->rgb[i], 2);
      g_test_message ("edges %d: %.4f", kind, sqrt (sum / (3 * n_changed)));
      g_assert_cmpfloat (sqrt (sum / (3 * n_changed)), <, 0.005);
    }
}

static void
test_match_all_changed (void)
{
  g_autofree guint8 *changed = g_malloc (S * S);
  g_autoptr (PmtPixels) made = new_gradient (0.0, 0.0f, changed);
  g_autoptr (PmtPixels) same = new_gradient (0.0, 0.0f, changed);

  memset (changed, 255, S * S);
  g_assert_true (pmt_match_colors (made, same, changed, 8.0, 0.3, NULL));
  g_assert_cmpmem (made->rgb, S * S * 12, same->rgb, S * S * 12);
}

/* A cast on a picture of 8 bits, matched over the crop, and only where that
 * looks: the same, and nothing outside of that part is touched. */
static void
test_match_part (void)
{
  const Babl *format = babl_format ("R'G'B' u8");
  const GeglRectangle crop = { 0, 0, S, S };
  g_autofree guint8 *changed = g_malloc0 (S * S);
  g_autoptr (PmtPixels) before = new_gradient (0.01, 0.0f, changed);
  g_autoptr (PmtPixels) after = new_gradient (0.01, 0.03f, changed);
  g_autoptr (GeglBuffer) source = gegl_buffer_new (&crop, format);
  g_autoptr (GeglBuffer) whole = gegl_buffer_new (&crop, format);
  g_autoptr (GeglBuffer) part = NULL;
  g_autoptr (GeglBuffer) mask =
      gegl_buffer_new (&crop, babl_format ("Y float"));
  const PmtArea area = { .geometry = { .crop = crop }, .mask = mask };
  GeglRectangle rect;

  gegl_buffer_set (mask, &crop, 0, babl_format ("Y u8"), changed,
                   GEGL_AUTO_ROWSTRIDE);
  g_assert_true (pmt_pixels_write (before, source, NULL));
  g_assert_true (pmt_pixels_write (after, whole, NULL));
  part = gegl_buffer_dup (whole);
  pmt_piece_match_rect (&area, &rect);
  g_assert_true (gegl_rectangle_contains (&crop, &rect));
  g_assert_cmpint (rect.width, <, S);
  g_assert_cmpint (rect.height, <, S);
  for (gint i = 0; i < 2; i++)
    {
      GeglBuffer *picture = i == 0 ? whole : part;
      const GeglRectangle *at = i == 0 ? &crop : &rect;
      g_autoptr (PmtPixels) original = pmt_pixels_read (source, at, NULL);
      g_autoptr (PmtPixels) made = pmt_pixels_read (picture, at, NULL);
      g_autofree guint8 *raw = get_raw (picture, &crop);
      g_autoptr (PmtMatchPlan) plan =
          pmt_piece_match_plan (original, &area, NULL);
      g_autofree guint8 *matched = NULL;

      g_assert_nonnull (plan);
      g_assert_true (pmt_match_plan_apply (plan, made, NULL));
      g_assert_true (pmt_pixels_write (made, picture, NULL));
      matched = get_raw (picture, &crop);
      g_assert_cmpint (memcmp (raw, matched, S * S * 3), !=, 0);
    }
  {
    g_autofree guint8 *a = get_raw (whole, &crop);
    g_autofree guint8 *b = get_raw (part, &crop);

    g_assert_cmpmem (a, S * S * 3, b, S * S * 3);
  }
}

/* ---------------------------------------------------------- composite -- */

static void
check_composite (const Babl *format, const gchar *type)
{
  const gsize bytes = babl_format_get_bytes_per_pixel (format);
  const gboolean has_alpha = babl_format_has_alpha (format);
  g_autoptr (GeglBuffer) target = new_random (format, type);
  g_autoptr (GeglBuffer) picture = new_random (format, type);
  g_autoptr (GeglBuffer) mask =
      gegl_buffer_new (&full, babl_format ("Y float"));
  g_autofree gfloat *coverage = g_new (gfloat, W * H);
  g_autofree guint8 *before = get_raw (target, &full);
  g_autofree guint8 *above = get_raw (picture, &full);
  g_autofree guint8 *after = NULL;

  for (gint i = 0; i < W * H; i++)
    coverage[i] = i % 4 == 0   ? 0.0f
                  : i % 4 == 1 ? 1.0f
                  : i % 4 == 2 ? NAN
                               : 0.5f;
  gegl_buffer_set (mask, NULL, 0, NULL, coverage, GEGL_AUTO_ROWSTRIDE);
  g_assert_true (pmt_composite (target, picture, mask, NULL));
  after = get_raw (target, &full);
  for (gint i = 0; i < W * H; i++)
    {
      const guint8 *expected = NULL;

      if (!(coverage[i] > 0.0f) || (has_alpha && i % 3 == 0))
        expected = before;
      else if (coverage[i] == 1.0f && (!has_alpha || i % 3 == 1))
        expected = above;
      if (expected)
        g_assert_cmpmem (after + i * bytes, bytes, expected + i * bytes, bytes);
    }
}

static void
test_composite_bits (void)
{
  for_each_format (check_composite);
}

static void
test_composite_values (void)
{
  const gfloat below[4] = { 0.2f, 0.4f, 0.6f, 1.0f };
  const gfloat above[4] = { 0.8f, 0.0f, 1.4f, 0.5f };
  const gfloat half = 0.5f;
  const GeglRectangle one = { 0, 0, 1, 1 };
  const Babl *format = babl_format ("RGBA float");
  g_autoptr (GeglBuffer) target = gegl_buffer_new (&one, format);
  g_autoptr (GeglBuffer) picture = gegl_buffer_new (&one, format);
  g_autoptr (GeglBuffer) mask = gegl_buffer_new (&one, babl_format ("Y float"));
  gfloat result[4];

  gegl_buffer_set (target, &one, 0, format, below, GEGL_AUTO_ROWSTRIDE);
  gegl_buffer_set (picture, &one, 0, format, above, GEGL_AUTO_ROWSTRIDE);
  gegl_buffer_set (mask, &one, 0, babl_format ("Y float"), &half,
                   GEGL_AUTO_ROWSTRIDE);
  g_assert_true (pmt_composite (target, picture, mask, NULL));
  gegl_buffer_get (target, &one, 1.0, format, result, GEGL_AUTO_ROWSTRIDE,
                   GEGL_ABYSS_NONE);
  for (gint c = 0; c < 3; c++)
    g_assert_cmpfloat_with_epsilon (result[c],
                                    0.25 * above[c] + 0.75 * below[c], 1e-5);
  g_assert_cmpfloat (result[3], ==, 1.0f);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  gegl_init (NULL, NULL);
  g_test_add_func ("/image/pixels/read-values", test_read_values);
  g_test_add_func ("/image/pixels/read-bytes", test_read_bytes);
  g_test_add_func ("/image/pixels/read-refused", test_read_refused);
  g_test_add_func ("/image/pixels/unchanged", test_unchanged);
  g_test_add_func ("/image/pixels/round-trip", test_round_trip);
  g_test_add_func ("/image/pixels/beyond", test_beyond);
  g_test_add_func ("/image/pixels/extend", test_extend);
  g_test_add_func ("/image/match/casts", test_match);
  g_test_add_func ("/image/match/edge", test_match_edge);
  g_test_add_func ("/image/match/limit", test_match_limit);
  g_test_add_func ("/image/match/crossed", test_match_crossed);
  g_test_add_func ("/image/match/all-changed", test_match_all_changed);
  g_test_add_func ("/image/match/match-part", test_match_part);
  g_test_add_func ("/image/composite/bits", test_composite_bits);
  g_test_add_func ("/image/composite/values", test_composite_values);
  status = g_test_run ();
  gegl_exit ();
  return status;
}
