/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* distance.c: Euclidean distance to a selection, by GEGL's exact transform. */
#include "config.h"

#include "image/image-private.h"

/* gegl:distance-transform measures the distance from set to unset pixels. */
static GeglBuffer *
new_outside (GeglBuffer *mask,
             gdouble threshold,
             const GeglRectangle *rect,
             gboolean *is_any_selected)
{
  const gfloat limit = (gfloat)threshold;
  GeglBuffer *outside = gegl_buffer_new (rect, babl_format ("Y float"));
  GeglBufferIterator *it =
      gegl_buffer_iterator_new (outside, rect, 0, babl_format ("Y float"),
                                GEGL_ACCESS_WRITE, GEGL_ABYSS_NONE, 2);

  gegl_buffer_iterator_add (it, mask, rect, 0, pmt_mask_format (mask),
                            GEGL_ACCESS_READ, GEGL_ABYSS_NONE);
  while (gegl_buffer_iterator_next (it))
    {
      gfloat *dst = it->items[0].data;
      const gfloat *src = it->items[1].data;

      for (gint i = 0; i < it->length; i++)
        {
          dst[i] = src[i] > limit ? 0.0f : 1.0f;
          *is_any_selected |= src[i] > limit;
        }
    }
  return outside;
}

GeglBuffer *
pmt_distance_new (GeglBuffer *mask,
                  gdouble threshold,
                  const GeglRectangle *rect)
{
  g_autoptr (GeglNode) graph = gegl_node_new ();
  gboolean is_any_selected = FALSE;
  g_autoptr (GeglBuffer) outside =
      new_outside (mask, threshold, rect, &is_any_selected);
  GeglBuffer *distance = gegl_buffer_new (rect, babl_format ("Y float"));
  GeglNode *read = gegl_node_new_child (
      graph, "operation", "gegl:buffer-source", "buffer", outside, NULL);
  /* Edge handling "above": the border of @rect is no selected pixel. */
  GeglNode *transform = gegl_node_new_child (
      graph, "operation", "gegl:distance-transform", "metric",
      GEGL_DISTANCE_METRIC_EUCLIDEAN, "edge-handling", 0, "threshold-lo", 0.5,
      "normalize", FALSE, NULL);
  GeglNode *write = gegl_node_new_child (
      graph, "operation", "gegl:write-buffer", "buffer", distance, NULL);

  if (!is_any_selected)
    {
      const gfloat far = G_MAXFLOAT;

      gegl_buffer_set_color_from_pixel (distance, rect, &far,
                                        babl_format ("Y float"));
      return distance;
    }
  gegl_node_link_many (read, transform, write, NULL);
  gegl_node_process (write);
  return distance;
}
