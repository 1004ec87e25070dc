/* SPDX-License-Identifier: LGPL-3.0-or-later */
/*
 * png-unpack.h: a PNG whose pixels are unpacked by a thread of their own, while
 * libpng puts rows together.
 */
#pragma once

#include "remote/picture-private.h"

G_BEGIN_DECLS

/** PmtPngUnpack: bytes of a PNG, made as they are read. */
typedef struct _PmtPngUnpack PmtPngUnpack;

/**
 * pmt_png_unpack_new:
 * @clean: (transfer none): from pmt_png_clean()
 * @error: PMT_ERROR_MEMORY
 *
 * What is read is @clean with stored blocks (RFC 1951, 3.2.4) in place of packed
 * ones, and zeros for the checksums of IDAT, which nobody changed.
 *
 * Returns: (transfer full) (nullable): %NULL without memory, and, without
 *   @error, for a file without header or pixels.
 */
PmtPngUnpack *pmt_png_unpack_new (GBytes *clean, GError **error);

/** pmt_png_unpack_free: stops the thread. */
void pmt_png_unpack_free (PmtPngUnpack *unpack);

/**
 * pmt_png_unpack_read:
 * @out: [@n]
 *
 * Returns: %FALSE at the end, and where the pixels are damaged, too few or more
 *   than the header says: no more than these are ever unpacked.
 */
gboolean pmt_png_unpack_read (PmtPngUnpack *unpack, guint8 *out, gsize n);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PmtPngUnpack, pmt_png_unpack_free)

G_END_DECLS
