/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* faces.h: `pentimento faces`. */
#pragma once

#include "options.h"
#include "pentimento.h"

G_BEGIN_DECLS

/** faces_run: prints the faces of a picture, numbered as "face" takes them. */
gboolean faces_run (PmtEngine *engine, const Options *options, GError **error);

G_END_DECLS
