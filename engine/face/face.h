/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* face.h: what is known of faces, and lists of them. */
#pragma once

#include "pentimento.h"

G_BEGIN_DECLS

/** Most faces of a picture; the best are kept. */
#define PMT_FACE_MAX 256

/** Smallest side of a face that is worked on, in pixels of the picture. */
#define PMT_FACE_MIN_SIDE 12

/** pmt_faces_new: Returns: (transfer full) (element-type PmtFace): empty. */
GArray *pmt_faces_new (void);

/**
 * pmt_face_guess_landmarks:
 *
 * Where eyes, nose and mouth of an upright face are in its box, for detectors
 * that don't tell.
 */
void pmt_face_guess_landmarks (PmtFace *face);

/** pmt_face_is_sane: finite numbers, a box with an area, eyes apart. */
gboolean pmt_face_is_sane (const PmtFace *face);

/**
 * pmt_faces_suppress:
 * @faces: (inout) (element-type PmtFace): of all tiles, scales and rotations
 *
 * Non-maximum suppression: of boxes that overlap by more than a third of their
 * union the best remains, and what lies inside a better and larger one goes.
 * At most PMT_FACE_MAX remain, the largest first.
 */
void pmt_faces_suppress (GArray *faces);

/**
 * pmt_faces_select:
 * @faces: (element-type PmtFace): the largest first
 * @which: "all", "largest", or numbers from 1 with commas, such as "1,3"; a
 *   strength of its own, above 0 to 1, may stand behind a number: "1,3:0.5"
 * @error: PMT_ERROR_ARGUMENT: none of these, or a number that no face has
 *
 * Returns: (transfer full) (element-type PmtFace): never empty unless @faces
 *   is.
 */
GArray *pmt_faces_select (GArray *faces, const gchar *which, GError **error);

/** pmt_faces_check_selection: as pmt_faces_select(), before faces are known. */
gboolean pmt_faces_check_selection (const gchar *which, GError **error);

G_END_DECLS
