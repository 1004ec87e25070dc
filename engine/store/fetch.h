/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* fetch.h: one file over HTTP, with what was fetched of it before. */
#pragma once

#include "remote/http.h"
#include "store/partial.h"

G_BEGIN_DECLS

/**
 * PmtFetchOptions:
 * @idle_s: seconds without a byte until a connection counts as dead
 * @pause_ms: before the second try; each further one waits twice as long
 * @max_tries: in a row that bring nothing
 * @max_wait_s: longest wait that a server may ask for
 * @margin: bytes that stay free on the disk
 */
typedef struct
{
  gint idle_s;
  guint pause_ms;
  guint max_tries;
  gint max_wait_s;
  guint64 margin;
} PmtFetchOptions;

#define PMT_FETCH_OPTIONS_INIT { 60, 1000, 4, 60, (guint64)64 << 20 }

/**
 * pmt_fetch_file:
 * @homepage: (nullable): where to get it by hand, for messages
 * @partial: bytes are added until it has all of them; their checksum is for the
 *   caller to look at
 * @error: see pmt_store_download()
 *
 * Goes on where @partial ends (RFC 9110, 14 and 13.1.5: "Range" and "If-Range");
 * starts anew, and says so, where the server can't do that or has another file
 * now.  Connections that break, silence and failures of the server (5xx, 429)
 * are met with some further tries.
 */
gboolean pmt_fetch_file (PmtHttp *http,
                         const gchar *homepage,
                         PmtPartial *partial,
                         const PmtFetchOptions *options,
                         PmtStoreReport *report,
                         GCancellable *cancellable,
                         GError **error);

/** pmt_fetch_host: (transfer full): the name of the host in @url. */
gchar *pmt_fetch_host (const gchar *url);

/**
 * pmt_fetch_parse_range:
 * @value: of "Content-Range": "bytes 100-199/1000"
 * @first: (out)
 * @total: (out): 0: not told
 *
 * Returns: whether it is one.
 */
gboolean
pmt_fetch_parse_range (const gchar *value, guint64 *first, guint64 *total);

G_END_DECLS
