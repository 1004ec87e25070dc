/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* estimate-settings.c: reads a JSON object into the arguments of a procedure. */
#include "config.h"

#include "estimate-settings.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "core/json.h"

#define MODEL "model"
#define REFERENCES "references"

/* Characters of a value that an error tells. */
#define MAX_TOLD 40

/* ------------------------------------------------------------------- names */

static GParamSpec *
find_property (GimpProcedureConfig *config, const gchar *name)
{
  return g_object_class_find_property (G_OBJECT_GET_CLASS (config), name);
}

/* Only what the operation's procedure takes from people: never the image. */
static GPtrArray *
list_names (const PmtOperationData *data, GimpProcedureConfig *config)
{
  GPtrArray *names = g_ptr_array_new ();

  g_ptr_array_add (names, (gpointer)MODEL);
  for (guint i = 0; i < data->specs->len; i++)
    {
      const PmtParamSpec *spec = g_ptr_array_index (data->specs, i);

      g_ptr_array_add (names, spec->name);
    }
  if (find_property (config, REFERENCES))
    g_ptr_array_add (names, (gpointer)REFERENCES);
  g_ptr_array_add (names, NULL);

  return names;
}

static gboolean
check_name (GPtrArray *names,
            PmtOperation operation,
            const cJSON *node,
            GError **error)
{
  g_autofree gchar *name = NULL;
  g_autofree gchar *all = NULL;

  if (g_strv_contains ((const gchar *const *)names->pdata, node->string))
    return TRUE;

  name = g_utf8_substring (node->string, 0,
                           MIN (g_utf8_strlen (node->string, -1), MAX_TOLD));
  all = g_strjoinv (", ", (gchar **)names->pdata);
  g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
               _ ("“settings” has “%s”, which “%s” does not take. It takes: "
                  "%s."),
               name, pmt_operation_to_string (operation), all);

  return FALSE;
}

/* Which of both counts would be a guess. */
static gboolean
check_is_once (const cJSON *node, GError **error)
{
  for (const cJSON *other = node->next; other; other = other->next)
    if (strcmp (other->string, node->string) == 0)
      {
        g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
                     _ ("“settings” has “%s” twice. Give it once."),
                     node->string);
        return FALSE;
      }

  return TRUE;
}

/* ------------------------------------------------------------------ values */

/* The value as it stands there, unless it is long. */
static gchar *
tell_value (const cJSON *node)
{
  gchar *printed = cJSON_PrintUnformatted (node);
  g_autofree gchar *text = g_strdup (printed);
  g_autofree gchar *start = NULL;

  /* cJSON may have an allocator of its own. */
  cJSON_free (printed);
  if (g_utf8_strlen (text, -1) <= MAX_TOLD)
    return g_steal_pointer (&text);
  start = g_utf8_substring (text, 0, MAX_TOLD);

  return g_strconcat (start, "…", NULL);
}

static gboolean fail (GError **error, const gchar *format, ...)
    G_GNUC_PRINTF (2, 3);

static gboolean
fail (GError **error, const gchar *format, ...)
{
  g_autofree gchar *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error_literal (error, PMT_ERROR, PMT_ERROR_ARGUMENT, text);

  return FALSE;
}

static gboolean
is_int (const cJSON *node)
{
  return cJSON_IsNumber (node) && node->valuedouble == floor (node->valuedouble)
         && node->valuedouble >= G_MININT && node->valuedouble <= G_MAXINT;
}

static gboolean
is_drawable (const cJSON *node)
{
  return is_int (node) && gimp_item_id_is_drawable ((gint)node->valuedouble);
}

/* A list of the numbers of layers; what is no layer of its own is told when
 * they are read.
 */
static gboolean
set_references (GimpProcedureConfig *config, const cJSON *node, GError **error)
{
  g_autoptr (GPtrArray) layers = g_ptr_array_new ();
  g_autofree gchar *value = tell_value (node);
  const cJSON *element;

  if (!cJSON_IsArray (node))
    return fail (error,
                 _ ("“%s” in “settings” is %s, but must be a list of the "
                    "numbers of layers."),
                 node->string, value);
  cJSON_ArrayForEach (element, node)
  {
    if (!is_drawable (element))
      return fail (error,
                   _ ("“%s” in “settings” is %s, and not each of these is the "
                      "number of a layer."),
                   node->string, value);
    g_ptr_array_add (layers,
                     gimp_drawable_get_by_id ((gint)element->valuedouble));
  }
  g_ptr_array_add (layers, NULL);
  g_object_set (config, REFERENCES, layers->pdata, NULL);

  return TRUE;
}

static gboolean
set_number (GimpProcedureConfig *config, const cJSON *node, GError **error)
{
  const gboolean is_whole =
      find_property (config, node->string)->value_type == G_TYPE_INT;
  g_autofree gchar *value = tell_value (node);

  if (is_whole && !is_int (node))
    return fail (error,
                 _ ("“%s” in “settings” is %s, but must be a whole number of "
                    "at most 32 bits."),
                 node->string, value);
  if (!cJSON_IsNumber (node))
    return fail (error, _ ("“%s” in “settings” is %s, but must be a number."),
                 node->string, value);
  if (is_whole)
    g_object_set (config, node->string, (gint)node->valuedouble, NULL);
  else
    g_object_set (config, node->string, node->valuedouble, NULL);

  return TRUE;
}

static gboolean
set_value (GimpProcedureConfig *config, const cJSON *node, GError **error)
{
  g_autofree gchar *value = tell_value (node);

  switch (find_property (config, node->string)->value_type)
    {
    case G_TYPE_BOOLEAN:
      if (!cJSON_IsBool (node))
        return fail (error,
                     _ ("“%s” in “settings” is %s, but must be true or false."),
                     node->string, value);
      g_object_set (config, node->string, (gboolean)cJSON_IsTrue (node), NULL);
      return TRUE;

    case G_TYPE_INT:
    case G_TYPE_DOUBLE:
      return set_number (config, node, error);

    case G_TYPE_STRING:
      if (!cJSON_IsString (node))
        return fail (error, _ ("“%s” in “settings” is %s, but must be a text."),
                     node->string, value);
      g_object_set (config, node->string, node->valuestring, NULL);
      return TRUE;

    default:
      return set_references (config, node, error);
    }
}

/* ------------------------------------------------------------------ object */

static cJSON *
parse (const gchar *settings, GError **error)
{
  g_autoptr (cJSON) root =
      pmt_json_parse (_ ("The argument “settings”"), settings,
                      strlen (settings), PMT_ERROR_ARGUMENT, error);

  if (!root)
    return NULL;
  if (cJSON_IsObject (root))
    return g_steal_pointer (&root);
  g_set_error_literal (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
                       _ ("The argument “settings” must be a JSON object, such "
                          "as {\"prompt\": \"a cat\", \"count\": 2}."));

  return NULL;
}

gboolean
pmt_estimate_settings_read (const PmtOperationData *data,
                            const gchar *settings,
                            GimpProcedureConfig *config,
                            GError **error)
{
  g_autoptr (GPtrArray) names = list_names (data, config);
  g_autoptr (cJSON) root = NULL;
  const cJSON *node;

  if (!settings || !*settings)
    return TRUE;
  root = parse (settings, error);
  if (!root)
    return FALSE;
  cJSON_ArrayForEach (node, root)
  {
    if (!check_name (names, data->operation, node, error)
        || !check_is_once (node, error) || !set_value (config, node, error))
      return FALSE;
  }

  return TRUE;
}
