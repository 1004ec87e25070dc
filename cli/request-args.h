/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* request-args.h: from the command line to a request. */
#pragma once

#include "options.h"
#include "pentimento.h"

G_BEGIN_DECLS

/**
 * request_from_options:
 * @error: PMT_ERROR_ARGUMENT (a value of the wrong type), PMT_ERROR_FILE
 *
 * Loads the files and reads each --set as the type that the model declares;
 * a name that the model does not know stays text, for the validation to
 * report.
 * Returns: (transfer full)
 */
PmtRequest *request_from_options (PmtEngine *engine,
                                  const Options *options,
                                  GError **error);

G_END_DECLS
