/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* http-transfer.c: one request to one address, and its answer. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "remote/http-private.h"
#include "remote/origin.h"

#define MAX_HEADER_BYTES ((gsize)1 << 18)
#define REPORT_US (G_USEC_PER_SEC / 20)

static gboolean
is_get (const PmtHttpRequest *request)
{
  return g_str_equal (request->method, "GET");
}

static gboolean
should_stop (gpointer user_data)
{
  PmtTransfer *transfer = user_data;
  gint64 now = g_get_monotonic_time ();
  const gint idle_s = transfer->request->idle_s > 0 ? transfer->request->idle_s
                                                    : transfer->http->idle_s;
  const gint64 idle = (gint64)idle_s * G_USEC_PER_SEC;

  if (g_cancellable_is_cancelled (transfer->cancellable))
    transfer->stop = PMT_FAULT_CANCELLED;
  else if (transfer->stop == PMT_FAULT_NONE
           && (now >= transfer->deadline
               || (transfer->is_started
                   && now - transfer->last_active >= idle)))
    transfer->stop = PMT_FAULT_TIMEOUT;
  return transfer->stop != PMT_FAULT_NONE;
}

static void
report (PmtTransfer *transfer,
        guint64 sent,
        guint64 send_total,
        guint64 received,
        guint64 receive_total)
{
  const PmtHttpRequest *request = transfer->request;

  transfer->last_report = g_get_monotonic_time ();
  if (request->progress != NULL)
    request->progress (sent, send_total, received, receive_total,
                       request->progress_data);
}

static int
on_progress (void *user_data,
             curl_off_t receive_total,
             curl_off_t received,
             curl_off_t send_total,
             curl_off_t sent)
{
  PmtTransfer *transfer = user_data;
  gint64 now = g_get_monotonic_time ();
  guint64 moved = (guint64)received + (guint64)sent;
  const gboolean is_sent = send_total > 0 && sent >= send_total;

  if (moved != transfer->moved)
    {
      transfer->moved = moved;
      transfer->last_active = now;
      if (now - transfer->last_report >= REPORT_US
          || is_sent != transfer->is_sent)
        report (transfer, sent, send_total, received, receive_total);
      transfer->is_sent = is_sent;
    }
  return should_stop (transfer) ? 1 : 0;
}

/* A connection stands.  What goes unencrypted goes to this computer, whatever
 * the system thinks that "localhost" is. */
static int
on_connected (void *user_data,
              char *remote_ip,
              char *local_ip,
              int remote_port,
              int local_port)
{
  PmtTransfer *transfer = user_data;
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (remote_ip);

  if (g_ascii_strncasecmp (transfer->url, "http:", 5) == 0
      && (address == NULL || !g_inet_address_get_is_loopback (address)))
    {
      transfer->stop = PMT_FAULT_NETWORK;
      transfer->reason = _ ("the address belongs to another computer");
      return CURL_PREREQFUNC_ABORT;
    }
  transfer->is_started = TRUE;
  transfer->last_active = g_get_monotonic_time ();
  return CURL_PREREQFUNC_OK;
}

static size_t
on_header (char *data, size_t size, size_t n, void *user_data)
{
  PmtTransfer *transfer = user_data;
  gsize length = size * n;
  gchar *header;

  transfer->last_active = g_get_monotonic_time ();
  transfer->header_bytes += length;
  if (transfer->header_bytes > MAX_HEADER_BYTES)
    {
      transfer->stop = PMT_FAULT_NETWORK;
      transfer->reason = _ ("the head of its answer is too long");
      return 0;
    }
  /* Another answer than an interim one begins. */
  if (length >= 5 && memcmp (data, "HTTP/", 5) == 0)
    g_ptr_array_set_size (transfer->headers, 0);
  header = pmt_http_header_parse (data, length);
  if (header != NULL)
    g_ptr_array_add (transfer->headers, header);
  return length;
}

static guint
get_status (CURL *easy)
{
  long status = 0;

  curl_easy_getinfo (easy, CURLINFO_RESPONSE_CODE, &status);
  return (guint)CLAMP (status, 0, 999);
}

/* The request's own function gets the head with the first bytes. */
static size_t
pour (PmtTransfer *transfer, const gchar *data, gsize length)
{
  const PmtHttpRequest *request = transfer->request;
  PmtHttpAnswer head = { get_status (transfer->easy), NULL, NULL, NULL };
  gboolean is_first = !transfer->has_sunk;

  transfer->has_sunk = transfer->has_streamed = TRUE;
  g_ptr_array_add (transfer->headers, NULL);
  head.headers = (gchar **)transfer->headers->pdata;
  if (!request->sink (is_first ? &head : NULL, data, length,
                      request->sink_data))
    transfer->stop = PMT_FAULT_CANCELLED;
  g_ptr_array_set_size (transfer->headers, (gint)transfer->headers->len - 1);
  return transfer->stop == PMT_FAULT_NONE ? length : 0;
}

static size_t
on_body (char *data, size_t size, size_t n, void *user_data)
{
  PmtTransfer *transfer = user_data;
  const PmtHttpRequest *request = transfer->request;
  gsize max_bytes = MIN (request->max_bytes, (gsize)G_MAXINT32);
  gsize length = size * n;

  transfer->last_active = g_get_monotonic_time ();
  if (request->sink != NULL && get_status (transfer->easy) / 100 == 2)
    return pour (transfer, data, length);
  if (length > max_bytes - transfer->body->len)
    {
      transfer->stop = PMT_FAULT_TOO_LARGE;
      return 0;
    }
  g_byte_array_append (transfer->body, (const guint8 *)data, (guint)length);
  if (request->chunk != NULL && get_status (transfer->easy) / 100 == 2)
    {
      transfer->has_streamed = TRUE;
      request->chunk (data, length, request->chunk_data);
    }
  return length;
}

static void
set_callbacks (PmtTransfer *transfer)
{
  CURL *easy = transfer->easy;

  curl_easy_setopt (easy, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt (easy, CURLOPT_XFERINFOFUNCTION, on_progress);
  curl_easy_setopt (easy, CURLOPT_XFERINFODATA, transfer);
  curl_easy_setopt (easy, CURLOPT_PREREQFUNCTION, on_connected);
  curl_easy_setopt (easy, CURLOPT_PREREQDATA, transfer);
  curl_easy_setopt (easy, CURLOPT_HEADERFUNCTION, on_header);
  curl_easy_setopt (easy, CURLOPT_HEADERDATA, transfer);
  curl_easy_setopt (easy, CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt (easy, CURLOPT_WRITEDATA, transfer);
}

static void
set_body (PmtTransfer *transfer, curl_mime *mime)
{
  const PmtHttpRequest *request = transfer->request;
  CURL *easy = transfer->easy;
  gsize length = 0;
  const void *data = "";

  if (is_get (request))
    return;
  /* libcurl sends a request again when a kept connection was closed, and it
   * may have been carried out before that. */
  if (!request->is_retried)
    curl_easy_setopt (easy, CURLOPT_FRESH_CONNECT, 1L);
  if (mime != NULL)
    curl_easy_setopt (easy, CURLOPT_MIMEPOST, mime);
  else if (request->body != NULL || !g_str_equal (request->method, "DELETE"))
    {
      if (request->body != NULL)
        data = g_bytes_get_data (request->body, &length);
      curl_easy_setopt (easy, CURLOPT_POST, 1L);
      curl_easy_setopt (easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)length);
      curl_easy_setopt (easy, CURLOPT_POSTFIELDS, data != NULL ? data : "");
    }
  curl_easy_setopt (easy, CURLOPT_CUSTOMREQUEST, request->method);
}

/* Whether the server may have all of the body, and so have done the work. */
static gboolean
may_be_done (const PmtTransfer *transfer)
{
  curl_off_t sent = 0, total = -1;

  if (is_get (transfer->request) || !transfer->is_started)
    return FALSE;
  curl_easy_getinfo (transfer->easy, CURLINFO_SIZE_UPLOAD_T, &sent);
  curl_easy_getinfo (transfer->easy, CURLINFO_CONTENT_LENGTH_UPLOAD_T, &total);
  return sent >= total;
}

static void
set_fault (const PmtTransfer *transfer, CURLcode code, PmtFault *fault)
{
  const gchar *reason = transfer->reason;
  PmtFaultClass kind = transfer->stop;

  if (kind == PMT_FAULT_NONE)
    kind = pmt_http_classify (code, &reason);
  pmt_fault_clear (fault);
  pmt_fault_take (fault, kind, reason);
  fault->is_outcome_unknown = may_be_done (transfer);
  if (kind == PMT_FAULT_TOO_LARGE)
    {
      g_autofree gchar *size = g_format_size (transfer->request->max_bytes);

      /* Translators: %s is a size such as "64 MB"; a limit. */
      fault->limit = g_strdup_printf (_ ("%s in one answer"), size);
    }
}

static PmtHttpAnswer *
make_answer (PmtTransfer *transfer)
{
  PmtHttpAnswer *answer = g_new0 (PmtHttpAnswer, 1);
  const gchar *type;

  answer->status = get_status (transfer->easy);
  answer->body = g_byte_array_free_to_bytes (g_steal_pointer (&transfer->body));
  g_ptr_array_add (transfer->headers, NULL);
  answer->headers =
      (gchar **)g_ptr_array_free (g_steal_pointer (&transfer->headers), FALSE);
  type = pmt_http_answer_get_header (answer, "content-type");
  if (type != NULL)
    {
      g_autofree gchar *plain = g_strndup (type, strcspn (type, ";"));

      answer->content_type = g_ascii_strdown (g_strstrip (plain), -1);
    }
  return answer;
}

static void
report_end (PmtTransfer *transfer)
{
  curl_off_t sent = 0, received = 0;

  curl_easy_getinfo (transfer->easy, CURLINFO_SIZE_UPLOAD_T, &sent);
  curl_easy_getinfo (transfer->easy, CURLINFO_SIZE_DOWNLOAD_T, &received);
  report (transfer, sent, sent, received, received);
}

/* Addresses without their queries, which may hold signatures. */
static void
log_transfer (const PmtTransfer *transfer, CURLcode code, gint64 start)
{
  curl_off_t sent = 0, received = 0;

  curl_easy_getinfo (transfer->easy, CURLINFO_SIZE_UPLOAD_T, &sent);
  curl_easy_getinfo (transfer->easy, CURLINFO_SIZE_DOWNLOAD_T, &received);
  g_debug ("%s %.*s: %u, %s, %" G_GINT64_FORMAT " bytes sent, %" G_GINT64_FORMAT
           " received, %" G_GINT64_FORMAT " ms",
           transfer->request->method, (gint)strcspn (transfer->url, "?#"),
           transfer->url, get_status (transfer->easy),
           code == CURLE_OK ? "complete" : curl_easy_strerror (code),
           (gint64)sent, (gint64)received,
           (g_get_monotonic_time () - start) / 1000);
}

static PmtHttpAnswer *
exchange (PmtTransfer *transfer, PmtHttpLine *line, PmtFault *fault)
{
  g_autoptr (PmtCurlList) headers =
      pmt_http_headers_new (transfer->request, transfer->url);
  g_autoptr (curl_mime) mime =
      transfer->request->form != NULL
          ? pmt_form_to_mime (transfer->request->form, line->easy)
          : NULL;
  PmtHttpAnswer *answer = NULL;
  gint64 start = g_get_monotonic_time ();
  CURLcode code;

  transfer->easy = line->easy;
  pmt_http_set_up (transfer->http, line->easy, transfer->url);
  curl_easy_setopt (line->easy, CURLOPT_HTTPHEADER, headers);
  if (transfer->request->sink == NULL)
    curl_easy_setopt (line->easy, CURLOPT_ACCEPT_ENCODING, "gzip, deflate");
  set_callbacks (transfer);
  set_body (transfer, mime);
  code = pmt_http_perform (line, should_stop, transfer);
  log_transfer (transfer, code, start);
  if (code != CURLE_OK)
    set_fault (transfer, code, fault);
  else
    {
      report_end (transfer);
      answer = make_answer (transfer);
    }
  curl_multi_remove_handle (line->multi, line->easy);
  return answer;
}

PmtHttpAnswer *
pmt_transfer_run (PmtTransfer *transfer, PmtFault *fault)
{
  PmtHttpLine *line = pmt_http_take_line (transfer->http, transfer->url);
  PmtHttpAnswer *answer;

  if (line == NULL)
    {
      pmt_fault_take (fault, PMT_FAULT_NETWORK, NULL);
      return NULL;
    }
  transfer->body = g_byte_array_new ();
  transfer->headers = g_ptr_array_new_with_free_func (g_free);
  answer = exchange (transfer, line, fault);
  g_clear_pointer (&transfer->body, g_byte_array_unref);
  g_clear_pointer (&transfer->headers, g_ptr_array_unref);
  pmt_http_return_line (transfer->http, line);
  return answer;
}
