/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* meaning.h: simple measures of what a picture shows.  None of them knows how
 * the pictures that the checkpoint learned from were drawn. */
#pragma once

#include <gegl.h>

G_BEGIN_DECLS

/** Picture: [side, side, 3] R'G'B' bytes. */
typedef struct
{
  gint side;
  guint8 *rgb;
} Picture;

/** picture_new: the square picture of a layer, read as sRGB. */
Picture *picture_new (GeglBuffer *buffer);
void picture_free (Picture *picture);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Picture, picture_free)

/**
 * picture_draw: a picture of one color with a shape of another.
 * @ground, @ink: red, green and blue
 * @shape: as for Item, or %NULL for the ground alone
 * @x, @y, @radius: in pixels
 */
Picture *picture_draw (gint side,
                       const guint8 ground[3],
                       const gchar *shape,
                       const guint8 ink[3],
                       gdouble x,
                       gdouble y,
                       gdouble radius);

/**
 * Color: of the middle (median of each component).
 * @hue: 0..360; @saturation, @value: 0..1 (HSV)
 */
typedef struct
{
  gdouble hue;
  gdouble saturation;
  gdouble value;
} Color;

/** picture_color: of the part @rect, or of all if it is %NULL. */
Color picture_color (const Picture *picture, const GeglRectangle *rect);

/**
 * color_is: whether a word names @color.
 * @word: red, orange, yellow, green, blue, purple, pink (by hue, and
 *   saturation above 0.18), white, gray or black (by value)
 */
gboolean color_is (const Color *color, const gchar *word);

/** picture_share: of pixels with saturation above 0.25 that are @word; 0..1. */
gdouble picture_share (const Picture *picture, const gchar *word);

/**
 * Item: what stands before an even ground.
 * @shape: circle, square, triangle, star, ring; "none" if nothing stands out
 *   or its outline is none of these
 * @x, @y: where its middle is, 0..1 from the upper left corner
 * @color: of its pixels
 */
typedef struct
{
  const gchar *shape;
  gdouble x;
  gdouble y;
  Color color;
} Item;

/**
 * picture_find_item: the largest connected part that differs from the borders
 * of the picture.
 *
 * A ring has a hole.  The others are told apart by how far the outline is from
 * the middle: a circle keeps its distance; for a triangle, a square and a
 * star it goes up and down three, four and five times a turn.
 */
Item picture_find_item (const Picture *picture);

/** picture_balance: how much more of the component @a (0 red, 1 green, 2 blue)
 * than of @b there is, as the mean of all pixels; -1..1. */
gdouble picture_balance (const Picture *picture, gint a, gint b);

/** picture_difference: mean of the absolute differences, in 255ths. */
gdouble picture_difference (const Picture *a, const Picture *b);

/**
 * picture_likeness: correlation of how bright two pictures are, each less its
 * own blur (a box of 33 pixels); 1: the same structure, 0: nothing in common.
 */
gdouble picture_likeness (const Picture *a, const Picture *b);

/**
 * picture_seam:
 *
 * Returns: steps from the last row and column to the first ones, relative to
 *   the steps between rows and columns inside; 1: no seam.
 */
gdouble picture_seam (const Picture *picture);

G_END_DECLS
