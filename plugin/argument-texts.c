/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* argument-texts.c: what GIMP says about an argument. */
#include "config.h"

#include "argument-texts.h"

#include <glib/gi18n-lib.h>

/* A label of its own, with the unit behind it. */
gchar *
pmt_argument_label (const PmtParamSpec *spec)
{
  if (spec->unit && *spec->unit)
    return g_strdup_printf (_ ("%s (%s)"), pmt_param_spec_get_label (spec),
                            pmt_param_spec_get_unit (spec));

  return g_strdup (pmt_param_spec_get_label (spec));
}

static void
append_range (GString *text, const PmtParamSpec *spec)
{
  gchar min[G_ASCII_DTOSTR_BUF_SIZE];
  gchar max[G_ASCII_DTOSTR_BUF_SIZE];
  gchar automatic[G_ASCII_DTOSTR_BUF_SIZE];

  g_ascii_formatd (min, sizeof min, "%.10g", spec->min);
  g_ascii_formatd (max, sizeof max, "%.10g", spec->max);
  g_ascii_formatd (automatic, sizeof automatic, "%.10g", spec->auto_value);

  g_string_append_c (text, '\n');
  g_string_append_printf (text, _ ("Allowed: %s to %s."), min, max);
  if (spec->recommended_max > spec->recommended_min)
    {
      g_ascii_formatd (min, sizeof min, "%.10g", spec->recommended_min);
      g_ascii_formatd (max, sizeof max, "%.10g", spec->recommended_max);
      g_string_append_c (text, ' ');
      g_string_append_printf (text, _ ("Recommended: %s to %s."), min, max);
    }
  if (spec->has_auto)
    {
      g_string_append_c (text, ' ');
      g_string_append_printf (text, _ ("%s: automatic."), automatic);
    }
}

const PmtParamSpec *
pmt_argument_find (const PmtParamSpec *spec,
                   const PmtModel *model,
                   PmtOperation operation)
{
  g_autoptr (GPtrArray) params = pmt_model_list_params (model, operation);

  for (guint i = 0; i < params->len; i++)
    {
      const PmtParamSpec *other = g_ptr_array_index (params, i);

      if (strcmp (other->name, spec->name) == 0)
        return other;
    }

  return NULL;
}

gboolean
pmt_argument_is_taken (const PmtParamSpec *spec,
                       const PmtModel *model,
                       PmtOperation operation)
{
  return pmt_argument_find (spec, model, operation) != NULL;
}

/* Says which models take the parameter, unless all of them do.  The template
 * stands for all checkpoints of the user's.
 */
static void
append_models (GString *text,
               const PmtParamSpec *spec,
               PmtEngine *engine,
               PmtOperation operation)
{
  g_autoptr (GPtrArray) models = pmt_engine_list_models (engine, operation);
  g_autoptr (GPtrArray) templates =
      pmt_engine_list_templates (engine, operation);
  g_autoptr (GPtrArray) ids = g_ptr_array_new ();
  /* Translators: part of a list of models: "Only for: patch-fill". */
  const gchar *checkpoints = _ ("checkpoints");
  g_autofree gchar *list = NULL;
  guint n = 0;

  g_ptr_array_extend (models, templates, NULL, NULL);
  for (guint i = 0; i < models->len; i++)
    {
      const PmtModel *model = g_ptr_array_index (models, i);

      if (!pmt_argument_is_taken (spec, model, operation))
        continue;
      n++;
      if (!g_ptr_array_find (templates, model, NULL))
        g_ptr_array_add (ids, (gpointer)pmt_model_get_id (model));
      else if (!g_ptr_array_find (ids, checkpoints, NULL))
        g_ptr_array_add (ids, (gpointer)checkpoints);
    }
  if (n == 0 || n == models->len)
    return;

  g_ptr_array_add (ids, NULL);
  list = g_strjoinv (", ", (gchar **)ids->pdata);
  g_string_append_c (text, '\n');
  /* Translators: %s is a list of models' identifiers. */
  g_string_append_printf (text, _ ("Only for: %s."), list);
}

gchar *
pmt_argument_help (const PmtParamSpec *spec,
                   PmtEngine *engine,
                   PmtOperation operation)
{
  GString *text = g_string_new (pmt_param_spec_get_help (spec));

  if (spec->type == PMT_PARAM_INT || spec->type == PMT_PARAM_NUMBER)
    append_range (text, spec);
  if (spec->type == PMT_PARAM_CHOICE && spec->choices)
    {
      g_autofree gchar *choices = g_strjoinv (", ", spec->choices);

      g_string_append_c (text, '\n');
      g_string_append_printf (text, _ ("Allowed: %s."), choices);
    }
  append_models (text, spec, engine, operation);

  return g_string_free (text, FALSE);
}
