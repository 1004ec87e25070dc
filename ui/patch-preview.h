/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* patch-preview.h: before and after of a patch at 1:1, while settings change. */
#pragma once

#include <gtk/gtk.h>

#include "pentimento.h"

G_BEGIN_DECLS

/**
 * PmtPatchSource: where the preview gets pixels from
 * @read: (transfer full): a copy of a part of the layer, canvas coordinates;
 *   %NULL with @error
 * @thumbnail: (transfer full) (nullable): the layer, at most this large
 */
typedef struct
{
  GeglBuffer *(*read) (const GeglRectangle *rect,
                       gpointer user_data,
                       GError **error);
  GdkPixbuf *(*thumbnail) (gint width, gint height, gpointer user_data);
  gpointer user_data;
} PmtPatchSource;

#define PMT_TYPE_PATCH_PREVIEW (pmt_patch_preview_get_type ())
G_DECLARE_FINAL_TYPE (
    PmtPatchPreview, pmt_patch_preview, PMT, PATCH_PREVIEW, GtkBox)

/**
 * pmt_patch_preview_new:
 * @source: copied
 * @layer: bounds of the whole layer, canvas coordinates
 *
 * A view with a divider, and a small picture of the layer to choose the patch.
 * The patch is computed in a worker, at once for a new request, a moment after
 * the last move; either cancels what is under way.  A result is only shown while it is that of the
 * latest request and place; errors are shown in place.
 */
GtkWidget *pmt_patch_preview_new (PmtEngine *engine,
                                  const PmtPatchSource *source,
                                  const GeglRectangle *layer);

/**
 * pmt_patch_preview_set_request:
 * @request: (nullable) (transfer none): copied: what is asked for; the pixels
 *   need not be set.  %NULL: settings that can't run
 * @scale: result pixels per pixel
 */
void pmt_patch_preview_set_request (PmtPatchPreview *preview,
                                    const PmtRequest *request,
                                    gdouble scale);

/**
 * pmt_patch_preview_stop:
 *
 * Cancels what is under way and waits for its end, so that no worker is left
 * when the process ends or the real run begins.
 */
void pmt_patch_preview_stop (PmtPatchPreview *preview);

G_END_DECLS
