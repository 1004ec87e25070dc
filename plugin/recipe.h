/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* recipe.h: the recipe of a result, kept on its layer. */
#pragma once

#include "gimp-compat.h"

G_BEGIN_DECLS

/* Name of the parasite; its data is the JSON text without a final NUL. */
#define PMT_RECIPE_PARASITE "pentimento-recipe"

/**
 * pmt_recipe_add_text:
 * @recipe: JSON, as pmt_result_get_recipe() gives it
 * @key: beside "operation", "params" and so on; the engine leaves it alone
 * @text: plain, such as an identifier: nothing that JSON escapes
 *
 * Adds what the plug-in itself was asked for.
 *
 * Returns: (transfer full): JSON.
 */
gchar *
pmt_recipe_add_text (const gchar *recipe, const gchar *key, const gchar *text);

/** pmt_recipe_add_json: likewise, with a value that is @json already. */
gchar *
pmt_recipe_add_json (const gchar *recipe, const gchar *key, const gchar *json);

/**
 * pmt_recipe_get_area:
 * @recipe: of a result, or one that has passed pmt_request_from_recipe()
 * @area: (out): the part of the selection that the result answers to
 *
 * Returns: %FALSE where none is told.
 */
gboolean pmt_recipe_get_area (const gchar *recipe, GeglRectangle *area);

/**
 * pmt_recipe_attach:
 * @recipe: JSON, as pmt_result_get_recipe() gives it
 *
 * The parasite is saved in XCF files and is part of undo.
 */
gboolean pmt_recipe_attach (GimpLayer *layer, const gchar *recipe);

/** pmt_recipe_get: Returns: (transfer full) (nullable): JSON. */
gchar *pmt_recipe_get (GimpLayer *layer);

G_END_DECLS
