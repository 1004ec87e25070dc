/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* json-folder.h: folders of JSON files that may be hostile. */
#pragma once

#include "pentimento.h"

G_BEGIN_DECLS

/**
 * pmt_json_folder_list:
 * @folder: one that does not exist has no files
 * @problems: (element-type PmtProblem): added to
 *
 * Returns: (transfer full) (element-type filename): names of its *.json files,
 *   sorted, at most 1000; not schema.json, and none that starts with a dot.
 */
GPtrArray *pmt_json_folder_list (const gchar *folder, GPtrArray *problems);

/**
 * pmt_json_folder_read:
 * @length: (out)
 * @error: PMT_ERROR_MANIFEST: "PATH: reason"
 *
 * Returns: (transfer full): one byte more than PMT_JSON_MAX_BYTES at most, as
 *   of pmt_limited_file_read().
 */
gchar *pmt_json_folder_read (const gchar *path, gsize *length, GError **error);

G_END_DECLS
