/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* limited-file.h: files that may be hostile, into memory. */
#pragma once

#include "pentimento.h"

G_BEGIN_DECLS

/**
 * pmt_limited_file_read:
 * @max_bytes: no more than one byte beyond it is read, whatever the file turns
 *   out to be (a device, a file that grows): a result that is longer tells
 *   that the file is too large
 * @code: of an error that is not the system's: @path is not a file
 *
 * @length: (out)
 *
 * Thread: any.
 *
 * Returns: (transfer full): [@length], and a zero byte behind it.
 */
gchar *pmt_limited_file_read (const gchar *path,
                              gsize max_bytes,
                              PmtError code,
                              gsize *length,
                              GError **error);

G_END_DECLS
