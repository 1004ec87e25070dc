/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* area-view.h: what a run works on, drawn on the layer. */
#pragma once

#include <gtk/gtk.h>

#include "patch-preview.h"

G_BEGIN_DECLS

#define PMT_TYPE_AREA_VIEW (pmt_area_view_get_type ())
G_DECLARE_FINAL_TYPE (PmtAreaView, pmt_area_view, PMT, AREA_VIEW, GtkBox)

/**
 * pmt_area_view_is_for:
 *
 * Returns: whether a run of @operation is about a place: a part of the layer,
 *   new pixels around it, or a picture over the image.
 */
gboolean pmt_area_view_is_for (PmtOperation operation);

/**
 * pmt_area_view_new:
 * @source: copied: a small picture of the layer; of the image, for
 *   PMT_OPERATION_GENERATE
 *
 * Can be folded up.  Thread: main.
 */
GtkWidget *pmt_area_view_new (const PmtPatchSource *source);

/**
 * pmt_area_view_show:
 * @estimate: (nullable): of @request; %NULL: it can't run
 *
 * Outlines of the image, of what the model sees and of what it makes; the
 * selection with its soft edge.
 */
void pmt_area_view_show (PmtAreaView *view,
                         const PmtRequest *request,
                         const PmtEstimate *estimate);

G_END_DECLS
