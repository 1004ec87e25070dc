/* SPDX-License-Identifier: LGPL-3.0-or-later */
/*
 * png-write.c: pixels as a PNG, in memory, by libpng.  GEGL's saver goes
 * through a file, writes profile and comments, and leaves libpng its own
 * settings, which take three times as long (README.md, "Loaders").
 */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <png.h>
#include <setjmp.h>
#include <zlib.h>

#include "image/image-private.h"
#include "image/pixels.h"
#include "remote/picture-private.h"

/* Up with runs alone: photographs become as small as with libpng's choice
 * among five filters and copies of level 3, masks smaller. */
#define FILTER PNG_FILTER_UP
#define LEVEL Z_BEST_SPEED
#define STRATEGY Z_RLE
/* Packed bytes in an IDAT chunk. */
#define CHUNK_BYTES ((gsize)1 << 18)
/* Rows that are read from the buffer at a time. */
#define BAND_ROWS 64

/* Writing: lives outside of the function that libpng jumps to. */
typedef struct
{
  png_structp png;
  png_infop info;
  GByteArray *out;
  guint8 *band;
  gchar fault[128];
} Writing;

static void
writing_clear (Writing *writing)
{
  png_destroy_write_struct (&writing->png, &writing->info);
  g_clear_pointer (&writing->out, g_byte_array_unref);
  g_free (writing->band);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Writing, writing_clear)

G_NORETURN static void
take_error (png_structp png, png_const_charp text)
{
  Writing *writing = png_get_error_ptr (png);

  g_strlcpy (writing->fault, text, sizeof writing->fault);
  png_longjmp (png, 1);
}

/* Nothing that libpng warns of is written here. */
static void
take_warning (png_structp png, png_const_charp text)
{
  g_debug ("libpng: %s", text);
}

static void
take_bytes (png_structp png, png_bytep data, png_size_t n)
{
  GByteArray *out = png_get_io_ptr (png);

  if (n > G_MAXUINT - out->len)
    png_error (png, "more than 4 GiB");
  g_byte_array_append (out, data, (guint)n);
}

static void
take_flush (png_structp png)
{
}

static void
write_head (Writing *writing, GeglBuffer *pixels, gint bits, gint type)
{
  png_set_write_fn (writing->png, writing->out, take_bytes, take_flush);
  png_set_user_limits (writing->png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
  png_set_IHDR (writing->png, writing->info,
                (png_uint_32)gegl_buffer_get_width (pixels),
                (png_uint_32)gegl_buffer_get_height (pixels), bits, type,
                PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
                PNG_FILTER_TYPE_DEFAULT);
  png_set_filter (writing->png, PNG_FILTER_TYPE_BASE, FILTER);
  png_set_compression_level (writing->png, LEVEL);
  png_set_compression_strategy (writing->png, STRATEGY);
  png_set_compression_buffer_size (writing->png, CHUNK_BYTES);
  png_write_info (writing->png, writing->info);
  if (bits == 16 && G_BYTE_ORDER == G_LITTLE_ENDIAN)
    png_set_swap (writing->png);
}

/* Returns: %FALSE when libpng gave up; @fault says why. */
static gboolean
write_all (Writing *writing, GeglBuffer *pixels, gsize pixel, gint bits)
{
  const gint width = gegl_buffer_get_width (pixels);
  const gint height = gegl_buffer_get_height (pixels);
  const gsize stride = (gsize)width * pixel;
  const gboolean has_alpha =
      babl_format_has_alpha (gegl_buffer_get_format (pixels));

  if (setjmp (png_jmpbuf (writing->png)))
    return FALSE;
  write_head (writing, pixels, bits,
              has_alpha ? PNG_COLOR_TYPE_RGB_ALPHA : PNG_COLOR_TYPE_RGB);
  for (gint y = 0; y < height; y += BAND_ROWS)
    {
      const gint n_rows = MIN (BAND_ROWS, height - y);

      gegl_buffer_get (pixels, GEGL_RECTANGLE (0, y, width, n_rows), 1.0, NULL,
                       writing->band, GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
      for (gint i = 0; i < n_rows; i++)
        png_write_row (writing->png, writing->band + (gsize)i * stride);
    }
  png_write_end (writing->png, NULL);
  return TRUE;
}

GBytes *
pmt_png_write (GeglBuffer *pixels, GError **error)
{
  const gint width = gegl_buffer_get_width (pixels);
  const Babl *format = gegl_buffer_get_format (pixels);
  const gsize pixel = (gsize)babl_format_get_bytes_per_pixel (format);
  const gint bits = 8 * (gint)pixel / babl_format_get_n_components (format);
  g_auto (Writing) writing = { 0 };

  writing.band = pmt_image_alloc (width, BAND_ROWS, pixel, error);
  if (!writing.band)
    return NULL;
  writing.out = g_byte_array_new ();
  writing.png = png_create_write_struct (PNG_LIBPNG_VER_STRING, &writing,
                                         take_error, take_warning);
  if (writing.png)
    writing.info = png_create_info_struct (writing.png);
  if (!writing.info)
    {
      pmt_image_memory_error (width, gegl_buffer_get_height (pixels), error);
      return NULL;
    }
  if (!write_all (&writing, pixels, pixel, bits))
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_MEMORY,
                   _ ("The picture for the service can't be made a PNG (%s). "
                      "Select a smaller area, or close other pictures and try "
                      "again."),
                   writing.fault);
      return NULL;
    }
  return g_byte_array_free_to_bytes (g_steal_pointer (&writing.out));
}
