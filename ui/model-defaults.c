/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* model-defaults.c: settings follow the chosen model. */
#include "config.h"

#include "model-defaults.h"

#include <string.h>

static gdouble
get_number (GVariant *value)
{
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_INT64))
    return (gdouble)g_variant_get_int64 (value);
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_DOUBLE))
    return g_variant_get_double (value);

  return g_variant_get_boolean (value) ? 1.0 : 0.0;
}

/* Does the setting have the value @wanted of a manifest? */
static gboolean
has_value (const GValue *value, GVariant *wanted)
{
  g_auto (GValue) number = G_VALUE_INIT;

  if (!wanted)
    return FALSE;
  if (G_VALUE_HOLDS_STRING (value))
    return g_variant_is_of_type (wanted, G_VARIANT_TYPE_STRING)
           && g_strcmp0 (g_value_get_string (value),
                         g_variant_get_string (wanted, NULL))
                  == 0;
  if (g_variant_is_of_type (wanted, G_VARIANT_TYPE_STRING))
    return FALSE;
  if (G_VALUE_HOLDS_BOOLEAN (value))
    return g_value_get_boolean (value) == (get_number (wanted) != 0.0);
  g_value_init (&number, G_TYPE_DOUBLE);

  return g_value_transform (value, &number)
         && g_value_get_double (&number) == get_number (wanted);
}

static gboolean
is_allowed (const GValue *value, const PmtParamSpec *spec)
{
  g_auto (GValue) number = G_VALUE_INIT;
  gdouble x;

  if (spec->type == PMT_PARAM_CHOICE)
    return G_VALUE_HOLDS_STRING (value) && spec->choices
           && g_value_get_string (value)
           && g_strv_contains ((const gchar *const *)spec->choices,
                               g_value_get_string (value));
  if (spec->type != PMT_PARAM_INT && spec->type != PMT_PARAM_NUMBER)
    return TRUE;

  g_value_init (&number, G_TYPE_DOUBLE);
  if (!g_value_transform (value, &number))
    return TRUE;
  x = g_value_get_double (&number);

  return (x >= spec->min && x <= spec->max)
         || (spec->has_auto && x == spec->auto_value);
}

static void
set_value (GObject *config, GParamSpec *pspec, GVariant *wanted)
{
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, pspec->value_type);
  if (G_VALUE_HOLDS_STRING (&value))
    {
      if (g_variant_is_of_type (wanted, G_VARIANT_TYPE_STRING))
        g_value_set_string (&value, g_variant_get_string (wanted, NULL));
      else
        return;
    }
  else if (g_variant_is_of_type (wanted, G_VARIANT_TYPE_STRING))
    {
      return;
    }
  else if (G_VALUE_HOLDS_BOOLEAN (&value))
    {
      g_value_set_boolean (&value, get_number (wanted) != 0.0);
    }
  else if (G_VALUE_HOLDS_INT (&value))
    {
      g_value_set_int (&value, (gint)get_number (wanted));
    }
  else if (G_VALUE_HOLDS_DOUBLE (&value))
    {
      g_value_set_double (&value, get_number (wanted));
    }
  else
    {
      return;
    }
  g_object_set_property (config, pspec->name, &value);
}

static const PmtParamSpec *
find_param (const PmtModel *model, PmtOperation operation, const gchar *name)
{
  g_autoptr (GPtrArray) params = pmt_model_list_params (model, operation);

  for (guint i = 0; i < params->len; i++)
    {
      const PmtParamSpec *spec = g_ptr_array_index (params, i);

      if (strcmp (spec->name, name) == 0)
        return spec;
    }

  return NULL;
}

/* @before: (nullable): the same parameter of the model chosen before. */
static void
apply_one (GObject *config,
           const PmtParamSpec *before,
           const PmtParamSpec *spec)
{
  GParamSpec *pspec =
      g_object_class_find_property (G_OBJECT_GET_CLASS (config), spec->name);
  g_auto (GValue) value = G_VALUE_INIT;
  gboolean is_unchanged;

  if (!pspec || !spec->default_value)
    return;
  g_value_init (&value, pspec->value_type);
  g_object_get_property (config, pspec->name, &value);
  is_unchanged = before ? has_value (&value, before->default_value)
                        : g_param_value_defaults (pspec, &value);
  if ((is_unchanged || !is_allowed (&value, spec))
      && !has_value (&value, spec->default_value))
    set_value (config, pspec, spec->default_value);
}

/* So that it is unchanged for a model that has it again. */
static void
reset_one (GObject *config, const PmtParamSpec *before)
{
  GParamSpec *pspec =
      g_object_class_find_property (G_OBJECT_GET_CLASS (config), before->name);
  g_auto (GValue) value = G_VALUE_INIT;

  if (!pspec)
    return;
  g_value_init (&value, pspec->value_type);
  g_object_get_property (config, pspec->name, &value);
  if (!has_value (&value, before->default_value)
      || g_param_value_defaults (pspec, &value))
    return;
  g_param_value_set_default (pspec, &value);
  g_object_set_property (config, pspec->name, &value);
}

static void
reset_others (GObject *config,
              PmtOperation operation,
              const PmtModel *before,
              const PmtModel *model)
{
  g_autoptr (GPtrArray) params = pmt_model_list_params (before, operation);

  for (guint i = 0; i < params->len; i++)
    {
      const PmtParamSpec *spec = g_ptr_array_index (params, i);

      if (!find_param (model, operation, spec->name))
        reset_one (config, spec);
    }
}

void
pmt_model_defaults_apply (GimpProcedureConfig *config,
                          PmtOperation operation,
                          const PmtModel *before,
                          const PmtModel *model)
{
  g_autoptr (GPtrArray) params = pmt_model_list_params (model, operation);

  for (guint i = 0; i < params->len; i++)
    {
      const PmtParamSpec *spec = g_ptr_array_index (params, i);

      apply_one (G_OBJECT (config),
                 before ? find_param (before, operation, spec->name) : NULL,
                 spec);
    }
  if (before)
    reset_others (G_OBJECT (config), operation, before, model);
}
