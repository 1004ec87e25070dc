/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* deflate.h: parts of a stream of deflate, packed independently, and the
 * checksums that go with it. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * pmt_deflate_part:
 * @bytes: [@n]: at most 1 GiB
 * @is_last: the stream ends with it; another part ends at a whole byte, so
 *   that the next one can follow it
 * @length: (out): of what is returned
 *
 * Packs fast, for what is sent once: without a header, and without looking
 * back into the parts before (RFC 1951).
 * Returns: (transfer full) (nullable): %NULL without memory.  Thread: any.
 */
guint8 *pmt_deflate_part (const guint8 *bytes,
                          gsize n,
                          gboolean is_last,
                          gsize *length);

/** pmt_crc32: of PNG's chunks (W3C PNG 3rd edition, annex D).  Thread: any. */
guint32 pmt_crc32 (const guint8 *bytes, gsize n);

/** pmt_adler32: of a stream of zlib's format (RFC 1950), from its beginning.
 * Thread: any. */
guint32 pmt_adler32 (const guint8 *bytes, gsize n);

G_END_DECLS
