/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* manifest.c: from JSON to a PmtModel. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "catalog/manifest.h"
#include "catalog/model-file.h"
#include "catalog/param-spec.h"

#define MAX_PARAMS 200
#define MAX_STEPS 1000
#define MAX_FORMULA 500
#define MAX_NAME 100
#define MAX_URL 500
#define MAX_TAGS 1000

static gboolean
read_head (PmtManifestReader *reader, PmtModel *model)
{
  const cJSON *root = reader->root;

  model->family = g_strdup ("");
  model->homepage = g_strdup ("");
  return pmt_reader_get_string (reader, root, "id", PMT_READ_REQUIRED,
                                PMT_PATTERN_ID, 64, &model->id)
         && pmt_reader_get_string (reader, root, "name", PMT_READ_REQUIRED,
                                   NULL, MAX_NAME, &model->name)
         && pmt_reader_get_string (reader, root, "family", PMT_READ_OPTIONAL,
                                   PMT_PATTERN_ID, 64, &model->family)
         && pmt_reader_get_string (reader, root, "backend", PMT_READ_REQUIRED,
                                   PMT_PATTERN_ID, 64, &model->backend)
         && pmt_reader_get_string (reader, root, "license", PMT_READ_REQUIRED,
                                   NULL, MAX_NAME, &model->license)
         && pmt_reader_get_string (reader, root, "homepage", PMT_READ_OPTIONAL,
                                   PMT_PATTERN_URL, MAX_URL, &model->homepage)
         && pmt_reader_get_operations (reader, root, "operations",
                                       PMT_READ_REQUIRED, &model->operations);
}

static gboolean
read_template (PmtManifestReader *reader, PmtModel *model)
{
  const cJSON *node =
      cJSON_GetObjectItemCaseSensitive (reader->root, "template");

  if (node != NULL && !cJSON_IsBool (node))
    return pmt_reader_fail (reader, node, _ ("“%s” must be true or false."),
                            "template");
  model->is_template = cJSON_IsTrue (node);
  return TRUE;
}

static gboolean
read_default_for (PmtManifestReader *reader, PmtModel *model)
{
  if (!pmt_reader_get_operations (reader, reader->root, "default_for",
                                  PMT_READ_OPTIONAL, &model->default_for))
    return FALSE;
  if ((model->default_for & ~model->operations) == 0)
    return TRUE;
  return pmt_reader_fail (
      reader, cJSON_GetObjectItemCaseSensitive (reader->root, "default_for"),
      _ ("“default_for” names an operation that is not in “operations”."));
}

static gboolean
read_net (PmtManifestReader *reader,
          const cJSON *files,
          const gchar *key,
          PmtModel *model)
{
  PmtModelNet net = { (gint)g_ascii_strtoll (key, NULL, 10), NULL };

  if (!pmt_reader_get_string (reader, files, key, PMT_READ_OPTIONAL,
                              PMT_PATTERN_PATH, 200, &net.name))
    return FALSE;
  if (net.name != NULL)
    g_array_append_val (model->nets, net);
  return TRUE;
}

static gboolean
read_network (PmtManifestReader *reader, PmtModel *model)
{
  static const gchar *const keys[] = { "files", "profile", NULL };
  static const gchar *const scales[] = { "1", "2", "3", "4", NULL };
  const cJSON *object =
      cJSON_GetObjectItemCaseSensitive (reader->root, "network");
  const cJSON *files;

  if (object == NULL)
    return TRUE;
  if (!pmt_reader_check_keys (reader, object, keys)
      || !pmt_reader_get_string (reader, object, "profile", PMT_READ_OPTIONAL,
                                 PMT_PATTERN_PARAM, 64, &model->net_profile))
    return FALSE;
  files = cJSON_GetObjectItemCaseSensitive (object, "files");
  if (files == NULL)
    return pmt_reader_fail (reader, object, _ ("“%s” is missing."), "files");
  if (!pmt_reader_check_keys (reader, files, scales))
    return FALSE;
  for (guint i = 0; scales[i] != NULL; i++)
    if (!read_net (reader, files, scales[i], model))
      return FALSE;
  if (model->nets->len == 0)
    return pmt_reader_fail (reader, files, _ ("No file is named here."));
  return TRUE;
}

static gboolean
read_limits (PmtManifestReader *reader, PmtModel *model)
{
  static const gchar *const keys[] = {
    "min_side",          "max_side",     "min_pixels", "max_pixels",
    "max_aspect",        "multiple",     "references", "prompt_length",
    "min_prompt_length", "total_images", NULL
  };
  const cJSON *object =
      cJSON_GetObjectItemCaseSensitive (reader->root, "limits");
  const cJSON *node;

  if (object == NULL)
    return TRUE;
  if (!pmt_reader_check_keys (reader, object, keys))
    return FALSE;
  cJSON_ArrayForEach (node, object)
  {
    PmtModelLimit limit = { NULL, 0.0 };

    if (!pmt_reader_get_number (reader, object, node->string, PMT_READ_OPTIONAL,
                                0, PMT_JSON_MAX_INT, &limit.value))
      return FALSE;
    limit.name = g_strdup (node->string);
    g_array_append_val (model->limits, limit);
  }
  return TRUE;
}

static gboolean
check_condition (PmtManifestReader *reader,
                 const PmtModel *model,
                 const cJSON *node,
                 const PmtCondition *condition)
{
  const PmtParamSpec *other = pmt_model_find_param (model, condition->name);

  if (other == NULL)
    return pmt_reader_fail (reader, node,
                            _ ("“applies_if” names “%s”, which is not a "
                               "parameter of this model."),
                            condition->name);
  for (guint i = 0; i < condition->values->len; i++)
    {
      g_autoptr (GVariant) value =
          pmt_param_convert (other, condition->values->pdata[i]);

      if (value == NULL)
        return pmt_reader_fail (reader, node,
                                _ ("“applies_if” compares “%s” with a value "
                                   "that it can't have."),
                                condition->name);
    }
  return TRUE;
}

/* After all are read: a condition may name a later parameter. */
static gboolean
check_conditions (PmtManifestReader *reader,
                  const PmtModel *model,
                  const cJSON *array)
{
  const cJSON *node = array->child;

  for (guint i = 0; i < model->params->len; i++, node = node->next)
    {
      const PmtModelParam *param = model->params->pdata[i];
      const cJSON *at = cJSON_GetObjectItemCaseSensitive (node, "applies_if");

      for (guint j = 0; j < param->conditions->len; j++)
        if (!check_condition (reader, model, at, param->conditions->pdata[j]))
          return FALSE;
    }
  return TRUE;
}

static gboolean
read_params (PmtManifestReader *reader, PmtModel *model)
{
  const cJSON *array =
      cJSON_GetObjectItemCaseSensitive (reader->root, "parameters");
  const cJSON *node;

  if (array == NULL)
    return pmt_reader_fail (reader, NULL, _ ("“%s” is missing."), "parameters");
  if (!pmt_reader_check_array (reader, array, "parameters", 0, MAX_PARAMS))
    return FALSE;
  cJSON_ArrayForEach (node, array)
  {
    g_autoptr (PmtModelParam) param = pmt_model_param_read (reader, node);

    if (param == NULL)
      return FALSE;
    if (pmt_model_find_param (model, param->spec.name) != NULL)
      return pmt_reader_fail (reader, node, _ ("“%s” is there twice."),
                              param->spec.name);
    g_ptr_array_add (model->params, g_steal_pointer (&param));
  }
  return check_conditions (reader, model, array);
}

static gboolean
read_steps (PmtManifestReader *reader, const cJSON *object, PmtModel *model)
{
  static const gchar *const keys[] = { "medium", "high", "very-high",
                                       "extremely-high", NULL };
  const cJSON *node;

  if (object == NULL)
    return TRUE;
  if (!pmt_reader_check_keys (reader, object, keys))
    return FALSE;
  cJSON_ArrayForEach (node, object)
  {
    PmtModelSteps steps = { NULL, 0 };
    gdouble number = 0.0;

    if (!pmt_reader_get_number (reader, object, node->string, PMT_READ_OPTIONAL,
                                1, MAX_STEPS, &number))
      return FALSE;
    if (number != floor (number))
      return pmt_reader_fail (reader, node, _ ("“%s” must be a whole number."),
                              node->string);
    steps.name = g_strdup (node->string);
    steps.steps = (gint)number;
    g_array_append_val (model->steps, steps);
  }
  return TRUE;
}

static gboolean
read_presets (PmtManifestReader *reader, PmtModel *model)
{
  static const gchar *const keys[] = { "steps", "sampler", "high_sampler",
                                       NULL };
  const cJSON *object =
      cJSON_GetObjectItemCaseSensitive (reader->root, "presets");

  if (object == NULL)
    return TRUE;
  return pmt_reader_check_keys (reader, object, keys)
         && read_steps (
             reader, cJSON_GetObjectItemCaseSensitive (object, "steps"), model)
         && pmt_reader_get_string (reader, object, "sampler", PMT_READ_OPTIONAL,
                                   PMT_PATTERN_PARAM, 64, &model->sampler)
         && pmt_reader_get_string (reader, object, "high_sampler",
                                   PMT_READ_OPTIONAL, PMT_PATTERN_PARAM, 64,
                                   &model->high_sampler);
}

static gboolean
read_prompt (PmtManifestReader *reader, PmtModel *model)
{
  static const gchar *const keys[] = { "prompt", "negative", NULL };
  const cJSON *root = reader->root;
  const cJSON *enhancer = cJSON_GetObjectItemCaseSensitive (root, "enhancer");

  if (!pmt_reader_get_string (reader, root, "prompt_style", PMT_READ_OPTIONAL,
                              "^(tags|natural)\\z", 20, &model->prompt_style))
    return FALSE;
  if (enhancer == NULL)
    return TRUE;
  return pmt_reader_check_keys (reader, enhancer, keys)
         && pmt_reader_get_string (reader, enhancer, "prompt",
                                   PMT_READ_MAY_BE_EMPTY, NULL, MAX_TAGS,
                                   &model->enhancer_prompt)
         && pmt_reader_get_string (reader, enhancer, "negative",
                                   PMT_READ_MAY_BE_EMPTY, NULL, MAX_TAGS,
                                   &model->enhancer_negative);
}

static gboolean
read_mapping (PmtManifestReader *reader, PmtModel *model)
{
  const cJSON *object =
      cJSON_GetObjectItemCaseSensitive (reader->root, "mapping");
  const cJSON *node;

  if (object == NULL)
    return TRUE;
  if (!pmt_reader_check_keys (reader, object, NULL))
    return FALSE;
  cJSON_ArrayForEach (node, object)
  {
    PmtModelMapping mapping;

    if (pmt_model_find_param (model, node->string) == NULL)
      return pmt_reader_fail (reader, node,
                              _ ("“mapping” names a parameter that this "
                                 "model doesn't have."));
    if (!pmt_reader_check_string (reader, node, "mapping", PMT_READ_OPTIONAL,
                                  NULL, MAX_NAME))
      return FALSE;
    mapping.name = g_strdup (node->string);
    mapping.service_name = g_strdup (node->valuestring);
    g_array_append_val (model->mapping, mapping);
  }
  return TRUE;
}

static gboolean
read_cost (PmtManifestReader *reader, PmtModel *model)
{
  const cJSON *node = cJSON_GetObjectItemCaseSensitive (reader->root, "cost");
  g_autofree gchar *formula = NULL;
  g_autoptr (GError) error = NULL;
  gdouble credits;

  if (!pmt_reader_get_string (reader, reader->root, "cost", PMT_READ_OPTIONAL,
                              NULL, MAX_FORMULA, &formula))
    return FALSE;
  if (formula == NULL)
    return TRUE;
  model->cost = pmt_cost_new (formula);
  /* With the defaults, so that faults show when the manifest is loaded. */
  if (pmt_model_get_cost (model, NULL, 1000, 1000, 0, &credits, &error))
    return TRUE;
  return pmt_reader_fail (reader, node, "%s", error->message);
}

static gboolean
read_all (PmtManifestReader *reader, PmtModel *model)
{
  static const gchar *const keys[] = {
    "$schema",     "id",           "name",     "family",   "backend",
    "operations",  "license",      "homepage", "files",    "limits",
    "parameters",  "presets",      "cost",     "enhancer", "mapping",
    "default_for", "prompt_style", "network",  "template", "services",
    NULL
  };
  g_autofree gchar *schema = NULL;

  return pmt_reader_check_keys (reader, reader->root, keys)
         && pmt_reader_get_string (reader, reader->root, "$schema",
                                   PMT_READ_OPTIONAL, NULL, MAX_URL, &schema)
         && read_head (reader, model) && read_default_for (reader, model)
         && read_template (reader, model)
         && pmt_model_files_read (reader, model->files)
         && read_network (reader, model) && read_limits (reader, model)
         && read_params (reader, model) && read_presets (reader, model)
         && read_prompt (reader, model) && read_mapping (reader, model)
         && read_cost (reader, model)
         && pmt_model_services_read (reader, model->operations,
                                     model->services);
}

PmtModel *
pmt_manifest_parse (const gchar *file,
                    const gchar *text,
                    gsize length,
                    GError **error)
{
  g_autoptr (cJSON) root = NULL;
  g_autoptr (PmtModel) model = NULL;
  PmtManifestReader reader = { file, text, length, NULL, error };

  root = pmt_json_parse (file, text, length, PMT_ERROR_MANIFEST, error);
  if (root == NULL)
    return NULL;
  reader.root = root;
  model = pmt_model_new ();
  if (!read_all (&reader, model))
    return NULL;
  return g_steal_pointer (&model);
}
