/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* weights.h: prompts with emphasis, such as "a (red:1.3) cat". */
#pragma once

#include "pentimento.h"

G_BEGIN_DECLS

/* Longest prompt that is read, in bytes. */
#define PMT_PROMPT_MAX_BYTES ((gsize)1 << 16)

/**
 * PmtPromptSyntax:
 * @PMT_PROMPT_COMFYUI: (text) times 1.1, (text:1.2) is 1.2, also inside other
 *   brackets; \( and \) are literal
 * @PMT_PROMPT_A1111: the same, but nested weights multiply; [text] divides by
 *   1.1; a backslash makes the next character literal; BREAK starts the next
 *   chunk
 * @PMT_PROMPT_PLAIN: no character has a meaning
 */
typedef enum
{
  PMT_PROMPT_COMFYUI,
  PMT_PROMPT_A1111,
  PMT_PROMPT_PLAIN
} PmtPromptSyntax;

/**
 * PmtPromptPart:
 * @text: without brackets and escapes; UTF-8
 * @weight: finite; may be negative
 * @is_break: no text: the next part starts a chunk (@text is "BREAK", @weight
 *   is -1)
 */
typedef struct
{
  gchar *text;
  gdouble weight;
  gboolean is_break;
} PmtPromptPart;

/** pmt_prompt_part_new: with a copy of @text; never a break. */
PmtPromptPart *pmt_prompt_part_new (const gchar *text, gdouble weight);

void pmt_prompt_part_free (PmtPromptPart *part);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PmtPromptPart, pmt_prompt_part_free)

/**
 * pmt_prompt_parse_weights:
 * @text: up to PMT_PROMPT_MAX_BYTES
 * @error: PMT_ERROR_ARGUMENT, with the position: the text is too long or not
 *   UTF-8, a weight is no finite number, brackets are nested too deeply
 *
 * Unbalanced brackets are no errors; what they mean is up to the syntax.
 * In PMT_PROMPT_A1111 an empty text gives one empty part, in
 * PMT_PROMPT_COMFYUI no part.
 * Thread: any.
 * Source: behaviour of AUTOMATIC1111 webui 1.10.1 (parse_prompt_attention)
 * and ComfyUI a125cd8 (token_weights).
 *
 * Returns: (transfer full) (element-type PmtPromptPart): in order of the text.
 */
GPtrArray *pmt_prompt_parse_weights (const gchar *text,
                                     PmtPromptSyntax syntax,
                                     GError **error);

/**
 * pmt_prompt_print_weights:
 * @parts: (element-type PmtPromptPart)
 *
 * The reverse of pmt_prompt_parse_weights(): parsing the result gives parts
 * with the same weights in the same order (parts of equal weight may come
 * back as one in PMT_PROMPT_A1111).  PMT_PROMPT_PLAIN prints the texts alone.
 * What a syntax can't express: empty texts; in PMT_PROMPT_COMFYUI a backslash
 * before a bracket.
 *
 * Returns: (transfer full): a prompt.
 */
gchar *pmt_prompt_print_weights (GPtrArray *parts, PmtPromptSyntax syntax);

/**
 * pmt_prompt_escape:
 *
 * Returns: (transfer full): @text with what @syntax would take as brackets
 *   made literal, for names that a program puts into a prompt.
 */
gchar *pmt_prompt_escape (const gchar *text, PmtPromptSyntax syntax);

G_END_DECLS
