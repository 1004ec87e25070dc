/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* face-view.h: a small picture of the layer with boxes around faces. */
#pragma once

#include <gtk/gtk.h>

#include "pentimento.h"

G_BEGIN_DECLS

#define PMT_TYPE_FACE_VIEW (pmt_face_view_get_type ())
G_DECLARE_FINAL_TYPE (
    PmtFaceView, pmt_face_view, PMT, FACE_VIEW, GtkDrawingArea)

/**
 * pmt_face_view_new:
 * @picture: of the layer; the widget is as large
 * @layer: its bounds, in the coordinates of the faces
 *
 * Signal "toggle" (guint index): the user clicks into the box of a face, the
 * smallest one where boxes overlap.
 */
GtkWidget *pmt_face_view_new (GdkPixbuf *picture, const GeglRectangle *layer);

/** pmt_face_view_set_faces: @faces: (element-type PmtFace): copied; all are
 * chosen. */
void pmt_face_view_set_faces (PmtFaceView *view, GArray *faces);

/** pmt_face_view_set_chosen: others have a dashed box. */
void
pmt_face_view_set_chosen (PmtFaceView *view, guint index, gboolean is_chosen);

G_END_DECLS
