/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* result-selection.c: a mask as the image's selection. */
#include "config.h"

#include "result-selection.h"

#include <glib/gi18n-lib.h>

/* A channel of the image's size, which is not in the image yet. */
static GimpChannel *
make_channel (GimpImage *image, GeglBuffer *mask)
{
  GeglColor *color = gegl_color_new ("black");
  GimpChannel *channel =
      gimp_channel_new (image, "pentimento", gimp_image_get_width (image),
                        gimp_image_get_height (image), 50.0, color);
  g_autoptr (GeglBuffer) buffer = NULL;

  g_object_unref (color);
  if (!channel)
    return NULL;
  buffer = gimp_drawable_get_buffer (GIMP_DRAWABLE (channel));
  /* A new channel is not empty everywhere by promise. */
  gegl_buffer_clear (buffer, NULL);
  gegl_buffer_copy (mask, NULL, GEGL_ABYSS_NONE, buffer, NULL);
  gegl_buffer_flush (buffer);

  return channel;
}

gboolean
pmt_result_selection_set (GimpImage *image,
                          const PmtResult *result,
                          GError **error)
{
  GimpChannel *channel;
  gboolean is_done;

  if (pmt_result_get_n_items (result) == 0)
    return TRUE;

  gimp_image_undo_group_start (image);
  channel = make_channel (image, pmt_result_get_mask (result, 0));
  is_done = channel && gimp_image_insert_channel (image, channel, NULL, 0);
  if (is_done)
    {
      gimp_drawable_update (GIMP_DRAWABLE (channel), 0, 0,
                            gimp_image_get_width (image),
                            gimp_image_get_height (image));
      is_done = gimp_image_select_item (image, GIMP_CHANNEL_OP_REPLACE,
                                        GIMP_ITEM (channel));
      gimp_image_remove_channel (image, channel);
    }
  gimp_image_undo_group_end (image);
  gimp_displays_flush ();
  if (!is_done)
    g_set_error_literal (error, PMT_ERROR, PMT_ERROR_INPUT,
                         _ ("GIMP refused to change the selection. Check that "
                            "the image is still open, and try again."));

  return is_done;
}
