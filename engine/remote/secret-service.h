/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* secret-service.h: keys in the keyring of the desktop. */
#pragma once

#include "remote/account.h"

G_BEGIN_DECLS

/**
 * pmt_secret_find:
 * @origin: of the address that the key may be sent to
 * @error: G_IO_ERROR_CANCELLED; PMT_ERROR_KEY: the keyring stayed locked, or
 *   did not answer within a few seconds
 *
 * Looks in the Secret Service, through libsecret.  May wait for the user to
 * unlock the keyring, when it has such a key.  A desktop without one has no
 * key.  Thread: any.
 *
 * Returns: (transfer full) (nullable): free with pmt_key_free()
 */
gchar *pmt_secret_find (const PmtAccount *account,
                        const gchar *origin,
                        GCancellable *cancellable,
                        GError **error);

/**
 * pmt_secret_exists:
 *
 * Whether there is one, in a locked keyring too; see pmt_key_exists().
 */
gboolean pmt_secret_exists (const PmtAccount *account, const gchar *origin);

/** pmt_secret_is_silent: whether it did not answer a short time ago. */
gboolean pmt_secret_is_silent (void);

/**
 * pmt_secret_store:
 * @key: (nullable): %NULL: it is forgotten
 * @error: PMT_ERROR_KEY, PMT_ERROR_UNSUPPORTED (a build without libsecret)
 */
gboolean pmt_secret_store (const PmtAccount *account,
                           const gchar *origin,
                           const gchar *key,
                           GError **error);

G_END_DECLS
