/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* remote-estimate.h: cost and memory of a run. */
#pragma once

#include "core/backend.h"
#include "remote/remote-plan.h"

G_BEGIN_DECLS

/** pmt_remote_unit: (transfer none): what @service charges in: "credits", "USD";
 * as the manifest says, or else the provider. */
const gchar *pmt_remote_unit (const PmtModelService *service,
                              const PmtAccount *account);

/**
 * pmt_remote_cost:
 * @cost: (out): in pmt_remote_unit(): the manifest's formula for each call,
 *   added up; 0 for servers of the user's and for mock runs; negative: the
 *   manifest doesn't tell
 * @error: PMT_ERROR_MODEL: the formula gives no number
 */
gboolean pmt_remote_cost (const PmtRemotePlan *plan,
                          const PmtJob *job,
                          const PmtModelService *service,
                          const PmtAccount *account,
                          gdouble *cost,
                          GError **error);

/**
 * pmt_remote_usual_cost:
 *
 * Returns: of a picture of a megapixel with the settings that @model comes
 *   with, in pmt_remote_unit(); 0 for servers of the user's; negative: not told
 */
gdouble pmt_remote_usual_cost (const PmtModel *model,
                               const PmtModelService *service,
                               const PmtAccount *account);

/** pmt_remote_estimate: fills @estimate. */
gboolean pmt_remote_estimate (const PmtRemotePlan *plan,
                              const PmtModelService *service,
                              const PmtAccount *account,
                              const PmtJob *job,
                              PmtEstimate *estimate,
                              GError **error);

G_END_DECLS
