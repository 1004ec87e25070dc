/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* resume.c: fetches what a run made whose connection was lost. */
#include "config.h"

#include "resume.h"

#include <glib/gi18n-lib.h>
#include <libgimp/gimpui.h>

#include "engine-access.h"
#include "jobs-dialog.h"
#include "operation-call.h"
#include "operation-run.h"
#include "procedure-parts.h"

/* The newest, or the one that is asked for. */
static const PmtJobInfo *
find_job (GPtrArray *jobs, const gchar *id, GError **error)
{
  if (jobs->len == 0)
    {
      g_set_error_literal (error, PMT_ERROR, PMT_ERROR_INPUT,
                           _ ("There is no interrupted run to fetch."));
      return NULL;
    }
  if (!id || !*id)
    return g_ptr_array_index (jobs, 0);

  for (guint i = 0; i < jobs->len; i++)
    {
      const PmtJobInfo *job = g_ptr_array_index (jobs, i);

      if (g_str_equal (job->id, id))
        return job;
    }
  g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
               _ ("There is no interrupted run “%s”. Leave “run” empty to "
                  "fetch the newest."),
               id);

  return NULL;
}

static GPtrArray *
fetch (PmtCall *call,
       PmtEngine *engine,
       const PmtJobInfo *job,
       GimpDrawable **drawables,
       gboolean is_interactive,
       GError **error)
{
  g_autoptr (PmtRequest) request = NULL;

  if (!pmt_call_prepare (call, drawables, error))
    return NULL;
  request = pmt_engine_resume_job (engine, job->id, error);
  if (!request)
    return NULL;
  pmt_request_set_canvas (request, pmt_request_get_canvas (call->base));
  pmt_request_set_source (request, pmt_request_get_source (call->base),
                          pmt_request_get_layer (call->base));

  return pmt_operation_execute (call, NULL, request, is_interactive, error);
}

static GimpValueArray *
resume_run (GimpProcedure *procedure,
            GimpRunMode run_mode,
            GimpImage *image,
            GimpDrawable **drawables,
            GimpProcedureConfig *config,
            gpointer run_data)
{
  PmtOperationData data = { PMT_OPERATION_GENERATE, NULL, NULL };
  g_auto (PmtCall) call = { .data = &data, .image = image, .is_resumed = TRUE };
  g_autoptr (PmtEngine) engine = NULL;
  g_autoptr (GPtrArray) jobs = NULL;
  g_autoptr (GPtrArray) layers = NULL;
  g_autofree gchar *id = NULL;
  const PmtJobInfo *job = NULL;
  const gboolean is_interactive = pmt_operation_has_windows (run_mode);
  GError *error = NULL;

  gegl_init (NULL, NULL);
  g_object_get (config, "run", &id, NULL);
  engine = pmt_plugin_engine_new (TRUE, NULL, &error);
  if (engine && is_interactive)
    {
      g_free (id);
      id = pmt_jobs_dialog_run (engine, gimp_image_get_width (image),
                                gimp_image_get_height (image));
    }
  if (engine && (id || !is_interactive))
    {
      jobs = pmt_engine_list_jobs (engine);
      job = find_job (jobs, id, &error);
    }
  if (job)
    {
      data.operation = job->operation;
      layers = fetch (&call, engine, job, drawables, is_interactive, &error);
    }

  return pmt_operation_return (procedure, layers, error);
}

GimpProcedure *
pmt_resume_create (GimpPlugIn *plug_in)
{
  GimpProcedure *procedure = gimp_image_procedure_new (
      plug_in, PMT_RESUME_PROCEDURE, GIMP_PDB_PROC_TYPE_PLUGIN, resume_run,
      NULL, NULL);

  pmt_procedure_take_images (procedure, FALSE);
  pmt_procedure_describe (
      procedure, _ ("Fe_tch Interrupted Run..."),
      _ ("Fetch what a service made before the connection was lost"),
      _ ("Goes on with a run that was sent to a service and whose results did "
         "not come: they are fetched and inserted as the operation would have "
         "done. Nothing is sent or paid for again. A dialog lists the runs, to "
         "fetch one or to forget it; without a dialog the newest is fetched, "
         "or the one that “run” names. Needs the layer and the picture that "
         "the run was started on. Returns the new layers."));
  gimp_procedure_add_string_argument (
      procedure, "run", _ ("_Run"),
      _ ("Identifier of the interrupted run; empty: the newest."), "",
      G_PARAM_READWRITE);
  pmt_procedure_declare_layers (procedure);

  return procedure;
}
