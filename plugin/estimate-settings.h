/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* estimate-settings.h: the arguments of an operation as a JSON object. */
#pragma once

#include "operation-call.h"

G_BEGIN_DECLS

/**
 * pmt_estimate_settings_read:
 * @data: of the operation; with an engine
 * @settings: (nullable): {"prompt": "a cat", "count": 2}; "references" is a
 *   list of the numbers that layers have in GIMP; "" and %NULL: all defaults
 * @config: gets them: of the operation's procedure
 * @error: PMT_ERROR_ARGUMENT, with the name: no argument of the procedure, the
 *   wrong type, given twice; or the text is no JSON object
 *
 * Ranges and choices depend on the model, and are left to pmt_engine_validate().
 */
gboolean pmt_estimate_settings_read (const PmtOperationData *data,
                                     const gchar *settings,
                                     GimpProcedureConfig *config,
                                     GError **error);

G_END_DECLS
