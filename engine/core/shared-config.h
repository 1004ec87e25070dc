/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* shared-config.h: config.json of the user's folder, which programs share. */
#pragma once

#include "core/json.h"

G_BEGIN_DECLS

/**
 * pmt_shared_config_read:
 * @error: PMT_ERROR_FILE; PMT_ERROR_MANIFEST with file, line and reason
 *
 * Returns: (transfer full): an object, an empty one where there is no file.
 */
cJSON *pmt_shared_config_read (const gchar *user_dir, GError **error);

/**
 * pmt_shared_config_write:
 * @root: everything that the file is to hold: as read, and changed
 * @error: PMT_ERROR_FILE: the file is as it was
 *
 * Makes the folder.  Of two programs that write at once the last one wins.
 */
gboolean pmt_shared_config_write (const gchar *user_dir,
                                  const cJSON *root,
                                  GError **error);

G_END_DECLS
