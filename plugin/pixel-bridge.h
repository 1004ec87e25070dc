/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* pixel-bridge.h: from a drawable and the selection to a request. */
#pragma once

#include "gimp-compat.h"
#include "pentimento.h"

G_BEGIN_DECLS

/**
 * pmt_bridge_check_drawables:
 * @drawables: %NULL-terminated, as a procedure gets them
 * @layer: (out) (transfer none): the layer to work on
 * @error: PMT_ERROR_ARGUMENT for none, several or one of another image;
 *   PMT_ERROR_INPUT for a
 *   channel, layer mask, group, floating selection, indexed picture, or a
 *   parent group whose contents are locked, so that no layer can be added
 */
gboolean pmt_bridge_check_drawables (GimpImage *image,
                                     GimpDrawable **drawables,
                                     GimpLayer **layer,
                                     GError **error);

/**
 * pmt_bridge_find_place:
 * @drawables: %NULL-terminated, any number
 * @layer: (out) (transfer none) (nullable): the first layer or group among
 *   them, above which a new layer goes; %NULL: on top of all
 * @error: PMT_ERROR_ARGUMENT for one of another image; PMT_ERROR_INPUT for a
 *   floating selection, an indexed picture, or a locked parent group
 */
gboolean pmt_bridge_find_place (GimpImage *image,
                                GimpDrawable **drawables,
                                GimpLayer **layer,
                                GError **error);

/**
 * pmt_bridge_check_parents:
 * @error: PMT_ERROR_INPUT, with the group's name, when a group above @layer
 *   is locked, so that no layer can be added beside @layer
 */
gboolean pmt_bridge_check_parents (GimpLayer *layer, GError **error);

/**
 * pmt_bridge_layer_rect:
 * @rect: (out): bounds of @layer in canvas coordinates
 */
void pmt_bridge_layer_rect (GimpLayer *layer, GeglRectangle *rect);

/**
 * pmt_bridge_read_selection:
 * @layer: (nullable): %NULL: all of the canvas
 * @mask: (out) (transfer full) (nullable): the selection inside @layer, in
 *   the selection's own format; %NULL when nothing is selected
 * @error: PMT_ERROR_INPUT when all of the selection is outside @layer
 *
 * Whole blocks of 0 or of one value take no memory, so that a big selection
 * in a big picture costs time only.
 * Thread: main.
 */
gboolean pmt_bridge_read_selection (GimpImage *image,
                                    GimpLayer *layer,
                                    GeglBuffer **mask,
                                    GError **error);

G_END_DECLS
