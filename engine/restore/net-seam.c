/* SPDX-License-Identifier: LGPL-3.0-or-later */
/*
 * net-seam.c: tiles of networks that look further than is known fade into
 * each other.  Along a row of tiles each one fades in over the first columns
 * of what it produces, from what its left neighbour made of them; the rows
 * that come out of that fade into each other in the same way.  The weights
 * of all tiles add up to 1 everywhere.
 */
#include "config.h"

#include <string.h>

#include "image/image-private.h"
#include "restore/net-private.h"

void
pmt_net_seam_clear (PmtNetSeam *seam)
{
  g_clear_pointer (&seam->above, g_free);
  g_clear_pointer (&seam->below, g_free);
  g_clear_pointer (&seam->left, g_free);
}

gboolean
pmt_net_seam_init (PmtNetSeam *seam,
                   const PmtTilePlan *plan,
                   const GeglRectangle *rect,
                   gint n_planes,
                   gint scale,
                   GError **error)
{
  const gsize pixel = n_planes * sizeof (gfloat);
  const gint blend = plan->x.blend * scale;

  seam->n_planes = n_planes;
  seam->scale = scale;
  seam->rect = *rect;
  seam->blend = blend;
  seam->height = pmt_tile_plan_longest (plan) * scale + blend;
  if (blend == 0 || plan->n_x * (gint64)plan->n_y == 1)
    {
      seam->blend = 0;
      return TRUE;
    }
  seam->above = pmt_image_alloc (rect->width * scale, blend, pixel, error);
  if (seam->above == NULL)
    return FALSE;
  seam->below = pmt_image_alloc (rect->width * scale, blend, pixel, error);
  if (seam->below == NULL)
    return FALSE;
  seam->left = pmt_image_alloc (blend, seam->height, pixel, error);
  return seam->left != NULL;
}

/* How much of the new tile there is at position @i of @n. */
static inline gfloat
weight (gint i, gint n)
{
  return (i + 0.5f) / n;
}

/* Where a tile's reach lies in its planes, in pixels of the result. */
typedef struct
{
  gfloat *at;
  gsize stride;
  gint width;
  gint height;
  gint inner_width;
  gint inner_height;
} Region;

static Region
find_region (const PmtNetSeam *seam,
             const PmtTile *tile,
             gfloat *planes,
             gint plane)
{
  const gint s = seam->scale;
  const gsize stride = (gsize)tile->outer.width * s;
  const gsize size = stride * tile->outer.height * s;
  const gsize x = (gsize)(tile->reach.x - tile->outer.x) * s;
  const gsize y = (gsize)(tile->reach.y - tile->outer.y) * s;

  return (Region){
    planes + plane * size + y * stride + x,
    stride,
    tile->reach.width * s,
    tile->reach.height * s,
    tile->inner.width * s,
    tile->inner.height * s,
  };
}

static void
fade_columns (const Region *region, const gfloat *left, gint blend)
{
  const gint n = MIN (blend, region->width);

  for (gint y = 0; y < region->height; y++)
    for (gint x = 0; x < n; x++)
      {
        gfloat *value = region->at + y * region->stride + x;

        *value = left[(gsize)y * blend + x]
                 + (*value - left[(gsize)y * blend + x]) * weight (x, blend);
      }
}

static void
keep_columns (const Region *region, gfloat *left, gint blend)
{
  const gint n = region->width - region->inner_width;

  for (gint y = 0; y < region->height; y++)
    memcpy (left + (gsize)y * blend,
            region->at + y * region->stride + region->inner_width,
            n * sizeof (gfloat));
}

static void
fade_rows (const Region *region, const gfloat *above, gint width, gint blend)
{
  const gint n = MIN (blend, region->height);

  for (gint y = 0; y < n; y++)
    for (gint x = 0; x < region->inner_width; x++)
      {
        gfloat *value = region->at + y * region->stride + x;
        const gfloat before = above[(gsize)y * width + x];

        *value = before + (*value - before) * weight (y, blend);
      }
}

static void
keep_rows (const Region *region, gfloat *below, gint width)
{
  const gint n = region->height - region->inner_height;

  for (gint y = 0; y < n; y++)
    memcpy (below + (gsize)y * width,
            region->at + (region->inner_height + y) * region->stride,
            region->inner_width * sizeof (gfloat));
}

void
pmt_net_seam_blend (PmtNetSeam *seam,
                    const PmtTilePlan *plan,
                    const PmtTile *tile,
                    gint column,
                    gint row,
                    gfloat *planes)
{
  const gint width = seam->rect.width * seam->scale;
  const gsize x = (gsize)(tile->inner.x - seam->rect.x) * seam->scale;

  if (seam->blend == 0)
    return;
  if (column == 0 && row > 0)
    {
      gfloat *above = seam->above;

      seam->above = seam->below;
      seam->below = above;
    }
  for (gint p = 0; p < seam->n_planes; p++)
    {
      const Region region = find_region (seam, tile, planes, p);
      const gsize rows = (gsize)p * width * seam->blend + x;
      gfloat *left = seam->left + (gsize)p * seam->blend * seam->height;

      if (column > 0)
        fade_columns (&region, left, seam->blend);
      if (column < plan->n_x - 1)
        keep_columns (&region, left, seam->blend);
      /* Only now: what is kept for the next tile has not met the row above,
       * which the next one does itself. */
      if (row < plan->n_y - 1)
        keep_rows (&region, seam->below + rows, width);
      if (row > 0)
        fade_rows (&region, seam->above + rows, width, seam->blend);
    }
}
