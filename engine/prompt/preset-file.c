/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* preset-file.c: presets from JSON that may be hostile, and back. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "catalog/manifest-reader.h"
#include "core/limited-file.h"
#include "prompt/flags.h"
#include "prompt/preset.h"
#include "prompt/template.h"

#define MAX_SETTINGS 64
#define MAX_VALUE 2000

/* ------------------------------------------------------------- reading -- */

static gboolean
read_template (PmtManifestReader *reader,
               const cJSON *object,
               PmtPreset *preset)
{
  const cJSON *node = cJSON_GetObjectItemCaseSensitive (object, "prompt");
  g_autoptr (GError) error = NULL;

  if (!pmt_reader_get_string (reader, object, "prompt", PMT_READ_SEVERAL_LINES,
                              NULL, PMT_PRESET_MAX_PROMPT, &preset->prompt))
    return FALSE;
  if (preset->prompt == NULL)
    return TRUE;
  if (pmt_flags_are_in (preset->prompt))
    return pmt_reader_fail (reader, node,
                            _ ("Parameters such as “--ar” belong into "
                               "“settings”."));
  preset->parts = pmt_template_parse (preset->prompt, &error);
  return preset->parts != NULL
         || pmt_reader_fail (reader, node, "%s", error->message);
}

static gboolean
read_setting (PmtManifestReader *reader, const cJSON *node, PmtParams *settings)
{
  const gdouble number = cJSON_IsNumber (node) ? node->valuedouble : 0.0;

  if (!g_regex_match_simple (PMT_PATTERN_PARAM, node->string, 0, 0))
    return pmt_reader_fail (reader, node,
                            _ ("“settings” has something that is not the "
                               "name of a parameter."));
  if (!pmt_preset_is_setting (node->string))
    return pmt_reader_fail (reader, node, _ ("A preset can't set “%s”."),
                            node->string);
  if (cJSON_IsString (node))
    {
      if (!pmt_reader_check_string (reader, node, node->string,
                                    PMT_READ_MAY_BE_EMPTY, NULL, MAX_VALUE))
        return FALSE;
      pmt_params_set_string (settings, node->string, node->valuestring);
    }
  else if (cJSON_IsBool (node))
    pmt_params_set_bool (settings, node->string, cJSON_IsTrue (node));
  else if (!cJSON_IsNumber (node))
    return pmt_reader_fail (
        reader, node, _ ("“%s” is neither a truth value, a number nor a text."),
        node->string);
  else if (number == floor (number) && fabs (number) <= PMT_JSON_MAX_INT)
    pmt_params_set_int (settings, node->string, (gint64)number);
  else
    pmt_params_set_number (settings, node->string, number);
  return TRUE;
}

static gboolean
read_settings (PmtManifestReader *reader,
               const cJSON *object,
               PmtPreset *preset)
{
  const cJSON *settings = cJSON_GetObjectItemCaseSensitive (object, "settings");
  const cJSON *node;
  guint n = 0;

  if (settings == NULL)
    return TRUE;
  if (!pmt_reader_check_keys (reader, settings, NULL))
    return FALSE;
  cJSON_ArrayForEach (node, settings)
  {
    if (++n > MAX_SETTINGS)
      return pmt_reader_fail (
          reader, node, _ ("There are more than %d members."), MAX_SETTINGS);
    if (!read_setting (reader, node, preset->settings))
      return FALSE;
  }
  return TRUE;
}

static gboolean
read_texts (PmtManifestReader *reader, const cJSON *root, PmtPreset *preset)
{
  return pmt_reader_get_string (reader, root, "id", PMT_READ_REQUIRED,
                                PMT_PATTERN_ID, 64, &preset->id)
         && pmt_reader_get_string (reader, root, "name", PMT_READ_REQUIRED,
                                   NULL, PMT_PRESET_MAX_NAME, &preset->name)
         && pmt_reader_get_string (reader, root, "category", PMT_READ_REQUIRED,
                                   NULL, PMT_PRESET_MAX_CATEGORY,
                                   &preset->category)
         && pmt_reader_get_string (reader, root, "help", PMT_READ_MAY_BE_EMPTY,
                                   NULL, PMT_PRESET_MAX_HELP, &preset->help);
}

static gboolean
read_preset (PmtManifestReader *reader, PmtPreset *preset)
{
  static const gchar *const keys[] = {
    "id",         "name",   "category",        "help",
    "operations", "prompt", "negative-prompt", "settings",
    NULL
  };
  const cJSON *root = reader->root;
  g_autofree const gchar **settings = NULL;

  if (!pmt_reader_check_keys (reader, root, keys)
      || !read_texts (reader, root, preset)
      || !pmt_reader_get_operations (reader, root, "operations",
                                     PMT_READ_REQUIRED, &preset->operations)
      || !read_template (reader, root, preset)
      || !pmt_reader_get_string (
          reader, root, "negative-prompt", PMT_READ_SEVERAL_LINES, NULL,
          PMT_PRESET_MAX_PROMPT, &preset->negative_prompt)
      || !read_settings (reader, root, preset))
    return FALSE;
  settings = pmt_params_list (preset->settings);
  if (preset->prompt == NULL && preset->negative_prompt == NULL
      && settings[0] == NULL)
    return pmt_reader_fail (reader, root,
                            _ ("One of “prompt”, “negative-prompt” and "
                               "“settings” is needed."));
  return TRUE;
}

PmtPreset *
pmt_preset_parse (const gchar *file,
                  const gchar *text,
                  gsize length,
                  GError **error)
{
  g_autoptr (cJSON) root = pmt_json_parse_large (
      file, text, length, PMT_PRESET_MAX_BYTES, PMT_ERROR_MANIFEST, error);
  PmtManifestReader reader = { file, text, length, root, error };
  g_autoptr (PmtPreset) preset = NULL;

  if (root == NULL)
    return NULL;
  preset = pmt_preset_new ();
  if (!read_preset (&reader, preset))
    return NULL;
  return g_steal_pointer (&preset);
}

PmtPreset *
pmt_preset_read (const gchar *path, GError **error)
{
  g_autoptr (GError) local = NULL;
  gsize length = 0;
  g_autofree gchar *text = pmt_limited_file_read (
      path, PMT_PRESET_MAX_BYTES, PMT_ERROR_MANIFEST, &length, &local);
  g_autofree gchar *shown = g_filename_display_name (path);

  if (text == NULL)
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_MANIFEST,
                   _ ("The preset “%s” can't be read: %s"), shown,
                   local->message);
      return NULL;
    }
  return pmt_preset_parse (shown, text, length, error);
}

/* ------------------------------------------------------------- writing -- */

static void
add_value (cJSON *object, const gchar *name, GVariant *value)
{
  gchar text[G_ASCII_DTOSTR_BUF_SIZE];

  if (g_variant_is_of_type (value, G_VARIANT_TYPE_BOOLEAN))
    cJSON_AddBoolToObject (object, name, g_variant_get_boolean (value));
  else if (g_variant_is_of_type (value, G_VARIANT_TYPE_INT64))
    {
      g_snprintf (text, sizeof text, "%" G_GINT64_FORMAT,
                  g_variant_get_int64 (value));
      cJSON_AddRawToObject (object, name, text);
    }
  else if (g_variant_is_of_type (value, G_VARIANT_TYPE_DOUBLE))
    {
      g_ascii_dtostr (text, sizeof text, g_variant_get_double (value));
      cJSON_AddRawToObject (object, name, text);
    }
  else
    cJSON_AddStringToObject (object, name, g_variant_get_string (value, NULL));
}

static void
add_text (cJSON *root, const gchar *name, const gchar *text)
{
  if (text != NULL && *text != '\0')
    cJSON_AddStringToObject (root, name, text);
}

static void
add_settings (cJSON *root, const PmtParams *settings)
{
  g_autofree const gchar **names = pmt_params_list (settings);
  cJSON *object;

  if (names[0] == NULL)
    return;
  object = cJSON_AddObjectToObject (root, "settings");
  for (guint i = 0; names[i] != NULL; i++)
    add_value (object, names[i], pmt_params_get_variant (settings, names[i]));
}

gchar *
pmt_preset_print (const PmtPreset *preset)
{
  g_autoptr (cJSON) root = cJSON_CreateObject ();
  cJSON *operations;
  gchar *printed;
  gchar *text;

  add_text (root, "id", preset->id);
  add_text (root, "name", preset->name);
  add_text (root, "category", preset->category);
  add_text (root, "help", preset->help);
  operations = cJSON_AddArrayToObject (root, "operations");
  for (gint i = 0; i < PMT_N_OPERATIONS; i++)
    if (preset->operations & (1u << i))
      cJSON_AddItemToArray (operations,
                            cJSON_CreateString (pmt_operation_to_string (i)));
  add_text (root, "prompt", preset->prompt);
  add_text (root, "negative-prompt", preset->negative_prompt);
  add_settings (root, preset->settings);
  /* cJSON may have an allocator of its own. */
  printed = cJSON_Print (root);
  text = g_strconcat (printed, "\n", NULL);
  cJSON_free (printed);
  return text;
}
