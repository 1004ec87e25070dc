/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* server-row.h: the row of a dialog for a name that a server knows. */
#pragma once

#include <libgimp/gimpui.h>

#include "pentimento.h"
#include "service-questions.h"
#include "settings-dialog.h"

G_BEGIN_DECLS

/** pmt_server_row_is_for: whether servers have a list for @spec. */
gboolean pmt_server_row_is_for (const PmtParamSpec *spec);

/**
 * pmt_server_row_make:
 * @spec: a text that pmt_server_row_is_for()
 *
 * Puts a list that can be typed into in the place of the text field.
 */
void pmt_server_row_make (GimpProcedureDialog *dialog,
                          GimpProcedureConfig *config,
                          const PmtParamSpec *spec);

/**
 * pmt_server_rows_update:
 * @request: with the chosen model
 *
 * Asks the server that would run the model, and shows in all of these rows what
 * there is to choose from.  Why there is no answer is told in the first.
 */
void pmt_server_rows_update (GimpProcedureDialog *dialog,
                             const PmtSettings *settings,
                             const PmtRequest *request,
                             PmtServiceQuestions *questions);

G_END_DECLS
