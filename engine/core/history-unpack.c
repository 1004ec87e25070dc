/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* history-unpack.c: reads the pictures and masks of a run, within bounds. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "core/environment.h"
#include "core/history-pixels.h"
#include "core/history.h"
#include "core/result-builder.h"

/* GIMP's largest side is 2^19. */
#define MAX_COORDINATE (1 << 20)
#define MAX_ITEMS 256
#define MAX_NAME 1024
#define MAX_PROFILE ((gsize)4 << 20)
/* What deflate makes of one byte at most. */
#define MAX_RATIO 1032

static gboolean
fail_damaged (const gchar *label, GError **error)
{
  g_set_error (error, PMT_ERROR, PMT_ERROR_FILE,
               _ ("The result in “%s” is damaged, and can't be inserted. "
                  "Run it again with “Reuse Settings”."),
               label);
  return FALSE;
}

const Babl *
pmt_history_pixels_find_format (const gchar *encoding, const Babl *space)
{
  static const gchar *const models[] = {
    "Y",       "Y'",         "Y~",         "YA",   "Y'A",     "Y~A",
    "RGB",     "R'G'B'",     "R~G~B~",     "RGBA", "R'G'B'A", "R~G~B~A",
    "RaGaBaA", "R'aG'aB'aA", "R~aG~aB~aA", "YaA",  "Y'aA",    "Y~aA",
  };
  static const gchar *const types[] = { "u8",   "u16",   "u32",
                                        "half", "float", "double" };
  const gchar *end = encoding != NULL ? strchr (encoding, ' ') : NULL;
  g_autofree gchar *model = NULL;
  gboolean is_known = FALSE;

  if (end == NULL)
    return NULL;
  model = g_strndup (encoding, end - encoding);
  for (guint i = 0; i < G_N_ELEMENTS (models) && !is_known; i++)
    is_known = strcmp (model, models[i]) == 0;
  for (guint i = 0; i < G_N_ELEMENTS (types) && is_known; i++)
    if (strcmp (end + 1, types[i]) == 0)
      return babl_format_with_space (encoding, space);
  return NULL;
}

/* ---------------------------------------------------------------- header */

static gboolean
get_box (const cJSON *object, const gchar *key, GeglRectangle *rect)
{
  const cJSON *array = cJSON_GetObjectItemCaseSensitive (object, key);
  gint v[4];

  if (!cJSON_IsArray (array) || cJSON_GetArraySize (array) != 4)
    return FALSE;
  for (gint i = 0; i < 4; i++)
    {
      const cJSON *node = cJSON_GetArrayItem (array, i);

      if (!cJSON_IsNumber (node) || node->valuedouble > MAX_COORDINATE
          || node->valuedouble < (i < 2 ? -MAX_COORDINATE : 1)
          || node->valuedouble != floor (node->valuedouble))
        return FALSE;
      v[i] = node->valueint;
    }
  gegl_rectangle_set (rect, v[0], v[1], (guint)v[2], (guint)v[3]);
  return TRUE;
}

/* Returns: whether there is no profile, or a good one. */
static gboolean
get_space (const cJSON *object, const Babl **space)
{
  const cJSON *node = cJSON_GetObjectItemCaseSensitive (object, "icc");
  g_autofree guchar *icc = NULL;
  const gchar *problem = NULL;
  gsize n = 0;

  *space = NULL;
  if (node == NULL)
    return TRUE;
  if (!cJSON_IsString (node) || strlen (node->valuestring) > MAX_PROFILE)
    return FALSE;
  icc = g_base64_decode (node->valuestring, &n);
  if (n < 128)
    return FALSE;
  *space =
      babl_space_from_icc ((const gchar *)icc, (gint)n,
                           BABL_ICC_INTENT_RELATIVE_COLORIMETRIC, &problem);
  return *space != NULL;
}

/* Returns: (transfer full) (nullable): empty; adds to @sum what it takes. */
static GeglBuffer *
new_buffer (const cJSON *item, const gchar *key, guint64 *sum)
{
  const cJSON *object = cJSON_GetObjectItemCaseSensitive (item, key);
  const gchar *encoding = cJSON_GetStringValue (
      cJSON_GetObjectItemCaseSensitive (object, "format"));
  const Babl *space;
  const Babl *format;
  GeglRectangle box;

  if (encoding == NULL || !get_box (object, "box", &box)
      || !get_space (object, &space))
    return NULL;
  format = pmt_history_pixels_find_format (encoding, space);
  if (format == NULL)
    return NULL;
  *sum += (guint64)box.width * (guint64)box.height
          * (guint64)babl_format_get_bytes_per_pixel (format);
  return gegl_buffer_new (&box, format);
}

static gboolean
add_item (PmtResult *result,
          const cJSON *item,
          PmtOperation operation,
          guint64 *sum)
{
  const gchar *name =
      cJSON_GetStringValue (cJSON_GetObjectItemCaseSensitive (item, "name"));
  const gchar *recipe =
      cJSON_GetStringValue (cJSON_GetObjectItemCaseSensitive (item, "recipe"));
  const cJSON *seed = cJSON_GetObjectItemCaseSensitive (item, "seed");
  g_autoptr (PmtRequest) request =
      recipe != NULL ? pmt_request_from_recipe (recipe, NULL) : NULL;
  g_autoptr (GeglBuffer) picture = NULL;
  g_autoptr (GeglBuffer) mask = NULL;

  if (name == NULL || strlen (name) > MAX_NAME || request == NULL
      || pmt_request_get_operation (request) != operation
      || !cJSON_IsNumber (seed) || seed->valuedouble < 0.0
      || seed->valuedouble > G_MAXUINT32)
    return FALSE;
  picture = new_buffer (item, "picture", sum);
  if (picture == NULL)
    return FALSE;
  if (cJSON_HasObjectItem (item, "mask"))
    {
      mask = new_buffer (item, "mask", sum);
      if (mask == NULL
          || babl_format_get_n_components (gegl_buffer_get_format (mask)) != 1)
        return FALSE;
    }
  pmt_result_add_made (result, g_steal_pointer (&picture),
                       g_steal_pointer (&mask), name, recipe,
                       (guint32)seed->valuedouble);
  return TRUE;
}

/* Of the first item; the others must have the same. */
static gboolean
find_operation (const cJSON *items, PmtOperation *operation)
{
  const gchar *recipe = cJSON_GetStringValue (cJSON_GetObjectItemCaseSensitive (
      cJSON_GetArrayItem (items, 0), "recipe"));
  g_autoptr (PmtRequest) request =
      recipe != NULL ? pmt_request_from_recipe (recipe, NULL) : NULL;

  if (request == NULL)
    return FALSE;
  *operation = pmt_request_get_operation (request);
  return TRUE;
}

/* Returns: (transfer full) (nullable): with buffers that are still empty. */
static PmtResult *
read_root (const cJSON *root, GeglRectangle *from, guint64 *sum)
{
  const cJSON *version = cJSON_GetObjectItemCaseSensitive (root, "version");
  const cJSON *items = cJSON_GetObjectItemCaseSensitive (root, "items");
  const gint n = cJSON_IsArray (items) ? cJSON_GetArraySize (items) : 0;
  g_autoptr (PmtRequest) request = NULL;
  g_autoptr (PmtResult) result = NULL;
  PmtJob job = { NULL };
  GeglRectangle canvas;
  PmtOperation operation;
  const cJSON *item;

  if (!cJSON_IsNumber (version)
      || version->valuedouble != PMT_HISTORY_PIXELS_VERSION || n < 1
      || n > MAX_ITEMS || !get_box (root, "from", from)
      || !get_box (root, "canvas", &canvas)
      || !find_operation (items, &operation))
    return NULL;
  request = pmt_request_new (operation);
  pmt_request_set_canvas (request, &canvas);
  job.request = request;
  result = pmt_result_new (&job);
  cJSON_ArrayForEach (
      item, items) if (!add_item (result, item, operation, sum)) return NULL;
  return g_steal_pointer (&result);
}

static gboolean
read_exactly (GInputStream *stream, gpointer bytes, gsize n)
{
  gsize done = 0;

  return g_input_stream_read_all (stream, bytes, n, &done, NULL, NULL)
         && done == n;
}

/* Returns: (transfer full) (nullable) */
static cJSON *
read_header (GInputStream *stream, const gchar *label)
{
  g_autofree gchar *text = NULL;
  guint32 length = 0;

  if (!read_exactly (stream, &length, 4))
    return NULL;
  length = GUINT32_FROM_LE (length);
  if (length == 0 || length > PMT_HISTORY_MAX_HEADER)
    return NULL;
  text = g_malloc (length);
  if (!read_exactly (stream, text, length))
    return NULL;
  return pmt_json_parse_large (label, text, length, PMT_HISTORY_MAX_HEADER,
                               PMT_ERROR_FILE, NULL);
}

/* ---------------------------------------------------------------- pixels */

static gboolean
read_buffer (GInputStream *stream, GeglBuffer *buffer)
{
  const GeglRectangle *extent = gegl_buffer_get_extent (buffer);
  const Babl *format = gegl_buffer_get_format (buffer);
  const gsize step = (gsize)babl_format_get_bytes_per_pixel (format);
  const gsize n = step * (gsize)extent->width;
  g_autofree guint8 *row = g_malloc (n);

  for (gint y = 0; y < extent->height; y++)
    {
      const GeglRectangle line = { extent->x, extent->y + y, extent->width, 1 };

      if (!read_exactly (stream, row, n))
        return FALSE;
      for (gsize i = step; i < n; i++)
        row[i] = (guint8)(row[i] + row[i - step]);
      gegl_buffer_set (buffer, &line, 0, format, row, GEGL_AUTO_ROWSTRIDE);
    }
  return TRUE;
}

/* The checksum of the stream is read with its end. */
static gboolean
is_at_end (GInputStream *stream)
{
  guint8 byte;

  return g_input_stream_read (stream, &byte, 1, NULL, NULL) == 0;
}

static gboolean
read_pixels (GInputStream *stream, const PmtResult *result)
{
  for (guint i = 0; i < pmt_result_get_n_items (result); i++)
    {
      GeglBuffer *mask = pmt_result_get_mask (result, i);

      if (!read_buffer (stream, pmt_result_get_picture (result, i))
          || (mask != NULL && !read_buffer (stream, mask)))
        return FALSE;
    }
  return is_at_end (stream);
}

static gboolean
check_memory (const gchar *label, guint64 sum, GError **error)
{
  g_autofree gchar *size = NULL;

  if (sum <= pmt_memory_available () / 2)
    return TRUE;
  size = g_format_size (sum);
  g_set_error (error, PMT_ERROR, PMT_ERROR_MEMORY,
               _ ("The result in “%s” takes %s of memory, more than is free. "
                  "Close other pictures, and try again."),
               label, size);
  return FALSE;
}

PmtResult *
pmt_history_pixels_read (GInputStream *stream,
                         guint64 n_bytes,
                         const gchar *label,
                         GeglRectangle *from,
                         GError **error)
{
  g_autoptr (GZlibDecompressor) unpacker =
      g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP);
  g_autoptr (GInputStream) unpacked =
      g_converter_input_stream_new (stream, G_CONVERTER (unpacker));
  g_autoptr (cJSON) root = read_header (unpacked, label);
  g_autoptr (PmtResult) result = NULL;
  GeglRectangle rect;
  guint64 sum = 0;

  if (root != NULL)
    result = read_root (root, &rect, &sum);
  if (result == NULL || sum / MAX_RATIO > n_bytes)
    {
      fail_damaged (label, error);
      return NULL;
    }
  if (!check_memory (label, sum, error))
    return NULL;
  if (!read_pixels (unpacked, result))
    {
      fail_damaged (label, error);
      return NULL;
    }
  *from = rect;
  return g_steal_pointer (&result);
}
