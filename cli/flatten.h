/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* flatten.h: the picture of a result, as a file holds it. */
#pragma once

#include "pentimento.h"

G_BEGIN_DECLS

/**
 * flatten:
 * @seed: items of this seed are put together
 *
 * Items with a mask are put over the source, at the size of the new canvas;
 * enlarged or restored as a whole, an item is the picture.
 * Returns: (transfer full): in the source's format, with its resolution.
 */
GeglBuffer *flatten (const PmtRequest *request,
                     const PmtResult *result,
                     guint32 seed,
                     GError **error);

G_END_DECLS
