/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* key.c: keys of services: environment, keyring. */
#include "config.h"

#include "remote/key.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#ifdef HAVE_LIBSECRET
#include <libsecret/secret.h>
#endif

#include "remote/origin.h"

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

#ifdef HAVE_LIBSECRET

static const SecretSchema schema = {
  "org.pentimento.Key",
  SECRET_SCHEMA_NONE,
  {
      { "account", SECRET_SCHEMA_ATTRIBUTE_STRING },
      { "origin", SECRET_SCHEMA_ATTRIBUTE_STRING },
      { NULL, 0 },
  },
};

static gboolean
fail_keyring (const PmtAccount *account, const GError *reason, GError **error)
{
  g_set_error (error, PMT_ERROR, PMT_ERROR_KEY,
               _ ("The keyring of the desktop could not be used for the key of "
                  "“%s”: %s. Put the key into the environment variable %s "
                  "instead."),
               account->label, reason->message,
               account->key_env != NULL ? account->key_env : "key_env");
  return FALSE;
}

static gchar *
find_in_keyring (const PmtAccount *account,
                 const gchar *origin,
                 GCancellable *cancellable,
                 GError **error)
{
  g_autoptr (GError) local = NULL;
  gchar *secret;
  gchar *key;

  /* Without a session there is no keyring to ask, and that is no fault. */
  if (g_getenv ("DBUS_SESSION_BUS_ADDRESS") == NULL
      && g_getenv ("XDG_RUNTIME_DIR") == NULL)
    return NULL;
  secret = secret_password_lookup_sync (&schema, cancellable, &local, "account",
                                        account->id, "origin", origin, NULL);
  if (local != NULL)
    {
      g_debug ("keyring: %s", local->message);
      if (g_error_matches (local, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }
  key = clean_key (secret);
  secret_password_free (secret);
  return key;
}

static gboolean
store_in_keyring (const PmtAccount *account,
                  const gchar *origin,
                  const gchar *key,
                  GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autofree gchar *label =
      g_strdup_printf (_ ("Pentimento: key for %s"), account->label);

  if (key == NULL)
    secret_password_clear_sync (&schema, NULL, &local, "account", account->id,
                                "origin", origin, NULL);
  else
    secret_password_store_sync (&schema, SECRET_COLLECTION_DEFAULT, label, key,
                                NULL, &local, "account", account->id, "origin",
                                origin, NULL);
  return local == NULL || fail_keyring (account, local, error);
}

#else

static gchar *
find_in_keyring (const PmtAccount *account,
                 const gchar *origin,
                 GCancellable *cancellable,
                 GError **error)
{
  return NULL;
}

static gboolean
store_in_keyring (const PmtAccount *account,
                  const gchar *origin,
                  const gchar *key,
                  GError **error)
{
  g_set_error (error, PMT_ERROR, PMT_ERROR_UNSUPPORTED,
               _ ("This build of Pentimento can't use the keyring. Put the key "
                  "of “%s” into the environment variable %s."),
               account->label,
               account->key_env != NULL ? account->key_env : "key_env");
  return FALSE;
}

#endif

gchar *
pmt_key_find (const PmtKeyring *keyring,
              const PmtAccount *account,
              GCancellable *cancellable,
              GError **error)
{
  g_autofree gchar *origin = NULL;
  gchar *key;

  if (account->base_url == NULL || account->auth_header == NULL)
    return NULL;
  origin = pmt_origin_of_url (account->base_url);
  if (origin == NULL)
    return NULL;
  if (keyring->find != NULL)
    {
      gchar *found = keyring->find (account->id, origin, keyring->find_data);

      key = clean_key (found);
      pmt_key_free (found);
      return key;
    }
  key =
      account->key_env != NULL ? clean_key (g_getenv (account->key_env)) : NULL;
  return key != NULL ? key
                     : find_in_keyring (account, origin, cancellable, error);
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
    return store_in_keyring (account, origin, NULL, error);
  cleaned = clean_key (key);
  if (cleaned == NULL)
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_KEY,
                   _ ("This is no key of “%s”: it is empty or has characters "
                      "that a key can't have. Copy it again."),
                   account->label);
      return FALSE;
    }
  is_ok = store_in_keyring (account, origin, cleaned, error);
  pmt_key_free (cleaned);
  return is_ok;
}
