/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* fuzz-origin.c: any bytes as an address, a redirect, a header, a complaint of
 * a service.  Lines: a base, a reference, and what else there is. */
#include "config.h"

#include <string.h>

#include "fuzz.h"
#include "remote/fault.h"
#include "remote/http-private.h"
#include "remote/origin.h"

#define BASE "https://example.com:8443/a/b?c"

/* An origin is a URL of itself. */
static void
check_origin (const gchar *url)
{
  g_autofree gchar *origin = pmt_origin_of_url (url);
  g_autofree gchar *again = NULL;

  g_assert_true (pmt_origin_is_same (url, url) == (origin != NULL));
  if (origin == NULL)
    {
      g_assert_false (pmt_origin_is_loopback (url));
      g_assert_false (pmt_origin_check (url, "x", NULL));
      return;
    }
  g_assert_true (g_str_has_prefix (origin, "http"));
  g_assert_null (strchr (origin, '@'));
  again = pmt_origin_of_url (origin);
  g_assert_cmpstr (again, ==, origin);
  g_assert_cmpint (pmt_origin_is_loopback (url), ==,
                   pmt_origin_is_loopback (origin));
  if (pmt_origin_check (url, "x", NULL))
    g_assert_true (g_str_has_prefix (origin, "https:")
                   || pmt_origin_is_loopback (url));
}

/* libcurl connects to the host that was judged. */
static void
check_host (const gchar *url)
{
  g_autofree gchar *origin = pmt_origin_of_url (url);
  CURLU *parts = curl_url ();
  char *host = NULL;

  if (origin != NULL && g_ascii_strncasecmp (url, "http", 4) == 0
      && curl_url_set (parts, CURLUPART_URL, url, 0) == CURLUE_OK
      && curl_url_get (parts, CURLUPART_HOST, &host, 0) == CURLUE_OK
      && pmt_origin_is_loopback (url))
    {
      g_autofree gchar *rebuilt = g_strdup_printf ("http://%s/", host);

      g_assert_true (pmt_origin_is_loopback (rebuilt));
    }
  curl_free (host);
  curl_url_cleanup (parts);
}

static void
check_reference (const gchar *base, const gchar *reference)
{
  g_autofree gchar *url = pmt_origin_resolve (base, reference);
  g_autofree gchar *origin = pmt_origin_of_url (url);

  g_assert_true ((url == NULL) == (origin == NULL));
  if (url != NULL)
    check_origin (url);
}

static void
check_detail (const gchar *detail, const gchar *secret)
{
  g_autofree gchar *text = pmt_fault_clean_detail (detail, secret);

  if (text == NULL)
    return;
  g_assert_true (g_utf8_validate (text, -1, NULL));
  g_assert_cmpint (g_utf8_strlen (text, -1), <=, 300);
  g_assert_null (strpbrk (text, "\r\n\t"));
  g_assert_false (g_str_has_suffix (text, "."));
  if (secret != NULL && *secret != '\0')
    g_assert_null (strstr (text, secret));
  for (const gchar *at = strchr (text, '<'); at != NULL;
       at = strchr (at + 1, '<'))
    g_assert_false (g_ascii_isalpha (at[1]) || at[1] == '/');
}

static void
check_header (const gchar *line)
{
  const gchar *const headers[] = { line, NULL };
  g_autofree gchar *parsed = pmt_http_header_parse (line, strlen (line));
  gchar *received[] = { parsed, NULL };
  PmtHttpAnswer answer = { 0 };

  if (pmt_http_headers_check (headers, "x", NULL))
    g_assert_null (strpbrk (line, "\r\n"));
  answer.headers = received;
  g_assert_cmpfloat (pmt_http_answer_get_retry_after (&answer), <=, 86400.0);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  /* libFuzzer may pass no bytes at all. */
  g_autofree gchar *text =
      g_strndup (data != NULL ? (const gchar *)data : "", size);
  g_auto (GStrv) lines = g_strsplit (text, "\n", 3);
  guint count = g_strv_length (lines);

  for (guint i = 0; i < count; i++)
    {
      g_autofree gchar *joined = pmt_origin_join (BASE, lines[i]);

      check_origin (lines[i]);
      check_host (lines[i]);
      check_reference (BASE, lines[i]);
      check_header (lines[i]);
      check_reference (lines[0], lines[i]);
      g_assert_true (g_str_has_prefix (joined, BASE));
    }
  check_origin (text);
  check_header (text);
  check_detail (text, NULL);
  check_detail (text, count > 0 ? lines[0] : NULL);
  return 0;
}
