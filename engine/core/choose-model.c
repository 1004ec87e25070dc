/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* choose-model.c: which model runs a request. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "catalog/model.h"
#include "core/engine-private.h"

/* What sends pictures away, and may cost something, is only run when it is
 * named. */
static GPtrArray *
list_local (PmtEngine *engine, gint operation)
{
  GPtrArray *models = pmt_engine_list_models (engine, operation);

  for (guint i = models->len; i > 0; i--)
    if (pmt_model_is_remote (models->pdata[i - 1]))
      g_ptr_array_remove_index (models, i - 1);
  return models;
}

/* The first that takes a prompt. */
static const PmtModel *
find_prompted (GPtrArray *models)
{
  for (guint i = 0; i < models->len; i++)
    if (pmt_model_find_param (models->pdata[i], "prompt") != NULL)
      return models->pdata[i];
  return NULL;
}

/* A prompt, or a preset, chooses a model that takes one.  Where none is installed, but could
 * be, no other model is meant.
 */
static const PmtModel *
choose_default (PmtEngine *engine, const PmtRequest *request)
{
  const gint operation = (gint)pmt_request_get_operation (request);
  const PmtParams *params = pmt_request_peek_params (request);
  const gboolean has_words =
      *pmt_params_get_string (params, "prompt", "") != '\0'
      || *pmt_params_get_string (params, "preset", "") != '\0';
  g_autoptr (GPtrArray) models = list_local (engine, operation);
  g_autoptr (GPtrArray) templates =
      pmt_engine_list_templates (engine, operation);
  const PmtModel *prompted = NULL;

  if (models->len == 0)
    return NULL;
  if (has_words)
    prompted = find_prompted (models);
  if (prompted != NULL || (has_words && find_prompted (templates)))
    return prompted;
  return models->pdata[0];
}

static void
add_no_model (PmtEngine *engine, PmtOperation operation, GPtrArray *problems)
{
  g_autoptr (GPtrArray) models = list_local (engine, (gint)operation);
  g_autoptr (GPtrArray) templates =
      pmt_engine_list_templates (engine, (gint)operation);
  g_autofree gchar *folder = NULL;

  if (templates->len == 0 || engine->user_dir == NULL)
    {
      pmt_problems_add (problems, PMT_ERROR_UNSUPPORTED, "model",
                        _ ("No model for “%s” is installed."),
                        pmt_operation_label (operation));
      return;
    }
  folder = g_build_filename (engine->user_dir, "models", "checkpoints", NULL);
  if (models->len > 0)
    pmt_problems_add (problems, PMT_ERROR_UNSUPPORTED, "model",
                      _ ("No model that takes a prompt for “%s” is installed. "
                         "Put a Stable Diffusion checkpoint (.safetensors) "
                         "into the folder “%s”, choose such a file as the "
                         "model, or leave the prompt empty."),
                      pmt_operation_label (operation), folder);
  else
    pmt_problems_add (problems, PMT_ERROR_UNSUPPORTED, "model",
                      _ ("No model for “%s” is installed. Put a Stable "
                         "Diffusion checkpoint (.safetensors) into the folder "
                         "“%s”, or choose such a file as the model."),
                      pmt_operation_label (operation), folder);
}

const PmtModel *
pmt_engine_check_model (PmtEngine *engine,
                        const PmtRequest *request,
                        GPtrArray *problems)
{
  PmtOperation operation = pmt_request_get_operation (request);
  const gchar *id = pmt_request_get_model (request);
  const PmtModel *model = NULL;

  if (id != NULL)
    {
      g_autoptr (GError) error = NULL;

      model = pmt_engine_get_model (engine, id, &error);
      if (model == NULL)
        pmt_problems_add (problems, error->code, "model", "%s", error->message);
      else if (!pmt_model_supports (model, operation))
        pmt_problems_add (problems, PMT_ERROR_UNSUPPORTED, "model",
                          _ ("The model “%s” can't do “%s”. Choose another "
                             "model."),
                          id, pmt_operation_label (operation));
    }
  else
    {
      model = choose_default (engine, request);
      if (model == NULL)
        add_no_model (engine, operation, problems);
    }
  if (model != NULL && pmt_engine_find_backend (engine, model->backend) == NULL)
    pmt_problems_add (problems, PMT_ERROR_UNSUPPORTED, "model",
                      _ ("The model “%s” needs “%s”, which this build of "
                         "Pentimento doesn't have."),
                      model->id, model->backend);
  return model;
}

const PmtModel *
pmt_engine_choose_model (PmtEngine *engine, const PmtRequest *request)
{
  const gchar *id;

  g_return_val_if_fail (engine != NULL && request != NULL, NULL);
  id = pmt_request_get_model (request);
  return id != NULL ? pmt_engine_find_model (engine, id)
                    : choose_default (engine, request);
}
