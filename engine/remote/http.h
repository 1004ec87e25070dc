/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* http.h: requests over HTTP; the one place that knows libcurl. */
#pragma once

#include "remote/fault.h"

G_BEGIN_DECLS

/** PmtHttp: connections that are kept for the next request.  Any thread. */
typedef struct _PmtHttp PmtHttp;

/**
 * PmtHttpOptions:
 * @connect_s: seconds until a connection stands
 * @idle_s: seconds without a byte in either direction
 * @total_s: seconds for the whole transfer
 * @ca_file: (nullable): certificates to trust besides the system's (tests,
 *   servers with certificates of their own)
 */
typedef struct
{
  gint connect_s;
  gint idle_s;
  gint total_s;
  const gchar *ca_file;
} PmtHttpOptions;

#define PMT_HTTP_OPTIONS_INIT { 15, 60, 600, NULL }

PmtHttp *pmt_http_new (const PmtHttpOptions *options);
PmtHttp *pmt_http_ref (PmtHttp *http);
void pmt_http_unref (PmtHttp *http);

/** PmtFormPart: a part of a multipart body; @filename: (nullable). */
typedef struct
{
  gchar *name;
  gchar *filename;
  gchar *content_type;
  GBytes *data;
} PmtFormPart;

/** pmt_form_new: Returns: (transfer full) (element-type PmtFormPart). */
GPtrArray *pmt_form_new (void);
void pmt_form_add_text (GPtrArray *form, const gchar *name, const gchar *text);
void pmt_form_add_file (GPtrArray *form,
                        const gchar *name,
                        const gchar *filename,
                        const gchar *content_type,
                        GBytes *data);

/**
 * PmtHttpProgressFunc: bytes so far; a total of 0 is not known.  Called in the
 * thread of the request, at most some 20 times a second, and when all is sent.
 */
typedef void (*PmtHttpProgressFunc) (guint64 sent,
                                     guint64 send_total,
                                     guint64 received,
                                     guint64 receive_total,
                                     gpointer user_data);

/**
 * PmtHttpChunkFunc: bytes of a successful answer as they arrive, beside being
 * collected (event streams).
 */
typedef void (*PmtHttpChunkFunc) (const gchar *bytes,
                                  gsize length,
                                  gpointer user_data);

/**
 * PmtHttpAnswer:
 * @status: 100-599; any status is an answer
 * @body: never %NULL; complete
 * @content_type: (nullable): lower case, without parameters
 * @headers: (nullable): %NULL-terminated "name: value", names in lower case
 */
typedef struct
{
  guint status;
  GBytes *body;
  gchar *content_type;
  gchar **headers;
} PmtHttpAnswer;

/**
 * PmtHttpSinkFunc:
 * @head: (nullable) (transfer none): status and headers, no body; with the first
 *   bytes of an answer only
 *
 * Takes the bytes of a successful answer (2xx), which is not collected then and
 * may be of any size.
 *
 * Returns: %FALSE ends the transfer, with the class CANCELLED.
 */
typedef gboolean (*PmtHttpSinkFunc) (const PmtHttpAnswer *head,
                                     const gchar *bytes,
                                     gsize length,
                                     gpointer user_data);

/**
 * PmtHttpRequest:
 * @method: "GET", "POST", "PUT" or "DELETE"
 * @url: http or https; http on loopback only, see pmt_origin_check()
 * @headers: (nullable): %NULL-terminated "Name: value", for every host
 * @secret_headers: (nullable): the same, but sent to @secret_origin only, also
 *   after a redirect: keys and what the user set for the account
 * @secret_origin: (nullable): scheme, host and port; see pmt_origin_of_url()
 * @body, @content_type: (nullable)
 * @form: (nullable) (element-type PmtFormPart): instead of @body
 * @max_bytes: of the answer, once decompressed
 * @total_s: 0: that of the options
 * @idle_s: 0: that of the options; servers that answer when they are done say
 *   nothing for long
 * @label: name of the service, for messages
 * @is_retried: may be sent again after a connection that was kept open turns
 *   out to be closed (a GET always may), and once more after a failure of the
 *   network (GET)
 * @sink: (nullable): for downloads: bytes are asked for as they are, without
 *   compression
 */
typedef struct
{
  const gchar *method;
  const gchar *url;
  const gchar *const *headers;
  const gchar *const *secret_headers;
  const gchar *secret_origin;
  GBytes *body;
  const gchar *content_type;
  GPtrArray *form;
  gsize max_bytes;
  gint total_s;
  gint idle_s;
  const gchar *label;
  gboolean is_retried;
  PmtHttpProgressFunc progress;
  gpointer progress_data;
  PmtHttpChunkFunc chunk;
  gpointer chunk_data;
  PmtHttpSinkFunc sink;
  gpointer sink_data;
} PmtHttpRequest;

void pmt_http_answer_free (PmtHttpAnswer *answer);

/** pmt_http_answer_get_header: @name in lower case.  (transfer none) */
const gchar *pmt_http_answer_get_header (const PmtHttpAnswer *answer,
                                         const gchar *name);

/**
 * pmt_http_answer_get_retry_after:
 *
 * Returns: "Retry-After" (seconds, or a date: RFC 9110, 10.2.3) as seconds
 *   from now, at most a day; negative when there is none.
 */
gdouble pmt_http_answer_get_retry_after (const PmtHttpAnswer *answer);

/**
 * pmt_http_send:
 * @fault: (out caller-allocates): class of a failure; initialized by the
 *   caller
 * @error: G_IO_ERROR_CANCELLED, PMT_ERROR_NETWORK, PMT_ERROR_TIMEOUT,
 *   PMT_ERROR_TOO_LARGE, made by pmt_fault_set_error(); PMT_ERROR_ARGUMENT
 *   with class PARAMETER for what can't be sent (address, line breaks)
 *
 * Blocks.  Cancelling takes effect within 0.2 seconds.  Certificates are
 * verified; the proxies of the environment are used, never for loopback.
 * At most five redirects: GET to http(s) only, never from https to http;
 * other methods by 307 and 308 to the same origin only.  Of those a redirect
 * that isn't followed is the answer; of a GET it is a failure.  No cookies.
 * @fault.is_outcome_unknown is set when a body other than that of a GET may
 * have reached the server.
 * Neither keys, bodies nor queries of URLs are logged.
 * Thread: any; several requests at once.
 *
 * Returns: (transfer full): an answer, whatever its status; or %NULL.
 */
PmtHttpAnswer *pmt_http_send (PmtHttp *http,
                              const PmtHttpRequest *request,
                              GCancellable *cancellable,
                              PmtFault *fault,
                              GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PmtHttp, pmt_http_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PmtHttpAnswer, pmt_http_answer_free)

G_END_DECLS
