/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* websocket.c: messages of a server as they come, read with libcurl. */
#include "config.h"

#include "remote/websocket.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "remote/http-private.h"
#include "remote/origin.h"

static void
set_unsupported (const gchar *label, GError **error)
{
  g_set_error (error, PMT_ERROR, PMT_ERROR_UNSUPPORTED,
               _ ("This version of libcurl has no WebSockets, which “%s” "
                  "uses."),
               label);
}

#if LIBCURL_VERSION_NUM >= 0x075600

#define MAX_MESSAGE ((gsize)64 << 20)
#define READ_BYTES ((gsize)1 << 16)

/* PmtWebsocket: @message: what is there of the next one. */
struct _PmtWebsocket
{
  PmtHttp *http;
  PmtHttpLine *line;
  PmtCurlList *headers;
  gchar *label;
  GByteArray *message;
  guint8 *buffer;
  gboolean is_over;
};

typedef struct
{
  GCancellable *cancellable;
  gint64 deadline;
} Wait;

static gboolean
is_supported (void)
{
  const curl_version_info_data *info = curl_version_info (CURLVERSION_NOW);

  return g_strv_contains ((const gchar *const *)info->protocols, "ws");
}

static gboolean
should_stop (gpointer user_data)
{
  const Wait *wait = user_data;

  return g_cancellable_is_cancelled (wait->cancellable)
         || g_get_monotonic_time () >= wait->deadline;
}

static gboolean
fail (PmtFaultClass kind,
      const gchar *reason,
      const gchar *label,
      PmtFault *fault,
      GError **error)
{
  pmt_fault_clear (fault);
  pmt_fault_take (fault, kind, reason);
  return pmt_fault_set_error (fault, label, NULL, error);
}

/* ws is checked as http, and wss as https. */
static gboolean
check (const gchar *url,
       const gchar *const *headers,
       const gchar *label,
       PmtFault *fault,
       GError **error)
{
  g_autofree gchar *plain = NULL;

  if (g_ascii_strncasecmp (url, "ws", 2) == 0)
    plain = g_strconcat ("http", url + 2, NULL);
  if (!pmt_origin_check (plain != NULL ? plain : "", label, error)
      || !pmt_http_headers_check (headers, label, error))
    {
      pmt_fault_clear (fault);
      pmt_fault_take (fault, PMT_FAULT_PARAMETER, NULL);
      return FALSE;
    }
  return TRUE;
}

static size_t
ignore_bytes (char *data, size_t size, size_t n, void *user_data)
{
  return size * n;
}

static void
set_up (PmtWebsocket *websocket,
        const gchar *url,
        const gchar *const *secret_headers)
{
  CURL *easy = websocket->line->easy;

  pmt_http_set_up (websocket->http, easy, url);
  curl_easy_setopt (easy, CURLOPT_PROTOCOLS_STR, "ws,wss");
  curl_easy_setopt (easy, CURLOPT_CONNECT_ONLY, 2L);
  curl_easy_setopt (easy, CURLOPT_WRITEFUNCTION, ignore_bytes);
  for (; secret_headers != NULL && *secret_headers != NULL; secret_headers++)
    websocket->headers =
        pmt_http_headers_add (websocket->headers, *secret_headers);
  curl_easy_setopt (easy, CURLOPT_HTTPHEADER, websocket->headers);
}

static gboolean
connect_to (PmtWebsocket *websocket,
            GCancellable *cancellable,
            PmtFault *fault,
            GError **error)
{
  Wait wait = { cancellable, 0 };
  const gchar *reason = NULL;
  PmtFaultClass kind;
  long status = 0;
  CURLcode code;

  wait.deadline = g_get_monotonic_time ()
                  + 2 * (gint64)websocket->http->connect_s * G_USEC_PER_SEC;
  code = pmt_http_perform (websocket->line, should_stop, &wait);
  if (g_cancellable_is_cancelled (cancellable))
    return fail (PMT_FAULT_CANCELLED, NULL, websocket->label, fault, error);
  if (code == CURLE_ABORTED_BY_CALLBACK)
    return fail (PMT_FAULT_TIMEOUT, NULL, websocket->label, fault, error);
  curl_easy_getinfo (websocket->line->easy, CURLINFO_RESPONSE_CODE, &status);
  if (code == CURLE_OK && status == 101)
    return TRUE;
  kind = pmt_http_classify (code, &reason);
  if (status != 101 && status >= 200)
    {
      kind = pmt_fault_from_status ((guint)status);
      reason = NULL;
    }
  if (kind == PMT_FAULT_NONE || kind == PMT_FAULT_PARAMETER)
    kind = PMT_FAULT_SERVER;
  return fail (kind, reason, websocket->label, fault, error);
}

PmtWebsocket *
pmt_websocket_open (PmtHttp *http,
                    const gchar *url,
                    const gchar *const *secret_headers,
                    const gchar *label,
                    GCancellable *cancellable,
                    PmtFault *fault,
                    GError **error)
{
  g_autoptr (PmtWebsocket) websocket = NULL;

  if (!is_supported ())
    {
      set_unsupported (label, error);
      return NULL;
    }
  if (!check (url, secret_headers, label, fault, error))
    return NULL;
  websocket = g_new0 (PmtWebsocket, 1);
  websocket->http = pmt_http_ref (http);
  websocket->label = g_strdup (label);
  websocket->message = g_byte_array_new ();
  websocket->buffer = g_malloc (READ_BYTES);
  websocket->line = pmt_http_line_new ();
  if (websocket->line == NULL)
    {
      fail (PMT_FAULT_NETWORK, NULL, label, fault, error);
      return NULL;
    }
  set_up (websocket, url, secret_headers);
  if (!connect_to (websocket, cancellable, fault, error))
    return NULL;
  return g_steal_pointer (&websocket);
}

void
pmt_websocket_free (PmtWebsocket *websocket)
{
  if (websocket == NULL)
    return;
  pmt_http_line_free (websocket->line);
  g_clear_pointer (&websocket->headers, curl_slist_free_all);
  g_byte_array_unref (websocket->message);
  g_free (websocket->buffer);
  g_free (websocket->label);
  pmt_http_unref (websocket->http);
  g_free (websocket);
}

/* Until there is something to read, or for a tick. */
static void
wait_for_bytes (const PmtWebsocket *websocket, gint64 deadline)
{
  curl_socket_t descriptor = CURL_SOCKET_BAD;
  gint64 left = (deadline - g_get_monotonic_time ()) / 1000;
  gint ms = (gint)CLAMP (left, 0, PMT_HTTP_TICK_MS);
  GPollFD poll = { 0 };

  curl_easy_getinfo (websocket->line->easy, CURLINFO_ACTIVESOCKET, &descriptor);
  if (descriptor == CURL_SOCKET_BAD)
    {
      g_usleep ((gulong)ms * 1000);
      return;
    }
#ifdef G_OS_WIN32
  g_usleep (G_USEC_PER_SEC / 100);
#else
  poll.fd = descriptor;
  poll.events = G_IO_IN;
  g_poll (&poll, 1, ms);
#endif
}

/* One look.  @is_complete: (out): a message is there. */
static PmtFaultClass
read_frame (PmtWebsocket *websocket,
            gboolean *is_complete,
            gboolean *is_binary,
            CURLcode *code)
{
  const struct curl_ws_frame *meta = NULL;
  size_t count = 0;

  *is_complete = FALSE;
  *code = curl_ws_recv (websocket->line->easy, websocket->buffer, READ_BYTES,
                        &count, &meta);
  if (*code == CURLE_AGAIN)
    return PMT_FAULT_NONE;
  if (*code != CURLE_OK || meta == NULL || (meta->flags & CURLWS_CLOSE))
    return PMT_FAULT_NETWORK;
  if (meta->flags & (CURLWS_PING | CURLWS_PONG))
    return PMT_FAULT_NONE;
  if (count > MAX_MESSAGE - websocket->message->len
      || (guint64)MAX (meta->bytesleft, 0) > MAX_MESSAGE)
    return PMT_FAULT_TOO_LARGE;
  g_byte_array_append (websocket->message, websocket->buffer, (guint)count);
  *is_complete = meta->bytesleft == 0 && !(meta->flags & CURLWS_CONT);
  *is_binary = (meta->flags & CURLWS_BINARY) != 0;
  return PMT_FAULT_NONE;
}

static GBytes *
take_message (PmtWebsocket *websocket)
{
  GBytes *bytes = g_byte_array_free_to_bytes (websocket->message);

  websocket->message = g_byte_array_new ();
  return bytes;
}

GBytes *
pmt_websocket_read (PmtWebsocket *websocket,
                    gdouble wait_s,
                    gboolean *is_binary,
                    GCancellable *cancellable,
                    PmtFault *fault,
                    GError **error)
{
  gint64 deadline =
      g_get_monotonic_time () + (gint64)(MAX (wait_s, 0.0) * G_USEC_PER_SEC);
  gboolean is_complete, binary = FALSE;
  PmtFaultClass kind = PMT_FAULT_NONE;
  CURLcode code;

  while (!g_cancellable_is_cancelled (cancellable))
    {
      if (!websocket->is_over)
        kind = read_frame (websocket, &is_complete, &binary, &code);
      if (websocket->is_over || kind != PMT_FAULT_NONE)
        {
          websocket->is_over = TRUE;
          fail (kind != PMT_FAULT_NONE ? kind : PMT_FAULT_NETWORK,
                kind == PMT_FAULT_TOO_LARGE ? NULL
                                            : _ ("it closed the connection"),
                websocket->label, fault, error);
          return NULL;
        }
      if (is_complete)
        {
          *is_binary = binary;
          return take_message (websocket);
        }
      if (code != CURLE_AGAIN)
        continue;
      if (g_get_monotonic_time () >= deadline)
        return NULL;
      wait_for_bytes (websocket, deadline);
    }
  fail (PMT_FAULT_CANCELLED, NULL, websocket->label, fault, error);
  return NULL;
}

#else

PmtWebsocket *
pmt_websocket_open (PmtHttp *http,
                    const gchar *url,
                    const gchar *const *secret_headers,
                    const gchar *label,
                    GCancellable *cancellable,
                    PmtFault *fault,
                    GError **error)
{
  set_unsupported (label, error);
  return NULL;
}

void
pmt_websocket_free (PmtWebsocket *websocket)
{
}

GBytes *
pmt_websocket_read (PmtWebsocket *websocket,
                    gdouble wait_s,
                    gboolean *is_binary,
                    GCancellable *cancellable,
                    PmtFault *fault,
                    GError **error)
{
  return NULL;
}

#endif
