/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* cells.h: which parts of a filter's result are computed already. */
#pragma once

#include <gegl.h>

G_BEGIN_DECLS

/** Side of a cell in pixels: a multiple of every network's step. */
#define PMT_CELL_SIDE 256

/**
 * PmtCellsKey: what a result depends on, besides the pixels of the input.
 * @extent: of the input; the grid of cells starts at its corner
 * @format: of the result
 * @strength: of the filter
 * @source: (nullable): where the input comes from; only compared
 */
typedef struct
{
  GeglRectangle extent;
  const Babl *format;
  gdouble strength;
  gconstpointer source;
} PmtCellsKey;

/**
 * PmtCells: the result of a filter as far as it is known, in square cells.
 *
 * Hosts ask for a picture in many small pieces; what surrounds a piece is read
 * as well, so that small pieces cost several times the work.  The filter
 * therefore computes whole cells and keeps them.  Thread: one at a time.
 */
typedef struct _PmtCells PmtCells;

PmtCells *pmt_cells_new (void);
void pmt_cells_free (PmtCells *cells);

/**
 * pmt_cells_set_key:
 *
 * Forgets everything when @key is another one.
 *
 * Returns: whether it was another one.
 */
gboolean pmt_cells_set_key (PmtCells *cells, const PmtCellsKey *key);

/** pmt_cells_get_buffer: (transfer none): in the key's format and extent. */
GeglBuffer *pmt_cells_get_buffer (PmtCells *cells);

/** pmt_cells_is_empty: nothing is known. */
gboolean pmt_cells_is_empty (PmtCells *cells);

/**
 * pmt_cells_list_missing:
 * @roi: what is asked for
 * @side: cells; @roi is widened to squares of so many cells, which cost less
 *   per pixel; at least 1
 *
 * Returns: (transfer full): disjoint GeglRectangles inside the extent, made of
 *   whole cells, that are not known; few, and as large as possible.  Empty
 *   when all of @roi is known, however large the squares.
 */
GArray *
pmt_cells_list_missing (PmtCells *cells, const GeglRectangle *roi, gint side);

/** pmt_cells_add: the buffer now holds the result in @rect (whole cells). */
void pmt_cells_add (PmtCells *cells, const GeglRectangle *rect);

/** pmt_cells_invalidate: forgets the cells that @rect touches. */
void pmt_cells_invalidate (PmtCells *cells, const GeglRectangle *rect);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PmtCells, pmt_cells_free)

G_END_DECLS
