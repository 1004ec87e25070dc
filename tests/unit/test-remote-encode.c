/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* test-remote-encode.c: pictures and masks as services get them. */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "core/json.h"
#include "picture-files.h"

static GBytes *
encode (GeglBuffer *buffer,
        const GeglRectangle *rect,
        const PmtPictureFormat *format)
{
  g_autoptr (GError) error = NULL;
  GBytes *bytes = pmt_picture_encode (buffer, rect, format, &error);

  g_assert_no_error (error);
  return bytes;
}

static GeglBuffer *
decode (GBytes *bytes)
{
  g_autoptr (GError) error = NULL;
  GeglBuffer *buffer = pmt_picture_decode (bytes, 1 << 24, "Service", &error);

  g_assert_no_error (error);
  return buffer;
}

static gpointer
read_all (GeglBuffer *buffer, const GeglRectangle *rect, const gchar *format)
{
  const gsize pixel = babl_format_get_bytes_per_pixel (babl_format (format));
  gpointer data = g_malloc0 ((gsize)rect->width * rect->height * pixel);

  gegl_buffer_get (buffer, rect, 1.0, babl_format (format), data,
                   GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
  return data;
}

static gboolean
has_text (GBytes *bytes, const gchar *text)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);
  const gsize n = strlen (text);

  for (gsize i = 0; i + n <= length; i++)
    if (memcmp (data + i, text, n) == 0)
      return TRUE;
  return FALSE;
}

/* ----------------------------------------------------------------- pictures */

static void
check_png (const gchar *name, gint bits)
{
  const GeglRectangle part = { 7, 5, 40, 23 };
  const GeglRectangle whole = { 0, 0, 40, 23 };
  const gchar *read = bits == 16 ? "R'G'B' u16" : "R'G'B' u8";
  PmtPictureFormat format = PMT_PICTURE_FORMAT_INIT;
  g_autoptr (GeglBuffer) source = gradient_buffer (64, 48, babl_format (name));
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GBytes) again = NULL;
  g_autoptr (GeglBuffer) decoded = NULL;
  g_autofree gpointer before = read_all (source, &part, read);
  g_autofree gpointer after = NULL;

  format.bits = bits;
  bytes = encode (source, &part, &format);
  again = encode (source, &part, &format);
  g_assert_true (g_bytes_equal (bytes, again));
  decoded = decode (bytes);
  after = read_all (decoded, &whole, read);
  g_assert_cmpstr (babl_format_get_encoding (gegl_buffer_get_format (decoded)),
                   ==, read);
  g_assert_cmpmem (before, 40 * 23 * 3 * bits / 8, after,
                   40 * 23 * 3 * bits / 8);
  g_assert_false (has_text (bytes, "bKGD"));
  g_assert_false (has_text (bytes, "gAMA"));
  g_assert_false (has_text (bytes, "iCCP"));
}

static void
test_png (void)
{
  check_png ("R'G'B' u8", 8);
  check_png ("R'G'B'A u8", 8);
  check_png ("Y' u8", 8);
  check_png ("R'G'B' u16", 16);
  check_png ("R'G'B'A u16", 16);
  check_png ("R'G'B' float", 8);
  check_png ("Y'A u16", 16);
  check_png ("R'G'B' u8", 16);
}

/* Noise of several bands, with the last one shorter, and of a single row. */
static void
check_bands (gint width, gint height, const gchar *name, gint bits)
{
  const GeglRectangle rect = { 0, 0, width, height };
  const Babl *babl = babl_format (name);
  const gsize n =
      (gsize)width * height * babl_format_get_bytes_per_pixel (babl);
  PmtPictureFormat format = PMT_PICTURE_FORMAT_INIT;
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  g_autoptr (GeglBuffer) source = gegl_buffer_new (&rect, babl);
  g_autofree guint8 *before = g_malloc (n);
  g_autofree guint8 *after = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GeglBuffer) decoded = NULL;

  /* Runs and noise in turn. */
  for (gsize i = 0; i < n; i++)
    before[i] =
        i / 5000 % 2 ? (guint8)g_rand_int_range (rand, 0, 256) : (guint8)i / 16;
  gegl_buffer_set (source, NULL, 0, NULL, before, GEGL_AUTO_ROWSTRIDE);
  format.bits = bits;
  format.keep_alpha = babl_format_has_alpha (babl);
  bytes = encode (source, &rect, &format);
  decoded = decode (bytes);
  g_assert_true (
      gegl_rectangle_equal (gegl_buffer_get_extent (decoded), &rect));
  after = read_all (decoded, &rect, name);
  g_assert_cmpmem (before, n, after, n);
}

static void
test_bands (void)
{
  check_bands (701, 523, "R'G'B' u8", 8);
  check_bands (300, 701, "R'G'B'A u8", 8);
  check_bands (523, 301, "R'G'B' u16", 16);
  check_bands (301, 523, "R'G'B'A u16", 16);
  check_bands (100000, 3, "R'G'B' u8", 8);
  check_bands (1, 2000, "R'G'B' u8", 8);
  check_bands (1, 1, "R'G'B' u8", 8);
}

static void
test_alpha (void)
{
  static const guint8 pixels[2][4] = { { 10, 20, 30, 0 }, { 40, 50, 60, 128 } };
  static const guint8 flat[2][3] = { { 10, 20, 30 }, { 40, 50, 60 } };
  const GeglRectangle rect = { 0, 0, 2, 1 };
  PmtPictureFormat format = PMT_PICTURE_FORMAT_INIT;
  g_autoptr (GeglBuffer) source =
      gegl_buffer_new (&rect, babl_format ("R'G'B'A u8"));
  g_autoptr (GBytes) kept = NULL;
  g_autoptr (GBytes) opaque = NULL;
  g_autoptr (GeglBuffer) a = NULL;
  g_autoptr (GeglBuffer) b = NULL;
  g_autofree gpointer with = NULL;
  g_autofree gpointer without = NULL;

  gegl_buffer_set (source, NULL, 0, NULL, pixels, GEGL_AUTO_ROWSTRIDE);
  opaque = encode (source, &rect, &format);
  format.keep_alpha = TRUE;
  kept = encode (source, &rect, &format);
  a = decode (kept);
  b = decode (opaque);
  g_assert_false (babl_format_has_alpha (gegl_buffer_get_format (b)));
  with = read_all (a, &rect, "R'G'B'A u8");
  without = read_all (b, &rect, "R'G'B' u8");
  g_assert_cmpmem (with, sizeof pixels, pixels, sizeof pixels);
  g_assert_cmpmem (without, sizeof flat, flat, sizeof flat);
}

static void
test_jpeg (void)
{
  const GeglRectangle rect = { 0, 0, 64, 48 };
  PmtPictureFormat format = PMT_PICTURE_FORMAT_INIT;
  g_autoptr (GeglBuffer) source =
      gradient_buffer (64, 48, babl_format ("R'G'B' u8"));
  g_autofree guint8 *before = read_all (source, &rect, "R'G'B' u8");
  g_autofree guint8 *after = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GBytes) again = NULL;
  g_autoptr (GeglBuffer) decoded = NULL;
  guint64 sum = 0;

  format.kind = PMT_PICTURE_JPEG;
  bytes = encode (source, &rect, &format);
  again = encode (source, &rect, &format);
  g_assert_true (g_bytes_equal (bytes, again));
  g_assert_false (has_text (bytes, "ICC_PROFILE"));
  decoded = decode (bytes);
  after = read_all (decoded, &rect, "R'G'B' u8");
  for (gsize i = 0; i < 64 * 48 * 3; i++)
    {
      g_assert_cmpint (abs (before[i] - after[i]), <=, 24);
      sum += (guint64)abs (before[i] - after[i]);
    }
  g_assert_cmpuint (sum, <, 64 * 48 * 3 * 3);
}

/* 8 bits of a wide space mean other numbers in sRGB. */
static void
test_wide (void)
{
  const GeglRectangle rect = { 0, 0, 1, 1 };
  const Babl *format = babl_format_with_space ("R'G'B' u8", wide_space ());
  const guint8 inside[3] = { 150, 120, 100 };
  PmtPictureFormat options = PMT_PICTURE_FORMAT_INIT;
  g_autoptr (GeglBuffer) source = gegl_buffer_new (&rect, format);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GeglBuffer) decoded = NULL;
  g_autofree guint8 *pixel = NULL;

  gegl_buffer_set (source, NULL, 0, NULL, inside, GEGL_AUTO_ROWSTRIDE);
  bytes = encode (source, &rect, &options);
  decoded = decode (bytes);
  pixel = read_all (decoded, &rect, "R'G'B' u8");
  /* By the matrices of Display P3 and sRGB. */
  g_assert_cmpint (abs (pixel[0] - 156), <=, 1);
  g_assert_cmpint (abs (pixel[1] - 119), <=, 1);
  g_assert_cmpint (abs (pixel[2] - 97), <=, 1);
}

/* Numbers that are none, beyond the range, outside the picture. */
static void
test_odd_numbers (void)
{
  const GeglRectangle rect = { -1, 0, 4, 1 };
  const GeglRectangle all = { 0, 0, 4, 1 };
  const gfloat pixels[3][3] = { { NAN, INFINITY, -INFINITY },
                                { -2.0f, 5.0f, 0.5f },
                                { 0.0f, 1.0f, 1.0f } };
  const PmtPictureFormat options = PMT_PICTURE_FORMAT_INIT;
  g_autoptr (GeglBuffer) source = gegl_buffer_new (
      GEGL_RECTANGLE (0, 0, 3, 1), babl_format ("R'G'B' float"));
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GeglBuffer) decoded = NULL;
  g_autofree guint8 *pixel = NULL;

  gegl_buffer_set (source, NULL, 0, NULL, pixels, GEGL_AUTO_ROWSTRIDE);
  bytes = encode (source, &rect, &options);
  decoded = decode (bytes);
  pixel = read_all (decoded, &all, "R'G'B' u8");
  g_assert_cmpuint (pixel[0] + pixel[1] + pixel[2], ==, 0);
  g_assert_cmpuint (pixel[3], ==, 0);
  g_assert_cmpuint (pixel[4], ==, 255);
  g_assert_cmpuint (pixel[6], ==, 0);
  g_assert_cmpuint (pixel[7], ==, 255);
  g_assert_cmpuint (pixel[8], ==, 128);
}

/* -------------------------------------------------------------------- masks */

static void
check_mask (PmtMaskKind kind,
            gboolean is_hard,
            const guint8 *expected,
            gsize n_expected)
{
  const GeglRectangle rect = { 0, 0, 5, 1 };
  const gfloat coverage[4] = { 0.0f, 0.25f, 0.5f, 1.0f };
  g_autoptr (GError) error = NULL;
  g_autoptr (GeglBuffer) mask =
      gegl_buffer_new (GEGL_RECTANGLE (0, 0, 4, 1), babl_format ("Y float"));
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GeglBuffer) decoded = NULL;
  g_autofree guint8 *pixels = NULL;

  gegl_buffer_set (mask, NULL, 0, NULL, coverage, GEGL_AUTO_ROWSTRIDE);
  bytes = pmt_mask_encode (mask, &rect, kind, is_hard, &error);
  g_assert_no_error (error);
  decoded = decode (bytes);
  pixels = read_all (decoded, &rect,
                     kind == PMT_MASK_ALPHA ? "R'G'B'A u8" : "R'G'B' u8");
  g_assert_cmpmem (pixels, n_expected, expected, n_expected);
}

static void
test_masks (void)
{
  static const guint8 white[] = { 0,   0,   0,   64,  64, 64, 128, 128,
                                  128, 255, 255, 255, 0,  0,  0 };
  static const guint8 black[] = { 255, 255, 255, 191, 191, 191, 127, 127,
                                  127, 0,   0,   0,   255, 255, 255 };
  static const guint8 hard[] = { 0,   0,   0,   0,   0, 0, 255, 255,
                                 255, 255, 255, 255, 0, 0, 0 };
  static const guint8 alpha[] = { 0,   0,   0,   255, 64,  64,  64,
                                  191, 128, 128, 128, 127, 255, 255,
                                  255, 0,   0,   0,   0,   255 };
  static const guint8 hard_alpha[] = { 0,   0,   0,   255, 0, 0,   0,
                                       255, 255, 255, 255, 0, 255, 255,
                                       255, 0,   0,   0,   0, 255 };

  check_mask (PMT_MASK_WHITE, FALSE, white, sizeof white);
  check_mask (PMT_MASK_WHITE, TRUE, hard, sizeof hard);
  check_mask (PMT_MASK_BLACK, FALSE, black, sizeof black);
  check_mask (PMT_MASK_ALPHA, FALSE, alpha, sizeof alpha);
  check_mask (PMT_MASK_ALPHA, TRUE, hard_alpha, sizeof hard_alpha);
}

/* ------------------------------------------------------------------- base64 */

static void
test_base64 (void)
{
  static const gchar *const bad[] = {
    "",
    "data:",
    "data:,abcd",
    "data:image/png;base64",
    "data:image/png,QUJD",
    "data:image/png;base64,",
    "QUJ",
    "QU JD",
    "QUJD\nQUJD",
    "====",
    "QUJD=",
    "QU=D",
    "Q===",
    "QUJ\303\244",
    "QUJDRA-_",
    "QUJD****",
    "****QUJD",
    "QUJ=QUJD",
    "QUJDQU==QUJD",
    "data:x;base64,QUJDR",
  };
  const guint8 color[4] = { 1, 2, 3, 255 };
  g_autoptr (GBytes) file = webp_solid (3, 3, color);
  g_autofree gchar *uri = pmt_picture_to_data_uri (file);
  g_autoptr (GBytes) back = pmt_picture_from_base64 (uri, 100);
  g_autoptr (GBytes) abc = pmt_picture_from_base64 ("QUJD\r\n", 3);
  g_autoptr (GBytes) ab =
      pmt_picture_from_base64 ("DATA:a/b;x=y;BASE64,QUI=", 2);

  g_autoptr (cJSON) node =
      pmt_picture_to_json (file, "data:image/webp;base64,");
  gchar *text = cJSON_PrintUnformatted (node);
  g_autofree gchar *quoted = g_strdup_printf ("\"%s\"", uri);

  g_assert_cmpstr (text, ==, quoted);
  cJSON_free (text);
  g_assert_true (g_str_has_prefix (uri, "data:image/webp;base64,"));
  g_assert_true (g_bytes_equal (file, back));
  g_assert_cmpmem (g_bytes_get_data (abc, NULL), g_bytes_get_size (abc), "ABC",
                   3);
  g_assert_cmpmem (g_bytes_get_data (ab, NULL), g_bytes_get_size (ab), "AB", 2);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_null (pmt_picture_from_base64 (bad[i], 100));
  g_assert_null (pmt_picture_from_base64 (NULL, 100));
  g_assert_null (pmt_picture_from_base64 ("QUJD", 2));
  g_assert_null (pmt_picture_from_base64 ("QUI=", 1));
  g_assert_null (pmt_picture_from_base64 (uri, g_bytes_get_size (file) - 1));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gegl_init (&argc, &argv);
  g_test_add_func ("/remote-encode/png", test_png);
  g_test_add_func ("/remote-encode/bands", test_bands);
  g_test_add_func ("/remote-encode/alpha", test_alpha);
  g_test_add_func ("/remote-encode/jpeg", test_jpeg);
  g_test_add_func ("/remote-encode/wide", test_wide);
  g_test_add_func ("/remote-encode/odd-numbers", test_odd_numbers);
  g_test_add_func ("/remote-encode/masks", test_masks);
  g_test_add_func ("/remote-encode/base64", test_base64);
  return g_test_run ();
}
