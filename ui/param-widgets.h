/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* param-widgets.h: one row of a dialog per parameter. */
#pragma once

#include <libgimp/gimpui.h>

#include "pentimento.h"

G_BEGIN_DECLS

/**
 * pmt_param_widget_make:
 * @spec: of an argument of the dialog's procedure
 *
 * Makes the widget that the dialog knows by the parameter's name: a spin
 * button with the range of the parameter, a list for a choice, a field of
 * several lines for a prompt, ...
 */
void pmt_param_widget_make (GimpProcedureDialog *dialog,
                            GimpProcedureConfig *config,
                            const PmtParamSpec *spec,
                            PmtEngine *engine,
                            PmtOperation operation);

G_END_DECLS
