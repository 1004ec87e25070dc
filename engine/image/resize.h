/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* resize.h: masks to their place at another size. */
#pragma once

#include "core/progress.h"

G_BEGIN_DECLS

/**
 * PmtResize: the pixel at @base goes to @place, and everything with it
 * @factor_x, @factor_y: sides of the target over sides of the source
 */
typedef struct
{
  gdouble factor_x;
  gdouble factor_y;
  gint base_x;
  gint base_y;
  gint place_x;
  gint place_y;
} PmtResize;

/**
 * pmt_resize:
 * @source: any format; continues with its border pixels
 * @target: written, all of it
 * @sampler: linear or cubic: factors are 1 or more; pmt_reduce() for others
 * @error: G_IO_ERROR_CANCELLED
 *
 * Thread: any.
 */
gboolean pmt_resize (const PmtResize *resize,
                     GeglBuffer *source,
                     GeglBuffer *target,
                     GeglSamplerType sampler,
                     GCancellable *cancellable,
                     GError **error);

G_END_DECLS
