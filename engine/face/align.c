/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* align.c: faces in the place, size and angle that networks know. */
#include "config.h"

#include "face/align.h"

#include <math.h>

#include "image/image-private.h"

/* The mean landmarks of FFHQ at 512 × 512, where pixel 0 has its middle at 0:
 * what the networks for such faces were trained with. */
static const gdouble template[5][2] = {
  { 192.98, 239.95 }, { 318.90, 240.19 }, { 256.63, 314.02 },
  { 201.26, 371.41 }, { 313.09, 371.15 },
};

#define TEMPLATE_SIDE 512.0

/* Largest side of a piece of a picture, for sanity. */
#define MAX_REACH 1.0e6

gboolean
pmt_face_align (const PmtFace *face, gint side, PmtSimilarity *map)
{
  gdouble places[5][2];

  for (gint i = 0; i < 5; i++)
    for (gint k = 0; k < 2; k++)
      places[i][k] = (template[i][k] + 0.5) * side / TEMPLATE_SIDE;
  return pmt_similarity_fit (face->landmarks, (const gdouble (*)[2])places, 5,
                             map);
}

/* An ellipse between hairline and chin, whose edge ends before that of the
 * aligned picture. */
#define MIDDLE_X 0.5
#define MIDDLE_Y 0.535
#define RADIUS_X 0.41
#define RADIUS_Y 0.455
#define EDGE 0.32

gfloat
pmt_face_mask (gdouble u, gdouble v)
{
  const gdouble x = (u - MIDDLE_X) / RADIUS_X;
  const gdouble y = (v - MIDDLE_Y) / RADIUS_Y;
  const gdouble t = CLAMP ((1.0 - hypot (x, y)) / EDGE, 0.0, 1.0);

  return (gfloat)(t * t * (3.0 - 2.0 * t));
}

void
pmt_resize_apply (const PmtResize *resize, gdouble *point)
{
  if (resize == NULL)
    return;
  point[0] = resize->place_x + (point[0] - resize->base_x) * resize->factor_x;
  point[1] = resize->place_y + (point[1] - resize->base_y) * resize->factor_y;
}

void
pmt_resize_unapply (const PmtResize *resize, gdouble *point)
{
  if (resize == NULL)
    return;
  point[0] = resize->base_x + (point[0] - resize->place_x) / resize->factor_x;
  point[1] = resize->base_y + (point[1] - resize->place_y) / resize->factor_y;
}

/* Of the square [left, right] x [top, bottom] of the aligned picture. */
static GeglRectangle
bounds_of (const PmtSimilarity *back,
           const PmtResize *resize,
           const gdouble *corners)
{
  gdouble low[2] = { G_MAXDOUBLE, G_MAXDOUBLE };
  gdouble high[2] = { -G_MAXDOUBLE, -G_MAXDOUBLE };
  GeglRectangle rect;

  for (gint i = 0; i < 4; i++)
    {
      gdouble point[2] = { corners[(i & 1) * 2], corners[(i & 2) + 1] };

      pmt_similarity_apply (back, point);
      pmt_resize_apply (resize, point);
      for (gint k = 0; k < 2; k++)
        {
          low[k] = MIN (low[k], point[k]);
          high[k] = MAX (high[k], point[k]);
        }
    }
  for (gint k = 0; k < 2; k++)
    {
      low[k] = CLAMP (low[k], -MAX_REACH, MAX_REACH);
      high[k] = CLAMP (high[k], -MAX_REACH, MAX_REACH);
    }
  rect.x = (gint)floor (low[0]) - 2;
  rect.y = (gint)floor (low[1]) - 2;
  rect.width = (gint)ceil (high[0]) + 2 - rect.x;
  rect.height = (gint)ceil (high[1]) + 2 - rect.y;
  return rect;
}

GeglRectangle
pmt_face_reach (const PmtFace *face, const PmtResize *resize)
{
  const gdouble corners[] = { MIDDLE_X - RADIUS_X, MIDDLE_Y - RADIUS_Y,
                              MIDDLE_X + RADIUS_X, MIDDLE_Y + RADIUS_Y };
  PmtSimilarity map;
  PmtSimilarity back;

  if (!pmt_face_align (face, 1, &map))
    return (GeglRectangle){ 0, 0, 0, 0 };
  back = pmt_similarity_invert (&map);
  return bounds_of (&back, resize, corners);
}

PmtSmallImage *
pmt_face_cut (GeglBuffer *picture,
              const PmtSimilarity *map,
              const PmtResize *resize,
              gint side,
              GCancellable *cancellable,
              GError **error)
{
  const gdouble corners[] = { 0.0, 0.0, side, side };
  const PmtSimilarity back = pmt_similarity_invert (map);
  const GeglRectangle rect = bounds_of (&back, resize, corners);
  /* Pixels of the picture for one of the result. */
  const gdouble ratio =
      pmt_similarity_scale (&back)
      * (resize != NULL ? MIN (resize->factor_x, resize->factor_y) : 1.0);
  const gint step = (gint)CLAMP (ratio, 1.0, 4096.0);
  g_autoptr (PmtSmallImage) seen =
      pmt_small_image_read (picture, &rect, step, cancellable, error);
  g_autoptr (PmtSmallImage) face = NULL;

  if (seen == NULL || !pmt_small_image_soften (seen, ratio / step, error))
    return NULL;
  face = pmt_small_image_new (side, side, error);
  for (gint y = 0; face != NULL && y < side; y++)
    for (gint x = 0; x < side; x++)
      {
        gdouble at[2] = { x + 0.5, y + 0.5 };

        pmt_similarity_apply (&back, at);
        pmt_resize_apply (resize, at);
        pmt_small_image_sample (seen, (at[0] - seen->x) / seen->step,
                                (at[1] - seen->y) / seen->step,
                                face->rgb + ((gsize)y * side + x) * 3);
      }
  return g_steal_pointer (&face);
}
