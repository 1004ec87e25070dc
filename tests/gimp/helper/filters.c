/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* filters.c: GEGL operations and GIMP's filters, for the tests. */
#include "filters.h"

#include <math.h>
#include <unistd.h>

void
test_filter_apply (GimpDrawable *drawable,
                   const gchar *operation,
                   gdouble strength)
{
  g_autoptr (GeglBuffer) buffer = gimp_drawable_get_buffer (drawable);
  const GeglRectangle *extent = gegl_buffer_get_extent (buffer);
  g_autoptr (GeglBuffer) result = NULL;
  g_autoptr (GeglNode) graph = NULL;
  GeglNode *source, *filter, *sink;

  gegl_init (NULL, NULL);
  graph = gegl_node_new ();
  source = gegl_node_new_child (graph, "operation", "gegl:buffer-source",
                                "buffer", buffer, NULL);
  filter = gegl_node_new_child (graph, "operation", operation, "strength",
                                strength, NULL);
  sink = gegl_node_new_child (graph, "operation", "gegl:buffer-sink", "buffer",
                              &result, NULL);
  gegl_node_link_many (source, filter, sink, NULL);
  gegl_node_process (sink);
  gegl_buffer_copy (result, extent, GEGL_ABYSS_NONE, buffer, extent);
  gegl_buffer_flush (buffer);
  gimp_drawable_update (drawable, 0, 0, extent->width, extent->height);
}

gdouble
test_filter_strength (GimpDrawableFilter *filter)
{
  g_autoptr (GimpDrawableFilterConfig) config =
      gimp_drawable_filter_get_config (filter);
  gdouble strength = -1.0;

  if (g_object_class_find_property (G_OBJECT_GET_CLASS (config), "strength"))
    g_object_get (config, "strength", &strength, NULL);
  return strength;
}

void
test_filter_set_strength (GimpDrawableFilter *filter, gdouble strength)
{
  g_autoptr (GimpDrawableFilterConfig) config =
      gimp_drawable_filter_get_config (filter);

  g_object_set (config, "strength", strength, NULL);
  gimp_drawable_filter_update (filter);
}

static gdouble *
read_colors (GimpDrawable *drawable, gint *width, gint *height)
{
  g_autoptr (GeglBuffer) buffer = gimp_drawable_get_buffer (drawable);
  const Babl *format = gegl_buffer_get_format (buffer);
  gdouble *colors;

  *width = gegl_buffer_get_width (buffer);
  *height = gegl_buffer_get_height (buffer);
  colors = g_new (gdouble, (gsize)*width * *height * 4);
  gegl_buffer_get (
      buffer, NULL, 1.0,
      babl_format_with_space ("R'G'B'A double", babl_format_get_space (format)),
      colors, GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);

  return colors;
}

gdouble
test_filter_difference (GimpDrawable *drawable1, GimpDrawable *drawable2)
{
  gint width1, height1, width2, height2;
  g_autofree gdouble *colors1 = read_colors (drawable1, &width1, &height1);
  g_autofree gdouble *colors2 = read_colors (drawable2, &width2, &height2);
  gdouble worst = 0.0;

  g_assert (width1 == width2 && height1 == height2);
  for (gsize i = 0; i < (gsize)width1 * height1 * 4; i++)
    worst = MAX (worst, fabs (colors1[i] - colors2[i]));

  return worst;
}

gboolean
test_filter_host_has_mapped (const gchar *part)
{
  g_autofree gchar *path = g_strdup_printf ("/proc/%d/maps", (gint)getppid ());
  g_autofree gchar *maps = NULL;

  g_assert (g_file_get_contents (path, &maps, NULL, NULL));
  return strstr (maps, part) != NULL;
}
