/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* resolution.h: pixels per inch or metre, from file to file. */
#pragma once

#include <gegl.h>

G_BEGIN_DECLS

/** resolution_prepare: to be called on a loader or saver before it works;
 * Returns: (transfer full) (nullable): what it reads into, for
 * resolution_take(), or writes from. */
GObject *resolution_prepare (GeglNode *node, const gchar *operation);

/**
 * resolution_take:
 * @store: (nullable): from resolution_prepare()
 * @path: the file; of JPEGs, GEGL does not read the resolution
 *
 * Puts what the loader found down on @buffer.
 */
void resolution_take (GeglBuffer *buffer, GObject *store, const gchar *path);

/** resolution_give: puts @buffer's resolution into @store. */
void resolution_give (GeglBuffer *buffer, GObject *store);

/** resolution_copy: @to gets what is put down on @from. */
void resolution_copy (GeglBuffer *from, GeglBuffer *to);

G_END_DECLS
