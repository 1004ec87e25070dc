/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* manifest.h: from JSON to a PmtModel. */
#pragma once

#include "catalog/model.h"

G_BEGIN_DECLS

/**
 * pmt_manifest_parse:
 * @file: name for messages
 * @text: @length bytes; may be hostile
 * @error: PMT_ERROR_MANIFEST: "FILE, line N, column M: reason"
 *
 * What is allowed is in data/catalog/schema.json and, where a schema can't
 * say it, in tests/fixtures/catalog/semantic-*.json.  Thread: any.
 *
 * Returns: (transfer full): the model, or %NULL.
 */
PmtModel *pmt_manifest_parse (const gchar *file,
                              const gchar *text,
                              gsize length,
                              GError **error);

G_END_DECLS
