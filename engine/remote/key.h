/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* key.h: keys of services: of the program, environment, keyring. */
#pragma once

#include "remote/account.h"

G_BEGIN_DECLS

/**
 * PmtKeyring: where keys are looked up
 * @find: (nullable): of the program that embeds the engine
 */
typedef struct
{
  PmtKeyFunc find;
  gpointer find_data;
} PmtKeyring;

/**
 * pmt_key_find:
 * @error: PMT_ERROR_KEY when the keyring failed
 *
 * The program's own function; else the environment variable of the account;
 * else the keyring of the desktop (Secret Service, through libsecret), under
 * the account's id and the origin of its address: a key is never found for
 * another address than the one it was entered for.
 * Thread: any.  May wait for the user to unlock the keyring.
 *
 * Returns: (transfer full) (nullable): free with pmt_key_free(); %NULL without
 *   @error when there is none.
 */
gchar *pmt_key_find (const PmtKeyring *keyring,
                     const PmtAccount *account,
                     GCancellable *cancellable,
                     GError **error);

/**
 * pmt_key_exists:
 *
 * Whether pmt_key_find() would have a key to give, as far as can be told
 * without unlocking the keyring: nobody is asked for a password, and a keyring
 * that doesn't answer is waited for a few seconds only, once in a minute.
 * Thread: any.
 */
gboolean pmt_key_exists (const PmtKeyring *keyring, const PmtAccount *account);

/** pmt_key_set_missing: that there is no key (PMT_ERROR_KEY), where to put one,
 * and whether the keyring kept silent. */
void pmt_key_set_missing (const PmtAccount *account, GError **error);

/** pmt_key_free: overwrites it first. */
void pmt_key_free (gchar *key);

/**
 * pmt_key_store:
 * @key: (nullable): %NULL: the key is forgotten
 * @error: PMT_ERROR_KEY, PMT_ERROR_UNSUPPORTED (a build without libsecret)
 */
gboolean
pmt_key_store (const PmtAccount *account, const gchar *key, GError **error);

G_END_DECLS
