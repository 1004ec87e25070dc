/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* unpack.h: packed data of PNGs (RFC 1950), with a limit on what comes out. */
#pragma once

#include <gio/gio.h>

#include "remote/cursor.h"

G_BEGIN_DECLS

/**
 * pmt_inflate:
 *
 * Returns: (transfer full) (nullable): @packed unpacked; %NULL when it is
 *   damaged or larger than @max_bytes.
 */
GBytes *pmt_inflate (PmtCursor packed, gsize max_bytes);

G_END_DECLS
