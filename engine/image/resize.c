/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* resize.c: masks to their place at another size. */
#include "config.h"

#include "image/resize.h"

/* Pixels between two looks at the cancellable: some 0.1 s at most. */
#define BAND_PIXELS 100000

static GeglNode *
add_shift (GeglNode *graph, gint x, gint y)
{
  return gegl_node_new_child (graph, "operation", "gegl:translate", "x",
                              (gdouble)x, "y", (gdouble)y, "sampler",
                              GEGL_SAMPLER_NEAREST, NULL);
}

gboolean
pmt_resize (const PmtResize *resize,
            GeglBuffer *source,
            GeglBuffer *target,
            GeglSamplerType sampler,
            GCancellable *cancellable,
            GError **error)
{
  const GeglRectangle *extent = gegl_buffer_get_extent (target);
  const gint rows = MAX (BAND_PIXELS / extent->width, 16);
  g_autoptr (GeglNode) graph = gegl_node_new ();
  GeglNode *read = gegl_node_new_child (
      graph, "operation", "gegl:buffer-source", "buffer", source, NULL);
  GeglNode *from = add_shift (graph, -resize->base_x, -resize->base_y);
  GeglNode *scale =
      gegl_node_new_child (graph, "operation", "gegl:scale-ratio", "x",
                           resize->factor_x, "y", resize->factor_y, "sampler",
                           sampler, "abyss-policy", GEGL_ABYSS_CLAMP, NULL);
  GeglNode *to = add_shift (graph, resize->place_x, resize->place_y);

  gegl_node_link_many (read, from, scale, to, NULL);
  for (gint y = 0; y < extent->height; y += rows)
    {
      const GeglRectangle band = { extent->x, extent->y + y, extent->width,
                                   MIN (rows, extent->height - y) };

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      gegl_node_blit_buffer (to, target, &band, 0, GEGL_ABYSS_CLAMP);
    }
  return TRUE;
}
