/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* cascade.h: OpenCV's frontal faces, where no network is installed. */
#pragma once

#include "face/face.h"

G_BEGIN_DECLS

/**
 * pmt_cascade_is_usable:
 * @error: PMT_ERROR_UNSUPPORTED: this build has none, or OpenCV or its data are
 *   missing
 *
 * OpenCV is loaded now and not before: it brings a hundred libraries.
 */
gboolean pmt_cascade_is_usable (GError **error);

/**
 * pmt_cascade_set_module:
 * @path: (nullable): of the module, for tests of a build that is not installed
 */
void pmt_cascade_set_module (const gchar *path);

/**
 * pmt_cascade_detect: as pmt_face_detect(), for faces that look at the camera
 * and hardly lean; landmarks are guessed from the boxes.
 */
GArray *pmt_cascade_detect (GeglBuffer *picture,
                            const GeglRectangle *rect,
                            GCancellable *cancellable,
                            GError **error);

G_END_DECLS
