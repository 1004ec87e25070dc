/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* json-path.c: looking into JSON that may be anything. */
#include "config.h"

#include "remote/provider.h"

#include <math.h>

static const cJSON *
get_member (const cJSON *json, const gchar *name)
{
  guint64 i;

  if (cJSON_IsObject (json))
    return cJSON_GetObjectItemCaseSensitive (json, name);
  if (cJSON_IsArray (json)
      && g_ascii_string_to_unsigned (name, 10, 0, G_MAXINT, &i, NULL))
    return cJSON_GetArrayItem (json, (int)i);
  return NULL;
}

const cJSON *
pmt_json_get (const cJSON *json, const gchar *path)
{
  g_auto (GStrv) names = g_strsplit (path, ".", -1);

  for (guint i = 0; names[i] != NULL && json != NULL; i++)
    json = get_member (json, names[i]);
  return json;
}

const gchar *
pmt_json_get_text (const cJSON *json, const gchar *path)
{
  return cJSON_GetStringValue (pmt_json_get (json, path));
}

gdouble
pmt_json_get_number (const cJSON *json, const gchar *path, gdouble fallback)
{
  const cJSON *node = pmt_json_get (json, path);

  return cJSON_IsNumber (node) && isfinite (node->valuedouble)
             ? node->valuedouble
             : fallback;
}

gboolean
pmt_json_get_bool (const cJSON *json, const gchar *path)
{
  return cJSON_IsTrue (pmt_json_get (json, path));
}
