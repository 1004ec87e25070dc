/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* backend.h: what runs a request: fill, restore, diffusion, remote. */
#pragma once

#include "core/progress.h"
#include "pentimento.h"

G_BEGIN_DECLS

/**
 * PmtJob: a validated request on its way to a backend.
 * @model: the model that was chosen
 * @request: with every parameter of the model set (defaults filled in) and
 *   "seed" replaced by the seed to use
 * @seed: 0-4294967295; candidate i uses seed + i (mod 2^32)
 * @threads: at least 1
 * @memory: bytes that may be used beyond the request's buffers
 * @item: (nullable): gets every item that pmt_result_add() adds, as a result of
 *   its own (transfer full), in the thread that adds it
 */
typedef struct
{
  const PmtModel *model;
  const PmtRequest *request;
  guint32 seed;
  gint threads;
  guint64 memory;
  PmtItemFunc item;
  gpointer item_data;
} PmtJob;

#define PMT_TYPE_BACKEND (pmt_backend_get_type ())
G_DECLARE_INTERFACE (PmtBackend, pmt_backend, PMT, BACKEND, GObject)

/**
 * PmtBackendInterface:
 * @get_id: the "backend" of manifests
 * @validate: adds what it finds to @problems (element-type PmtProblem);
 *   everything in README.md was checked before, and defaults are filled in
 *   (a random seed is still -1)
 * @estimate: fills @estimate, @region included; does not touch source pixels
 *   (the mask may be read)
 * @run: does the work in the calling thread
 * @add_models: (nullable): adds models that the backend finds by itself to
 *   @models (element-type PmtModel), and what can't be used to @problems;
 *   called once, before anything else
 * @opens: (nullable): whether the name of a file or folder looks like
 *   something that @open_model may open
 * @open_model: (nullable): (transfer full): a model of the file @path
 *
 * All of them may be called from any thread, at the same time.
 */
struct _PmtBackendInterface
{
  GTypeInterface parent;

  const gchar *(*get_id) (PmtBackend *backend);
  void (*validate) (PmtBackend *backend,
                    const PmtModel *model,
                    const PmtRequest *request,
                    GPtrArray *problems);
  gboolean (*estimate) (PmtBackend *backend,
                        const PmtJob *job,
                        PmtEstimate *estimate,
                        GError **error);
  PmtResult *(*run) (PmtBackend *backend,
                     const PmtJob *job,
                     PmtProgress *progress,
                     GCancellable *cancellable,
                     GError **error);
  void (*add_models) (PmtBackend *backend,
                      GPtrArray *models,
                      GPtrArray *problems);
  gboolean (*opens) (PmtBackend *backend, const gchar *path);
  PmtModel *(*open_model) (PmtBackend *backend,
                           const gchar *path,
                           GError **error);
};

const gchar *pmt_backend_get_id (PmtBackend *backend);
void pmt_backend_validate (PmtBackend *backend,
                           const PmtModel *model,
                           const PmtRequest *request,
                           GPtrArray *problems);
gboolean pmt_backend_estimate (PmtBackend *backend,
                               const PmtJob *job,
                               PmtEstimate *estimate,
                               GError **error);
PmtResult *pmt_backend_run (PmtBackend *backend,
                            const PmtJob *job,
                            PmtProgress *progress,
                            GCancellable *cancellable,
                            GError **error);

/** pmt_backend_add_models: nothing where the backend finds none. */
void pmt_backend_add_models (PmtBackend *backend,
                             GPtrArray *models,
                             GPtrArray *problems);

/** pmt_backend_opens: by the name, without looking into it. */
gboolean pmt_backend_opens (PmtBackend *backend, const gchar *path);

/** pmt_backend_open_model: PMT_ERROR_UNSUPPORTED where it opens none. */
PmtModel *
pmt_backend_open_model (PmtBackend *backend, const gchar *path, GError **error);

/**
 * pmt_backends_new_builtin: (engine/backends.c)
 * @options: where data is
 *
 * Returns: (transfer full) (element-type PmtBackend): every backend that this
 *   build has.
 */
GPtrArray *pmt_backends_new_builtin (const PmtEngineOptions *options);

/* Adding problems: @name nullable; printf-like, translated. */
void pmt_problems_add (GPtrArray *problems,
                       PmtError code,
                       const gchar *name,
                       const gchar *format,
                       ...) G_GNUC_PRINTF (4, 5);

G_END_DECLS
