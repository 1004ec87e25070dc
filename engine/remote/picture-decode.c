/* SPDX-License-Identifier: LGPL-3.0-or-later */
/*
 * picture-decode.c: pictures of services.  Decoders get a clean copy
 * (picture-private.h), libpng from memory, GEGL's loaders from a file of our
 * own, which is gone when they are done: a data: URI takes longer and more
 * memory (README.md, "Loaders").
 */
#include "config.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "image/image-private.h"
#include "remote/picture-private.h"

/* GEGL gives WebP's decoder a picture that is shorter than it says, and then
 * reads pixels that were never made.  Zeros behind it, which take no room in
 * the file, let every decoder come to its end. */
#define WEBP_PADDING_MIN ((gint64)1 << 16)
#define WEBP_PADDING_MAX ((gint64)1 << 25)

static guint32
webp_padding (const PmtPictureHead *head)
{
  const gint64 n_pixels = (gint64)head->width * head->height;

  return (guint32)CLAMP (2 * n_pixels, WEBP_PADDING_MIN, WEBP_PADDING_MAX);
}

static const gchar *
find_loader (PmtPictureKind kind)
{
  const gchar *loader =
      kind == PMT_PICTURE_JPEG ? "gegl:jpg-load" : "gegl:webp-load";

  return gegl_has_operation (loader) ? loader : NULL;
}

static GBytes *
make_clean (GBytes *bytes, const PmtPictureHead *head, GBytes **profile)
{
  switch (head->kind)
    {
    case PMT_PICTURE_PNG:
      return pmt_png_clean (bytes, profile);
    case PMT_PICTURE_JPEG:
      return pmt_jpeg_clean (bytes, TRUE, profile);
    case PMT_PICTURE_WEBP:
      return pmt_webp_clean (bytes, webp_padding (head), profile);
    case PMT_PICTURE_UNKNOWN:
    default:
      return NULL;
    }
}

/* ------------------------------------------------------------------ files -- */

static gboolean
write_all (gint fd, PmtCursor data)
{
  while (data.left > 0)
    {
      const gssize n = write (fd, data.at, data.left);

      if (n < 0 && errno != EINTR)
        return FALSE;
      pmt_cursor_skip (&data, (gsize)MAX (n, 0));
    }
  return TRUE;
}

/* Returns: (transfer full): a file that only this user can read. */
static gchar *
write_file (GBytes *bytes, gsize n_padding, GError **error)
{
  g_autofree gchar *path = NULL;
  gboolean is_written;
  gint fd, fault;

  fd = g_file_open_tmp ("pentimento-XXXXXX", &path, error);
  if (fd < 0)
    return NULL;
  is_written =
      write_all (fd, pmt_cursor_of (bytes))
      && (n_padding == 0
          || ftruncate (fd, (off_t)(g_bytes_get_size (bytes) + n_padding))
                 == 0);
  fault = errno;
  is_written = g_close (fd, NULL) && is_written;
  if (is_written)
    return g_steal_pointer (&path);
  g_unlink (path);
  g_set_error_literal (error, G_FILE_ERROR, g_file_error_from_errno (fault),
                       g_strerror (fault));
  return NULL;
}

static GeglBuffer *
load_file (const gchar *loader, const gchar *path)
{
  g_autoptr (GeglNode) graph = gegl_node_new ();
  GeglBuffer *buffer = NULL;
  GeglNode *load, *sink;
  GeglRectangle bounds;

  load = gegl_node_new_child (graph, "operation", loader, "path", path, NULL);
  sink = gegl_node_new_child (graph, "operation", "gegl:buffer-sink", "buffer",
                              &buffer, NULL);
  gegl_node_link (load, sink);
  bounds = gegl_node_get_bounding_box (load);
  if (!gegl_rectangle_is_empty (&bounds))
    gegl_node_process (sink);
  return buffer;
}

static GeglBuffer *
load_bytes (GBytes *clean, const PmtPictureHead *head, GError **error)
{
  g_autoptr (GError) fault = NULL;
  g_autofree gchar *path = NULL;
  GeglBuffer *buffer;

  if (head->kind == PMT_PICTURE_PNG)
    return pmt_png_read (clean, error);
  path = write_file (
      clean, head->kind == PMT_PICTURE_WEBP ? webp_padding (head) : 0, &fault);
  if (!path)
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_FILE,
                   _ ("The picture of the result can't be put into the folder "
                      "for temporary files, %s (%s). Make room there and try "
                      "again."),
                   g_get_tmp_dir (), fault->message);
      return NULL;
    }
  buffer = load_file (find_loader (head->kind), path);
  g_unlink (path);
  return buffer;
}

/* --------------------------------------------------------------- checking -- */

/* Size and kind before anything is unpacked. */
static gboolean
check_head (GBytes *bytes,
            gint64 max_pixels,
            const gchar *label,
            PmtPictureHead *head,
            GError **error)
{
  const gint64 limit = MIN (max_pixels, PMT_PICTURE_MAX_PIXELS);

  if (!pmt_picture_read_head (bytes, head))
    g_set_error (error, PMT_ERROR, PMT_ERROR_SERVER,
                 _ ("%s answered with something that is no PNG, JPEG or WebP "
                    "picture. Try again later."),
                 label);
  else if ((gint64)head->width * head->height > limit)
    g_set_error (error, PMT_ERROR, PMT_ERROR_SERVER,
                 _ ("%s answered with a picture of %d x %d px, which is larger "
                    "than was asked for or can be taken."),
                 label, head->width, head->height);
  else if (pmt_jpeg_is_cmyk (bytes))
    g_set_error (error, PMT_ERROR, PMT_ERROR_SERVER,
                 _ ("%s answered with a CMYK picture, which can't be taken. "
                    "Ask for PNG."),
                 label);
  else if (head->kind != PMT_PICTURE_PNG && !find_loader (head->kind))
    g_set_error (error, PMT_ERROR, PMT_ERROR_SERVER,
                 _ ("%s answered with a picture of type %s, for which GEGL has "
                    "no loader here. Install GEGL's loader, or ask for PNG."),
                 label, pmt_picture_kind_type (head->kind));
  else
    return TRUE;
  return FALSE;
}

/* WebP's loader leaves a picture empty that it can't read. */
static gboolean
is_empty (GeglBuffer *buffer)
{
  GeglBufferIterator *it = gegl_buffer_iterator_new (
      buffer, NULL, 0, NULL, GEGL_ACCESS_READ, GEGL_ABYSS_NONE, 1);
  const gint bytes =
      babl_format_get_bytes_per_pixel (gegl_buffer_get_format (buffer));

  while (gegl_buffer_iterator_next (it))
    {
      const guint8 *data = it->items[0].data;

      for (gint i = 0; i < it->length * bytes; i++)
        if (data[i] != 0)
          {
            gegl_buffer_iterator_stop (it);
            return FALSE;
          }
    }
  return TRUE;
}

static gboolean
is_as_announced (GeglBuffer *buffer, const PmtPictureHead *head)
{
  const GeglRectangle *extent = gegl_buffer_get_extent (buffer);
  const Babl *format = gegl_buffer_get_format (buffer);

  return extent->x == 0 && extent->y == 0 && extent->width == head->width
         && extent->height == head->height && format
         && babl_format_get_n_components (format) <= 4
         && (head->kind != PMT_PICTURE_WEBP || !is_empty (buffer));
}

GeglBuffer *
pmt_picture_decode (GBytes *bytes,
                    gint64 max_pixels,
                    const gchar *label,
                    GError **error)
{
  g_autoptr (GBytes) profile = NULL;
  g_autoptr (GBytes) clean = NULL;
  g_autoptr (GeglBuffer) buffer = NULL;
  g_autoptr (GError) fault = NULL;
  PmtPictureHead head;
  const Babl *space;

  if (!check_head (bytes, max_pixels, label, &head, error))
    return NULL;
  clean = make_clean (bytes, &head, &profile);
  if (clean)
    buffer = load_bytes (clean, &head, &fault);
  if (fault)
    {
      g_propagate_error (error, g_steal_pointer (&fault));
      return NULL;
    }
  if (!buffer || !is_as_announced (buffer, &head))
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_SERVER,
                   _ ("The picture that %s sent is damaged or incomplete. Try "
                      "again."),
                   label);
      return NULL;
    }

  space = pmt_profile_to_space (profile, head.is_gray);
  if (space)
    gegl_buffer_set_format (
        buffer,
        babl_format_with_space (
            babl_format_get_encoding (gegl_buffer_get_format (buffer)), space));
  return g_steal_pointer (&buffer);
}
