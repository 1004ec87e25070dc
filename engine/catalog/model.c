/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* model.c: a model and what can be asked of it. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "catalog/model.h"
#include "catalog/param-spec.h"

static void
net_clear (gpointer data)
{
  PmtModelNet *net = data;

  g_free (net->name);
}

/* Limits and step presets both begin with their name, which is all they
 * own. */
static void
name_clear (gpointer data)
{
  g_free (*(gchar **)data);
}

static void
mapping_clear (gpointer data)
{
  PmtModelMapping *mapping = data;

  g_free (mapping->name);
  g_free (mapping->service_name);
}

static GArray *
array_new (gsize size, GDestroyNotify clear)
{
  GArray *array = g_array_new (FALSE, TRUE, size);

  g_array_set_clear_func (array, clear);
  return array;
}

PmtModel *
pmt_model_new (void)
{
  PmtModel *model = g_new0 (PmtModel, 1);

  model->params = g_ptr_array_new_with_free_func (pmt_model_param_free);
  model->files = array_new (sizeof (PmtModelFile), pmt_model_file_clear);
  model->nets = array_new (sizeof (PmtModelNet), net_clear);
  model->limits = array_new (sizeof (PmtModelLimit), name_clear);
  model->steps = array_new (sizeof (PmtModelSteps), name_clear);
  model->mapping = array_new (sizeof (PmtModelMapping), mapping_clear);
  model->services = g_ptr_array_new_with_free_func (pmt_model_service_free);
  return model;
}

void
pmt_model_free (PmtModel *model)
{
  if (model == NULL)
    return;
  g_free (model->id);
  g_free (model->name);
  g_free (model->family);
  g_free (model->backend);
  g_free (model->license);
  g_free (model->homepage);
  g_ptr_array_unref (model->params);
  g_array_unref (model->files);
  g_array_unref (model->nets);
  g_free (model->path);
  for (guint i = 0; i < PMT_N_OPERATIONS; i++)
    g_free (model->checkpoints[i]);
  g_free (model->net_profile);
  g_array_unref (model->limits);
  g_array_unref (model->steps);
  g_free (model->sampler);
  g_free (model->high_sampler);
  g_free (model->schedule);
  g_free (model->prompt_style);
  g_free (model->enhancer_prompt);
  g_free (model->enhancer_negative);
  g_array_unref (model->mapping);
  pmt_cost_free (model->cost);
  g_ptr_array_unref (model->services);
  g_free (model);
}

const gchar *
pmt_model_get_id (const PmtModel *model)
{
  g_return_val_if_fail (model != NULL, NULL);
  return model->id;
}

const gchar *
pmt_model_get_name (const PmtModel *model)
{
  g_return_val_if_fail (model != NULL, NULL);
  return g_dpgettext2 (GETTEXT_PACKAGE, "model", model->name);
}

const gchar *
pmt_model_get_family (const PmtModel *model)
{
  g_return_val_if_fail (model != NULL, NULL);
  return model->family;
}

const gchar *
pmt_model_get_backend (const PmtModel *model)
{
  g_return_val_if_fail (model != NULL, NULL);
  return model->backend;
}

const gchar *
pmt_model_get_license (const PmtModel *model)
{
  g_return_val_if_fail (model != NULL, NULL);
  return model->license;
}

const gchar *
pmt_model_get_homepage (const PmtModel *model)
{
  g_return_val_if_fail (model != NULL, NULL);
  return model->homepage;
}

gboolean
pmt_model_is_remote (const PmtModel *model)
{
  g_return_val_if_fail (model != NULL, FALSE);
  return g_strcmp0 (model->backend, "remote") == 0;
}

const PmtModelService *
pmt_model_find_service (const PmtModel *model, const gchar *type)
{
  for (guint i = 0; i < model->services->len; i++)
    {
      const PmtModelService *service = model->services->pdata[i];

      if (g_strcmp0 (service->type, type) == 0)
        return service;
    }
  return NULL;
}

const gchar *
pmt_model_find_net (const PmtModel *model, gint scale)
{
  for (guint i = 0; i < model->nets->len; i++)
    {
      const PmtModelNet *net = &g_array_index (model->nets, PmtModelNet, i);

      if (net->scale == scale)
        return net->name;
    }
  return NULL;
}

const gchar *
pmt_model_get_path (const PmtModel *model)
{
  g_return_val_if_fail (model != NULL, NULL);
  if (model->path != NULL)
    return model->path;
  for (guint i = 0; i < model->nets->len; i++)
    {
      const PmtModelNet *net = &g_array_index (model->nets, PmtModelNet, i);

      if (g_path_is_absolute (net->name))
        return net->name;
    }
  return NULL;
}

gboolean
pmt_model_supports (const PmtModel *model, PmtOperation operation)
{
  g_return_val_if_fail (model != NULL, FALSE);
  return (model->operations & (1u << operation)) != 0;
}

gboolean
pmt_model_is_default_for (const PmtModel *model, PmtOperation operation)
{
  return (model->default_for & (1u << operation)) != 0;
}

GPtrArray *
pmt_model_list_params (const PmtModel *model, PmtOperation operation)
{
  GPtrArray *specs;

  g_return_val_if_fail (model != NULL, NULL);
  specs = g_ptr_array_new ();
  for (guint i = 0; i < model->params->len; i++)
    {
      PmtModelParam *param = model->params->pdata[i];

      if (pmt_param_is_for (&param->spec, operation))
        g_ptr_array_add (specs, &param->spec);
    }
  return specs;
}

const PmtParamSpec *
pmt_model_find_param (const PmtModel *model, const gchar *name)
{
  g_return_val_if_fail (model != NULL && name != NULL, NULL);
  for (guint i = 0; i < model->params->len; i++)
    {
      const PmtModelParam *param = model->params->pdata[i];

      if (g_str_equal (param->spec.name, name))
        return &param->spec;
    }
  return NULL;
}

gboolean
pmt_model_takes_param (const PmtModel *model,
                       PmtOperation operation,
                       const gchar *name)
{
  const PmtParamSpec *spec = pmt_model_find_param (model, name);

  return spec != NULL && pmt_param_is_for (spec, operation);
}

gchar *
pmt_model_join_params (const PmtModel *model, PmtOperation operation)
{
  g_autoptr (GPtrArray) specs = pmt_model_list_params (model, operation);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < specs->len; i++)
    {
      const PmtParamSpec *spec = specs->pdata[i];

      if (i > 0)
        g_string_append (text, ", ");
      g_string_append_printf (text, _ ("“%s”"), spec->name);
    }
  if (specs->len == 0)
    g_string_append (text, _ ("nothing"));
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static GVariant *
get_effective (const PmtModel *model,
               const PmtParams *params,
               const gchar *name)
{
  const PmtParamSpec *spec;
  GVariant *value = NULL;

  if (params != NULL)
    value = pmt_params_get_variant (params, name);
  if (value != NULL)
    return value;
  spec = pmt_model_find_param (model, name);
  return spec != NULL ? spec->default_value : NULL;
}

static gboolean
condition_holds (const PmtCondition *condition, GVariant *value)
{
  for (guint i = 0; value != NULL && i < condition->values->len; i++)
    if (pmt_param_values_equal (condition->values->pdata[i], value))
      return !condition->is_negated;
  return condition->is_negated;
}

gboolean
pmt_model_param_applies (const PmtModel *model,
                         const gchar *name,
                         const PmtParams *params)
{
  const PmtModelParam *param;

  g_return_val_if_fail (model != NULL && name != NULL, FALSE);
  param = (const PmtModelParam *)pmt_model_find_param (model, name);
  if (param == NULL)
    return FALSE;
  for (guint i = 0; i < param->conditions->len; i++)
    {
      const PmtCondition *condition = param->conditions->pdata[i];

      if (!condition_holds (condition,
                            get_effective (model, params, condition->name)))
        return FALSE;
    }
  return TRUE;
}

gdouble
pmt_model_get_limit (const PmtModel *model, const gchar *name, gdouble fallback)
{
  g_return_val_if_fail (model != NULL && name != NULL, fallback);
  for (guint i = 0; i < model->limits->len; i++)
    {
      const PmtModelLimit *limit =
          &g_array_index (model->limits, PmtModelLimit, i);

      if (g_str_equal (limit->name, name))
        return limit->value;
    }
  return fallback;
}

/* --------------------------------------------------------------- cost -- */

typedef struct
{
  const PmtModel *model;
  const PmtParams *params;
  gint width;
  gint height;
  guint n_references;
} CostInput;

static gboolean
look_up (const gchar *name, PmtCostValue *value, gpointer data)
{
  const CostInput *input = data;
  g_autofree gchar *param = g_strdelimit (g_strdup (name), "_", '-');
  GVariant *variant;

  if (g_str_equal (name, "megapixels"))
    value->number = (gdouble)input->width * input->height / 1e6;
  else if (g_str_equal (name, "width"))
    value->number = input->width;
  else if (g_str_equal (name, "height"))
    value->number = input->height;
  else if (g_str_equal (name, "references"))
    value->number = input->n_references;
  else
    {
      variant = get_effective (input->model, input->params, param);
      if (variant == NULL)
        return FALSE;
      pmt_cost_value_set_variant (value, variant);
    }
  return TRUE;
}

gboolean
pmt_model_get_cost (const PmtModel *model,
                    const PmtParams *params,
                    gint width,
                    gint height,
                    guint n_references,
                    gdouble *credits,
                    GError **error)
{
  CostInput input = { model, params, width, height, n_references };
  g_autofree gchar *reason = NULL;

  if (model->cost == NULL)
    {
      *credits = 0.0;
      return TRUE;
    }
  if (pmt_cost_evaluate (model->cost, look_up, &input, credits, &reason))
    return TRUE;
  g_set_error (error, PMT_ERROR, PMT_ERROR_MODEL,
               _ ("The cost formula of the model “%s” can't be used: %s"),
               model->id, reason);
  return FALSE;
}
