/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* prompt-style.h: tags or sentences, and how much of them a model follows. */
#pragma once

#include "pentimento.h"

G_BEGIN_DECLS

/** PmtPromptStyle: how a prompt is written. */
typedef enum
{
  PMT_STYLE_UNCLEAR,
  PMT_STYLE_TAGS,
  PMT_STYLE_NATURAL
} PmtPromptStyle;

/**
 * pmt_prompt_style_of:
 *
 * Tags: four or more parts between commas, of three words at most on average,
 * or words joined by underscores.  Natural: twelve or more words with at most
 * one comma among ten of them.  A short text is neither.
 */
PmtPromptStyle pmt_prompt_style_of (const gchar *prompt);

/**
 * pmt_prompt_style_check:
 * @wanted: what the model was taught with: "tags" or "natural"
 * @notes: (element-type utf8): a sentence each is added
 *
 * Of more than 1000 characters of tags, or 2000 of sentences, models follow
 * hardly anything; lower limits of their own are checked as parameters.
 */
void pmt_prompt_style_check (const gchar *prompt,
                             const gchar *wanted,
                             GPtrArray *notes);

G_END_DECLS
