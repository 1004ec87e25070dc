/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* validate.c: everything that can be checked before a run, all at once. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "catalog/model.h"
#include "catalog/param-spec.h"
#include "core/engine-private.h"
#include "core/params.h"
#include "core/prompt-hook.h"
#include "image/mask.h"

/* Coordinates beyond this could overflow in sums of a few of them. */
#define MAX_COORDINATE (G_MAXINT / 8)

/* A larger mask is left to the backend, which reads it anyway. */
#define MAX_MASK_PIXELS ((gint64)100 * 1000 * 1000)

/* A seed is recorded whatever the model, so that one is always accepted. */
static const PmtParamSpec seed_spec = {
  .name = (gchar *)"seed",
  .type = PMT_PARAM_INT,
  .min = -1,
  .max = PMT_SEED_MAX,
  .has_auto = TRUE,
  .auto_value = -1,
};

/* A limit of the user's on what a run may cost. */
static const PmtParamSpec max_cost_spec = {
  .name = (gchar *)"max-cost",
  .type = PMT_PARAM_NUMBER,
  .min = -1,
  .max = 1e6,
  .has_auto = TRUE,
  .auto_value = -1,
};

/* Taken by every model, whatever its manifest says. */
static const PmtParamSpec *
find_universal (const gchar *name)
{
  if (g_str_equal (name, seed_spec.name))
    return &seed_spec;
  return g_str_equal (name, max_cost_spec.name) ? &max_cost_spec : NULL;
}

static gboolean
needs_source (PmtOperation operation)
{
  return operation != PMT_OPERATION_GENERATE;
}

static gboolean
needs_mask (PmtOperation operation)
{
  return operation == PMT_OPERATION_REMOVE || operation == PMT_OPERATION_FILL;
}

/* --------------------------------------------------------- parameters -- */

static gboolean
is_default (const PmtParamSpec *spec, GVariant *value)
{
  return spec->default_value != NULL
         && pmt_param_values_equal (spec->default_value, value);
}

/* Puts the value of one parameter of @request into @params. */
static void
take_param (const PmtModel *model,
            const PmtRequest *request,
            const gchar *name,
            PmtParams *params,
            GPtrArray *problems)
{
  PmtOperation operation = pmt_request_get_operation (request);
  const PmtParams *given = pmt_request_peek_params (request);
  const PmtParamSpec *spec = pmt_model_find_param (model, name);
  g_autoptr (GVariant) value = NULL;
  gboolean is_universal = FALSE;

  if (spec == NULL)
    {
      spec = find_universal (name);
      is_universal = spec != NULL;
    }
  if (spec == NULL)
    {
      g_autofree gchar *names = pmt_model_join_params (model, operation);

      pmt_problems_add (problems, PMT_ERROR_ARGUMENT, name,
                        _ ("The model “%s” has no parameter “%s”. For “%s” "
                           "it takes: %s."),
                        model->id, name, pmt_operation_label (operation),
                        names);
      return;
    }
  if (!is_universal && !pmt_param_is_for (spec, operation))
    {
      pmt_problems_add (problems, PMT_ERROR_ARGUMENT, name,
                        _ ("The parameter “%s” of the model “%s” doesn't "
                           "apply to “%s”. Leave it out."),
                        name, model->id, pmt_operation_label (operation));
      return;
    }
  value = pmt_param_spec_check (spec, model->id,
                                pmt_params_get_variant (given, name), problems);
  if (value == NULL)
    return;
  if (pmt_model_param_applies (model, name, given) || is_universal)
    pmt_params_set_variant (params, name, value);
  else if (!is_default (spec, value))
    {
      g_autofree gchar *condition = pmt_param_describe_condition (spec);

      /* Translators: the last %s is a list such as
       * "“scope” is “layer”". */
      pmt_problems_add (problems, PMT_ERROR_ARGUMENT, name,
                        _ ("The parameter “%s” of the model “%s” applies "
                           "only when %s."),
                        name, model->id, condition);
    }
}

static void
fill_defaults (const PmtModel *model, PmtOperation operation, PmtParams *params)
{
  g_autoptr (GPtrArray) specs = pmt_model_list_params (model, operation);

  for (guint i = 0; i < specs->len; i++)
    {
      const PmtParamSpec *spec = specs->pdata[i];

      if (!pmt_params_has (params, spec->name)
          && pmt_model_param_applies (model, spec->name, params))
        pmt_params_set_variant (params, spec->name, spec->default_value);
    }
}

/* Replaces the parameters of @request by the completed ones. */
static void
check_params (const PmtModel *model, PmtRequest *request, GPtrArray *problems)
{
  PmtParams *given = pmt_request_params (request);
  g_autofree const gchar **names = pmt_params_list (given);
  g_autoptr (PmtParams) params = pmt_params_new ();

  for (guint i = 0; names[i] != NULL; i++)
    take_param (model, request, names[i], params, problems);
  fill_defaults (model, pmt_request_get_operation (request), params);
  for (guint i = 0; names[i] != NULL; i++)
    if (!pmt_params_has (params, names[i]))
      pmt_params_unset (given, names[i]);
  g_clear_pointer (&names, g_free);
  names = pmt_params_list (params);
  for (guint i = 0; names[i] != NULL; i++)
    pmt_params_set_variant (given, names[i],
                            pmt_params_get_variant (params, names[i]));
}

/* ------------------------------------------------------------- inputs -- */

static gboolean
is_sane (const GeglRectangle *rect)
{
  return ABS ((gint64)rect->x) <= MAX_COORDINATE
         && ABS ((gint64)rect->y) <= MAX_COORDINATE && rect->width > 0
         && rect->height > 0 && rect->width <= MAX_COORDINATE
         && rect->height <= MAX_COORDINATE;
}

static void
check_size (const PmtModel *model,
            const GeglRectangle *rect,
            GPtrArray *problems)
{
  gdouble max_side = pmt_model_get_limit (model, "max_side", G_MAXINT);
  gdouble min_side = pmt_model_get_limit (model, "min_side", 1);
  gdouble max_pixels = pmt_model_get_limit (model, "max_pixels", G_MAXDOUBLE);
  gdouble pixels = (gdouble)rect->width * rect->height;

  if (MAX (rect->width, rect->height) > max_side)
    pmt_problems_add (problems, PMT_ERROR_INPUT, "source",
                      _ ("The picture is %d × %d pixels; the model “%s” "
                         "allows at most %.0f on each side. Scale it down or "
                         "crop it."),
                      rect->width, rect->height, model->id, max_side);
  if (MIN (rect->width, rect->height) < min_side)
    pmt_problems_add (problems, PMT_ERROR_INPUT, "source",
                      _ ("The picture is %d × %d pixels; the model “%s” "
                         "needs at least %.0f on each side. Scale it up or "
                         "choose another layer."),
                      rect->width, rect->height, model->id, min_side);
  if (pixels > max_pixels)
    pmt_problems_add (problems, PMT_ERROR_INPUT, "source",
                      _ ("The picture has %.1f megapixels; the model “%s” "
                         "allows at most %.1f. Scale it down or crop it."),
                      pixels / 1e6, model->id, max_pixels / 1e6);
}

static gboolean
check_source (const PmtModel *model,
              const PmtRequest *request,
              GPtrArray *problems)
{
  const GeglRectangle *layer = pmt_request_get_layer (request);
  const GeglRectangle *canvas = pmt_request_get_canvas (request);
  PmtOperation operation = pmt_request_get_operation (request);

  if (!needs_source (operation))
    return TRUE;
  if (gegl_rectangle_is_empty (layer))
    {
      pmt_problems_add (problems, PMT_ERROR_INPUT, "source",
                        _ ("“%s” needs a layer to work on. Choose one that "
                           "isn't empty."),
                        pmt_operation_label (operation));
      return FALSE;
    }
  if (!is_sane (layer) || !is_sane (canvas))
    {
      pmt_problems_add (problems, PMT_ERROR_INPUT, "source",
                        _ ("The layer or the canvas has an impossible size "
                           "or position."));
      return FALSE;
    }
  /* What is sent to a service is cut and scaled for it. */
  if (model != NULL && !pmt_model_is_remote (model))
    check_size (model, layer, problems);
  return TRUE;
}

static void
check_mask (const PmtRequest *request, GPtrArray *problems)
{
  PmtOperation operation = pmt_request_get_operation (request);
  GeglBuffer *mask = pmt_request_get_mask (request);
  GeglRectangle part;
  GeglRectangle bounds;

  if (!needs_mask (operation))
    return;
  if (mask == NULL)
    {
      pmt_problems_add (problems, PMT_ERROR_INPUT, "mask",
                        _ ("Nothing is selected. Select what “%s” should "
                           "work on, then run it again."),
                        pmt_operation_label (operation));
      return;
    }
  if (!gegl_rectangle_intersect (&part, gegl_buffer_get_extent (mask),
                                 pmt_request_get_layer (request)))
    {
      pmt_problems_add (problems, PMT_ERROR_INPUT, "mask",
                        _ ("The selection lies outside the layer. Select "
                           "something on the layer, or choose another "
                           "layer."));
      return;
    }
  if ((gint64)part.width * part.height <= MAX_MASK_PIXELS
      && !pmt_mask_bounds (mask, &part, &bounds))
    pmt_problems_add (problems, PMT_ERROR_INPUT, "mask",
                      _ ("Nothing is selected inside the layer. Select "
                         "something on the layer, or choose another "
                         "layer."));
}

static void
check_references (const PmtModel *model,
                  const PmtRequest *request,
                  GPtrArray *problems)
{
  guint n = pmt_request_get_n_references (request);
  gdouble limit = pmt_model_get_limit (model, "references", 0);
  guint max = MIN (limit, PMT_MAX_REFERENCES);

  if (n <= max)
    return;
  if (max == 0)
    pmt_problems_add (problems, PMT_ERROR_ARGUMENT, "references",
                      _ ("The model “%s” takes no reference pictures, but %u "
                         "are given. Leave them out."),
                      model->id, n);
  else
    pmt_problems_add (problems, PMT_ERROR_ARGUMENT, "references",
                      _ ("%u reference pictures are given; the model “%s” "
                         "takes at most %u. Leave some out."),
                      n, model->id, max);
}

PmtRequest *
pmt_engine_prepare (PmtEngine *engine,
                    const PmtRequest *request,
                    GPtrArray *problems,
                    GPtrArray *notes,
                    const PmtModel **model)
{
  g_autoptr (PmtRequest) prepared = pmt_request_copy (request);
  const PmtModel *chosen = pmt_engine_check_model (engine, request, problems);
  PmtBackend *backend;

  if (chosen != NULL)
    {
      pmt_request_set_model (prepared, chosen->id);
      check_references (chosen, request, problems);
      if (pmt_model_supports (chosen, pmt_request_get_operation (request)))
        {
          pmt_preset_prepare (engine, chosen, prepared, problems, notes);
          pmt_prompt_prepare (chosen, prepared, problems, notes);
          check_params (chosen, prepared, problems);
        }
    }
  if (check_source (chosen, request, problems))
    check_mask (request, problems);
  *model = chosen;
  /* A backend may count on everything that was checked above. */
  if (problems->len == 0)
    {
      backend = pmt_engine_find_backend (engine, chosen->backend);
      pmt_backend_validate (backend, chosen, prepared, problems);
    }
  if (chosen != NULL)
    pmt_problems_count_typed (engine, chosen, request, prepared, problems);
  return g_steal_pointer (&prepared);
}

GPtrArray *
pmt_engine_validate (PmtEngine *engine, const PmtRequest *request)
{
  g_autoptr (GPtrArray) problems = pmt_problems_new ();
  g_autoptr (GPtrArray) notes = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (PmtRequest) prepared = NULL;
  const PmtModel *model;

  g_return_val_if_fail (engine != NULL && request != NULL, NULL);
  prepared = pmt_engine_prepare (engine, request, problems, notes, &model);
  return g_steal_pointer (&problems);
}

gchar **
pmt_engine_list_notes (PmtEngine *engine, const PmtRequest *request)
{
  g_autoptr (GPtrArray) problems = pmt_problems_new ();
  g_autoptr (GPtrArray) notes = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (PmtRequest) prepared = NULL;
  const PmtModel *model;

  g_return_val_if_fail (engine != NULL && request != NULL, NULL);
  prepared = pmt_engine_prepare (engine, request, problems, notes, &model);
  g_ptr_array_add (notes, NULL);
  return (gchar **)g_ptr_array_free (g_steal_pointer (&notes), FALSE);
}
