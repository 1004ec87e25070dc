/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* composite.c: a picture over another one through a mask. */
#include "config.h"

#include "image/image-private.h"
#include "image/pixels.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Blend: formats, conversions and room for one tile. */
typedef struct
{
  gsize target_bytes;
  gboolean is_same_format;
  const Babl *target_to_linear;
  const Babl *picture_to_linear;
  const Babl *linear_to_target;
  gsize room;
  gfloat *below;
  gfloat *above;
  guint8 *blended;
} Blend;

static void
blend_clear (Blend *blend)
{
  g_clear_pointer (&blend->below, g_free);
  g_clear_pointer (&blend->above, g_free);
  g_clear_pointer (&blend->blended, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Blend, blend_clear)

static void
blend_init (Blend *blend, const Babl *target, const Babl *picture)
{
  /* Premultiplied linear light in the target's primaries. */
  const Babl *linear = babl_format_with_space ("RaGaBaA float", target);

  blend->target_bytes = babl_format_get_bytes_per_pixel (target);
  blend->is_same_format = target == picture;
  blend->target_to_linear = babl_fish (target, linear);
  blend->picture_to_linear = babl_fish (picture, linear);
  blend->linear_to_target = babl_fish (linear, target);
}

static gboolean
blend_reserve (Blend *blend, gint n, GError **error)
{
  if ((gsize)n <= blend->room)
    return TRUE;
  blend_clear (blend);
  blend->room = n;
  blend->below = pmt_image_alloc (n, 1, 4 * sizeof (gfloat), error);
  if (!blend->below)
    return FALSE;
  blend->above = pmt_image_alloc (n, 1, 4 * sizeof (gfloat), error);
  if (!blend->above)
    return FALSE;
  blend->blended = pmt_image_alloc (n, 1, blend->target_bytes, error);
  return blend->blended != NULL;
}

/* Coverage of pixel @i; no mask covers everything, NaN nothing. */
static inline gfloat
coverage_at (const gfloat *mask, gint i)
{
  if (!mask)
    return 1.0f;
  return mask[i] > 0.0f ? MIN (mask[i], 1.0f) : 0.0f;
}

static gboolean
is_any_covered (const gfloat *mask, gint n)
{
  for (gint i = 0; i < n; i++)
    if (coverage_at (mask, i) > 0.0f)
      return TRUE;
  return FALSE;
}

/* @below = @above over @below; premultiplied. */
static void
blend_over (Blend *blend, const gfloat *mask, gint n)
{
  for (gint i = 0; i < n; i++)
    {
      const gfloat coverage = coverage_at (mask, i);
      const gfloat *above = blend->above + (gsize)i * 4;
      gfloat *below = blend->below + (gsize)i * 4;
      const gfloat rest = 1.0f - coverage * above[3];
      const gboolean is_opaque = below[3] == 1.0f;

      for (gint c = 0; c < 4; c++)
        below[c] = coverage * above[c] + rest * below[c];
      /* Rounding must not make an opaque picture transparent. */
      if (is_opaque)
        below[3] = 1.0f;
    }
}

/* Copies what was blended to where something was put over. */
static void
write_blended (const Blend *blend,
               guint8 *target,
               const guint8 *picture,
               const gfloat *mask,
               gint n)
{
  const gsize bytes = blend->target_bytes;

  for (gint i = 0; i < n; i++)
    {
      const gfloat coverage = coverage_at (mask, i);
      const gfloat alpha = blend->above[(gsize)i * 4 + 3];
      const gboolean is_replaced = coverage >= 1.0f && alpha >= 1.0f;

      /* Also keeps the bits where alpha is not a number. */
      if (!(coverage > 0.0f && alpha > 0.0f))
        continue;
      if (is_replaced && blend->is_same_format)
        memcpy (target + i * bytes, picture + i * bytes, bytes);
      else
        memcpy (target + i * bytes, blend->blended + i * bytes, bytes);
    }
}

static gboolean
blend_tile (Blend *blend,
            guint8 *target,
            const guint8 *picture,
            const gfloat *mask,
            gint n,
            GError **error)
{
  if (!is_any_covered (mask, n))
    return TRUE;
  if (!blend_reserve (blend, n, error))
    return FALSE;
  babl_process (blend->target_to_linear, target, blend->below, n);
  babl_process (blend->picture_to_linear, picture, blend->above, n);
  blend_over (blend, mask, n);
  babl_process (blend->linear_to_target, blend->below, blend->blended, n);
  write_blended (blend, target, picture, mask, n);
  return TRUE;
}

static gboolean
check_formats (const Babl *target, const Babl *picture, GError **error)
{
  if (!babl_format_is_palette (target) && !babl_format_is_palette (picture))
    return TRUE;
  g_set_error (error, PMT_ERROR, PMT_ERROR_UNSUPPORTED,
               _ ("Pictures with indexed colors can't be composited. Convert "
                  "the picture to RGB first."));
  return FALSE;
}

gboolean
pmt_composite (GeglBuffer *target,
               GeglBuffer *picture,
               GeglBuffer *mask,
               GError **error)
{
  const Babl *target_format = gegl_buffer_get_format (target);
  const Babl *picture_format = gegl_buffer_get_format (picture);
  g_auto (Blend) blend = { 0 };
  GeglRectangle rect = *gegl_buffer_get_extent (target);
  GeglBufferIterator *it;

  if (!check_formats (target_format, picture_format, error))
    return FALSE;
  if (!gegl_rectangle_intersect (&rect, &rect,
                                 gegl_buffer_get_extent (picture)))
    return TRUE;
  if (mask
      && !gegl_rectangle_intersect (&rect, &rect,
                                    gegl_buffer_get_extent (mask)))
    return TRUE;

  blend_init (&blend, target_format, picture_format);
  it = gegl_buffer_iterator_new (target, &rect, 0, target_format,
                                 GEGL_ACCESS_READWRITE, GEGL_ABYSS_NONE, 3);
  gegl_buffer_iterator_add (it, picture, &rect, 0, picture_format,
                            GEGL_ACCESS_READ, GEGL_ABYSS_NONE);
  if (mask)
    gegl_buffer_iterator_add (it, mask, &rect, 0, pmt_mask_format (mask),
                              GEGL_ACCESS_READ, GEGL_ABYSS_NONE);
  while (gegl_buffer_iterator_next (it))
    if (!blend_tile (&blend, it->items[0].data, it->items[1].data,
                     mask ? it->items[2].data : NULL, it->length, error))
      {
        gegl_buffer_iterator_stop (it);
        return FALSE;
      }
  return TRUE;
}
