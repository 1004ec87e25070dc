/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* procedure-parts.h: what the declarations of procedures have in common. */
#pragma once

#include "gimp-compat.h"

G_BEGIN_DECLS

/**
 * pmt_procedure_describe:
 * @menu_label: (nullable): translated, with mnemonic: in Filters > Pentimento;
 *   %NULL: not in any menu
 * @blurb, @help: translated
 */
void pmt_procedure_describe (GimpProcedure *procedure,
                             const gchar *menu_label,
                             const gchar *blurb,
                             const gchar *help);

/**
 * pmt_procedure_take_images:
 * @needs_layer: one of them; else none or any number
 *
 * Of any type: the reason why indexed pictures are refused should be told, not
 * left to a gray menu entry.
 */
void pmt_procedure_take_images (GimpProcedure *procedure, gboolean needs_layer);

/**
 * pmt_procedure_declare_run_mode: of a procedure that is none of an image
 * @help: translated
 */
void pmt_procedure_declare_run_mode (GimpProcedure *procedure,
                                     const gchar *help,
                                     GimpRunMode usual);

/** pmt_procedure_declare_layers: the return value "layers". */
void pmt_procedure_declare_layers (GimpProcedure *procedure);

/**
 * pmt_procedure_new_failure:
 * @error: (transfer full) (nullable): %NULL: its user cancelled
 *
 * Returns: (transfer full): a calling error for PMT_ERROR_ARGUMENT, a cancel, or
 *   an execution error.
 */
GimpValueArray *pmt_procedure_new_failure (GimpProcedure *procedure,
                                           GError *error);

G_END_DECLS
