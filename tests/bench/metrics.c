/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* metrics.c: how near a filled hole is to what was hidden. */
#include <math.h>

#include "bench.h"

/* A gray plane, and where it counts. */
typedef struct
{
  gint width;
  gint height;
  gfloat *gray;
  guint8 *hole;
} Plane;

static void
plane_clear (Plane *plane)
{
  g_free (plane->gray);
  g_free (plane->hole);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Plane, plane_clear)

static Plane
plane_from (const Picture *picture, const guint8 *hole)
{
  gsize n = (gsize)picture->width * (gsize)picture->height;
  Plane plane = { picture->width, picture->height, g_new (gfloat, n),
                  g_memdup2 (hole, n) };

  for (gsize i = 0; i < n; i++)
    plane.gray[i] = 0.25f * picture->rgb[i * 3] + 0.5f * picture->rgb[i * 3 + 1]
                    + 0.25f * picture->rgb[i * 3 + 2];
  return plane;
}

static Plane
plane_halve (const Plane *plane)
{
  gint width = plane->width / 2, height = plane->height / 2;
  gsize n = (gsize)width * (gsize)height;
  Plane half = { width, height, g_new (gfloat, n), g_new (guint8, n) };

  for (gint y = 0; y < height; y++)
    for (gint x = 0; x < width; x++)
      {
        gsize to = (gsize)y * (gsize)width + (gsize)x;
        gsize a = (gsize)(2 * y) * (gsize)plane->width + (gsize)(2 * x);
        gsize b = a + (gsize)plane->width;

        half.gray[to] = 0.25f
                        * (plane->gray[a] + plane->gray[a + 1] + plane->gray[b]
                           + plane->gray[b + 1]);
        half.hole[to] = plane->hole[a] && plane->hole[b + 1];
      }
  return half;
}

static gdouble
measure_psnr (const Case *item, const Picture *result)
{
  gsize n = (gsize)result->width * (gsize)result->height;
  gdouble sum = 0.0, count = 0.0;

  for (gsize i = 0; i < n * 3; i++)
    if (item->hole[i / 3])
      {
        gdouble d = result->rgb[i] - item->truth->rgb[i];

        sum += d * d;
        count += 1.0;
      }
  return -10.0 * log10 (MAX (sum / count, 1e-10));
}

static gdouble
ssim_at (const Plane *a, const Plane *b, gint x, gint y)
{
  gdouble s[5] = { 0.0 };
  gint n = 0;

  for (gint j = MAX (y - 3, 0); j <= MIN (y + 3, a->height - 1); j++)
    for (gint i = MAX (x - 3, 0); i <= MIN (x + 3, a->width - 1); i++, n++)
      {
        gsize k = (gsize)j * (gsize)a->width + (gsize)i;

        s[0] += a->gray[k];
        s[1] += b->gray[k];
        s[2] += (gdouble)a->gray[k] * a->gray[k];
        s[3] += (gdouble)b->gray[k] * b->gray[k];
        s[4] += (gdouble)a->gray[k] * b->gray[k];
      }
  for (gint i = 0; i < 5; i++)
    s[i] /= n;
  return (2.0 * s[0] * s[1] + 1e-4) * (2.0 * (s[4] - s[0] * s[1]) + 9e-4)
         / (s[0] * s[0] + s[1] * s[1] + 1e-4)
         / (s[2] - s[0] * s[0] + s[3] - s[1] * s[1] + 9e-4);
}

static gdouble
measure_ssim (const Plane *a, const Plane *b)
{
  gdouble sum = 0.0, count = 0.0;

  for (gint y = 0; y < a->height; y++)
    for (gint x = 0; x < a->width; x++)
      if (a->hole[(gsize)y * (gsize)a->width + (gsize)x])
        {
          sum += ssim_at (a, b, x, y);
          count += 1.0;
        }
  return sum / count;
}

static gint
compare_floats (gconstpointer a, gconstpointer b)
{
  gfloat x = *(const gfloat *)a, y = *(const gfloat *)b;

  return (x > y) - (x < y);
}

/* The gradient magnitudes in the hole, sorted. */
static GArray *
sort_gradients (const Plane *plane)
{
  GArray *values = g_array_new (FALSE, FALSE, sizeof (gfloat));

  for (gint y = 1; y < plane->height; y++)
    for (gint x = 1; x < plane->width; x++)
      {
        gsize i = (gsize)y * (gsize)plane->width + (gsize)x;
        gfloat value;

        if (!plane->hole[i])
          continue;
        value = hypotf (plane->gray[i] - plane->gray[i - 1],
                        plane->gray[i] - plane->gray[i - (gsize)plane->width]);
        g_array_append_val (values, value);
      }
  g_array_sort (values, compare_floats);
  return values;
}

static gdouble
measure_gradients (const Plane *a, const Plane *b)
{
  g_autoptr (GArray) first = sort_gradients (a);
  g_autoptr (GArray) second = sort_gradients (b);
  gdouble sum = 0.0;

  for (guint i = 0; i < first->len; i++)
    sum += fabs (g_array_index (first, gfloat, i)
                 - g_array_index (second, gfloat, i));
  return 100.0 * sum / MAX (first->len, 1);
}

Score
score_measure (const Case *item, const Picture *result)
{
  g_auto (Plane) a = plane_from (item->truth, item->hole);
  g_auto (Plane) b = plane_from (result, item->hole);
  g_auto (Plane) a2 = plane_halve (&a);
  g_auto (Plane) b2 = plane_halve (&b);
  g_auto (Plane) a4 = plane_halve (&a2);
  g_auto (Plane) b4 = plane_halve (&b2);

  return (Score){ measure_psnr (item, result), measure_ssim (&a, &b),
                  (measure_gradients (&a, &b) + measure_gradients (&a2, &b2)
                   + measure_gradients (&a4, &b4))
                      / 3.0 };
}
