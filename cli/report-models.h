/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* report-models.h: what `pentimento models` prints. */
#pragma once

#include "pentimento.h"

G_BEGIN_DECLS

/**
 * report_models:
 * @folder: where the user's checkpoints go
 *
 * As text: each model with its settings; checkpoints with file and family, and
 * their settings once for all of them.  As JSON: an array of the models.
 */
void report_models (PmtEngine *engine, const gchar *folder, gboolean is_json);

G_END_DECLS
