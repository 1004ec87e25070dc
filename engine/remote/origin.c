/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* origin.c: which addresses may be asked, and which may see a key. */
#include "config.h"

#include "remote/origin.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <string.h>

/* What is encoded stays so: signed addresses must arrive as they were given. */
#define URI_FLAGS                                                              \
  (G_URI_FLAGS_ENCODED | G_URI_FLAGS_HAS_PASSWORD | G_URI_FLAGS_HAS_AUTH_PARAMS)

static const struct
{
  const gchar *name;
  const gchar *counts_as;
  gint port;
} schemes[] = {
  { "http", "http", 80 },
  { "https", "https", 443 },
  { "ws", "http", 80 },
  { "wss", "https", 443 },
};

static gint
find_scheme (const gchar *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (schemes); i++)
    if (g_ascii_strcasecmp (schemes[i].name, name) == 0)
      return i;
  return -1;
}

static gboolean
has_controls (const gchar *url)
{
  for (; *url != '\0'; url++)
    if ((guchar)*url <= ' ' || *url == 0x7f)
      return TRUE;
  return FALSE;
}

/* Programs read hosts with other characters (escapes, backslashes, letters
 * beyond ASCII) each in its own way: there is one reading of these.  The names
 * of international domains are written with "xn--". */
static gboolean
is_plain_authority (const gchar *url)
{
  const gchar *start = strstr (url, "://");
  gsize length, plain;

  if (start == NULL)
    return FALSE;
  start += 3;
  length = strcspn (start, "/?#");
  plain = strspn (start, "abcdefghijklmnopqrstuvwxyz"
                         "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:[]");
  return length > 0 && plain >= length;
}

static gboolean
is_plain_host (const gchar *host)
{
  return host != NULL && *host != '\0' && *host != '.'
         && strstr (host, "..") == NULL;
}

/* @url without what only looks like a host; NULL for what is none of ours. */
static GUri *
parse (const gchar *url)
{
  g_autoptr (GUri) uri = NULL;

  if (url == NULL || has_controls (url) || !is_plain_authority (url))
    return NULL;
  uri = g_uri_parse (url, URI_FLAGS, NULL);
  if (uri == NULL || find_scheme (g_uri_get_scheme (uri)) < 0
      || !is_plain_host (g_uri_get_host (uri))
      || g_uri_get_userinfo (uri) != NULL || g_uri_get_port (uri) == 0)
    return NULL;
  return g_steal_pointer (&uri);
}

/* In lower case, or the one way to write an IPv6 address, in brackets. */
static gchar *
canonical_host (const GUri *uri)
{
  const gchar *host = g_uri_get_host ((GUri *)uri);
  g_autoptr (GInetAddress) address = NULL;
  g_autofree gchar *text = NULL;

  if (strchr (host, ':') == NULL)
    return g_ascii_strdown (host, -1);
  address = g_inet_address_new_from_string (host);
  if (address == NULL)
    return NULL;
  text = g_inet_address_to_string (address);
  return g_strdup_printf ("[%s]", text);
}

gchar *
pmt_origin_of_url (const gchar *url)
{
  g_autoptr (GUri) uri = parse (url);
  g_autofree gchar *host = uri != NULL ? canonical_host (uri) : NULL;
  gint scheme, port;

  if (host == NULL)
    return NULL;
  scheme = find_scheme (g_uri_get_scheme (uri));
  port = g_uri_get_port (uri);
  return g_strdup_printf ("%s://%s:%d", schemes[scheme].counts_as, host,
                          port > 0 ? port : schemes[scheme].port);
}

gboolean
pmt_origin_is_same (const gchar *url, const gchar *other)
{
  g_autofree gchar *first = pmt_origin_of_url (url);
  g_autofree gchar *second = pmt_origin_of_url (other);

  return first != NULL && g_strcmp0 (first, second) == 0;
}

gboolean
pmt_origin_is_loopback (const gchar *url)
{
  g_autoptr (GUri) uri = parse (url);
  g_autoptr (GInetAddress) address = NULL;
  const gchar *host;
  gsize length;

  if (uri == NULL)
    return FALSE;
  host = g_uri_get_host (uri);
  address = g_inet_address_new_from_string (host);
  if (address != NULL)
    return g_inet_address_get_is_loopback (address);
  length = strlen (host);
  if (g_ascii_strcasecmp (host, "localhost") == 0)
    return TRUE;
  return length > strlen (".localhost")
         && g_ascii_strcasecmp (host + length - strlen (".localhost"),
                                ".localhost")
                == 0;
}

/* Addresses may hold keys: at most the host is told. */
gboolean
pmt_origin_check (const gchar *url, const gchar *label, GError **error)
{
  g_autofree gchar *origin = pmt_origin_of_url (url);

  if (url != NULL && strchr (url, '@') != NULL && origin == NULL)
    g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
                 _ ("The address of “%s” can't be used: it has a user or a "
                    "password in it. Leave them out; the key belongs into "
                    "the settings."),
                 label);
  else if (origin == NULL
           || g_ascii_strncasecmp (url, "http", strlen ("http")) != 0)
    g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
                 _ ("The address of “%s” can't be used. It must look like "
                    "https://example.com."),
                 label);
  else if (g_str_has_prefix (origin, "http:") && !pmt_origin_is_loopback (url))
    g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
                 _ ("The address of “%s” can't be used: %s is another "
                    "computer, and others could read what is sent there by "
                    "http. Use https."),
                 label, origin);
  else
    return TRUE;
  return FALSE;
}

gchar *
pmt_origin_resolve (const gchar *base, const gchar *reference)
{
  g_autoptr (GUri) from = parse (base);
  g_autoptr (GUri) uri = NULL;
  g_autoptr (GUri) result = NULL;
  g_autofree gchar *text = NULL;

  if (from == NULL || reference == NULL || has_controls (reference))
    return NULL;
  /* As it is: signatures may cover the way in which it is written. */
  result = parse (reference);
  if (result != NULL)
    return g_strdup (reference);
  uri = g_uri_parse_relative (from, reference, URI_FLAGS, NULL);
  if (uri == NULL)
    return NULL;
  /* GLib may have decoded something in the host: the text is what counts. */
  text = g_uri_to_string (uri);
  result = parse (text);
  return result != NULL ? g_steal_pointer (&text) : NULL;
}

gchar *
pmt_origin_join (const gchar *base, const gchar *path)
{
  gsize length = strlen (base);

  while (length > 0 && base[length - 1] == '/')
    length--;
  path += strspn (path, "/");
  if (*path == '\0')
    return g_strndup (base, length);
  return g_strdup_printf ("%.*s/%s", (gint)length, base, path);
}
