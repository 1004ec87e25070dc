/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* face-pictures.h: photographs of people, and bad copies of them. */
#pragma once

#include "face/face-net.h"

G_BEGIN_DECLS

/** shared_path: Returns: (transfer full) (nullable): of a file of
 * $PENTIMENTO_SHARED; %NULL, with the test skipped, where it is not there. */
gchar *shared_path (const gchar *name);

/** photo_load: Returns: (transfer full) (nullable): as shared_path(). */
GeglBuffer *photo_load (const gchar *name);

/** photo_apply: @buffer through a GEGL operation with "name", value, ...,
 * NULL; Returns: (transfer full): with its origin at 0, 0. */
GeglBuffer *photo_apply (GeglBuffer *buffer, const gchar *operation, ...);

/** photo_scale: smaller or larger. */
GeglBuffer *photo_scale (GeglBuffer *buffer, gdouble ratio);

/** photo_jpeg: through a JPEG file of @quality. */
GeglBuffer *photo_jpeg (GeglBuffer *buffer, gint quality);

/** photo_save: for looking at; a PNG. */
void photo_save (GeglBuffer *buffer, const gchar *path);

/** detector_open: Returns: (transfer full) (nullable): YuNet; %NULL, with the
 * test skipped, where it is not there. */
PmtFaceNet *detector_open (void);

G_END_DECLS
