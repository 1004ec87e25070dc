/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* arguments.c: a model's parameters as arguments of a GIMP procedure. */
#include "config.h"

#include "arguments.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "argument-texts.h"
#include "dialog-letters.h"
#include "image-scale.h"
#include "mnemonics.h"
#include "preset-argument.h"
#include "remote-arguments.h"

static const PmtParamSpec *
find_spec (GPtrArray *specs, const gchar *name)
{
  for (guint i = 0; i < specs->len; i++)
    {
      const PmtParamSpec *spec = g_ptr_array_index (specs, i);

      if (strcmp (spec->name, name) == 0)
        return spec;
    }

  return NULL;
}

static void
collect_from (GPtrArray *specs,
              const PmtModel *model,
              PmtOperation operation,
              gboolean is_advanced)
{
  g_autoptr (GPtrArray) params = pmt_model_list_params (model, operation);

  for (guint i = 0; i < params->len; i++)
    {
      PmtParamSpec *spec = g_ptr_array_index (params, i);

      if (spec->advanced == is_advanced && !find_spec (specs, spec->name))
        g_ptr_array_add (specs, spec);
    }
}

static void
add_models (GPtrArray *list, const GPtrArray *models, gboolean is_remote)
{
  for (guint i = 0; i < models->len; i++)
    if (pmt_model_is_remote (g_ptr_array_index (models, i)) == is_remote)
      g_ptr_array_add (list, g_ptr_array_index (models, i));
}

/* Models of this computer first: their defaults are those of the arguments. */
static GPtrArray *
list_models (PmtEngine *engine, PmtOperation operation)
{
  g_autoptr (GPtrArray) models = pmt_engine_list_models (engine, operation);
  g_autoptr (GPtrArray) templates =
      pmt_engine_list_templates (engine, operation);
  GPtrArray *list = g_ptr_array_new ();

  add_models (list, models, FALSE);
  g_ptr_array_extend (list, templates, NULL, NULL);
  add_models (list, models, TRUE);

  return list;
}

GPtrArray *
pmt_arguments_collect (PmtEngine *engine, PmtOperation operation)
{
  g_autoptr (GPtrArray) models = list_models (engine, operation);
  GPtrArray *specs = g_ptr_array_new ();

  for (guint i = 0; i < models->len; i++)
    collect_from (specs, g_ptr_array_index (models, i), operation, FALSE);
  for (guint i = 0; i < models->len; i++)
    collect_from (specs, g_ptr_array_index (models, i), operation, TRUE);

  return specs;
}

static gboolean
fits_gint (const PmtParamSpec *spec)
{
  return spec->min >= G_MININT && spec->max <= G_MAXINT;
}

static gdouble
default_number (const PmtParamSpec *spec)
{
  GVariant *value = spec->default_value;

  if (value && g_variant_is_of_type (value, G_VARIANT_TYPE_INT64))
    return g_variant_get_int64 (value);
  if (value && g_variant_is_of_type (value, G_VARIANT_TYPE_DOUBLE))
    return g_variant_get_double (value);

  return spec->min;
}

static const gchar *
default_string (const PmtParamSpec *spec)
{
  GVariant *value = spec->default_value;

  if (value && g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
    return g_variant_get_string (value, NULL);

  return "";
}

static void
declare_one (GimpProcedure *procedure,
             const PmtParamSpec *spec,
             const gchar *label,
             const gchar *help)
{
  const gchar *name = spec->name;

  switch (spec->type)
    {
    case PMT_PARAM_BOOL:
      gimp_procedure_add_boolean_argument (
          procedure, name, label, help,
          spec->default_value && g_variant_get_boolean (spec->default_value),
          G_PARAM_READWRITE);
      return;

    case PMT_PARAM_INT:
      if (fits_gint (spec))
        {
          gimp_procedure_add_int_argument (
              procedure, name, label, help, G_MININT, G_MAXINT,
              (gint)default_number (spec), G_PARAM_READWRITE);
          return;
        }
      G_GNUC_FALLTHROUGH;

    case PMT_PARAM_NUMBER:
      gimp_procedure_add_double_argument (
          procedure, name, label, help, -G_MAXDOUBLE, G_MAXDOUBLE,
          default_number (spec), G_PARAM_READWRITE);
      return;

    /* A choice too: GIMP would put the default in place of an unknown one. */
    case PMT_PARAM_STRING:
    case PMT_PARAM_CHOICE:
      gimp_procedure_add_string_argument (procedure, name, label, help,
                                          default_string (spec),
                                          G_PARAM_READWRITE);
      return;
    }
}

void
pmt_arguments_declare (GimpProcedure *procedure,
                       GPtrArray *specs,
                       PmtEngine *engine,
                       PmtOperation operation)
{
  g_autoptr (GPtrArray) labels = g_ptr_array_new_with_free_func (g_free);
  g_autofree gchar *taken = pmt_dialog_letters_list_taken ();

  /* The first ones get a letter when there are too few. */
  g_ptr_array_add (labels, g_strdup (_ ("Model")));
  for (guint i = 0; i < specs->len; i++)
    g_ptr_array_add (labels, pmt_argument_label (g_ptr_array_index (specs, i)));
  pmt_mnemonics_add (labels, taken);

  gimp_procedure_add_string_argument (
      procedure, "model", g_ptr_array_index (labels, 0),
      _ ("Identifier of the model that does the work; empty: the usual one."),
      "", G_PARAM_READWRITE);
  for (guint i = 0; i < specs->len; i++)
    {
      const PmtParamSpec *spec = g_ptr_array_index (specs, i);
      g_autofree gchar *help = pmt_argument_help (spec, engine, operation);

      declare_one (procedure, spec, g_ptr_array_index (labels, i + 1), help);
    }
}

static void
read_number (PmtParams *params,
             const PmtParamSpec *spec,
             const PmtParamSpec *own,
             GObject *config,
             gboolean skip_default)
{
  const PmtParamType type = own ? own->type : spec->type;
  gdouble value;

  if (spec->type == PMT_PARAM_INT && fits_gint (spec))
    {
      gint integer;

      g_object_get (config, spec->name, &integer, NULL);
      value = integer;
    }
  else
    {
      g_object_get (config, spec->name, &value, NULL);
    }

  if (skip_default && value == default_number (spec))
    return;
  /* A broken number such as 1.5 for a seed stays one, for the engine to
   * object to.
   */
  if (type == PMT_PARAM_INT && value == floor (value)
      && fabs (value) < 9007199254740992.0)
    pmt_params_set_int (params, spec->name, (gint64)value);
  else
    pmt_params_set_number (params, spec->name, value);
}

/* @own: nullable: the parameter as the model has it.  In a call from a script
 * (@is_strict) what has the default of the argument was not given, where the
 * model has another default; a dialog shows what will be used.
 */
static void
read_one (PmtParams *params,
          const PmtParamSpec *spec,
          const PmtParamSpec *own,
          GObject *config,
          gboolean is_strict)
{
  const gboolean skip_default =
      !own
      || (is_strict
          && (!own->default_value || !spec->default_value
              || !g_variant_equal (own->default_value, spec->default_value)));
  g_autofree gchar *text = NULL;
  gboolean flag;

  switch (spec->type)
    {
    case PMT_PARAM_BOOL:
      g_object_get (config, spec->name, &flag, NULL);
      if (!skip_default || !spec->default_value
          || flag != g_variant_get_boolean (spec->default_value))
        pmt_params_set_bool (params, spec->name, flag);
      return;

    case PMT_PARAM_INT:
    case PMT_PARAM_NUMBER:
      read_number (params, spec, own, config, skip_default);
      return;

    case PMT_PARAM_STRING:
    case PMT_PARAM_CHOICE:
      g_object_get (config, spec->name, &text, NULL);
      if (text && (!skip_default || strcmp (text, default_string (spec)) != 0))
        pmt_params_set_string (params, spec->name, text);
      return;
    }
}

/* What has no effect under the other values, such as a value that the dialog
 * shows insensitive.
 */
static void
drop_inapplicable (PmtParams *params, GPtrArray *specs, const PmtModel *model)
{
  for (guint i = 0; i < specs->len; i++)
    {
      const PmtParamSpec *spec = g_ptr_array_index (specs, i);

      if (pmt_params_has (params, spec->name)
          && !pmt_model_param_applies (model, spec->name, params))
        pmt_params_unset (params, spec->name);
    }
}

void
pmt_arguments_read (GimpProcedureConfig *config,
                    GPtrArray *specs,
                    PmtEngine *engine,
                    gboolean is_strict,
                    PmtRequest *request)
{
  const PmtOperation operation = pmt_request_get_operation (request);
  PmtParams *params = pmt_request_params (request);
  g_autofree gchar *id = NULL;
  const PmtParamSpec *prompt = find_spec (specs, "prompt");
  const PmtModel *model;

  g_object_get (config, "model", &id, NULL);
  pmt_request_set_model (request, id && *id ? id : NULL);
  /* First, because they may choose the model. */
  pmt_preset_argument_read (config, specs, request);
  if (prompt)
    read_one (params, prompt, NULL, G_OBJECT (config), is_strict);
  model = pmt_engine_choose_model (engine, request);

  for (guint i = 0; i < specs->len; i++)
    {
      const PmtParamSpec *spec = g_ptr_array_index (specs, i);
      const PmtParamSpec *own =
          model ? pmt_argument_find (spec, model, operation) : NULL;

      if (spec != pmt_image_scale_spec () && !pmt_remote_arguments_has (spec)
          && !pmt_preset_argument_has (spec) && (own || is_strict))
        read_one (params, spec, own, G_OBJECT (config), is_strict);
    }
  if (model && !is_strict)
    drop_inapplicable (params, specs, model);
  if (model)
    pmt_preset_argument_make_room (request, model);
  pmt_remote_arguments_read (config, specs, request);
}
