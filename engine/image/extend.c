/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* extend.c: the nearest opaque colour below transparent pixels. */
#include "config.h"

#include "image/distance.h"
#include "image/pixels.h"

#include <string.h>

/* Opaque pixels are never written, so rows may be read after their turn. */
static void
extend_row (PmtPixels *pixels, PmtNearest *nearest, gint y)
{
  const gint width = pixels->rect.width;
  const gsize row = (gsize)y * width;

  for (gint x = 0; x < width; x++)
    {
      gint from_x, from_y;

      if (pixels->opaque[row + x])
        continue;
      pmt_nearest_find (nearest, x, &from_x, &from_y);
      memcpy (pixels->rgb + (row + x) * 3,
              pixels->rgb + ((gsize)from_y * width + from_x) * 3,
              3 * sizeof (gfloat));
    }
}

void
pmt_pixels_extend_opaque (PmtPixels *pixels)
{
  const GeglRectangle *rect = &pixels->rect;
  g_auto (PmtNearest) nearest = { 0 };

  if (pixels->is_all_opaque)
    return;
  pmt_nearest_init (&nearest, pixels->opaque, rect->width, rect->height);
  for (gint y = 0; y < rect->height; y++)
    if (pmt_nearest_step (&nearest, y))
      extend_row (pixels, &nearest, y);
}
