/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* test-remote-hostile.c: pictures that are cut, damaged or meant to harm. */
#include "config.h"

#include <stdlib.h>
#include <time.h>

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

/* Whether it is a picture or not: no crash, no half of one. */
static void
try_bytes (GBytes *bytes)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GeglBuffer) buffer =
      pmt_picture_decode (bytes, 1 << 20, "Service", &error);

  g_assert_true ((buffer == NULL) == (error != NULL));
}

static const Babl *
space_of (GBytes *file)
{
  g_autoptr (GeglBuffer) buffer = decode (file);

  return babl_format_get_space (gegl_buffer_get_format (buffer));
}

static GBytes *
small_jpeg (gboolean is_progressive)
{
  g_autoptr (GeglBuffer) buffer =
      gradient_buffer (33, 21, babl_format ("R'G'B' u8"));

  return gegl_save (buffer, "gegl:jpg-save", "quality", 90, "progressive",
                    is_progressive, NULL);
}

/* ------------------------------------------------------------------ tests -- */

static GPtrArray *
make_files (void)
{
  const PngOptions options = {
    .width = 11, .height = 9, .depth = 8, .type = PMT_PNG_RGBA
  };
  const guint8 color[4] = { 1, 2, 3, 255 };
  GPtrArray *files =
      g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);

  g_ptr_array_add (files, png_make (&options));
  g_ptr_array_add (files, small_jpeg (FALSE));
  g_ptr_array_add (files, small_jpeg (TRUE));
  if (gegl_has_operation ("gegl:webp-load"))
    g_ptr_array_add (files, webp_solid (10, 10, color));
  if (gegl_has_operation ("gegl:webp-save"))
    {
      g_autoptr (GeglBuffer) source =
          gradient_buffer (17, 15, babl_format ("R'G'B'A u8"));

      g_ptr_array_add (files, gegl_save (source, "gegl:webp-save", NULL));
    }
  return files;
}

/* What is cut is refused, wherever it is cut. */
static void
test_prefixes (void)
{
  g_autoptr (GPtrArray) files = make_files ();

  for (guint i = 0; i < files->len; i++)
    {
      GBytes *file = g_ptr_array_index (files, i);
      g_autoptr (GeglBuffer) whole = decode (file);
      gboolean had_head = FALSE;

      for (gsize n = 0; n < g_bytes_get_size (file); n++)
        {
          g_autoptr (GBytes) cut = bytes_prefix (file, n);
          PmtPictureHead head;
          const gboolean has_head = pmt_picture_read_head (cut, &head);

          /* Once there is enough for a head there always is. */
          g_assert_true (has_head || !had_head);
          had_head = has_head;
          refuse (cut, NULL);
        }
    }
}

/* Ends early, and says that it is all: decoders would make gray of the rest. */
static void
test_ended_jpeg (void)
{
  static const guint8 end[2] = { 0xff, 0xd9 };

  for (gint kind = 0; kind < 2; kind++)
    {
      g_autoptr (GeglBuffer) source =
          gradient_buffer (233, 121, babl_format ("R'G'B' u8"));
      g_autoptr (GBytes) file = gegl_save (source, "gegl:jpg-save", "quality",
                                           90, "progressive", kind == 1, NULL);
      const guint8 *data = g_bytes_get_data (file, NULL);
      const gsize length = g_bytes_get_size (file);
      g_autoptr (GeglBuffer) whole = decode (file);
      guint n_refused = 0;

      for (gsize n = length / 2; n < length - 8; n += 7)
        {
          g_autoptr (GByteArray) cut = g_byte_array_new ();
          g_autoptr (GBytes) bytes = NULL;

          /* Between scans it is a picture with less detail. */
          if (data[n] == 0xff || data[n - 1] == 0xff)
            continue;
          g_byte_array_append (cut, data, (guint)n);
          g_byte_array_append (cut, end, sizeof end);
          bytes = g_byte_array_free_to_bytes (g_steal_pointer (&cut));
          refuse (bytes, "incomplete");
          n_refused++;
        }
      g_assert_cmpuint (n_refused, >, 100);
    }
}

static void
test_mutations (void)
{
  g_autoptr (GPtrArray) files = make_files ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);

  for (guint i = 0; i < files->len; i++)
    for (guint k = 0; k < 1500; k++)
      {
        GBytes *file = g_ptr_array_index (files, i);
        g_autoptr (GBytes) mutated = NULL;
        gsize length = g_bytes_get_size (file);
        guint8 *data = g_memdup2 (g_bytes_get_data (file, NULL), length);

        for (gint n = g_rand_int_range (rand, 1, 4); n > 0; n--)
          data[g_rand_int_range (rand, 0, (gint)length)] ^=
              g_rand_int_range (rand, 1, 256);
        mutated = g_bytes_new_take (data, length);
        if (i == 0)
          refuse (mutated, NULL);
        else
          try_bytes (mutated);
      }
}

/* A lossless WebP whose lengths are right and whose data is not there. */
static void
test_hollow_webp (void)
{
  const guint8 color[4] = { 1, 2, 3, 255 };
  g_autoptr (GBytes) solid = webp_solid (100, 100, color);

  if (!gegl_has_operation ("gegl:webp-load"))
    {
      g_test_skip ("GEGL has no loader for WebP");
      return;
    }
  for (guint n = 6; n < 16; n += 2)
    {
      g_autoptr (GBytes) file = NULL;
      gsize length;
      guint8 *data;
      g_autoptr (GBytes) cut = bytes_prefix (solid, 20 + n);

      data = g_bytes_unref_to_data (g_steal_pointer (&cut), &length);
      data[4] = 12 + n;
      data[16] = n;
      file = g_bytes_new_take (data, length);
      try_bytes (file);
    }
}

static void
test_bombs (void)
{
  PngOptions options = {
    .width = 60000, .height = 60000, .depth = 8, .type = PMT_PNG_RGBA
  };
  g_autofree guint8 *zeros = g_malloc0 ((gsize)200 << 20);
  g_autoptr (GBytes) few = g_bytes_new_static (zeros, 1000);
  g_autoptr (GBytes) much = g_bytes_new_static (zeros, (gsize)200 << 20);
  g_autoptr (GBytes) large = NULL;
  g_autoptr (GBytes) long_one = NULL;
  g_autoptr (GBytes) short_one = NULL;
  g_autoptr (GBytes) profile = NULL;
  clock_t start;

  options.pixels = few;
  large = png_make (&options);
  refuse (large, "60000 x 60000");
  options.width = options.height = 100;
  short_one = png_make (&options);
  refuse (short_one, "damaged");
  options.width = options.height = 10;
  options.pixels = much;
  long_one = png_make (&options);
  start = clock ();
  refuse (long_one, "damaged");
  /* Of the processor: others may have it meanwhile. */
  g_assert_cmpint (clock () - start, <, CLOCKS_PER_SEC / 10);

  /* A profile that is one is left aside. */
  options.pixels = NULL;
  options.profile = much;
  profile = png_make (&options);
  start = clock ();
  g_assert_true (space_of (profile) == babl_space ("sRGB"));
  g_assert_cmpint (clock () - start, <, CLOCKS_PER_SEC);
}

/* With the last byte of the pixels' own checksum changed, or a byte behind it;
 * the checksum of the chunk is right. */
static GBytes *
change_end (GBytes *png, gboolean is_longer)
{
  gsize n;
  const guint8 *file = g_bytes_get_data (png, &n);
  GByteArray *changed = g_byte_array_new ();
  g_autoptr (GByteArray) data = g_byte_array_new ();
  gsize at = 8;
  gsize last = 0;

  for (guint32 length; at + 12 <= n; at += 12 + length)
    {
      memcpy (&length, file + at, 4);
      length = GUINT32_FROM_BE (length);
      if (memcmp (file + at + 4, "IDAT", 4) == 0)
        last = at;
    }
  g_byte_array_append (data, file + last + 8, (guint)(n - 12 - 4 - last - 8));
  if (is_longer)
    g_byte_array_append (data, (const guint8 *)"", 1);
  else
    data->data[data->len - 1] ^= 1;
  g_byte_array_append (changed, file, (guint)last);
  png_chunk (changed, "IDAT", data->data, data->len);
  png_chunk (changed, "IEND", NULL, 0);
  return g_byte_array_free_to_bytes (changed);
}

/* As many bytes of pixels as the header says, and a right checksum. */
static void
test_exact_pixels (void)
{
  /* 9 x 5 of 3 bytes: rows with their filters, and those of seven passes, of
   * 2 x 1, 1 x 1, 3 x 1, 2 x 2, 5 x 1, 4 x 3 and 9 x 2 pixels. */
  static const gsize sizes[2] = { 5 * (1 + 27),
                                  7 + 4 + 10 + 2 * 7 + 16 + 3 * 13 + 2 * 28 };
  g_autofree guint8 *zeros = g_malloc0 (1000);

  for (gint interlaced = 0; interlaced < 2; interlaced++)
    for (gint more = -1; more <= 1; more++)
      {
        PngOptions options = { .width = 9,
                               .height = 5,
                               .depth = 8,
                               .type = PMT_PNG_RGB,
                               .is_interlaced = interlaced };
        g_autoptr (GBytes) pixels = NULL;
        g_autoptr (GBytes) png = NULL;

        pixels = g_bytes_new_static (zeros, sizes[interlaced] + (gsize)more);
        options.pixels = pixels;
        png = png_make (&options);
        if (more == 0)
          {
            g_autoptr (GeglBuffer) buffer = decode (png);
            g_autoptr (GBytes) wrong = change_end (png, FALSE);
            g_autoptr (GBytes) longer = change_end (png, TRUE);

            g_assert_nonnull (buffer);
            refuse (wrong, "damaged");
            refuse (longer, "damaged");
          }
        else
          refuse (png, "damaged");
      }
}

/* Chunks of pixels of @n bytes at most, empty ones between them. */
static GBytes *
split_pixels (GBytes *png, gsize n)
{
  gsize size;
  const guint8 *file = g_bytes_get_data (png, &size);
  GByteArray *changed = g_byte_array_new ();

  g_byte_array_append (changed, file, 8);
  for (gsize at = 8, length; at + 12 <= size; at += 12 + length)
    {
      const guint8 *data = file + at + 8;
      guint32 big;

      memcpy (&big, file + at, 4);
      length = GUINT32_FROM_BE (big);
      if (memcmp (file + at + 4, "IDAT", 4) != 0)
        g_byte_array_append (changed, file + at, (guint)length + 12);
      else
        for (gsize i = 0; i < length; i += n)
          {
            png_chunk (changed, "IDAT", NULL, 0);
            png_chunk (changed, "IDAT", data + i, MIN (n, length - i));
          }
    }
  return g_byte_array_free_to_bytes (changed);
}

/* zlib's header in two chunks, or alone in one. */
static void
test_split_pixels (void)
{
  PngOptions options = {
    .width = 9, .height = 5, .depth = 8, .type = PMT_PNG_RGB
  };
  g_autoptr (GBytes) png = png_make (&options);
  g_autoptr (GeglBuffer) whole = decode (png);
  guint8 expected[9 * 5 * 3], values[9 * 5 * 3];

  gegl_buffer_get (whole, NULL, 1.0, NULL, expected, GEGL_AUTO_ROWSTRIDE,
                   GEGL_ABYSS_NONE);
  for (gsize n = 1; n < 5; n++)
    {
      g_autoptr (GBytes) split = split_pixels (png, n);
      g_autoptr (GeglBuffer) buffer = decode (split);

      g_assert_nonnull (buffer);
      gegl_buffer_get (buffer, NULL, 1.0, NULL, values, GEGL_AUTO_ROWSTRIDE,
                       GEGL_ABYSS_NONE);
      g_assert_cmpmem (values, sizeof values, expected, sizeof expected);
    }
}

static GBytes *
break_profile (GBytes *profile, gsize at)
{
  gsize length;
  guint8 *data;
  GBytes *copy = g_bytes_new (g_bytes_get_data (profile, NULL),
                              g_bytes_get_size (profile));

  data = g_bytes_unref_to_data (copy, &length);
  data[at] ^= 0x5a;
  return g_bytes_new_take (data, length);
}

/* Size, table, tags: whatever is wrong with a profile, there is a picture. */
static void
test_broken_profiles (void)
{
  g_autoptr (GBytes) profile = space_profile (wide_space ());
  PngOptions options = {
    .width = 5, .height = 4, .depth = 8, .type = PMT_PNG_RGB
  };

  for (gsize at = 0; at < MIN (g_bytes_get_size (profile), 400); at++)
    {
      g_autoptr (GBytes) broken = break_profile (profile, at);
      g_autoptr (GBytes) file = NULL;
      g_autoptr (GeglBuffer) picture = NULL;

      options.profile = broken;
      file = png_make (&options);
      picture = decode (file);
      if (at < 4 || (at >= 36 && at < 40))
        g_assert_true (space_of (file) == babl_space ("sRGB"));
    }
  for (gsize n = 0; n < g_bytes_get_size (profile); n += 7)
    {
      g_autoptr (GBytes) cut = bytes_prefix (profile, n);

      g_assert_null (pmt_profile_to_space (cut, FALSE));
    }
}

/* Loaders complain of what they are given here; nobody else may. */
static void
hear (const gchar *domain,
      GLogLevelFlags level,
      const gchar *message,
      gpointer user_data)
{
  (void)user_data;
  if ((level & (G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_WARNING)) == 0
      || !strstr (message, "pmt_"))
    return;
  g_printerr ("%s: %s\n", domain ? domain : "", message);
  abort ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_log_set_always_fatal (G_LOG_LEVEL_ERROR);
  g_log_set_default_handler (hear, NULL);
  gegl_init (&argc, &argv);
  g_test_add_func ("/remote-hostile/prefixes", test_prefixes);
  g_test_add_func ("/remote-hostile/ended-jpeg", test_ended_jpeg);
  g_test_add_func ("/remote-hostile/bombs", test_bombs);
  g_test_add_func ("/remote-hostile/exact-pixels", test_exact_pixels);
  g_test_add_func ("/remote-hostile/split-pixels", test_split_pixels);
  g_test_add_func ("/remote-hostile/hollow-webp", test_hollow_webp);
  g_test_add_func ("/remote-hostile/mutations", test_mutations);
  g_test_add_func ("/remote-hostile/broken-profiles", test_broken_profiles);
  return g_test_run ();
}
