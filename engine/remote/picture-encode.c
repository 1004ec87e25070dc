/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* picture-encode.c: pictures and masks for services. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <math.h>

#include "core/parallel.h"
#include "image/image-private.h"
#include "image/pixels.h"
#include "remote/picture-private.h"

/* A band of rows is converted at a time. */
#define BAND_ROWS 64

/* ---------------------------------------------------------------- writing -- */

static void
write_error (const gchar *reason, GError **error)
{
  g_set_error (error, PMT_ERROR, PMT_ERROR_FILE,
               _ ("The picture for the service can't be put into the folder "
                  "for temporary files, %s (%s). Make room there and try "
                  "again."),
               g_get_tmp_dir (), reason);
}

static void
save_file (GeglBuffer *pixels,
           const PmtPictureFormat *format,
           const gchar *path)
{
  g_autoptr (GeglNode) graph = gegl_node_new ();
  GeglNode *source, *save;

  source = gegl_node_new_child (graph, "operation", "gegl:buffer-source",
                                "buffer", pixels, NULL);
  save = gegl_node_new_child (graph, "operation", "gegl:jpg-save", "path", path,
                              "quality", CLAMP (format->quality, 1, 100),
                              "progressive", FALSE, NULL);
  gegl_node_link (source, save);
  gegl_node_process (save);
}

static GBytes *
write_jpeg (GeglBuffer *pixels, const PmtPictureFormat *format, GError **error)
{
  g_autoptr (GError) fault = NULL;
  g_autofree gchar *path = NULL;
  g_autofree gchar *data = NULL;
  g_autoptr (GBytes) written = NULL;
  g_autoptr (GBytes) profile = NULL;
  GBytes *stripped;
  gsize length;
  gint fd;

  fd = g_file_open_tmp ("pentimento-XXXXXX", &path, &fault);
  if (fd < 0)
    {
      write_error (fault->message, error);
      return NULL;
    }
  g_close (fd, NULL);
  save_file (pixels, format, path);
  if (!g_file_get_contents (path, &data, &length, &fault))
    write_error (fault->message, error);
  g_unlink (path);
  if (fault)
    return NULL;

  written = g_bytes_new_take (g_steal_pointer (&data), length);
  /* Without profile and comments.  A disk that was full shows as a file that is
   * not complete. */
  stripped = pmt_jpeg_clean (written, FALSE, &profile);
  if (!stripped)
    write_error (_ ("the file is not complete"), error);
  return stripped;
}

/* @pixels: sRGB, as they are to be written. */
static GBytes *
write_picture (GeglBuffer *pixels,
               const PmtPictureFormat *format,
               GError **error)
{
  return format->kind == PMT_PICTURE_PNG ? pmt_png_write (pixels, error)
                                         : write_jpeg (pixels, format, error);
}

/* ----------------------------------------------------------------- pixels -- */

/* 0-1 as a whole number; NaN is 0. */
static inline guint
quantize (gfloat value, guint max)
{
  const gfloat scaled = value * (gfloat)max + 0.5f;

  if (!(scaled > 0.0f))
    return 0;
  return scaled >= (gfloat)max ? max : (guint)scaled;
}

/* The first @n components of each pixel of four. */
static void
quantize_band (
    const gfloat *band, gsize n_pixels, gint n, gint bits, gpointer out)
{
  guint8 *bytes = out;
  guint16 *words = out;

  for (gsize i = 0; i < n_pixels; i++)
    for (gint c = 0; c < n; c++)
      {
        const gfloat value = band[i * 4 + c];

        if (bits == 16)
          *words++ = (guint16)quantize (value, 65535);
        else
          *bytes++ = (guint8)quantize (value, 255);
      }
}

/* What is to be written is what is there, but for alpha. */
static gboolean
is_plain (GeglBuffer *buffer, gint bits)
{
  const Babl *format = gegl_buffer_get_format (buffer);
  const gchar *encoding = babl_format_get_encoding (format);

  return bits == 8 && babl_format_get_space (format) == babl_space ("sRGB")
         && (g_str_equal (encoding, "R'G'B' u8")
             || g_str_equal (encoding, "R'G'B'A u8"));
}

/* The part as R'G'B', or R'G'B'A, of sRGB; extent 0, 0, width, height. */
static GeglBuffer *
convert_part (GeglBuffer *buffer,
              const GeglRectangle *rect,
              gboolean has_alpha,
              gint bits,
              GError **error)
{
  const gchar *name = has_alpha ? (bits == 16 ? "R'G'B'A u16" : "R'G'B'A u8")
                                : (bits == 16 ? "R'G'B' u16" : "R'G'B' u8");
  g_autoptr (GeglBuffer) pixels = gegl_buffer_new (
      GEGL_RECTANGLE (0, 0, rect->width, rect->height), babl_format (name));
  g_autofree gfloat *band = NULL;
  g_autofree gpointer out = NULL;

  if (is_plain (buffer, bits))
    {
      gegl_buffer_copy (buffer, rect, GEGL_ABYSS_NONE, pixels,
                        gegl_buffer_get_extent (pixels));
      return g_steal_pointer (&pixels);
    }
  band = pmt_image_alloc (rect->width, BAND_ROWS, 4 * sizeof (gfloat), error);
  if (!band)
    return NULL;
  out = pmt_image_alloc (rect->width, BAND_ROWS, 8, error);
  if (!out)
    return NULL;
  for (gint y = 0; y < rect->height; y += BAND_ROWS)
    {
      const gint rows = MIN (BAND_ROWS, rect->height - y);

      gegl_buffer_get (buffer,
                       GEGL_RECTANGLE (rect->x, rect->y + y, rect->width, rows),
                       1.0, babl_format ("R'G'B'A float"), band,
                       GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
      quantize_band (band, (gsize)rows * rect->width, has_alpha ? 4 : 3, bits,
                     out);
      gegl_buffer_set (pixels, GEGL_RECTANGLE (0, y, rect->width, rows), 0,
                       NULL, out, GEGL_AUTO_ROWSTRIDE);
    }
  return g_steal_pointer (&pixels);
}

GBytes *
pmt_picture_encode (GeglBuffer *buffer,
                    const GeglRectangle *rect,
                    const PmtPictureFormat *format,
                    GError **error)
{
  const gboolean is_png = format->kind == PMT_PICTURE_PNG;
  const gboolean has_alpha =
      is_png && format->keep_alpha
      && babl_format_has_alpha (gegl_buffer_get_format (buffer));
  g_autoptr (GeglBuffer) pixels = NULL;
  PmtPictureFormat written = *format;

  g_return_val_if_fail (is_png || format->kind == PMT_PICTURE_JPEG, NULL);

  written.bits = is_png && format->bits == 16 ? 16 : 8;
  pixels = convert_part (buffer, rect, has_alpha, written.bits, error);
  return pixels ? write_picture (pixels, &written, error) : NULL;
}

/* ------------------------------------------------------------------ masks -- */

/* Coverage as the bytes of @n pixels. */
static void
paint_coverage (const gfloat *coverage,
                gsize n,
                PmtMaskKind kind,
                gboolean is_hard,
                guint8 *to)
{
  const gint n_components = kind == PMT_MASK_ALPHA ? 4 : 3;
  const guint flip = kind == PMT_MASK_BLACK ? 255 : 0;

  for (gsize i = 0; i < n; i++, to += n_components)
    {
      const guint value = is_hard ? (coverage[i] >= 0.5f ? 255 : 0)
                                  : quantize (coverage[i], 255);

      to[0] = to[1] = to[2] = (guint8)(value ^ flip);
      if (kind == PMT_MASK_ALPHA)
        to[3] = (guint8)(255 - value);
    }
}

/* Painting: in bands.  @is_failed: without memory for one */
typedef struct
{
  GeglBuffer *mask;
  GeglRectangle rect;
  PmtMaskKind kind;
  gboolean is_hard;
  GeglBuffer *pixels;
  gint is_failed;
} Painting;

static void
paint_band (gint task, gpointer data)
{
  Painting *painting = data;
  const GeglRectangle *rect = &painting->rect;
  const gint y = task * BAND_ROWS;
  const gint rows = MIN (BAND_ROWS, rect->height - y);
  g_autofree gfloat *band =
      pmt_image_alloc (rect->width, BAND_ROWS, sizeof (gfloat), NULL);
  g_autofree guint8 *out = pmt_image_alloc (rect->width, BAND_ROWS, 4, NULL);

  if (!band || !out)
    {
      g_atomic_int_set (&painting->is_failed, TRUE);
      return;
    }
  pmt_mask_read_coverage (
      painting->mask, GEGL_RECTANGLE (rect->x, rect->y + y, rect->width, rows),
      band);
  paint_coverage (band, (gsize)rect->width * rows, painting->kind,
                  painting->is_hard, out);
  gegl_buffer_set (painting->pixels, GEGL_RECTANGLE (0, y, rect->width, rows),
                   0, NULL, out, GEGL_AUTO_ROWSTRIDE);
}

static GeglBuffer *
paint_mask (GeglBuffer *mask,
            const GeglRectangle *rect,
            PmtMaskKind kind,
            gboolean is_hard,
            GError **error)
{
  g_autoptr (GeglBuffer) pixels = gegl_buffer_new (
      GEGL_RECTANGLE (0, 0, rect->width, rect->height),
      babl_format (kind == PMT_MASK_ALPHA ? "R'G'B'A u8" : "R'G'B' u8"));
  Painting painting = { mask, *rect, kind, is_hard, pixels, FALSE };

  pmt_parallel_run (pmt_image_threads (),
                    (rect->height + BAND_ROWS - 1) / BAND_ROWS, paint_band,
                    &painting);
  if (painting.is_failed)
    {
      pmt_image_memory_error (rect->width, rect->height, error);
      return NULL;
    }
  return g_steal_pointer (&pixels);
}

GBytes *
pmt_mask_encode (GeglBuffer *mask,
                 const GeglRectangle *rect,
                 PmtMaskKind kind,
                 gboolean is_hard,
                 GError **error)
{
  const PmtPictureFormat format = { PMT_PICTURE_PNG, 0, 8, TRUE };
  g_autoptr (GeglBuffer) pixels = NULL;

  pixels = paint_mask (mask, rect, kind, is_hard, error);
  return pixels ? write_picture (pixels, &format, error) : NULL;
}
