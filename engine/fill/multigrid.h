/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* multigrid.h: Poisson's equation on a region of any shape. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * PmtMultigrid:
 *
 * Finds e on a set of cells so that, for every cell, the sum over its links
 * of (e - e of the neighbour), where a neighbour outside the set that is
 * fixed counts as 0, equals the pull of the cell.  Neighbours that are
 * neither in the set nor fixed have no link (mirrored border).
 * Thread: one at a time.
 */
typedef struct _PmtMultigrid PmtMultigrid;

/**
 * pmt_multigrid_new:
 * @screen: weight of a link that every cell has to 0, next to 1 for that to a
 *   neighbour; corrections fade over 1 / sqrt (@screen) cells
 *
 * Returns: %NULL when there is not enough memory.
 */
PmtMultigrid *pmt_multigrid_new (gint width, gint height, gfloat screen);
void pmt_multigrid_free (PmtMultigrid *grid);

/** pmt_multigrid_add: @n_fixed: how many of its 4 neighbours are fixed. */
void pmt_multigrid_add (PmtMultigrid *grid, gint x, gint y, gint n_fixed);

/** pmt_multigrid_prepare: after all cells; %FALSE: not enough memory. */
gboolean pmt_multigrid_prepare (PmtMultigrid *grid);

/** pmt_multigrid_reset: e = 0 and no pull. */
void pmt_multigrid_reset (PmtMultigrid *grid);

/** pmt_multigrid_set_pull: from any thread, different cells. */
void pmt_multigrid_set_pull (PmtMultigrid *grid, gint x, gint y, gfloat pull);
gfloat pmt_multigrid_get (const PmtMultigrid *grid, gint x, gint y);

/**
 * pmt_multigrid_cycle:
 * @threads: the result does not depend on it
 * @cancellable: (nullable): the cycle ends early when cancelled
 *
 * One V-cycle with red-black Gauss-Seidel smoothing.
 */
void pmt_multigrid_cycle (PmtMultigrid *grid,
                          gint threads,
                          GCancellable *cancellable);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PmtMultigrid, pmt_multigrid_free)

G_END_DECLS
