/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* piece-layer.c: from pixels that a model made to a layer and its mask. */
#include "config.h"

#include "image/image-private.h"
#include "image/piece-layer.h"

/* Steps from this on are edges of the picture, not a cast. */
#define CAST_LIMIT 0.3

void
pmt_piece_match_rect (const PmtArea *area, GeglRectangle *rect)
{
  *rect = area->geometry.crop;
  if (pmt_mask_bounds (area->mask, rect, rect))
    *rect = pmt_rect_grow (
        rect, pmt_match_reach (pmt_match_radius (&area->geometry.crop)));
  gegl_rectangle_intersect (rect, rect, &area->geometry.crop);
}

PmtMatchPlan *
pmt_piece_match_plan (const PmtPixels *original,
                      const PmtArea *area,
                      GError **error)
{
  const GeglRectangle *rect = &original->rect;
  guint8 *changed = pmt_mask_grow (area->mask, 0.0, 0.0, rect);

  if (changed == NULL)
    {
      pmt_image_memory_error (rect->width, rect->height, error);
      return NULL;
    }
  return pmt_match_plan_new (original, changed,
                             pmt_match_radius (&area->geometry.crop),
                             CAST_LIMIT, error);
}

/* The shape of a layer with transparent parts. */
static GeglBuffer *
make_alpha_mask (GeglBuffer *source, const GeglRectangle *rect)
{
  const Babl *format = babl_format ("Y float");
  GeglBuffer *mask = gegl_buffer_new (rect, format);
  g_autofree gfloat *row = g_new (gfloat, rect->width);

  for (gint y = 0; y < rect->height; y++)
    {
      const GeglRectangle line = { rect->x, rect->y + y, rect->width, 1 };

      gegl_buffer_get (source, &line, 1.0, babl_format ("A float"), row,
                       GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
      gegl_buffer_set (mask, &line, 0, format, row, GEGL_AUTO_ROWSTRIDE);
    }
  return mask;
}

gboolean
pmt_piece_make_mask (const PmtArea *area,
                     GeglBuffer *source,
                     const GeglRectangle *rect,
                     gboolean is_all_opaque,
                     GeglBuffer **mask,
                     GError **error)
{
  if (area != NULL)
    {
      *mask = pmt_mask_composite (area);
      if (*mask == NULL)
        pmt_image_memory_error (rect->width, rect->height, error);
      return *mask != NULL;
    }
  *mask = NULL;
  if (source != NULL && !is_all_opaque
      && babl_format_has_alpha (gegl_buffer_get_format (source)))
    *mask = make_alpha_mask (source, rect);
  return TRUE;
}
