/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* backend.c: the interface of what runs requests. */
#include "config.h"

#include "core/backend.h"

#include <glib/gi18n-lib.h>

G_DEFINE_INTERFACE (PmtBackend, pmt_backend, G_TYPE_OBJECT)

static void
pmt_backend_default_init (PmtBackendInterface *iface)
{
}

const gchar *
pmt_backend_get_id (PmtBackend *backend)
{
  g_return_val_if_fail (PMT_IS_BACKEND (backend), NULL);
  return PMT_BACKEND_GET_IFACE (backend)->get_id (backend);
}

void
pmt_backend_validate (PmtBackend *backend,
                      const PmtModel *model,
                      const PmtRequest *request,
                      GPtrArray *problems)
{
  g_return_if_fail (PMT_IS_BACKEND (backend));
  PMT_BACKEND_GET_IFACE (backend)->validate (backend, model, request, problems);
}

gboolean
pmt_backend_estimate (PmtBackend *backend,
                      const PmtJob *job,
                      PmtEstimate *estimate,
                      GError **error)
{
  g_return_val_if_fail (PMT_IS_BACKEND (backend), FALSE);
  return PMT_BACKEND_GET_IFACE (backend)->estimate (backend, job, estimate,
                                                    error);
}

PmtResult *
pmt_backend_run (PmtBackend *backend,
                 const PmtJob *job,
                 PmtProgress *progress,
                 GCancellable *cancellable,
                 GError **error)
{
  g_return_val_if_fail (PMT_IS_BACKEND (backend), NULL);
  return PMT_BACKEND_GET_IFACE (backend)->run (backend, job, progress,
                                               cancellable, error);
}

void
pmt_backend_add_models (PmtBackend *backend,
                        GPtrArray *models,
                        GPtrArray *problems)
{
  PmtBackendInterface *iface = PMT_BACKEND_GET_IFACE (backend);

  if (iface->add_models != NULL)
    iface->add_models (backend, models, problems);
}

gboolean
pmt_backend_opens (PmtBackend *backend, const gchar *path)
{
  PmtBackendInterface *iface = PMT_BACKEND_GET_IFACE (backend);

  return iface->opens != NULL && iface->opens (backend, path);
}

PmtModel *
pmt_backend_open_model (PmtBackend *backend, const gchar *path, GError **error)
{
  PmtBackendInterface *iface = PMT_BACKEND_GET_IFACE (backend);

  if (iface->open_model != NULL)
    return iface->open_model (backend, path, error);
  g_set_error (error, PMT_ERROR, PMT_ERROR_UNSUPPORTED,
               _ ("“%s” can't be opened as a model."), path);
  return NULL;
}
