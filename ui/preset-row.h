/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* preset-row.h: the row of a dialog for its preset. */
#pragma once

#include <libgimp/gimpui.h>

#include "pentimento.h"
#include "settings-dialog.h"

G_BEGIN_DECLS

/** pmt_preset_row_is_for: whether @spec is a preset. */
gboolean pmt_preset_row_is_for (const PmtParamSpec *spec);

/**
 * pmt_preset_row_make:
 * @settings: of the dialog; lives as long as the dialog
 *
 * Puts a button in the place of the text field.  It opens a list of the
 * presets for the operation, by category, with a field to search in; other
 * buttons there keep the present prompt and settings as a preset, and open the
 * window that removes, imports and exports presets.
 */
void pmt_preset_row_make (GimpProcedureDialog *dialog,
                          GimpProcedureConfig *config,
                          const PmtSettings *settings);

G_END_DECLS
