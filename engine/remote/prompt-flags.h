/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* prompt-flags.h: parameters that stand inside the prompt: "--ar 16:9". */
#pragma once

#include "remote/provider.h"

G_BEGIN_DECLS

/**
 * pmt_prompt_flags_has:
 * @prompt: as it was typed; a long dash in front counts as two
 * @flag: such as "--ar"
 *
 * Returns: whether @prompt has @flag, or another name of it ("--aspect").
 */
gboolean pmt_prompt_flags_has (const gchar *prompt, const gchar *flag);

/**
 * pmt_prompt_flags_join:
 * @prompt: as it was typed
 * @body: from pmt_body_add_params() and pmt_body_add_size(): members whose
 *   name begins with "--" are flags: true stands alone, false and an empty
 *   text are left out, other values follow their flag
 *
 * Flags that @prompt has already win and are not doubled.
 * Source: https://docs.legnext.ai, parameter list.
 *
 * Returns: (transfer full): @prompt with the flags behind it.
 */
gchar *pmt_prompt_flags_join (const gchar *prompt, const cJSON *body);

G_END_DECLS
