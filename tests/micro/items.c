/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* items.c: what stands before an even ground, and the shape of its outline. */
#include "meaning.h"

#include <math.h>
#include <stdlib.h>

/* Of the picture that is border: what is like it is ground. */
#define BORDER 6
/* Smaller parts are grain; larger ones are ground of another color. */
#define MIN_SHARE 0.004
#define MAX_SHARE 0.6
/* Directions in which the outline is looked for. */
#define DIRECTIONS 120
/* Of the mean distance: below, an outline is round. */
#define ROUND 0.07
/* Of the area within the outline. */
#define HOLE 0.08

/* Whether pixels are of the item: [side, side] bytes, 0 or 1. */
typedef guint8 *Mask;

/* ------------------------------------------------------------------- ground */

static gint
median_of (gint *values, gint n)
{
  gsize counts[256] = { 0 };
  gint sum = 0;

  for (gint i = 0; i < n; i++)
    counts[values[i]]++;
  for (gint i = 0; i < 256; i++)
    if (2 * (sum += (gint)counts[i]) >= n)
      return i;
  return 255;
}

static void
find_ground (const Picture *picture, gint ground[3])
{
  const gint side = picture->side;
  g_autofree gint *values = g_new (gint, side * side);

  for (gint c = 0; c < 3; c++)
    {
      gint n = 0;

      for (gint y = 0; y < side; y++)
        for (gint x = 0; x < side; x++)
          if (MIN (x, y) < BORDER || MAX (x, y) >= side - BORDER)
            values[n++] = picture->rgb[(y * side + x) * 3 + c];
      ground[c] = median_of (values, n);
    }
}

/* The largest difference of a component, for each pixel; more than half of the
 * usual largest one (and of 40) is item. */
static Mask
find_different (const Picture *picture)
{
  const gint n = picture->side * picture->side;
  Mask mask = g_new (guint8, n);
  g_autofree gint *values = g_new (gint, n);
  gsize counts[256] = { 0 };
  gint ground[3], top = 255;

  find_ground (picture, ground);
  for (gint i = 0; i < n; i++)
    {
      values[i] = 0;
      for (gint c = 0; c < 3; c++)
        values[i] = MAX (values[i], abs (picture->rgb[i * 3 + c] - ground[c]));
      counts[values[i]]++;
    }
  for (gsize above = 0; top > 0 && (above += counts[top]) < (gsize)n / 200;)
    top--;
  for (gint i = 0; i < n; i++)
    mask[i] = values[i] > MAX (40, top / 2);
  return mask;
}

/* -------------------------------------------------------------------- parts */

/* Gives all pixels that are @from and connected to @start the value @to.
 * Returns: their number. */
static gint
flood (Mask mask, gint side, gint start, guint8 from, guint8 to)
{
  g_autofree gint *stack = g_new (gint, (gsize)side * side);
  gint n_left = 0, n = 0;

  if (mask[start] != from)
    return 0;
  mask[start] = to;
  stack[n_left++] = start;
  while (n_left > 0)
    {
      const gint at = stack[--n_left];
      const gint x = at % side, y = at / side;
      const gint next[4] = { x > 0 ? at - 1 : at, x < side - 1 ? at + 1 : at,
                             y > 0 ? at - side : at,
                             y < side - 1 ? at + side : at };

      n++;
      for (gint i = 0; i < 4; i++)
        if (mask[next[i]] == from)
          {
            mask[next[i]] = to;
            stack[n_left++] = next[i];
          }
    }
  return n;
}

/* Keeps the largest part alone. */
static gint
keep_largest (Mask mask, gint side)
{
  const gint n = side * side;
  gint most = 0, best = -1;

  for (gint i = 0; i < n; i++)
    {
      const gint size = flood (mask, side, i, 1, 2);

      if (size > most)
        {
          most = size;
          best = i;
        }
    }
  if (best >= 0)
    flood (mask, side, best, 2, 1);
  for (gint i = 0; i < n; i++)
    mask[i] = mask[i] == 1;
  return most;
}

/* Fills what is shut in.  Returns: how many pixels that was. */
static gint
fill_holes (Mask mask, gint side)
{
  const gint n = side * side;
  gint filled = 0;

  for (gint i = 0; i < side; i++)
    {
      const gint rim[4] = { i, n - 1 - i, i * side, i * side + side - 1 };

      for (gint k = 0; k < 4; k++)
        flood (mask, side, rim[k], 0, 3);
    }
  for (gint i = 0; i < n; i++)
    {
      filled += mask[i] == 0;
      mask[i] = mask[i] < 3;
    }
  return filled;
}

/* ------------------------------------------------------------------ outline */

/* How far the last pixel of @mask is in the direction @angle. */
static gdouble
distance_to_outline (Mask mask, gint side, gdouble x, gdouble y, gdouble angle)
{
  gdouble last = 0.0;

  for (gdouble r = 0.0; r < 1.5 * side; r += 0.25)
    {
      const gint px = (gint)floor (x + r * cos (angle));
      const gint py = (gint)floor (y + r * sin (angle));

      if (px < 0 || py < 0 || px >= side || py >= side)
        break;
      if (mask[py * side + px])
        last = r;
    }
  return last;
}

/* How strongly the distance goes up and down @n times a turn, of its mean. */
static gdouble
harmonic (const gdouble *distances, gint n)
{
  gdouble mean = 0.0, re = 0.0, im = 0.0;

  for (gint i = 0; i < DIRECTIONS; i++)
    {
      const gdouble angle = 2.0 * G_PI * n * i / DIRECTIONS;

      mean += distances[i];
      re += distances[i] * cos (angle);
      im += distances[i] * sin (angle);
    }
  return mean > 0.0 ? 2.0 * hypot (re, im) / mean : 0.0;
}

static const gchar *
name_outline (Mask mask, gint side, gdouble x, gdouble y)
{
  static const gchar *const names[] = { NULL,     NULL,   "none", "triangle",
                                        "square", "star", "none" };
  gdouble distances[DIRECTIONS];
  gdouble most = 0.0;
  gint best = 0;

  for (gint i = 0; i < DIRECTIONS; i++)
    distances[i] =
        distance_to_outline (mask, side, x, y, 2.0 * G_PI * i / DIRECTIONS);
  for (gint n = 2; n < (gint)G_N_ELEMENTS (names); n++)
    {
      const gdouble value = harmonic (distances, n);

      if (value > most)
        {
          most = value;
          best = n;
        }
    }
  return most < ROUND ? "circle" : names[best];
}

/* -------------------------------------------------------------------- items */

static Color
color_of_part (const Picture *picture, Mask mask)
{
  const gint n = picture->side * picture->side;
  Picture row = { 0 };
  gint at = 0;

  /* The pixels one after another, as a picture of its own. */
  row.rgb = g_malloc ((gsize)n * 3);
  for (gint i = 0; i < n; i++)
    if (mask[i])
      for (gint c = 0; c < 3; c++)
        row.rgb[at++] = picture->rgb[i * 3 + c];
  row.side = at / 3;
  {
    const GeglRectangle all = { 0, 0, row.side, 1 };
    const Color color = picture_color (&row, &all);

    g_free (row.rgb);
    return color;
  }
}

Item
picture_find_item (const Picture *picture)
{
  const gint side = picture->side;
  g_autofree guint8 *mask = find_different (picture);
  const gint area = keep_largest (mask, side);
  gdouble x = 0.0, y = 0.0, n = 0.0;
  Item item = { .shape = "none" };
  gint hole;

  if (area < MIN_SHARE * side * side || area > MAX_SHARE * side * side)
    return item;
  item.color = color_of_part (picture, mask);
  hole = fill_holes (mask, side);
  for (gint i = 0; i < side * side; i++)
    if (mask[i])
      {
        x += i % side + 0.5;
        y += i / side + 0.5;
        n++;
      }
  item.x = x / n / side;
  item.y = y / n / side;
  item.shape =
      hole > HOLE * n ? "ring" : name_outline (mask, side, x / n, y / n);
  return item;
}

/* ------------------------------------------------------------------ drawing */

/* Whether a point is within a polygon with @n corners at the distances @r
 * (used in turn) from the middle, the first one above it. */
static gboolean
is_within (gdouble u, gdouble v, gint n, const gdouble r[2])
{
  gboolean inside = FALSE;

  for (gint i = 0; i < n; i++)
    {
      const gdouble a = 2.0 * G_PI * i / n, b = 2.0 * G_PI * (i + 1) / n;
      const gdouble ax = r[i % 2] * sin (a), ay = -r[i % 2] * cos (a);
      const gdouble bx = r[(i + 1) % 2] * sin (b);
      const gdouble by = -r[(i + 1) % 2] * cos (b);

      if ((ay > v) != (by > v) && u < ax + (bx - ax) * (v - ay) / (by - ay))
        inside = !inside;
    }
  return inside;
}

static gboolean
is_in_shape (const gchar *shape, gdouble u, gdouble v)
{
  static const gdouble even[2] = { 1.0, 1.0 }, points[2] = { 1.0, 0.4 };

  if (g_str_equal (shape, "circle"))
    return hypot (u, v) < 1.0;
  if (g_str_equal (shape, "ring"))
    return hypot (u, v) < 1.0 && hypot (u, v) > 0.5;
  if (g_str_equal (shape, "square"))
    return MAX (fabs (u), fabs (v)) < 0.85;
  if (g_str_equal (shape, "triangle"))
    return is_within (u, v, 3, even);
  if (g_str_equal (shape, "star"))
    return is_within (u, v, 10, points);
  g_assert_not_reached ();
}

Picture *
picture_draw (gint side,
              const guint8 ground[3],
              const gchar *shape,
              const guint8 ink[3],
              gdouble x,
              gdouble y,
              gdouble radius)
{
  Picture *picture = g_new0 (Picture, 1);

  picture->side = side;
  picture->rgb = g_malloc ((gsize)side * side * 3);
  for (gint py = 0; py < side; py++)
    for (gint px = 0; px < side; px++)
      {
        const gdouble u = (px + 0.5 - x) / radius, v = (py + 0.5 - y) / radius;
        const gboolean is_item = shape != NULL && is_in_shape (shape, u, v);

        for (gint c = 0; c < 3; c++)
          picture->rgb[(py * side + px) * 3 + c] = is_item ? ink[c] : ground[c];
      }
  return picture;
}
