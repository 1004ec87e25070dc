/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* distance.h: the nearest pixel of a set, and how far it is. */
#pragma once

#include "pentimento.h"

G_BEGIN_DECLS

/**
 * PmtNearest: walks over a set row by row.
 * @set: [height, width] bytes, not 0 = in the set; not owned
 * @above, @below: per column: nearest set row at or above, at or below
 * @row: per column: the nearer of the two, or -1
 * @y: the row
 * @column, @start, @n: lower envelope of the row
 * @at: where pmt_nearest_find() is on it
 */
typedef struct
{
  const guint8 *set;
  gint width;
  gint height;
  gint *above;
  gint *below;
  gint *row;
  gint y;
  gint *column;
  gdouble *start;
  gint n;
  gint at;
} PmtNearest;

void pmt_nearest_init (PmtNearest *nearest,
                       const guint8 *set,
                       gint width,
                       gint height);
void pmt_nearest_clear (PmtNearest *nearest);

/**
 * pmt_nearest_step:
 * @y: 0, 1, 2, ...; no row may be left out
 *
 * Returns: %FALSE when the set is empty.
 */
gboolean pmt_nearest_step (PmtNearest *nearest, gint y);

/**
 * pmt_nearest_find:
 * @x: not smaller than in the call before, on this row
 * @found_x, @found_y: (out): nearest pixel of the set (Euclidean); of
 *   equally near ones always the same
 *
 * The set must not be empty.
 */
void
pmt_nearest_find (PmtNearest *nearest, gint x, gint *found_x, gint *found_y);

/**
 * pmt_distance_new:
 * @mask: "Y float" coverage
 * @threshold: strict
 * @rect: where; only pixels of @mask inside it count
 *
 * Returns: (transfer full) (nullable): "Y float" on @rect: Euclidean distance
 *   in pixels, centre to centre, to the nearest pixel with coverage >
 *   @threshold; %G_MAXFLOAT where there is none.  %NULL without the memory of
 *   one byte per pixel.
 */
GeglBuffer *pmt_distance_new (GeglBuffer *mask,
                              gdouble threshold,
                              const GeglRectangle *rect);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PmtNearest, pmt_nearest_clear)

G_END_DECLS
