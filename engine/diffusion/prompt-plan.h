/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* prompt-plan.h: what a prompt asks for in each step. */
#pragma once

#include "diffusion/conditioning.h"

G_BEGIN_DECLS

/**
 * PmtPromptStage:
 * @last: the last evaluation, counted from 1, that it is for
 * @conditioning: not owned
 */
typedef struct
{
  guint last;
  const PmtConditioning *conditioning;
} PmtPromptStage;

/**
 * PmtPromptLine: one of several prompts that guide together.
 * @stages: (element-type PmtPromptStage): at least one
 */
typedef struct
{
  gdouble weight;
  GArray *stages;
} PmtPromptLine;

/**
 * PmtPromptPlan:
 * @lines: (element-type PmtPromptLine): at least one
 * @texts: text -> its PmtConditioning
 */
typedef struct
{
  GArray *lines;
  GHashTable *texts;
} PmtPromptPlan;

/**
 * pmt_prompt_plan_new:
 * @prompt: several parts with weights, "a forest::2 fog::1", share the
 *   guidance; in AUTOMATIC1111's convention a prompt may also change from step
 *   to step and hold several prompts joined by AND
 * @is_negative: then it is one prompt
 * @evaluations: of the network in the pass, at least 1
 * @error: as pmt_conditioning_new()
 *
 * Texts that are the same are encoded once.
 */
PmtPromptPlan *pmt_prompt_plan_new (PmtTextStack *stack,
                                    const gchar *prompt,
                                    gboolean is_negative,
                                    PmtConvention convention,
                                    gint clip_skip,
                                    guint evaluations,
                                    GCancellable *cancellable,
                                    GError **error);
void pmt_prompt_plan_free (PmtPromptPlan *plan);

/** pmt_prompt_plan_get_n: number of lines. */
guint pmt_prompt_plan_get_n (const PmtPromptPlan *plan);
gdouble pmt_prompt_plan_get_weight (const PmtPromptPlan *plan, guint line);

/**
 * pmt_prompt_plan_get:
 * @evaluation: from 0
 *
 * Returns: (transfer none): of line @line.
 */
const PmtConditioning *
pmt_prompt_plan_get (const PmtPromptPlan *plan, guint line, guint evaluation);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PmtPromptPlan, pmt_prompt_plan_free)

G_END_DECLS
