/* SPDX-License-Identifier: LGPL-3.0-or-later */
/*
 * detect.c: the faces of a picture of any size: levels of a pyramid, tiles,
 * turned copies.
 */
#include "config.h"

#include "face/detect.h"

#include <math.h>
#include <string.h>

#include "image/small-image.h"
#include "image/image-private.h"

/* Side of what a detector sees, where it takes any size. */
#define USUAL_SIDE 640

/* A face of this size, in pixels of a level, lies in one tile as a whole.
 * Larger ones are found at the next level. */
#define OVERLAP 128

/* The last level is not larger than this, so that a face as large as the
 * picture has the size for a detector; and there is a frame around it. */
#define LAST_SIDE 288
#define FRAME 0.2

/* Where boxes are round, turned copies need the more; both sides. */
#define ANGLE (35.0 * G_PI / 180.0)

/* Turned copies are looked at for pictures of up to this size in all levels,
 * of larger ones in the levels that have no more: with 24 megapixels small
 * faces that lean would cost 10 seconds. */
#define MAX_TURNED_PIXELS 4e6

/* YuNet's scores are roots of products; the others' are probabilities. */
#define YUNET_SCORE 0.7
#define OTHER_SCORE 0.5

typedef struct
{
  PmtFaceNet *net;
  gdouble min_score;
  gint side;
  gint fixed_width;
  gint fixed_height;
  GeglBuffer *picture;
  const GeglRectangle *rect;
  gdouble max_size;
  GArray *faces;
  GCancellable *cancellable;
} Search;

/* ----------------------------------------------------------------- tile -- */

static gint
round_up (gint value)
{
  return (value + 31) / 32 * 32;
}

/* What the detector gets, and where a place in it is in @tile. */
static PmtSmallImage *
turn (const Search *search,
      const PmtSmallImage *tile,
      gdouble angle,
      PmtSimilarity *back,
      GError **error)
{
  const gdouble c = fabs (cos (angle));
  const gdouble s = fabs (sin (angle));
  const gint width =
      search->fixed_width > 0
          ? search->fixed_width
          : round_up ((gint)ceil (c * tile->width + s * tile->height));
  const gint height =
      search->fixed_height > 0
          ? search->fixed_height
          : round_up ((gint)ceil (s * tile->width + c * tile->height));
  PmtSmallImage *turned = pmt_small_image_new (width, height, error);

  if (turned == NULL)
    return NULL;
  *back = (PmtSimilarity){ cos (angle), sin (angle) };
  back->tx =
      tile->width / 2.0 - (back->a * width / 2.0 - back->b * height / 2.0);
  back->ty =
      tile->height / 2.0 - (back->b * width / 2.0 + back->a * height / 2.0);
  for (gint y = 0; y < height; y++)
    for (gint x = 0; x < width; x++)
      {
        gdouble at[2] = { x + 0.5, y + 0.5 };

        pmt_similarity_apply (back, at);
        if (at[0] >= 0.0 && at[0] <= tile->width && at[1] >= 0.0
            && at[1] <= tile->height)
          pmt_small_image_sample (tile, at[0], at[1],
                                  turned->rgb + ((gsize)y * width + x) * 3);
      }
  return turned;
}

/* With zeros on the right and below. */
static PmtSmallImage *
pad (const Search *search, const PmtSmallImage *tile, GError **error)
{
  const gint width =
      search->fixed_width > 0 ? search->fixed_width : round_up (tile->width);
  const gint height =
      search->fixed_height > 0 ? search->fixed_height : round_up (tile->height);
  PmtSmallImage *padded = pmt_small_image_new (width, height, error);

  for (gint y = 0; padded != NULL && y < MIN (tile->height, height); y++)
    memcpy (padded->rgb + (gsize)y * width * 3,
            tile->rgb + (gsize)y * tile->width * 3,
            (gsize)MIN (tile->width, width) * 3 * sizeof (gfloat));
  return padded;
}

/* To the picture's places.  The box of a turned face is upright again, around
 * the same middle. */
static void
move_face (PmtFace *face, const PmtSimilarity *back, const PmtSmallImage *tile)
{
  gdouble middle[2] = { face->x + face->width / 2.0,
                        face->y + face->height / 2.0 };

  pmt_similarity_apply (back, middle);
  face->width *= tile->step;
  face->height *= tile->step;
  face->x = tile->x + middle[0] * tile->step - face->width / 2.0;
  face->y = tile->y + middle[1] * tile->step - face->height / 2.0;
  for (gint i = 0; i < 5; i++)
    {
      pmt_similarity_apply (back, face->landmarks[i]);
      face->landmarks[i][0] = tile->x + face->landmarks[i][0] * tile->step;
      face->landmarks[i][1] = tile->y + face->landmarks[i][1] * tile->step;
    }
}

/* A face that lies outside, in the frame or the padding, is none; one that is
 * too large for this level may be seen in part only. */
static gboolean
is_taken (const Search *search, const PmtFace *face)
{
  const GeglRectangle *rect = search->rect;
  const gdouble x = face->x + face->width / 2.0;
  const gdouble y = face->y + face->height / 2.0;

  return x >= rect->x && y >= rect->y && x <= rect->x + rect->width
         && y <= rect->y + rect->height
         && MIN (face->width, face->height) >= PMT_FACE_MIN_SIDE
         && MAX (face->width, face->height) <= search->max_size;
}

/* Whether @face is cut by a border of the tile that is none of the level's: a
 * neighbor has it as a whole. */
static gboolean
is_cut (const PmtFace *face,
        const GeglRectangle *part,
        const GeglRectangle *area)
{
  return (part->x > area->x && face->x < part->x)
         || (part->y > area->y && face->y < part->y)
         || (pmt_rect_right (part) < pmt_rect_right (area)
             && face->x + face->width > pmt_rect_right (part))
         || (pmt_rect_bottom (part) < pmt_rect_bottom (area)
             && face->y + face->height > pmt_rect_bottom (part));
}

/* @part: of @area, the level's: what @tile has. */
static gboolean
search_tile (const Search *search,
             const PmtSmallImage *tile,
             const GeglRectangle *part,
             const GeglRectangle *area,
             gdouble angle,
             GError **error)
{
  PmtSimilarity back = { 1.0, 0.0, 0.0, 0.0 };
  g_autoptr (GArray) found = pmt_faces_new ();
  g_autoptr (PmtSmallImage) seen =
      angle == 0.0 ? pad (search, tile, error)
                   : turn (search, tile, angle, &back, error);

  if (seen == NULL
      || !pmt_face_net_find (search->net, seen->rgb, seen->width, seen->height,
                             search->min_score, found, search->cancellable,
                             error))
    return FALSE;
  for (guint i = 0; i < found->len; i++)
    {
      PmtFace *face = &g_array_index (found, PmtFace, i);

      move_face (face, &back, tile);
      if (is_taken (search, face) && !is_cut (face, part, area))
        g_array_append_val (search->faces, *face);
    }
  /* Boxes by the thousand from a hostile network, tile after tile. */
  if (search->faces->len > 4 * PMT_FACE_MAX)
    pmt_faces_suppress (search->faces);
  return TRUE;
}

/* ---------------------------------------------------------------- levels -- */

/* How many tiles with overlaps cover @length, and where they begin. */
static gint
count_tiles (gint length, gint side)
{
  return length <= side
             ? 1
             : (length - OVERLAP + side - OVERLAP - 1) / (side - OVERLAP);
}

static gint
tile_start (gint length, gint side, gint i)
{
  const gint n = count_tiles (length, side);

  return n == 1 ? 0 : (gint)((gint64)(length - side) * i / (n - 1));
}

/* @area: of the picture, a multiple of @step wide and high. */
static gboolean
search_level (const Search *search,
              const GeglRectangle *area,
              gint step,
              gdouble angle,
              GError **error)
{
  const gint width = (area->width + step - 1) / step;
  const gint height = (area->height + step - 1) / step;
  /* Turned, a square has to fit in whole. */
  const gint side =
      angle == 0.0 || search->fixed_width == 0
          ? search->side
          : (gint)(search->side / (fabs (cos (angle)) + fabs (sin (angle))));

  for (gint j = 0; j < count_tiles (height, side); j++)
    for (gint i = 0; i < count_tiles (width, side); i++)
      {
        const gint left = tile_start (width, side, i) * step;
        const gint top = tile_start (height, side, j) * step;
        const GeglRectangle part = { area->x + left, area->y + top,
                                     MIN (side * step, area->width - left),
                                     MIN (side * step, area->height - top) };
        g_autoptr (PmtSmallImage) tile = pmt_small_image_read (
            search->picture, &part, step, search->cancellable, error);

        if (tile == NULL
            || !search_tile (search, tile, &part, area, angle, error))
          return FALSE;
      }
  return TRUE;
}

static gint
count_levels (const GeglRectangle *rect)
{
  gint n = 1;

  while (MAX (rect->width, rect->height) >> (n - 1) > LAST_SIDE)
    n++;
  return n;
}

/* The last one has a frame. */
static GeglRectangle
level_area (const GeglRectangle *rect, gint level, gint n_levels)
{
  return level == n_levels - 1
             ? pmt_rect_grow (rect, FRAME * MAX (rect->width, rect->height))
             : *rect;
}

static gboolean
search_levels (Search *search,
               gboolean has_angles,
               PmtProgress *progress,
               GError **error)
{
  const gint n_levels = count_levels (search->rect);

  for (gint level = n_levels - 1; level >= 0; level--)
    {
      const GeglRectangle area = level_area (search->rect, level, n_levels);
      const gdouble pixels =
          (gdouble)area.width * area.height / pow (4.0, level);

      search->max_size =
          level == n_levels - 1 ? G_MAXDOUBLE : (gdouble)OVERLAP * (1 << level);
      if (!search_level (search, &area, 1 << level, 0.0, error))
        return FALSE;
      if (has_angles && pixels <= MAX_TURNED_PIXELS
          && (!search_level (search, &area, 1 << level, ANGLE, error)
              || !search_level (search, &area, 1 << level, -ANGLE, error)))
        return FALSE;
      pmt_progress_report (progress, pow (0.25, level));
    }
  return TRUE;
}

GArray *
pmt_face_detect (PmtFaceNet *net,
                 const PmtFaceSeek *seek,
                 GeglBuffer *picture,
                 const GeglRectangle *rect,
                 PmtProgress *progress,
                 GCancellable *cancellable,
                 GError **error)
{
  const PmtFaceDeclared *declared = pmt_face_net_get_declared (net);
  const gdouble usual =
      declared->kind == PMT_FACE_NET_YUNET ? YUNET_SCORE : OTHER_SCORE;
  g_autoptr (GArray) faces = pmt_faces_new ();
  Search search = { net, seek->min_score > 0.0 ? seek->min_score : usual };

  search.fixed_width = declared->width;
  search.fixed_height = declared->height;
  /* Others than squares get squares that fit. */
  search.side = declared->width > 0 ? MIN (declared->width, declared->height)
                                    : USUAL_SIDE;
  search.picture = picture;
  search.rect = rect;
  search.faces = faces;
  search.cancellable = cancellable;
  if (!search_levels (&search, seek->has_angles, progress, error))
    return NULL;
  pmt_faces_suppress (faces);
  for (guint i = 0; i < faces->len; i++)
    if (!pmt_face_refine (net, search.min_score, picture,
                          &g_array_index (faces, PmtFace, i), cancellable,
                          error))
      return NULL;
  return g_steal_pointer (&faces);
}

/* Measured with YuNet (docs/benchmarks.md). */
#define SECONDS_PER_PIXEL 3e-7

gdouble
pmt_face_detect_seconds (const GeglRectangle *rect)
{
  const gdouble pixels = (gdouble)rect->width * rect->height;

  return SECONDS_PER_PIXEL * (pixels + 2.0 * MIN (pixels, MAX_TURNED_PIXELS));
}
