/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* origin.c: which addresses may be asked, and which may see a key. */
#include "config.h"

#include "remote/origin.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <string.h>

/* "http" or "https" of the four schemes; %NULL for others. */
static const gchar *
plain_scheme (const gchar *scheme)
{
  if (g_ascii_strcasecmp (scheme, "https") == 0
      || g_ascii_strcasecmp (scheme, "wss") == 0)
    return "https";
  if (g_ascii_strcasecmp (scheme, "http") == 0
      || g_ascii_strcasecmp (scheme, "ws") == 0)
    return "http";
  return NULL;
}

static gboolean
has_bad_bytes (const gchar *url)
{
  for (; *url != '\0'; url++)
    if ((guchar)*url <= 0x20 || (guchar)*url == 0x7f || *url == '\\')
      return TRUE;
  return FALSE;
}

/* What libcurl and GLib could read differently is refused. */
static GUri *
parse (const gchar *url)
{
  g_autoptr (GUri) uri = NULL;
  const gchar *host;

  if (url == NULL || has_bad_bytes (url))
    return NULL;
  uri = g_uri_parse (url, G_URI_FLAGS_ENCODED, NULL);
  if (uri == NULL || plain_scheme (g_uri_get_scheme (uri)) == NULL)
    return NULL;
  host = g_uri_get_host (uri);
  if (host == NULL || *host == '\0' || strchr (host, '%') != NULL
      || g_uri_get_userinfo (uri) != NULL || g_uri_get_port (uri) == 0)
    return NULL;
  return g_steal_pointer (&uri);
}

static gchar *
plain_host (const gchar *host)
{
  gchar *lower = g_ascii_strdown (host, -1);
  const gsize length = strlen (lower);

  if (length > 1 && lower[length - 1] == '.')
    lower[length - 1] = '\0';
  return lower;
}

gchar *
pmt_origin_of_url (const gchar *url)
{
  g_autoptr (GUri) uri = parse (url);
  g_autofree gchar *host = NULL;
  const gchar *scheme;
  gboolean is_v6;
  gint port;

  if (uri == NULL)
    return NULL;
  scheme = plain_scheme (g_uri_get_scheme (uri));
  host = plain_host (g_uri_get_host (uri));
  port = g_uri_get_port (uri);
  if (port < 0)
    port = g_str_equal (scheme, "https") ? 443 : 80;
  is_v6 = strchr (host, ':') != NULL;
  return g_strdup_printf ("%s://%s%s%s:%d", scheme, is_v6 ? "[" : "", host,
                          is_v6 ? "]" : "", port);
}

gboolean
pmt_origin_is_same (const gchar *url, const gchar *other)
{
  g_autofree gchar *a = pmt_origin_of_url (url);
  g_autofree gchar *b = pmt_origin_of_url (other);

  return a != NULL && g_strcmp0 (a, b) == 0;
}

gboolean
pmt_origin_is_loopback (const gchar *url)
{
  g_autoptr (GUri) uri = parse (url);
  g_autofree gchar *host = NULL;
  g_autoptr (GInetAddress) address = NULL;

  if (uri == NULL)
    return FALSE;
  host = plain_host (g_uri_get_host (uri));
  if (g_str_equal (host, "localhost") || g_str_has_suffix (host, ".localhost"))
    return TRUE;
  address = g_inet_address_new_from_string (host);
  return address != NULL && g_inet_address_get_is_loopback (address);
}

gboolean
pmt_origin_check (const gchar *url, const gchar *label, GError **error)
{
  g_autoptr (GUri) uri = parse (url);

  if (uri == NULL)
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
                   _ ("The address of “%s” can't be used. It must look like "
                      "https://host/path, without a user or a password."),
                   label);
      return FALSE;
    }
  if (g_str_equal (plain_scheme (g_uri_get_scheme (uri)), "https")
      || pmt_origin_is_loopback (url))
    return TRUE;
  g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
               _ ("The address of “%s” begins with http://, which anybody on "
                  "the way can read. Use https://; http:// is for servers on "
                  "this machine only."),
               label);
  return FALSE;
}

gchar *
pmt_origin_resolve (const gchar *base, const gchar *reference)
{
  g_autofree gchar *resolved = NULL;
  g_autofree gchar *origin = NULL;

  if (has_bad_bytes (reference))
    return NULL;
  resolved =
      g_uri_resolve_relative (base, reference, G_URI_FLAGS_ENCODED, NULL);
  if (resolved == NULL)
    return NULL;
  origin = pmt_origin_of_url (resolved);
  return origin != NULL ? g_steal_pointer (&resolved) : NULL;
}

gchar *
pmt_origin_join (const gchar *base, const gchar *path)
{
  gsize length = strlen (base);

  while (length > 0 && base[length - 1] == '/')
    length--;
  while (*path == '/')
    path++;
  return g_strdup_printf ("%.*s/%s", (gint)length, base, path);
}
