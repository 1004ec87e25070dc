/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* inflate.h: a stream of zlib's format (RFC 1950), unpacked piece by piece. */
#pragma once

#include "remote/cursor.h"

G_BEGIN_DECLS

/** PmtInflater: one stream; for one thread at a time. */
typedef struct _PmtInflater PmtInflater;

/** pmt_inflater_new: Returns: (transfer full) (nullable): %NULL without
 * memory. */
PmtInflater *pmt_inflater_new (void);
void pmt_inflater_free (PmtInflater *inflater);

/**
 * pmt_inflater_run:
 * @packed: (inout): what comes next; what was taken is gone from it
 * @out: [@room], at most 1 GiB
 * @n: (out): bytes that were made; fewer than @room when @packed is used up,
 *   or at the end of the stream
 *
 * Returns: %FALSE for a damaged stream: codes, lengths, checksum.
 */
gboolean pmt_inflater_run (PmtInflater *inflater,
                           PmtCursor *packed,
                           guint8 *out,
                           gsize room,
                           gsize *n);

/** pmt_inflater_is_over: whether the stream's end came, its checksum with it. */
gboolean pmt_inflater_is_over (const PmtInflater *inflater);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PmtInflater, pmt_inflater_free)

G_END_DECLS
