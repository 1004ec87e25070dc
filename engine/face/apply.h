/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* apply.h: restored faces into pictures. */
#pragma once

#include "core/progress.h"
#include "face/align.h"
#include "face/face-net.h"

G_BEGIN_DECLS

/**
 * PmtFaceTarget: where faces go
 * @picture: (inout): any format but indexed and CMYK; written inside its
 *   extent, where a face is; transparent pixels keep their bits
 * @resize: (nullable): from the picture with the faces to @picture
 * @mask: (nullable) (inout): "Y float" of the same extent: instead of fading
 *   out in @picture, faces are put there as a whole, and how far they count
 *   is put here; the larger value of two faces remains
 */
typedef struct
{
  GeglBuffer *picture;
  const PmtResize *resize;
  GeglBuffer *mask;
} PmtFaceTarget;

/**
 * pmt_face_apply:
 * @net: restores faces
 * @source: the picture with the face
 * @strength: 0..1: part of the change that is applied; 0: no bit changes
 * @fidelity: 0..1: as pmt_face_net_restore()
 * @error: as pmt_face_net_restore()
 *
 * Cuts the face out of @source, aligned, restores it, and adds the change
 * between it and what @target has there to @target's own values, so that
 * values outside 0..1, fine steps and detail above the network's resolution
 * stay.  The change has no low frequencies: colors stay those of the picture.
 */
gboolean pmt_face_apply (PmtFaceNet *net,
                         GeglBuffer *source,
                         const PmtFace *face,
                         const PmtFaceTarget *target,
                         gdouble strength,
                         gdouble fidelity,
                         GCancellable *cancellable,
                         GError **error);

/**
 * pmt_face_put:
 * @made: what the pixels of @target's picture become, where the face is; of
 *   the same curve and primaries
 * @rect: part of @target's picture that @made has
 *
 * As pmt_face_apply(), for faces that were made otherwise.
 */
gboolean pmt_face_put (GeglBuffer *made,
                       const GeglRectangle *rect,
                       const PmtFace *face,
                       const PmtFaceTarget *target,
                       gdouble strength,
                       GCancellable *cancellable,
                       GError **error);

G_END_DECLS
