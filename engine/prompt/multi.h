/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* multi.h: several concepts in a prompt, such as "hot:: dog::-0.5". */
#pragma once

#include "prompt/weights.h"

G_BEGIN_DECLS

/**
 * pmt_prompt_split_multi:
 * @text: parts with "::" behind each; a number right behind it, as in
 *   "beach::2 forest", is the weight of the part before, otherwise 1
 * @error: PMT_ERROR_ARGUMENT, with the position: the text is too long or not
 *   UTF-8, there is nothing before a "::", a weight is too large
 *
 * A "::" inside a pair of brackets, as in "[cat::0.5]", and one behind a
 * backslash cut nothing.  Digits with a letter behind them, as in "a::2cats",
 * are no weight.  White space around the parts goes.  A text without "::" is
 * one part.
 * Thread: any.
 *
 * Returns: (transfer full) (element-type PmtPromptPart): at least one part;
 *   weights may be 0 or negative, whether that makes sense is up to the
 *   caller.
 */
GPtrArray *pmt_prompt_split_multi (const gchar *text, GError **error);

/**
 * pmt_prompt_has_multi: whether pmt_prompt_split_multi() would cut @text, or
 * find a weight in it.
 */
gboolean pmt_prompt_has_multi (const gchar *text);

/** PmtPromptCut: a "::" with the weight behind it, in bytes of the text. */
typedef struct
{
  gsize start;
  gsize end;
} PmtPromptCut;

/** pmt_prompt_list_cuts: where pmt_prompt_split_multi() cuts.
 * Returns: (transfer full) (element-type PmtPromptCut) */
GArray *pmt_prompt_list_cuts (const gchar *text);

G_END_DECLS
