/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* body.c: what is sent to a service, put together as the manifest says. */
#include "config.h"

#include <math.h>
#include <string.h>

#include "remote/fit.h"
#include "remote/provider.h"

static const cJSON *
get (const cJSON *object, const gchar *key)
{
  return cJSON_GetObjectItemCaseSensitive (object, key);
}

/* ---------------------------------------------------------------- members */

/* Puts @value at "a.b.c", making what is missing; "name[]" appends to a
 * list.  Takes @value. */
static void
put (cJSON *body, const gchar *path, cJSON *value)
{
  const gchar *dot = strchr (path, '.');
  const gsize length = strlen (path);
  g_autofree gchar *name = NULL;
  cJSON *child;

  if (dot == NULL && length > 2 && g_str_has_suffix (path, "[]"))
    {
      name = g_strndup (path, length - 2);
      child = cJSON_GetObjectItemCaseSensitive (body, name);
      if (!cJSON_IsArray (child))
        child = cJSON_AddArrayToObject (body, name);
      cJSON_AddItemToArray (child, value);
      return;
    }
  if (dot == NULL)
    {
      cJSON_DeleteItemFromObjectCaseSensitive (body, path);
      cJSON_AddItemToObject (body, path, value);
      return;
    }
  name = g_strndup (path, dot - path);
  child = cJSON_GetObjectItemCaseSensitive (body, name);
  if (!cJSON_IsObject (child))
    {
      cJSON_DeleteItemFromObjectCaseSensitive (body, name);
      child = cJSON_AddObjectToObject (body, name);
    }
  put (child, dot + 1, value);
}

/* cJSON prints 17 digits where fewer give the same number. */
static cJSON *
number_new (gdouble value)
{
  gchar text[G_ASCII_DTOSTR_BUF_SIZE];

  if (value == floor (value) && fabs (value) < PMT_JSON_MAX_INT)
    g_snprintf (text, sizeof text, "%.0f", value);
  else
    g_ascii_dtostr (text, sizeof text, value);
  return cJSON_CreateRaw (text);
}

static cJSON *
variant_to_json (GVariant *value)
{
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_BOOLEAN))
    return cJSON_CreateBool (g_variant_get_boolean (value));
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_INT64))
    return number_new ((gdouble)g_variant_get_int64 (value));
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_DOUBLE))
    return number_new (g_variant_get_double (value));
  return cJSON_CreateString (g_variant_get_string (value, NULL));
}

static gboolean
is_equal (const cJSON *node, GVariant *value)
{
  if (cJSON_IsBool (node))
    return g_variant_is_of_type (value, G_VARIANT_TYPE_BOOLEAN)
           && g_variant_get_boolean (value) == cJSON_IsTrue (node);
  if (cJSON_IsString (node))
    return g_variant_is_of_type (value, G_VARIANT_TYPE_STRING)
           && g_str_equal (g_variant_get_string (value, NULL),
                           node->valuestring);
  if (!cJSON_IsNumber (node))
    return FALSE;
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_INT64))
    return (gdouble)g_variant_get_int64 (value) == node->valuedouble;
  return g_variant_is_of_type (value, G_VARIANT_TYPE_DOUBLE)
         && g_variant_get_double (value) == node->valuedouble;
}

/* ------------------------------------------------------------- parameters */

static gboolean
is_omitted (const PmtModelService *service, const gchar *name, GVariant *value)
{
  const cJSON *omit = get (get (service->json, "omit"), name);
  const cJSON *node;

  if (!cJSON_IsArray (omit))
    return omit != NULL && is_equal (omit, value);
  cJSON_ArrayForEach (node, omit)
  {
    if (is_equal (node, value))
      return TRUE;
  }
  return FALSE;
}

/* The service's name of a parameter; %NULL: it is not sent. */
static const gchar *
find_member (const PmtRemoteTask *task, const gchar *name)
{
  const cJSON *node = get (get (task->service->json, "mapping"), name);

  if (cJSON_IsString (node))
    return *node->valuestring != '\0' ? node->valuestring : NULL;
  for (guint i = 0; i < task->model->mapping->len; i++)
    {
      const PmtModelMapping *mapping =
          &g_array_index (task->model->mapping, PmtModelMapping, i);

      if (g_str_equal (mapping->name, name))
        return mapping->service_name;
    }
  return NULL;
}

/* What the service calls a value of ours. */
static cJSON *
translate (const PmtRemoteTask *task, const gchar *name, GVariant *value)
{
  const cJSON *values = get (get (task->service->json, "values"), name);
  g_autofree gchar *key = NULL;
  const cJSON *found;

  if (values == NULL)
    return variant_to_json (value);
  key = g_variant_is_of_type (value, G_VARIANT_TYPE_STRING)
            ? g_variant_dup_string (value, NULL)
            : g_variant_print (value, FALSE);
  found = get (values, key);
  return found != NULL ? cJSON_Duplicate (found, TRUE)
                       : variant_to_json (value);
}

/* Enhance, and upscale to a width or a height, have a factor, too. */
static void
add_factor (const PmtRemoteTask *task, cJSON *body)
{
  const gchar *member = find_member (task, "factor");
  const gboolean is_scaled = task->operation == PMT_OPERATION_UPSCALE
                             || task->operation == PMT_OPERATION_ENHANCE;

  if (member != NULL && is_scaled && task->scale > 0.0
      && !pmt_params_has (task->params, "factor"))
    put (body, member, number_new (task->scale));
}

void
pmt_body_add_params (const PmtRemoteTask *task, cJSON *body)
{
  g_autofree const gchar **names = pmt_params_list (task->params);
  const cJSON *fixed = get (task->service->json, "fixed");
  const cJSON *node;
  const gchar *member;

  cJSON_ArrayForEach (node, fixed)
  {
    put (body, node->string, cJSON_Duplicate (node, TRUE));
  }
  for (guint i = 0; names[i] != NULL; i++)
    {
      GVariant *value = pmt_params_get_variant (task->params, names[i]);

      member = find_member (task, names[i]);
      if (member == NULL || g_str_equal (names[i], "seed")
          || g_str_equal (names[i], "count")
          || is_omitted (task->service, names[i], value))
        continue;
      put (body, member, translate (task, names[i], value));
    }
  member = find_member (task, "seed");
  if (member != NULL)
    put (body, member, number_new (task->seed));
  member = find_member (task, "count");
  if (member != NULL)
    put (body, member, number_new (task->n_images));
  add_factor (task, body);
}

/* ------------------------------------------------------------------- size */

static gchar **
list_choices (const cJSON *size)
{
  const cJSON *node;
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  cJSON_ArrayForEach (node, get (size, "choices"))
  {
    if (cJSON_IsString (node))
      g_strv_builder_add (builder, node->valuestring);
  }
  return g_strv_builder_end (builder);
}

static void
add_choice (const PmtRemoteTask *task, const cJSON *size, cJSON *body)
{
  const gchar *member = cJSON_GetStringValue (get (size, "member"));
  const gchar *form = cJSON_GetStringValue (get (size, "form"));
  g_auto (GStrv) choices = list_choices (size);
  const gchar *chosen =
      g_strcmp0 (form, "aspect") == 0
          ? pmt_fit_choose_aspect (task->width, task->height,
                                   (const gchar *const *)choices)
          : pmt_fit_choose_size (task->width, task->height,
                                 (const gchar *const *)choices);

  if (member != NULL && chosen != NULL)
    put (body, member, cJSON_CreateString (chosen));
}

static void
add_sides (const PmtRemoteTask *task, const cJSON *size, cJSON *body)
{
  const gchar *member = cJSON_GetStringValue (get (size, "member"));
  const gchar *width = cJSON_GetStringValue (get (size, "width"));
  const gchar *height = cJSON_GetStringValue (get (size, "height"));
  cJSON *object = cJSON_CreateObject ();

  put (object, width != NULL ? width : "width", number_new (task->width));
  put (object, height != NULL ? height : "height", number_new (task->height));
  if (member != NULL)
    {
      put (body, member, object);
      return;
    }
  while (object->child != NULL)
    {
      cJSON *item = cJSON_DetachItemViaPointer (object, object->child);
      g_autofree gchar *name = g_strdup (item->string);

      put (body, name, item);
    }
  cJSON_Delete (object);
}

void
pmt_body_add_size (const PmtRemoteTask *task, cJSON *body)
{
  const cJSON *size = get (task->service->json, "size");
  const gchar *form = cJSON_GetStringValue (get (size, "form"));
  const gchar *member = cJSON_GetStringValue (get (size, "member"));
  const gchar *separator = cJSON_GetStringValue (get (size, "separator"));
  g_autofree gchar *text = NULL;

  if (form == NULL || task->width <= 0 || task->height <= 0)
    return;
  if (g_str_equal (form, "aspect") || g_str_equal (form, "choice"))
    {
      add_choice (task, size, body);
      return;
    }
  if (!g_str_equal (form, "text"))
    {
      add_sides (task, size, body);
      return;
    }
  text = g_strdup_printf ("%d%s%d", task->width,
                          separator != NULL ? separator : "x", task->height);
  if (member != NULL)
    put (body, member, cJSON_CreateString (text));
}

/* --------------------------------------------------------------- pictures */

static void
add_picture (const PmtRemoteTask *task,
             const gchar *key,
             GBytes *bytes,
             cJSON *body)
{
  const gchar *member = pmt_model_service_get_text (task->service, key);
  g_autofree gchar *uri = NULL;

  if (member == NULL || bytes == NULL)
    return;
  uri = pmt_picture_to_data_uri (bytes);
  put (body, member, cJSON_CreateString (uri));
}

static void
add_expand (const PmtRemoteTask *task, cJSON *body)
{
  const cJSON *expand = get (task->service->json, "expand");
  const gint sides[] = { task->left, task->top, task->right, task->bottom };
  static const gchar *const names[] = { "left", "top", "right", "bottom" };

  if (task->operation != PMT_OPERATION_EXPAND)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      const gchar *member = cJSON_GetStringValue (get (expand, names[i]));

      if (member != NULL)
        put (body, member, number_new (sides[i]));
    }
}

cJSON *
pmt_body_new (const PmtRemoteTask *task)
{
  cJSON *body = cJSON_CreateObject ();

  pmt_body_add_params (task, body);
  pmt_body_add_size (task, body);
  add_picture (task, "image", task->image, body);
  for (guint i = 0; task->references != NULL && i < task->references->len; i++)
    add_picture (task, "references", task->references->pdata[i], body);
  add_picture (task, "mask", task->mask, body);
  add_expand (task, body);
  return body;
}

void
pmt_body_to_form (const cJSON *body, GPtrArray *form)
{
  const cJSON *node;

  cJSON_ArrayForEach (node, body)
  {
    gchar *text = cJSON_PrintUnformatted (node);

    if (text == NULL)
      continue;
    pmt_form_add_text (form, node->string,
                       cJSON_IsString (node) ? node->valuestring : text);
    cJSON_free (text);
  }
}
