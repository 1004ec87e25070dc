/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* seed-row.h: a seed with a die and a lock. */
#pragma once

#include <libgimp/gimpui.h>

#include "pentimento.h"

G_BEGIN_DECLS

/** pmt_seed_row_is_for: whether @spec is a seed that may be random. */
gboolean pmt_seed_row_is_for (const PmtParamSpec *spec);

/**
 * pmt_seed_row_make:
 * @row: with the spin button of the seed
 * @config: outlives @row
 *
 * Adds a button that rolls a seed, which is shown, and one that keeps it.  A
 * seed that is typed, or was there before, is kept; one that was rolled is for
 * one run, unless it is locked.
 */
void pmt_seed_row_make (GimpLabelSpin *row,
                        GimpProcedureConfig *config,
                        const PmtParamSpec *spec);

/** pmt_seed_row_finish: after a run: random again, unless the seed is kept. */
void pmt_seed_row_finish (GimpProcedureConfig *config);

G_END_DECLS
