/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* param-spec.c: one parameter, read from a manifest. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "catalog/param-spec.h"

#define MAX_CHOICES 200
#define MAX_LABEL 100
#define MAX_HELP 1000
#define MAX_TEXT 100000
#define DEFAULT_TEXT 2000

static const gchar *const type_names[] = { "bool", "int", "number", "string",
                                           "choice" };

static void
condition_free (gpointer data)
{
  PmtCondition *condition = data;

  g_free (condition->name);
  g_ptr_array_unref (condition->values);
  g_free (condition);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PmtCondition, condition_free)

void
pmt_model_param_free (gpointer data)
{
  PmtModelParam *param = data;

  if (param == NULL)
    return;
  g_free (param->spec.name);
  g_free (param->spec.label);
  g_free (param->spec.help);
  g_free (param->spec.unit);
  g_clear_pointer (&param->spec.default_value, g_variant_unref);
  g_strfreev (param->spec.choices);
  g_strfreev (param->spec.choice_labels);
  g_ptr_array_unref (param->conditions);
  g_free (param);
}

gboolean
pmt_param_is_for (const PmtParamSpec *spec, PmtOperation operation)
{
  const PmtModelParam *param = (const PmtModelParam *)spec;

  return (param->operations & (1u << operation)) != 0;
}

static gboolean
is_numeric (const PmtParamSpec *spec)
{
  return spec->type == PMT_PARAM_INT || spec->type == PMT_PARAM_NUMBER;
}

/* A plain value as a variant; NULL for anything else. */
static GVariant *
value_from_json (const cJSON *node)
{
  GVariant *value = NULL;

  if (cJSON_IsBool (node))
    value = g_variant_new_boolean (cJSON_IsTrue (node));
  else if (cJSON_IsNumber (node))
    value = g_variant_new_double (node->valuedouble);
  else if (cJSON_IsString (node)
           && g_utf8_validate (node->valuestring, -1, NULL))
    value = g_variant_new_string (node->valuestring);
  return value != NULL ? g_variant_ref_sink (value) : NULL;
}

static gboolean
read_type (PmtManifestReader *reader, const cJSON *node, PmtParamSpec *spec)
{
  const cJSON *type_node = cJSON_GetObjectItemCaseSensitive (node, "type");
  g_autofree gchar *type = NULL;

  if (!pmt_reader_get_string (reader, node, "type", PMT_READ_REQUIRED, NULL, 10,
                              &type))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (type_names); i++)
    {
      if (!g_str_equal (type, type_names[i]))
        continue;
      spec->type = i;
      return TRUE;
    }
  return pmt_reader_fail (reader, type_node,
                          _ ("“type” must be bool, int, number, string or "
                             "choice."));
}

/* Keys that mean nothing for the type are faults too. */
static gboolean
check_keys (PmtManifestReader *reader,
            const cJSON *node,
            const PmtParamSpec *spec)
{
  static const gchar *const common[] = { "name",     "type",       "default",
                                         "label",    "help",       "unit",
                                         "advanced", "operations", "applies_if",
                                         NULL };
  static const gchar *const numeric[] = {
    "name", "type",        "default",    "label",      "help",
    "unit", "advanced",    "operations", "applies_if", "min",
    "max",  "recommended", "auto",       NULL
  };
  static const gchar *const text[] = { "name",     "type",       "default",
                                       "label",    "help",       "unit",
                                       "advanced", "operations", "applies_if",
                                       "max",      NULL };
  static const gchar *const choice[] = {
    "name",     "type",       "default",    "label",   "help",          "unit",
    "advanced", "operations", "applies_if", "choices", "choice_labels", NULL
  };
  static const gchar *const *const keys[] = { common, numeric, numeric, text,
                                              choice };

  return pmt_reader_check_keys (reader, node, keys[spec->type]);
}

static gboolean
check_whole (PmtManifestReader *reader,
             const cJSON *object,
             const gchar *key,
             const PmtParamSpec *spec)
{
  const cJSON *node = cJSON_GetObjectItemCaseSensitive (object, key);

  if (spec->type != PMT_PARAM_INT || node == NULL
      || node->valuedouble == floor (node->valuedouble))
    return TRUE;
  return pmt_reader_fail (reader, node, _ ("“%s” must be a whole number."),
                          key);
}

static gboolean
read_recommended (PmtManifestReader *reader,
                  const cJSON *object,
                  PmtParamSpec *spec)
{
  const cJSON *node = cJSON_GetObjectItemCaseSensitive (object, "recommended");
  const cJSON *low;
  const cJSON *high;

  if (node == NULL)
    return TRUE;
  if (!pmt_reader_check_array (reader, node, "recommended", 2, 2))
    return FALSE;
  low = cJSON_GetArrayItem (node, 0);
  high = cJSON_GetArrayItem (node, 1);
  if (!cJSON_IsNumber (low) || !cJSON_IsNumber (high))
    return pmt_reader_fail (reader, node,
                            _ ("“recommended” must be two numbers."));
  if (low->valuedouble < spec->min || high->valuedouble > spec->max
      || low->valuedouble > high->valuedouble)
    return pmt_reader_fail (reader, node,
                            _ ("“recommended” must rise and lie between "
                               "“min” and “max”."));
  spec->recommended_min = low->valuedouble;
  spec->recommended_max = high->valuedouble;
  return TRUE;
}

static gboolean
read_range (PmtManifestReader *reader, const cJSON *node, PmtParamSpec *spec)
{
  const gdouble limit =
      spec->type == PMT_PARAM_INT ? PMT_JSON_MAX_INT : G_MAXDOUBLE;

  if (!pmt_reader_get_number (reader, node, "min", PMT_READ_REQUIRED, -limit,
                              limit, &spec->min)
      || !pmt_reader_get_number (reader, node, "max", PMT_READ_REQUIRED, -limit,
                                 limit, &spec->max)
      || !pmt_reader_get_number (reader, node, "auto", PMT_READ_OPTIONAL,
                                 -limit, limit, &spec->auto_value)
      || !check_whole (reader, node, "min", spec)
      || !check_whole (reader, node, "max", spec)
      || !check_whole (reader, node, "auto", spec))
    return FALSE;
  spec->has_auto = cJSON_GetObjectItemCaseSensitive (node, "auto") != NULL;
  if (spec->min > spec->max)
    return pmt_reader_fail (reader,
                            cJSON_GetObjectItemCaseSensitive (node, "min"),
                            _ ("“min” is larger than “max”."));
  return read_recommended (reader, node, spec);
}

static gboolean
read_choices (PmtManifestReader *reader,
              const cJSON *object,
              PmtParamSpec *spec)
{
  const cJSON *array = cJSON_GetObjectItemCaseSensitive (object, "choices");
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  const cJSON *node;

  if (array == NULL)
    return pmt_reader_fail (reader, object, _ ("“%s” is missing."), "choices");
  if (!pmt_reader_check_array (reader, array, "choices", 1, MAX_CHOICES))
    return FALSE;
  cJSON_ArrayForEach (node, array)
  {
    if (!pmt_reader_check_string (reader, node, "choices",
                                  PMT_READ_MAY_BE_EMPTY, NULL, MAX_LABEL))
      return FALSE;
    if (!g_hash_table_add (seen, node->valuestring))
      return pmt_reader_fail (reader, node, _ ("“%s” is there twice."),
                              node->valuestring);
    g_strv_builder_add (builder, node->valuestring);
  }
  spec->choices = g_strv_builder_end (builder);
  return TRUE;
}

static gboolean
read_choice_labels (PmtManifestReader *reader,
                    const cJSON *object,
                    PmtParamSpec *spec)
{
  const cJSON *array =
      cJSON_GetObjectItemCaseSensitive (object, "choice_labels");
  const guint n = g_strv_length (spec->choices);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  const cJSON *node;

  if (array == NULL)
    return TRUE;
  if (!pmt_reader_check_array (reader, array, "choice_labels", n, n))
    return FALSE;
  cJSON_ArrayForEach (node, array)
  {
    if (!pmt_reader_check_string (reader, node, "choice_labels", 0, NULL,
                                  MAX_LABEL))
      return FALSE;
    g_strv_builder_add (builder, node->valuestring);
  }
  spec->choice_labels = g_strv_builder_end (builder);
  return TRUE;
}

static gboolean
is_allowed (const PmtParamSpec *spec, GVariant *value)
{
  gdouble number;

  if (spec->type == PMT_PARAM_CHOICE)
    return g_strv_contains ((const gchar *const *)spec->choices,
                            g_variant_get_string (value, NULL));
  if (spec->type == PMT_PARAM_STRING)
    return g_utf8_strlen (g_variant_get_string (value, NULL), -1) <= spec->max;
  if (!is_numeric (spec))
    return TRUE;
  number = spec->type == PMT_PARAM_INT ? (gdouble)g_variant_get_int64 (value)
                                       : g_variant_get_double (value);
  return (number >= spec->min && number <= spec->max)
         || (spec->has_auto && number == spec->auto_value);
}

static gboolean
read_default (PmtManifestReader *reader,
              const cJSON *object,
              PmtParamSpec *spec)
{
  const cJSON *node = cJSON_GetObjectItemCaseSensitive (object, "default");
  g_autoptr (GVariant) given = NULL;

  if (node == NULL)
    return pmt_reader_fail (reader, object, _ ("“%s” is missing."), "default");
  if (cJSON_IsString (node)
      && !pmt_reader_check_string (reader, node, "default",
                                   PMT_READ_MAY_BE_EMPTY, NULL, MAX_TEXT))
    return FALSE;
  given = value_from_json (node);
  if (given != NULL)
    spec->default_value = pmt_param_convert (spec, given);
  if (spec->default_value == NULL)
    return pmt_reader_fail (reader, node,
                            _ ("“default” is not of the type “%s”."),
                            type_names[spec->type]);
  if (!is_allowed (spec, spec->default_value))
    return pmt_reader_fail (reader, node,
                            _ ("“default” is not an allowed value."));
  return TRUE;
}

static gboolean
add_condition_value (PmtManifestReader *reader,
                     const cJSON *node,
                     PmtCondition *condition)
{
  GVariant *value = value_from_json (node);

  if (value == NULL)
    return pmt_reader_fail (reader, node,
                            _ ("A value in “applies_if” must be a text, a "
                               "number, true or false."));
  g_ptr_array_add (condition->values, value);
  return TRUE;
}

static gboolean
read_condition (PmtManifestReader *reader,
                const cJSON *node,
                GPtrArray *conditions)
{
  static const gchar *const keys[] = { "not", NULL };
  g_autoptr (PmtCondition) condition = g_new0 (PmtCondition, 1);
  const cJSON *values = node;
  const cJSON *value;

  condition->name = g_strdup (node->string);
  condition->values =
      g_ptr_array_new_with_free_func ((GDestroyNotify)g_variant_unref);
  if (cJSON_IsObject (node))
    {
      if (!pmt_reader_check_keys (reader, node, keys))
        return FALSE;
      values = cJSON_GetObjectItemCaseSensitive (node, "not");
      if (values == NULL)
        return pmt_reader_fail (reader, node, _ ("“%s” is missing."), "not");
      condition->is_negated = TRUE;
    }
  if (cJSON_IsArray (values))
    {
      if (!pmt_reader_check_array (reader, values, "applies_if", 1,
                                   MAX_CHOICES))
        return FALSE;
      cJSON_ArrayForEach (value, values)
      {
        if (!add_condition_value (reader, value, condition))
          return FALSE;
      }
    }
  else if (!add_condition_value (reader, values, condition))
    return FALSE;
  g_ptr_array_add (conditions, g_steal_pointer (&condition));
  return TRUE;
}

static gboolean
read_conditions (PmtManifestReader *reader,
                 const cJSON *object,
                 PmtModelParam *param)
{
  const cJSON *conditions =
      cJSON_GetObjectItemCaseSensitive (object, "applies_if");
  const cJSON *node;

  if (conditions == NULL)
    return TRUE;
  if (!pmt_reader_check_keys (reader, conditions, NULL))
    return FALSE;
  cJSON_ArrayForEach (node, conditions)
  {
    if (!read_condition (reader, node, param->conditions))
      return FALSE;
  }
  return TRUE;
}

static gboolean
read_values (PmtManifestReader *reader, const cJSON *node, PmtParamSpec *spec)
{
  if (is_numeric (spec) && !read_range (reader, node, spec))
    return FALSE;
  if (spec->type == PMT_PARAM_CHOICE
      && (!read_choices (reader, node, spec)
          || !read_choice_labels (reader, node, spec)))
    return FALSE;
  if (spec->type == PMT_PARAM_STRING)
    {
      spec->max = DEFAULT_TEXT;
      if (!pmt_reader_get_number (reader, node, "max", PMT_READ_OPTIONAL, 1,
                                  MAX_TEXT, &spec->max))
        return FALSE;
    }
  return read_default (reader, node, spec);
}

static gboolean
read_param (PmtManifestReader *reader, const cJSON *node, PmtModelParam *param)
{
  PmtParamSpec *spec = &param->spec;

  return read_type (reader, node, spec) && check_keys (reader, node, spec)
         && pmt_reader_get_string (reader, node, "name", PMT_READ_REQUIRED,
                                   PMT_PATTERN_PARAM, 64, &spec->name)
         && pmt_reader_get_string (reader, node, "label", PMT_READ_REQUIRED,
                                   NULL, MAX_LABEL, &spec->label)
         && pmt_reader_get_string (reader, node, "help", PMT_READ_MAY_BE_EMPTY,
                                   NULL, MAX_HELP, &spec->help)
         && pmt_reader_get_string (reader, node, "unit", PMT_READ_OPTIONAL,
                                   NULL, 20, &spec->unit)
         && pmt_reader_get_bool (reader, node, "advanced", &spec->advanced)
         && pmt_reader_get_operations (reader, node, "operations",
                                       PMT_READ_OPTIONAL, &param->operations)
         && read_values (reader, node, spec)
         && read_conditions (reader, node, param);
}

PmtModelParam *
pmt_model_param_read (PmtManifestReader *reader, const cJSON *node)
{
  g_autoptr (PmtModelParam) param = g_new0 (PmtModelParam, 1);

  param->operations = (1u << PMT_N_OPERATIONS) - 1;
  param->spec.help = g_strdup ("");
  param->conditions = g_ptr_array_new_with_free_func (condition_free);
  if (!cJSON_IsObject (node))
    {
      pmt_reader_fail (reader, node, _ ("An object in braces belongs here."));
      return NULL;
    }
  if (!read_param (reader, node, param))
    return NULL;
  return g_steal_pointer (&param);
}
