/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* remote-estimate.h: cost and memory of a run. */
#pragma once

#include "core/backend.h"
#include "remote/remote-plan.h"

G_BEGIN_DECLS

/**
 * pmt_remote_cost:
 * @cost: (out): in the unit of @account: the manifest's formula for each call,
 *   added up; 0 for servers of the user's and for mock runs; negative: the
 *   manifest doesn't tell
 * @error: PMT_ERROR_MODEL: the formula gives no number
 */
gboolean pmt_remote_cost (const PmtRemotePlan *plan,
                          const PmtJob *job,
                          const PmtAccount *account,
                          gdouble *cost,
                          GError **error);

/** pmt_remote_estimate: fills @estimate. */
gboolean pmt_remote_estimate (const PmtRemotePlan *plan,
                              const PmtAccount *account,
                              const PmtJob *job,
                              PmtEstimate *estimate,
                              GError **error);

G_END_DECLS
