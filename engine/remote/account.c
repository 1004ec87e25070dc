/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* account.c: where services are: providers.json. */
#include "config.h"

#include "remote/account.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "catalog/manifest-reader.h"
#include "core/backend.h"
#include "remote/origin.h"
#include "remote/provider.h"

#define FILE_NAME "providers.json"
#define MAX_ACCOUNTS 100
#define MAX_TEXT 500
#define MAX_LIST 20

void
pmt_account_free (PmtAccount *account)
{
  if (account == NULL)
    return;
  g_free (account->id);
  g_free (account->label);
  g_free (account->base_url);
  g_free (account->auth_header);
  g_free (account->auth_prefix);
  g_free (account->key_env);
  g_strfreev (account->hosts);
  g_strfreev (account->headers);
  g_clear_pointer (&account->paths, g_hash_table_unref);
  g_free (account->ca_file);
  g_free (account);
}

static PmtAccount *
account_new (const PmtProvider *provider)
{
  PmtAccount *account = g_new0 (PmtAccount, 1);

  account->id = g_strdup (provider->type);
  account->label = g_strdup (provider->label);
  account->provider = provider;
  account->base_url = g_strdup (provider->base_url);
  account->auth_header = g_strdup (provider->auth_header);
  account->auth_prefix = g_strdup (provider->auth_prefix);
  account->key_env = g_strdup (provider->key_env);
  account->hosts = g_strdupv ((gchar **)provider->hosts);
  return account;
}

/* -------------------------------------------------------------- reading -- */

static const cJSON *
get (const cJSON *object, const gchar *key)
{
  return cJSON_GetObjectItemCaseSensitive (object, key);
}

/* Replaces @value where the entry has @key. */
static gboolean
take_text (PmtManifestReader *reader,
           const cJSON *entry,
           const gchar *key,
           const gchar *pattern,
           gchar **value)
{
  g_autofree gchar *read = NULL;

  if (!pmt_reader_get_string (reader, entry, key, PMT_READ_MAY_BE_EMPTY,
                              pattern, MAX_TEXT, &read))
    return FALSE;
  if (read == NULL)
    return TRUE;
  g_free (*value);
  *value = g_steal_pointer (&read);
  return TRUE;
}

static gboolean
take_list (PmtManifestReader *reader,
           const cJSON *entry,
           const gchar *key,
           const gchar *pattern,
           gchar ***list)
{
  const cJSON *array = get (entry, key);
  const cJSON *node;
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  if (array == NULL)
    return TRUE;
  if (!pmt_reader_check_array (reader, array, key, 0, MAX_LIST))
    return FALSE;
  cJSON_ArrayForEach (node, array)
  {
    if (!pmt_reader_check_string (reader, node, key, PMT_READ_OPTIONAL, pattern,
                                  MAX_TEXT))
      return FALSE;
    g_strv_builder_add (builder, node->valuestring);
  }
  g_strfreev (*list);
  *list = g_strv_builder_end (builder);
  return TRUE;
}

static gboolean
take_paths (PmtManifestReader *reader, const cJSON *entry, PmtAccount *account)
{
  const cJSON *object = get (entry, "paths");
  const cJSON *node;

  if (object == NULL)
    return TRUE;
  if (!pmt_reader_check_keys (reader, object, NULL))
    return FALSE;
  account->paths =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  cJSON_ArrayForEach (node, object)
  {
    if (!pmt_reader_check_string (reader, node, "paths", PMT_READ_OPTIONAL,
                                  "^/[!-~]*\\z", MAX_TEXT))
      return FALSE;
    g_hash_table_insert (account->paths, g_strdup (node->string),
                         g_strdup (node->valuestring));
  }
  return TRUE;
}

static gboolean
check_base_url (PmtManifestReader *reader,
                const cJSON *entry,
                PmtAccount *account)
{
  g_autoptr (GError) error = NULL;
  gsize length;

  if (account->base_url == NULL)
    return TRUE;
  if (!pmt_origin_check (account->base_url, account->id, &error))
    return pmt_reader_fail (reader, get (entry, "base_url"), "%s",
                            error->message);
  length = strlen (account->base_url);
  while (length > 0 && account->base_url[length - 1] == '/')
    account->base_url[--length] = '\0';
  return TRUE;
}

static PmtAccount *
read_entry (PmtManifestReader *reader, const cJSON *entry)
{
  static const gchar *const keys[] = { "id",          "type",    "name",
                                       "base_url",    "key_env", "auth_header",
                                       "auth_prefix", "hosts",   "headers",
                                       "paths",       "ca_file", NULL };
  g_autoptr (PmtAccount) account = NULL;
  g_autofree gchar *id = NULL;
  g_autofree gchar *type = NULL;
  const PmtProvider *provider;

  if (!pmt_reader_check_keys (reader, entry, keys)
      || !pmt_reader_get_string (reader, entry, "id", PMT_READ_REQUIRED,
                                 PMT_PATTERN_ID, 64, &id)
      || !pmt_reader_get_string (reader, entry, "type", PMT_READ_REQUIRED,
                                 PMT_PATTERN_ID, 64, &type))
    return NULL;
  provider = pmt_providers_find (type);
  if (provider == NULL)
    {
      pmt_reader_fail (reader, get (entry, "type"),
                       _ ("There is no kind of service “%s”."), type);
      return NULL;
    }
  account = account_new (provider);
  account->is_configured = TRUE;
  g_free (account->id);
  account->id = g_steal_pointer (&id);
  if (!take_text (reader, entry, "name", NULL, &account->label)
      || !take_text (reader, entry, "base_url", PMT_PATTERN_URL,
                     &account->base_url)
      || !take_text (reader, entry, "key_env", "^[A-Za-z_][A-Za-z0-9_]*\\z",
                     &account->key_env)
      || !take_text (reader, entry, "auth_header", "^[A-Za-z0-9-]+\\z",
                     &account->auth_header)
      || !take_text (reader, entry, "auth_prefix", "^[ -~]*\\z",
                     &account->auth_prefix)
      || !take_text (reader, entry, "ca_file", "^/.+\\z", &account->ca_file)
      || !take_list (reader, entry, "hosts", "^[A-Za-z0-9.*-]+\\z",
                     &account->hosts)
      || !take_list (reader, entry, "headers", "^[A-Za-z0-9-]+: [ -~]*\\z",
                     &account->headers)
      || !take_paths (reader, entry, account)
      || !check_base_url (reader, entry, account))
    return NULL;
  return g_steal_pointer (&account);
}

static void
add_entry (PmtManifestReader *reader,
           const cJSON *entry,
           GPtrArray *accounts,
           GPtrArray *problems)
{
  g_autoptr (GError) error = NULL;
  PmtAccount *account;

  reader->error = &error;
  account = read_entry (reader, entry);
  if (account != NULL && pmt_accounts_find (accounts, account->id) != NULL)
    {
      pmt_reader_fail (reader, get (entry, "id"), _ ("“%s” is there twice."),
                       account->id);
      g_clear_pointer (&account, pmt_account_free);
    }
  if (account != NULL)
    g_ptr_array_add (accounts, account);
  else
    pmt_problems_add (problems, PMT_ERROR_MANIFEST, reader->file, "%s",
                      error->message);
}

static void
add_entries (const gchar *path,
             const gchar *text,
             gsize length,
             GPtrArray *accounts,
             GPtrArray *problems)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (cJSON) root =
      pmt_json_parse (path, text, length, PMT_ERROR_MANIFEST, &error);
  PmtManifestReader reader = { path, text, length, root, &error };
  const cJSON *entry;

  if (root == NULL
      || !pmt_reader_check_array (&reader, root, FILE_NAME, 0, MAX_ACCOUNTS))
    {
      pmt_problems_add (problems, PMT_ERROR_MANIFEST, path, "%s",
                        error->message);
      return;
    }
  cJSON_ArrayForEach (entry, root)
  {
    add_entry (&reader, entry, accounts, problems);
  }
}

static void
add_file (const gchar *user_dir, GPtrArray *accounts, GPtrArray *problems)
{
  g_autofree gchar *path = g_build_filename (user_dir, FILE_NAME, NULL);
  g_autofree gchar *text = NULL;
  g_autoptr (GError) error = NULL;
  gsize length = 0;

  if (g_file_get_contents (path, &text, &length, &error))
    add_entries (path, text, length, accounts, problems);
  else if (!g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOENT)
           && !g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOTDIR))
    pmt_problems_add (problems, PMT_ERROR_FILE, path,
                      _ ("The file “%s” can't be read: %s"), path,
                      error->message);
}

static gboolean
has_account_of (GPtrArray *accounts, const PmtProvider *provider)
{
  for (guint i = 0; i < accounts->len; i++)
    if (((PmtAccount *)accounts->pdata[i])->provider == provider)
      return TRUE;
  return pmt_accounts_find (accounts, provider->type) != NULL;
}

GPtrArray *
pmt_accounts_load (const gchar *user_dir, GPtrArray *problems)
{
  const PmtProvider *const *providers = pmt_providers_list ();
  GPtrArray *accounts =
      g_ptr_array_new_with_free_func ((GDestroyNotify)pmt_account_free);

  if (user_dir != NULL)
    add_file (user_dir, accounts, problems);
  for (guint i = 0; providers[i] != NULL; i++)
    if (!has_account_of (accounts, providers[i]))
      g_ptr_array_add (accounts, account_new (providers[i]));
  return accounts;
}

const PmtAccount *
pmt_accounts_find (GPtrArray *accounts, const gchar *id)
{
  for (guint i = 0; i < accounts->len; i++)
    {
      const PmtAccount *account = accounts->pdata[i];

      if (g_strcmp0 (account->id, id) == 0)
        return account;
    }
  return NULL;
}

const gchar *
pmt_account_get_path (const PmtAccount *account,
                      const gchar *name,
                      const gchar *fallback)
{
  const gchar *path = NULL;

  if (account->paths != NULL)
    path = g_hash_table_lookup (account->paths, name);
  return path != NULL ? path : fallback;
}

/* ----------------------------------------------------------------- keys -- */

/* @pattern: a host, or "*.host" for all below it. */
static gboolean
host_matches (const gchar *host, const gchar *pattern)
{
  if (g_str_has_prefix (pattern, "*."))
    {
      const gchar *suffix = pattern + 1;

      return strlen (host) > strlen (suffix)
             && g_ascii_strcasecmp (host + strlen (host) - strlen (suffix),
                                    suffix)
                    == 0;
    }
  return g_ascii_strcasecmp (host, pattern) == 0;
}

gboolean
pmt_account_may_have_key (const PmtAccount *account, const gchar *url)
{
  g_autoptr (GUri) uri = NULL;
  const gchar *host;

  if (account->base_url != NULL && pmt_origin_is_same (account->base_url, url))
    return TRUE;
  uri = g_uri_parse (url, G_URI_FLAGS_NONE, NULL);
  if (uri == NULL || account->hosts == NULL
      || g_ascii_strcasecmp (g_uri_get_scheme (uri), "https") != 0
      || (g_uri_get_port (uri) != -1 && g_uri_get_port (uri) != 443)
      || g_uri_get_userinfo (uri) != NULL)
    return FALSE;
  host = g_uri_get_host (uri);
  for (guint i = 0; host != NULL && account->hosts[i] != NULL; i++)
    if (host_matches (host, account->hosts[i]))
      return TRUE;
  return FALSE;
}
