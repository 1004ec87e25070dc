/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* forecast.c: what a call of an operation's procedure would come to. */
#include "config.h"

#include "forecast.h"

#include <glib/gi18n-lib.h>

#include "estimate-settings.h"
#include "estimate-text.h"
#include "model-list.h"
#include "procedures.h"
#include "run.h"
#include "upscale-size.h"

void
pmt_forecast_clear (PmtForecast *forecast)
{
  pmt_call_clear (&forecast->call);
  g_clear_pointer (&forecast->request, pmt_request_free);
  g_clear_pointer (&forecast->problems, g_ptr_array_unref);
  g_clear_object (&forecast->settings);
  g_clear_object (&forecast->procedure);
}

/* --------------------------------------------------------------- problems -- */

/* @problem: (transfer full): of a run.  Wrong arguments are wrong in this call,
 * too; for the rest a script has asked.
 */
static gboolean
take_problem (PmtForecast *forecast, GError *problem, GError **error)
{
  g_auto (GStrv) lines = NULL;

  if (g_error_matches (problem, PMT_ERROR, PMT_ERROR_ARGUMENT))
    {
      g_propagate_error (error, problem);
      return FALSE;
    }
  lines = g_strsplit (problem->message, "\n", -1);
  for (gchar **line = lines; *line; line++)
    g_ptr_array_add (forecast->problems, g_strdup (*line));
  g_error_free (problem);

  return TRUE;
}

static gboolean
take_problems (PmtForecast *forecast, GPtrArray *problems, GError **error)
{
  GError *joined = pmt_run_join_problems (problems);

  for (guint i = 0; i < problems->len; i++)
    {
      const PmtProblem *problem = g_ptr_array_index (problems, i);

      if (problem->code == PMT_ERROR_ARGUMENT)
        joined->code = PMT_ERROR_ARGUMENT;
    }

  return take_problem (forecast, joined, error);
}

/* --------------------------------------------------------------- estimate -- */

/* What a run checks before it begins, in the order that it does. */
static gboolean
check_limits (PmtForecast *forecast, GError **error)
{
  PmtCall *call = &forecast->call;
  GError *problem = NULL;

  if (!pmt_call_check_limits (forecast->settings, forecast->request,
                              &forecast->estimate, call, &problem)
      && !take_problem (forecast, g_steal_pointer (&problem), error))
    return FALSE;
  if (!pmt_engine_check_spending (call->engine, forecast->request,
                                  &forecast->estimate, &problem)
      && !take_problem (forecast, g_steal_pointer (&problem), error))
    return FALSE;

  return TRUE;
}

static gboolean
estimate_request (PmtForecast *forecast, GError **error)
{
  PmtCall *call = &forecast->call;
  g_autoptr (GPtrArray) problems = NULL;
  GError *problem = NULL;

  forecast->request = pmt_call_make_request (forecast->settings, call);
  problems = pmt_engine_validate (call->engine, forecast->request);
  if (problems->len > 0)
    return take_problems (forecast, problems, error);
  if (!pmt_engine_estimate (call->engine, forecast->request,
                            &forecast->estimate, &problem))
    return take_problem (forecast, problem, error);
  forecast->is_known = TRUE;

  return check_limits (forecast, error);
}

static gboolean
find_operation (const gchar *name, PmtOperation *operation, GError **error)
{
  g_autoptr (GString) all = g_string_new (NULL);

  if (name && pmt_operation_from_string (name, operation))
    return TRUE;

  for (guint i = 0; i < PMT_N_OPERATIONS; i++)
    g_string_append_printf (all, "%s%s", i > 0 ? ", " : "",
                            pmt_operation_to_string (i));
  g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
               _ ("“%s” is “%s”, but must be one of: %s."), "operation",
               name ? name : "", all->str);

  return FALSE;
}

/* The operation's own arguments, so that a call means what a run would. */
static gboolean
read_settings (PmtForecast *forecast,
               GimpPlugIn *plug_in,
               PmtOperation operation,
               const gchar *settings,
               GError **error)
{
  PmtOperationData *data = pmt_operation_data_new (operation);

  forecast->procedure = pmt_procedures_create_operation (plug_in, data);
  forecast->settings = gimp_procedure_create_config (forecast->procedure);
  forecast->call.data = data;

  /* Without manifests nothing is known of arguments, which is told below. */
  return !data->engine
         || pmt_estimate_settings_read (data, settings, forecast->settings,
                                        error);
}

gboolean
pmt_forecast_init (PmtForecast *forecast,
                   GimpPlugIn *plug_in,
                   GimpImage *image,
                   GimpDrawable **drawables,
                   const gchar *operation,
                   const gchar *settings,
                   GError **error)
{
  PmtOperation which;
  GError *problem = NULL;

  forecast->problems = g_ptr_array_new_with_free_func (g_free);
  forecast->call.image = image;
  forecast->call.is_strict = TRUE;
  if (!image)
    {
      g_set_error_literal (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
                           _ ("The argument “image” is missing. Give the "
                              "picture that would be worked on."));
      return FALSE;
    }
  if (!find_operation (operation, &which, error)
      || !read_settings (forecast, plug_in, which, settings, error))
    return FALSE;
  if (!pmt_call_prepare (&forecast->call, drawables, &problem))
    return take_problem (forecast, problem, error);

  return estimate_request (forecast, error);
}

/* ----------------------------------------------------------------- answer -- */

static gchar *
join (GPtrArray *lines)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < lines->len; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? "\n" : "",
                            (const gchar *)g_ptr_array_index (lines, i));

  return g_string_free (text, FALSE);
}

gchar *
pmt_forecast_make_text (const PmtForecast *forecast)
{
  const PmtEstimate *estimate = &forecast->estimate;
  const PmtRequest *request = forecast->request;
  PmtEngine *engine = forecast->call.engine;
  g_autoptr (GPtrArray) services = NULL;
  const PmtServiceInfo *service = NULL;
  PmtUpscaleSize size;
  gboolean has_size;

  if (forecast->problems->len > 0)
    return join (forecast->problems);
  if (estimate->provider)
    {
      services = pmt_engine_list_services (engine, NULL);
      service = pmt_model_list_find_service (services, estimate->provider);
    }
  has_size = pmt_request_get_operation (request) == PMT_OPERATION_UPSCALE
             && pmt_upscale_size (engine, request, &size, NULL);

  return pmt_estimate_text_add_notes (
      engine, request,
      pmt_estimate_text_new (request, estimate, has_size ? &size : NULL,
                             service, -1.0));
}

GeglRectangle
pmt_forecast_get_bounds (const PmtForecast *forecast)
{
  const PmtEstimate *estimate = &forecast->estimate;
  GeglRectangle bounds = estimate->made;

  if (gegl_rectangle_is_empty (&bounds))
    for (guint i = 0; i < estimate->n_areas; i++)
      gegl_rectangle_bounding_box (&bounds, &bounds, &estimate->areas[i].crop);

  return bounds;
}
