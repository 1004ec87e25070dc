/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* user-model.h: a model for a network that has no manifest. */
#pragma once

#include "catalog/model.h"
#include "restore/net.h"

G_BEGIN_DECLS

/**
 * pmt_user_model_new:
 * @id: of the model
 * @path: absolute, of the file
 *
 * Enlarges when the scale is 2 or more, else enhances.
 * Returns: (transfer full): named after the file and the scale.
 */
PmtModel *
pmt_user_model_new (const gchar *id, const gchar *path, const PmtNetInfo *info);

G_END_DECLS
