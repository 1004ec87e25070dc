/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* preview.c: shows how far the fill has come. */
#include "config.h"

#include "fill/fill-private.h"

/* Larger previews would take longer than the step that they show. */
#define MAX_PIXELS ((gsize)8 << 20)

/* The box of the hole at the size of the picture, and some surroundings. */
static GeglRectangle
shown_part (const PmtFillRun *run, const PmtFillLevel *level, gint scale)
{
  GeglRectangle part = { level->box.x * scale, level->box.y * scale,
                         level->box.width * scale, level->box.height * scale };
  GeglRectangle whole = { 0, 0, run->pixels->rect.width,
                          run->pixels->rect.height };
  gint margin = (part.width + part.height) / 8;

  part.x -= margin;
  part.y -= margin;
  part.width += 2 * margin;
  part.height += 2 * margin;
  gegl_rectangle_intersect (&part, &part, &whole);
  return part;
}

static void
draw_row (const PmtFillRun *run,
          const PmtFillLevel *level,
          gint scale,
          const GeglRectangle *part,
          gint y,
          gfloat *row)
{
  for (gint x = 0; x < part->width; x++)
    {
      gsize place =
          pmt_fill_place (level, (part->x + x) / scale, (part->y + y) / scale);

      for (gint c = 0; c < 3; c++)
        row[3 * x + c] =
            run->low + (gfloat)level->rgbx[place * 4 + (gsize)c] / run->gain;
    }
}

/**
 * Reports the state of a level, whose pixels are @scale pixels of the picture
 * wide, unless the area is too large for that.
 */
void
pmt_fill_preview (const PmtFillRun *run, const PmtFillLevel *level, gint scale)
{
  GeglRectangle part = shown_part (run, level, scale);
  GeglRectangle canvas = part;
  g_autoptr (GeglBuffer) buffer = NULL;
  g_autofree gfloat *row = NULL;

  if (run->progress == NULL
      || (gsize)part.width * (gsize)part.height > MAX_PIXELS)
    return;
  canvas.x += run->pixels->rect.x;
  canvas.y += run->pixels->rect.y;
  buffer = gegl_buffer_new (&canvas, babl_format ("R'G'B' u8"));
  row = g_new (gfloat, (gsize)part.width * 3);
  for (gint y = 0; y < part.height; y++)
    {
      draw_row (run, level, scale, &part, y, row);
      gegl_buffer_set (
          buffer, GEGL_RECTANGLE (canvas.x, canvas.y + y, part.width, 1), 0,
          babl_format ("R'G'B' float"), row, GEGL_AUTO_ROWSTRIDE);
    }
  pmt_progress_preview (run->progress, 1.0, buffer);
}
