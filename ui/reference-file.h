/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* reference-file.h: pictures of files, to be shown to a model. */
#pragma once

#include <libgimp/gimpui.h>

G_BEGIN_DECLS

/**
 * pmt_reference_file_choose:
 * @parent: the dialog that asks
 *
 * Returns: (transfer full) (element-type GFile): what the user chose; empty
 *   when the user cancelled.
 */
GPtrArray *pmt_reference_file_choose (GtkWindow *parent);

/**
 * pmt_reference_file_open:
 * @error: PMT_ERROR_FILE: GIMP can't open it
 *
 * Opens @file as an image without a window; all that is visible becomes one
 * layer of it, which has the file's name.
 *
 * Returns: (transfer none) (nullable): the layer; gimp_image_delete() of its
 *   image takes both away.
 */
GimpLayer *pmt_reference_file_open (GFile *file, GError **error);

G_END_DECLS
