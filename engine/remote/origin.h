/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* origin.h: which addresses may be asked, and which may see a key. */
#pragma once

#include "pentimento.h"

G_BEGIN_DECLS

/**
 * pmt_origin_of_url:
 *
 * Returns: (transfer full) (nullable): "https://host:443": scheme, host in
 *   lower case and port (RFC 6454); ws counts as http, wss as https; %NULL for
 *   what is no URL of these.
 */
gchar *pmt_origin_of_url (const gchar *url);

/** pmt_origin_is_same: whether both are URLs of one origin. */
gboolean pmt_origin_is_same (const gchar *url, const gchar *other);

/** pmt_origin_is_loopback: localhost, 127.0.0.0/8, ::1, *.localhost. */
gboolean pmt_origin_is_loopback (const gchar *url);

/**
 * pmt_origin_check:
 * @label: name of the service, for the message
 * @error: PMT_ERROR_ARGUMENT: no http(s) URL, a user or password in it, or
 *   http to another machine
 */
gboolean
pmt_origin_check (const gchar *url, const gchar *label, GError **error);

/**
 * pmt_origin_resolve:
 * @base: a URL
 * @reference: a URL, or one relative to @base (RFC 3986, 5)
 *
 * Returns: (transfer full) (nullable): absolute; %NULL when it is none.
 */
gchar *pmt_origin_resolve (const gchar *base, const gchar *reference);

/**
 * pmt_origin_join:
 * @base: such as "https://host/api"
 * @path: such as "/v1/job"; its parts are used as they are
 *
 * Returns: (transfer full): with one slash between them.
 */
gchar *pmt_origin_join (const gchar *base, const gchar *path);

G_END_DECLS
