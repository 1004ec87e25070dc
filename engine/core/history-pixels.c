/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* history-pixels.c: writes the pictures and masks of a run. */
#include "config.h"

#include "core/history-pixels.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "core/history.h"

/* Speed: a run waits for it. */
#define LEVEL 1
/* How much smaller plain pictures and masks may get; what is larger is not even
 * tried, unless it takes no time.
 */
#define MAX_PACKING 32
#define ALWAYS_TRIED ((guint64)64 << 20)

/* ---------------------------------------------------------------- header */

static void
add_box (cJSON *object, const gchar *key, const GeglRectangle *rect)
{
  const gint box[] = { rect->x, rect->y, rect->width, rect->height };

  cJSON_AddItemToObject (object, key, cJSON_CreateIntArray (box, 4));
}

/* Without a profile the pixels are sRGB. */
static void
add_space (cJSON *object, const Babl *format)
{
  const Babl *space = babl_format_get_space (format);
  g_autofree gchar *text = NULL;
  const gchar *icc;
  gint length = 0;

  if (space == NULL || space == babl_space ("sRGB"))
    return;
  icc = babl_space_get_icc (space, &length);
  if (icc == NULL || length <= 0)
    return;
  text = g_base64_encode ((const guchar *)icc, (gsize)length);
  cJSON_AddStringToObject (object, "icc", text);
}

static void
add_buffer (cJSON *item, const gchar *key, GeglBuffer *buffer)
{
  const Babl *format = gegl_buffer_get_format (buffer);
  cJSON *object = cJSON_AddObjectToObject (item, key);

  add_box (object, "box", gegl_buffer_get_extent (buffer));
  cJSON_AddStringToObject (object, "format", babl_format_get_encoding (format));
  add_space (object, format);
}

static void
add_item (cJSON *items, const PmtResult *result, guint i)
{
  cJSON *item = cJSON_CreateObject ();
  GeglBuffer *mask = pmt_result_get_mask (result, i);
  g_autofree gchar *recipe =
      pmt_history_clean_recipe (pmt_result_get_recipe (result, i));

  cJSON_AddItemToArray (items, item);
  cJSON_AddStringToObject (item, "name", pmt_result_get_name (result, i));
  cJSON_AddStringToObject (item, "recipe", recipe);
  cJSON_AddNumberToObject (item, "seed", pmt_result_get_seed (result, i));
  add_buffer (item, "picture", pmt_result_get_picture (result, i));
  if (mask != NULL)
    add_buffer (item, "mask", mask);
}

static gchar *
print_header (const PmtResult *result, const GeglRectangle *from)
{
  g_autoptr (cJSON) root = cJSON_CreateObject ();
  cJSON *items;
  GeglRectangle canvas;
  gchar *printed;
  gchar *text;

  pmt_result_get_canvas (result, &canvas);
  cJSON_AddNumberToObject (root, "version", PMT_HISTORY_PIXELS_VERSION);
  add_box (root, "from", from);
  add_box (root, "canvas", &canvas);
  items = cJSON_AddArrayToObject (root, "items");
  for (guint i = 0; i < pmt_result_get_n_items (result); i++)
    add_item (items, result, i);
  printed = cJSON_PrintUnformatted (root);
  text = g_strdup (printed);
  cJSON_free (printed);
  return text;
}

/* ---------------------------------------------------------------- pixels */

static gboolean
fail_large (GError **error)
{
  g_set_error_literal (error, PMT_ERROR, PMT_ERROR_TOO_LARGE,
                       _ ("The result is too large for the history."));
  return FALSE;
}

/* Adds to @sum what @buffer takes in memory. */
static gboolean
check_buffer (GeglBuffer *buffer, guint64 *sum, GError **error)
{
  const Babl *format = gegl_buffer_get_format (buffer);
  const GeglRectangle *extent = gegl_buffer_get_extent (buffer);

  if (pmt_history_pixels_find_format (babl_format_get_encoding (format), NULL)
      == NULL)
    {
      g_set_error_literal (error, PMT_ERROR, PMT_ERROR_UNSUPPORTED,
                           _ ("The history keeps gray and RGB pictures only."));
      return FALSE;
    }
  *sum += (guint64)extent->width * (guint64)extent->height
          * (guint64)babl_format_get_bytes_per_pixel (format);
  return TRUE;
}

static gboolean
check_size (const PmtResult *result, guint64 max_sum, GError **error)
{
  guint64 sum = 0;

  for (guint i = 0; i < pmt_result_get_n_items (result); i++)
    {
      GeglBuffer *mask = pmt_result_get_mask (result, i);

      if (!check_buffer (pmt_result_get_picture (result, i), &sum, error)
          || (mask != NULL && !check_buffer (mask, &sum, error)))
        return FALSE;
    }
  return sum <= max_sum || fail_large (error);
}

static gboolean
write_buffer (GOutputStream *stream,
              GSeekable *file,
              GeglBuffer *buffer,
              guint64 max_bytes,
              GError **error)
{
  const GeglRectangle *extent = gegl_buffer_get_extent (buffer);
  const Babl *format = gegl_buffer_get_format (buffer);
  const gsize step = (gsize)babl_format_get_bytes_per_pixel (format);
  const gsize n = step * (gsize)extent->width;
  g_autofree guint8 *row = g_malloc (n);

  for (gint y = 0; y < extent->height; y++)
    {
      const GeglRectangle line = { extent->x, extent->y + y, extent->width, 1 };

      gegl_buffer_get (buffer, &line, 1.0, format, row, GEGL_AUTO_ROWSTRIDE,
                       GEGL_ABYSS_NONE);
      for (gsize i = n; i > step; i--)
        row[i - 1] = (guint8)(row[i - 1] - row[i - 1 - step]);
      if (!g_output_stream_write_all (stream, row, n, NULL, NULL, error))
        return FALSE;
      if ((guint64)g_seekable_tell (file) > max_bytes)
        return fail_large (error);
    }
  return TRUE;
}

static gboolean
write_all (GOutputStream *stream,
           GSeekable *file,
           const PmtResult *result,
           const GeglRectangle *from,
           guint64 max_bytes,
           GError **error)
{
  g_autofree gchar *header = print_header (result, from);
  const gsize length = strlen (header);
  const guint32 length_le = GUINT32_TO_LE ((guint32)length);

  if (length > PMT_HISTORY_MAX_HEADER)
    return fail_large (error);
  if (!g_output_stream_write_all (stream, &length_le, 4, NULL, NULL, error)
      || !g_output_stream_write_all (stream, header, length, NULL, NULL, error))
    return FALSE;
  for (guint i = 0; i < pmt_result_get_n_items (result); i++)
    {
      GeglBuffer *mask = pmt_result_get_mask (result, i);

      if (!write_buffer (stream, file, pmt_result_get_picture (result, i),
                         max_bytes, error)
          || (mask != NULL
              && !write_buffer (stream, file, mask, max_bytes, error)))
        return FALSE;
    }
  return g_output_stream_close (stream, NULL, error);
}

gboolean
pmt_history_pixels_write (const gchar *path,
                          const PmtResult *result,
                          const GeglRectangle *from,
                          guint64 max_bytes,
                          GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileOutputStream) base = NULL;
  g_autoptr (GZlibCompressor) packer =
      g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, LEVEL);
  g_autoptr (GOutputStream) stream = NULL;
  GStatBuf info;

  if (!check_size (result, MAX (max_bytes * MAX_PACKING, ALWAYS_TRIED), error))
    return FALSE;
  base = g_file_create (file, G_FILE_CREATE_PRIVATE, NULL, error);
  if (base == NULL)
    return FALSE;
  stream = g_converter_output_stream_new (G_OUTPUT_STREAM (base),
                                          G_CONVERTER (packer));
  if (!write_all (stream, G_SEEKABLE (base), result, from, max_bytes, error))
    return FALSE;
  return (g_stat (path, &info) == 0 && (guint64)info.st_size <= max_bytes)
         || fail_large (error);
}
