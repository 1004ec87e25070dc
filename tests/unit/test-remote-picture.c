/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* test-remote-picture.c: pictures as services send them. */
#include "config.h"

#include <glib/gstdio.h>
#include <math.h>
#include <stdlib.h>

#include "picture-files.h"

#define MANY ((gint64)1 << 26)

/* ---------------------------------------------------------------- helpers -- */

static GeglBuffer *
decode (GBytes *bytes)
{
  g_autoptr (GError) error = NULL;
  GeglBuffer *buffer = pmt_picture_decode (bytes, MANY, "Service", &error);

  g_assert_no_error (error);
  return buffer;
}

static void
refuse (GBytes *bytes, const gchar *reason)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (pmt_picture_decode (bytes, MANY, "Service", &error));
  g_assert_error (error, PMT_ERROR, PMT_ERROR_SERVER);
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
  g_assert_nonnull (strstr (error->message, "Service"));
  if (reason)
    g_assert_nonnull (strstr (error->message, reason));
}

static PmtPictureHead
read_head (GBytes *bytes)
{
  PmtPictureHead head;

  g_assert_true (pmt_picture_read_head (bytes, &head));
  return head;
}

static GBytes *
small_jpeg (gboolean is_progressive)
{
  g_autoptr (GeglBuffer) buffer =
      gradient_buffer (33, 21, babl_format ("R'G'B' u8"));

  return gegl_save (buffer, "gegl:jpg-save", "quality", 90, "progressive",
                    is_progressive, NULL);
}

/* ------------------------------------------------------------------- PNGs -- */

static guint
palette_color (guint index, guint channel)
{
  return (index * 3 + channel) * 7 & 0xff;
}

static guint
expected_sample (const PngOptions *options, gint x, gint y, guint channel)
{
  const guint max = (1u << options->depth) - 1;

  if (options->type == PMT_PNG_PALETTE)
    return palette_color (png_sample (options, x, y, 0), channel);
  return png_sample (options, x, y, channel) * (options->depth < 8 ? 255 : max)
         / max;
}

static void
check_png (const PngOptions *options)
{
  static const gchar *const models[7] = { "Y'",  NULL, "R'G'B'", "R'G'B'",
                                          "Y'A", NULL, "R'G'B'A" };
  static const guint n_components[7] = { 1, 0, 3, 3, 2, 0, 4 };
  const guint n = n_components[options->type];
  g_autofree gchar *name = g_strconcat (
      models[options->type], options->depth == 16 ? " u16" : " u8", NULL);
  g_autoptr (GBytes) png = png_make (options);
  g_autoptr (GeglBuffer) buffer = decode (png);
  const PmtPictureHead head = read_head (png);
  guint8 bytes[4];
  guint16 words[4];

  g_assert_cmpint (head.kind, ==, PMT_PICTURE_PNG);
  g_assert_cmpint (head.width, ==, options->width);
  g_assert_cmpint (head.bits, ==, options->depth == 16 ? 16 : 8);
  g_assert_cmpint (head.has_alpha, ==, n == 2 || n == 4);
  g_assert_cmpint (head.is_gray, ==, n < 3);
  g_assert_cmpstr (babl_format_get_encoding (gegl_buffer_get_format (buffer)),
                   ==, name);
  for (gint y = 0; y < options->height; y++)
    for (gint x = 0; x < options->width; x++)
      {
        gegl_buffer_get (buffer, GEGL_RECTANGLE (x, y, 1, 1), 1.0, NULL,
                         options->depth == 16 ? (gpointer)words : bytes,
                         GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
        for (guint c = 0; c < n; c++)
          g_assert_cmpuint (options->depth == 16 ? words[c] : bytes[c], ==,
                            expected_sample (options, x, y, c));
      }
}

static void
test_png (void)
{
  static const guint kinds[][2] = {
    { 1, PMT_PNG_GRAY },        { 2, PMT_PNG_GRAY },
    { 4, PMT_PNG_GRAY },        { 8, PMT_PNG_GRAY },
    { 16, PMT_PNG_GRAY },       { 8, PMT_PNG_RGB },
    { 16, PMT_PNG_RGB },        { 1, PMT_PNG_PALETTE },
    { 2, PMT_PNG_PALETTE },     { 4, PMT_PNG_PALETTE },
    { 8, PMT_PNG_PALETTE },     { 8, PMT_PNG_GRAY_ALPHA },
    { 16, PMT_PNG_GRAY_ALPHA }, { 8, PMT_PNG_RGBA },
    { 16, PMT_PNG_RGBA },
  };
  static const gint sizes[][2] = { { 1, 1 }, { 13, 9 }, { 3, 17 }, { 65, 8 } };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    for (guint k = 0; k < G_N_ELEMENTS (sizes); k++)
      for (gint interlaced = 0; interlaced < 2; interlaced++)
        {
          const PngOptions options = {
            .width = sizes[k][0],
            .height = sizes[k][1],
            .depth = kinds[i][0],
            .type = kinds[i][1],
            .is_interlaced = interlaced,
          };

          check_png (&options);
        }
}

static void
test_transparent_color (void)
{
  static const guint8 alphas[] = { 0, 128 };
  static const guint8 gray[] = { 0, 11 };
  const PngOptions palette = { .width = 4,
                               .height = 4,
                               .depth = 2,
                               .type = PMT_PNG_PALETTE,
                               .extra_type = "tRNS",
                               .extra = alphas,
                               .n_extra = 2 };
  const PngOptions flat = { .width = 4,
                            .height = 4,
                            .depth = 8,
                            .type = PMT_PNG_GRAY,
                            .extra_type = "tRNS",
                            .extra = gray,
                            .n_extra = 2 };
  g_autoptr (GBytes) first = png_make (&palette);
  g_autoptr (GBytes) second = png_make (&flat);
  g_autoptr (GeglBuffer) a = decode (first);
  g_autoptr (GeglBuffer) b = decode (second);
  guint8 pixel[4];

  g_assert_true (read_head (first).has_alpha);
  for (gint x = 0; x < 4; x++)
    {
      const guint index = png_sample (&palette, x, 0, 0);

      gegl_buffer_get (a, GEGL_RECTANGLE (x, 0, 1, 1), 1.0,
                       babl_format ("R'G'B'A u8"), pixel, GEGL_AUTO_ROWSTRIDE,
                       GEGL_ABYSS_NONE);
      g_assert_cmpuint (pixel[3], ==, index < 2 ? alphas[index] : 255);
    }
  gegl_buffer_get (b, GEGL_RECTANGLE (0, 0, 2, 1), 1.0, babl_format ("Y'A u8"),
                   pixel, GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
  g_assert_cmpuint (pixel[1], ==, 0);
  g_assert_cmpuint (pixel[3], ==, 255);
}

/* --------------------------------------------------------------- profiles -- */

static const Babl *
space_of (GBytes *file)
{
  g_autoptr (GeglBuffer) buffer = decode (file);

  return babl_format_get_space (gegl_buffer_get_format (buffer));
}

static void
test_profiles (void)
{
  const Babl *space = wide_space ();
  const guint8 red[4] = { 200, 10, 30, 255 };
  g_autoptr (GBytes) profile = space_profile (space);
  g_autoptr (GeglBuffer) buffer =
      gradient_buffer (20, 10, babl_format_with_space ("R'G'B' u8", space));
  PngOptions options = {
    .width = 5, .height = 4, .depth = 8, .type = PMT_PNG_RGB, .profile = profile
  };
  g_autoptr (GBytes) png = png_make (&options);
  g_autoptr (GBytes) jpeg =
      gegl_save (buffer, "gegl:jpg-save", "quality", 90, NULL);
  g_autoptr (GBytes) simple = webp_solid (9, 7, red);
  g_autoptr (GBytes) webp = webp_wrap (simple, 9, 7, profile);

  g_assert_true (space_of (png) == space_of (jpeg));
  g_assert_true (space_of (png) == space_of (webp));
  g_assert_true (space_of (png) != babl_space ("sRGB"));
  g_assert_true (space_of (simple) == babl_space ("sRGB"));

  /* A profile for other colors. */
  options.type = PMT_PNG_GRAY;
  {
    g_autoptr (GBytes) gray = png_make (&options);

    g_assert_true (space_of (gray) == babl_space ("sRGB"));
  }
}

/* -------------------------------------------------------------- JPEG, WebP -- */

static void
check_near (GeglBuffer *a, GeglBuffer *b, gint most)
{
  const GeglRectangle *extent = gegl_buffer_get_extent (a);
  const gsize n = (gsize)extent->width * extent->height * 3;
  g_autofree guint8 *x = g_malloc (n);
  g_autofree guint8 *y = g_malloc (n);

  g_assert_true (gegl_rectangle_equal (extent, gegl_buffer_get_extent (b)));
  gegl_buffer_get (a, NULL, 1.0, babl_format ("R'G'B' u8"), x,
                   GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
  gegl_buffer_get (b, NULL, 1.0, babl_format ("R'G'B' u8"), y,
                   GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
  for (gsize i = 0; i < n; i++)
    g_assert_cmpint (abs (x[i] - y[i]), <=, most);
}

static void
test_jpeg (void)
{
  static const guint8 cmyk[] = { 0xff, 0xd8, 0xff, 0xc0, 0,   20,   8,
                                 0,    9,    0,    9,    4,   1,    0x11,
                                 0,    2,    0x11, 0,    3,   0x11, 0,
                                 4,    0x11, 0,    0xff, 0xd9 };
  g_autoptr (GeglBuffer) source =
      gradient_buffer (33, 21, babl_format ("R'G'B' u8"));
  g_autoptr (GBytes) four = g_bytes_new_static (cmyk, sizeof cmyk);
  g_autoptr (GBytes) gray =
      gegl_save (source, "gegl:jpg-save", "grayscale", TRUE, NULL);
  g_autoptr (GeglBuffer) gray_buffer = decode (gray);

  for (gint progressive = 0; progressive < 2; progressive++)
    {
      g_autoptr (GBytes) jpeg = small_jpeg (progressive);
      g_autoptr (GeglBuffer) buffer = decode (jpeg);
      const PmtPictureHead head = read_head (jpeg);

      g_assert_cmpint (head.width, ==, 33);
      g_assert_cmpint (head.height, ==, 21);
      check_near (source, buffer, 40);
    }
  g_assert_true (read_head (gray).is_gray);
  g_assert_cmpint (
      babl_format_get_n_components (gegl_buffer_get_format (gray_buffer)), ==,
      1);
  refuse (four, "CMYK");
}

static void
test_webp (void)
{
  const guint8 color[4] = { 200, 10, 30, 77 };
  g_autoptr (GBytes) solid = webp_solid (300, 200, color);
  g_autoptr (GeglBuffer) buffer = NULL;
  guint8 pixel[4];

  if (!gegl_has_operation ("gegl:webp-load"))
    {
      g_test_skip ("GEGL has no loader for WebP");
      return;
    }
  buffer = decode (solid);
  gegl_buffer_get (buffer, GEGL_RECTANGLE (299, 199, 1, 1), 1.0, NULL, pixel,
                   GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
  g_assert_cmpmem (pixel, 4, color, 4);
  g_assert_true (read_head (solid).has_alpha);
  if (gegl_has_operation ("gegl:webp-save"))
    {
      g_autoptr (GeglBuffer) source =
          gradient_buffer (67, 45, babl_format ("R'G'B' u8"));
      g_autoptr (GBytes) lossy =
          gegl_save (source, "gegl:webp-save", "quality", 95, NULL);
      g_autoptr (GeglBuffer) decoded = decode (lossy);

      check_near (source, decoded, 90);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gegl_init (&argc, &argv);
  g_test_add_func ("/remote-picture/png", test_png);
  g_test_add_func ("/remote-picture/transparent-color", test_transparent_color);
  g_test_add_func ("/remote-picture/profiles", test_profiles);
  g_test_add_func ("/remote-picture/jpeg", test_jpeg);
  g_test_add_func ("/remote-picture/webp", test_webp);
  return g_test_run ();
}
