/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* restore-backend.c: enhance and upscale, as a backend. */
#include "config.h"

#include "restore/restore-backend.h"

#include "restore/restore-run.h"
#include "restore/user-nets.h"

struct _PmtRestoreBackend
{
  GObject parent_instance;

  PmtNetStore *store;
  gchar *user_dir;
  gint threads;
};

#define PMT_TYPE_RESTORE_BACKEND (pmt_restore_backend_get_type ())
G_DECLARE_FINAL_TYPE (
    PmtRestoreBackend, pmt_restore_backend, PMT, RESTORE_BACKEND, GObject)

static void restore_backend_interface_init (PmtBackendInterface *iface);

G_DEFINE_TYPE_WITH_CODE (PmtRestoreBackend,
                         pmt_restore_backend,
                         G_TYPE_OBJECT,
                         G_IMPLEMENT_INTERFACE (PMT_TYPE_BACKEND,
                                                restore_backend_interface_init))

static void
pmt_restore_backend_finalize (GObject *object)
{
  PmtRestoreBackend *self = PMT_RESTORE_BACKEND (object);

  g_clear_pointer (&self->store, pmt_net_store_free);
  g_clear_pointer (&self->user_dir, g_free);
  G_OBJECT_CLASS (pmt_restore_backend_parent_class)->finalize (object);
}

static void
pmt_restore_backend_class_init (PmtRestoreBackendClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pmt_restore_backend_finalize;
}

static void
pmt_restore_backend_init (PmtRestoreBackend *self)
{
}

PmtBackend *
pmt_restore_backend_new (const PmtEngineOptions *options)
{
  PmtRestoreBackend *self = g_object_new (PMT_TYPE_RESTORE_BACKEND, NULL);

  self->store = pmt_net_store_new (options->data_dir != NULL ? options->data_dir
                                                             : PMT_DATADIR);
  self->user_dir = g_strdup (options->user_dir);
  self->threads =
      options->threads > 0 ? options->threads : (gint)g_get_num_processors ();
  return PMT_BACKEND (self);
}

static const gchar *
restore_backend_get_id (PmtBackend *backend)
{
  return "restore";
}

static void
restore_backend_validate (PmtBackend *backend,
                          const PmtModel *model,
                          const PmtRequest *request,
                          GPtrArray *problems)
{
  g_autoptr (GError) error = NULL;
  g_auto (PmtScalePlan) plan = { 0 };

  if (!pmt_scale_plan_sizes (&plan, model, request, &error))
    pmt_problems_add (problems, error->code, NULL, "%s", error->message);
}

static gboolean
prepare (PmtBackend *backend,
         const PmtJob *job,
         PmtScalePlan *plan,
         PmtRestoreNets *nets,
         GError **error)
{
  PmtRestoreBackend *self = PMT_RESTORE_BACKEND (backend);

  return pmt_scale_plan_init (plan, job->model, job->request, error)
         && pmt_restore_nets_init (nets, self->store, plan, job, error);
}

static gboolean
restore_backend_estimate (PmtBackend *backend,
                          const PmtJob *job,
                          PmtEstimate *estimate,
                          GError **error)
{
  g_auto (PmtScalePlan) plan = { 0 };
  g_auto (PmtRestoreNets) nets = { 0 };

  if (!prepare (backend, job, &plan, &nets, error))
    return FALSE;
  pmt_restore_estimate (&plan, &nets, job, estimate);
  return TRUE;
}

static PmtResult *
restore_backend_run (PmtBackend *backend,
                     const PmtJob *job,
                     PmtProgress *progress,
                     GCancellable *cancellable,
                     GError **error)
{
  g_auto (PmtScalePlan) plan = { 0 };
  g_auto (PmtRestoreNets) nets = { 0 };

  if (!prepare (backend, job, &plan, &nets, error))
    return NULL;
  return pmt_restore_run (&plan, &nets, job, progress, cancellable, error);
}

static void
restore_backend_add_models (PmtBackend *backend,
                            GPtrArray *models,
                            GPtrArray *problems)
{
  PmtRestoreBackend *self = PMT_RESTORE_BACKEND (backend);

  if (self->user_dir != NULL)
    pmt_user_nets_add (self->store, self->user_dir, self->threads, models,
                       problems);
}

static gboolean
restore_backend_opens (PmtBackend *backend, const gchar *path)
{
  return g_str_has_suffix (path, ".onnx");
}

static PmtModel *
restore_backend_open_model (PmtBackend *backend,
                            const gchar *path,
                            GError **error)
{
  PmtRestoreBackend *self = PMT_RESTORE_BACKEND (backend);

  return pmt_user_nets_open (self->store, path, self->threads, error);
}

static void
restore_backend_interface_init (PmtBackendInterface *iface)
{
  iface->get_id = restore_backend_get_id;
  iface->validate = restore_backend_validate;
  iface->estimate = restore_backend_estimate;
  iface->run = restore_backend_run;
  iface->add_models = restore_backend_add_models;
  iface->opens = restore_backend_opens;
  iface->open_model = restore_backend_open_model;
}
