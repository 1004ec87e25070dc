/* SPDX-License-Identifier: LGPL-3.0-or-later */
/*
 * distance.c: exact nearest pixel of a set, row by row.
 *
 * Two passes (Felzenszwalb and Huttenlocher, "Distance Transforms of Sampled
 * Functions", 2012): along the columns the nearest set row, then along the
 * row the lower envelope of the parabolas that the columns make.  Both are
 * done for one row at a time, so that nothing but the set itself grows with
 * the height.
 */
#include "config.h"

#include "image/distance.h"
#include "image/image-private.h"

#include <math.h>

#define NO_ROW (-1)

/* Rows that are read and written at a time. */
#define BAND_ROWS 64

void
pmt_nearest_init (PmtNearest *nearest,
                  const guint8 *set,
                  gint width,
                  gint height)
{
  nearest->set = set;
  nearest->width = width;
  nearest->height = height;
  nearest->above = g_new (gint, width);
  nearest->below = g_new (gint, width);
  nearest->row = g_new (gint, width);
  nearest->column = g_new (gint, width);
  nearest->start = g_new (gdouble, width);
  for (gint x = 0; x < width; x++)
    nearest->above[x] = nearest->below[x] = NO_ROW;
}

void
pmt_nearest_clear (PmtNearest *nearest)
{
  g_clear_pointer (&nearest->above, g_free);
  g_clear_pointer (&nearest->below, g_free);
  g_clear_pointer (&nearest->row, g_free);
  g_clear_pointer (&nearest->column, g_free);
  g_clear_pointer (&nearest->start, g_free);
}

/* The first set row at or below @y in a column; the height if none is. */
static gint
find_below (const PmtNearest *nearest, gint x, gint y)
{
  while (y < nearest->height && !nearest->set[(gsize)y * nearest->width + x])
    y++;
  return y;
}

/* The nearest set row of column @x, which is not set in row @y; ties go up. */
static gint
find_row (PmtNearest *nearest, gint x, gint y)
{
  const gint above = nearest->above[x];
  gint *below = &nearest->below[x];

  if (*below < y)
    *below = find_below (nearest, x, y);
  if (*below == nearest->height)
    return above;
  return above == NO_ROW || *below - y < y - above ? *below : above;
}

/* The first pixel from @x on that is not set in the row. */
static gint
find_end (const PmtNearest *nearest, const guint8 *set, gint x)
{
  while (x < nearest->width && set[x])
    x++;
  return x;
}

/* Where column @b becomes nearer than column @a, a < b. */
static gdouble
find_crossing (const PmtNearest *nearest, gint a, gint b, gint y)
{
  const gdouble height_a = (gdouble)nearest->row[a] - y;
  const gdouble height_b = (gdouble)nearest->row[b] - y;
  const gdouble apart = (gdouble)b - a;

  return ((height_b - height_a) * (height_b + height_a)
          + apart * ((gdouble)a + b))
         / (2.0 * apart);
}

/* Puts column @x on the envelope, behind those that stay nearest somewhere. */
static void
add_column (PmtNearest *nearest, gint x, gint y)
{
  gdouble start = -G_MAXDOUBLE;
  gint n = nearest->n;

  while (n > 0)
    {
      start = find_crossing (nearest, nearest->column[n - 1], x, y);
      if (start > nearest->start[n - 1])
        break;
      n--;
    }
  nearest->start[n] = n > 0 ? start : -G_MAXDOUBLE;
  nearest->column[n] = x;
  nearest->n = n + 1;
}

/* Pixels @x to @end of the set: those between two others are nearest to
 * themselves only. */
static void
add_run (PmtNearest *nearest, gint x, gint end, gint y)
{
  for (gint i = x; i < end; i++)
    nearest->above[i] = nearest->row[i] = y;
  add_column (nearest, x, y);
  if (end - 1 > x)
    add_column (nearest, end - 1, y);
}

gboolean
pmt_nearest_step (PmtNearest *nearest, gint y)
{
  const guint8 *set = nearest->set + (gsize)y * nearest->width;

  nearest->n = nearest->at = 0;
  nearest->y = y;
  for (gint x = 0; x < nearest->width;)
    {
      const gint end = find_end (nearest, set, x);

      if (end > x)
        {
          add_run (nearest, x, end, y);
          x = end;
          continue;
        }
      nearest->row[x] = find_row (nearest, x, y);
      if (nearest->row[x] != NO_ROW)
        add_column (nearest, x, y);
      x++;
    }
  return nearest->n > 0;
}

void
pmt_nearest_find (PmtNearest *nearest, gint x, gint *found_x, gint *found_y)
{
  if (nearest->row[x] == nearest->y)
    {
      *found_x = x;
      *found_y = nearest->y;
      return;
    }
  while (nearest->at + 1 < nearest->n && nearest->start[nearest->at + 1] < x)
    nearest->at++;
  *found_x = nearest->column[nearest->at];
  *found_y = nearest->row[*found_x];
}

/* [height, width] bytes, not 0 where coverage > @threshold. */
static guint8 *
read_set (GeglBuffer *mask, gdouble threshold, const GeglRectangle *rect)
{
  const gfloat limit = (gfloat)threshold;
  g_autofree guint8 *set = pmt_image_alloc (rect->width, rect->height, 1, NULL);
  g_autofree gfloat *band =
      pmt_image_alloc (rect->width, BAND_ROWS, sizeof (gfloat), NULL);

  if (!set || !band)
    return NULL;
  for (gint y = 0; y < rect->height; y += BAND_ROWS)
    {
      const gint rows = MIN (BAND_ROWS, rect->height - y);
      const gsize n = (gsize)rect->width * rows;
      guint8 *dst = set + (gsize)y * rect->width;

      pmt_mask_read_coverage (
          mask, GEGL_RECTANGLE (rect->x, rect->y + y, rect->width, rows), band);
      for (gsize i = 0; i < n; i++)
        dst[i] = band[i] > limit;
    }
  return g_steal_pointer (&set);
}

/* No overflow to be afraid of, as hypot() is. */
static gfloat
measure (gint x, gint y)
{
  return (gfloat)sqrt ((gdouble)x * x + (gdouble)y * y);
}

/* Distances of the row that @nearest is stepped to. */
static void
measure_row (PmtNearest *nearest, gint y, gfloat *distance)
{
  const gboolean is_any = pmt_nearest_step (nearest, y);

  for (gint x = 0; x < nearest->width; x++)
    {
      gint found_x, found_y;

      distance[x] = is_any ? 0.0f : G_MAXFLOAT;
      if (!is_any || nearest->row[x] == y)
        continue;
      pmt_nearest_find (nearest, x, &found_x, &found_y);
      distance[x] = measure (found_x - x, found_y - y);
    }
}

GeglBuffer *
pmt_distance_new (GeglBuffer *mask,
                  gdouble threshold,
                  const GeglRectangle *rect)
{
  g_autofree guint8 *set = read_set (mask, threshold, rect);
  g_autofree gfloat *band =
      pmt_image_alloc (rect->width, BAND_ROWS, sizeof (gfloat), NULL);
  g_auto (PmtNearest) nearest = { 0 };
  GeglBuffer *distance;

  if (!set || !band)
    return NULL;
  distance = gegl_buffer_new (rect, babl_format ("Y float"));
  pmt_nearest_init (&nearest, set, rect->width, rect->height);
  for (gint start = 0; start < rect->height; start += BAND_ROWS)
    {
      const gint rows = MIN (BAND_ROWS, rect->height - start);

      for (gint i = 0; i < rows; i++)
        measure_row (&nearest, start + i, band + (gsize)i * rect->width);
      gegl_buffer_set (
          distance,
          GEGL_RECTANGLE (rect->x, rect->y + start, rect->width, rows), 0,
          babl_format ("Y float"), band, GEGL_AUTO_ROWSTRIDE);
    }
  return distance;
}
