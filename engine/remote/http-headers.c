/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* http-headers.c: headers that are sent, and those that come back. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "remote/http-private.h"
#include "remote/origin.h"

/* RFC 9110, 5.6.2. */
#define TOKEN                                                                  \
  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"             \
  "!#$%&'*+-.^_`|~"

#define DAY_S 86400.0

static gboolean
is_header (const gchar *header)
{
  gsize length = strspn (header, TOKEN);

  if (length == 0 || header[length] != ':')
    return FALSE;
  /* These say where a body ends, which is not for others to say. */
  if (g_ascii_strncasecmp (header, "content-length:", 15) == 0
      || g_ascii_strncasecmp (header, "transfer-encoding:", 18) == 0)
    return FALSE;
  for (const gchar *at = header + length; *at != '\0'; at++)
    if (((guchar)*at < ' ' && *at != '\t') || *at == 0x7f)
      return FALSE;
  return TRUE;
}

gboolean
pmt_http_headers_check (const gchar *const *headers,
                        const gchar *label,
                        GError **error)
{
  for (; headers != NULL && *headers != NULL; headers++)
    if (!is_header (*headers))
      {
        g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
                     _ ("A request to “%s” can't be sent: the key or a header "
                        "has characters that may not be there. Check them in "
                        "the settings."),
                     label);
        return FALSE;
      }
  return TRUE;
}

/* libcurl takes "Name:" as the wish to leave the header out, and sends an
 * empty one for "Name;". */
PmtCurlList *
pmt_http_headers_add (PmtCurlList *list, const gchar *header)
{
  g_autofree gchar *text = g_strchomp (g_strdup (header));

  if (g_str_has_suffix (text, ":"))
    text[strlen (text) - 1] = ';';
  return curl_slist_append (list, text);
}

static PmtCurlList *
add_all (PmtCurlList *list, const gchar *const *headers)
{
  for (; headers != NULL && *headers != NULL; headers++)
    list = pmt_http_headers_add (list, *headers);
  return list;
}

static gboolean
has_content_type (const gchar *const *headers)
{
  for (; headers != NULL && *headers != NULL; headers++)
    if (g_ascii_strncasecmp (*headers, "content-type:", 13) == 0)
      return TRUE;
  return FALSE;
}

PmtCurlList *
pmt_http_headers_new (const PmtHttpRequest *request, const gchar *url)
{
  gboolean may_see = request->secret_origin != NULL
                     && pmt_origin_is_same (url, request->secret_origin);
  PmtCurlList *list = NULL;

  list = add_all (list, request->headers);
  if (may_see)
    list = add_all (list, request->secret_headers);
  if (request->content_type != NULL && request->form == NULL)
    {
      g_autofree gchar *header =
          g_strconcat ("Content-Type: ", request->content_type, NULL);

      list = pmt_http_headers_add (list, header);
    }
  else if (request->form == NULL && !has_content_type (request->headers)
           && !has_content_type (request->secret_headers))
    list = curl_slist_append (list, "Content-Type:");
  return curl_slist_append (list, "Expect:");
}

gchar *
pmt_http_header_parse (const gchar *line, gsize length)
{
  const gchar *colon = memchr (line, ':', length);
  g_autofree gchar *name = NULL;
  g_autofree gchar *value = NULL;
  g_autofree gchar *text = NULL;

  if (colon == NULL || colon == line || g_ascii_isspace (*line))
    return NULL;
  name = g_strndup (line, colon - line);
  text = g_strndup (colon + 1, line + length - colon - 1);
  if (strlen (name) != strspn (name, TOKEN))
    return NULL;
  value = g_utf8_make_valid (g_strstrip (text), -1);
  g_free (text);
  text = g_ascii_strdown (name, -1);
  return g_strdup_printf ("%s: %s", text, value);
}

const gchar *
pmt_http_answer_get_header (const PmtHttpAnswer *answer, const gchar *name)
{
  gsize length = strlen (name);

  for (gchar **header = answer->headers; header != NULL && *header != NULL;
       header++)
    if (strncmp (*header, name, length) == 0
        && g_str_has_prefix (*header + length, ": "))
      return *header + length + 2;
  return NULL;
}

gdouble
pmt_http_answer_get_retry_after (const PmtHttpAnswer *answer)
{
  const gchar *value = pmt_http_answer_get_header (answer, "retry-after");
  gchar *end = NULL;
  gdouble seconds;
  time_t date;

  if (value == NULL || *value == '\0')
    return -1.0;
  if (strspn (value, "0123456789.") == strlen (value))
    {
      seconds = g_ascii_strtod (value, &end);
      return *end == '\0' && isfinite (seconds) ? MIN (seconds, DAY_S) : -1.0;
    }
  date = curl_getdate (value, NULL);
  if (date == (time_t)-1)
    return -1.0;
  seconds = (gdouble)date - (gdouble)g_get_real_time () / G_USEC_PER_SEC;
  return CLAMP (seconds, 0.0, DAY_S);
}
