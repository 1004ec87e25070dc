/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* unpack.h: packed data of PNGs (RFC 1950), with a limit on what comes out. */
#pragma once

#include <gio/gio.h>

#include "remote/picture-private.h"

G_BEGIN_DECLS

/**
 * PmtPixelRows: what unpacked pixels must look like: rows that each begin with
 * the number of a filter, in one pass or in the seven of Adam7.
 * Source: PNG 3rd edition, 8 and 9.
 */
typedef struct
{
  gsize row_bytes[7];
  guint32 n_rows[7];
  guint pass;
  guint32 row;
  gsize left;
} PmtPixelRows;

void pmt_pixel_rows_init (PmtPixelRows *rows, const PmtPngHeader *header);

/** pmt_pixel_rows_are_done: every row came. */
gboolean pmt_pixel_rows_are_done (PmtPixelRows *rows);

/**
 * PmtUnpack: a stream that comes in pieces
 * @rows: (nullable): what comes out is held against it and forgotten
 * @out: (nullable): takes what comes out where @rows is %NULL
 * @max_bytes: of @out
 */
typedef struct
{
  GConverter *converter;
  PmtPixelRows *rows;
  GByteArray *out;
  gsize max_bytes;
  gboolean is_finished;
} PmtUnpack;

/**
 * pmt_unpack_more:
 * @packed: (inout): read up to its end or that of the stream
 * @is_last: nothing follows: the stream must end
 *
 * Returns: %FALSE when the stream is damaged or gives too much.
 */
gboolean
pmt_unpack_more (PmtUnpack *unpack, PmtCursor *packed, gboolean is_last);

/**
 * pmt_inflate:
 *
 * Returns: (transfer full) (nullable): @packed unpacked; %NULL when it is
 *   damaged or larger than @max_bytes.
 */
GBytes *pmt_inflate (PmtCursor packed, gsize max_bytes);

G_END_DECLS
