/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* http.c: the object that keeps connections. */
#include "config.h"

#include <string.h>

#include "remote/http-private.h"

/* libcurl takes one set of certificates: the system's, and behind them those
 * of @ca_file. */
static void
load_certificates (PmtHttp *http, const gchar *ca_file)
{
  const curl_version_info_data *info = curl_version_info (CURLVERSION_NOW);
  g_autofree gchar *own = NULL;
  g_autofree gchar *system = NULL;
  gchar *all;

  if (!g_file_get_contents (ca_file, &own, NULL, NULL))
    {
      http->is_ca_file_missing = TRUE;
      return;
    }
  if (info->age < CURLVERSION_SEVENTH || info->cainfo == NULL
      || !g_file_get_contents (info->cainfo, &system, NULL, NULL))
    system = g_strdup ("");
  all = g_strconcat (system, "\n", own, NULL);
  http->certificates = g_bytes_new_take (all, strlen (all));
}

PmtHttp *
pmt_http_new (const PmtHttpOptions *options)
{
  PmtHttp *http = g_new0 (PmtHttp, 1);

  g_atomic_ref_count_init (&http->refs);
  http->connect_s = options->connect_s;
  http->idle_s = options->idle_s;
  http->total_s = options->total_s;
  g_mutex_init (&http->mutex);
  g_queue_init (&http->lines);
  if (options->ca_file != NULL)
    load_certificates (http, options->ca_file);
  return http;
}

PmtHttp *
pmt_http_ref (PmtHttp *http)
{
  g_atomic_ref_count_inc (&http->refs);
  return http;
}

void
pmt_http_unref (PmtHttp *http)
{
  if (!g_atomic_ref_count_dec (&http->refs))
    return;
  g_queue_clear_full (&http->lines, (GDestroyNotify)pmt_http_line_free);
  g_mutex_clear (&http->mutex);
  g_clear_pointer (&http->certificates, g_bytes_unref);
  g_free (http);
}

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
