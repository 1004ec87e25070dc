/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* prompt-hook.h: what stands inside a prompt becomes parameters. */
#pragma once

#include "pentimento.h"

G_BEGIN_DECLS

/**
 * pmt_prompt_prepare: (engine/prompt/flag-params.c)
 * @request: its parameters are changed
 * @problems: (element-type PmtProblem): flags that can't be read are added
 * @notes: (element-type utf8): what @model can't do is added, a sentence each
 *
 * Takes parameters such as "--ar 16:9" out of the prompt and sets those of
 * @model that mean the same; they win over what was set.  A model that reads
 * such text itself keeps what has no parameter.
 */
void pmt_prompt_prepare (const PmtModel *model,
                         PmtRequest *request,
                         GPtrArray *problems,
                         GPtrArray *notes);

G_END_DECLS
