/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* similarity.c: scale, angle and place between two sets of points. */
#include "config.h"

#include <math.h>

#include "image/small-image.h"

void
pmt_similarity_apply (const PmtSimilarity *map, gdouble *point)
{
  const gdouble x = point[0];
  const gdouble y = point[1];

  point[0] = map->a * x - map->b * y + map->tx;
  point[1] = map->b * x + map->a * y + map->ty;
}

gdouble
pmt_similarity_scale (const PmtSimilarity *map)
{
  return hypot (map->a, map->b);
}

PmtSimilarity
pmt_similarity_invert (const PmtSimilarity *map)
{
  const gdouble square = map->a * map->a + map->b * map->b;
  PmtSimilarity inverse = { map->a / square, -map->b / square };

  inverse.tx = -(inverse.a * map->tx - inverse.b * map->ty);
  inverse.ty = -(inverse.b * map->tx + inverse.a * map->ty);
  return inverse;
}

static void
get_middle (const gdouble (*points)[2], gint n, gdouble *middle)
{
  middle[0] = middle[1] = 0.0;
  for (gint i = 0; i < n; i++)
    {
      middle[0] += points[i][0] / n;
      middle[1] += points[i][1] / n;
    }
}

gboolean
pmt_similarity_fit (const gdouble (*from)[2],
                    const gdouble (*to)[2],
                    gint n,
                    PmtSimilarity *map)
{
  gdouble start[2];
  gdouble end[2];
  gdouble along = 0.0;
  gdouble across = 0.0;
  gdouble square = 0.0;
  PmtSimilarity made;

  get_middle (from, n, start);
  get_middle (to, n, end);
  for (gint i = 0; i < n; i++)
    {
      const gdouble x = from[i][0] - start[0];
      const gdouble y = from[i][1] - start[1];
      const gdouble u = to[i][0] - end[0];
      const gdouble v = to[i][1] - end[1];

      along += x * u + y * v;
      across += x * v - y * u;
      square += x * x + y * y;
    }
  if (!(square > 1e-9) || !(hypot (along, across) > 1e-9 * square))
    return FALSE;
  made.a = along / square;
  made.b = across / square;
  made.tx = end[0] - (made.a * start[0] - made.b * start[1]);
  made.ty = end[1] - (made.b * start[0] + made.a * start[1]);
  *map = made;
  return TRUE;
}
