/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* store.h: `pentimento store`. */
#pragma once

#include "options.h"
#include "pentimento.h"

G_BEGIN_DECLS

/** store_check: Returns: %FALSE with @error set for wrong usage, also of its
 * options with another verb. */
gboolean store_check (const Options *options, GError **error);

/** store_run: lists, downloads, adds, removes; folders of other programs. */
gboolean store_run (PmtEngine *engine, const Options *options, GError **error);

G_END_DECLS
