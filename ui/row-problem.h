/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* row-problem.h: why a run can't start, below the row that it is about. */
#pragma once

#include "settings-dialog.h"

G_BEGIN_DECLS

/** PmtRowProblemSource: who tells a problem. */
typedef enum
{
  PMT_ROW_PROBLEM_CHECK,
  PMT_ROW_PROBLEM_TEXT
} PmtRowProblemSource;

/**
 * pmt_row_problem_set:
 * @row: with a label and a field; others are left alone
 * @message: (nullable): sentences; %NULL: @source has none any more
 *
 * Shows what the sources tell, the same sentence once, with an icon below the
 * field; screen readers read it as the description of the field.
 */
void pmt_row_problem_set (GtkWidget *row,
                          PmtRowProblemSource source,
                          const gchar *message);

/**
 * pmt_row_problems_update:
 * @problems: (element-type PmtProblem): of the present settings
 *
 * Shows each at the row of its parameter, where there is one.
 */
void pmt_row_problems_update (GimpProcedureDialog *dialog,
                              const PmtSettings *settings,
                              GPtrArray *problems);

G_END_DECLS
