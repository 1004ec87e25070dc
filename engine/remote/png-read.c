/* SPDX-License-Identifier: LGPL-3.0-or-later */
/*
 * png-read.c: the pixels of a PNG, in memory, by libpng.  GEGL's loader goes
 * through a file, and leaves pixels empty that are not there.
 */
#include "config.h"

#include <png.h>
#include <setjmp.h>

#include "image/image-private.h"
#include "remote/picture-private.h"
#include "remote/png-unpack.h"

/* Rows that are written to the buffer at a time. */
#define BAND_ROWS 64

/* Reading: lives outside of the function that libpng jumps to.
 * @is_whole: nothing was missing, wrong or too much */
typedef struct
{
  png_structp png;
  png_infop info;
  PmtPngUnpack *unpack;
  GeglBuffer *buffer;
  guint8 *band;
  gint n_rows;
  gboolean is_whole;
} Reading;

static void
reading_clear (Reading *reading)
{
  png_destroy_read_struct (&reading->png, &reading->info, NULL);
  g_clear_object (&reading->buffer);
  g_free (reading->band);
  pmt_png_unpack_free (reading->unpack);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Reading, reading_clear)

G_NORETURN static void
take_error (png_structp png, png_const_charp text)
{
  g_debug ("libpng: %s", text);
  png_longjmp (png, 1);
}

/* Of a clean file, libpng warns of damage only. */
static void
take_warning (png_structp png, png_const_charp text)
{
  Reading *reading = png_get_error_ptr (png);

  g_debug ("libpng: %s", text);
  reading->is_whole = FALSE;
}

static void
give_bytes (png_structp png, png_bytep out, png_size_t n)
{
  if (!pmt_png_unpack_read (png_get_io_ptr (png), out, n))
    png_error (png, "end of the pixels, or damage");
}

/* Palettes, transparent colors and few bits become components of 8 bits.
 * Returns: %FALSE when libpng gave up. */
static gboolean
read_head (Reading *reading)
{
  if (setjmp (png_jmpbuf (reading->png)))
    return FALSE;
  png_set_read_fn (reading->png, reading->unpack, give_bytes);
  png_set_user_limits (reading->png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
  /* pmt_png_clean() and pmt_png_unpack_new() made the checksums of chunks, and
   * that of the pixels was compared. */
  png_set_crc_action (reading->png, PNG_CRC_QUIET_USE, PNG_CRC_QUIET_USE);
#ifdef PNG_IGNORE_ADLER32
  png_set_option (reading->png, PNG_IGNORE_ADLER32, PNG_OPTION_ON);
#endif
  png_read_info (reading->png, reading->info);
  png_set_expand (reading->png);
  if (G_BYTE_ORDER == G_LITTLE_ENDIAN)
    png_set_swap (reading->png);
  png_set_interlace_handling (reading->png);
  png_read_update_info (reading->png, reading->info);
  return TRUE;
}

static const Babl *
find_format (const Reading *reading)
{
  static const gchar *const names[4][2] = {
    { "Y' u8", "Y' u16" },
    { "Y'A u8", "Y'A u16" },
    { "R'G'B' u8", "R'G'B' u16" },
    { "R'G'B'A u8", "R'G'B'A u16" },
  };
  const guint n = png_get_channels (reading->png, reading->info);
  const guint bits = png_get_bit_depth (reading->png, reading->info);

  g_return_val_if_fail (n >= 1 && n <= 4 && bits >= 8, NULL);
  return babl_format (names[n - 1][bits == 16]);
}

/* The rows of an interlaced picture come in passes: all are held at once. */
static gboolean
make_room (Reading *reading, GError **error)
{
  const gint width = (gint)png_get_image_width (reading->png, reading->info);
  const gint height = (gint)png_get_image_height (reading->png, reading->info);
  const gboolean has_passes =
      png_get_interlace_type (reading->png, reading->info)
      != PNG_INTERLACE_NONE;
  const Babl *format = find_format (reading);

  reading->n_rows = has_passes ? height : MIN (BAND_ROWS, height);
  reading->band =
      pmt_image_alloc (width, reading->n_rows,
                       (gsize)babl_format_get_bytes_per_pixel (format), error);
  if (!reading->band)
    return FALSE;
  reading->buffer =
      gegl_buffer_new (GEGL_RECTANGLE (0, 0, width, height), format);
  return TRUE;
}

static void
read_band (Reading *reading, gint y, gint n_rows)
{
  const gsize stride = png_get_rowbytes (reading->png, reading->info);

  for (gint i = 0; i < n_rows; i++)
    png_read_row (reading->png, reading->band + (gsize)i * stride, NULL);
  gegl_buffer_set (
      reading->buffer,
      GEGL_RECTANGLE (0, y, gegl_buffer_get_width (reading->buffer), n_rows), 0,
      NULL, reading->band, GEGL_AUTO_ROWSTRIDE);
}

static gboolean
read_pixels (Reading *reading)
{
  const gint height = gegl_buffer_get_height (reading->buffer);
  const gint n_passes =
      reading->n_rows == height ? png_set_interlace_handling (reading->png) : 1;

  if (setjmp (png_jmpbuf (reading->png)))
    return FALSE;
  for (gint pass = 0; pass < n_passes; pass++)
    for (gint y = 0; y < height; y += reading->n_rows)
      read_band (reading, y, MIN (reading->n_rows, height - y));
  png_read_end (reading->png, NULL);
  return reading->is_whole;
}

GeglBuffer *
pmt_png_read (GBytes *clean, GError **error)
{
  g_auto (Reading) reading = { .unpack = pmt_png_unpack_new (clean, error),
                               .is_whole = TRUE };

  if (!reading.unpack)
    return NULL;
  reading.png = png_create_read_struct (PNG_LIBPNG_VER_STRING, &reading,
                                        take_error, take_warning);
  if (reading.png)
    reading.info = png_create_info_struct (reading.png);
  if (!reading.info || !read_head (&reading) || !make_room (&reading, error)
      || !read_pixels (&reading))
    return NULL;
  return g_steal_pointer (&reading.buffer);
}
