/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* quantile.h: the beta distribution. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * pmt_beta_quantile:
 * @p: probability, 0..1
 * @a, @b: shape, > 0
 *
 * Returns: the value that a variable of the beta distribution stays below
 *   with probability @p, 0..1, to 1e-15.
 */
gdouble pmt_beta_quantile (gdouble p, gdouble a, gdouble b);

G_END_DECLS
