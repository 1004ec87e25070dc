/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* reduce.h: pictures at another size. */
#pragma once

#include "image/resize.h"

G_BEGIN_DECLS

/**
 * pmt_reduce:
 * @resize: factors of any size
 * @source: any format but indexed; continues with its border pixels
 * @target: written, all of it; same curve and primaries as @source
 * @error: G_IO_ERROR_CANCELLED, PMT_ERROR_MEMORY
 *
 * Lanczos' filter with three lobes, as wide as the pixels of the target are;
 * weighted with alpha.  Thread: any.
 */
gboolean pmt_reduce (const PmtResize *resize,
                     GeglBuffer *source,
                     GeglBuffer *target,
                     PmtProgress *progress,
                     GCancellable *cancellable,
                     GError **error);

G_END_DECLS
