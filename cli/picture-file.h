/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* picture-file.h: pictures and masks from and to files, through GEGL. */
#pragma once

#include <gegl.h>
#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * picture_file_load:
 * @path: a picture in a format that GEGL reads (PNG, JPEG, TIFF, WebP, ...)
 * @error: PMT_ERROR_FILE
 *
 * The format is told from the content, not from the name.
 * Returns: (transfer full): precision and profile are those of the file.
 */
GeglBuffer *picture_file_load (const gchar *path, GError **error);

/**
 * picture_file_load_mask:
 * @width, @height: size that the mask must have
 * @error: PMT_ERROR_FILE, also for another size
 *
 * White is selected, black is not; the shown gray value is the coverage, and
 * transparent pixels are not selected.
 * Returns: (transfer full): "Y float"
 */
GeglBuffer *picture_file_load_mask (const gchar *path,
                                    gint width,
                                    gint height,
                                    GError **error);

/**
 * picture_file_save:
 * @path: the ending chooses the format
 * @error: PMT_ERROR_FILE
 *
 * 8-bit pictures stay 8-bit, deeper ones are written as deep as the format
 * allows; gray stays gray where the format has it.  What was written is
 * checked, since a saver may not notice a full disk.
 */
gboolean
picture_file_save (GeglBuffer *buffer, const gchar *path, GError **error);

/**
 * picture_file_check_saver: whether a picture can be saved under this name.
 */
gboolean picture_file_check_saver (const gchar *path, GError **error);

G_END_DECLS
