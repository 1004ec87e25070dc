/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* fill-plan.h: what a request means for the fill, before it runs. */
#pragma once

#include "core/backend.h"
#include "fill/fill.h"
#include "image/mask.h"

G_BEGIN_DECLS

/**
 * pmt_fill_plan_areas:
 * @canvas: (out): bounds of the canvas afterwards
 * @error: PMT_ERROR_INPUT, PMT_ERROR_ARGUMENT, PMT_ERROR_MEMORY
 *
 * Returns: (transfer full) (element-type PmtArea): the pieces of work: areas
 *   of the selection (remove), or the new border (expand).
 */
GPtrArray *pmt_fill_plan_areas (const PmtModel *model,
                                const PmtRequest *request,
                                GeglRectangle *canvas,
                                GError **error);

/** pmt_fill_plan_options: of the run that makes a candidate. */
PmtFillOptions pmt_fill_plan_options (const PmtJob *job, guint candidate);

/** pmt_fill_plan_candidates: how many candidates are asked for. */
guint pmt_fill_plan_candidates (const PmtRequest *request);

/**
 * pmt_fill_plan_hole:
 * @original: the pixels of @area's crop
 * @error: PMT_ERROR_MEMORY
 *
 * Returns: (transfer full): [H, W] bytes of the crop, 255 where something new
 *   is made: the selection and a few pixels around it, fewer where nothing
 *   would be left to copy from.
 */
guint8 *pmt_fill_plan_hole (const PmtRequest *request,
                            const PmtArea *area,
                            const PmtPixels *original,
                            GError **error);

/** pmt_fill_plan_validate: as PmtBackendInterface.validate. */
void pmt_fill_plan_validate (const PmtModel *model,
                             const PmtRequest *request,
                             GPtrArray *problems);

/** pmt_fill_plan_estimate: as PmtBackendInterface.estimate. */
gboolean pmt_fill_plan_estimate (const PmtJob *job,
                                 PmtEstimate *estimate,
                                 GError **error);

G_END_DECLS
