/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* candidate.c: a picture that a run made, before it is in the image. */
#include "config.h"

#include "candidate.h"

#include <glib/gi18n-lib.h>

/* Checks behind what is transparent. */
#define CHECK_SIZE 8
#define CHECK_LIGHT 0x999999
#define CHECK_DARK 0x666666

void
pmt_candidate_free (gpointer data)
{
  PmtCandidate *candidate = data;

  if (!candidate)
    return;
  g_clear_pointer (&candidate->result, pmt_result_free);
  if (candidate->batch)
    candidate->unref_batch (candidate->batch);
  g_clear_object (&candidate->before);
  g_free (candidate);
}

gchar *
pmt_candidate_describe (const PmtCandidate *candidate)
{
  const guint32 seed = pmt_result_get_seed (candidate->result, 0);

  if (candidate->is_inserted)
    return g_strdup_printf (_ ("Candidate %u, seed %u, inserted"),
                            candidate->number, seed);

  return g_strdup_printf (_ ("Candidate %u, seed %u"), candidate->number, seed);
}

/* ----------------------------------------------------------------- pixels -- */

static guchar *
read_pixels (GeglBuffer *buffer,
             const GeglRectangle *rect,
             gdouble scale,
             const gchar *format,
             GeglAbyssPolicy abyss)
{
  const Babl *babl = babl_format (format);
  const gint stride = babl_format_get_bytes_per_pixel (babl) * rect->width;
  guchar *pixels = g_malloc0_n (rect->height, stride);

  gegl_buffer_get (buffer, rect, scale, babl, pixels, stride, abyss);

  return pixels;
}

/* @mask: (nullable): one byte each. */
static void
blend (guchar *pixels, const guchar *above, const guchar *mask, gsize n)
{
  for (gsize i = 0; i < n; i++)
    {
      const gdouble cover = mask ? mask[i] / 255.0 : 1.0;
      const gdouble a = cover * above[4 * i + 3] / 255.0;
      const gdouble b = (1.0 - a) * pixels[4 * i + 3] / 255.0;

      for (gint c = 0; c < 3 && a + b > 0.0; c++)
        pixels[4 * i + c] =
            (guchar)((a * above[4 * i + c] + b * pixels[4 * i + c]) / (a + b)
                     + 0.5);
      pixels[4 * i + 3] = (guchar)((a + b) * 255.0 + 0.5);
    }
}

static void
add_candidate (const PmtCandidate *candidate,
               const GeglRectangle *rect,
               gdouble scale,
               guchar *pixels)
{
  GeglBuffer *mask = pmt_result_get_mask (candidate->result, 0);
  g_autofree guchar *above =
      read_pixels (pmt_result_get_picture (candidate->result, 0), rect, scale,
                   "R'G'B'A u8", GEGL_ABYSS_CLAMP);
  g_autofree guchar *coverage = NULL;

  if (mask)
    coverage = read_pixels (mask, rect, scale, "Y u8", GEGL_ABYSS_NONE);
  blend (pixels, above, coverage, (gsize)rect->width * rect->height);
}

static GdkPixbuf *
flatten (guchar *pixels, const GeglRectangle *rect, gint size)
{
  const gdouble scale = (gdouble)size / MAX (rect->width, rect->height);
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new_from_data (
      pixels, GDK_COLORSPACE_RGB, TRUE, 8, rect->width, rect->height,
      4 * rect->width, NULL, NULL);

  return gdk_pixbuf_composite_color_simple (
      pixbuf, MAX (1, (gint)(rect->width * scale + 0.5)),
      MAX (1, (gint)(rect->height * scale + 0.5)), GDK_INTERP_BILINEAR, 255,
      CHECK_SIZE, CHECK_LIGHT, CHECK_DARK);
}

GdkPixbuf *
pmt_candidate_render (const PmtCandidate *candidate,
                      gboolean is_before,
                      gint size)
{
  const GeglRectangle *extent =
      gegl_buffer_get_extent (pmt_result_get_picture (candidate->result, 0));
  const gint side = MAX (extent->width, extent->height);
  const gdouble scale = MIN (1.0, (gdouble)size / side);
  const GeglRectangle rect = { (gint)(extent->x * scale),
                               (gint)(extent->y * scale),
                               MAX (1, (gint)(extent->width * scale)),
                               MAX (1, (gint)(extent->height * scale)) };
  g_autofree guchar *pixels = NULL;

  if (candidate->before)
    pixels = read_pixels (candidate->before, &rect, scale, "R'G'B'A u8",
                          GEGL_ABYSS_NONE);
  else
    pixels = g_malloc0_n (rect.height, 4 * rect.width);
  if (!is_before)
    add_candidate (candidate, &rect, scale, pixels);

  return flatten (pixels, &rect, size);
}
