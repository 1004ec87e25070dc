/* SPDX-License-Identifier: LGPL-3.0-or-later */
#include "config.h"

#include "flatten.h"

#include <math.h>
#include <string.h>

#include "resolution.h"

/* Canvases that differ by less than a pixel have the same shape. */
#define SAME_SHAPE 1.0

/* The source over the whole of @flat, or the middle of it where @flat has
 * another shape. */
static void
scale_source (GeglBuffer *source, GeglBuffer *flat)
{
  const GeglRectangle *from = gegl_buffer_get_extent (source);
  const GeglRectangle *to = gegl_buffer_get_extent (flat);
  const gdouble x = (gdouble)to->width / from->width;
  const gdouble y = (gdouble)to->height / from->height;
  const gdouble factor = MAX (x, y);
  const gdouble wide = floor (from->width * factor + 0.5) - to->width;
  const gdouble high = floor (from->height * factor + 0.5) - to->height;
  const gboolean is_cut = wide > SAME_SHAPE || high > SAME_SHAPE;
  g_autoptr (GeglNode) graph = gegl_node_new ();
  GeglNode *read = gegl_node_new_child (
      graph, "operation", "gegl:buffer-source", "buffer", source, NULL);
  GeglNode *scale = gegl_node_new_child (
      graph, "operation", "gegl:scale-ratio", "x", is_cut ? factor : x, "y",
      is_cut ? factor : y, "sampler", GEGL_SAMPLER_CUBIC, "abyss-policy",
      GEGL_ABYSS_CLAMP, NULL);
  GeglNode *shift =
      gegl_node_new_child (graph, "operation", "gegl:translate", "x",
                           is_cut ? -floor (wide / 2) : 0.0, "y",
                           is_cut ? -floor (high / 2) : 0.0, NULL);

  gegl_node_link_many (read, scale, shift, NULL);
  gegl_node_blit_buffer (shift, flat, to, 0, GEGL_ABYSS_CLAMP);
}

static gboolean
is_for (const PmtResult *result, guint i, guint32 seed)
{
  return pmt_result_get_seed (result, i) == seed;
}

static gboolean
is_masked (const PmtResult *result, guint32 seed)
{
  for (guint i = 0; i < pmt_result_get_n_items (result); i++)
    if (is_for (result, i, seed) && pmt_result_get_mask (result, i))
      return TRUE;
  return FALSE;
}

/* A new layer that is larger than the canvas is what was asked for. */
static gboolean
is_new_layer (const PmtRequest *request)
{
  const PmtParams *params = pmt_request_peek_params (request);

  return pmt_request_get_operation (request) == PMT_OPERATION_UPSCALE
         && g_str_equal (pmt_params_get_string (params, "target", "image"),
                         "layer");
}

static gboolean
is_resized (const PmtRequest *request)
{
  const PmtOperation operation = pmt_request_get_operation (request);

  return operation == PMT_OPERATION_UPSCALE
         || operation == PMT_OPERATION_ENHANCE;
}

/* Bounds of all items of a seed. */
static GeglRectangle
bounds_of (const PmtResult *result, guint32 seed)
{
  GeglRectangle bounds = { 0, 0, 0, 0 };

  for (guint i = 0; i < pmt_result_get_n_items (result); i++)
    if (is_for (result, i, seed))
      gegl_rectangle_bounding_box (
          &bounds, &bounds,
          gegl_buffer_get_extent (pmt_result_get_picture (result, i)));
  return bounds;
}

/* What was made from nothing: all there is. */
static GeglBuffer *
join (const PmtResult *result, guint32 seed)
{
  const GeglRectangle bounds = bounds_of (result, seed);
  GeglBuffer *flat = NULL;

  for (guint i = 0; i < pmt_result_get_n_items (result); i++)
    {
      GeglBuffer *picture = pmt_result_get_picture (result, i);

      if (!is_for (result, i, seed))
        continue;
      if (!flat)
        flat = gegl_buffer_new (&bounds, gegl_buffer_get_format (picture));
      gegl_buffer_copy (picture, NULL, GEGL_ABYSS_NONE, flat, NULL);
    }
  return flat;
}

/* A selection, as mask files are read: half selected is half the value. */
static GeglBuffer *
mask_picture (const PmtRequest *request, const PmtResult *result)
{
  GeglBuffer *mask = pmt_result_get_mask (result, 0);
  GeglBuffer *picture =
      gegl_buffer_new (pmt_request_get_canvas (request), babl_format ("Y' u8"));
  GeglBufferIterator *iterator =
      gegl_buffer_iterator_new (picture, NULL, 0, babl_format ("Y' float"),
                                GEGL_ACCESS_WRITE, GEGL_ABYSS_NONE, 2);

  gegl_buffer_iterator_add (iterator, mask, NULL, 0, babl_format ("Y float"),
                            GEGL_ACCESS_READ, GEGL_ABYSS_NONE);
  while (gegl_buffer_iterator_next (iterator))
    memcpy (iterator->items[0].data, iterator->items[1].data,
            sizeof (gfloat) * iterator->length);
  return picture;
}

GeglBuffer *
flatten (const PmtRequest *request,
         const PmtResult *result,
         guint32 seed,
         GError **error)
{
  GeglBuffer *source = pmt_request_get_source (request);
  const gboolean is_layer = is_new_layer (request);
  g_autoptr (GeglBuffer) flat = NULL;
  GeglRectangle canvas;

  if (!source)
    return join (result, seed);
  if (pmt_request_get_operation (request) == PMT_OPERATION_SELECT_SUBJECT)
    return mask_picture (request, result);
  pmt_result_get_canvas (result, &canvas);
  if (is_layer)
    canvas = bounds_of (result, seed);
  flat = gegl_buffer_new (&canvas, gegl_buffer_get_format (source));
  if (!is_resized (request))
    gegl_buffer_copy (source, NULL, GEGL_ABYSS_NONE, flat,
                      gegl_buffer_get_extent (source));
  else if (is_masked (result, seed) && !is_layer)
    scale_source (source, flat);

  for (guint i = 0; i < pmt_result_get_n_items (result); i++)
    {
      GeglBuffer *picture = pmt_result_get_picture (result, i);

      if (!is_for (result, i, seed))
        continue;
      if (is_resized (request)
          && (is_layer || !pmt_result_get_mask (result, i)))
        gegl_buffer_copy (picture, NULL, GEGL_ABYSS_NONE, flat, NULL);
      else if (!pmt_result_composite (result, i, flat, error))
        return NULL;
    }
  resolution_copy (source, flat);
  return g_steal_pointer (&flat);
}
