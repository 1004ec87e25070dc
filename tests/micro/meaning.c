/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* meaning.c: simple measures of what a picture shows. */
#include "meaning.h"

#include <math.h>
#include <stdlib.h>

/* ----------------------------------------------------------------- pictures */

Picture *
picture_new (GeglBuffer *buffer)
{
  const GeglRectangle *extent = gegl_buffer_get_extent (buffer);
  Picture *picture = g_new0 (Picture, 1);

  picture->side = MIN (extent->width, extent->height);
  picture->rgb = g_malloc ((gsize)picture->side * picture->side * 3);
  gegl_buffer_get (
      buffer,
      GEGL_RECTANGLE (extent->x, extent->y, picture->side, picture->side), 1.0,
      babl_format ("R'G'B' u8"), picture->rgb, GEGL_AUTO_ROWSTRIDE,
      GEGL_ABYSS_NONE);
  return picture;
}

void
picture_free (Picture *picture)
{
  g_free (picture->rgb);
  g_free (picture);
}

static const guint8 *
pixel_at (const Picture *picture, gint x, gint y)
{
  return picture->rgb + ((gsize)y * picture->side + x) * 3;
}

/* ------------------------------------------------------------------- colors */

static Color
color_of (const gdouble *rgb)
{
  const gdouble top = MAX (MAX (rgb[0], rgb[1]), rgb[2]);
  const gdouble range = top - MIN (MIN (rgb[0], rgb[1]), rgb[2]);
  Color color = { 0.0, top > 0.0 ? range / top : 0.0, top / 255.0 };

  if (range <= 0.0)
    return color;
  if (top == rgb[0])
    color.hue = 60.0 * (rgb[1] - rgb[2]) / range;
  else if (top == rgb[1])
    color.hue = 60.0 * (2.0 + (rgb[2] - rgb[0]) / range);
  else
    color.hue = 60.0 * (4.0 + (rgb[0] - rgb[1]) / range);
  if (color.hue < 0.0)
    color.hue += 360.0;
  return color;
}

/* The value that half of what is counted is below. */
static gint
find_median (const gsize *counts, gsize n)
{
  gsize sum = 0;

  for (gint i = 0; i < 256; i++)
    {
      sum += counts[i];
      if (2 * sum >= n)
        return i;
    }
  return 255;
}

Color
picture_color (const Picture *picture, const GeglRectangle *rect)
{
  const GeglRectangle all = { 0, 0, picture->side, picture->side };
  const GeglRectangle *part = rect != NULL ? rect : &all;
  gdouble rgb[3];

  for (gint c = 0; c < 3; c++)
    {
      gsize counts[256] = { 0 };

      for (gint y = part->y; y < part->y + part->height; y++)
        for (gint x = part->x; x < part->x + part->width; x++)
          counts[pixel_at (picture, x, y)[c]]++;
      rgb[c] = find_median (counts, (gsize)part->width * part->height);
    }
  return color_of (rgb);
}

gboolean
color_is (const Color *color, const gchar *word)
{
  static const struct
  {
    const gchar *word;
    gdouble low;
    gdouble high;
  } hues[] = {
    { "red", 340, 17 },   { "orange", 12, 44 }, { "yellow", 40, 70 },
    { "green", 75, 165 }, { "blue", 195, 255 }, { "purple", 250, 310 },
    { "pink", 300, 360 },
  };

  if (g_str_equal (word, "white"))
    return color->value > 0.75 && color->saturation < 0.18;
  if (g_str_equal (word, "gray"))
    return color->value > 0.2 && color->value < 0.8 && color->saturation < 0.2;
  if (g_str_equal (word, "black"))
    return color->value < 0.3;
  for (guint i = 0; i < G_N_ELEMENTS (hues); i++)
    if (g_str_equal (word, hues[i].word))
      return color->saturation > 0.18
             && (hues[i].low < hues[i].high
                     ? color->hue >= hues[i].low && color->hue <= hues[i].high
                     : color->hue >= hues[i].low || color->hue <= hues[i].high);
  g_assert_not_reached ();
}

gdouble
picture_share (const Picture *picture, const gchar *word)
{
  const gsize n = (gsize)picture->side * picture->side;
  gsize found = 0;

  for (gsize i = 0; i < n; i++)
    {
      const guint8 *at = picture->rgb + i * 3;
      const gdouble rgb[3] = { at[0], at[1], at[2] };
      const Color color = color_of (rgb);

      found += color.saturation > 0.25 && color_is (&color, word);
    }
  return (gdouble)found / (gdouble)n;
}

gdouble
picture_balance (const Picture *picture, gint a, gint b)
{
  const gsize n = (gsize)picture->side * picture->side;
  gdouble sum = 0.0;

  for (gsize i = 0; i < n; i++)
    sum += picture->rgb[i * 3 + a] - picture->rgb[i * 3 + b];
  return sum / (255.0 * n);
}

gdouble
picture_difference (const Picture *a, const Picture *b)
{
  const gsize n = (gsize)a->side * a->side * 3;
  gdouble sum = 0.0;

  g_assert_cmpint (a->side, ==, b->side);
  for (gsize i = 0; i < n; i++)
    sum += abs (a->rgb[i] - b->rgb[i]);
  return sum / (gdouble)n;
}

/* --------------------------------------------------------------- structure */

/* Half of the side of the box. */
#define REACH 16

static gdouble *
read_structure (const Picture *picture)
{
  const gint side = picture->side, n = side * side;
  gdouble *values = g_new (gdouble, n);
  g_autofree gdouble *sums = g_new0 (gdouble, (gsize)(side + 1) * (side + 1));

  for (gint y = 0; y < side; y++)
    for (gint x = 0; x < side; x++)
      {
        const guint8 *at = pixel_at (picture, x, y);
        gdouble *sum = sums + (y + 1) * (side + 1) + x + 1;

        values[y * side + x] = (at[0] + at[1] + at[2]) / 3.0;
        *sum = values[y * side + x] + sum[-1] + sum[-side - 1] - sum[-side - 2];
      }
  for (gint y = 0; y < side; y++)
    for (gint x = 0; x < side; x++)
      {
        const gint left = MAX (x - REACH, 0), top = MAX (y - REACH, 0);
        const gint right = MIN (x + REACH + 1, side);
        const gint bottom = MIN (y + REACH + 1, side);
        const gdouble sum =
            sums[bottom * (side + 1) + right] - sums[top * (side + 1) + right]
            - sums[bottom * (side + 1) + left] + sums[top * (side + 1) + left];

        values[y * side + x] -= sum / ((right - left) * (bottom - top));
      }
  return values;
}

gdouble
picture_likeness (const Picture *a, const Picture *b)
{
  const gint n = a->side * a->side;
  g_autofree gdouble *one = read_structure (a);
  g_autofree gdouble *two = read_structure (b);
  gdouble both = 0.0, own = 0.0, other = 0.0;

  g_assert_cmpint (a->side, ==, b->side);
  for (gint i = 0; i < n; i++)
    {
      both += one[i] * two[i];
      own += one[i] * one[i];
      other += two[i] * two[i];
    }
  return own > 0.0 && other > 0.0 ? both / sqrt (own * other) : 0.0;
}

/* -------------------------------------------------------------------- seams */

static gdouble
step_between (const Picture *picture, gint a, gint b, gboolean is_row)
{
  gdouble sum = 0.0;

  for (gint i = 0; i < picture->side; i++)
    {
      const guint8 *one =
          is_row ? pixel_at (picture, i, a) : pixel_at (picture, a, i);
      const guint8 *two =
          is_row ? pixel_at (picture, i, b) : pixel_at (picture, b, i);

      for (gint c = 0; c < 3; c++)
        sum += abs (one[c] - two[c]);
    }
  return sum;
}

gdouble
picture_seam (const Picture *picture)
{
  const gint last = picture->side - 1;
  gdouble inside = 0.0, across = 0.0;

  for (gint k = 0; k < 2; k++)
    {
      for (gint i = 0; i < last; i++)
        inside += step_between (picture, i, i + 1, k == 0) / last;
      across += step_between (picture, last, 0, k == 0);
    }
  return across / inside;
}
