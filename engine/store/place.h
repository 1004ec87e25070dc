/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* place.h: where in "models/" of the user's folder files may go. */
#pragma once

#include "pentimento.h"

G_BEGIN_DECLS

/** pmt_place_kinds: Returns: (transfer none): %NULL-terminated: the folders below
 * "models/" that the store knows. */
const gchar *const *pmt_place_kinds (void);
gboolean pmt_place_is_kind (const gchar *kind);

/**
 * pmt_place_is_name:
 * @name: a path below "models/"
 *
 * Returns: whether it is one that a file may have: at most five parts, none
 *   hidden, none that leads upwards, and an ending that is no program:
 *   .safetensors, .onnx, .onnx_data, .json or .txt.
 */
gboolean pmt_place_is_name (const gchar *name);

/** pmt_place_has_suffix: whether @name ends as files in "models/" may end. */
gboolean pmt_place_has_suffix (const gchar *name);

/**
 * pmt_place_prepare:
 * @user_dir: its "models/" may itself be a link
 * @name: see pmt_place_is_name()
 * @error: PMT_ERROR_ARGUMENT: @name is none, or a link leads out of "models/";
 *   PMT_ERROR_FILE: a folder can't be made
 *
 * Makes the folders that @name is in.
 *
 * Returns: (transfer full): the whole path.
 */
gchar *
pmt_place_prepare (const gchar *user_dir, const gchar *name, GError **error);

/** pmt_place_path: (transfer full): the whole path of @name, not looked at. */
gchar *pmt_place_path (const gchar *user_dir, const gchar *name);

/** pmt_place_is_inside: whether the folder that @path is in lies in "models/",
 * links resolved. */
gboolean pmt_place_is_inside (const gchar *user_dir, const gchar *path);

/** pmt_place_exists: whether there is something at @path, if only a link that
 * leads nowhere. */
gboolean pmt_place_exists (const gchar *path);

/**
 * pmt_place_check_space:
 * @path: a file that need not exist, in a folder that does
 * @bytes: that are to be written
 * @margin: bytes that should stay free beside
 * @error: PMT_ERROR_FILE: tells how much is needed and how much there is
 */
gboolean pmt_place_check_space (const gchar *path,
                                guint64 bytes,
                                guint64 margin,
                                GError **error);

/** Bytes that stay free on the disk. */
#define PMT_PLACE_MARGIN ((guint64)64 << 20)

G_END_DECLS
