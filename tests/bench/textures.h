/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* textures.h: textures made by formula: periodic, stochastic, structured. */
#pragma once

#include "bench.h"

G_BEGIN_DECLS

guint textures_count (void);

/** texture_new: texture number @i, with its name and kind. */
Picture *texture_new (
    guint i, gint width, gint height, const gchar **name, const gchar **kind);

/** texture_random: 0..1, always the same for the same @key. */
gfloat texture_random (guint32 key);

G_END_DECLS
