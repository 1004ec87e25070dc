/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* presets.h: `pentimento presets`. */
#pragma once

#include "options.h"
#include "pentimento.h"

G_BEGIN_DECLS

/** presets_check: Returns: %FALSE with @error set for wrong usage. */
gboolean presets_check (const Options *options, GError **error);

/** presets_run: lists, imports, exports or removes. */
gboolean
presets_run (PmtEngine *engine, const Options *options, GError **error);

G_END_DECLS
