/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* identify.h: what kind of model a file is, by what is in it. */
#pragma once

#include "pentimento.h"

G_BEGIN_DECLS

/** PmtStoreFound: @kind: a folder below "models/"; @family: "" when not told.
 * Both (transfer none), static. */
typedef struct
{
  const gchar *kind;
  const gchar *family;
} PmtStoreFound;

/**
 * pmt_store_identify:
 * @path: a .safetensors or .onnx file, or a folder of Diffusers
 * @data_dir: (nullable): %NULL: networks that enlarge or restore are not tried
 *   out; any .onnx file that is for nothing else counts as one
 * @error: PMT_ERROR_UNSUPPORTED: a pickle, or nothing that can be used, with
 *   what it is where that is known; PMT_ERROR_MODEL, PMT_ERROR_FILE
 *
 * Reads the heads of files; with @data_dir an .onnx file may be run on a few
 * pixels.
 */
gboolean pmt_store_identify (const gchar *path,
                             const gchar *data_dir,
                             PmtStoreFound *found,
                             GError **error);

G_END_DECLS
