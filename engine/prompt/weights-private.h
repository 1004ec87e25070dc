/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* weights-private.h: one function for each syntax. */
#pragma once

#include "prompt/weights.h"

G_BEGIN_DECLS

/** pmt_prompt_parse_a1111: as pmt_prompt_parse_weights(); @text is checked. */
GPtrArray *pmt_prompt_parse_a1111 (const gchar *text, GError **error);

/** pmt_prompt_parse_comfyui: as pmt_prompt_parse_weights(); @text is
 * checked. */
GPtrArray *pmt_prompt_parse_comfyui (const gchar *text, GError **error);

G_END_DECLS
