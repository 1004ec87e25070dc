/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* history.h: what was run, listed, shown and deleted. */
#pragma once

#include "options.h"
#include "pentimento.h"

G_BEGIN_DECLS

/** history_run: the verb "history". */
gboolean
history_run (PmtEngine *engine, const Options *options, GError **error);

G_END_DECLS
