/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* model-row.h: the row of a dialog that chooses a model. */
#pragma once

#include <libgimp/gimpui.h>

#include "pentimento.h"

G_BEGIN_DECLS

/**
 * pmt_model_row_is_needed:
 *
 * Returns: whether there is something to choose: several models, or files of
 *   the user's (checkpoints).
 */
gboolean pmt_model_row_is_needed (PmtEngine *engine, PmtOperation operation);

/**
 * pmt_model_row_make:
 *
 * Makes the widget "model": a list of the models' names, the first entry of
 * which stands for "the usual one"; and, where checkpoints can do @operation, a
 * button to choose a file.
 */
void pmt_model_row_make (GimpProcedureDialog *dialog,
                         GimpProcedureConfig *config,
                         PmtEngine *engine,
                         PmtOperation operation);

G_END_DECLS
