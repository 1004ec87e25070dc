/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* diffusion-run.h: a plan carried out. */
#pragma once

#include "diffusion/plan.h"
#include "diffusion/store.h"

G_BEGIN_DECLS

/* How far the second pass over a piece may go: enough for detail of its size,
 * too little for another composition. */
#define PMT_REFINE_STRENGTH 0.4

/**
 * pmt_diffusion_run:
 * @error: whatever the networks report; G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full): an item for each piece and candidate.
 */
PmtResult *pmt_diffusion_run (PmtStore *store,
                              PmtCheckpoint *checkpoint,
                              const PmtSettings *settings,
                              const PmtPlan *plan,
                              const PmtJob *job,
                              PmtProgress *progress,
                              GCancellable *cancellable,
                              GError **error);

/** pmt_diffusion_estimate: fills all of @estimate but the cost. */
void pmt_diffusion_estimate (const PmtCheckpoint *checkpoint,
                             const PmtSettings *settings,
                             const PmtPlan *plan,
                             const PmtJob *job,
                             PmtEstimate *estimate);

G_END_DECLS
