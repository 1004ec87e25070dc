/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* source-selection.c: the selection of a run, packed into a parasite. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "source-record.h"

/* Packed, so that it fits everywhere: a selection of a large photograph with
 * hard or feathered edges takes some 100 kB.
 */
#define MAX_PACKED ((gsize)64 << 20)

static const Babl *
get_format (const PmtSourceRecord *record)
{
  return babl_format (record->depth == 8 ? "Y u8" : "Y float");
}

static gsize
row_bytes (const PmtSourceRecord *record)
{
  return (gsize)record->depth / 8 * (gsize)record->selection.width;
}

static GBytes *
pack (const PmtSourceRecord *record, GeglBuffer *mask)
{
  const Babl *format = get_format (record);
  const gsize n_bytes = row_bytes (record);
  g_autofree guint8 *row = g_malloc (n_bytes);
  g_autoptr (GZlibCompressor) packer =
      g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_ZLIB, 6);
  g_autoptr (GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autoptr (GOutputStream) stream =
      g_converter_output_stream_new (memory, G_CONVERTER (packer));

  for (gint y = 0; y < record->selection.height; y++)
    {
      const GeglRectangle line = { record->selection.x, record->selection.y + y,
                                   record->selection.width, 1 };

      gegl_buffer_get (mask, &line, 1.0, format, row, GEGL_AUTO_ROWSTRIDE,
                       GEGL_ABYSS_NONE);
      if (!g_output_stream_write_all (stream, row, n_bytes, NULL, NULL, NULL))
        return NULL;
    }
  if (!g_output_stream_close (stream, NULL, NULL))
    return NULL;

  return g_memory_output_stream_steal_as_bytes (
      G_MEMORY_OUTPUT_STREAM (memory));
}

gboolean
pmt_source_record_attach_selection (const PmtSourceRecord *record,
                                    GimpLayer *layer,
                                    GeglBuffer *mask)
{
  g_autoptr (GBytes) bytes = NULL;
  GimpParasite *parasite;
  gboolean is_attached;

  if (!mask || gegl_rectangle_is_empty (&record->selection))
    return TRUE;
  bytes = pack (record, mask);
  /* A recipe without it says so when it is run again. */
  if (!bytes || g_bytes_get_size (bytes) > MAX_PACKED)
    return TRUE;
  parasite = gimp_parasite_new (
      PMT_SELECTION_PARASITE, GIMP_PARASITE_PERSISTENT | GIMP_PARASITE_UNDOABLE,
      (guint32)g_bytes_get_size (bytes), g_bytes_get_data (bytes, NULL));
  is_attached = gimp_item_attach_parasite (GIMP_ITEM (layer), parasite);
  gimp_parasite_free (parasite);

  return is_attached;
}

/* Floats of a file may be anything. */
static void
clean_row (const PmtSourceRecord *record, guint8 *row)
{
  gfloat *values = (gfloat *)row;

  if (record->depth != 32)
    return;
  for (gint i = 0; i < record->selection.width; i++)
    if (!(values[i] >= 0.0f && values[i] <= 1.0f))
      values[i] = 0.0f;
}

static GeglBuffer *
unpack (const PmtSourceRecord *record, gconstpointer data, gsize size)
{
  const gsize n_bytes = row_bytes (record);
  g_autofree guint8 *row = g_malloc (n_bytes);
  g_autoptr (GZlibDecompressor) unpacker =
      g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_ZLIB);
  g_autoptr (GInputStream) memory =
      g_memory_input_stream_new_from_data (data, (gssize)size, NULL);
  g_autoptr (GInputStream) stream =
      g_converter_input_stream_new (memory, G_CONVERTER (unpacker));
  g_autoptr (GeglBuffer) mask =
      gegl_buffer_new (&record->selection, get_format (record));

  for (gint y = 0; y < record->selection.height; y++)
    {
      const GeglRectangle line = { record->selection.x, record->selection.y + y,
                                   record->selection.width, 1 };
      gsize n = 0;

      if (!g_input_stream_read_all (stream, row, n_bytes, &n, NULL, NULL)
          || n != n_bytes)
        return NULL;
      clean_row (record, row);
      gegl_buffer_set (mask, &line, 0, get_format (record), row,
                       GEGL_AUTO_ROWSTRIDE);
    }

  return g_steal_pointer (&mask);
}

gboolean
pmt_source_record_read_selection (const PmtSourceRecord *record,
                                  GimpLayer *layer,
                                  GeglBuffer **mask,
                                  GError **error)
{
  GimpParasite *parasite;
  gconstpointer data;
  guint32 size = 0;
  GeglBuffer *read = NULL;

  if (gegl_rectangle_is_empty (&record->selection))
    {
      *mask = NULL;
      return TRUE;
    }

  parasite = gimp_item_get_parasite (GIMP_ITEM (layer), PMT_SELECTION_PARASITE);
  if (parasite)
    {
      data = gimp_parasite_get_data (parasite, &size);
      if (size <= MAX_PACKED)
        read = unpack (record, data, size);
      gimp_parasite_free (parasite);
    }
  if (read)
    {
      *mask = read;
      return TRUE;
    }
  g_set_error_literal (
      error, PMT_ERROR, PMT_ERROR_INPUT,
      _ ("The selection that this layer was made with is missing from it, or "
         "is damaged. Select the place again, and run the operation from its "
         "own menu entry."));

  return FALSE;
}
