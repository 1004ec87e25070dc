/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* http.c: connections: settings, reuse, classes of failures. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "remote/http-private.h"
#include "remote/origin.h"

#define MAX_IDLE_HANDLES 8
#define POLL_MS 100

struct _PmtHttp
{
  gatomicrefcount ref_count;
  PmtHttpOptions options;
  gchar *ca_file;
  GMutex mutex;
  GPtrArray *idle;
};

static gpointer
init_curl (gpointer data)
{
  curl_global_init (CURL_GLOBAL_DEFAULT);
  return NULL;
}

PmtHttp *
pmt_http_new (const PmtHttpOptions *options)
{
  static GOnce once = G_ONCE_INIT;
  PmtHttp *http = g_new0 (PmtHttp, 1);

  g_once (&once, init_curl, NULL);
  g_atomic_ref_count_init (&http->ref_count);
  http->options = *options;
  http->ca_file = g_strdup (options->ca_file);
  http->options.ca_file = http->ca_file;
  http->idle = g_ptr_array_new_with_free_func (
      (GDestroyNotify)curl_easy_cleanup);
  g_mutex_init (&http->mutex);
  return http;
}

PmtHttp *
pmt_http_ref (PmtHttp *http)
{
  g_atomic_ref_count_inc (&http->ref_count);
  return http;
}

void
pmt_http_unref (PmtHttp *http)
{
  if (http == NULL || !g_atomic_ref_count_dec (&http->ref_count))
    return;
  g_ptr_array_unref (http->idle);
  g_mutex_clear (&http->mutex);
  g_free (http->ca_file);
  g_free (http);
}

gint
pmt_http_get_idle_s (PmtHttp *http)
{
  return http->options.idle_s;
}

gint
pmt_http_get_total_s (PmtHttp *http)
{
  return http->options.total_s;
}

/* ---------------------------------------------------------------- handles */

/* A handle keeps its connections, so the last one that was used is likely to
 * have one to the same place. */
CURL *
pmt_http_take_handle (PmtHttp *http)
{
  CURL *handle = NULL;

  g_mutex_lock (&http->mutex);
  if (http->idle->len > 0)
    handle = g_ptr_array_steal_index (http->idle, http->idle->len - 1);
  g_mutex_unlock (&http->mutex);
  if (handle == NULL)
    return curl_easy_init ();
  curl_easy_reset (handle);
  return handle;
}

void
pmt_http_give_back (PmtHttp *http, CURL *handle)
{
  /* Pointers of the last transfer are dropped at once. */
  curl_easy_reset (handle);
  g_mutex_lock (&http->mutex);
  if (http->idle->len < MAX_IDLE_HANDLES)
    {
      g_ptr_array_add (http->idle, handle);
      handle = NULL;
    }
  g_mutex_unlock (&http->mutex);
  if (handle != NULL)
    curl_easy_cleanup (handle);
}

/* The system's certificates stay trusted besides. */
static void
add_certificates (PmtHttp *http, CURL *handle)
{
  g_autofree gchar *own = NULL;
  g_autofree gchar *system = NULL;
  g_autofree gchar *both = NULL;
  const gchar *path = NULL;
  struct curl_blob blob;

  if (http->ca_file == NULL
      || !g_file_get_contents (http->ca_file, &own, NULL, NULL))
    return;
  curl_easy_getinfo (handle, CURLINFO_CAINFO, &path);
  if (path != NULL)
    g_file_get_contents (path, &system, NULL, NULL);
  both = g_strconcat (own, "\n", system, NULL);
  blob.data = both;
  blob.len = strlen (both);
  blob.flags = CURL_BLOB_COPY;
  curl_easy_setopt (handle, CURLOPT_CAINFO_BLOB, &blob);
}

void
pmt_http_set_common (PmtHttp *http, CURL *handle, const gchar *url)
{
  curl_easy_setopt (handle, CURLOPT_URL, url);
  curl_easy_setopt (handle, CURLOPT_PROTOCOLS_STR, "http,https,ws,wss");
  curl_easy_setopt (handle, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt (handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt (handle, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt (handle, CURLOPT_SSL_VERIFYHOST, 2L);
  curl_easy_setopt (handle, CURLOPT_USERAGENT, "Pentimento/" PMT_VERSION);
  curl_easy_setopt (handle, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
  curl_easy_setopt (handle, CURLOPT_CONNECTTIMEOUT,
                    (long)http->options.connect_s);
  if (pmt_origin_is_loopback (url))
    curl_easy_setopt (handle, CURLOPT_NOPROXY, "*");
  add_certificates (http, handle);
}

/* A line break would begin another header, or the body. */
static gboolean
is_header (const gchar *line)
{
  const gchar *colon = strchr (line, ':');

  if (colon == NULL || colon == line)
    return FALSE;
  for (const gchar *at = line; *at != '\0'; at++)
    if (g_ascii_iscntrl (*at))
      return FALSE;
  return TRUE;
}

gboolean
pmt_http_headers_add (struct curl_slist **headers, const gchar *const *lines)
{
  for (guint i = 0; lines != NULL && lines[i] != NULL; i++)
    if (!is_header (lines[i]))
      return FALSE;
  for (guint i = 0; lines != NULL && lines[i] != NULL; i++)
    *headers = curl_slist_append (*headers, lines[i]);
  return TRUE;
}

/* ----------------------------------------------------------------- faults */

static gboolean
is_certificate (CURLcode code)
{
  return code == CURLE_PEER_FAILED_VERIFICATION
         || code == CURLE_SSL_CACERT_BADFILE || code == CURLE_SSL_ISSUER_ERROR
         || code == CURLE_SSL_INVALIDCERTSTATUS;
}

void
pmt_http_fault_from_curl (CURLcode code, const gchar *words, PmtFault *fault)
{
  const gchar *said =
      words != NULL && *words != '\0' ? words : curl_easy_strerror (code);
  g_autofree gchar *detail = NULL;

  switch (code)
    {
    case CURLE_ABORTED_BY_CALLBACK:
      pmt_fault_take (fault, PMT_FAULT_CANCELLED, NULL);
      return;
    case CURLE_OPERATION_TIMEDOUT:
      pmt_fault_take (fault, PMT_FAULT_TIMEOUT, NULL);
      return;
    case CURLE_FILESIZE_EXCEEDED:
      pmt_fault_take (fault, PMT_FAULT_SERVER,
                      _ ("the answer is larger than it may be"));
      return;
    default:
      if (is_certificate (code))
        detail = g_strdup_printf (_ ("its certificate can't be trusted: %s"),
                                  said);
      pmt_fault_take (fault, PMT_FAULT_NETWORK,
                      detail != NULL ? detail : said);
      return;
    }
}

/* --------------------------------------------------------------- transfer */

/* The multi interface, because a blocked transfer looks at its callbacks once
 * a second only. */
CURLcode
pmt_transfer (CURL *handle, GCancellable *cancellable)
{
  CURLM *multi = curl_multi_init ();
  CURLcode code = CURLE_FAILED_INIT;
  gint n_running = 1;

  if (multi == NULL)
    return code;
  curl_multi_add_handle (multi, handle);
  while (n_running > 0)
    {
      CURLMsg *message;
      gint n_left;

      if (g_cancellable_is_cancelled (cancellable))
        {
          code = CURLE_ABORTED_BY_CALLBACK;
          break;
        }
      if (curl_multi_perform (multi, &n_running) != CURLM_OK)
        break;
      message = curl_multi_info_read (multi, &n_left);
      if (message != NULL && message->msg == CURLMSG_DONE)
        {
          code = message->data.result;
          break;
        }
      if (n_running > 0)
        curl_multi_poll (multi, NULL, 0, POLL_MS, NULL);
    }
  curl_multi_remove_handle (multi, handle);
  curl_multi_cleanup (multi);
  return code;
}
