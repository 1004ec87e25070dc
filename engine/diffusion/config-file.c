/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* config-file.c: config.json and its relatives; they may be hostile. */
#include "config.h"

#include "diffusion/config-file.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "core/limited-file.h"

/* Lists of the tensors of split models are the longest. */
#define MAX_BYTES ((gsize)16 << 20)

cJSON *
pmt_config_parse (const gchar *label,
                  const gchar *text,
                  gsize length,
                  GError **error)
{
  g_autoptr (cJSON) root = pmt_json_parse_large (label, text, length, MAX_BYTES,
                                                 PMT_ERROR_MODEL, error);

  if (root == NULL || cJSON_IsObject (root))
    return g_steal_pointer (&root);
  g_set_error (error, PMT_ERROR, PMT_ERROR_MODEL,
               _ ("“%s” is not a configuration of a model: it holds no "
                  "object. Download the model again."),
               label);
  return NULL;
}

gboolean
pmt_config_load (const gchar *path, cJSON **root, GError **error)
{
  g_autofree gchar *label = g_path_get_basename (path);
  g_autofree gchar *shown = g_filename_display_name (label);
  g_autofree gchar *text = NULL;
  g_autoptr (GError) cause = NULL;
  gsize length = 0;

  *root = NULL;
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;
  text =
      pmt_limited_file_read (path, MAX_BYTES, PMT_ERROR_FILE, &length, &cause);
  if (text == NULL)
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_FILE,
                   _ ("The model's file “%s” can't be read: %s"), shown,
                   cause->message);
      return FALSE;
    }
  *root = pmt_config_parse (shown, text, length, error);
  return *root != NULL;
}

static const cJSON *
get (const PmtConfig *config, const gchar *key)
{
  const cJSON *node = cJSON_GetObjectItemCaseSensitive (config->json, key);

  return node == NULL || cJSON_IsNull (node) ? NULL : node;
}

gboolean
pmt_config_has (const PmtConfig *config, const gchar *key)
{
  return get (config, key) != NULL;
}

PmtConfig
pmt_config_child (const PmtConfig *config, const gchar *key)
{
  const cJSON *node = get (config, key);

  return (PmtConfig){ cJSON_IsObject (node) ? node : NULL, config->label };
}

const gchar *
pmt_config_string (const PmtConfig *config, const gchar *key)
{
  return cJSON_GetStringValue (get (config, key));
}

static gboolean
fail_range (const PmtConfig *config,
            const gchar *key,
            gdouble min,
            gdouble max,
            GError **error)
{
  g_set_error (error, PMT_ERROR, PMT_ERROR_MODEL,
               _ ("“%s” has a value of “%s” that is not a number from %g to "
                  "%g. Download the model again."),
               config->label, key, min, max);
  return FALSE;
}

static gboolean
is_int (const cJSON *node, gint min, gint max)
{
  return cJSON_IsNumber (node) && node->valuedouble >= min
         && node->valuedouble <= max
         && node->valuedouble == floor (node->valuedouble);
}

gboolean
pmt_config_int (const PmtConfig *config,
                const gchar *key,
                gint min,
                gint max,
                gint *value,
                GError **error)
{
  return pmt_config_ints (config, key, min, max, 1, value, error);
}

gboolean
pmt_config_number (const PmtConfig *config,
                   const gchar *key,
                   gdouble min,
                   gdouble max,
                   gdouble *value,
                   GError **error)
{
  const cJSON *node = get (config, key);

  if (node == NULL)
    return TRUE;
  if (!cJSON_IsNumber (node) || !(node->valuedouble >= min)
      || !(node->valuedouble <= max))
    return fail_range (config, key, min, max, error);
  *value = node->valuedouble;
  return TRUE;
}

gboolean
pmt_config_bool (const PmtConfig *config,
                 const gchar *key,
                 gboolean *value,
                 GError **error)
{
  const cJSON *node = get (config, key);

  if (node == NULL)
    return TRUE;
  if (!cJSON_IsBool (node))
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_MODEL,
                   _ ("“%s” has a value of “%s” that is neither true nor "
                      "false. Download the model again."),
                   config->label, key);
      return FALSE;
    }
  *value = cJSON_IsTrue (node);
  return TRUE;
}

gboolean
pmt_config_ints (const PmtConfig *config,
                 const gchar *key,
                 gint min,
                 gint max,
                 gint n,
                 gint *values,
                 GError **error)
{
  const cJSON *node = get (config, key);
  const cJSON *item;
  gint i = 0;

  if (node == NULL)
    return TRUE;
  if (is_int (node, min, max))
    {
      for (i = 0; i < n; i++)
        values[i] = (gint)node->valuedouble;
      return TRUE;
    }
  if (!cJSON_IsArray (node) || cJSON_GetArraySize (node) != n)
    return fail_range (config, key, min, max, error);
  cJSON_ArrayForEach (item, node)
  {
    if (!is_int (item, min, max))
      return fail_range (config, key, min, max, error);
    values[i++] = (gint)item->valuedouble;
  }
  return TRUE;
}
