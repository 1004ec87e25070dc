/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* face-row.h: which faces, and how strongly, on a picture of the layer. */
#pragma once

#include <libgimp/gimpui.h>

#include "patch-preview.h"

G_BEGIN_DECLS

#define PMT_TYPE_FACE_ROW (pmt_face_row_get_type ())
G_DECLARE_FINAL_TYPE (PmtFaceRow, pmt_face_row, PMT, FACE_ROW, GtkBox)

/**
 * pmt_face_row_is_needed:
 *
 * Returns: whether @config has the arguments "faces" and "face-strength".
 */
gboolean pmt_face_row_is_needed (GimpProcedureConfig *config);

/**
 * pmt_face_row_new:
 * @config: edited in place
 * @source: copied: of the layer
 * @layer: its bounds, canvas coordinates
 *
 * A button that finds the faces, in a thread; then a box around each on a
 * small picture, and for each a check button and a strength, which are written
 * into the argument "faces" and read from it.
 *
 * Signal "found" (): the search is over; the row may need more room.
 */
GtkWidget *pmt_face_row_new (PmtEngine *engine,
                             GimpProcedureConfig *config,
                             const PmtPatchSource *source,
                             const GeglRectangle *layer);

/** pmt_face_row_find: as if the button was pressed. */
void pmt_face_row_find (PmtFaceRow *row);

/**
 * pmt_face_row_stop:
 *
 * Cancels what is under way and waits for its end.
 */
void pmt_face_row_stop (PmtFaceRow *row);

G_END_DECLS
