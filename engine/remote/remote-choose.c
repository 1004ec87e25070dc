/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* remote-choose.c: which account runs a model. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "remote/remote-backend.h"

static gboolean
can_run (const PmtAccount *account,
         const PmtModel *model,
         PmtOperation operation)
{
  const PmtModelService *service =
      pmt_model_find_service (model, account->provider->type);

  return service != NULL && pmt_model_service_supports (service, operation);
}

static const PmtAccount *
choose_named (GPtrArray *accounts,
              const PmtModel *model,
              PmtOperation operation,
              const gchar *id,
              GError **error)
{
  const PmtAccount *account = pmt_accounts_find (accounts, id);

  if (account == NULL)
    g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
                 _ ("There is no provider “%s”. Add it to providers.json, or "
                    "choose one of those that “pentimento services” lists."),
                 id);
  else if (!can_run (account, model, operation))
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
                   _ ("“%s” can't run the model “%s” for “%s”. Choose another "
                      "model or provider."),
                   account->label, model->id, pmt_operation_label (operation));
      return NULL;
    }
  return account;
}

static void
fail_without_key (const PmtAccount *account,
                  const PmtModel *model,
                  GError **error)
{
  if (account == NULL)
    g_set_error (error, PMT_ERROR, PMT_ERROR_UNSUPPORTED,
                 _ ("No service that Pentimento knows runs the model “%s” for "
                    "this. Choose another model."),
                 model->id);
  else if (account->base_url == NULL)
    g_set_error (error, PMT_ERROR, PMT_ERROR_KEY,
                 _ ("The address of “%s” is not known. Enter it in Filters > "
                    "Pentimento > Settings, or as “base_url” in "
                    "providers.json."),
                 account->label);
  else
    pmt_key_set_missing (account, error);
}

static gboolean
is_ready (PmtRemoteBackend *self, const PmtAccount *account)
{
  return account->base_url != NULL
         && pmt_remote_backend_has_key (self, account);
}

const PmtAccount *
pmt_remote_backend_choose_account (PmtRemoteBackend *self,
                                   GPtrArray *accounts,
                                   const PmtModel *model,
                                   PmtOperation operation,
                                   const gchar *id,
                                   GError **error)
{
  const PmtAccount *first = NULL;

  if (id != NULL && *id != '\0')
    {
      const PmtAccount *named =
          choose_named (accounts, model, operation, id, error);

      if (named == NULL || is_ready (self, named))
        return named;
      fail_without_key (named, model, error);
      return NULL;
    }
  for (guint i = 0; i < accounts->len; i++)
    {
      const PmtAccount *account = accounts->pdata[i];

      if (!can_run (account, model, operation))
        continue;
      if (is_ready (self, account))
        return account;
      /* The one that the message is about: rather one with an address. */
      if (first == NULL || (first->base_url == NULL && account->base_url))
        first = account;
    }
  fail_without_key (first, model, error);
  return NULL;
}
