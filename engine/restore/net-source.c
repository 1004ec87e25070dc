/* SPDX-License-Identifier: LGPL-3.0-or-later */
/*
 * net-source.c: the pixels of a tile: read once, as the source has them, and
 * made into the planes that the network sees.  Beyond the picture it is
 * mirrored; below transparent pixels, and where a value is no number, the
 * nearest good colour is seen.
 */
#include "config.h"

#include <math.h>
#include <string.h>

#include "image/distance.h"
#include "image/image-private.h"
#include "image/pixels.h"
#include "restore/net-private.h"

/* Rows that are read and converted at a time. */
#define BAND_ROWS 32

void
pmt_net_source_clear (PmtNetSource *source)
{
  g_clear_pointer (&source->own, g_free);
  g_clear_pointer (&source->extended, g_free);
  source->seen = NULL;
}

/* -------------------------------------------------------------- reading -- */

const Babl *
pmt_net_source_format (const PmtNetSource *source)
{
  static const gchar *const names[] = { "Y' float", "Y'A float", "R'G'B' float",
                                        "R'G'B'A float" };

  return babl_format (names[source->n - 1]);
}

/* First and last pixel of @length from @start that mirroring leads to. */
static void
mirrored_range (
    gint from, gint length, gint start, gint whole, gint *first, gint *n)
{
  gint low = G_MAXINT;
  gint high = G_MININT;

  for (gint i = 0; i < length; i++)
    {
      const gint at = pmt_tile_mirror (from + i, start, whole);

      low = MIN (low, at);
      high = MAX (high, at);
    }
  *first = low;
  *n = high - low + 1;
}

static gboolean
read_own (PmtNetSource *source, GeglBuffer *buffer, GError **error)
{
  const Babl *format = gegl_buffer_get_format (buffer);
  const GeglRectangle *rect = &source->rect;
  const Babl *fish = babl_fish (pmt_pixels_plain_format (format),
                                pmt_net_source_format (source));
  g_autofree gpointer raw = pmt_image_alloc (
      rect->width, BAND_ROWS, babl_format_get_bytes_per_pixel (format), error);

  if (raw == NULL)
    return FALSE;
  g_clear_pointer (&source->own, g_free);
  source->own = pmt_image_alloc (rect->width, rect->height,
                                 source->n * sizeof (gfloat), error);
  if (source->own == NULL)
    return FALSE;
  for (gint y = 0; y < rect->height; y += BAND_ROWS)
    {
      const gint rows = MIN (BAND_ROWS, rect->height - y);
      const GeglRectangle band = { rect->x, rect->y + y, rect->width, rows };

      gegl_buffer_get (buffer, &band, 1.0, format, raw, GEGL_AUTO_ROWSTRIDE,
                       GEGL_ABYSS_NONE);
      babl_process (fish, raw, source->own + (gsize)y * rect->width * source->n,
                    (glong)rows * rect->width);
    }
  return TRUE;
}

/* Is @value outside 0..1, or no number?  Without branches. */
static inline guint
is_outside (gfloat value)
{
  return !(value >= 0.0f) | !(value <= 1.0f);
}

static void
look_through (PmtNetSource *source)
{
  const gsize n_pixels = (gsize)source->rect.width * source->rect.height;
  const gint n = source->n;
  const gfloat *own = source->own;
  guint outside = 0;
  guint transparent = 0;

  if (!source->has_alpha)
    for (gsize i = 0; i < n_pixels * n; i++)
      outside |= is_outside (own[i]);
  else
    for (gsize i = 0; i < n_pixels; i++)
      {
        transparent |= !(own[i * n + n - 1] >= 1.0f);
        for (gint c = 0; c < n - 1; c++)
          outside |= is_outside (own[i * n + c]);
      }
  source->has_outside = outside != 0;
  source->has_transparent = transparent != 0;
}

/* ------------------------------------------------------------ extending -- */

static gboolean
is_good (const PmtNetSource *source, const gfloat *pixel)
{
  for (gint c = 0; c < source->n_colors; c++)
    if (!isfinite (pixel[c]))
      return FALSE;
  return !source->has_alpha || pixel[source->n - 1] > 0.0f;
}

/* [rect.height, rect.width] bytes, 255 where is_good(); %NULL: everywhere,
 * or without memory, which sets @error. */
static guint8 *
mark_good (const PmtNetSource *source, gboolean *is_all, GError **error)
{
  const gsize n_pixels = (gsize)source->rect.width * source->rect.height;
  guint8 *good =
      pmt_image_alloc (source->rect.width, source->rect.height, 1, error);

  if (good == NULL)
    return NULL;
  for (gsize i = 0; i < n_pixels; i++)
    good[i] = is_good (source, source->own + i * source->n) ? 255 : 0;
  *is_all = memchr (good, 0, n_pixels) == NULL;
  return good;
}

static void
extend_row (PmtNetSource *source,
            PmtNearest *nearest,
            const guint8 *good,
            gint y)
{
  const gint width = source->rect.width;
  const gsize row = (gsize)y * width;

  for (gint x = 0; x < width; x++)
    {
      gint from_x, from_y;

      if (good[row + x])
        continue;
      pmt_nearest_find (nearest, x, &from_x, &from_y);
      memcpy (source->extended + (row + x) * source->n,
              source->own + ((gsize)from_y * width + from_x) * source->n,
              source->n_colors * sizeof (gfloat));
    }
}

static gboolean
extend (PmtNetSource *source, const guint8 *good, GError **error)
{
  const GeglRectangle *rect = &source->rect;
  const gsize pixel = source->n * sizeof (gfloat);
  g_auto (PmtNearest) nearest = { 0 };

  source->extended = pmt_image_alloc (rect->width, rect->height, pixel, error);
  if (source->extended == NULL)
    return FALSE;
  memcpy (source->extended, source->own,
          (gsize)rect->width * rect->height * pixel);
  source->seen = source->extended;
  pmt_nearest_init (&nearest, good, rect->width, rect->height);
  for (gint y = 0; y < rect->height; y++)
    if (pmt_nearest_step (&nearest, y))
      extend_row (source, &nearest, good, y);
  return TRUE;
}

/*
 * What is extended must not depend on the tile: a pixel that the network
 * looks at from here may be nearest to one outside of what was read.
 */
static gboolean
extend_if_needed (PmtNetSource *source,
                  GeglBuffer *buffer,
                  const GeglRectangle *picture,
                  gint reach,
                  GError **error)
{
  gboolean is_all = TRUE;
  g_autofree guint8 *good = mark_good (source, &is_all, error);

  if (good == NULL)
    return FALSE;
  if (is_all)
    return TRUE;
  source->rect = pmt_rect_grow (&source->rect, reach);
  gegl_rectangle_intersect (&source->rect, &source->rect, picture);
  g_clear_pointer (&good, g_free);
  if (!read_own (source, buffer, error))
    return FALSE;
  look_through (source);
  good = mark_good (source, &is_all, error);
  return good != NULL && extend (source, good, error);
}

gboolean
pmt_net_source_read (PmtNetSource *source,
                     GeglBuffer *buffer,
                     const GeglRectangle *picture,
                     const GeglRectangle *outer,
                     gint reach,
                     GError **error)
{
  const Babl *format = gegl_buffer_get_format (buffer);

  source->has_alpha = babl_format_has_alpha (format) != 0;
  source->n_colors = pmt_pixels_is_gray (format) ? 1 : 3;
  source->n = source->n_colors + (source->has_alpha ? 1 : 0);
  mirrored_range (outer->x, outer->width, picture->x, picture->width,
                  &source->rect.x, &source->rect.width);
  mirrored_range (outer->y, outer->height, picture->y, picture->height,
                  &source->rect.y, &source->rect.height);
  if (!read_own (source, buffer, error))
    return FALSE;
  source->seen = source->own;
  look_through (source);
  if (!source->has_outside && !source->has_transparent)
    return TRUE;
  return extend_if_needed (source, buffer, picture, reach, error);
}

/* --------------------------------------------------------------- planes -- */

/* With a constant step the compiler makes vector code of these. */
static inline void
take_seen (const gfloat *restrict from, gfloat *restrict to, gint step, gint n)
{
  for (gint i = 0; i < n; i++)
    to[i] = pmt_net_clamp (from[(gsize)i * step]);
}

static void
take_stretch (const PmtNetSource *source,
              const gfloat *from,
              PmtNetPlane kind,
              gfloat *to,
              gint n)
{
  const gint step = source->n;

  if (kind == PMT_NET_PLANE_OUTSIDE)
    for (gint i = 0; i < n; i++)
      {
        const gfloat value = from[(gsize)i * step];

        to[i] = isfinite (value) ? value - pmt_net_clamp (value) : 0.0f;
      }
  else if (step == 1)
    take_seen (from, to, 1, n);
  else if (step == 2)
    take_seen (from, to, 2, n);
  else if (step == 3)
    take_seen (from, to, 3, n);
  else
    take_seen (from, to, 4, n);
}

/* One row of @outer from the row @from of what was read. */
static void
take_row (const PmtNetSource *source,
          const GeglRectangle *picture,
          const GeglRectangle *outer,
          const gfloat *from,
          PmtNetPlane kind,
          gfloat *to)
{
  const gint start = MAX (outer->x, picture->x);
  const gint end = (gint)MIN (pmt_rect_right (outer), pmt_rect_right (picture));
  gint x = 0;

  while (x < outer->width)
    {
      const gint at = outer->x + x;
      const gboolean is_inside = at >= start && at < end;
      const gint mirrored =
          is_inside ? at : pmt_tile_mirror (at, picture->x, picture->width);
      const gint n = is_inside ? end - at : 1;

      take_stretch (source,
                    from + (gsize)(mirrored - source->rect.x) * source->n, kind,
                    to + x, n);
      x += n;
    }
}

void
pmt_net_source_plane (const PmtNetSource *source,
                      const GeglRectangle *picture,
                      const GeglRectangle *outer,
                      PmtNetPlane kind,
                      gint color,
                      gfloat *plane)
{
  const gfloat *pixels =
      kind == PMT_NET_PLANE_SEEN ? source->seen : source->own;
  const gint component = kind == PMT_NET_PLANE_ALPHA ? source->n - 1 : color;

  for (gint y = 0; y < outer->height; y++)
    {
      const gint at =
          pmt_tile_mirror (outer->y + y, picture->y, picture->height);
      const gsize row = (gsize)(at - source->rect.y) * source->rect.width;

      take_row (source, picture, outer, pixels + row * source->n + component,
                kind, plane + (gsize)y * outer->width);
    }
}
