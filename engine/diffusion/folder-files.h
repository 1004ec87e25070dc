/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* folder-files.h: which files of a Diffusers folder hold a network. */
#pragma once

#include "onnx/weights.h"

G_BEGIN_DECLS

/**
 * pmt_folder_open_weights:
 * @folder: of one network, such as .../unet
 * @error: PMT_ERROR_FILE: no .safetensors file in it; for pickle files with
 *   the way to convert them
 *
 * A whole file is preferred over a split one (NAME.safetensors.index.json
 * lists its parts), and the plain one over its fp16 variant.
 */
PmtWeights *pmt_folder_open_weights (const gchar *folder, GError **error);

/** pmt_folder_has_weights: whether pmt_folder_open_weights() would find a file
 * in @folder. */
gboolean pmt_folder_has_weights (const gchar *folder);

/** pmt_folder_find: (transfer full) (nullable): the path of @name below
 * @folder if it is a file. */
gchar *pmt_folder_find (const gchar *folder, const gchar *name);

G_END_DECLS
