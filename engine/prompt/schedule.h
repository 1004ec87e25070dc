/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* schedule.h: prompts that change from step to step, and several at once. */
#pragma once

#include "prompt/weights.h"

G_BEGIN_DECLS

#define PMT_PROMPT_MAX_STEPS 1000

/**
 * PmtPromptStep:
 * @last: the last step, from 1, that @text is for; the first is the one
 *   behind the last step of the entry before
 * @text: a prompt with emphasis, for pmt_prompt_parse_weights()
 */
typedef struct
{
  guint last;
  gchar *text;
} PmtPromptStep;

void pmt_prompt_step_free (PmtPromptStep *step);

/**
 * pmt_prompt_schedule_new:
 * @text: "[from:to:when]", "[to:when]", "[from::when]" change at a step,
 *   "[a|b|c]" every step; they may stand inside each other
 * @steps: number of steps of the (first) pass, 1 to PMT_PROMPT_MAX_STEPS
 * @hires_steps: 0 for the first pass; otherwise the steps of a second pass,
 *   for which the schedule is made
 * @error: PMT_ERROR_ARGUMENT, with the position: the text is too long or not
 *   UTF-8, brackets are nested too deeply, a number is too large
 *
 * A number with a dot is a fraction of @steps, another one a step.  The
 * second pass counts on: 1.5 is its middle, @steps + 1 its first step.  A
 * text that the grammar does not cover, such as one with a "|" outside square
 * brackets, is taken literally.
 * Thread: any.
 * Source: behaviour of AUTOMATIC1111 webui 1.10.1
 * (get_learned_conditioning_prompt_schedules).
 *
 * Returns: (transfer full) (element-type PmtPromptStep): at least one entry;
 *   the last one ends with the pass.
 */
GPtrArray *pmt_prompt_schedule_new (const gchar *text,
                                    guint steps,
                                    guint hires_steps,
                                    GError **error);

/**
 * pmt_prompt_split_and:
 * @text: "a cat:1.2 AND a dog:-0.5"
 * @error: PMT_ERROR_ARGUMENT, with the position: the text is too long or not
 *   UTF-8, a weight is too large
 *
 * Cuts at each word AND; a number behind the last colon of a part is its
 * weight, otherwise 1.  Comes before pmt_prompt_schedule_new().
 * Thread: any.
 * Source: behaviour of AUTOMATIC1111 webui 1.10.1
 * (get_multicond_prompt_list).
 *
 * Returns: (transfer full) (element-type PmtPromptPart): at least one part.
 */
GPtrArray *pmt_prompt_split_and (const gchar *text, GError **error);

G_END_DECLS
