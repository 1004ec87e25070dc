/* SPDX-License-Identifier: LGPL-3.0-or-later */
#include "config.h"

#include "presets.h"

#include <cjson/cJSON.h>
#include <glib/gi18n-lib.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC (cJSON, cJSON_Delete)

gboolean
presets_check (const Options *options, GError **error)
{
  const guint n = (options->import != NULL) + (options->export != NULL)
                  + (options->remove != NULL);

  if (n > 1)
    {
      g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                           _ ("Only one of --import, --export and --remove "
                              "can be done at a time."));
      return FALSE;
    }
  if (options->export && !options->operation)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   _ ("--export %s needs the name of a file behind it."),
                   options->export);
      return FALSE;
    }
  if (!options->export && options->operation)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   _ ("The argument \"%s\" is not expected."),
                   options->operation);
      return FALSE;
    }
  return TRUE;
}

/* ---------------------------------------------------------------- listing */

static void
add_settings (cJSON *object, const PmtParams *settings)
{
  g_autofree const gchar **names = pmt_params_list (settings);
  cJSON *list = cJSON_AddObjectToObject (object, "settings");

  for (guint i = 0; names[i]; i++)
    {
      GVariant *value = pmt_params_get_variant (settings, names[i]);

      if (g_variant_is_of_type (value, G_VARIANT_TYPE_BOOLEAN))
        cJSON_AddBoolToObject (list, names[i], g_variant_get_boolean (value));
      else if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
        cJSON_AddStringToObject (list, names[i],
                                 g_variant_get_string (value, NULL));
      else
        cJSON_AddNumberToObject (
            list, names[i], pmt_params_get_number (settings, names[i], 0.0));
    }
}

static cJSON *
preset_to_json (const PmtPreset *preset)
{
  cJSON *object = cJSON_CreateObject ();
  cJSON *operations;

  cJSON_AddStringToObject (object, "id", pmt_preset_get_id (preset));
  cJSON_AddStringToObject (object, "name", pmt_preset_get_name (preset));
  cJSON_AddStringToObject (object, "category",
                           pmt_preset_get_category (preset));
  cJSON_AddStringToObject (object, "help", pmt_preset_get_help (preset));
  cJSON_AddBoolToObject (object, "own", pmt_preset_is_user (preset));
  operations = cJSON_AddArrayToObject (object, "operations");
  for (gint i = 0; i < PMT_N_OPERATIONS; i++)
    if (pmt_preset_supports (preset, i))
      cJSON_AddItemToArray (operations,
                            cJSON_CreateString (pmt_operation_to_string (i)));
  if (pmt_preset_get_prompt (preset))
    cJSON_AddStringToObject (object, "prompt", pmt_preset_get_prompt (preset));
  if (pmt_preset_get_negative_prompt (preset))
    cJSON_AddStringToObject (object, "negative-prompt",
                             pmt_preset_get_negative_prompt (preset));
  add_settings (object, pmt_preset_get_settings (preset));
  return object;
}

static void
print_json (GPtrArray *presets)
{
  g_autoptr (cJSON) list = cJSON_CreateArray ();
  gchar *text;

  for (guint i = 0; i < presets->len; i++)
    cJSON_AddItemToArray (list,
                          preset_to_json (g_ptr_array_index (presets, i)));
  text = cJSON_Print (list);
  g_print ("%s\n", text);
  cJSON_free (text);
}

static void
print_text (GPtrArray *presets)
{
  const gchar *category = NULL;

  for (guint i = 0; i < presets->len; i++)
    {
      const PmtPreset *preset = g_ptr_array_index (presets, i);

      if (g_strcmp0 (category, pmt_preset_get_category (preset)) != 0)
        {
          category = pmt_preset_get_category (preset);
          g_print ("%s\n", category);
        }
      g_print ("  %-24s %s\n", pmt_preset_get_id (preset),
               pmt_preset_get_name (preset));
      if (*pmt_preset_get_help (preset) != '\0')
        g_print ("      %s\n", pmt_preset_get_help (preset));
    }
}

static gboolean
list_presets (PmtEngine *engine, const Options *options, GError **error)
{
  g_autoptr (GPtrArray) presets = NULL;
  PmtOperation operation;
  gint filter = -1;

  if (options->filter)
    {
      if (!pmt_operation_from_string (options->filter, &operation))
        {
          g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
                       _ ("\"%s\" is not an operation; use generate, "
                          "reimagine, fill, edit, remove, expand, enhance, "
                          "upscale, face or select-subject."),
                       options->filter);
          return FALSE;
        }
      filter = (gint)operation;
    }
  presets = pmt_engine_list_presets (engine, options->search, filter);
  if (options->is_json)
    print_json (presets);
  else
    print_text (presets);
  return TRUE;
}

/* ------------------------------------------------------------------ files */

static gboolean
import_preset (PmtEngine *engine, const Options *options, GError **error)
{
  g_autofree gchar *id = NULL;
  g_autoptr (GError) local = NULL;

  if (pmt_engine_import_preset (engine, options->import, options->is_replacing,
                                &id, &local))
    {
      g_print (_ ("The preset “%s” is there now.\n"), id);
      return TRUE;
    }
  if (g_error_matches (local, G_IO_ERROR, G_IO_ERROR_EXISTS))
    g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
                 _ ("The preset of \"%s\" is there already. Add --replace "
                    "to put this one in its place, or change its id."),
                 options->import);
  else
    g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

static gboolean
export_preset (PmtEngine *engine, const Options *options, GError **error)
{
  g_autofree gchar *path =
      g_filename_from_utf8 (options->operation, -1, NULL, NULL, error);

  return path
         && pmt_engine_export_preset (engine, options->export, path, FALSE,
                                      error);
}

gboolean
presets_run (PmtEngine *engine, const Options *options, GError **error)
{
  if (options->import)
    return import_preset (engine, options, error);
  if (options->export)
    return export_preset (engine, options, error);
  if (options->remove)
    return pmt_engine_remove_preset (engine, options->remove, error);
  return list_presets (engine, options, error);
}
