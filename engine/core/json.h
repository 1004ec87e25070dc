/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* json.h: reading JSON that may be hostile, and saying where it is wrong. */
#pragma once

#include <cjson/cJSON.h>

#include "pentimento.h"

G_BEGIN_DECLS

#define PMT_JSON_MAX_BYTES ((gsize)1 << 20)
#define PMT_JSON_MAX_DEPTH 32

/* Largest whole number that a JSON number holds exactly. */
#define PMT_JSON_MAX_INT 9007199254740992.0

G_DEFINE_AUTOPTR_CLEANUP_FUNC (cJSON, cJSON_Delete)

/**
 * pmt_json_parse:
 * @label: what the text is, such as a file name; opens error messages
 * @text: @length bytes; a 0 byte need not follow
 * @code: code of errors in PMT_ERROR
 *
 * Beside JSON's grammar, refuses: more than PMT_JSON_MAX_BYTES, deeper than
 * PMT_JSON_MAX_DEPTH, text that is not UTF-8, the escape \u0000 (cJSON would
 * cut the string there), numbers that are not finite.
 * Errors: "LABEL, line N, column M: reason".  Thread: any.
 *
 * Returns: (transfer full): the root, or %NULL.
 */
cJSON *pmt_json_parse (const gchar *label,
                       const gchar *text,
                       gsize length,
                       PmtError code,
                       GError **error);

/** pmt_json_parse_large: pmt_json_parse() with another limit, in bytes. */
cJSON *pmt_json_parse_large (const gchar *label,
                             const gchar *text,
                             gsize length,
                             gsize max_bytes,
                             PmtError code,
                             GError **error);

/**
 * pmt_json_locate:
 * @text: the text that @root was parsed from
 * @node: @root or a descendant of it
 * @line, @column: (out): from 1; columns count characters
 */
void pmt_json_locate (const gchar *text,
                      gsize length,
                      const cJSON *root,
                      const cJSON *node,
                      guint *line,
                      guint *column);

G_END_DECLS
