/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* flag-params.c: what the flags of a prompt mean to the model that was chosen:
 * each becomes a parameter of it, or a note that it has no effect. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "catalog/model.h"
#include "catalog/param-spec.h"
#include "core/backend.h"
#include "core/params.h"
#include "prompt/flag-params.h"
#include "prompt/flags.h"

/* The family of models that read the flags themselves. */
#define FLAG_FAMILY "prompt-flags"

/* What a request becomes. */
typedef struct
{
  const PmtModel *model;
  PmtRequest *request;
  GPtrArray *notes;
  GString *rest; /* the prompt, with flags that the model reads itself */
} Target;

gboolean
pmt_flags_are_read_by (const PmtModel *model)
{
  return g_str_equal (model->family, FLAG_FAMILY);
}

static gboolean
reads_flags (const Target *target)
{
  return pmt_flags_are_read_by (target->model);
}

/* The parameter @name, if the model has it for this operation. */
static const PmtParamSpec *
find_param (const Target *target, const gchar *name)
{
  const PmtParamSpec *spec =
      name != NULL ? pmt_model_find_param (target->model, name) : NULL;

  return spec != NULL
                 && pmt_param_is_for (
                     spec, pmt_request_get_operation (target->request))
             ? spec
             : NULL;
}

static void
note (const Target *target, gchar *text)
{
  g_ptr_array_add (target->notes, text);
}

static void
note_no_effect (const Target *target, const PmtFlag *flag)
{
  g_autofree gchar *typed = pmt_flag_print (flag);

  note (target, g_strdup_printf (_ ("The model “%s” can't do “%s”; it has no "
                                    "effect."),
                                 pmt_model_get_name (target->model), typed));
}

/* Sets @spec's parameter, and tells when another value was chosen. */
static void
set_param (const Target *target,
           const PmtFlag *flag,
           const PmtParamSpec *spec,
           GVariant *value)
{
  PmtParams *params = pmt_request_params (target->request);
  GVariant *old = pmt_params_get_variant (params, spec->name);
  g_autoptr (GVariant) kept = g_variant_ref_sink (value);
  g_autofree gchar *typed = NULL;

  if (old != NULL && !pmt_param_values_equal (old, kept)
      && (spec->default_value == NULL
          || !pmt_param_values_equal (old, spec->default_value)))
    {
      typed = pmt_flag_print (flag);
      note (target,
            g_strdup_printf (_ ("“%s” in the prompt is taken instead of the "
                                "setting “%s”."),
                             typed, pmt_param_spec_get_label (spec)));
    }
  pmt_params_set_variant (params, spec->name, kept);
}

static gboolean
has_choice (const PmtParamSpec *spec, const gchar *value)
{
  return spec->choices != NULL
         && g_strv_contains ((const gchar *const *)spec->choices, value);
}

/* The value of @flag in the type of @spec; %NULL when it has none there. */
static GVariant *
convert (const PmtFlag *flag, const PmtParamSpec *spec)
{
  switch (spec->type)
    {
    case PMT_PARAM_BOOL:
      return *flag->value == '\0' ? g_variant_new_boolean (TRUE) : NULL;
    case PMT_PARAM_INT:
      return g_variant_new_int64 (g_ascii_strtoll (flag->value, NULL, 10));
    case PMT_PARAM_NUMBER:
      return g_variant_new_double (g_ascii_strtod (flag->value, NULL));
    case PMT_PARAM_STRING:
      return g_variant_new_string (flag->value);
    case PMT_PARAM_CHOICE:
      return has_choice (spec, flag->value) ? g_variant_new_string (flag->value)
                                            : NULL;
    default:
      g_return_val_if_reached (NULL);
    }
}

/* ---------------------------------------------- flags with other meanings -- */

/* What is not wanted is added to what was not wanted before. */
static gboolean
add_negative (const Target *target,
              const PmtFlag *flag,
              const PmtParamSpec *spec)
{
  PmtParams *params = pmt_request_params (target->request);
  const gchar *before = pmt_params_get_string (params, spec->name, "");
  g_autofree gchar *both = NULL;

  if (spec->type != PMT_PARAM_STRING)
    return FALSE;
  both = *before != '\0' ? g_strdup_printf ("%s, %s", before, flag->value)
                         : g_strdup (flag->value);
  pmt_params_set_string (params, spec->name, both);
  return TRUE;
}

/* Sizes that have names instead of an aspect ratio. */
static gboolean
set_named_size (const Target *target, const PmtFlag *flag)
{
  static const gchar *const names[][2] = {
    { "1:1", "square_hd" },       { "4:3", "landscape_4_3" },
    { "16:9", "landscape_16_9" }, { "3:4", "portrait_4_3" },
    { "9:16", "portrait_16_9" },
  };
  const PmtParamSpec *spec = find_param (target, "image-size");

  for (guint i = 0; i < G_N_ELEMENTS (names) && spec != NULL; i++)
    if (g_str_equal (names[i][0], flag->value)
        && has_choice (spec, names[i][1]))
      {
        set_param (target, flag, spec, g_variant_new_string (names[i][1]));
        return TRUE;
      }
  return FALSE;
}

/* The usual number of steps. */
static gdouble
find_steps (const Target *target, const PmtParamSpec *spec)
{
  for (guint i = 0; i < target->model->steps->len; i++)
    {
      const PmtModelSteps *preset =
          &g_array_index (target->model->steps, PmtModelSteps, i);

      if (g_str_equal (preset->name, "high"))
        return preset->steps;
    }
  return g_variant_get_int64 (spec->default_value);
}

/* Quality is time: so many times the usual number of steps. */
static gboolean
set_steps (const Target *target, const PmtFlag *flag, gdouble quality)
{
  const PmtParamSpec *spec = find_param (target, "steps");
  gdouble steps;

  if (spec == NULL || spec->type != PMT_PARAM_INT)
    return FALSE;
  steps = round (find_steps (target, spec) * quality);
  if (steps > 0)
    set_param (target, flag, spec,
               g_variant_new_int64 (
                   (gint64)CLAMP (steps, MAX (spec->min, 1), spec->max)));
  return steps > 0;
}

/* Services that have three words for it. */
static gboolean
set_quality_word (const Target *target,
                  const PmtFlag *flag,
                  const PmtParamSpec *spec,
                  gdouble quality)
{
  const gchar *word = quality < 0.5 ? "low" : quality < 1.0 ? "medium" : "high";

  if (!has_choice (spec, word))
    return FALSE;
  set_param (target, flag, spec, g_variant_new_string (word));
  return TRUE;
}

static gboolean
apply_quality (const Target *target, const PmtFlag *flag)
{
  const PmtParamSpec *spec = find_param (target, "quality");
  const gdouble quality = g_ascii_strtod (flag->value, NULL);

  if (spec == NULL)
    return set_steps (target, flag, quality);
  /* What is usual anyway. */
  return quality == 1.0 || set_quality_word (target, flag, spec, quality);
}

/* ------------------------------------------------------------------ flags -- */

static gboolean
apply_flag (const Target *target, const PmtFlag *flag)
{
  const PmtParamSpec *spec =
      find_param (target, pmt_flag_spec (flag->id)->param);
  GVariant *value;

  if (flag->id == PMT_FLAG_NO && spec != NULL)
    return add_negative (target, flag, spec);
  if (flag->id == PMT_FLAG_SEED && spec == NULL)
    {
      pmt_params_set_int (pmt_request_params (target->request), "seed",
                          g_ascii_strtoll (flag->value, NULL, 10));
      return TRUE;
    }
  value = spec != NULL ? convert (flag, spec) : NULL;
  if (value != NULL)
    {
      set_param (target, flag, spec, value);
      return TRUE;
    }
  if (flag->id == PMT_FLAG_ASPECT && spec == NULL)
    return set_named_size (target, flag);
  if (flag->id == PMT_FLAG_ASPECT)
    {
      /* The check of parameters tells which shapes there are. */
      set_param (target, flag, spec, g_variant_new_string (flag->value));
      return TRUE;
    }
  return flag->id == PMT_FLAG_QUALITY && apply_quality (target, flag);
}

static void
take_flag (Target *target, const PmtFlag *flag)
{
  g_autofree gchar *typed = NULL;

  if (apply_flag (target, flag))
    return;
  if (!reads_flags (target))
    {
      note_no_effect (target, flag);
      return;
    }
  typed = pmt_flag_print (flag);
  g_string_append_printf (target->rest, "%s%s",
                          target->rest->len > 0 ? " " : "", typed);
}

gchar *
pmt_flag_tell_no_effect (const PmtModel *model,
                         const PmtRequest *request,
                         const PmtFlag *flag)
{
  g_autoptr (PmtRequest) copy = pmt_request_copy (request);
  g_autoptr (GPtrArray) notes = g_ptr_array_new_with_free_func (g_free);
  const Target target = { model, copy, notes, NULL };

  if (apply_flag (&target, flag) || reads_flags (&target))
    return NULL;
  g_ptr_array_set_size (notes, 0);
  note_no_effect (&target, flag);
  return g_strdup (notes->pdata[0]);
}

static gboolean
is_painting (PmtOperation operation)
{
  return operation == PMT_OPERATION_FILL || operation == PMT_OPERATION_EXPAND
         || operation == PMT_OPERATION_EDIT;
}

void
pmt_flags_apply (const PmtModel *model,
                 PmtRequest *request,
                 GPtrArray *problems,
                 GPtrArray *notes)
{
  PmtParams *params = pmt_request_params (request);
  const gchar *text = pmt_params_get_string (params, "prompt", "");
  g_autoptr (GError) error = NULL;
  g_autoptr (PmtFlagged) flagged = NULL;
  Target target = { model, request, notes, NULL };

  if (!pmt_flags_are_in (text) || find_param (&target, "prompt") == NULL)
    return;
  flagged = pmt_flags_parse (text, &error);
  if (flagged == NULL
      || (reads_flags (&target)
          && is_painting (pmt_request_get_operation (request))
          && !pmt_flags_check_paint (flagged, &error)))
    {
      pmt_problems_add (problems, PMT_ERROR_ARGUMENT, "prompt", "%s",
                        error->message);
      return;
    }
  target.rest = g_string_new (flagged->prompt);
  for (guint i = 0; i < flagged->flags->len; i++)
    take_flag (&target, flagged->flags->pdata[i]);
  pmt_params_set_string (params, "prompt", target.rest->str);
  g_string_free (target.rest, TRUE);
}
