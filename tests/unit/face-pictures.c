/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* face-pictures.c: photographs of people, and bad copies of them. */
#include "config.h"

#include "face-pictures.h"

#include <gegl.h>
#include <glib/gstdio.h>

gchar *
shared_path (const gchar *name)
{
  const gchar *folder = g_getenv ("PENTIMENTO_SHARED");
  g_autofree gchar *path =
      folder != NULL ? g_build_filename (folder, name, NULL) : NULL;

  if (path != NULL && g_file_test (path, G_FILE_TEST_IS_REGULAR))
    return g_steal_pointer (&path);
  g_test_skip ("PENTIMENTO_SHARED has no such file");
  return NULL;
}

static GeglBuffer *
load_file (const gchar *path)
{
  g_autoptr (GeglNode) graph = gegl_node_new ();
  GeglBuffer *buffer = NULL;
  GeglNode *load =
      gegl_node_new_child (graph, "operation", "gegl:load", "path", path, NULL);
  GeglNode *sink = gegl_node_new_child (graph, "operation", "gegl:buffer-sink",
                                        "buffer", &buffer, NULL);

  gegl_node_link (load, sink);
  gegl_node_process (sink);
  g_assert_nonnull (buffer);
  return buffer;
}

GeglBuffer *
photo_load (const gchar *name)
{
  g_autofree gchar *path = shared_path (name);

  return path != NULL ? load_file (path) : NULL;
}

/* In 8 bits, as photographs are. */
static GeglBuffer *
to_origin (GeglBuffer *buffer)
{
  const GeglRectangle *extent = gegl_buffer_get_extent (buffer);
  const GeglRectangle place = { 0, 0, extent->width, extent->height };
  GeglBuffer *moved = gegl_buffer_new (&place, babl_format ("R'G'B' u8"));

  gegl_buffer_copy (buffer, extent, GEGL_ABYSS_NONE, moved, &place);
  g_object_unref (buffer);
  return moved;
}

GeglBuffer *
photo_apply (GeglBuffer *buffer, const gchar *operation, ...)
{
  g_autoptr (GeglNode) graph = gegl_node_new ();
  GeglBuffer *made = NULL;
  GeglNode *source = gegl_node_new_child (
      graph, "operation", "gegl:buffer-source", "buffer", buffer, NULL);
  GeglNode *node = gegl_node_new_child (graph, "operation", operation, NULL);
  GeglNode *sink = gegl_node_new_child (graph, "operation", "gegl:buffer-sink",
                                        "buffer", &made, NULL);
  const gchar *first;
  va_list args;

  va_start (args, operation);
  first = va_arg (args, const gchar *);
  if (first != NULL)
    gegl_node_set_valist (node, first, args);
  va_end (args);
  gegl_node_link_many (source, node, sink, NULL);
  gegl_node_process (sink);
  g_assert_nonnull (made);
  return to_origin (made);
}

GeglBuffer *
photo_scale (GeglBuffer *buffer, gdouble ratio)
{
  return photo_apply (buffer, "gegl:scale-ratio", "x", ratio, "y", ratio,
                      "sampler", GEGL_SAMPLER_CUBIC, NULL);
}

static void
save (GeglBuffer *buffer,
      const gchar *operation,
      const gchar *path,
      gint quality)
{
  g_autoptr (GeglNode) graph = gegl_node_new ();
  GeglNode *source = gegl_node_new_child (
      graph, "operation", "gegl:buffer-source", "buffer", buffer, NULL);
  GeglNode *sink =
      gegl_node_new_child (graph, "operation", operation, "path", path, NULL);

  if (quality > 0)
    gegl_node_set (sink, "quality", quality, NULL);
  gegl_node_link (source, sink);
  gegl_node_process (sink);
}

GeglBuffer *
photo_jpeg (GeglBuffer *buffer, gint quality)
{
  g_autofree gchar *folder = g_dir_make_tmp ("pentimento-test-XXXXXX", NULL);
  g_autofree gchar *path = g_build_filename (folder, "photo.jpg", NULL);
  GeglBuffer *made;

  save (buffer, "gegl:jpg-save", path, quality);
  made = to_origin (load_file (path));
  g_remove (path);
  g_rmdir (folder);
  return made;
}

void
photo_save (GeglBuffer *buffer, const gchar *path)
{
  save (buffer, "gegl:png-save", path, 0);
}

PmtFaceNet *
detector_open (void)
{
  PmtSessionOptions options = PMT_SESSION_OPTIONS_INIT;
  g_autofree gchar *path = shared_path ("models/yunet.onnx");
  g_autoptr (GError) error = NULL;
  PmtFaceNet *net;

  if (path == NULL)
    return NULL;
  options.threads = 2;
  net = pmt_face_net_open (path, &options, &error);
  g_assert_no_error (error);
  return net;
}
