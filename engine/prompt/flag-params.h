/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* flag-params.h: what the flags of a prompt mean to a model. */
#pragma once

#include "catalog/model.h"
#include "prompt/flags.h"

G_BEGIN_DECLS

/**
 * pmt_flags_apply:
 * @request: its parameters are changed
 * @problems: (element-type PmtProblem): flags that can't be read are added
 * @notes: (element-type utf8): what @model can't do is added, a sentence each
 *
 * Takes parameters such as "--ar 16:9" out of the prompt and sets those of
 * @model that mean the same; they win over what was set.  A model that reads
 * such text itself keeps what has no parameter.
 */
void pmt_flags_apply (const PmtModel *model,
                      PmtRequest *request,
                      GPtrArray *problems,
                      GPtrArray *notes);

/** pmt_flags_are_read_by: whether the model reads such text itself. */
gboolean pmt_flags_are_read_by (const PmtModel *model);

/**
 * pmt_flag_tell_no_effect:
 *
 * Returns: (transfer full) (nullable): a sentence when @flag means nothing to
 *   @model in such a request.
 */
gchar *pmt_flag_tell_no_effect (const PmtModel *model,
                                const PmtRequest *request,
                                const PmtFlag *flag);

G_END_DECLS
