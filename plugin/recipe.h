/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* recipe.h: the recipe of a result, kept on its layer. */
#pragma once

#include "gimp-compat.h"

G_BEGIN_DECLS

/* Name of the parasite; its data is the JSON text without a final NUL. */
#define PMT_RECIPE_PARASITE "pentimento-recipe"

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
