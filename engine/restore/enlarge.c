/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* enlarge.c: what the network does not make: alpha, and values beyond it. */
#include "config.h"

#include "image/image-private.h"
#include "restore/net-private.h"

gfloat *
pmt_net_enlarge (const gfloat *plane, gint width, gint height, gint scale)
{
  const Babl *format = babl_format ("Y float");
  const GeglRectangle extent = { 0, 0, width, height };
  const GeglRectangle large = { 0, 0, width * scale, height * scale };
  g_autofree gfloat *enlarged =
      pmt_image_alloc (large.width, large.height, sizeof (gfloat), NULL);
  g_autoptr (GeglBuffer) buffer = NULL;
  g_autoptr (GeglNode) graph = NULL;
  GeglNode *source;
  GeglNode *resize;

  if (enlarged == NULL)
    return NULL;
  buffer = gegl_buffer_new (&extent, format);
  gegl_buffer_set (buffer, &extent, 0, format, plane, GEGL_AUTO_ROWSTRIDE);
  graph = gegl_node_new ();
  source = gegl_node_new_child (graph, "operation", "gegl:buffer-source",
                                "buffer", buffer, NULL);
  resize = gegl_node_new_child (graph, "operation", "gegl:scale-ratio", "x",
                                (gdouble)scale, "y", (gdouble)scale, "sampler",
                                GEGL_SAMPLER_CUBIC, "abyss-policy",
                                GEGL_ABYSS_CLAMP, NULL);
  gegl_node_link (source, resize);
  gegl_node_blit (resize, 1.0, &large, format, enlarged, GEGL_AUTO_ROWSTRIDE,
                  GEGL_BLIT_DEFAULT);
  return g_steal_pointer (&enlarged);
}
