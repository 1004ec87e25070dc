/* SPDX-License-Identifier: LGPL-3.0-or-later */
/*
 * history-pixels.h: the pictures and masks of a run in one file, with every
 * bit.  The file is a gzip stream of: the length of the header (4 bytes, low
 * first); the header, as JSON; then the rows of each picture and of its mask,
 * each byte less the byte one pixel to the left of it.
 */
#pragma once

#include "core/json.h"
#include "pentimento.h"

G_BEGIN_DECLS

#define PMT_HISTORY_PIXELS_VERSION 1

/* Of the header; recipes and profiles are in it. */
#define PMT_HISTORY_MAX_HEADER ((guint32)16 << 20)

/**
 * pmt_history_pixels_write:
 * @from: of the image that @result was made in
 * @max_bytes: of the file
 * @error: PMT_ERROR_TOO_LARGE: it would get larger, or its pictures are;
 *   PMT_ERROR_UNSUPPORTED: pixels that are no gray or RGB ones; G_IO_ERROR
 *
 * Writes @path, which must not be there.  On failure a part of it may be.
 */
gboolean pmt_history_pixels_write (const gchar *path,
                                   const PmtResult *result,
                                   const GeglRectangle *from,
                                   guint64 max_bytes,
                                   GError **error);

/**
 * pmt_history_pixels_read: (history-unpack.c)
 * @stream: may be hostile
 * @n_bytes: that @stream has
 * @label: for messages
 * @from: (out): as it was written
 * @error: PMT_ERROR_FILE: it is damaged; PMT_ERROR_MEMORY: what it says would
 *   take more than is free
 *
 * Returns: (transfer full): has an item at least.
 */
PmtResult *pmt_history_pixels_read (GInputStream *stream,
                                    guint64 n_bytes,
                                    const gchar *label,
                                    GeglRectangle *from,
                                    GError **error);

/**
 * pmt_history_pixels_find_format: (history-unpack.c)
 * @encoding: as babl_format_get_encoding() gives it
 * @space: (nullable)
 *
 * Returns: (nullable): %NULL for what is no gray or RGB of a usual type.
 */
const Babl *pmt_history_pixels_find_format (const gchar *encoding,
                                            const Babl *space);

G_END_DECLS
