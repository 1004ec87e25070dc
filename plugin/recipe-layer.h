/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* recipe-layer.h: a layer with a recipe, ready to be used again. */
#pragma once

#include "operation-call.h"
#include "source-record.h"

G_BEGIN_DECLS

/**
 * PmtRecipeLayer: what a layer's recipe says
 * @layer: not owned
 * @request: operation, model and settings
 * @record: what it was made from
 */
typedef struct
{
  GimpLayer *layer;
  gchar *recipe;
  PmtRequest *request;
  PmtSourceRecord *record;
} PmtRecipeLayer;

void pmt_recipe_layer_clear (PmtRecipeLayer *layer);

/**
 * pmt_recipe_layer_read:
 * @drawables: %NULL-terminated, as a procedure gets them
 * @error: PMT_ERROR_ARGUMENT: none, or several; PMT_ERROR_INPUT: no layer, no
 *   recipe, a damaged one, or one of a newer version
 */
gboolean pmt_recipe_layer_read (PmtRecipeLayer *layer,
                                GimpImage *image,
                                GimpDrawable **drawables,
                                GError **error);

/**
 * pmt_recipe_layer_prepare_rerun:
 * @call: with data and image; gets the rest
 * @error: PMT_ERROR_INPUT: the source is gone or has changed, the selection is
 *   missing, or the run had references
 *
 * Puts canvas, source and selection into @layer's request, as they were.
 */
gboolean pmt_recipe_layer_prepare_rerun (PmtRecipeLayer *layer,
                                         PmtCall *call,
                                         GError **error);

/**
 * pmt_recipe_layer_prepare_dialog:
 *
 * Likewise, on the source as it is now.  The selection is that of the image,
 * or where nothing is selected, the recipe's.
 */
gboolean pmt_recipe_layer_prepare_dialog (PmtRecipeLayer *layer,
                                          PmtCall *call,
                                          GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PmtRecipeLayer, pmt_recipe_layer_clear)

G_END_DECLS
