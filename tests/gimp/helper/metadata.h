/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* metadata.h: Exif and XMP for the tests of the plug-in. */
#pragma once

#include <libgimp/gimp.h>

G_BEGIN_DECLS

/** test_metadata_set: size, resolution, and an artist, as a camera would. */
void test_metadata_set (GimpImage *image);

/** test_metadata_get: Returns: (transfer full): a tag's text, or "". */
gchar *test_metadata_get (GimpImage *image, const gchar *tag);

G_END_DECLS
