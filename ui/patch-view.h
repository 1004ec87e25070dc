/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* patch-view.h: two pictures of one place, with a divider between them. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define PMT_TYPE_PATCH_VIEW (pmt_patch_view_get_type ())
G_DECLARE_FINAL_TYPE (
    PmtPatchView, pmt_patch_view, PMT, PATCH_VIEW, GtkDrawingArea)

/**
 * pmt_patch_view_new:
 * @divider: 0 to 100 % of the width: left of it the picture before is shown,
 *   right of it the picture after; changed by dragging
 *
 * Draws one pixel of its pictures on one pixel of the screen.
 *
 * Signal "pan" (gint dx, gint dy): the user drags the picture, or presses the
 * arrow keys, to see what lies this many of its pixels to the right and below.
 */
GtkWidget *pmt_patch_view_new (GtkAdjustment *divider);

/** pmt_patch_view_set_before: @picture: (nullable) (transfer none). */
void pmt_patch_view_set_before (PmtPatchView *view, cairo_surface_t *picture);

/**
 * pmt_patch_view_set_after:
 * @picture: (nullable) (transfer none): as large as the one before; %NULL: it
 *   is not known, and its place is dimmed
 */
void pmt_patch_view_set_after (PmtPatchView *view, cairo_surface_t *picture);

G_END_DECLS
