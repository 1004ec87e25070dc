/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* fetch-error.h: what a download that failed says. */
#pragma once

#include "catalog/model-file.h"

G_BEGIN_DECLS

/**
 * pmt_fetch_set_size_error:
 * @bytes: that the host has; 0: more than @file should have
 *
 * PMT_ERROR_MODEL: the host has another file than the one that is wanted.
 * Returns: %FALSE
 */
gboolean pmt_fetch_set_size_error (const gchar *host,
                                   const PmtModelFile *file,
                                   guint64 bytes,
                                   const gchar *homepage,
                                   GError **error);

/** pmt_fetch_set_cut_error: PMT_ERROR_NETWORK: answers end too early.  Returns:
 * %FALSE */
gboolean pmt_fetch_set_cut_error (const gchar *host, GError **error);

/**
 * pmt_fetch_set_status_error:
 * @status: of HTTP, no success
 * @retry_after: seconds; negative: not told
 * @homepage: (nullable)
 *
 * Returns: %FALSE
 */
gboolean pmt_fetch_set_status_error (const gchar *host,
                                     guint status,
                                     gdouble retry_after,
                                     const gchar *homepage,
                                     GError **error);

G_END_DECLS
