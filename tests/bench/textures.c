/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* textures.c: textures made by formula: periodic, stochastic, structured. */
#include "textures.h"

#include <math.h>

typedef struct
{
  gfloat c[3];
} Color;

typedef Color (*TextureFunc) (gint x, gint y);

gfloat
texture_random (guint32 key)
{
  key = (key ^ 61u) ^ key >> 16;
  key *= 9u;
  key ^= key >> 4;
  key *= 0x27d4eb2du;
  key ^= key >> 15;
  return (gfloat)(key >> 8) / 16777216.0f;
}

static gfloat
random_at (gint x, gint y, guint32 layer)
{
  return texture_random ((guint32)x * 7919u + (guint32)y * 104729u
                         + layer * 1299709u);
}

/* Smooth noise with features of @size pixels, 0..1. */
static gfloat
noise_at (gfloat x, gfloat y, gfloat size, guint32 layer)
{
  gfloat u = x / size, v = y / size;
  gint i = (gint)floorf (u), j = (gint)floorf (v);
  gfloat a = u - (gfloat)i, b = v - (gfloat)j;

  a = a * a * (3.0f - 2.0f * a);
  b = b * b * (3.0f - 2.0f * b);
  return (1.0f - b)
             * ((1.0f - a) * random_at (i, j, layer)
                + a * random_at (i + 1, j, layer))
         + b
               * ((1.0f - a) * random_at (i, j + 1, layer)
                  + a * random_at (i + 1, j + 1, layer));
}

static Color
mix (Color a, Color b, gfloat t)
{
  for (gint i = 0; i < 3; i++)
    a.c[i] += (b.c[i] - a.c[i]) * t;
  return a;
}

static Color
add (Color a, gfloat t)
{
  for (gint i = 0; i < 3; i++)
    a.c[i] += t;
  return a;
}

static Color
bricks (gint x, gint y)
{
  gint row = y / 16, u = x + (row & 1) * 16;
  gboolean is_mortar = y % 16 < 2 || u % 32 < 2;
  Color clay = { { 0.62f, 0.30f, 0.22f } }, lime = { { 0.78f, 0.75f, 0.70f } };

  return add (is_mortar ? lime : clay, 0.05f * (random_at (x, y, 1) - 0.5f));
}

static Color
weave (gint x, gint y)
{
  gfloat a = sinf (x * 2.0f * G_PI / 12.0f), b = sinf (y * 2.0f * G_PI / 9.0f);
  Color dark = { { 0.15f, 0.20f, 0.38f } }, light = { { 0.72f, 0.74f, 0.80f } };

  return mix (dark, light,
              0.5f + 0.25f * (a + b) * (a * b > 0.0f ? 1.0f : 0.6f));
}

static Color
dots (gint x, gint y)
{
  gint i = x % 20 - 10, j = (y + (x / 20 & 1) * 10) % 20 - 10;
  Color paper = { { 0.92f, 0.88f, 0.78f } }, ink = { { 0.75f, 0.12f, 0.20f } };
  gfloat t = CLAMP (6.5f - hypotf (i, j), 0.0f, 1.0f);

  return add (mix (paper, ink, t), 0.03f * (random_at (x, y, 2) - 0.5f));
}

static Color
clouds (gint x, gint y)
{
  gfloat t = 0.55f * noise_at (x, y, 28.0f, 1)
             + 0.28f * noise_at (x, y, 13.0f, 2)
             + 0.17f * noise_at (x, y, 6.0f, 3);
  Color sky = { { 0.35f, 0.50f, 0.75f } }, white = { { 0.95f, 0.95f, 0.97f } };

  return mix (sky, white, t);
}

static Color
gravel (gint x, gint y)
{
  Color stone = { { 0.5f, 0.48f, 0.45f } };
  gfloat best = 1e9f, second = 1e9f, tone = 0.0f;

  for (gint j = y / 9 - 1; j <= y / 9 + 1; j++)
    for (gint i = x / 9 - 1; i <= x / 9 + 1; i++)
      {
        gfloat d = hypotf (x - 9.0f * ((gfloat)i + random_at (i, j, 4)),
                           y - 9.0f * ((gfloat)j + random_at (i, j, 5)));

        second = MIN (second, MAX (d, best));
        if (d < best)
          {
            best = d;
            tone = random_at (i, j, 6);
          }
      }
  return add (stone,
              0.5f * (tone - 0.5f) - (second - best < 1.5f ? 0.25f : 0.0f));
}

static Color
grass (gint x, gint y)
{
  gfloat t = noise_at (x, y * 0.25f, 2.5f, 7);
  gfloat s = noise_at (x + 0.3f * y, y * 0.2f, 3.5f, 8);
  Color dark = { { 0.10f, 0.22f, 0.06f } }, light = { { 0.55f, 0.68f, 0.25f } };

  return mix (dark, light, 0.5f * (t + s));
}

static Color
grain (gint x, gint y)
{
  gfloat t = noise_at (x * 0.06f, y, 4.0f, 9);
  gfloat s = noise_at (x * 0.3f, y, 1.5f, 10);
  Color dark = { { 0.38f, 0.22f, 0.12f } }, light = { { 0.75f, 0.55f, 0.35f } };

  return mix (dark, light, 0.7f * t + 0.3f * s);
}

static Color
stripes (gint x, gint y)
{
  gfloat d = 0.45f * x + 0.89f * y;
  gfloat t = CLAMP (fabsf (fmodf (d, 44.0f) - 22.0f) - 10.5f, 0.0f, 1.0f);
  Color a = { { 0.20f, 0.35f, 0.60f } }, b = { { 0.90f, 0.85f, 0.40f } };

  return add (mix (a, b, t), 0.02f * (random_at (x, y, 11) - 0.5f));
}

static Color
horizon (gint x, gint y)
{
  gfloat t = CLAMP (y - 122.3f - 0.06f * x, 0.0f, 1.0f);
  Color top = { { 0.30f, 0.50f, 0.85f } }, low = { { 0.85f, 0.88f, 0.92f } };
  Color sea = { { 0.08f, 0.25f, 0.35f } };

  sea = add (sea, 0.15f * noise_at (x * 0.4f, y, 3.0f, 12));
  return add (mix (mix (top, low, y / 140.0f), sea, t),
              0.015f * (random_at (x, y, 13) - 0.5f));
}

static Color
corner (gint x, gint y)
{
  gfloat a = CLAMP (x - 0.35f * y - 70.0f, 0.0f, 1.0f);
  gfloat b = CLAMP (y + 0.2f * x - 150.0f, 0.0f, 1.0f);
  Color wall = { { 0.80f, 0.78f, 0.72f } }, door = { { 0.35f, 0.20f, 0.15f } };
  Color floor = { { 0.45f, 0.45f, 0.48f } };

  return add (mix (mix (wall, door, a), floor, b),
              0.04f * (random_at (x, y, 14) - 0.5f));
}

static Color
window (gint x, gint y)
{
  gint i = x % 64, j = y % 64;
  gboolean is_pane = i > 10 && i < 54 && j > 10 && j < 54;
  gboolean is_bar = ABS (i - 32) < 2 || ABS (j - 32) < 2;
  Color wall = { { 0.70f, 0.62f, 0.50f } }, glass = { { 0.20f, 0.28f, 0.36f } };
  Color frame = { { 0.93f, 0.93f, 0.90f } };

  if (!is_pane)
    return add (wall, 0.08f * (noise_at (x, y, 3.0f, 15) - 0.5f));
  return is_bar ? frame : mix (glass, frame, 0.2f * noise_at (x, y, 20.0f, 16));
}

static const struct
{
  const gchar *name;
  const gchar *kind;
  TextureFunc func;
} textures[] = {
  { "bricks", "periodic", bricks },     { "weave", "periodic", weave },
  { "dots", "periodic", dots },         { "windows", "periodic", window },
  { "clouds", "stochastic", clouds },   { "gravel", "stochastic", gravel },
  { "grass", "stochastic", grass },     { "grain", "stochastic", grain },
  { "stripes", "structured", stripes }, { "horizon", "structured", horizon },
  { "corner", "structured", corner },
};

guint
textures_count (void)
{
  return G_N_ELEMENTS (textures);
}

Picture *
texture_new (
    guint i, gint width, gint height, const gchar **name, const gchar **kind)
{
  Picture *picture = picture_new (width, height);

  *name = textures[i].name;
  *kind = textures[i].kind;
  for (gint y = 0; y < height; y++)
    for (gint x = 0; x < width; x++)
      {
        Color color = textures[i].func (x, y);

        for (gsize c = 0; c < 3; c++)
          picture->rgb[((gsize)y * (gsize)width + (gsize)x) * 3 + c] =
              color.c[c];
      }
  return picture;
}
