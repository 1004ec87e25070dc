/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* source-find.c: the layer that a result was made from. */
#include "config.h"

#include "source-find.h"

#include <glib/gi18n-lib.h>

#include "layer-reader.h"
#include "pixel-bridge.h"

static void
collect (GimpItem **items, GPtrArray *layers)
{
  for (gint i = 0; items && items[i]; i++)
    {
      g_autofree GimpItem **children = NULL;

      if (!gimp_item_is_group (items[i]))
        {
          g_ptr_array_add (layers, items[i]);
          continue;
        }
      children = gimp_item_get_children (items[i]);
      collect (children, layers);
    }
}

/* (element-type GimpLayer): top to bottom, groups entered, without @result. */
static GPtrArray *
list_layers (GimpImage *image, GimpLayer *result)
{
  GPtrArray *layers = g_ptr_array_new ();
  g_autofree GimpLayer **top = gimp_image_get_layers (image);

  collect ((GimpItem **)top, layers);
  g_ptr_array_remove (layers, result);

  return layers;
}

static gboolean
has_size (GimpLayer *layer, const PmtSourceRecord *record)
{
  GeglRectangle rect;

  pmt_bridge_layer_rect (layer, &rect);

  return rect.width == record->layer.width
         && rect.height == record->layer.height;
}

static gboolean
has_name (GimpLayer *layer, const PmtSourceRecord *record)
{
  g_autofree gchar *name = gimp_item_get_name (GIMP_ITEM (layer));

  return g_strcmp0 (name, record->name) == 0;
}

static gboolean
has_tattoo (GimpLayer *layer, const PmtSourceRecord *record)
{
  return gimp_item_get_tattoo (GIMP_ITEM (layer)) == record->tattoo;
}

static GimpLayer *
find_likely (GPtrArray *layers, const PmtSourceRecord *record)
{
  GimpLayer *named = NULL;

  for (guint i = 0; i < layers->len; i++)
    {
      GimpLayer *layer = g_ptr_array_index (layers, i);

      if (has_tattoo (layer, record))
        return layer;
      if (!named && has_name (layer, record) && has_size (layer, record))
        named = layer;
    }

  return named;
}

static gboolean
has_pixels (GimpLayer *layer, const PmtSourceRecord *record)
{
  g_autoptr (PmtLayerReader) reader = NULL;
  g_autoptr (GeglBuffer) buffer = NULL;
  g_autofree gchar *pixels = NULL;
  GeglRectangle rect;

  if (!has_size (layer, record))
    return FALSE;

  pmt_bridge_layer_rect (layer, &rect);
  reader = pmt_layer_reader_new (layer);
  buffer = pmt_layer_reader_read_shifted (reader, &record->region,
                                          rect.x - record->layer.x,
                                          rect.y - record->layer.y, NULL);
  if (!buffer)
    return FALSE;
  pixels = pmt_source_fingerprint (buffer);

  return g_str_equal (pixels, record->pixels);
}

static GimpLayer *
fail_gone (const PmtSourceRecord *record, GError **error)
{
  g_set_error (error, PMT_ERROR, PMT_ERROR_INPUT,
               _ ("The layer “%s”, which this one was made from, is no longer "
                  "in the picture. Bring it back with Edit > Undo, or run the "
                  "operation from its own menu entry."),
               record->name);

  return NULL;
}

GimpLayer *
pmt_source_find (GimpImage *image,
                 GimpLayer *result,
                 const PmtSourceRecord *record,
                 GError **error)
{
  g_autoptr (GPtrArray) layers = list_layers (image, result);
  GimpLayer *likely = find_likely (layers, record);

  return likely ? likely : fail_gone (record, error);
}

GimpLayer *
pmt_source_find_unchanged (GimpImage *image,
                           GimpLayer *result,
                           const PmtSourceRecord *record,
                           GError **error)
{
  g_autoptr (GPtrArray) layers = list_layers (image, result);
  GimpLayer *likely = find_likely (layers, record);
  g_autofree gchar *name = NULL;

  if (likely && has_pixels (likely, record))
    return likely;
  for (guint i = 0; i < layers->len; i++)
    {
      GimpLayer *layer = g_ptr_array_index (layers, i);

      if (layer != likely && has_pixels (layer, record))
        return layer;
    }
  if (!likely)
    return fail_gone (record, error);

  name = gimp_item_get_name (GIMP_ITEM (likely));
  g_set_error (error, PMT_ERROR, PMT_ERROR_INPUT,
               _ ("The layer “%s” has changed since this one was made from "
                  "it. Use Filters > Pentimento > Use Settings of This Layer "
                  "to run the same settings on it as it is now."),
               name);

  return NULL;
}
