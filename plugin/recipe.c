/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* recipe.c: recipes as parasites of layers. */
#include "config.h"

#include "recipe.h"

#include <cjson/cJSON.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC (cJSON, cJSON_Delete)

gchar *
pmt_recipe_add_json (const gchar *recipe, const gchar *key, const gchar *json)
{
  const gchar *end = strrchr (recipe, '}');

  g_return_val_if_fail (end != NULL, g_strdup (recipe));

  return g_strdup_printf ("%.*s,\"%s\":%s}", (gint)(end - recipe), recipe, key,
                          json);
}

gchar *
pmt_recipe_add_text (const gchar *recipe, const gchar *key, const gchar *text)
{
  g_autofree gchar *json = g_strdup_printf ("\"%s\"", text);

  return pmt_recipe_add_json (recipe, key, json);
}

gboolean
pmt_recipe_get_area (const gchar *recipe, GeglRectangle *area)
{
  g_autoptr (cJSON) root = cJSON_Parse (recipe);
  const cJSON *box = cJSON_GetObjectItemCaseSensitive (root, "area");
  gint v[4];

  for (gint i = 0; i < 4; i++)
    {
      const cJSON *node = cJSON_GetArrayItem (box, i);

      if (!cJSON_IsNumber (node) || ABS (node->valuedouble) > 1 << 24)
        return FALSE;
      v[i] = node->valueint;
    }
  if (v[2] < 0 || v[3] < 0)
    return FALSE;
  gegl_rectangle_set (area, v[0], v[1], (guint)v[2], (guint)v[3]);

  return TRUE;
}

gboolean
pmt_recipe_attach (GimpLayer *layer, const gchar *recipe)
{
  GimpParasite *parasite = gimp_parasite_new (
      PMT_RECIPE_PARASITE, GIMP_PARASITE_PERSISTENT | GIMP_PARASITE_UNDOABLE,
      strlen (recipe), recipe);
  const gboolean is_attached =
      gimp_item_attach_parasite (GIMP_ITEM (layer), parasite);

  gimp_parasite_free (parasite);

  return is_attached;
}

gchar *
pmt_recipe_get (GimpLayer *layer)
{
  GimpParasite *parasite =
      gimp_item_get_parasite (GIMP_ITEM (layer), PMT_RECIPE_PARASITE);
  gconstpointer data;
  guint32 size = 0;
  gchar *recipe;

  if (!parasite)
    return NULL;

  data = gimp_parasite_get_data (parasite, &size);
  recipe = g_strndup (data, size);
  gimp_parasite_free (parasite);

  return recipe;
}
