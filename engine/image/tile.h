/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* tile.h: a rectangle in pieces that a network can take. */
#pragma once

#include "pentimento.h"

G_BEGIN_DECLS

/**
 * PmtTileOptions: all in pixels of the network's input
 * @rect: what is to be produced, not empty, inside @picture
 * @picture: bounds of the whole picture; beyond them it is mirrored
 * @pad: mirrored pixels around the picture that count as picture, so that
 *   borders inside the network (zeros, mostly) are not felt in it
 * @overlap: pixels beyond what a tile produces that its result depends on
 * @blend: neighbouring tiles fade into each other over so many pixels; 0 when
 *   @overlap is all that a result depends on
 * @multiple: sides of what the network sees are multiples of this
 * @align: what the network sees starts at a multiple of this, counted from
 *   the padded picture's corner, so that strided layers see the same grid
 *   in every tile; a multiple of @multiple
 * @fixed_width, @fixed_height: of what the network sees; 0: free
 * @max_side: longest side of what a tile produces; 0: any
 * @max_pixels: most pixels that the network may see at once; 0: any.  Gives
 *   way where @overlap alone takes more
 */
typedef struct
{
  GeglRectangle rect;
  GeglRectangle picture;
  gint pad;
  gint overlap;
  gint blend;
  gint multiple;
  gint align;
  gint fixed_width;
  gint fixed_height;
  gint max_side;
  gint64 max_pixels;
} PmtTileOptions;

/* clang-format off */
#define PMT_TILE_OPTIONS_INIT                                                  \
  { { 0, 0, 0, 0 }, { 0, 0, 0, 0 }, 0, 0, 0, 1, 1, 0, 0, 0, 0 }
/* clang-format on */

/**
 * PmtTile:
 * @inner: what the tile produces; the inner parts of all tiles cover the
 *   rectangle, each pixel once
 * @reach: @inner and, on the right and below where a neighbour follows, the
 *   pixels in which that one fades in
 * @outer: what the network sees; may leave the picture
 */
typedef struct
{
  GeglRectangle inner;
  GeglRectangle reach;
  GeglRectangle outer;
} PmtTile;

/** PmtTileAxis: (private) one direction of a plan. */
typedef struct
{
  gint start;
  gint length;
  gint pad_start;
  gint pad_length;
  gint fixed;
  gint overlap;
  gint blend;
  gint multiple;
  gint align;
  gint n;
  gint step;
  gint first;
} PmtTileAxis;

/** PmtTilePlan: @n_x, @n_y: columns and rows of tiles. */
typedef struct
{
  gint n_x;
  gint n_y;
  PmtTileAxis x;
  PmtTileAxis y;
} PmtTilePlan;

/**
 * pmt_tile_plan_init:
 *
 * Chooses the split with the fewest pixels seen twice that keeps the limits;
 * of equal ones that with fewer columns.  Thread: any.
 */
void pmt_tile_plan_init (PmtTilePlan *plan, const PmtTileOptions *options);

/** pmt_tile_plan_get: @column, @row: from 0, below n_x and n_y. */
void pmt_tile_plan_get (const PmtTilePlan *plan,
                        gint column,
                        gint row,
                        PmtTile *tile);

/** pmt_tile_plan_largest: most pixels that the network sees at once. */
gint64 pmt_tile_plan_largest (const PmtTilePlan *plan);

/** pmt_tile_plan_total: pixels that the network sees in all tiles. */
gint64 pmt_tile_plan_total (const PmtTilePlan *plan);

/** pmt_tile_plan_longest: longest side of what a tile produces. */
gint pmt_tile_plan_longest (const PmtTilePlan *plan);

/**
 * pmt_tile_mirror:
 *
 * Returns: the coordinate in [@start, @start + @length) that @at shows when
 *   the range is mirrored at its ends (its last pixel twice), again and again.
 */
gint pmt_tile_mirror (gint at, gint start, gint length);

G_END_DECLS
