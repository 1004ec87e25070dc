/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* metadata.c: writes and reads tags. */
#include "metadata.h"

static void
set (GimpMetadata *metadata, const gchar *tag, const gchar *text)
{
  g_autoptr (GError) error = NULL;

  gexiv2_metadata_try_set_tag_string (GEXIV2_METADATA (metadata), tag, text,
                                      &error);
  g_assert_no_error (error);
}

void
test_metadata_set (GimpImage *image)
{
  g_autoptr (GimpMetadata) metadata = gimp_metadata_new ();
  g_autofree gchar *width =
      g_strdup_printf ("%d", gimp_image_get_width (image));

  set (metadata, "Exif.Photo.PixelXDimension", width);
  set (metadata, "Exif.Image.ImageWidth", width);
  set (metadata, "Exif.Image.XResolution", "300/1");
  set (metadata, "Exif.Image.Artist", "Pentimento");
  set (metadata, "Xmp.tiff.ImageWidth", width);
  gimp_image_set_metadata (image, metadata);
}

gchar *
test_metadata_get (GimpImage *image, const gchar *tag)
{
  g_autoptr (GimpMetadata) metadata = gimp_image_get_metadata (image);
  gchar *text = NULL;

  if (metadata)
    text = gexiv2_metadata_try_get_tag_string (GEXIV2_METADATA (metadata), tag,
                                               NULL);

  return text ? text : g_strdup ("");
}
