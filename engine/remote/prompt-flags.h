/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* prompt-flags.h: parameters that are sent inside the prompt: "--ar 16:9". */
#pragma once

#include "remote/provider.h"

G_BEGIN_DECLS

/**
 * pmt_prompt_flags_join:
 * @prompt: as it was typed
 * @body: from pmt_body_add_params() and pmt_body_add_size(): members whose
 *   name begins with "--" are flags: true stands alone, false and an empty
 *   text are left out, other values follow their flag
 * @error: PMT_ERROR_ARGUMENT: flags exclude each other, or can't be read
 *
 * Flags that @prompt has already win, over other names and over flags that
 * exclude them ("--fast", "--turbo").  All stand in the order that is
 * recommended.  Source: https://docs.legnext.ai, parameter list.
 *
 * Returns: (transfer full): @prompt with the flags behind it.
 */
gchar *
pmt_prompt_flags_join (const gchar *prompt, const cJSON *body, GError **error);

G_END_DECLS
