/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* recipe.c: recipes as parasites of layers. */
#include "config.h"

#include "recipe.h"

gchar *
pmt_recipe_add_text (const gchar *recipe, const gchar *key, const gchar *text)
{
  const gchar *end = strrchr (recipe, '}');

  g_return_val_if_fail (end != NULL, g_strdup (recipe));

  return g_strdup_printf ("%.*s,\"%s\":\"%s\"}", (gint)(end - recipe), recipe,
                          key, text);
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
