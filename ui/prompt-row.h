/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* prompt-row.h: the row of a dialog for a prompt. */
#pragma once

#include "settings-dialog.h"

G_BEGIN_DECLS

/** pmt_prompt_row_is_for: whether @spec is a prompt, which has several lines. */
gboolean pmt_prompt_row_is_for (const PmtParamSpec *spec);

/**
 * pmt_prompt_row_make:
 * @spec: a prompt, or what it should not have
 * @operation: says what an empty field suggests to write
 *
 * Puts a field of several lines (prompt-view.h) into the row that the dialog
 * knows by the parameter's name.
 */
void pmt_prompt_row_make (GimpProcedureDialog *dialog,
                          GimpProcedureConfig *config,
                          const PmtParamSpec *spec,
                          PmtOperation operation);

/** pmt_prompt_rows_update: colors mean what they mean to the model that
 * @request chooses. */
void pmt_prompt_rows_update (GimpProcedureDialog *dialog,
                             const PmtSettings *settings,
                             const PmtRequest *request);

G_END_DECLS
