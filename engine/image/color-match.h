/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* color-match.h: what color-match.c, match-fit.c and membrane.c share. */
#pragma once

#include "image/image-private.h"
#include "image/pixels.h"

G_BEGIN_DECLS

/**
 * PmtMatchCell: one side of a cell
 * @n: pixels; then: pixels per area of a cell; 0: there are none
 * @x, @y: sum of their positions; then: their mean, relative to the cell's
 *   centre, in radii
 * @color: sum of their colors; then: the mean
 *
 * Sums until pmt_match_take_means(), a sample of fits from then on.
 */
typedef struct
{
  gfloat n;
  gfloat x;
  gfloat y;
  gfloat color[3];
} PmtMatchCell;

/** PmtMatchShift: what to add, in linear light, and how sure it is, 0..1. */
typedef struct
{
  gfloat value[3];
  gfloat weight;
} PmtMatchShift;

/** PMT_MATCH_REACH: cells per radius: a fit sees at most (2 * 4 + 1)^2. */
#define PMT_MATCH_REACH 4

/**
 * PmtMatch: one run of pmt_match_colors().
 * @radius: pixels
 * @limit: steps from this on are edges, in R'G'B' units
 * @size: pixels per side of a cell
 * @domain: the part worked on, relative to the pixels
 * @width, @height: cells in @domain
 * @cells: [height, width, 2]: known pixels, changed pixels
 */
typedef struct
{
  gdouble radius;
  gdouble limit;
  gint size;
  GeglRectangle domain;
  gint width;
  gint height;
  PmtMatchCell *cells;
  const Babl *to_linear;
  const Babl *from_linear;
} PmtMatch;

/** pmt_match_take_means: sums of @cells become samples of fits, in place. */
void pmt_match_take_means (PmtMatch *match);

/**
 * pmt_match_fit:
 * @x, @y: a cell that has changed pixels
 * @shift: (out): what takes the step at the border near the cell away
 *
 * Thread: several cells may be fitted at a time.
 */
void
pmt_match_fit (const PmtMatch *match, gint x, gint y, PmtMatchShift *shift);

/**
 * pmt_membrane_spread:
 * @shifts: (inout): [height, width]; weight 0 where nothing is known
 * @error: PMT_ERROR_MEMORY
 *
 * Gives every cell with changed pixels a shift: the smoothest field that
 * follows the known ones as far as they are sure (membrane, by cascadic
 * multigrid: coarse to fine, smoothed on every level).  Deterministic.
 */
gboolean pmt_membrane_spread (const PmtMatch *match,
                              PmtMatchShift *shifts,
                              GError **error);

G_END_DECLS
