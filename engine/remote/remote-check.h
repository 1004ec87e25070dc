/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* remote-check.h: what is wrong with a request, before anything is sent. */
#pragma once

#include "catalog/model.h"
#include "core/backend.h"

G_BEGIN_DECLS

/**
 * pmt_remote_check_request:
 * @request: with defaults filled in
 * @problems: (element-type PmtProblem): what is wrong is added
 *
 * Prompt (there, long enough: limit "min_prompt_length"), pictures that are
 * needed and their number (limit "total_images": what is sent and made
 * together).
 */
void pmt_remote_check_request (const PmtModel *model,
                               const PmtRequest *request,
                               GPtrArray *problems);

G_END_DECLS
