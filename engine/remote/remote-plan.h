/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* remote-plan.h: which parts of a picture are sent, and at which sizes. */
#pragma once

#include "image/scale-plan.h"
#include "remote/provider.h"

G_BEGIN_DECLS

/**
 * PmtRemotePiece: one part
 * @area: (nullable) (transfer none): of the selection; %NULL: all is new
 * @crop: what is read of the layer; empty: nothing
 * @target: where the service's picture goes
 * @layer: where the result goes: @target or a part of it
 * @send_width, @send_height: of @crop as it is sent; 0: nothing is sent
 * @want_width, @want_height: of the picture that is asked for; 0: the service
 *   decides
 * @left, @top, @right, @bottom: to expand by, at the size that is sent
 * @scale: (nullable): of an upscale
 */
typedef struct
{
  const PmtArea *area;
  GeglRectangle crop;
  GeglRectangle target;
  GeglRectangle layer;
  gint send_width;
  gint send_height;
  gint want_width;
  gint want_height;
  gint left;
  gint top;
  gint right;
  gint bottom;
  const PmtScalePiece *scale;
} PmtRemotePiece;

/**
 * PmtRemotePlan:
 * @pieces: (element-type PmtRemotePiece)
 * @areas: (nullable) (element-type PmtArea)
 * @canvas: afterwards
 * @is_natural: the picture keeps the size that it comes in; targets are where
 *   its middle goes
 * @n_candidates: of each piece
 * @per_call: most candidates of a call
 */
typedef struct
{
  GArray *pieces;
  GPtrArray *areas;
  PmtScalePlan scaled;
  GeglRectangle canvas;
  gboolean is_natural;
  guint n_candidates;
  guint per_call;
} PmtRemotePlan;

/**
 * pmt_remote_plan_init:
 * @plan: (out caller-allocates): clear it, also after a failure
 * @service: how the model is called
 * @provider: who is asked
 * @error: PMT_ERROR_INPUT, PMT_ERROR_ARGUMENT: nothing selected, sizes that
 *   can't be
 *
 * Reads the selection and no pixels.
 */
gboolean pmt_remote_plan_init (PmtRemotePlan *plan,
                               const PmtModel *model,
                               const PmtModelService *service,
                               const PmtProvider *provider,
                               const PmtRequest *request,
                               GError **error);
void pmt_remote_plan_clear (PmtRemotePlan *plan);

/** pmt_remote_plan_region: what is read of the layer. */
void pmt_remote_plan_region (const PmtRemotePlan *plan,
                             const PmtRequest *request,
                             GeglRectangle *region);

/** pmt_remote_piece_work_size: pixels that the service makes, as far as known;
 * for costs. */
void pmt_remote_piece_work_size (const PmtRemotePiece *piece,
                                 const PmtParams *params,
                                 gint *width,
                                 gint *height);

/** pmt_remote_plan_get_pieces: (transfer none): number @i. */
const PmtRemotePiece *pmt_remote_plan_get_piece (const PmtRemotePlan *plan,
                                                 guint i);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PmtRemotePlan, pmt_remote_plan_clear)

G_END_DECLS
