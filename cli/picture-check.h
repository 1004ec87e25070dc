/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* picture-check.h: is a picture file complete? */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * picture_check_is_complete:
 * @path: a file
 *
 * Follows the structure of PNG, JPEG, GIF, WebP, PPM, PGM and HDR to its end.
 * Loaders fill what is missing with gray or transparency and go on; a
 * retouched picture of that would look like a result.  Other formats pass:
 * their loaders notice.
 * Source: PNG 3rd edition 5.3; ITU-T T.81 B.1; GIF89a 17-27; WebP container
 * specification; netpbm ppm(5), pgm(5); Radiance picture format.
 */
gboolean picture_check_is_complete (const gchar *path);

G_END_DECLS
