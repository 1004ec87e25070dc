/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* test-picture-file.c: what a picture keeps through a file. */
#include "config.h"

#include <gegl.h>
#include <glib/gstdio.h>
#include <string.h>

#include "cli/picture-check.h"
#include "cli/picture-file.h"
#include "pentimento.h"

#define SIDE 24

static GeglBuffer *
make_picture (const Babl *format)
{
  const gint bytes = babl_format_get_bytes_per_pixel (format);
  g_autofree guint8 *pixels = g_malloc ((gsize)SIDE * SIDE * bytes);
  GeglBuffer *buffer =
      gegl_buffer_new (GEGL_RECTANGLE (0, 0, SIDE, SIDE), format);

  for (gint i = 0; i < SIDE * SIDE * bytes; i++)
    pixels[i] = (guint8)(i * 37 + i / 101);
  gegl_buffer_set (buffer, NULL, 0, format, pixels, GEGL_AUTO_ROWSTRIDE);
  return buffer;
}

static GBytes *
get_bytes (GeglBuffer *buffer)
{
  const Babl *format = gegl_buffer_get_format (buffer);
  const gsize size =
      (gsize)SIDE * SIDE * babl_format_get_bytes_per_pixel (format);
  guint8 *pixels = g_malloc (size);

  gegl_buffer_get (buffer, NULL, 1.0, format, pixels, GEGL_AUTO_ROWSTRIDE,
                   GEGL_ABYSS_NONE);
  return g_bytes_new_take (pixels, size);
}

/* The tone curve and primaries, seen through a conversion. */
static void
assert_same_colors (GeglBuffer *a, GeglBuffer *b)
{
  const Babl *seen = babl_format ("R'G'B' float");
  gfloat first[SIDE * 3], second[SIDE * 3];

  gegl_buffer_get (a, GEGL_RECTANGLE (0, 3, SIDE, 1), 1.0, seen, first,
                   GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
  gegl_buffer_get (b, GEGL_RECTANGLE (0, 3, SIDE, 1), 1.0, seen, second,
                   GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
  for (gint i = 0; i < SIDE * 3; i++)
    g_assert_cmpfloat_with_epsilon (first[i], second[i], 1e-2);
}

static void
check_kept (const Babl *format, const gchar *ending)
{
  g_autofree gchar *folder = g_dir_make_tmp ("pmt-XXXXXX", NULL);
  g_autofree gchar *name = g_strconcat ("picture.", ending, NULL);
  g_autofree gchar *path = g_build_filename (folder, name, NULL);
  g_autoptr (GeglBuffer) picture = make_picture (format);
  g_autoptr (GeglBuffer) loaded = NULL;
  g_autoptr (GBytes) before = get_bytes (picture);
  g_autoptr (GBytes) after = NULL;
  GError *error = NULL;

  g_assert_true (picture_file_save (picture, path, &error));
  g_assert_no_error (error);
  g_assert_true (picture_check_is_complete (path));
  loaded = picture_file_load (path, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (babl_format_get_encoding (gegl_buffer_get_format (loaded)),
                   ==, babl_format_get_encoding (format));
  after = get_bytes (loaded);
  g_assert_cmpmem (g_bytes_get_data (before, NULL), g_bytes_get_size (before),
                   g_bytes_get_data (after, NULL), g_bytes_get_size (after));
  assert_same_colors (picture, loaded);
  g_unlink (path);
  g_rmdir (folder);
}

static void
test_png (void)
{
  const Babl *wide = babl_space ("ProPhoto");

  check_kept (babl_format ("R'G'B' u8"), "png");
  check_kept (babl_format ("R'G'B'A u16"), "png");
  check_kept (babl_format ("Y' u16"), "png");
  check_kept (babl_format_with_space ("R'G'B' u16", wide), "png");
  check_kept (babl_format_with_space ("R'G'B'A u8", wide), "png");
}

static void
test_tiff (void)
{
  check_kept (babl_format_with_space ("R'G'B' u16", babl_space ("ProPhoto")),
              "tif");
  check_kept (babl_format ("Y' u8"), "tif");
}

static void
test_transparency (void)
{
  g_autofree gchar *folder = g_dir_make_tmp ("pmt-XXXXXX", NULL);
  g_autofree gchar *path = g_build_filename (folder, "picture.jpg", NULL);
  g_autoptr (GeglBuffer) picture = make_picture (babl_format ("R'G'B'A u8"));
  g_autoptr (GError) error = NULL;

  g_assert_false (picture_file_save (picture, path, &error));
  g_assert_error (error, PMT_ERROR, PMT_ERROR_FILE);
  g_assert_nonnull (strstr (error->message, "transparent"));
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  g_rmdir (folder);
}

gint
main (gint argc, gchar **argv)
{
  gint status;

  g_test_init (&argc, &argv, NULL);
  gegl_init (NULL, NULL);
  g_test_add_func ("/picture-file/png", test_png);
  g_test_add_func ("/picture-file/tiff", test_tiff);
  g_test_add_func ("/picture-file/transparency", test_transparency);
  status = g_test_run ();
  gegl_exit ();
  return status;
}
