/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* run.c: estimate and run, in this thread. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "catalog/model.h"
#include "core/engine-private.h"
#include "core/environment.h"
#include "core/history.h"
#include "core/result-builder.h"

/* A job with what it owns. */
typedef struct
{
  PmtJob job;
  PmtRequest *request;
  PmtBackend *backend;
  GPtrArray *notes;
} Run;

static void
run_clear (Run *run)
{
  pmt_request_free (run->request);
  g_clear_pointer (&run->notes, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Run, run_clear)

static guint32
resolve_seed (PmtParams *params)
{
  gint64 seed = pmt_params_get_int (params, "seed", -1);

  if (seed < 0)
    seed = g_random_int ();
  pmt_params_set_int (params, "seed", seed);
  return (guint32)seed;
}

static gboolean
run_init (Run *run,
          PmtEngine *engine,
          const PmtRequest *request,
          GError **error)
{
  g_autoptr (GPtrArray) problems = pmt_problems_new ();

  run->notes = g_ptr_array_new_with_free_func (g_free);
  run->request = pmt_engine_prepare (engine, request, problems, run->notes,
                                     &run->job.model);
  if (!pmt_problems_to_error (problems, error))
    return FALSE;
  run->backend = pmt_engine_find_backend (engine, run->job.model->backend);
  run->job.seed = resolve_seed (pmt_request_params (run->request));
  run->job.request = run->request;
  run->job.threads = engine->threads;
  run->job.memory =
      engine->memory > 0 ? engine->memory : pmt_memory_available () / 2;
  return TRUE;
}

/* A backend that fails without a reason is a bug; a NULL error would only
 * bring down whoever wants to show it. */
static gboolean
set_reason (const Run *run, GError **local, GError **error)
{
  if (*local == NULL)
    g_set_error (local, PMT_ERROR, PMT_ERROR_INTERNAL,
                 _ ("“%s” failed without saying why. Please report this as a "
                    "bug."),
                 run->job.model->id);
  g_propagate_error (error, g_steal_pointer (local));
  return FALSE;
}

static gboolean
run_estimate (const Run *run, PmtEstimate *estimate, GError **error)
{
  const PmtParams *params = pmt_request_peek_params (run->request);
  const GeglRectangle *canvas = pmt_request_get_canvas (run->request);
  PmtEstimate made = { .seconds = -1.0 };
  g_autoptr (GError) local = NULL;

  made.n_items = (guint)pmt_params_get_int (params, "count", 1);
  made.width = canvas->width;
  made.height = canvas->height;
  made.canvas = *canvas;
  made.region = *pmt_request_get_layer (run->request);
  if (!pmt_backend_estimate (run->backend, &run->job, &made, &local))
    return set_reason (run, &local, error);
  /* A service's backend knows how many calls it takes. */
  if (!pmt_model_is_remote (run->job.model)
      && !pmt_model_get_cost (run->job.model, params, made.width, made.height,
                              pmt_request_get_n_references (run->request),
                              &made.credits, error))
    return FALSE;
  *estimate = made;
  return TRUE;
}

gboolean
pmt_engine_estimate (PmtEngine *engine,
                     const PmtRequest *request,
                     PmtEstimate *estimate,
                     GError **error)
{
  g_auto (Run) run = { 0 };

  g_return_val_if_fail (engine && request && estimate, FALSE);
  return run_init (&run, engine, request, error)
         && run_estimate (&run, estimate, error);
}

gboolean
pmt_engine_get_region (PmtEngine *engine,
                       const PmtRequest *request,
                       GeglRectangle *region,
                       GError **error)
{
  PmtEstimate estimate;

  g_return_val_if_fail (region != NULL, FALSE);
  if (!pmt_engine_estimate (engine, request, &estimate, error))
    return FALSE;
  *region = estimate.region;
  return TRUE;
}

static gboolean
check_pixels (const Run *run, const GeglRectangle *region, GError **error)
{
  PmtOperation operation = pmt_request_get_operation (run->request);
  GeglBuffer *source = pmt_request_get_source (run->request);
  GeglRectangle part;

  if (operation == PMT_OPERATION_GENERATE)
    return TRUE;
  if (source == NULL)
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_INPUT,
                   _ ("“%s” needs the pixels of a layer, and none were given. "
                      "Choose a layer."),
                   pmt_operation_label (operation));
      return FALSE;
    }
  if (!gegl_rectangle_intersect (&part, region,
                                 pmt_request_get_layer (run->request))
      || gegl_rectangle_contains (gegl_buffer_get_extent (source), &part))
    return TRUE;
  g_set_error (error, PMT_ERROR, PMT_ERROR_INPUT,
               _ ("The pixels that were given don't cover the part of the "
                  "layer that is needed (%d × %d at %d, %d)."),
               part.width, part.height, part.x, part.y);
  return FALSE;
}

static gboolean
check_memory (const Run *run, const PmtEstimate *estimate, GError **error)
{
  g_autofree gchar *needed = NULL;
  g_autofree gchar *allowed = NULL;

  if (estimate->bytes <= run->job.memory)
    return TRUE;
  needed = g_format_size (estimate->bytes);
  allowed = g_format_size (run->job.memory);
  g_set_error (error, PMT_ERROR, PMT_ERROR_MEMORY,
               _ ("“%s” needs %s of memory here, and %s may be used. Close "
                  "other programs, select a smaller area, or scale the "
                  "picture down."),
               pmt_operation_label (pmt_request_get_operation (run->request)),
               needed, allowed);
  return FALSE;
}

static PmtResult *
run_backend (const Run *run,
             PmtProgress *progress,
             GCancellable *cancellable,
             GError **error)
{
  g_autoptr (PmtResult) result = NULL;
  g_autoptr (GError) local = NULL;

  result =
      pmt_backend_run (run->backend, &run->job, progress, cancellable, &local);
  /* A backend may fail in its own way over being cancelled, or be done just
   * before it notices: either way the user asked for nothing. */
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  if (result == NULL)
    {
      set_reason (run, &local, error);
      return NULL;
    }
  for (guint i = 0; i < run->notes->len; i++)
    pmt_result_note (result, "%s", (const gchar *)run->notes->pdata[i]);
  pmt_progress_report (progress, 1.0);
  pmt_result_take_timings (result, pmt_progress_get_timings (progress));
  return g_steal_pointer (&result);
}

/* What was made counts more than that it is written down. */
static void
keep_history (PmtEngine *engine, const Run *run, PmtResult *result)
{
  const gint64 count =
      pmt_params_get_int (pmt_request_peek_params (run->request), "count", 1);
  g_autoptr (GError) error = NULL;

  if (engine->history_bytes == 0 || engine->user_dir == NULL
      || pmt_request_get_unrecorded (run->request)
      || pmt_result_get_n_items (result) == 0)
    return;
  if (!pmt_history_write (engine->user_dir, engine->history_bytes, result,
                          pmt_request_get_canvas (run->request), (guint)count,
                          &error))
    pmt_result_note (result, "%s", error->message);
}

PmtResult *
pmt_engine_run_items (PmtEngine *engine,
                      const PmtRequest *request,
                      PmtProgressFunc progress,
                      PmtItemFunc item,
                      gpointer user_data,
                      GCancellable *cancellable,
                      GError **error)
{
  g_auto (Run) run = { 0 };
  g_autoptr (PmtProgress) reporter = NULL;
  PmtResult *result;
  PmtEstimate estimate;

  g_return_val_if_fail (engine != NULL && request != NULL, NULL);
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  if (!run_init (&run, engine, request, error)
      || !run_estimate (&run, &estimate, error)
      || !check_pixels (&run, &estimate.region, error)
      || !check_memory (&run, &estimate, error))
    return NULL;
  run.job.item = item;
  run.job.item_data = user_data;
  reporter = pmt_progress_new (progress, user_data);
  result = run_backend (&run, reporter, cancellable, error);
  if (result != NULL)
    keep_history (engine, &run, result);
  return result;
}

PmtResult *
pmt_engine_run (PmtEngine *engine,
                const PmtRequest *request,
                PmtProgressFunc progress,
                gpointer progress_data,
                GCancellable *cancellable,
                GError **error)
{
  return pmt_engine_run_items (engine, request, progress, NULL, progress_data,
                               cancellable, error);
}
