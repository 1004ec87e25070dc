/* SPDX-License-Identifier: LGPL-3.0-or-later */
/*
 * picture-private.h: what the files of pictures share.
 *
 * A loader sees a clean copy of a file, never the file: what it does not need
 * is left out, and what it would stumble over was refused.  GEGL's loaders
 * take missing data for gray or read beyond it, and libjpeg ends the process
 * when a table or a header is wrong.
 */
#pragma once

#include "remote/cursor.h"
#include "remote/picture.h"

G_BEGIN_DECLS

/** PNG: bit depths and types; PMT_PNG_PALETTE is one of the types. */
#define PMT_PNG_GRAY 0
#define PMT_PNG_RGB 2
#define PMT_PNG_PALETTE 3
#define PMT_PNG_GRAY_ALPHA 4
#define PMT_PNG_RGBA 6

/** PmtPngHeader: IHDR, valid. */
typedef struct
{
  gint width;
  gint height;
  guint depth;
  guint type;
  gboolean is_interlaced;
} PmtPngHeader;

/** pmt_png_read_header: (picture-head.c) the signature and IHDR. */
gboolean pmt_png_read_header (PmtCursor *cursor, PmtPngHeader *header);

/**
 * pmt_png_write: (png-write.c)
 * @pixels: "R'G'B'" or "R'G'B'A", "u8" or "u16"; extent from 0, 0
 * @error: PMT_ERROR_MEMORY
 *
 * Source: W3C PNG 3rd edition, 9, 10 and 11.2.
 *
 * Returns: (transfer full): IHDR, IDAT and IEND alone.
 */
GBytes *pmt_png_write (GeglBuffer *pixels, GError **error);

/** Bytes of a profile that are looked at. */
#define PMT_PROFILE_MAX_BYTES ((gsize)4 << 20)

/**
 * pmt_png_clean:
 * @bytes: anything
 * @profile: (out) (transfer full) (nullable): of an iCCP chunk, unpacked
 *
 * Checks chunks, checksums and their order up to IEND.
 * Source: W3C PNG 3rd edition, 5, 7, 10 and 11.
 *
 * Returns: (transfer full) (nullable): a PNG of the header, palette,
 *   transparent color and pixels alone; %NULL for a damaged file.
 */
GBytes *pmt_png_clean (GBytes *bytes, GBytes **profile);

/**
 * pmt_png_read: (png-read.c)
 * @clean: from pmt_png_clean()
 * @error: PMT_ERROR_MEMORY
 *
 * Returns: (transfer full) (nullable): "Y'", "Y'A", "R'G'B'" or "R'G'B'A" of
 *   "u8" or "u16", extent from 0, 0; %NULL, without @error, when pixels are
 *   missing, damaged or too many.
 */
GeglBuffer *pmt_png_read (GBytes *clean, GError **error);

/**
 * pmt_jpeg_clean:
 * @is_padded: for a loader: with ends of a picture behind it, in more bytes
 *   than a segment can have.  GEGL's loader gives no end of the file to
 *   libjpeg, which would read on
 * @profile: (out) (transfer full) (nullable): of APP2 segments
 *
 * Checks every segment that a decoder reads, as strictly as libjpeg does where
 * it gives up, the restart markers of each scan, and that each component has
 * one.  For a loader, entropy-coded data is read through: what is missing, or
 * has codes that no table has, is damage; wrong pixels with right codes are not
 * noticed.
 * Source: ITU-T T.81, annex B; ICC.1:2022, B.4; JFIF 1.02.
 *
 * Returns: (transfer full) (nullable): tables, frame, scans and what says how
 *   colors are to be read; %NULL for a damaged file.
 */
GBytes *pmt_jpeg_clean (GBytes *bytes, gboolean is_padded, GBytes **profile);

/**
 * pmt_jpeg_is_cmyk: a readable head with four components.
 */
gboolean pmt_jpeg_is_cmyk (GBytes *bytes);

/**
 * pmt_webp_clean:
 * @n_padding: bytes that will follow the file and belong to its last chunk
 * @profile: (out) (transfer full) (nullable): of an ICCP chunk
 *
 * Source: RFC 9649.
 *
 * Returns: (transfer full) (nullable): one picture and its transparency; %NULL
 *   for a damaged or an animated file.
 */
GBytes *pmt_webp_clean (GBytes *bytes, guint32 n_padding, GBytes **profile);

/**
 * pmt_profile_to_space: (picture-profile.c)
 * @profile: (nullable): anything
 * @is_gray: of a picture with one color component
 *
 * Source: ICC.1:2022, 7.2, 7.3, 10.6, 10.18, 10.31.
 *
 * Returns: (nullable): the babl space; %NULL, which is sRGB to babl, for a
 *   profile that is broken, has no matrix or is meant for other colors, and
 *   after 20 others in this process, since babl forgets none and has room for
 *   100.
 */
const Babl *pmt_profile_to_space (GBytes *profile, gboolean is_gray);

G_END_DECLS
