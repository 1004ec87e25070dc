/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* png-chunks.h: makes the color information of a PNG file right. */
#pragma once

#include <babl/babl.h>
#include <glib.h>

G_BEGIN_DECLS

/**
 * png_chunks_repair:
 * @path: a PNG file as written by GEGL
 * @format: of the pixels that were written
 *
 * GEGL 0.4.62 writes no profile for gray pictures, for others a gAMA chunk
 * with the inverse of their gamma, and a background color that nobody chose.
 * Leaves the file with the profile of @format's space, or as sRGB.
 * Source: PNG 3rd edition, 11.3.2.
 */
gboolean png_chunks_repair (const gchar *path, const Babl *format);

G_END_DECLS
