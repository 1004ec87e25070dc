/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* memory-check.h: is there memory for a run? */
#pragma once

#include "gimp-compat.h"
#include "pentimento.h"

G_BEGIN_DECLS

/**
 * pmt_memory_check:
 * @layer: (nullable): what @request works on, and is copied
 * @estimate: of @request
 * @error: PMT_ERROR_MEMORY
 *
 * What the engine checks when it runs, before the layer is copied for it: a
 * copy can be larger than the memory, too.
 */
gboolean pmt_memory_check (GimpLayer *layer,
                           const PmtRequest *request,
                           const PmtEstimate *estimate,
                           GError **error);

G_END_DECLS
