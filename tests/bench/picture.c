/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* picture.c: pictures in memory and in files. */
#include "bench.h"

Picture *
picture_new (gint width, gint height)
{
  Picture *picture = g_new0 (Picture, 1);

  picture->width = width;
  picture->height = height;
  picture->rgb = g_new0 (gfloat, (gsize)width * (gsize)height * 3);
  return picture;
}

Picture *
picture_copy (const Picture *picture)
{
  Picture *copy = picture_new (picture->width, picture->height);
  gsize n = (gsize)picture->width * (gsize)picture->height * 3;

  memcpy (copy->rgb, picture->rgb, n * sizeof (gfloat));
  return copy;
}

void
picture_free (Picture *picture)
{
  if (picture == NULL)
    return;
  g_free (picture->rgb);
  g_free (picture);
}

Picture *
picture_load (const gchar *path, GError **error)
{
  g_autoptr (GeglNode) graph = gegl_node_new ();
  g_autoptr (GeglBuffer) buffer = NULL;
  GeglNode *load, *sink;
  Picture *picture;

  if (!g_file_test (path, G_FILE_TEST_IS_REGULAR))
    {
      g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT, "no file \"%s\"",
                   path);
      return NULL;
    }
  load =
      gegl_node_new_child (graph, "operation", "gegl:load", "path", path, NULL);
  sink = gegl_node_new_child (graph, "operation", "gegl:buffer-sink", "buffer",
                              &buffer, NULL);
  gegl_node_link (load, sink);
  gegl_node_process (sink);
  if (buffer == NULL)
    {
      g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "can't read \"%s\"",
                   path);
      return NULL;
    }
  picture = picture_new (gegl_buffer_get_width (buffer),
                         gegl_buffer_get_height (buffer));
  gegl_buffer_get (buffer, gegl_buffer_get_extent (buffer), 1.0,
                   babl_format ("R'G'B' float"), picture->rgb,
                   GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
  return picture;
}

static gboolean
save (gint width,
      gint height,
      const gchar *in_format,
      const gchar *out_format,
      gconstpointer data,
      const gchar *path,
      GError **error)
{
  g_autoptr (GeglBuffer) buffer = gegl_buffer_new (
      GEGL_RECTANGLE (0, 0, width, height), babl_format (out_format));
  g_autoptr (GeglNode) graph = gegl_node_new ();
  GeglNode *source, *sink;

  gegl_buffer_set (buffer, NULL, 0, babl_format (in_format), data,
                   GEGL_AUTO_ROWSTRIDE);
  source = gegl_node_new_child (graph, "operation", "gegl:buffer-source",
                                "buffer", buffer, NULL);
  sink = gegl_node_new_child (graph, "operation", "gegl:png-save", "path", path,
                              "bitdepth", 8, NULL);
  gegl_node_link (source, sink);
  gegl_node_process (sink);
  if (g_file_test (path, G_FILE_TEST_IS_REGULAR))
    return TRUE;
  g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "can't write \"%s\"",
               path);
  return FALSE;
}

gboolean
picture_save (const Picture *picture, const gchar *path, GError **error)
{
  return save (picture->width, picture->height, "R'G'B' float", "R'G'B' u8",
               picture->rgb, path, error);
}

gboolean
hole_save (const guint8 *hole,
           gint width,
           gint height,
           const gchar *path,
           GError **error)
{
  return save (width, height, "Y' u8", "Y' u8", hole, path, error);
}
