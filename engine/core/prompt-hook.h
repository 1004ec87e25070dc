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

/**
 * pmt_problems_count_typed: (engine/prompt/problem-place.c)
 * @typed: the request as it came
 * @prepared: the same after pmt_preset_prepare() and pmt_prompt_prepare()
 * @problems: (element-type PmtProblem): messages about a place in the prompt of
 *   @prepared are changed
 *
 * Makes the problems tell the place in what the user typed; where the preset's
 * words are wrong, they say so.
 */
void pmt_problems_count_typed (PmtEngine *engine,
                               const PmtModel *model,
                               const PmtRequest *typed,
                               const PmtRequest *prepared,
                               GPtrArray *problems);

/**
 * pmt_preset_prepare: (engine/prompt/preset-apply.c)
 * @problems, @notes: as in pmt_prompt_prepare(), which comes after it
 *
 * Applies the preset that the parameter "preset" of @request names, and takes
 * that parameter away; what @request has already wins over the preset.
 */
void pmt_preset_prepare (PmtEngine *engine,
                         const PmtModel *model,
                         PmtRequest *request,
                         GPtrArray *problems,
                         GPtrArray *notes);

/**
 * pmt_presets_load: (engine/prompt/preset-list.c)
 * @engine: with user_dir and problems; its presets are made
 *
 * Reads the presets of @data_dir and of the user; a broken file is a problem,
 * and the others are read.
 */
void pmt_presets_load (PmtEngine *engine, const gchar *data_dir);

/** pmt_presets_clear: what pmt_presets_load() made. */
void pmt_presets_clear (PmtEngine *engine);

/** pmt_presets_tell_unknown: Returns: (transfer full): there is no preset @id;
 * names similar ones. */
gchar *pmt_presets_tell_unknown (PmtEngine *engine, const gchar *id);

G_END_DECLS
