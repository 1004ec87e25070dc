/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* param-check.c: does a value fit a parameter? */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "catalog/param-spec.h"
#include "core/backend.h"

/* Longer texts are cut in messages. */
#define SHOWN_LENGTH 40

static gboolean
get_number (GVariant *value, gdouble *number)
{
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_INT64))
    *number = (gdouble)g_variant_get_int64 (value);
  else if (g_variant_is_of_type (value, G_VARIANT_TYPE_DOUBLE))
    *number = g_variant_get_double (value);
  else
    return FALSE;
  return TRUE;
}

gboolean
pmt_param_values_equal (GVariant *a, GVariant *b)
{
  gdouble x;
  gdouble y;

  if (get_number (a, &x) && get_number (b, &y))
    return x == y;
  return g_variant_equal (a, b);
}

GVariant *
pmt_param_convert (const PmtParamSpec *spec, GVariant *value)
{
  gdouble number;

  switch (spec->type)
    {
    case PMT_PARAM_BOOL:
      if (g_variant_is_of_type (value, G_VARIANT_TYPE_BOOLEAN))
        return g_variant_ref (value);
      break;
    case PMT_PARAM_INT:
      if (g_variant_is_of_type (value, G_VARIANT_TYPE_INT64))
        return g_variant_ref (value);
      if (get_number (value, &number) && number == floor (number)
          && fabs (number) <= PMT_JSON_MAX_INT)
        return g_variant_ref_sink (g_variant_new_int64 ((gint64)number));
      break;
    case PMT_PARAM_NUMBER:
      if (get_number (value, &number))
        return g_variant_ref_sink (g_variant_new_double (number));
      break;
    case PMT_PARAM_STRING:
    case PMT_PARAM_CHOICE:
      if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
        return g_variant_ref (value);
      break;
    }
  return NULL;
}

static const gchar *
type_label (PmtParamType type)
{
  switch (type)
    {
    case PMT_PARAM_BOOL:
      return _ ("true or false");
    case PMT_PARAM_INT:
      return _ ("a whole number");
    case PMT_PARAM_NUMBER:
      return _ ("a number");
    default:
      return _ ("a text");
    }
}

static gchar *
show_text (const gchar *text)
{
  g_autofree gchar *start = NULL;

  if (g_utf8_strlen (text, -1) <= SHOWN_LENGTH)
    return g_strdup_printf (_ ("“%s”"), text);
  start = g_utf8_substring (text, 0, SHOWN_LENGTH);
  return g_strdup_printf (_ ("“%s…”"), start);
}

static gchar *
show_number (gdouble number)
{
  gchar text[G_ASCII_DTOSTR_BUF_SIZE];

  return g_strdup (g_ascii_formatd (text, sizeof text, "%.10g", number));
}

static gchar *
show_value (GVariant *value)
{
  gdouble number;

  if (g_variant_is_of_type (value, G_VARIANT_TYPE_BOOLEAN))
    return g_strdup (g_variant_get_boolean (value) ? "true" : "false");
  if (get_number (value, &number))
    return show_number (number);
  return show_text (g_variant_get_string (value, NULL));
}

static gboolean
check_range (const PmtParamSpec *spec,
             const gchar *model_id,
             GVariant *value,
             GPtrArray *problems)
{
  g_autofree gchar *shown = NULL;
  g_autofree gchar *min = NULL;
  g_autofree gchar *max = NULL;
  g_autofree gchar *automatic = NULL;
  gdouble number = 0.0;

  get_number (value, &number);
  if ((number >= spec->min && number <= spec->max)
      || (spec->has_auto && number == spec->auto_value))
    return TRUE;
  shown = show_value (value);
  min = show_number (spec->min);
  max = show_number (spec->max);
  if (!spec->has_auto)
    {
      pmt_problems_add (problems, PMT_ERROR_ARGUMENT, spec->name,
                        _ ("“%s” is %s; the model “%s” allows %s to %s."),
                        spec->name, shown, model_id, min, max);
      return FALSE;
    }
  automatic = show_number (spec->auto_value);
  pmt_problems_add (problems, PMT_ERROR_ARGUMENT, spec->name,
                    _ ("“%s” is %s; the model “%s” allows %s to %s, and %s "
                       "for automatic."),
                    spec->name, shown, model_id, min, max, automatic);
  return FALSE;
}

static gboolean
check_length (const PmtParamSpec *spec,
              const gchar *model_id,
              const gchar *text,
              GPtrArray *problems)
{
  glong length = g_utf8_strlen (text, -1);

  if (length <= spec->max)
    return TRUE;
  /* Not the text itself: it may be a prompt. */
  pmt_problems_add (problems, PMT_ERROR_ARGUMENT, spec->name,
                    _ ("“%s” has %ld characters; the model “%s” allows at "
                       "most %.0f."),
                    spec->name, length, model_id, spec->max);
  return FALSE;
}

static gboolean
check_choice (const PmtParamSpec *spec,
              const gchar *model_id,
              const gchar *text,
              GPtrArray *problems)
{
  g_autofree gchar *shown = NULL;
  g_autofree gchar *allowed = NULL;

  if (g_strv_contains ((const gchar *const *)spec->choices, text))
    return TRUE;
  shown = show_text (text);
  allowed = g_strjoinv (", ", spec->choices);
  pmt_problems_add (problems, PMT_ERROR_ARGUMENT, spec->name,
                    _ ("“%s” is %s; the model “%s” allows: %s."), spec->name,
                    shown, model_id, allowed);
  return FALSE;
}

static gboolean
check_value (const PmtParamSpec *spec,
             const gchar *model_id,
             GVariant *value,
             GPtrArray *problems)
{
  switch (spec->type)
    {
    case PMT_PARAM_INT:
    case PMT_PARAM_NUMBER:
      return check_range (spec, model_id, value, problems);
    case PMT_PARAM_STRING:
      return check_length (spec, model_id, g_variant_get_string (value, NULL),
                           problems);
    case PMT_PARAM_CHOICE:
      return check_choice (spec, model_id, g_variant_get_string (value, NULL),
                           problems);
    default:
      return TRUE;
    }
}

GVariant *
pmt_param_spec_check (const PmtParamSpec *spec,
                      const gchar *model_id,
                      GVariant *value,
                      GPtrArray *problems)
{
  g_autoptr (GVariant) converted = pmt_param_convert (spec, value);
  g_autofree gchar *shown = NULL;

  if (converted == NULL)
    {
      shown = show_value (value);
      pmt_problems_add (problems, PMT_ERROR_ARGUMENT, spec->name,
                        _ ("“%s” is %s; the model “%s” needs %s."), spec->name,
                        shown, model_id, type_label (spec->type));
      return NULL;
    }
  if (!check_value (spec, model_id, converted, problems))
    return NULL;
  return g_steal_pointer (&converted);
}

static void
append_condition (GString *text, const PmtCondition *condition)
{
  g_autoptr (GString) values = g_string_new (NULL);

  for (guint i = 0; i < condition->values->len; i++)
    {
      g_autofree gchar *shown = show_value (condition->values->pdata[i]);

      if (i > 0)
        g_string_append (values, _ (" or "));
      g_string_append (values, shown);
    }
  if (text->len > 0)
    g_string_append (text, _ (" and "));
  if (g_str_equal (values->str, _ ("“”")))
    g_string_append_printf (
        text, condition->is_negated ? _ ("“%s” is given") : _ ("“%s” is empty"),
        condition->name);
  else
    g_string_append_printf (
        text, condition->is_negated ? _ ("“%s” is not %s") : _ ("“%s” is %s"),
        condition->name, values->str);
}

gchar *
pmt_param_describe_condition (const PmtParamSpec *spec)
{
  const PmtModelParam *param = (const PmtModelParam *)spec;
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < param->conditions->len; i++)
    append_condition (text, param->conditions->pdata[i]);
  return g_string_free (g_steal_pointer (&text), FALSE);
}
