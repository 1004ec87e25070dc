/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* detect.h: the faces of a picture of any size. */
#pragma once

#include "core/progress.h"
#include "face/face-net.h"
#include "face/face.h"

G_BEGIN_DECLS

/**
 * PmtFaceSeek:
 * @min_score: 0..1
 * @has_angles: looks in turned copies, too
 */
typedef struct
{
  gdouble min_score;
  gboolean has_angles;
} PmtFaceSeek;

#define PMT_FACE_SEEK_INIT { 0.0, TRUE }

/**
 * pmt_face_detect:
 * @net: a detector
 * @seek: a score of 0: what fits the kind of @net
 * @picture: any format but indexed and CMYK
 * @rect: part to look at; places are those of the picture
 * @error: as pmt_face_net_find(), PMT_ERROR_UNSUPPORTED
 *
 * Looks at the picture in its size and at half, a quarter, ... of it until it
 * is small, so that a face of any size has the size for a detector in one of
 * them; each in tiles that overlap by more than such a face.  Copies that are
 * turned by 35 degrees to both sides find faces that lean further than
 * detectors see.
 *
 * Returns: (transfer full) (element-type PmtFace): the largest first; may be
 *   empty.
 */
GArray *pmt_face_detect (PmtFaceNet *net,
                         const PmtFaceSeek *seek,
                         GeglBuffer *picture,
                         const GeglRectangle *rect,
                         PmtProgress *progress,
                         GCancellable *cancellable,
                         GError **error);

/**
 * pmt_face_refine:
 * @face: (inout): found in @picture
 *
 * Its landmarks from a second look at it, upright and in the size that
 * detectors see best; they stay where that shows no face.
 */
gboolean pmt_face_refine (PmtFaceNet *net,
                          gdouble min_score,
                          GeglBuffer *picture,
                          PmtFace *face,
                          GCancellable *cancellable,
                          GError **error);

/** pmt_face_detect_seconds: about, on one core. */
gdouble pmt_face_detect_seconds (const GeglRectangle *rect);

G_END_DECLS
