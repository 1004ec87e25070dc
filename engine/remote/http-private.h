/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* http-private.h: what http.c, transfer.c and websocket.c share. */
#pragma once

#include <curl/curl.h>

#include "remote/http.h"

G_BEGIN_DECLS

/** pmt_http_take_handle: (transfer full): an easy handle with the common
 * settings; connections of earlier ones may be used again. */
CURL *pmt_http_take_handle (PmtHttp *http);

/** pmt_http_give_back: @handle is kept for the next request. */
void pmt_http_give_back (PmtHttp *http, CURL *handle);

/** pmt_http_set_common: what holds for every transfer to @url. */
void pmt_http_set_common (PmtHttp *http, CURL *handle, const gchar *url);

/** pmt_http_get_idle_s: seconds without a byte. */
gint pmt_http_get_idle_s (PmtHttp *http);

/** pmt_http_get_total_s: seconds for a transfer. */
gint pmt_http_get_total_s (PmtHttp *http);

/** pmt_http_headers_new: (transfer full): a list for libcurl; %FALSE with
 * @headers untouched when a line can't be a header. */
gboolean pmt_http_headers_add (struct curl_slist **headers,
                               const gchar *const *lines);

/** pmt_http_fault_from_curl: class of a result of libcurl, and its words. */
void
pmt_http_fault_from_curl (CURLcode code, const gchar *words, PmtFault *fault);

/**
 * pmt_transfer:
 * @handle: ready
 *
 * Performs it; returns within 0.2 seconds when cancelled
 * (CURLE_ABORTED_BY_CALLBACK).
 */
CURLcode pmt_transfer (CURL *handle, GCancellable *cancellable);

G_END_DECLS
