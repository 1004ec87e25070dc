/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* recipe.h: how a result was made, as JSON. */
#pragma once

#include "core/result-builder.h"

G_BEGIN_DECLS

/**
 * pmt_recipe_new:
 * @seed: the seed of the item
 * @area: rectangle of the selection that the item answers to
 * @origin: (nullable): of a service: "provider", "request_id", "cost"
 *
 * "params" holds every effective parameter; "seed" there is @seed and "count"
 * is 1, so that the recipe makes this one item again, not its neighbours.
 *
 * Returns: (transfer full): JSON without line breaks.
 */
gchar *pmt_recipe_new (const PmtJob *job,
                       guint32 seed,
                       const GeglRectangle *area,
                       const PmtResultOrigin *origin);

G_END_DECLS
