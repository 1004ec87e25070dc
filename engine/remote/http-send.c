/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* http-send.c: one request and its answer, redirects included. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "remote/http-private.h"
#include "remote/origin.h"

#define MAX_REDIRECTS 5
#define MAX_HEADERS 200
#define MAX_HEADER_BYTES (256 * 1024)
#define LONGEST_WAIT 86400.0
#define REPORT_US (G_USEC_PER_SEC / 20)

/* One exchange. */
typedef struct
{
  PmtHttp *http;
  const PmtHttpRequest *request;
  GCancellable *cancellable;
  CURL *handle;
  struct curl_slist *headers;
  curl_mime *mime;
  GByteArray *body;
  GPtrArray *received; /* header lines of the last answer */
  gsize header_bytes;
  gsize offset; /* of what was sent of the body */
  gboolean is_too_large;
  gboolean is_cut;
  gint64 last_report;
  gint64 last_move;
  curl_off_t moved;
  gchar words[CURL_ERROR_SIZE];
} Exchange;

/* --------------------------------------------------------------- callbacks */

static size_t
take_body (char *bytes, size_t size, size_t n, void *data)
{
  Exchange *exchange = data;
  const gsize length = size * n;
  long status = 0;

  if (length > exchange->request->max_bytes - exchange->body->len)
    {
      exchange->is_too_large = TRUE;
      return CURL_WRITEFUNC_ERROR;
    }
  g_byte_array_append (exchange->body, (const guint8 *)bytes, (guint)length);
  curl_easy_getinfo (exchange->handle, CURLINFO_RESPONSE_CODE, &status);
  if (exchange->request->chunk != NULL && status >= 200 && status < 300)
    exchange->request->chunk (bytes, length, exchange->request->chunk_data);
  return length;
}

static size_t
take_header (char *bytes, size_t size, size_t n, void *data)
{
  Exchange *exchange = data;
  const gsize length = size * n;
  gchar *line;
  gchar *colon;

  exchange->header_bytes += length;
  if (exchange->header_bytes > MAX_HEADER_BYTES)
    return 0;
  /* A status line begins anew: 100 Continue, or a proxy's answer. */
  if (length > 5 && strncmp (bytes, "HTTP/", 5) == 0)
    g_ptr_array_set_size (exchange->received, 0);
  line = g_strstrip (g_strndup (bytes, length));
  colon = strchr (line, ':');
  if (colon == NULL || exchange->received->len >= MAX_HEADERS
      || !g_utf8_validate (line, -1, NULL))
    {
      g_free (line);
      return length;
    }
  for (gchar *at = line; at < colon; at++)
    *at = g_ascii_tolower (*at);
  g_ptr_array_add (exchange->received, line);
  return length;
}

/* libcurl's own limit counts one direction at a time. */
static gboolean
is_idle (Exchange *exchange, curl_off_t moved)
{
  const gint64 now = g_get_monotonic_time ();
  const gint idle_s = exchange->request->idle_s > 0
                          ? exchange->request->idle_s
                          : pmt_http_get_idle_s (exchange->http);

  if (moved != exchange->moved || exchange->last_move == 0)
    {
      exchange->moved = moved;
      exchange->last_move = now;
    }
  return now - exchange->last_move > (gint64)idle_s * G_USEC_PER_SEC;
}

static int
report (void *data,
        curl_off_t receive_total,
        curl_off_t received,
        curl_off_t send_total,
        curl_off_t sent)
{
  Exchange *exchange = data;
  const PmtHttpRequest *request = exchange->request;
  const gint64 now = g_get_monotonic_time ();

  if (g_cancellable_is_cancelled (exchange->cancellable))
    return 1;
  if (is_idle (exchange, received + sent))
    {
      exchange->is_cut = TRUE;
      return 1;
    }
  if (request->progress == NULL || now - exchange->last_report < REPORT_US)
    return 0;
  exchange->last_report = now;
  request->progress ((guint64)sent, (guint64)send_total, (guint64)received,
                     (guint64)receive_total, request->progress_data);
  return 0;
}

static size_t
give_body (char *buffer, size_t size, size_t n, void *data)
{
  Exchange *exchange = data;
  gsize length = 0;
  const gchar *bytes = g_bytes_get_data (exchange->request->body, &length);
  const gsize count = MIN (size * n, length - exchange->offset);

  if (count > 0)
    memcpy (buffer, bytes + exchange->offset, count);
  exchange->offset += count;
  return count;
}

static int
seek_body (void *data, curl_off_t offset, int origin)
{
  Exchange *exchange = data;
  const gsize length = g_bytes_get_size (exchange->request->body);

  if (origin != SEEK_SET || offset < 0 || (gsize)offset > length)
    return CURL_SEEKFUNC_FAIL;
  exchange->offset = (gsize)offset;
  return CURL_SEEKFUNC_OK;
}

/* ------------------------------------------------------------------ bodies */

static void
set_form (Exchange *exchange, GPtrArray *form)
{
  exchange->mime = curl_mime_init (exchange->handle);
  for (guint i = 0; i < form->len; i++)
    {
      const PmtFormPart *from = form->pdata[i];
      curl_mimepart *part = curl_mime_addpart (exchange->mime);
      gsize length = 0;
      const gchar *bytes = g_bytes_get_data (from->data, &length);

      curl_mime_name (part, from->name);
      curl_mime_data (part, bytes != NULL ? bytes : "", length);
      if (from->filename != NULL)
        curl_mime_filename (part, from->filename);
      if (from->content_type != NULL)
        curl_mime_type (part, from->content_type);
    }
  curl_easy_setopt (exchange->handle, CURLOPT_MIMEPOST, exchange->mime);
}

static void
set_bytes (Exchange *exchange)
{
  const PmtHttpRequest *request = exchange->request;
  const gsize length =
      request->body != NULL ? g_bytes_get_size (request->body) : 0;

  if (request->body == NULL)
    {
      curl_easy_setopt (exchange->handle, CURLOPT_POSTFIELDS, "");
      curl_easy_setopt (exchange->handle, CURLOPT_POSTFIELDSIZE, 0L);
      return;
    }
  curl_easy_setopt (exchange->handle, CURLOPT_POST, 1L);
  curl_easy_setopt (exchange->handle, CURLOPT_POSTFIELDSIZE_LARGE,
                    (curl_off_t)length);
  curl_easy_setopt (exchange->handle, CURLOPT_READFUNCTION, give_body);
  curl_easy_setopt (exchange->handle, CURLOPT_READDATA, exchange);
  curl_easy_setopt (exchange->handle, CURLOPT_SEEKFUNCTION, seek_body);
  curl_easy_setopt (exchange->handle, CURLOPT_SEEKDATA, exchange);
}

static void
set_method (Exchange *exchange)
{
  const PmtHttpRequest *request = exchange->request;
  const gboolean has_body = request->body != NULL || request->form != NULL;

  if (g_str_equal (request->method, "GET"))
    {
      curl_easy_setopt (exchange->handle, CURLOPT_HTTPGET, 1L);
      return;
    }
  if (request->form != NULL)
    set_form (exchange, request->form);
  else if (has_body || !g_str_equal (request->method, "DELETE"))
    set_bytes (exchange);
  if (!g_str_equal (request->method, "POST"))
    curl_easy_setopt (exchange->handle, CURLOPT_CUSTOMREQUEST, request->method);
}

/* ----------------------------------------------------------------- headers */

static gboolean
set_headers (Exchange *exchange, const gchar *url)
{
  const PmtHttpRequest *request = exchange->request;
  g_autofree gchar *origin = pmt_origin_of_url (url);
  const gboolean is_own = request->secret_origin != NULL
                          && g_strcmp0 (origin, request->secret_origin) == 0;
  g_autofree gchar *type = NULL;

  if (!pmt_http_headers_add (&exchange->headers, request->headers)
      || (is_own
          && !pmt_http_headers_add (&exchange->headers,
                                    request->secret_headers)))
    return FALSE;
  if (request->body != NULL)
    {
      type = g_strdup_printf ("Content-Type: %s",
                              request->content_type != NULL
                                  ? request->content_type
                                  : "application/octet-stream");
      exchange->headers = curl_slist_append (exchange->headers, type);
    }
  exchange->headers = curl_slist_append (exchange->headers, "Expect:");
  curl_easy_setopt (exchange->handle, CURLOPT_HTTPHEADER, exchange->headers);
  return TRUE;
}

static void
set_callbacks (Exchange *exchange)
{
  const PmtHttpRequest *request = exchange->request;
  const gint total = request->total_s > 0
                         ? request->total_s
                         : pmt_http_get_total_s (exchange->http);

  curl_easy_setopt (exchange->handle, CURLOPT_ERRORBUFFER, exchange->words);
  curl_easy_setopt (exchange->handle, CURLOPT_ACCEPT_ENCODING, "gzip, deflate");
  curl_easy_setopt (exchange->handle, CURLOPT_WRITEFUNCTION, take_body);
  curl_easy_setopt (exchange->handle, CURLOPT_WRITEDATA, exchange);
  curl_easy_setopt (exchange->handle, CURLOPT_HEADERFUNCTION, take_header);
  curl_easy_setopt (exchange->handle, CURLOPT_HEADERDATA, exchange);
  curl_easy_setopt (exchange->handle, CURLOPT_XFERINFOFUNCTION, report);
  curl_easy_setopt (exchange->handle, CURLOPT_XFERINFODATA, exchange);
  curl_easy_setopt (exchange->handle, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt (exchange->handle, CURLOPT_TIMEOUT, (long)total);
}

static void
exchange_clear (Exchange *exchange)
{
  /* First, because it refers to the others. */
  if (exchange->handle != NULL)
    pmt_http_give_back (exchange->http, exchange->handle);
  g_clear_pointer (&exchange->mime, curl_mime_free);
  g_clear_pointer (&exchange->headers, curl_slist_free_all);
  g_clear_pointer (&exchange->body, g_byte_array_unref);
  g_clear_pointer (&exchange->received, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Exchange, exchange_clear)

/* ------------------------------------------------------------------ answer */

void
pmt_http_answer_free (PmtHttpAnswer *answer)
{
  if (answer == NULL)
    return;
  g_clear_pointer (&answer->body, g_bytes_unref);
  g_free (answer->content_type);
  g_strfreev (answer->headers);
  g_free (answer);
}

const gchar *
pmt_http_answer_get_header (const PmtHttpAnswer *answer, const gchar *name)
{
  const gsize length = strlen (name);

  for (guint i = 0; answer->headers != NULL && answer->headers[i] != NULL; i++)
    {
      const gchar *line = answer->headers[i];

      if (strncmp (line, name, length) == 0 && line[length] == ':')
        {
          line += length + 1;
          while (g_ascii_isspace (*line))
            line++;
          return line;
        }
    }
  return NULL;
}

gdouble
pmt_http_answer_get_retry_after (const PmtHttpAnswer *answer)
{
  const gchar *value = pmt_http_answer_get_header (answer, "retry-after");
  gchar *end = NULL;
  gdouble seconds;
  time_t date;

  if (value == NULL)
    return -1.0;
  seconds = g_ascii_strtod (value, &end);
  if (end != value && *end == '\0')
    return seconds >= 0.0 ? MIN (seconds, LONGEST_WAIT) : -1.0;
  date = curl_getdate (value, NULL);
  if (date < 0)
    return -1.0;
  return CLAMP (difftime (date, time (NULL)), 0.0, LONGEST_WAIT);
}

static PmtHttpAnswer *
take_answer (Exchange *exchange)
{
  PmtHttpAnswer *answer = g_new0 (PmtHttpAnswer, 1);
  const gchar *type;
  long status = 0;

  curl_easy_getinfo (exchange->handle, CURLINFO_RESPONSE_CODE, &status);
  answer->status = (guint)status;
  answer->body = g_byte_array_free_to_bytes (
      g_steal_pointer (&exchange->body));
  g_ptr_array_add (exchange->received, NULL);
  g_ptr_array_set_free_func (exchange->received, NULL);
  answer->headers =
      (gchar **)g_ptr_array_free (g_steal_pointer (&exchange->received), FALSE);
  type = pmt_http_answer_get_header (answer, "content-type");
  if (type != NULL)
    {
      answer->content_type = g_ascii_strdown (type, -1);
      g_strdelimit (answer->content_type, ";", '\0');
      g_strstrip (answer->content_type);
    }
  return answer;
}

/* ---------------------------------------------------------------- one try */

static void
log_exchange (Exchange *exchange, const gchar *url, CURLcode code)
{
  g_autoptr (GUri) uri = g_uri_parse (url, G_URI_FLAGS_ENCODED, NULL);
  g_autofree gchar *origin = pmt_origin_of_url (url);
  long status = 0;
  curl_off_t micros = 0;

  curl_easy_getinfo (exchange->handle, CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo (exchange->handle, CURLINFO_TOTAL_TIME_T, &micros);
  g_debug ("%s %s%s: %d, status %ld, %u bytes, %.0f ms",
           exchange->request->method, origin,
           uri != NULL ? g_uri_get_path (uri) : "", (gint)code, status,
           exchange->body->len, (gdouble)micros / 1000.0);
}

/* Whether the server may have got all that it needs to act. */
static gboolean
may_have_acted (Exchange *exchange)
{
  curl_off_t sent = 0;
  long bytes = 0;

  if (g_str_equal (exchange->request->method, "GET"))
    return FALSE;
  curl_easy_getinfo (exchange->handle, CURLINFO_SIZE_UPLOAD_T, &sent);
  curl_easy_getinfo (exchange->handle, CURLINFO_REQUEST_SIZE, &bytes);
  return sent > 0 || bytes > 0;
}

static void
take_fault (Exchange *exchange, CURLcode code, PmtFault *fault)
{
  if (exchange->is_too_large)
    code = CURLE_FILESIZE_EXCEEDED;
  else if (exchange->is_cut)
    code = CURLE_OPERATION_TIMEDOUT;
  pmt_http_fault_from_curl (code, exchange->words, fault);
  fault->is_outcome_unknown = may_have_acted (exchange);
}

static PmtHttpAnswer *
try_once (PmtHttp *http,
          const PmtHttpRequest *request,
          const gchar *url,
          GCancellable *cancellable,
          PmtFault *fault)
{
  g_auto (Exchange) exchange = {
    .http = http,
    .request = request,
    .cancellable = cancellable,
  };
  CURLcode code;

  exchange.handle = pmt_http_take_handle (http);
  if (exchange.handle == NULL)
    {
      pmt_fault_take (fault, PMT_FAULT_NETWORK, NULL);
      return NULL;
    }
  exchange.body = g_byte_array_new ();
  exchange.received = g_ptr_array_new_with_free_func (g_free);
  pmt_http_set_common (http, exchange.handle, url);
  set_callbacks (&exchange);
  set_method (&exchange);
  if (!set_headers (&exchange, url))
    {
      pmt_fault_take (fault, PMT_FAULT_PARAMETER,
                      _ ("a header has characters that it can't have"));
      return NULL;
    }
  code = pmt_transfer (exchange.handle, cancellable);
  log_exchange (&exchange, url, code);
  if (code == CURLE_OK)
    return take_answer (&exchange);
  take_fault (&exchange, code, fault);
  return NULL;
}

/* --------------------------------------------------------------- redirects */

static gboolean
is_redirect (const PmtHttpAnswer *answer)
{
  return answer->status == 301 || answer->status == 302
         || answer->status == 303 || answer->status == 307
         || answer->status == 308;
}

static gboolean
may_follow (const PmtHttpRequest *request,
            guint status,
            const gchar *from,
            const gchar *to)
{
  const gboolean is_downgrade = g_str_has_prefix (from, "https:")
                                && !g_str_has_prefix (to, "https:");

  if (is_downgrade || !pmt_origin_check (to, "", NULL))
    return FALSE;
  /* What is not on this machine does not point into it. */
  if (pmt_origin_is_loopback (to) && !pmt_origin_is_loopback (from))
    return FALSE;
  return g_str_equal (request->method, "GET")
         || ((status == 307 || status == 308)
             && pmt_origin_is_same (from, to));
}

static PmtHttpAnswer *
follow (PmtHttp *http,
        const PmtHttpRequest *request,
        GCancellable *cancellable,
        PmtFault *fault)
{
  g_autofree gchar *url = g_strdup (request->url);

  for (gint i = 0; i <= MAX_REDIRECTS; i++)
    {
      g_autoptr (PmtHttpAnswer) answer =
          try_once (http, request, url, cancellable, fault);
      const gchar *location;
      g_autofree gchar *next = NULL;

      if (answer == NULL || !is_redirect (answer))
        return g_steal_pointer (&answer);
      location = pmt_http_answer_get_header (answer, "location");
      next = location != NULL ? pmt_origin_resolve (url, location) : NULL;
      if (next == NULL || !may_follow (request, answer->status, url, next))
        {
          pmt_fault_take (fault, PMT_FAULT_SERVER,
                          _ ("it points to another place, which is not "
                             "followed"));
          return NULL;
        }
      g_free (url);
      url = g_steal_pointer (&next);
    }
  pmt_fault_take (fault, PMT_FAULT_SERVER,
                  _ ("it points from place to place without an end"));
  return NULL;
}

PmtHttpAnswer *
pmt_http_send (PmtHttp *http,
               const PmtHttpRequest *request,
               GCancellable *cancellable,
               PmtFault *fault,
               GError **error)
{
  PmtHttpAnswer *answer;

  g_return_val_if_fail (http != NULL && request != NULL && fault != NULL, NULL);
  if (!pmt_origin_check (request->url, request->label, error))
    {
      pmt_fault_take (fault, PMT_FAULT_PARAMETER, NULL);
      return NULL;
    }
  answer = follow (http, request, cancellable, fault);
  if (answer == NULL && request->is_retried && fault->kind == PMT_FAULT_NETWORK)
    {
      pmt_fault_clear (fault);
      answer = follow (http, request, cancellable, fault);
    }
  if (answer == NULL)
    pmt_fault_set_error (fault, request->label, NULL, error);
  return answer;
}

/* -------------------------------------------------------------------- forms */

static void
part_free (gpointer data)
{
  PmtFormPart *part = data;

  g_free (part->name);
  g_free (part->filename);
  g_free (part->content_type);
  g_bytes_unref (part->data);
  g_free (part);
}

GPtrArray *
pmt_form_new (void)
{
  return g_ptr_array_new_with_free_func (part_free);
}

void
pmt_form_add_text (GPtrArray *form, const gchar *name, const gchar *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  pmt_form_add_file (form, name, NULL, NULL, bytes);
}

void
pmt_form_add_file (GPtrArray *form,
                   const gchar *name,
                   const gchar *filename,
                   const gchar *content_type,
                   GBytes *data)
{
  PmtFormPart *part = g_new0 (PmtFormPart, 1);

  part->name = g_strdup (name);
  part->filename = g_strdup (filename);
  part->content_type = g_strdup (content_type);
  part->data = g_bytes_ref (data);
  g_ptr_array_add (form, part);
}
