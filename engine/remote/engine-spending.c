/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* engine-spending.c: the user's limits on what a run may cost. */
#include "config.h"

#include "core/engine-private.h"
#include "remote/remote-backend.h"

gboolean
pmt_remote_backend_check_spending (PmtRemoteBackend *self,
                                   const PmtAccount *account,
                                   const PmtRequest *request,
                                   const gchar *unit,
                                   gdouble cost,
                                   GError **error)
{
  const PmtParams *params = pmt_request_peek_params (request);
  PmtSpendingLimits limits = *pmt_remote_backend_get_limits (self);

  limits.asked = pmt_params_get_number (params, "max-cost", -1.0);
  if ((account->provider->flags & PMT_PROVIDER_LOCAL) != 0
      || pmt_params_get_bool (params, "mock", FALSE)
      || pmt_request_get_resume (request) != NULL)
    return TRUE;
  return pmt_spending_check (&limits, pmt_remote_backend_get_user_dir (self),
                             account->id, account->label, unit, cost, error);
}

gboolean
pmt_engine_check_spending (PmtEngine *engine,
                           const PmtRequest *request,
                           const PmtEstimate *estimate,
                           GError **error)
{
  g_autoptr (GPtrArray) problems = pmt_problems_new ();
  g_autoptr (GPtrArray) notes = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) accounts = NULL;
  g_autoptr (PmtRequest) prepared = NULL;
  const PmtAccount *account;
  const PmtModel *model;
  PmtBackend *backend;

  g_return_val_if_fail (engine && request && estimate, FALSE);
  backend = pmt_engine_find_backend (engine, "remote");
  if (estimate->provider == NULL || backend == NULL)
    return TRUE;
  accounts = pmt_remote_backend_get_accounts (PMT_REMOTE_BACKEND (backend));
  account = pmt_accounts_find (accounts, estimate->provider);
  if (account == NULL)
    return TRUE;
  /* Settings may stand in the prompt. */
  prepared = pmt_engine_prepare (engine, request, problems, notes, &model);
  return pmt_remote_backend_check_spending (PMT_REMOTE_BACKEND (backend),
                                            account, prepared, estimate->unit,
                                            estimate->credits, error);
}
