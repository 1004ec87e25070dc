/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* discover.h: servers that run on this computer. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * PmtDiscoverCandidate:
 * @type: of the provider
 * @port: that its server usually has
 * @path: that answers with JSON, such as "/system_stats"
 */
typedef struct
{
  const gchar *type;
  guint16 port;
  const gchar *path;
} PmtDiscoverCandidate;

/**
 * PmtDiscovered:
 * @type: of the candidate
 * @base_url: "http://127.0.0.1:8188" or "http://[::1]:8188"
 */
typedef struct
{
  gchar *type;
  gchar *base_url;
} PmtDiscovered;

void pmt_discovered_free (PmtDiscovered *found);

/** Milliseconds until pmt_discover() is done, whatever servers do. */
#define PMT_DISCOVER_MS 300

/**
 * pmt_discover:
 * @candidates: [@n]
 * @cancellable: (nullable): ends it early; what answered until then is given
 *
 * Asks every candidate at once, on 127.0.0.1 and ::1 and nowhere else, for its
 * path (GET without cookies, keys or proxies; redirects are not followed).  A
 * server that answers with status 200 and a JSON object or array within
 * PMT_DISCOVER_MS is there.  At most 64 KiB of an answer are read; of a longer
 * one the beginning decides.  Blocks.  Thread: any.
 *
 * Returns: (transfer full) (element-type PmtDiscovered): in the order of
 *   @candidates, each once, 127.0.0.1 before ::1.
 */
GPtrArray *pmt_discover (const PmtDiscoverCandidate *candidates,
                         guint n,
                         GCancellable *cancellable);

/**
 * pmt_discover_is_json_answer:
 * @answer: what a server sent, as far as it was read
 * @is_complete: nothing was left unread
 *
 * Source: RFC 9112, 4, 6 and 7.1.
 *
 * Returns: whether it is status 200 with a JSON object or array.
 */
gboolean pmt_discover_is_json_answer (const gchar *answer,
                                      gsize length,
                                      gboolean is_complete);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PmtDiscovered, pmt_discovered_free)

G_END_DECLS
