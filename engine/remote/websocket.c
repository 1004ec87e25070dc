/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* websocket.c: messages of a server as they come, through libcurl. */
#include "config.h"

#include "remote/websocket.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "remote/http-private.h"
#include "remote/origin.h"

#define MAX_MESSAGE ((gsize)64 << 20)
#define SLICE_MS 100

struct _PmtWebsocket
{
  PmtHttp *http;
  CURL *handle;
  struct curl_slist *headers;
  gchar *label;
  GByteArray *message;
  gboolean is_binary;
};

void
pmt_websocket_free (PmtWebsocket *websocket)
{
  if (websocket == NULL)
    return;
  g_clear_pointer (&websocket->handle, curl_easy_cleanup);
  curl_slist_free_all (websocket->headers);
  g_clear_pointer (&websocket->http, pmt_http_unref);
  g_clear_pointer (&websocket->message, g_byte_array_unref);
  g_free (websocket->label);
  g_free (websocket);
}

#if LIBCURL_VERSION_NUM >= 0x075600

static gboolean
is_supported (void)
{
  const curl_version_info_data *info = curl_version_info (CURLVERSION_NOW);

  for (guint i = 0; info->protocols[i] != NULL; i++)
    if (g_str_equal (info->protocols[i], "ws"))
      return TRUE;
  return FALSE;
}

static gboolean
fail (PmtWebsocket *websocket, CURLcode code, PmtFault *fault, GError **error)
{
  pmt_http_fault_from_curl (code, NULL, fault);
  return pmt_fault_set_error (fault, websocket->label, NULL, error);
}

/* Pings go through libcurl; the socket is watched by us. */
static gboolean
connect_to (PmtWebsocket *websocket,
            const gchar *url,
            const gchar *const *secret_headers,
            GCancellable *cancellable,
            PmtFault *fault,
            GError **error)
{
  CURLcode code;

  websocket->handle = curl_easy_init ();
  if (websocket->handle == NULL)
    return fail (websocket, CURLE_FAILED_INIT, fault, error);
  if (!pmt_http_headers_add (&websocket->headers, secret_headers))
    return fail (websocket, CURLE_BAD_FUNCTION_ARGUMENT, fault, error);
  pmt_http_set_common (websocket->http, websocket->handle, url);
  curl_easy_setopt (websocket->handle, CURLOPT_HTTPHEADER, websocket->headers);
  curl_easy_setopt (websocket->handle, CURLOPT_CONNECT_ONLY, 2L);
  code = pmt_transfer (websocket->handle, cancellable);
  return code == CURLE_OK || fail (websocket, code, fault, error);
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

  if (!pmt_origin_check (url, label, error))
    {
      pmt_fault_take (fault, PMT_FAULT_PARAMETER, NULL);
      return NULL;
    }
  if (!is_supported ())
    {
      g_set_error_literal (error, PMT_ERROR, PMT_ERROR_UNSUPPORTED,
                           _ ("This libcurl has no WebSockets."));
      return NULL;
    }
  websocket = g_new0 (PmtWebsocket, 1);
  websocket->http = pmt_http_ref (http);
  websocket->label = g_strdup (label);
  websocket->message = g_byte_array_new ();
  if (!connect_to (websocket, url, secret_headers, cancellable, fault, error))
    return NULL;
  return g_steal_pointer (&websocket);
}

/* Whether bytes may be there. */
static gboolean
wait_readable (PmtWebsocket *websocket, gint milliseconds)
{
  curl_socket_t socket = CURL_SOCKET_BAD;
  GPollFD fd = { 0 };

  curl_easy_getinfo (websocket->handle, CURLINFO_ACTIVESOCKET, &socket);
  if (socket == CURL_SOCKET_BAD)
    return TRUE;
  fd.fd = (gint)socket;
  fd.events = G_IO_IN | G_IO_HUP | G_IO_ERR;
  return g_poll (&fd, 1, milliseconds) != 0;
}

typedef enum
{
  GOT_NOTHING,
  GOT_PART,
  GOT_MESSAGE,
  GOT_FAULT
} Got;

static Got
receive (PmtWebsocket *websocket, PmtFault *fault, GError **error)
{
  guint8 buffer[64 * 1024];
  const struct curl_ws_frame *frame = NULL;
  gsize n = 0;
  CURLcode code =
      curl_ws_recv (websocket->handle, buffer, sizeof buffer, &n, &frame);

  if (code == CURLE_AGAIN)
    return GOT_NOTHING;
  if (code != CURLE_OK || frame == NULL || (frame->flags & CURLWS_CLOSE) != 0
      || n > MAX_MESSAGE - websocket->message->len)
    {
      fail (websocket, code != CURLE_OK ? code : CURLE_RECV_ERROR, fault,
            error);
      return GOT_FAULT;
    }
  if ((frame->flags & (CURLWS_TEXT | CURLWS_BINARY)) == 0)
    return GOT_PART;
  websocket->is_binary = (frame->flags & CURLWS_BINARY) != 0;
  g_byte_array_append (websocket->message, buffer, (guint)n);
  return frame->bytesleft > 0 || (frame->flags & CURLWS_CONT) != 0
             ? GOT_PART
             : GOT_MESSAGE;
}

GBytes *
pmt_websocket_read (PmtWebsocket *websocket,
                    gdouble wait_s,
                    gboolean *is_binary,
                    GCancellable *cancellable,
                    PmtFault *fault,
                    GError **error)
{
  const gint64 end =
      g_get_monotonic_time () + (gint64)(wait_s * G_USEC_PER_SEC);

  for (;;)
    {
      const gint64 left = end - g_get_monotonic_time ();
      Got got;

      if (g_cancellable_is_cancelled (cancellable))
        {
          fail (websocket, CURLE_ABORTED_BY_CALLBACK, fault, error);
          return NULL;
        }
      got = receive (websocket, fault, error);
      if (got == GOT_FAULT)
        return NULL;
      if (got == GOT_MESSAGE)
        {
          GBytes *bytes = g_byte_array_free_to_bytes (websocket->message);

          websocket->message = g_byte_array_new ();
          *is_binary = websocket->is_binary;
          return bytes;
        }
      if (got == GOT_PART)
        continue;
      if (left <= 0)
        return NULL;
      wait_readable (websocket, (gint)MIN (left / 1000 + 1, SLICE_MS));
    }
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
  g_set_error_literal (error, PMT_ERROR, PMT_ERROR_UNSUPPORTED,
                       _ ("This libcurl has no WebSockets."));
  return NULL;
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
