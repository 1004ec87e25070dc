/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* websocket.h: messages of a server as they come (RFC 6455). */
#pragma once

#include "remote/http.h"

G_BEGIN_DECLS

typedef struct _PmtWebsocket PmtWebsocket;

/**
 * pmt_websocket_open:
 * @url: ws or wss; the rules of pmt_origin_check() hold for http and https
 * @secret_headers: (nullable): sent with the request that opens it
 *
 * Returns: (transfer full): or %NULL, also where this libcurl has no
 *   WebSockets (PMT_ERROR_UNSUPPORTED): the caller polls then.
 */
PmtWebsocket *pmt_websocket_open (PmtHttp *http,
                                  const gchar *url,
                                  const gchar *const *secret_headers,
                                  const gchar *label,
                                  GCancellable *cancellable,
                                  PmtFault *fault,
                                  GError **error);
void pmt_websocket_free (PmtWebsocket *websocket);

/**
 * pmt_websocket_read:
 * @wait_s: longest wait
 * @is_binary: (out)
 * @error: as pmt_http_send(); also when the server closed the connection
 *   (PMT_ERROR_NETWORK)
 *
 * Messages of several frames are put together, up to 64 MiB.  Pings are
 * answered.
 *
 * Returns: (transfer full) (nullable): the next message; %NULL without @error
 *   when none came in time.
 */
GBytes *pmt_websocket_read (PmtWebsocket *websocket,
                            gdouble wait_s,
                            gboolean *is_binary,
                            GCancellable *cancellable,
                            PmtFault *fault,
                            GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PmtWebsocket, pmt_websocket_free)

G_END_DECLS
