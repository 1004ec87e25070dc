/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* source-record.c: what a result was made from, as JSON, and back. */
#include "config.h"

#include "source-record.h"

#include <cjson/cJSON.h>
#include <glib/gi18n-lib.h>
#include <math.h>

/* GIMP's largest side is 2^19. */
#define MAX_COORDINATE (1 << 20)
#define MAX_NAME_BYTES 1024
#define N_HEX 16

G_DEFINE_AUTOPTR_CLEANUP_FUNC (cJSON, cJSON_Delete)

void
pmt_source_record_free (PmtSourceRecord *record)
{
  if (!record)
    return;

  g_free (record->name);
  g_free (record->pixels);
  g_free (record);
}

/* Tells changed pixels, not malice: FNV-1a by words, with a rotation so that
 * high bits reach the low ones.
 */
static guint64
hash_bytes (guint64 hash, const guint8 *bytes, gsize n)
{
  const guint64 prime = G_GUINT64_CONSTANT (1099511628211);

  for (; n >= 8; bytes += 8, n -= 8)
    {
      guint64 word;

      memcpy (&word, bytes, 8);
      hash = (hash ^ GUINT64_FROM_LE (word)) * prime;
      hash = (hash << 29) | (hash >> 35);
    }
  for (; n > 0; bytes++, n--)
    hash = (hash ^ *bytes) * prime;

  return hash;
}

gchar *
pmt_source_fingerprint (GeglBuffer *buffer)
{
  const GeglRectangle *extent = gegl_buffer_get_extent (buffer);
  const Babl *format = gegl_buffer_get_format (buffer);
  const gchar *encoding = babl_format_get_encoding (format);
  const gsize n_bytes =
      (gsize)babl_format_get_bytes_per_pixel (format) * (gsize)extent->width;
  g_autofree guint8 *row = g_malloc (n_bytes);
  guint64 hash = G_GUINT64_CONSTANT (14695981039346656037);

  hash = hash_bytes (hash, (const guint8 *)encoding, strlen (encoding));
  for (gint y = 0; y < extent->height; y++)
    {
      const GeglRectangle line = { extent->x, extent->y + y, extent->width, 1 };

      gegl_buffer_get (buffer, &line, 1.0, format, row, GEGL_AUTO_ROWSTRIDE,
                       GEGL_ABYSS_NONE);
      hash = hash_bytes (hash, row, n_bytes);
    }

  return g_strdup_printf ("%016" G_GINT64_MODIFIER "x", hash);
}

static void
note_layer (PmtSourceRecord *record,
            GimpLayer *layer,
            const PmtRequest *request)
{
  GeglBuffer *source = pmt_request_get_source (request);

  record->has_layer = TRUE;
  record->tattoo = gimp_item_get_tattoo (GIMP_ITEM (layer));
  record->name = gimp_item_get_name (GIMP_ITEM (layer));
  record->layer = *pmt_request_get_layer (request);
  record->region = *gegl_buffer_get_extent (source);
  record->pixels = pmt_source_fingerprint (source);
}

static void
note_selection (PmtSourceRecord *record, GeglBuffer *mask)
{
  const Babl *format = gegl_buffer_get_format (mask);
  const GeglRectangle *within =
      record->has_layer ? &record->layer : &record->canvas;

  gegl_rectangle_intersect (&record->selection, gegl_buffer_get_extent (mask),
                            within);
  record->depth = babl_format_get_type (format, 0) == babl_type ("u8") ? 8 : 32;
}

PmtSourceRecord *
pmt_source_record_new (GimpLayer *layer, const PmtRequest *request)
{
  PmtSourceRecord *record = g_new0 (PmtSourceRecord, 1);
  GeglBuffer *mask = pmt_request_get_mask (request);

  record->canvas = *pmt_request_get_canvas (request);
  record->n_references = pmt_request_get_n_references (request);
  if (layer)
    note_layer (record, layer, request);
  if (mask)
    note_selection (record, mask);

  return record;
}

/* ---------------------------------------------------------------- writing */

static void
add_box (cJSON *object, const gchar *key, const GeglRectangle *rect)
{
  const gint box[] = { rect->x, rect->y, rect->width, rect->height };

  cJSON_AddItemToObject (object, key, cJSON_CreateIntArray (box, 4));
}

static void
add_layer (cJSON *root, const PmtSourceRecord *record)
{
  cJSON *layer = cJSON_AddObjectToObject (root, "layer");
  g_autofree gchar *name = g_utf8_make_valid (
      record->name, MIN ((gssize)strlen (record->name), MAX_NAME_BYTES / 4));

  cJSON_AddNumberToObject (layer, "tattoo", record->tattoo);
  cJSON_AddStringToObject (layer, "name", name);
  add_box (layer, "box", &record->layer);
  add_box (layer, "read", &record->region);
  cJSON_AddStringToObject (layer, "pixels", record->pixels);
}

gchar *
pmt_source_record_to_json (const PmtSourceRecord *record)
{
  g_autoptr (cJSON) root = cJSON_CreateObject ();
  gchar *printed;
  gchar *text;

  add_box (root, "canvas", &record->canvas);
  if (record->has_layer)
    add_layer (root, record);
  if (!gegl_rectangle_is_empty (&record->selection))
    {
      add_box (root, "selection", &record->selection);
      cJSON_AddNumberToObject (root, "depth", record->depth);
    }
  if (record->n_references > 0)
    cJSON_AddNumberToObject (root, "references", record->n_references);
  printed = cJSON_PrintUnformatted (root);
  text = g_strdup (printed);
  cJSON_free (printed);

  return text;
}

/* ---------------------------------------------------------------- reading */

static gboolean
get_whole (const cJSON *node, gdouble min, gdouble max, gdouble *value)
{
  if (!cJSON_IsNumber (node) || node->valuedouble < min
      || node->valuedouble > max
      || node->valuedouble != floor (node->valuedouble))
    return FALSE;
  *value = node->valuedouble;

  return TRUE;
}

static gboolean
get_box (const cJSON *object, const gchar *key, GeglRectangle *rect)
{
  const cJSON *array = cJSON_GetObjectItemCaseSensitive (object, key);
  gdouble v[4];

  if (!cJSON_IsArray (array) || cJSON_GetArraySize (array) != 4)
    return FALSE;
  for (gint i = 0; i < 4; i++)
    if (!get_whole (cJSON_GetArrayItem (array, i), i < 2 ? -MAX_COORDINATE : 1,
                    MAX_COORDINATE, &v[i]))
      return FALSE;
  gegl_rectangle_set (rect, (gint)v[0], (gint)v[1], (guint)v[2], (guint)v[3]);

  return TRUE;
}

static gboolean
is_fingerprint (const gchar *text)
{
  return text && strlen (text) == N_HEX
         && strspn (text, "0123456789abcdef") == N_HEX;
}

static gboolean
get_layer (const cJSON *layer, PmtSourceRecord *record)
{
  const gchar *name =
      cJSON_GetStringValue (cJSON_GetObjectItemCaseSensitive (layer, "name"));
  const gchar *pixels =
      cJSON_GetStringValue (cJSON_GetObjectItemCaseSensitive (layer, "pixels"));
  gdouble tattoo;

  if (!name || strlen (name) > MAX_NAME_BYTES || !is_fingerprint (pixels)
      || !get_whole (cJSON_GetObjectItemCaseSensitive (layer, "tattoo"), 0,
                     G_MAXUINT, &tattoo)
      || !get_box (layer, "box", &record->layer)
      || !get_box (layer, "read", &record->region)
      || !gegl_rectangle_contains (&record->layer, &record->region))
    return FALSE;
  record->has_layer = TRUE;
  record->tattoo = (guint)tattoo;
  record->name = g_strdup (name);
  record->pixels = g_strdup (pixels);

  return TRUE;
}

static gboolean
get_selection (const cJSON *root, PmtSourceRecord *record)
{
  const GeglRectangle *within =
      record->has_layer ? &record->layer : &record->canvas;
  gdouble depth;

  if (!get_box (root, "selection", &record->selection)
      || !gegl_rectangle_contains (within, &record->selection)
      || !get_whole (cJSON_GetObjectItemCaseSensitive (root, "depth"), 8, 32,
                     &depth)
      || (depth != 8.0 && depth != 32.0))
    return FALSE;
  record->depth = (gint)depth;

  return TRUE;
}

static gboolean
get_all (const cJSON *root, PmtSourceRecord *record)
{
  const cJSON *layer = cJSON_GetObjectItemCaseSensitive (root, "layer");
  const cJSON *references =
      cJSON_GetObjectItemCaseSensitive (root, "references");
  gdouble n = 0.0;

  if (!get_box (root, "canvas", &record->canvas)
      || (layer && !get_layer (layer, record))
      || (cJSON_HasObjectItem (root, "selection")
          && !get_selection (root, record))
      || (references && !get_whole (references, 0, 1000, &n)))
    return FALSE;
  record->n_references = (guint)n;

  return TRUE;
}

PmtSourceRecord *
pmt_source_record_from_recipe (const gchar *recipe, GError **error)
{
  g_autoptr (PmtSourceRecord) record = g_new0 (PmtSourceRecord, 1);
  g_autoptr (cJSON) root = cJSON_Parse (recipe);
  const cJSON *source = cJSON_GetObjectItemCaseSensitive (root, "source");

  if (!source)
    {
      g_set_error_literal (
          error, PMT_ERROR, PMT_ERROR_INPUT,
          _ ("The recipe of this layer does not say which layer it was made "
             "from: it comes from the history, or an older version of "
             "Pentimento made it. Use Filters > Pentimento > History to run "
             "its settings again, or run the operation from its own menu "
             "entry."));
      return NULL;
    }
  if (cJSON_IsObject (source) && get_all (source, record))
    return g_steal_pointer (&record);
  g_set_error_literal (
      error, PMT_ERROR, PMT_ERROR_INPUT,
      _ ("The recipe of this layer is damaged: what it says about the layer "
         "that it was made from can't be read."));

  return NULL;
}
