/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* param-rows.h: which rows of a dialog the chosen model has. */
#pragma once

#include "settings-dialog.h"

G_BEGIN_DECLS

/**
 * pmt_param_rows_add_references:
 * @box: with the rows of the parameters
 *
 * Adds a list of reference pictures below the prompts, for operations that
 * have the argument.
 */
void pmt_param_rows_add_references (GimpProcedureDialog *dialog,
                                    GimpProcedureConfig *config,
                                    GtkBox *box);

/**
 * pmt_param_rows_add_faces:
 * @box: with the row "faces"
 *
 * Adds boxes around faces below that row, for operations that have the
 * argument, where the dialog can see the layer.
 *
 * Returns: (transfer none) (nullable): the #PmtFaceRow.
 */
GtkWidget *pmt_param_rows_add_faces (GimpProcedureDialog *dialog,
                                     const PmtSettings *settings,
                                     GimpProcedureConfig *config,
                                     GtkBox *box);

/** pmt_param_rows_find_faces: looks for them, where they are all that counts. */
void pmt_param_rows_find_faces (GimpProcedureDialog *dialog,
                                const PmtSettings *settings);

/** pmt_param_rows_stop: cancels what is under way and waits for its end. */
void pmt_param_rows_stop (GimpProcedureDialog *dialog);

/**
 * pmt_param_rows_update:
 * @request: with the chosen model and the present values
 *
 * Hides the rows of parameters that the model does not have; without a model,
 * of those that only services have.  What has no effect is insensitive.
 * Letters of labels are given anew.
 */
void pmt_param_rows_update (GimpProcedureDialog *dialog,
                            const PmtSettings *settings,
                            const PmtRequest *request);

G_END_DECLS
