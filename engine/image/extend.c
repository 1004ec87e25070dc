/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* extend.c: the nearest opaque colour below transparent pixels. */
#include "config.h"

#include "image/pixels.h"

#include <string.h>

/*
 * Exact Euclidean feature transform, row by row (the second pass is the lower
 * envelope of parabolas; Felzenszwalb and Huttenlocher, "Distance Transforms
 * of Sampled Functions", 2012).  Only arrays of one row are needed, since the
 * opaque pixels are never written.
 */
typedef struct
{
  /* Per column: nearest opaque row above or at, and below; or -1. */
  gint *above;
  gint *below;
  /* Lower envelope: columns, and where each begins to be the nearest. */
  gint *column;
  gdouble *start;
} Rows;

/* The next opaque row at or below @y in a column. */
static gint
find_below (const PmtPixels *pixels, gint x, gint y)
{
  for (; y < pixels->rect.height; y++)
    if (pixels->opaque[(gsize)y * pixels->rect.width + x])
      return y;
  return G_MAXINT;
}

static void
advance_row (const PmtPixels *pixels, Rows *rows, gint y)
{
  const gint width = pixels->rect.width;

  for (gint x = 0; x < width; x++)
    {
      if (pixels->opaque[(gsize)y * width + x])
        rows->above[x] = y;
      if (rows->below[x] < y)
        rows->below[x] = find_below (pixels, x, y);
    }
}

/* The opaque row of a column that is nearest to @y; ties go up. */
static gint
nearest_row (const Rows *rows, gint x, gint y)
{
  if (rows->above[x] < 0)
    return rows->below[x] == G_MAXINT ? -1 : rows->below[x];
  if (rows->below[x] == G_MAXINT || y - rows->above[x] <= rows->below[x] - y)
    return rows->above[x];
  return rows->below[x];
}

/* Where column @b becomes nearer than column @a, a < b. */
static gdouble
crossing (const Rows *rows, gint a, gint b, gint y)
{
  const gdouble height_a = (gdouble)nearest_row (rows, a, y) - y;
  const gdouble height_b = (gdouble)nearest_row (rows, b, y) - y;

  return (height_b * height_b + (gdouble)b * b - height_a * height_a
          - (gdouble)a * a)
         / (2.0 * ((gdouble)b - a));
}

/* Returns: the number of columns on the lower envelope of row @y. */
static gint
build_envelope (Rows *rows, gint width, gint y)
{
  gint n = 0;

  for (gint x = 0; x < width; x++)
    {
      if (nearest_row (rows, x, y) < 0)
        continue;
      while (n > 0
             && crossing (rows, rows->column[n - 1], x, y)
                    <= rows->start[n - 1])
        n--;
      rows->start[n] =
          n ? crossing (rows, rows->column[n - 1], x, y) : -G_MAXDOUBLE;
      rows->column[n++] = x;
    }
  return n;
}

static void
extend_row (PmtPixels *pixels, Rows *rows, gint y)
{
  const gint width = pixels->rect.width;
  const guint8 *opaque = pixels->opaque + (gsize)y * width;
  const gint n = build_envelope (rows, width, y);
  gint k = 0;

  for (gint x = 0; x < width && n > 0; x++)
    {
      gsize from;

      while (k + 1 < n && rows->start[k + 1] < x)
        k++;
      if (opaque[x])
        continue;
      from = (gsize)nearest_row (rows, rows->column[k], y) * width
             + rows->column[k];
      memcpy (pixels->rgb + ((gsize)y * width + x) * 3, pixels->rgb + from * 3,
              3 * sizeof (gfloat));
    }
}

void
pmt_pixels_extend_opaque (PmtPixels *pixels)
{
  const gint width = pixels->rect.width;
  g_autofree gint *above = g_new (gint, width);
  g_autofree gint *below = g_new (gint, width);
  g_autofree gint *column = g_new (gint, width);
  g_autofree gdouble *start = g_new (gdouble, width);
  Rows rows = { above, below, column, start };

  if (pixels->is_all_opaque)
    return;
  for (gint x = 0; x < width; x++)
    above[x] = below[x] = -1;
  for (gint y = 0; y < pixels->rect.height; y++)
    {
      const guint8 *row = pixels->opaque + (gsize)y * width;

      advance_row (pixels, &rows, y);
      if (memchr (row, 0, width))
        extend_row (pixels, &rows, y);
    }
}
