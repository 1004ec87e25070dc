/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* estimate-text.h: what a run will make, in words. */
#pragma once

#include "pentimento.h"
#include "upscale-size.h"

G_BEGIN_DECLS

/**
 * pmt_estimate_text_new:
 * @estimate: of @request
 * @size: (nullable): of an upscale
 * @service: (nullable): that runs it
 * @balance: there, in its unit; negative: not known
 *
 * Returns: (transfer full): number of layers, sizes, memory, time, cost and
 *   balance where they are worth a sentence.
 */
gchar *pmt_estimate_text_new (const PmtRequest *request,
                              const PmtEstimate *estimate,
                              const PmtUpscaleSize *size,
                              const PmtServiceInfo *service,
                              gdouble balance);

/**
 * pmt_estimate_text_amount:
 * @unit: (nullable): "credits", or a currency
 *
 * Returns: (transfer full): such as "5 credits", "0.04 USD".
 */
gchar *pmt_estimate_text_amount (gdouble value, const gchar *unit);

/**
 * pmt_estimate_text_add_notes:
 * @text: (transfer full)
 *
 * Returns: (transfer full): what the user should know about the prompt, a line
 *   each, and @text, with the name of the model if none is chosen.
 */
gchar *pmt_estimate_text_add_notes (PmtEngine *engine,
                                    const PmtRequest *request,
                                    gchar *text);

G_END_DECLS
