/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* key.c: keys of services: of the program, environment, keyring. */
#include "config.h"

#include "remote/key.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "remote/origin.h"
#include "remote/secret-service.h"

#define MAX_KEY 4096

void
pmt_key_free (gchar *key)
{
  if (key != NULL)
    explicit_bzero (key, strlen (key));
  g_free (key);
}

/* What can stand in a header, without the white space of a careless paste. */
static gchar *
clean_key (const gchar *key)
{
  gchar *copy;

  if (key == NULL || strlen (key) > MAX_KEY)
    return NULL;
  copy = g_strstrip (g_strdup (key));
  for (const gchar *at = copy; *at != '\0'; at++)
    if (g_ascii_iscntrl (*at))
      {
        pmt_key_free (copy);
        return NULL;
      }
  if (*copy != '\0')
    return copy;
  g_free (copy);
  return NULL;
}

/* Of the program or the environment; sets @is_last when no other place is
 * left to look in. */
static gchar *
find_outside (const PmtKeyring *keyring,
              const PmtAccount *account,
              const gchar *origin,
              gboolean *is_last)
{
  gchar *found;
  gchar *key;

  *is_last = keyring->find != NULL;
  if (keyring->find == NULL)
    return account->key_env != NULL ? clean_key (g_getenv (account->key_env))
                                    : NULL;
  found = keyring->find (account->id, origin, keyring->find_data);
  key = clean_key (found);
  pmt_key_free (found);
  return key;
}

/* NULL where a key can't be used. */
static gchar *
find_origin (const PmtAccount *account)
{
  return account->base_url != NULL && account->auth_header != NULL
             ? pmt_origin_of_url (account->base_url)
             : NULL;
}

gchar *
pmt_key_find (const PmtKeyring *keyring,
              const PmtAccount *account,
              GCancellable *cancellable,
              GError **error)
{
  g_autofree gchar *origin = find_origin (account);
  gboolean is_last = FALSE;
  gchar *secret;
  gchar *key;

  if (origin == NULL)
    return NULL;
  key = find_outside (keyring, account, origin, &is_last);
  if (key != NULL || is_last)
    return key;
  secret = pmt_secret_find (account, origin, cancellable, error);
  key = clean_key (secret);
  pmt_key_free (secret);
  return key;
}

gboolean
pmt_key_exists (const PmtKeyring *keyring, const PmtAccount *account)
{
  g_autofree gchar *origin = find_origin (account);
  gboolean is_last = FALSE;
  gchar *key;

  if (origin == NULL)
    return FALSE;
  key = find_outside (keyring, account, origin, &is_last);
  if (key == NULL)
    return !is_last && pmt_secret_exists (account, origin);
  pmt_key_free (key);
  return TRUE;
}

void
pmt_key_set_missing (const PmtAccount *account, GError **error)
{
  const gchar *variable =
      account->key_env != NULL ? account->key_env : "key_env";

  if (pmt_secret_is_silent ())
    g_set_error (error, PMT_ERROR, PMT_ERROR_KEY,
                 _ ("The keyring of the desktop, where the key for “%s” may "
                    "be, does not answer. Sign in to the desktop again, or put "
                    "the key into the environment variable %s."),
                 account->label, variable);
  else
    g_set_error (error, PMT_ERROR, PMT_ERROR_KEY,
                 _ ("There is no key for “%s”. Enter it in Filters > "
                    "Pentimento > Settings, or put it into the environment "
                    "variable %s."),
                 account->label, variable);
}

gboolean
pmt_key_store (const PmtAccount *account, const gchar *key, GError **error)
{
  g_autofree gchar *origin = NULL;
  gchar *cleaned;
  gboolean is_ok;

  if (account->base_url != NULL)
    origin = pmt_origin_of_url (account->base_url);
  if (origin == NULL)
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_KEY,
                   _ ("The address of “%s” is not known. Enter it before the "
                      "key."),
                   account->label);
      return FALSE;
    }
  if (key == NULL)
    return pmt_secret_store (account, origin, NULL, error);
  cleaned = clean_key (key);
  if (cleaned == NULL)
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_KEY,
                   _ ("This is no key of “%s”: it is empty or has characters "
                      "that a key can't have. Copy it again."),
                   account->label);
      return FALSE;
    }
  is_ok = pmt_secret_store (account, origin, cleaned, error);
  pmt_key_free (cleaned);
  return is_ok;
}
