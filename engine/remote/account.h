/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* account.h: where services are, and how one signs in to them. */
#pragma once

#include "pentimento.h"

G_BEGIN_DECLS

typedef struct _PmtProvider PmtProvider;

/**
 * PmtAccount: an entry of providers.json, or a service that is known anyway
 * @id: names it: "fal", "my-comfy"
 * @label: for people: "fal.ai"
 * @provider: (transfer none): what speaks its protocol
 * @base_url: (nullable): without a slash at its end; %NULL: must be entered
 * @auth_header: (nullable): name of the header that carries the key
 * @auth_prefix: before the key in it, such as "Bearer "; may be empty
 * @key_env: (nullable): environment variable with the key
 * @hosts: (nullable): %NULL-terminated further hosts, such as "*.example.com",
 *   that URLs in answers may point to with the key (fal: queue.fal.run)
 * @headers: (nullable): %NULL-terminated "Name: value" of the user's own
 * @paths: (nullable): replaces paths of the provider by their names
 * @ca_file: (nullable): certificate to trust
 * @is_configured: stands in providers.json
 */
typedef struct
{
  gchar *id;
  gchar *label;
  const PmtProvider *provider;
  gchar *base_url;
  gchar *auth_header;
  gchar *auth_prefix;
  gchar *key_env;
  gchar **hosts;
  gchar **headers;
  GHashTable *paths;
  gchar *ca_file;
  gboolean is_configured;
} PmtAccount;

void pmt_account_free (PmtAccount *account);

/**
 * pmt_accounts_load:
 * @user_dir: (nullable): folder of providers.json
 * @problems: (element-type PmtProblem): a broken entry is reported with file,
 *   line and reason; the others still load
 *
 * Returns: (transfer full) (element-type PmtAccount): those of the file first,
 *   then one for each provider that has none there.
 */
GPtrArray *pmt_accounts_load (const gchar *user_dir, GPtrArray *problems);

/** pmt_accounts_find: Returns: (transfer none) (nullable). */
const PmtAccount *pmt_accounts_find (GPtrArray *accounts, const gchar *id);

/** pmt_account_get_path: @name of a path, or @fallback.  (transfer none) */
const gchar *pmt_account_get_path (const PmtAccount *account,
                                   const gchar *name,
                                   const gchar *fallback);

/**
 * pmt_account_may_have_key:
 * @url: absolute
 *
 * Whether a request to @url may carry the key: the origin of the base URL, or
 * https to one of @hosts.
 */
gboolean pmt_account_may_have_key (const PmtAccount *account, const gchar *url);

/**
 * pmt_account_save: adds the entry, or replaces the one of its id, in
 * providers.json; what else stands there is kept.  Written whole or not at
 * all.  Errors: PMT_ERROR_FILE, PMT_ERROR_MANIFEST.
 */
gboolean pmt_account_save (const gchar *user_dir,
                           const PmtAccount *account,
                           GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PmtAccount, pmt_account_free)

G_END_DECLS
