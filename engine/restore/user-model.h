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

/** pmt_user_model_show: Returns: (transfer full): a file name to be shown:
 * UTF-8, without control characters, not long. */
gchar *pmt_user_model_show (const gchar *path);

/** pmt_user_model_clean: replaces control characters in @text, in place. */
void pmt_user_model_clean (gchar *text);

/** pmt_user_model_slug: Returns: (transfer full): an id for @path. */
gchar *pmt_user_model_slug (const gchar *path);

G_END_DECLS
