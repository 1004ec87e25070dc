/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* preset-apply.c: what a preset does to a request. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "catalog/model.h"
#include "catalog/param-spec.h"
#include "core/engine-private.h"
#include "core/params.h"
#include "core/prompt-hook.h"
#include "prompt/flags.h"
#include "prompt/preset.h"
#include "prompt/template.h"

/* @set: what was taken from the preset, for people. */
typedef struct
{
  const PmtPreset *preset;
  const PmtModel *model;
  PmtRequest *request;
  GPtrArray *problems;
  GPtrArray *notes;
  GString *set;
} Target;

static const PmtParamSpec *
find_param (const Target *target, const gchar *name)
{
  const PmtParamSpec *spec = pmt_model_find_param (target->model, name);

  return spec != NULL
                 && pmt_param_is_for (
                     spec, pmt_request_get_operation (target->request))
             ? spec
             : NULL;
}

static void
add_problem (const Target *target, const gchar *reason)
{
  pmt_problems_add (target->problems, PMT_ERROR_ARGUMENT, "preset",
                    _ ("The preset “%s” can't be used: %s"),
                    pmt_preset_get_name (target->preset), reason);
}

/* -------------------------------------------------------------- prompt -- */

/* Parameters typed behind the prompt stay behind it.
 * Returns: (nullable): the words; %NULL when they can't be read, which is told
 *   when they are looked at.
 */
static gchar *
split_flags (const gchar *typed, GString *flags)
{
  g_autoptr (PmtFlagged) flagged = NULL;

  if (!pmt_flags_are_in (typed))
    return g_strstrip (g_strdup (typed));
  flagged = pmt_flags_parse (typed, NULL);
  if (flagged == NULL)
    return NULL;
  for (guint i = 0; i < flagged->flags->len; i++)
    {
      g_autofree gchar *flag = pmt_flag_print (flagged->flags->pdata[i]);

      g_string_append_printf (flags, " %s", flag);
    }
  return g_strdup (flagged->prompt);
}

static void
add_missing (const Target *target, const gchar *name)
{
  g_autofree gchar *reason = NULL;

  if (strcmp (name, PMT_TEMPLATE_PROMPT) == 0)
    reason = g_strdup (_ ("it needs a prompt of yours. Write what the picture "
                          "should show."));
  else
    reason = g_strdup_printf (_ ("it needs a value for “%s”. Add “<%s|words>” "
                                 "to the prompt."),
                              name, name);
  add_problem (target, reason);
}

static void
fill_prompt (const Target *target, PmtParams *params, const gchar *typed)
{
  g_autoptr (GHashTable) values =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (GString) flags = g_string_new (NULL);
  g_autofree gchar *words = split_flags (typed, flags);
  g_autofree gchar *rest = NULL;
  g_autofree gchar *filled = NULL;
  g_autoptr (GError) error = NULL;
  const gchar *missing = NULL;

  if (words == NULL)
    return;
  rest =
      pmt_template_take_values (target->preset->parts, words, values, &error);
  if (rest == NULL)
    {
      add_problem (target, error->message);
      return;
    }
  g_hash_table_insert (values, g_strdup (PMT_TEMPLATE_PROMPT),
                       g_steal_pointer (&rest));
  filled = pmt_template_fill (target->preset->parts, values, &missing);
  if (filled == NULL)
    {
      add_missing (target, missing);
      return;
    }
  g_string_prepend (flags, filled);
  pmt_params_set_string (params, "prompt", flags->str);
}

static void
apply_prompt (const Target *target)
{
  PmtParams *params = pmt_request_params (target->request);

  if (target->preset->parts == NULL)
    return;
  if (find_param (target, "prompt") != NULL)
    {
      fill_prompt (target, params,
                   pmt_params_get_string (params, "prompt", ""));
      return;
    }
  g_ptr_array_add (target->notes,
                   g_strdup_printf (_ ("The model “%s” takes no prompt; the "
                                       "words of the preset “%s” have no "
                                       "effect."),
                                    pmt_model_get_name (target->model),
                                    pmt_preset_get_name (target->preset)));
}

/* What is not wanted is added to what was not wanted before. */
static void
apply_negative (const Target *target)
{
  PmtParams *params = pmt_request_params (target->request);
  const gchar *words = target->preset->negative_prompt;
  const gchar *before = pmt_params_get_string (params, "negative-prompt", "");
  g_autofree gchar *both = NULL;

  if (words == NULL)
    return;
  if (find_param (target, "negative-prompt") == NULL)
    {
      g_ptr_array_add (
          target->notes,
          g_strdup_printf (_ ("The model “%s” takes no negative prompt; that "
                              "of the preset “%s” has no effect."),
                           pmt_model_get_name (target->model),
                           pmt_preset_get_name (target->preset)));
      return;
    }
  both = *before != '\0' ? g_strdup_printf ("%s, %s", before, words)
                         : g_strdup (words);
  pmt_params_set_string (params, "negative-prompt", both);
}

/* ------------------------------------------------------------ settings -- */

static void
note_no_effect (const Target *target, const gchar *name)
{
  g_ptr_array_add (target->notes,
                   g_strdup_printf (_ ("The model “%s” has no setting “%s” "
                                       "here; that of the preset “%s” has no "
                                       "effect."),
                                    pmt_model_get_name (target->model), name,
                                    pmt_preset_get_name (target->preset)));
}

/* The value of the preset in the type of @spec; %NULL, with a note, where the
 * model does not allow it. */
static GVariant *
check_value (const Target *target, const PmtParamSpec *spec)
{
  g_autoptr (GPtrArray) problems = pmt_problems_new ();
  GVariant *value =
      pmt_params_get_variant (target->preset->settings, spec->name);
  GVariant *checked =
      pmt_param_spec_check (spec, target->model->id, value, problems);

  for (guint i = 0; i < problems->len; i++)
    {
      const PmtProblem *problem = problems->pdata[i];

      g_ptr_array_add (
          target->notes,
          g_strdup_printf (_ ("A setting of the preset “%s” has no effect. %s"),
                           pmt_preset_get_name (target->preset),
                           problem->message));
    }
  return checked;
}

static void
describe (const Target *target, const PmtParamSpec *spec, GVariant *value)
{
  g_autofree gchar *text = NULL;

  if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
    text = g_variant_dup_string (value, NULL);
  else
    text = g_variant_print (value, FALSE);
  g_string_append_printf (target->set, "%s%s: %s",
                          target->set->len > 0 ? ", " : "",
                          pmt_param_spec_get_label (spec), text);
}

/* Sets what the user did not; @taken gets the names. */
static void
set_values (const Target *target, const gchar **names, GPtrArray *taken)
{
  PmtParams *params = pmt_request_params (target->request);

  for (guint i = 0; names[i] != NULL; i++)
    {
      const PmtParamSpec *spec = find_param (target, names[i]);
      g_autoptr (GVariant) value = NULL;

      if (pmt_params_has (params, names[i]))
        continue;
      if (spec == NULL)
        {
          note_no_effect (target, names[i]);
          continue;
        }
      value = check_value (target, spec);
      if (value == NULL)
        continue;
      pmt_params_set_variant (params, names[i], value);
      g_ptr_array_add (taken, (gpointer)names[i]);
    }
}

static void
apply_settings (const Target *target)
{
  PmtParams *params = pmt_request_params (target->request);
  g_autofree const gchar **names = pmt_params_list (target->preset->settings);
  g_autoptr (GPtrArray) taken = g_ptr_array_new ();

  set_values (target, names, taken);
  /* Once all are set: one may depend on another. */
  for (guint i = 0; i < taken->len; i++)
    {
      const gchar *name = taken->pdata[i];

      if (pmt_model_param_applies (target->model, name, params))
        {
          describe (target, find_param (target, name),
                    pmt_params_get_variant (params, name));
          continue;
        }
      pmt_params_unset (params, name);
      note_no_effect (target, name);
    }
  if (target->set->len > 0)
    /* Translators: the second %s is a list such as "Steps: 30, CFG: 6". */
    g_ptr_array_add (target->notes,
                     g_strdup_printf (_ ("The preset “%s” sets %s."),
                                      pmt_preset_get_name (target->preset),
                                      target->set->str));
}

static gboolean
check_operation (const Target *target)
{
  const PmtOperation operation = pmt_request_get_operation (target->request);
  g_autoptr (GString) names = NULL;
  g_autofree gchar *reason = NULL;

  if (pmt_preset_supports (target->preset, operation))
    return TRUE;
  names = g_string_new (NULL);
  for (gint i = 0; i < PMT_N_OPERATIONS; i++)
    if (pmt_preset_supports (target->preset, i))
      g_string_append_printf (names, "%s“%s”", names->len > 0 ? ", " : "",
                              pmt_operation_label (i));
  reason = g_strdup_printf (_ ("it is for %s. Choose another preset, or none."),
                            names->str);
  add_problem (target, reason);
  return FALSE;
}

void
pmt_preset_apply_to (const PmtPreset *preset,
                     const PmtModel *model,
                     PmtRequest *request,
                     GPtrArray *problems,
                     GPtrArray *notes)
{
  g_autoptr (GString) set = g_string_new (NULL);
  const Target target = { preset, model, request, problems, notes, set };

  if (!check_operation (&target))
    return;
  apply_prompt (&target);
  apply_negative (&target);
  apply_settings (&target);
  pmt_request_set_used_preset (request, preset->id);
}

/* ---------------------------------------------------- of a request's own -- */

void
pmt_preset_prepare (PmtEngine *engine,
                    const PmtModel *model,
                    PmtRequest *request,
                    GPtrArray *problems,
                    GPtrArray *notes)
{
  PmtParams *params = pmt_request_params (request);
  GVariant *value = pmt_params_get_variant (params, "preset");
  g_autoptr (PmtPreset) preset = NULL;
  g_autofree gchar *id = NULL;

  if (value == NULL)
    return;
  if (!g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
    {
      pmt_params_unset (params, "preset");
      pmt_problems_add (problems, PMT_ERROR_ARGUMENT, "preset",
                        _ ("“preset” must be the identifier of a preset."));
      return;
    }
  id = g_variant_dup_string (value, NULL);
  /* It has done its work: the recipe has the words, which nothing is to be
   * added to again, and tells the preset beside them. */
  pmt_params_unset (params, "preset");
  if (*id == '\0')
    return;
  preset = pmt_engine_find_preset (engine, id);
  if (preset == NULL)
    {
      g_autofree gchar *message = pmt_presets_tell_unknown (engine, id);

      pmt_problems_add (problems, PMT_ERROR_ARGUMENT, "preset", "%s", message);
      return;
    }
  pmt_preset_apply_to (preset, model, request, problems, notes);
}

gboolean
pmt_preset_apply (const PmtPreset *preset,
                  PmtEngine *engine,
                  PmtRequest *request,
                  gchar ***notes,
                  GError **error)
{
  g_autoptr (GPtrArray) problems = pmt_problems_new ();
  g_autoptr (GPtrArray) told = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (PmtRequest) copy = NULL;
  g_autofree const gchar **names = NULL;
  const PmtModel *model;

  g_return_val_if_fail (preset != NULL && engine != NULL, FALSE);
  g_return_val_if_fail (request != NULL, FALSE);
  copy = pmt_request_copy (request);
  /* It chooses the model, as words would. */
  pmt_params_set_string (pmt_request_params (copy), "preset", preset->id);
  model = pmt_engine_check_model (engine, copy, problems);
  pmt_params_unset (pmt_request_params (copy), "preset");
  if (model != NULL)
    pmt_preset_apply_to (preset, model, copy, problems, told);
  if (!pmt_problems_to_error (problems, error))
    return FALSE;
  names = pmt_params_list (pmt_request_peek_params (copy));
  for (guint i = 0; names[i] != NULL; i++)
    pmt_params_set_variant (
        pmt_request_params (request), names[i],
        pmt_params_get_variant (pmt_request_peek_params (copy), names[i]));
  pmt_params_unset (pmt_request_params (request), "preset");
  pmt_request_set_used_preset (request, preset->id);
  if (notes != NULL)
    {
      g_ptr_array_add (told, NULL);
      *notes = (gchar **)g_ptr_array_free (g_steal_pointer (&told), FALSE);
    }
  return TRUE;
}
