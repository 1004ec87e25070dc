/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* params.h: what the engine needs of PmtParams beside the public functions. */
#pragma once

#include "pentimento.h"

G_BEGIN_DECLS

/**
 * pmt_params_set_variant:
 * @value: (transfer floating): "b", "x", "d" or "s"
 */
void
pmt_params_set_variant (PmtParams *params, const gchar *name, GVariant *value);

G_END_DECLS
