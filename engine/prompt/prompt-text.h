/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* prompt-text.h: characters, numbers and limits that all prompts share. */
#pragma once

#include "pentimento.h"

G_BEGIN_DECLS

/* Deepest nesting of brackets that is followed. */
#define PMT_PROMPT_MAX_DEPTH 256

/** pmt_prompt_check: whether @text is UTF-8 of at most PMT_PROMPT_MAX_BYTES;
 * sets @error (PMT_ERROR_ARGUMENT) otherwise. */
gboolean pmt_prompt_check (const gchar *text, GError **error);

/**
 * pmt_prompt_fail:
 * @at: where in @text
 * @reason: a clause without a full stop, already translated
 *
 * Sets @error to "The prompt can't be read at character N: REASON."
 *
 * Returns: %FALSE.
 */
gboolean pmt_prompt_fail (const gchar *text,
                          const gchar *at,
                          const gchar *reason,
                          GError **error);

/** pmt_prompt_find_place: Returns: where an error of pmt_prompt_fail() is, in
 * characters from 0; -1: it is about no place. */
glong pmt_prompt_find_place (const GError *error);

/** pmt_prompt_tells_place: whether @message is one of pmt_prompt_fail(). */
gboolean pmt_prompt_tells_place (const gchar *message);

/** pmt_prompt_is_same_fault: whether two messages of pmt_prompt_fail() differ
 * in the place at most. */
gboolean pmt_prompt_is_same_fault (const gchar *a, const gchar *b);

/** pmt_prompt_is_space: as \s of the programs whose prompts these are: white
 * space of Unicode and the separators U+001C to U+001F. */
gboolean pmt_prompt_is_space (gunichar c);

/** pmt_prompt_skip_space: the first character from @p on, before @end, that
 * is no white space; or @end. */
const gchar *pmt_prompt_skip_space (const gchar *p, const gchar *end);

/** pmt_prompt_trim_space: @end, moved back over white space, not before
 * @start. */
const gchar *pmt_prompt_trim_space (const gchar *start, const gchar *end);

/**
 * pmt_prompt_is_word_at:
 * @word: ASCII letters
 *
 * Whether @word stands at @p, between @start and @end, as a word of its own:
 * no letter, numeral or underscore before or behind it.
 */
gboolean pmt_prompt_is_word_at (const gchar *start,
                                const gchar *end,
                                const gchar *p,
                                const gchar *word);

/**
 * pmt_prompt_scan_decimal:
 * @p: where a sign or a digit may stand; not behind @end
 * @value: (out): infinite when it is too large
 *
 * Reads an optional sign, then digits (of any script) and at most one dot,
 * with at least one digit.  No exponent.
 *
 * Returns: the character behind it, or %NULL when there is no such number.
 */
const gchar *
pmt_prompt_scan_decimal (const gchar *p, const gchar *end, gdouble *value);

/**
 * pmt_prompt_parse_float:
 * @value: (out): may be infinite or NaN
 *
 * Whether all of @start to @end is a number the way Python writes them: white
 * space around it, "_" between digits, an exponent, "inf", "nan".
 */
gboolean
pmt_prompt_parse_float (const gchar *start, const gchar *end, gdouble *value);

G_END_DECLS
