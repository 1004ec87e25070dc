/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* restore-backend.c: enhance, upscale, faces and subjects, as a backend. */
#include "config.h"

#include "restore/restore-backend.h"

#include "restore/restore-faces.h"
#include "restore/restore-run.h"
#include "restore/restore-subject.h"
#include "restore/user-nets.h"

struct _PmtRestoreBackend
{
  GObject parent_instance;

  PmtNetStore *store;
  PmtFaceStore *faces;
  PmtSubjectStore *subjects;
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
  g_clear_pointer (&self->faces, pmt_face_store_free);
  g_clear_pointer (&self->subjects, pmt_subject_store_free);
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
  self->faces = pmt_face_store_new (options->user_dir);
  self->subjects = pmt_subject_store_new (options->user_dir);
  self->threads =
      options->threads > 0 ? options->threads : (gint)g_get_num_processors ();
  return PMT_BACKEND (self);
}

PmtFaceStore *
pmt_restore_backend_get_faces (PmtBackend *backend)
{
  return PMT_RESTORE_BACKEND (backend)->faces;
}

static const gchar *
restore_backend_get_id (PmtBackend *backend)
{
  return "restore";
}

static gboolean
is_scaled (const PmtRequest *request)
{
  const PmtOperation operation = pmt_request_get_operation (request);

  return operation == PMT_OPERATION_ENHANCE
         || operation == PMT_OPERATION_UPSCALE;
}

static void
restore_backend_validate (PmtBackend *backend,
                          const PmtModel *model,
                          const PmtRequest *request,
                          GPtrArray *problems)
{
  PmtRestoreBackend *self = PMT_RESTORE_BACKEND (backend);
  g_autoptr (GError) error = NULL;
  g_auto (PmtScalePlan) plan = { 0 };
  g_auto (PmtFaceWish) wish = { 0 };
  g_auto (PmtSubjectWish) subject = { 0 };

  if (is_scaled (request)
      && !pmt_scale_plan_sizes (&plan, model, request, &error))
    pmt_problems_add (problems, error->code, NULL, "%s", error->message);
  g_clear_error (&error);
  if (!pmt_face_wish_init (&wish, self->faces, request, &error))
    pmt_problems_add (problems, error->code, NULL, "%s", error->message);
  g_clear_error (&error);
  if (!pmt_subject_wish_init (&subject, self->subjects, request, &error))
    pmt_problems_add (problems, error->code, NULL, "%s", error->message);
}

/* What a run needs. */
typedef struct
{
  PmtScalePlan plan;
  PmtRestoreNets nets;
  PmtFaceWish wish;
  PmtSubjectWish subject;
} Work;

static void
work_clear (Work *work)
{
  pmt_scale_plan_clear (&work->plan);
  pmt_restore_nets_clear (&work->nets);
  pmt_face_wish_clear (&work->wish);
  pmt_subject_wish_clear (&work->subject);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Work, work_clear)

static gboolean
prepare (PmtRestoreBackend *self, const PmtJob *job, Work *work, GError **error)
{
  if (!pmt_face_wish_init (&work->wish, self->faces, job->request, error)
      || !pmt_subject_wish_init (&work->subject, self->subjects, job->request,
                                 error))
    return FALSE;
  return !is_scaled (job->request)
         || (pmt_scale_plan_init (&work->plan, job->model, job->request, error)
             && pmt_restore_nets_init (&work->nets, self->store, &work->plan,
                                       job, error));
}

static void
estimate_copy (const PmtJob *job, PmtEstimate *estimate)
{
  const GeglRectangle *layer = pmt_request_get_layer (job->request);
  const GeglRectangle *canvas = pmt_request_get_canvas (job->request);

  /* A copy, its mask, and a band of both. */
  *estimate = (PmtEstimate){ .n_items = 1 };
  estimate->width = canvas->width;
  estimate->height = canvas->height;
  estimate->bytes = (guint64)layer->width * layer->height * 16;
}

static gboolean
restore_backend_estimate (PmtBackend *backend,
                          const PmtJob *job,
                          PmtEstimate *estimate,
                          GError **error)
{
  PmtRestoreBackend *self = PMT_RESTORE_BACKEND (backend);
  g_auto (Work) work = { 0 };

  if (!prepare (self, job, &work, error))
    return FALSE;
  if (is_scaled (job->request))
    pmt_restore_estimate (&work.plan, &work.nets, job, estimate);
  else
    estimate_copy (job, estimate);
  if (work.wish.is_on)
    pmt_restore_faces_estimate (&work.wish, job, estimate);
  if (work.subject.is_on)
    pmt_restore_subject_estimate (&work.subject, job, estimate);
  return TRUE;
}

static PmtResult *
restore_backend_run (PmtBackend *backend,
                     const PmtJob *job,
                     PmtProgress *progress,
                     GCancellable *cancellable,
                     GError **error)
{
  PmtRestoreBackend *self = PMT_RESTORE_BACKEND (backend);
  g_auto (Work) work = { 0 };
  const PmtRestoreFaces faces = { &work.wish, self->faces, self->store };
  const PmtRestoreSubject subject = { &work.subject, self->subjects };

  if (!prepare (self, job, &work, error))
    return NULL;
  switch (pmt_request_get_operation (job->request))
    {
    case PMT_OPERATION_FACE:
      return pmt_restore_faces_run (&faces, job, progress, cancellable, error);
    case PMT_OPERATION_SELECT_SUBJECT:
      return pmt_restore_subject_run (&subject, job, progress, cancellable,
                                      error);
    default:
      return pmt_restore_run (&work.plan, &work.nets, &faces, &subject, job,
                              progress, cancellable, error);
    }
}

static void
restore_backend_add_models (PmtBackend *backend,
                            GPtrArray *models,
                            GPtrArray *problems)
{
  PmtRestoreBackend *self = PMT_RESTORE_BACKEND (backend);

  pmt_face_store_check (self->faces, problems);
  pmt_subject_store_check (self->subjects, problems);
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
