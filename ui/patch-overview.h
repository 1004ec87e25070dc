/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* patch-overview.h: the whole layer, small, with the patch marked. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define PMT_TYPE_PATCH_OVERVIEW (pmt_patch_overview_get_type ())
G_DECLARE_FINAL_TYPE (
    PmtPatchOverview, pmt_patch_overview, PMT, PATCH_OVERVIEW, GtkDrawingArea)

/**
 * pmt_patch_overview_new:
 * @picture: of the layer
 *
 * As large as @picture.
 *
 * Signal "pick" (gdouble x, gdouble y): the user clicks or drags to a place,
 * which is to be the middle of the patch; 0 to 1 of the layer's sides.
 */
GtkWidget *pmt_patch_overview_new (GdkPixbuf *picture);

/** pmt_patch_overview_mark: place of the patch, 0 to 1 of the layer's sides. */
void pmt_patch_overview_mark (PmtPatchOverview *overview,
                              gdouble x,
                              gdouble y,
                              gdouble width,
                              gdouble height);

G_END_DECLS
