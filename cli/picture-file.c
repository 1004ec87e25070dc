/* SPDX-License-Identifier: LGPL-3.0-or-later */
#include "config.h"

#include "picture-file.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "library-log.h"
#include "pentimento.h"
#include "picture-check.h"
#include "png-chunks.h"
#include "resolution.h"

/* What GEGL reads and writes, told from the first bytes and from the ending.
 * GIO's content types need a database that not every system has installed. */
typedef struct
{
  const gchar *loader;
  const gchar *saver;
  const gchar *magic;
  guint magic_length;
  guint magic_offset;
  const gchar *endings[4];
} PictureType;

static const PictureType picture_types[] = {
  { "gegl:png-load", "gegl:png-save", "\211PNG\r\n\032\n", 8, 0, { ".png" } },
  { "gegl:jpg-load",
    "gegl:jpg-save",
    "\377\330\377",
    3,
    0,
    { ".jpg", ".jpeg" } },
  { "gegl:tiff-load", "gegl:tiff-save", "II*\0", 4, 0, { ".tif", ".tiff" } },
  { "gegl:tiff-load", "gegl:tiff-save", "MM\0*", 4, 0, { NULL } },
  { "gegl:webp-load", "gegl:webp-save", "WEBP", 4, 8, { ".webp" } },
  { "gegl:exr-load", "gegl:exr-save", "v/1\001", 4, 0, { ".exr" } },
  { "gegl:rgbe-load", "gegl:rgbe-save", "#?", 2, 0, { ".hdr" } },
  { "gegl:gif-load", NULL, "GIF8", 4, 0, { NULL } },
  { "gegl:ppm-load", "gegl:ppm-save", "P3", 2, 0, { ".ppm" } },
  { "gegl:ppm-load", "gegl:ppm-save", "P6", 2, 0, { NULL } },
  { "gegl:ppm-load", NULL, "P2", 2, 0, { NULL } },
  { "gegl:ppm-load", NULL, "P5", 2, 0, { NULL } },
};

#define SNIFF_BYTES 16

static void
file_error (GError **error, const gchar *path, const gchar *sentence)
{
  g_autofree gchar *name = g_filename_display_name (path);

  g_set_error (error, PMT_ERROR, PMT_ERROR_FILE, sentence, name);
}

static gboolean
read_head (const gchar *path, guint8 *head, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInputStream) stream = g_file_read (file, NULL, error);
  gsize n_read;

  return stream
         && g_input_stream_read_all (G_INPUT_STREAM (stream), head, SNIFF_BYTES,
                                     &n_read, NULL, error);
}

static const gchar *
find_loader (const gchar *path, GError **error)
{
  g_autoptr (GError) local = NULL;
  guint8 head[SNIFF_BYTES] = { 0 };
  const gchar *loader = NULL;

  if (!read_head (path, head, &local))
    {
      g_autofree gchar *name = g_filename_display_name (path);

      g_set_error (error, PMT_ERROR, PMT_ERROR_FILE,
                   _ ("%s can't be read (%s)."), name, local->message);
      return NULL;
    }

  for (guint i = 0; i < G_N_ELEMENTS (picture_types) && !loader; i++)
    {
      const PictureType *type = &picture_types[i];

      if (memcmp (head + type->magic_offset, type->magic, type->magic_length)
              == 0
          && gegl_has_operation (type->loader))
        loader = type->loader;
    }

  if (!loader)
    file_error (error, path,
                _ ("%s is not a picture in a format that can be read here; "
                   "save it as PNG, JPEG or TIFF."));
  return loader;
}

/* Whatever the loader makes of the file; %NULL when nothing. */
static GeglBuffer *
load_with (const gchar *loader, const gchar *path)
{
  g_autoptr (GeglNode) graph = gegl_node_new ();
  g_autoptr (GObject) resolution = NULL;
  GeglBuffer *buffer = NULL;
  GeglNode *load, *sink;
  GeglRectangle bounds;

  load = gegl_node_new_child (graph, "operation", loader, "path", path, NULL);
  resolution = resolution_prepare (load, loader);
  sink = gegl_node_new_child (graph, "operation", "gegl:buffer-sink", "buffer",
                              &buffer, NULL);
  gegl_node_link (load, sink);
  bounds = gegl_node_get_bounding_box (load);
  if (!gegl_rectangle_is_empty (&bounds))
    gegl_node_process (sink);
  if (buffer)
    resolution_take (buffer, resolution, path);
  return buffer;
}

GeglBuffer *
picture_file_load (const gchar *path, GError **error)
{
  const gchar *loader = find_loader (path, error);
  const gchar *damaged =
      _ ("%s can't be read as a picture: it is damaged, incomplete or too "
         "large; copy or export it again.");
  g_autofree gchar *name = g_filename_display_name (path);
  g_autofree gchar *last_words = NULL;
  g_autoptr (GeglBuffer) buffer = NULL;
  guint n_warnings;

  if (!loader)
    return NULL;
  if (!picture_check_is_complete (path))
    {
      file_error (error, path, damaged);
      return NULL;
    }

  last_words = g_strdup_printf (damaged, name);
  library_log_begin (last_words);
  buffer = load_with (loader, path);
  n_warnings = library_log_end ();
  if (!buffer || n_warnings > 0)
    {
      file_error (error, path, damaged);
      return NULL;
    }
  return g_steal_pointer (&buffer);
}

GeglBuffer *
picture_file_load_mask (const gchar *path,
                        gint width,
                        gint height,
                        GError **error)
{
  g_autoptr (GeglBuffer) picture = picture_file_load (path, error);
  g_autoptr (GeglBuffer) mask = NULL;
  const GeglRectangle *extent;
  GeglBufferIterator *iter;

  if (!picture)
    return NULL;

  extent = gegl_buffer_get_extent (picture);
  if (extent->width != width || extent->height != height)
    {
      g_autofree gchar *name = g_filename_display_name (path);

      g_set_error (error, PMT_ERROR, PMT_ERROR_FILE,
                   _ ("The mask %s has %d x %d px and the picture %d x %d px; "
                      "both must have the same size."),
                   name, extent->width, extent->height, width, height);
      return NULL;
    }

  mask = gegl_buffer_new (GEGL_RECTANGLE (0, 0, width, height),
                          babl_format ("Y float"));
  iter = gegl_buffer_iterator_new (mask, NULL, 0, NULL, GEGL_ACCESS_WRITE,
                                   GEGL_ABYSS_NONE, 2);
  gegl_buffer_iterator_add (iter, picture, NULL, 0, babl_format ("Y'A float"),
                            GEGL_ACCESS_READ, GEGL_ABYSS_NONE);
  while (gegl_buffer_iterator_next (iter))
    {
      gfloat *coverage = iter->items[0].data;
      const gfloat *gray = iter->items[1].data;

      for (gint i = 0; i < iter->length; i++)
        coverage[i] = CLAMP (gray[2 * i] * gray[2 * i + 1], 0.0f, 1.0f);
    }
  return g_steal_pointer (&mask);
}

static gboolean
has_ending (const PictureType *type, const gchar *name)
{
  for (guint i = 0; type->endings[i]; i++)
    if (g_str_has_suffix (name, type->endings[i]))
      return TRUE;
  return FALSE;
}

static const gchar *
find_saver (const gchar *path)
{
  g_autofree gchar *name = g_ascii_strdown (path, -1);

  for (guint i = 0; i < G_N_ELEMENTS (picture_types); i++)
    if (has_ending (&picture_types[i], name)
        && gegl_has_operation (picture_types[i].saver))
      return picture_types[i].saver;
  return NULL;
}

gboolean
picture_file_check_saver (const gchar *path, GError **error)
{
  g_autofree gchar *folder = g_path_get_dirname (path);

  if (!find_saver (path))
    {
      file_error (error, path,
                  _ ("%s has no ending of a picture format that can be "
                     "written here; use .png, .jpg or .tif."));
      return FALSE;
    }
  if (!g_file_test (folder, G_FILE_TEST_IS_DIR))
    {
      file_error (error, folder,
                  _ ("The folder %s does not exist; make it first."));
      return FALSE;
    }
  return TRUE;
}

static gboolean
is_type (const gchar *saver, const gchar *name)
{
  return g_strrstr (saver, name) != NULL;
}

static void
set_options (GeglNode *save, const gchar *saver, const Babl *format)
{
  const gboolean is_8_bit =
      babl_format_get_type (format, 0) == babl_type ("u8");
  const gboolean is_gray =
      (babl_get_model_flags (format) & BABL_MODEL_FLAG_GRAY) != 0;

  if (is_type (saver, "png") || is_type (saver, "ppm"))
    gegl_node_set (save, "bitdepth", is_8_bit ? 8 : 16, NULL);
  else if (is_type (saver, "jpg"))
    gegl_node_set (save, "quality", 95, "grayscale", is_gray, NULL);
  else if (is_type (saver, "webp"))
    gegl_node_set (save, "quality", 95, NULL);
}

/* Is any pixel less than opaque? */
static gboolean
is_transparent (GeglBuffer *buffer)
{
  GeglBufferIterator *it;

  if (!babl_format_has_alpha (gegl_buffer_get_format (buffer)))
    return FALSE;

  it = gegl_buffer_iterator_new (buffer, NULL, 0, babl_format ("YA float"),
                                 GEGL_ACCESS_READ, GEGL_ABYSS_NONE, 1);
  while (gegl_buffer_iterator_next (it))
    {
      const gfloat *pixel = it->items[0].data;

      for (gint i = 0; i < it->length; i++)
        if (!(pixel[2 * i + 1] >= 1.0f))
          {
            gegl_buffer_iterator_stop (it);
            return TRUE;
          }
    }
  return FALSE;
}

static void
save_with (const gchar *saver, GeglBuffer *buffer, const gchar *path)
{
  g_autoptr (GeglNode) graph = gegl_node_new ();
  g_autoptr (GObject) resolution = NULL;
  GeglNode *source, *save;

  source = gegl_node_new_child (graph, "operation", "gegl:buffer-source",
                                "buffer", buffer, NULL);
  save = gegl_node_new_child (graph, "operation", saver, "path", path, NULL);
  set_options (save, saver, gegl_buffer_get_format (buffer));
  resolution = resolution_prepare (save, saver);
  resolution_give (buffer, resolution);
  gegl_node_link (source, save);
  gegl_node_process (save);
}

/* Savers do not tell when the disk is full.  Where the structure of the file
 * does not either, it is read again. */
static gboolean
is_saved (const gchar *saver, GeglBuffer *buffer, const gchar *path)
{
  g_autoptr (GeglBuffer) again = NULL;

  if (!picture_check_is_complete (path))
    return FALSE;
  if (!is_type (saver, "tiff") && !is_type (saver, "exr"))
    return TRUE;

  again = picture_file_load (path, NULL);
  return again
         && gegl_buffer_get_width (again) == gegl_buffer_get_width (buffer)
         && gegl_buffer_get_height (again) == gegl_buffer_get_height (buffer);
}

gboolean
picture_file_save (GeglBuffer *buffer, const gchar *path, GError **error)
{
  const gchar *saver = find_saver (path);
  const gchar *failed =
      _ ("%s can't be written; check the folder's permissions "
         "and the free space.");
  g_autofree gchar *name = g_path_get_basename (path);
  g_autofree gchar *last_words = g_strdup_printf (failed, name);
  gboolean is_ok;

  if (!saver)
    return picture_file_check_saver (path, error);
  if ((is_type (saver, "jpg") || is_type (saver, "ppm"))
      && is_transparent (buffer))
    {
      file_error (error, name,
                  _ ("The picture has transparent parts, which %s can't hold; "
                     "use .png or .tif."));
      return FALSE;
    }

  library_log_begin (last_words);
  save_with (saver, buffer, path);
  is_ok = library_log_end () == 0 && is_saved (saver, buffer, path);
  if (is_ok && is_type (saver, "png"))
    is_ok = png_chunks_repair (path, gegl_buffer_get_format (buffer));
  if (!is_ok)
    file_error (error, name, failed);
  return is_ok;
}
