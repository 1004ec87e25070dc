/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* model-defaults.h: settings follow the chosen model. */
#pragma once

#include <libgimp/gimpui.h>

#include "pentimento.h"

G_BEGIN_DECLS

/**
 * pmt_model_defaults_apply:
 * @config: edited in place
 * @before: (nullable): the model that was chosen before
 * @model: that is chosen now
 *
 * Every setting of @model that nobody has changed gets the default that @model
 * has for it.  One that was changed stays, unless @model does not allow it.
 */
void pmt_model_defaults_apply (GimpProcedureConfig *config,
                               PmtOperation operation,
                               const PmtModel *before,
                               const PmtModel *model);

G_END_DECLS
