/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* http-private.h: what the parts of http.h share. */
#pragma once

#include <curl/curl.h>
#include <gio/gio.h>

#include "remote/http.h"

G_BEGIN_DECLS

typedef struct curl_slist PmtCurlList;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PmtCurlList, curl_slist_free_all)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (curl_mime, curl_mime_free)

/** Longest wait before a cancellation is looked for, in milliseconds. */
#define PMT_HTTP_TICK_MS 100

/**
 * PmtHttpLine: a transfer handle with the connections that it keeps
 * @origin: that it was used for last
 */
typedef struct
{
  CURLM *multi;
  CURL *easy;
  gchar *origin;
} PmtHttpLine;

/** PmtHttp: @certificates: (nullable): the system's and those of ca_file. */
struct _PmtHttp
{
  gatomicrefcount refs;
  gint connect_s;
  gint idle_s;
  gint total_s;
  GBytes *certificates;
  gboolean is_ca_file_missing;
  GMutex mutex;
  GQueue lines;
};

/** pmt_http_take_line: (transfer full) (nullable): one for @url. */
PmtHttpLine *pmt_http_take_line (PmtHttp *http, const gchar *url);

/** pmt_http_return_line: @line: (transfer full). */
void pmt_http_return_line (PmtHttp *http, PmtHttpLine *line);

/** pmt_http_line_new: (transfer full) (nullable): one that isn't shared. */
PmtHttpLine *pmt_http_line_new (void);
void pmt_http_line_free (PmtHttpLine *line);

/**
 * pmt_http_set_up: (http-line.c) everything that holds for each request:
 * address, certificates, proxy, protocols.  @url: http, https, ws or wss,
 * checked.
 */
void pmt_http_set_up (const PmtHttp *http, CURL *easy, const gchar *url);

/**
 * PmtTransfer: one exchange of a request and its answer; zeros at first
 * @url: where to; that of @request, or of a redirect
 * @deadline: monotonic time
 * @is_started: a connection stands, and the request is being sent
 * @is_sent: all of it, and that was reported
 * @has_streamed: bytes were given to the request's chunk or sink function
 * @has_sunk: of this answer
 */
typedef struct
{
  PmtHttp *http;
  const PmtHttpRequest *request;
  const gchar *url;
  GCancellable *cancellable;
  gint64 deadline;
  CURL *easy;
  GByteArray *body;
  GPtrArray *headers;
  gsize header_bytes;
  gint64 last_active;
  gint64 last_report;
  guint64 moved;
  gboolean is_started;
  gboolean is_sent;
  gboolean has_streamed;
  gboolean has_sunk;
  PmtFaultClass stop;
  const gchar *reason;
} PmtTransfer;

/** pmt_transfer_run: (http-transfer.c) Returns: (transfer full): or %NULL
 * with @fault. */
PmtHttpAnswer *pmt_transfer_run (PmtTransfer *transfer, PmtFault *fault);

/**
 * pmt_http_perform: (http-line.c)
 * @should_stop: (scope call): asked some ten times a second
 *
 * Runs @line's handle, which stays with its multi handle.
 */
CURLcode pmt_http_perform (PmtHttpLine *line,
                           gboolean (*should_stop) (gpointer user_data),
                           gpointer user_data);

/** pmt_http_headers_check: (http-headers.c) whether they can be sent.
 * Errors: PMT_ERROR_ARGUMENT. */
gboolean pmt_http_headers_check (const gchar *const *headers,
                                 const gchar *label,
                                 GError **error);

/** pmt_http_headers_new: (transfer full): those for @request to @url. */
PmtCurlList *pmt_http_headers_new (const PmtHttpRequest *request,
                                   const gchar *url);

/** pmt_http_headers_add: a line, in front of @list.  @list: (transfer full) */
PmtCurlList *pmt_http_headers_add (PmtCurlList *list, const gchar *header);

/** pmt_http_header_parse: (transfer full) (nullable): "name: value". */
gchar *pmt_http_header_parse (const gchar *line, gsize length);

/** pmt_form_check: (http-form.c) whether @form can be sent. */
gboolean pmt_form_check (GPtrArray *form);

/** pmt_form_to_mime: (transfer full); the data is not copied. */
curl_mime *pmt_form_to_mime (GPtrArray *form, CURL *easy);

/**
 * pmt_http_classify: (http-error.c)
 * @reason: (out): translated, or %NULL
 */
PmtFaultClass pmt_http_classify (CURLcode code, const gchar **reason);

G_END_DECLS
