/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* remote-backend.h: services and servers as a backend. */
#pragma once

#include "core/backend.h"
#include "remote/key.h"
#include "remote/remote-run.h"
#include "remote/spending.h"

G_BEGIN_DECLS

#define PMT_TYPE_REMOTE_BACKEND (pmt_remote_backend_get_type ())
G_DECLARE_FINAL_TYPE (
    PmtRemoteBackend, pmt_remote_backend, PMT, REMOTE_BACKEND, GObject)

/** pmt_remote_backend_new: Returns: (transfer full): of models with services
 * (backend "remote"). */
PmtBackend *pmt_remote_backend_new (const PmtEngineOptions *options);

/**
 * pmt_remote_backend_get_accounts:
 *
 * Returns: (transfer full) (element-type PmtAccount): as they are now; a
 *   changed address makes a new list.
 */
GPtrArray *pmt_remote_backend_get_accounts (PmtRemoteBackend *self);

/**
 * pmt_remote_backend_choose_account:
 * @id: (nullable): which one is asked for
 * @error: PMT_ERROR_ARGUMENT: there is no such account, or it can't run @model;
 *   PMT_ERROR_KEY: none has a key
 *
 * Returns: (transfer none): element of @accounts: the one named, or the first
 *   that has an address and a key, or needs none.
 */
const PmtAccount *pmt_remote_backend_choose_account (PmtRemoteBackend *self,
                                                     GPtrArray *accounts,
                                                     const PmtModel *model,
                                                     PmtOperation operation,
                                                     const gchar *id,
                                                     GError **error);

/** pmt_remote_backend_has_key: or needs none; remembered for some seconds. */
gboolean pmt_remote_backend_has_key (PmtRemoteBackend *self,
                                     const PmtAccount *account);

/** pmt_remote_backend_forget_keys: that were remembered to be there or not. */
void pmt_remote_backend_forget_keys (PmtRemoteBackend *self);

/** pmt_remote_backend_find_key: pmt_key_find(). */
gchar *pmt_remote_backend_find_key (PmtRemoteBackend *self,
                                    const PmtAccount *account,
                                    GCancellable *cancellable,
                                    GError **error);

/** pmt_remote_backend_reload: reads providers.json again. */
void pmt_remote_backend_reload (PmtRemoteBackend *self);

/** pmt_remote_backend_get_http: (transfer full): for @account. */
PmtHttp *pmt_remote_backend_get_http (PmtRemoteBackend *self,
                                      const PmtAccount *account);

const gchar *pmt_remote_backend_get_user_dir (PmtRemoteBackend *self);

/** pmt_remote_backend_get_limits: of the settings. */
const PmtSpendingLimits *pmt_remote_backend_get_limits (PmtRemoteBackend *self);

/**
 * pmt_remote_backend_check_spending: (engine-spending.c)
 * @request: prepared
 * @cost: of it, in @unit; negative: not known
 * @error: as pmt_spending_check()
 *
 * What costs nothing is within every limit.  Writes nothing.
 */
gboolean pmt_remote_backend_check_spending (PmtRemoteBackend *self,
                                            const PmtAccount *account,
                                            const PmtRequest *request,
                                            const gchar *unit,
                                            gdouble cost,
                                            GError **error);

G_END_DECLS
