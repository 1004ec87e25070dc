/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* http-line.c: connections that are kept, and what holds for all of them. */
#include "config.h"

#include "remote/http-private.h"
#include "remote/origin.h"

#define MAX_LINES 8
#define MAX_CONNECTIONS 4L

/* Pictures go in fewer steps than with libcurl's own 16 and 64 KB. */
#define BUFFER_BYTES 262144L

static gpointer
init_curl (gpointer data)
{
  return GINT_TO_POINTER (curl_global_init (CURL_GLOBAL_DEFAULT) == CURLE_OK);
}

void
pmt_http_line_free (PmtHttpLine *line)
{
  if (line == NULL)
    return;
  if (line->easy != NULL && line->multi != NULL)
    curl_multi_remove_handle (line->multi, line->easy);
  g_clear_pointer (&line->easy, curl_easy_cleanup);
  g_clear_pointer (&line->multi, curl_multi_cleanup);
  g_free (line->origin);
  g_free (line);
}

PmtHttpLine *
pmt_http_line_new (void)
{
  static GOnce once = G_ONCE_INIT;
  PmtHttpLine *line;

  if (g_once (&once, init_curl, NULL) == NULL)
    return NULL;
  line = g_new0 (PmtHttpLine, 1);
  line->multi = curl_multi_init ();
  line->easy = curl_easy_init ();
  if (line->multi == NULL || line->easy == NULL)
    {
      pmt_http_line_free (line);
      return NULL;
    }
  curl_multi_setopt (line->multi, CURLMOPT_MAXCONNECTS, MAX_CONNECTIONS);
  return line;
}

static PmtHttpLine *
find_line (PmtHttp *http, const gchar *origin)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&http->mutex);

  for (GList *link = http->lines.head; link != NULL; link = link->next)
    {
      PmtHttpLine *line = link->data;

      if (g_strcmp0 (line->origin, origin) != 0)
        continue;
      g_queue_delete_link (&http->lines, link);
      return line;
    }
  return NULL;
}

PmtHttpLine *
pmt_http_take_line (PmtHttp *http, const gchar *url)
{
  g_autofree gchar *origin = pmt_origin_of_url (url);
  PmtHttpLine *line = find_line (http, origin);

  if (line == NULL)
    line = pmt_http_line_new ();
  if (line == NULL)
    return NULL;
  g_free (line->origin);
  line->origin = g_steal_pointer (&origin);
  return line;
}

void
pmt_http_return_line (PmtHttp *http, PmtHttpLine *line)
{
  PmtHttpLine *oldest = NULL;

  curl_easy_reset (line->easy);
  g_mutex_lock (&http->mutex);
  g_queue_push_head (&http->lines, line);
  if (http->lines.length > MAX_LINES)
    oldest = g_queue_pop_tail (&http->lines);
  g_mutex_unlock (&http->mutex);
  pmt_http_line_free (oldest);
}

static void
set_certificates (const PmtHttp *http, CURL *easy)
{
  struct curl_blob blob = { NULL, 0, CURL_BLOB_NOCOPY };
  gsize length;

  curl_easy_setopt (easy, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt (easy, CURLOPT_SSL_VERIFYHOST, 2L);
  curl_easy_setopt (easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
  if (http->certificates == NULL)
    return;
  blob.data = (void *)g_bytes_get_data (http->certificates, &length);
  blob.len = length;
  curl_easy_setopt (easy, CURLOPT_CAINFO_BLOB, &blob);
}

void
pmt_http_set_up (const PmtHttp *http, CURL *easy, const gchar *url)
{
  curl_easy_setopt (easy, CURLOPT_URL, url);
  curl_easy_setopt (easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt (easy, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt (easy, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
  curl_easy_setopt (easy, CURLOPT_USERAGENT, "Pentimento/" PMT_VERSION);
  curl_easy_setopt (easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt (easy, CURLOPT_TCP_KEEPALIVE, 1L);
  curl_easy_setopt (easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  curl_easy_setopt (easy, CURLOPT_CONNECTTIMEOUT_MS, 1000L * http->connect_s);
  curl_easy_setopt (easy, CURLOPT_BUFFERSIZE, BUFFER_BYTES);
  curl_easy_setopt (easy, CURLOPT_UPLOAD_BUFFERSIZE, BUFFER_BYTES);
#if LIBCURL_VERSION_NUM >= 0x075700
  /* A cancelled run does not wait for an answer about a name. */
  curl_easy_setopt (easy, CURLOPT_QUICK_EXIT, 1L);
#endif
  if (pmt_origin_is_loopback (url))
    curl_easy_setopt (easy, CURLOPT_PROXY, "");
  set_certificates (http, easy);
}

CURLcode
pmt_http_perform (PmtHttpLine *line,
                  gboolean (*should_stop) (gpointer user_data),
                  gpointer user_data)
{
  CURLMsg *message;
  int n;

  if (curl_multi_add_handle (line->multi, line->easy) != CURLM_OK)
    return CURLE_FAILED_INIT;
  while (!should_stop (user_data))
    {
      if (curl_multi_perform (line->multi, &n) != CURLM_OK)
        return CURLE_FAILED_INIT;
      message = curl_multi_info_read (line->multi, &n);
      if (message != NULL && message->msg == CURLMSG_DONE)
        return message->data.result;
      if (curl_multi_poll (line->multi, NULL, 0, PMT_HTTP_TICK_MS, &n)
          != CURLM_OK)
        return CURLE_FAILED_INIT;
    }
  return CURLE_ABORTED_BY_CALLBACK;
}
