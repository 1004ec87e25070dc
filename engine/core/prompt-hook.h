/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* prompt-hook.h: what stands inside a prompt becomes parameters. */
#pragma once

#include "pentimento.h"

G_BEGIN_DECLS

/**
 * pmt_prompt_prepare: (engine/prompt/prompt-prepare.c)
 * @request: its parameters are changed
 * @problems: (element-type PmtProblem): what can't be read is added
 * @notes: (element-type utf8): what the user should know before the run is
 *   added, a sentence each
 *
 * Parameters typed in the prompt ("--ar 16:9") are set, words of the enhancer
 * are added; what is left is what the model gets, and what a recipe has.
 */
void pmt_prompt_prepare (const PmtModel *model,
                         PmtRequest *request,
                         GPtrArray *problems,
                         GPtrArray *notes);

G_END_DECLS
