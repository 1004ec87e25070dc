/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* prompt-weight.h: the weight of words in a prompt, changed by keys. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * pmt_prompt_weight_change:
 * @text: a prompt, UTF-8
 * @start, @end: (inout): what is selected, in characters; equal: the weighted
 *   group or the word around the cursor
 * @delta: such as 0.1
 *
 * "text" becomes "(text:1.1)", and "(text:1.1)" becomes "(text:1.2)"; a weight
 * of 1 takes the brackets away.  Weights stay within 0 to 3.
 *
 * Returns: (transfer full) (nullable): the new prompt, with @start and @end
 *   around the same words; %NULL, with both untouched, where there is no word
 *   or where the selection has a bracket without its counterpart.
 */
gchar *pmt_prompt_weight_change (const gchar *text,
                                 gint *start,
                                 gint *end,
                                 gdouble delta);

G_END_DECLS
