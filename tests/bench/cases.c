/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* cases.c: photographs and made textures with holes cut into them. */
#include <math.h>

#include "bench.h"
#include "textures.h"

typedef enum
{
  SHAPE_RECTANGLE,
  SHAPE_ELLIPSE,
  SHAPE_BLOB,
  SHAPE_STROKE
} Shape;

/* Where a hole lies, in parts of a thousand of the picture's sides. */
typedef struct
{
  const gchar *photo;
  const gchar *name;
  Shape shape;
  gint x;
  gint y;
  gint width;
  gint height;
} Hole;

static const Hole photo_holes[] = {
  { "astronaut.png", "astronaut-backdrop", SHAPE_ELLIPSE, 560, 200, 150, 240 },
  { "astronaut.png", "astronaut-flag", SHAPE_BLOB, 20, 180, 130, 200 },
  { "astronaut.png", "astronaut-suit", SHAPE_RECTANGLE, 100, 560, 130, 130 },
  { "astronaut.png", "astronaut-table", SHAPE_BLOB, 680, 500, 200, 120 },
  { "astronaut.png", "astronaut-hair", SHAPE_ELLIPSE, 380, 40, 110, 90 },
  { "coffee.png", "coffee-wood", SHAPE_ELLIPSE, 820, 350, 130, 260 },
  { "coffee.png", "coffee-saucer-edge", SHAPE_RECTANGLE, 160, 620, 150, 200 },
  { "coffee.png", "coffee-rim", SHAPE_BLOB, 540, 80, 160, 240 },
  { "coffee.png", "coffee-crema", SHAPE_ELLIPSE, 400, 280, 130, 130 },
  { "coffee.png", "coffee-table-edge", SHAPE_RECTANGLE, 120, 40, 150, 220 },
  { "rocket.jpg", "rocket-sky", SHAPE_RECTANGLE, 480, 150, 110, 500 },
  { "rocket.jpg", "rocket-horizon", SHAPE_ELLIPSE, 500, 780, 120, 180 },
  { "rocket.jpg", "rocket-tower", SHAPE_BLOB, 10, 380, 120, 220 },
  { "rocket.jpg", "rocket-mast", SHAPE_RECTANGLE, 270, 420, 90, 120 },
  { "rocket.jpg", "rocket-scratches", SHAPE_STROKE, 50, 100, 900, 800 },
};

void
case_free (Case *item)
{
  g_free (item->name);
  picture_free (item->truth);
  g_free (item->hole);
  g_free (item);
}

gsize
case_count_hole (const Case *item)
{
  gsize n = (gsize)item->truth->width * (gsize)item->truth->height;
  gsize count = 0;

  for (gsize i = 0; i < n; i++)
    count += item->hole[i] != 0;
  return count;
}

Picture *
case_open_hole (const Case *item)
{
  Picture *open = picture_copy (item->truth);
  gsize n = (gsize)open->width * (gsize)open->height;

  for (gsize i = 0; i < n * 3; i++)
    if (item->hole[i / 3])
      open->rgb[i] = 0.0f;
  return open;
}

/* @u, @v: position in the hole's rectangle, -1..1. */
static gboolean
is_inside (Shape shape, gdouble u, gdouble v)
{
  gdouble angle;

  switch (shape)
    {
    case SHAPE_RECTANGLE:
      return TRUE;
    case SHAPE_ELLIPSE:
      return u * u + v * v <= 1.0;
    case SHAPE_BLOB:
      angle = atan2 (v, u);
      return hypot (u, v) <= 0.75 + 0.17 * sin (3.0 * angle + 1.0)
                                 + 0.08 * cos (7.0 * angle);
    case SHAPE_STROKE:
      return fabs (v - 0.8 * sin (4.0 * u)) < 0.02
             || fabs (u - 0.5 * v - 0.1) < 0.012;
    }
  return FALSE;
}

static guint8 *
cut (gint width, gint height, const Hole *hole)
{
  guint8 *mask = g_malloc0 ((gsize)width * (gsize)height);
  gint x0 = hole->x * width / 1000, y0 = hole->y * height / 1000;
  gint w = hole->width * width / 1000, h = hole->height * height / 1000;

  for (gint y = MAX (y0, 0); y < MIN (y0 + h, height); y++)
    for (gint x = MAX (x0, 0); x < MIN (x0 + w, width); x++)
      if (is_inside (hole->shape, (2.0 * (x - x0) + 1.0) / w - 1.0,
                     (2.0 * (y - y0) + 1.0) / h - 1.0))
        mask[(gsize)y * (gsize)width + (gsize)x] = 255;
  return mask;
}

/* To eight bits, as every program in the comparison gets and gives them. */
static void
quantize (Picture *picture)
{
  gsize n = (gsize)picture->width * (gsize)picture->height * 3;

  for (gsize i = 0; i < n; i++)
    picture->rgb[i] =
        roundf (CLAMP (picture->rgb[i], 0.0f, 1.0f) * 255.0f) / 255.0f;
}

static Case *
case_new (const gchar *name,
          const gchar *kind,
          Picture *truth,
          const Hole *hole)
{
  Case *item = g_new0 (Case, 1);

  item->name = g_strdup (name);
  item->kind = kind;
  item->truth = truth;
  item->hole = cut (truth->width, truth->height, hole);
  quantize (truth);
  return item;
}

GPtrArray *
cases_new (const gchar *photos)
{
  GPtrArray *cases = g_ptr_array_new_with_free_func ((GDestroyNotify)case_free);

  for (guint i = 0; i < G_N_ELEMENTS (photo_holes); i++)
    {
      const Hole *hole = &photo_holes[i];
      g_autofree gchar *path = g_build_filename (photos, hole->photo, NULL);
      Picture *truth = picture_load (path, NULL);

      if (truth)
        g_ptr_array_add (cases, case_new (hole->name, "photo", truth, hole));
      else
        g_printerr ("left out: %s (no %s)\n", hole->name, path);
    }
  for (guint i = 0; i < textures_count (); i++)
    {
      const Hole hole = { NULL, NULL, i % 2 ? SHAPE_ELLIPSE : SHAPE_RECTANGLE,
                          350,  350,  300,
                          300 };
      const gchar *name, *kind;
      Picture *truth = texture_new (i, 256, 256, &name, &kind);

      g_ptr_array_add (cases, case_new (name, kind, truth, &hole));
    }
  return cases;
}

static gint
mirror (gint i, gint n)
{
  i %= 2 * n;
  return i < n ? i : 2 * n - 1 - i;
}

Case *
case_new_large (const gchar *photos, gint width, gint height, gsize hole_pixels)
{
  g_autofree gchar *path = g_build_filename (photos, "coffee.png", NULL);
  g_autoptr (Picture) photo = picture_load (path, NULL);
  gdouble side = 2.0 * sqrt ((gdouble)hole_pixels / G_PI);
  Hole hole = { NULL, NULL, SHAPE_ELLIPSE, 0 };
  Picture *truth = picture_new (width, height);
  Case *item;
  gint x0, y0;

  if (photo == NULL)
    {
      const gchar *name, *kind;

      photo = texture_new (0, 512, 512, &name, &kind);
    }
  for (gint y = 0; y < height; y++)
    for (gint x = 0; x < width; x++)
      {
        gsize from = (gsize)mirror (y, photo->height) * (gsize)photo->width
                     + (gsize)mirror (x, photo->width);
        gsize to = (gsize)y * (gsize)width + (gsize)x;
        gfloat shade = 0.9f + 0.1f * sinf (x * 0.0013f + y * 0.0007f);
        gfloat noise = (texture_random ((guint32)to) - 0.5f) * 0.04f;

        for (gsize c = 0; c < 3; c++)
          truth->rgb[to * 3 + c] = photo->rgb[from * 3 + c] * shade + noise;
      }
  item = case_new ("large", "photo", truth, &hole);
  x0 = (gint)(width * 0.45 - side / 2.0);
  y0 = (gint)(height * 0.55 - side / 2.0);
  for (gint y = 0; y < height; y++)
    for (gint x = 0; x < width; x++)
      if (is_inside (SHAPE_ELLIPSE, 2.0 * (x - x0) / side - 1.0,
                     2.0 * (y - y0) / side - 1.0))
        item->hole[(gsize)y * (gsize)width + (gsize)x] = 255;
  return item;
}
