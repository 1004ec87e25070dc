/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* resize.c: pictures and masks to their place at another size. */
#include "config.h"

#include "restore/resize.h"

static GeglNode *
add_shift (GeglNode *graph, gint x, gint y)
{
  return gegl_node_new_child (graph, "operation", "gegl:translate", "x",
                              (gdouble)x, "y", (gdouble)y, "sampler",
                              GEGL_SAMPLER_NEAREST, NULL);
}

void
pmt_resize (const PmtResize *resize,
            GeglBuffer *source,
            GeglBuffer *target,
            GeglSamplerType sampler)
{
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
  gegl_node_blit_buffer (to, target, gegl_buffer_get_extent (target), 0,
                         GEGL_ABYSS_CLAMP);
}
