/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* report-models.c: `pentimento models`. */
#include "config.h"

#include "report-models.h"

#include <cjson/cJSON.h>
#include <glib/gi18n-lib.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC (cJSON, cJSON_Delete)

static gchar *
range_text (const PmtParamSpec *spec)
{
  g_autofree gchar *choices = NULL;
  gchar min[G_ASCII_DTOSTR_BUF_SIZE];
  gchar max[G_ASCII_DTOSTR_BUF_SIZE];

  switch (spec->type)
    {
    case PMT_PARAM_BOOL:
      return g_strdup (_ ("true or false"));
    case PMT_PARAM_INT:
    case PMT_PARAM_NUMBER:
      /* With a point in every language, as --set wants them. */
      g_ascii_formatd (min, sizeof min, "%.10g", spec->min);
      g_ascii_formatd (max, sizeof max, "%.10g", spec->max);
      return g_strdup_printf ("%s..%s%s%s", min, max, spec->unit ? " " : "",
                              pmt_param_spec_get_unit (spec));
    case PMT_PARAM_CHOICE:
      choices = g_strjoinv (", ", spec->choices);
      return g_steal_pointer (&choices);
    case PMT_PARAM_STRING:
      return g_strdup_printf (_ ("text of up to %.0f characters"), spec->max);
    }
  return g_strdup ("");
}

static void
print_param (const PmtParamSpec *spec, const gchar *operations)
{
  g_autofree gchar *range = range_text (spec);
  g_autofree gchar *value = g_variant_print (spec->default_value, FALSE);

  g_print ("    %s = %s  (%s)%s\n        %s\n", spec->name, value, range,
           operations, pmt_param_spec_get_help (spec));
}

static gchar *
join_operations (const PmtModel *model, const gchar *param)
{
  GString *text = g_string_new (NULL);

  for (gint i = 0; i < PMT_N_OPERATIONS; i++)
    {
      g_autoptr (GPtrArray) specs = NULL;
      gboolean is_listed = param == NULL;

      if (!pmt_model_supports (model, i))
        continue;
      specs = pmt_model_list_params (model, i);
      for (guint k = 0; k < specs->len && !is_listed; k++)
        {
          const PmtParamSpec *spec = g_ptr_array_index (specs, k);

          is_listed = g_str_equal (spec->name, param);
        }
      if (is_listed)
        g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "",
                                pmt_operation_to_string (i));
    }
  return g_string_free (text, FALSE);
}

static void
print_head (const PmtModel *model)
{
  g_print ("%s: %s [%s]\n", pmt_model_get_id (model),
           pmt_model_get_name (model), pmt_model_get_license (model));
}

static void
print_model (const PmtModel *model)
{
  print_head (model);
  for (gint i = 0; i < PMT_N_OPERATIONS; i++)
    {
      g_autoptr (GPtrArray) specs = NULL;

      if (!pmt_model_supports (model, i))
        continue;
      g_print ("  %s\n", pmt_operation_to_string (i));
      specs = pmt_model_list_params (model, i);
      for (guint k = 0; k < specs->len; k++)
        print_param (g_ptr_array_index (specs, k), "");
    }
}

/* Of the user's own: the settings of all of them follow once. */
static void
print_checkpoint (const PmtModel *model)
{
  g_autofree gchar *operations = join_operations (model, NULL);

  print_head (model);
  g_print ("  %s, %s\n  %s\n", pmt_model_get_family (model),
           pmt_model_get_path (model), operations);
}

static void
print_template (const PmtModel *model)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree gchar *all = join_operations (model, NULL);

  g_print (_ ("What checkpoints take (%s):\n"), all);
  for (gint i = 0; i < PMT_N_OPERATIONS; i++)
    {
      g_autoptr (GPtrArray) specs = pmt_model_list_params (model, i);

      for (guint k = 0; k < specs->len && pmt_model_supports (model, i); k++)
        {
          const PmtParamSpec *spec = g_ptr_array_index (specs, k);
          g_autofree gchar *some = join_operations (model, spec->name);
          g_autofree gchar *only = g_strdup_printf (" [%s]", some);

          if (g_hash_table_add (seen, spec->name))
            print_param (spec, g_str_equal (some, all) ? "" : only);
        }
    }
}

static cJSON *
model_json (const PmtModel *model)
{
  cJSON *json = cJSON_CreateObject ();
  cJSON *operations;

  cJSON_AddStringToObject (json, "id", pmt_model_get_id (model));
  cJSON_AddStringToObject (json, "name", pmt_model_get_name (model));
  cJSON_AddStringToObject (json, "family", pmt_model_get_family (model));
  cJSON_AddStringToObject (json, "backend", pmt_model_get_backend (model));
  cJSON_AddStringToObject (json, "license", pmt_model_get_license (model));
  if (pmt_model_get_path (model))
    cJSON_AddStringToObject (json, "path", pmt_model_get_path (model));
  operations = cJSON_AddObjectToObject (json, "operations");
  for (gint i = 0; i < PMT_N_OPERATIONS; i++)
    if (pmt_model_supports (model, i))
      {
        g_autoptr (GPtrArray) specs = pmt_model_list_params (model, i);
        cJSON *names =
            cJSON_AddArrayToObject (operations, pmt_operation_to_string (i));

        for (guint k = 0; k < specs->len; k++)
          {
            const PmtParamSpec *spec = g_ptr_array_index (specs, k);

            cJSON_AddItemToArray (names, cJSON_CreateString (spec->name));
          }
      }
  return json;
}

static void
print_json (GPtrArray *models)
{
  g_autoptr (cJSON) json = cJSON_CreateArray ();
  gchar *text;

  for (guint i = 0; i < models->len; i++)
    cJSON_AddItemToArray (json, model_json (g_ptr_array_index (models, i)));
  text = cJSON_Print (json);
  g_print ("%s\n", text);
  cJSON_free (text);
}

static gboolean
is_checkpoint (const PmtModel *model, GPtrArray *templates)
{
  for (guint i = 0; i < templates->len; i++)
    if (pmt_model_get_path (model)
        && g_str_equal (pmt_model_get_backend (model),
                        pmt_model_get_backend (templates->pdata[i])))
      return TRUE;
  return FALSE;
}

void
report_models (PmtEngine *engine, const gchar *folder, gboolean is_json)
{
  g_autoptr (GPtrArray) models = pmt_engine_list_models (engine, -1);
  g_autoptr (GPtrArray) templates = pmt_engine_list_templates (engine, -1);

  if (is_json)
    {
      print_json (models);
      return;
    }
  for (guint i = 0; i < models->len; i++)
    if (is_checkpoint (models->pdata[i], templates))
      print_checkpoint (models->pdata[i]);
    else
      print_model (models->pdata[i]);
  for (guint i = 0; i < templates->len; i++)
    print_template (templates->pdata[i]);
  if (templates->len > 0)
    g_print (_ ("Checkpoints (.safetensors, folders of Diffusers) go into\n"
                "%s\n"),
             folder);
}
