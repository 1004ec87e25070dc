/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* fuzz-pixels.c: any bytes as the pictures of a run that the history keeps.
 * The first byte tells whether the others are packed already, or are packed
 * here, since a fuzzer does not find its way through a checksum. */
#include "config.h"

#include "core/history-pixels.h"
#include "fuzz.h"

/* More pixels than a fuzzer can wait for. */
#define MAX_BYTES (1 << 16)

static GBytes *
pack (const uint8_t *data, size_t size)
{
  g_autoptr (GZlibCompressor) packer =
      g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 1);
  g_autoptr (GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autoptr (GOutputStream) stream =
      g_converter_output_stream_new (memory, G_CONVERTER (packer));

  g_assert_true (
      g_output_stream_write_all (stream, data, size, NULL, NULL, NULL));
  g_assert_true (g_output_stream_close (stream, NULL, NULL));
  return g_memory_output_stream_steal_as_bytes (
      G_MEMORY_OUTPUT_STREAM (memory));
}

/* The pixels are there, so that a sanitizer sees a buffer without them. */
static void
check_buffer (GeglBuffer *buffer)
{
  const GeglRectangle *extent = gegl_buffer_get_extent (buffer);
  const GeglRectangle last = { extent->x + extent->width - 1,
                               extent->y + extent->height - 1, 1, 1 };
  gdouble pixel[4];

  g_assert_cmpint (extent->width, >, 0);
  g_assert_cmpint (extent->height, >, 0);
  gegl_buffer_get (buffer, &last, 1.0, babl_format ("RGBA double"), pixel,
                   GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
}

static void
check_item (const PmtResult *result, guint i)
{
  g_autoptr (PmtRequest) request =
      pmt_request_from_recipe (pmt_result_get_recipe (result, i), NULL);
  GeglBuffer *mask = pmt_result_get_mask (result, i);

  g_assert_nonnull (request);
  g_assert_true (g_utf8_validate (pmt_result_get_name (result, i), -1, NULL));
  check_buffer (pmt_result_get_picture (result, i));
  if (mask != NULL)
    check_buffer (mask);
}

/* Without operations: they are not needed, and what they keep would be taken
 * for leaks. */
static void
start_gegl (void)
{
  static gboolean is_ready;

  if (is_ready)
    return;
  g_setenv ("GEGL_PATH", "/nonexistent", TRUE);
  gegl_init (NULL, NULL);
  is_ready = TRUE;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GInputStream) stream = NULL;
  g_autoptr (PmtResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GeglRectangle from = { 0, 0, 0, 0 };

  start_gegl ();
  if (size == 0 || size > MAX_BYTES)
    return 0;
  bytes = data[0] == 'p' ? g_bytes_new (data + 1, size - 1)
                         : pack (data + 1, size - 1);
  stream = g_memory_input_stream_new_from_bytes (bytes);
  result = pmt_history_pixels_read (stream, g_bytes_get_size (bytes), "fuzz",
                                    &from, &error);
  g_assert_true ((result == NULL) == (error != NULL));
  if (error != NULL)
    g_assert_true (g_utf8_validate (error->message, -1, NULL));
  if (result == NULL)
    {
      g_assert_cmpint (from.width, ==, 0);
      return 0;
    }
  g_assert_cmpint (from.width, >, 0);
  g_assert_cmpuint (pmt_result_get_n_items (result), >, 0);
  for (guint i = 0; i < pmt_result_get_n_items (result); i++)
    check_item (result, i);
  return 0;
}
