/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* recipe.c: how a result was made, as JSON, and back. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "core/engine-private.h"
#include "core/json.h"
#include "core/recipe.h"

#define RECIPE_VERSION 1
#define MAX_PARAMS 200
/* A model may be a file, and its name where it is. */
#define MAX_NAME 4096
#define MAX_PARAM_NAME 64

/* cJSON prints 17 digits where 15 would read back to the same number only
 * after a check; GLib's conversion is exact and knows no locale. */
static void
add_number (cJSON *object, const gchar *name, gdouble value)
{
  gchar text[G_ASCII_DTOSTR_BUF_SIZE];

  g_ascii_dtostr (text, sizeof text, isfinite (value) ? value : 0.0);
  cJSON_AddRawToObject (object, name, text);
}

static void
add_int (cJSON *object, const gchar *name, gint64 value)
{
  g_autofree gchar *text = g_strdup_printf ("%" G_GINT64_FORMAT, value);

  cJSON_AddRawToObject (object, name, text);
}

static void
add_variant (cJSON *object, const gchar *name, GVariant *value)
{
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_BOOLEAN))
    cJSON_AddBoolToObject (object, name, g_variant_get_boolean (value));
  else if (g_variant_is_of_type (value, G_VARIANT_TYPE_INT64))
    add_int (object, name, g_variant_get_int64 (value));
  else if (g_variant_is_of_type (value, G_VARIANT_TYPE_DOUBLE))
    add_number (object, name, g_variant_get_double (value));
  else
    cJSON_AddStringToObject (object, name, g_variant_get_string (value, NULL));
}

static void
add_params (cJSON *root, const PmtParams *source, guint32 seed)
{
  g_autoptr (PmtParams) params = pmt_params_copy (source);
  g_autofree const gchar **names = NULL;
  cJSON *object = cJSON_AddObjectToObject (root, "params");

  pmt_params_set_int (params, "seed", seed);
  if (pmt_params_has (params, "count"))
    pmt_params_set_int (params, "count", 1);
  names = pmt_params_list (params);
  for (guint i = 0; names[i] != NULL; i++)
    add_variant (object, names[i], pmt_params_get_variant (params, names[i]));
}

static void
add_origin (cJSON *root, const PmtResultOrigin *origin)
{
  if (origin->provider != NULL)
    cJSON_AddStringToObject (root, "provider", origin->provider);
  if (origin->request_id != NULL)
    cJSON_AddStringToObject (root, "request_id", origin->request_id);
  if (origin->faces != NULL)
    cJSON_AddRawToObject (root, "faces", origin->faces);
  if (origin->cost < 0.0)
    return;
  add_number (root, "cost", origin->cost);
  if (origin->unit != NULL)
    cJSON_AddStringToObject (root, "cost_unit", origin->unit);
}

gchar *
pmt_recipe_new (const PmtJob *job,
                guint32 seed,
                const GeglRectangle *area,
                const PmtResultOrigin *origin)
{
  const gint box[] = { area->x, area->y, area->width, area->height };
  g_autoptr (cJSON) root = cJSON_CreateObject ();
  PmtOperation operation = pmt_request_get_operation (job->request);
  gchar *printed;
  gchar *text;

  cJSON_AddNumberToObject (root, "version", RECIPE_VERSION);
  cJSON_AddStringToObject (root, "operation",
                           pmt_operation_to_string (operation));
  cJSON_AddStringToObject (root, "model", pmt_model_get_id (job->model));
  cJSON_AddStringToObject (root, "engine", pmt_version ());
  add_int (root, "seed", seed);
  add_params (root, pmt_request_peek_params (job->request), seed);
  if (pmt_request_get_used_preset (job->request) != NULL)
    cJSON_AddStringToObject (root, "preset",
                             pmt_request_get_used_preset (job->request));
  cJSON_AddItemToObject (root, "area", cJSON_CreateIntArray (box, 4));
  if (origin != NULL)
    add_origin (root, origin);
  /* cJSON may have an allocator of its own. */
  printed = cJSON_PrintUnformatted (root);
  text = g_strdup (printed);
  cJSON_free (printed);
  return text;
}

/* ------------------------------------------------------------ reading -- */

static gboolean fail (GError **error, const gchar *format, ...)
    G_GNUC_PRINTF (2, 3);

static gboolean
fail (GError **error, const gchar *format, ...)
{
  g_autofree gchar *reason = NULL;
  va_list args;

  va_start (args, format);
  reason = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
               _ ("This is not a recipe that Pentimento can run: %s"), reason);
  return FALSE;
}

static gboolean
has_control (const gchar *text)
{
  for (; *text != '\0'; text++)
    if (g_ascii_iscntrl (*text))
      return TRUE;
  return FALSE;
}

static gboolean
is_whole (const cJSON *node, gdouble min, gdouble max)
{
  return cJSON_IsNumber (node) && node->valuedouble >= min
         && node->valuedouble <= max
         && node->valuedouble == floor (node->valuedouble);
}

static const gchar *
get_name (const cJSON *root, const gchar *key, GError **error)
{
  const cJSON *node = cJSON_GetObjectItemCaseSensitive (root, key);
  const gchar *text = cJSON_GetStringValue (node);

  if (text != NULL && text[0] != '\0' && strlen (text) <= MAX_NAME
      && !has_control (text))
    return text;
  fail (error, _ ("“%s” is missing or is not a short text."), key);
  return NULL;
}

static gboolean
read_param (const cJSON *node, PmtParams *params, GError **error)
{
  const gchar *name = node->string;

  if (name[0] == '\0' || strlen (name) > MAX_PARAM_NAME || has_control (name))
    return fail (error, _ ("A parameter has a bad name."));
  if (pmt_params_has (params, name))
    return fail (error, _ ("“%s” is there twice."), name);
  if (cJSON_IsBool (node))
    pmt_params_set_bool (params, name, cJSON_IsTrue (node));
  else if (is_whole (node, -PMT_JSON_MAX_INT, PMT_JSON_MAX_INT))
    pmt_params_set_int (params, name, (gint64)node->valuedouble);
  else if (cJSON_IsNumber (node))
    pmt_params_set_number (params, name, node->valuedouble);
  else if (cJSON_IsString (node))
    pmt_params_set_string (params, name, node->valuestring);
  else
    return fail (
        error, _ ("“%s” is neither a truth value, a number nor a text."), name);
  return TRUE;
}

static gboolean
read_params (const cJSON *root, PmtParams *params, GError **error)
{
  const cJSON *object = cJSON_GetObjectItemCaseSensitive (root, "params");
  const cJSON *seed = cJSON_GetObjectItemCaseSensitive (root, "seed");
  const cJSON *node;
  guint n = 0;

  if (!cJSON_IsObject (object))
    return fail (error, _ ("“params” is missing."));
  cJSON_ArrayForEach (node, object)
  {
    if (++n > MAX_PARAMS)
      return fail (error, _ ("It has more than %d parameters."), MAX_PARAMS);
    if (!read_param (node, params, error))
      return FALSE;
  }
  if (seed == NULL)
    return TRUE;
  if (!is_whole (seed, 0, PMT_SEED_MAX))
    return fail (error, _ ("“seed” must be a whole number from 0 to "
                           "4294967295."));
  pmt_params_set_int (params, "seed", (gint64)seed->valuedouble);
  return TRUE;
}

/* The preset is told only: its words are in the parameters. */
static gboolean
read_origin (const cJSON *root, PmtRequest *request, GError **error)
{
  const gchar *provider = NULL;
  const gchar *preset = NULL;

  if (cJSON_GetObjectItemCaseSensitive (root, "provider") != NULL)
    {
      provider = get_name (root, "provider", error);
      if (provider == NULL)
        return FALSE;
    }
  if (cJSON_GetObjectItemCaseSensitive (root, "preset") != NULL)
    {
      preset = get_name (root, "preset", error);
      if (preset == NULL)
        return FALSE;
    }
  pmt_request_set_provider (request, provider);
  pmt_request_set_used_preset (request, preset);
  return TRUE;
}

PmtRequest *
pmt_request_from_recipe (const gchar *recipe, GError **error)
{
  g_autoptr (PmtRequest) request = NULL;
  g_autoptr (cJSON) root = NULL;
  const cJSON *version;
  const gchar *name;
  const gchar *model;
  PmtOperation operation;

  g_return_val_if_fail (recipe != NULL, NULL);
  root = pmt_json_parse (_ ("The recipe"), recipe,
                         strnlen (recipe, PMT_JSON_MAX_BYTES + 1),
                         PMT_ERROR_ARGUMENT, error);
  if (root == NULL)
    return NULL;
  version = cJSON_GetObjectItemCaseSensitive (root, "version");
  if (!is_whole (version, 1, G_MAXINT))
    {
      fail (error, _ ("“version” is missing."));
      return NULL;
    }
  if (version->valuedouble > RECIPE_VERSION)
    {
      fail (error, _ ("it was made by a newer version of Pentimento."));
      return NULL;
    }
  name = get_name (root, "operation", error);
  if (name == NULL)
    return NULL;
  if (!pmt_operation_from_string (name, &operation))
    {
      fail (error, _ ("the operation “%s” is not known."), name);
      return NULL;
    }
  model = get_name (root, "model", error);
  if (model == NULL)
    return NULL;
  request = pmt_request_new (operation);
  pmt_request_set_model (request, model);
  if (!read_origin (root, request, error)
      || !read_params (root, pmt_request_params (request), error))
    return NULL;
  return g_steal_pointer (&request);
}
