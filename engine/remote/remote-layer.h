/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* remote-layer.h: from what a service sent to layers. */
#pragma once

#include "remote/fit.h"
#include "remote/remote-task.h"

G_BEGIN_DECLS

/**
 * pmt_remote_layer_add:
 * @picture: one that came back
 * @index: number of the candidate
 * @result: gets a layer, and a note where it is not what was asked for
 * @error: PMT_ERROR_SERVER: no picture; PMT_ERROR_MEMORY
 *
 * Decodes, brings to the place and size of the piece with its aspect, matches
 * colors, masks.
 */
gboolean pmt_remote_layer_add (const PmtRemoteRun *run,
                               const PmtRemoteInput *input,
                               const PmtRunCall *call,
                               const PmtRemotePicture *picture,
                               guint index,
                               PmtResult *result,
                               GError **error);

/**
 * pmt_remote_layer_place:
 * @width, @height: of a picture of the service, or of a preview of one
 * @target: (out): the place that it is meant for
 * @place: (out): where it goes
 *
 * Units: pixels of the canvas.
 */
void pmt_remote_layer_place (const PmtRemoteRun *run,
                             const PmtRemotePiece *piece,
                             gint width,
                             gint height,
                             GeglRectangle *target,
                             PmtFitPlace *place);

G_END_DECLS
