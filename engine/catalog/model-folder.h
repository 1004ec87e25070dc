/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* model-folder.h: the networks in a folder of the user's. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * pmt_model_folder_list:
 * @folder: (nullable): need not exist
 *
 * Returns: (transfer full) (element-type filename): .onnx files in @folder by
 *   name, at most 200.
 */
GPtrArray *pmt_model_folder_list (const gchar *folder);

G_END_DECLS
