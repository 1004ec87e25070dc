/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* result-layers.h: from a result to layers in the image. */
#pragma once

#include "gimp-compat.h"
#include "pentimento.h"
#include "source-record.h"

G_BEGIN_DECLS

/**
 * PmtPlacement: a result, and where it goes
 * @request: what was run; its operation names the group when there are several
 *   results
 * @resolution_mode: (nullable): when set, the image is scaled to the result's
 *   canvas before the layers are inserted, and this is what happens to its
 *   resolution (image-scale.h); when %NULL, only its edges move
 * @record: (nullable): what the results were made from; %NULL: it is not known
 *   any more
 * @shift_x, @shift_y: from the request's coordinates to those of the image
 * @area: (nullable): results of another area are left out, unless all are
 * @keeps_canvas: the image keeps its size, whatever the result asks for
 */
typedef struct
{
  const PmtResult *result;
  const PmtRequest *request;
  const gchar *resolution_mode;
  const PmtSourceRecord *record;
  gint shift_x;
  gint shift_y;
  const GeglRectangle *area;
  gboolean keeps_canvas;
} PmtPlacement;

/**
 * pmt_result_layers_insert:
 * @source: (nullable): the layer that was worked on, or above which the
 *   results go; %NULL: on top of all.  Not changed, but scaled with the image
 *   where @placements ask for it
 * @placements: of runs of one operation; several only where none has a
 *   resolution mode
 * @error: PMT_ERROR_INPUT when image or layer went away meanwhile,
 *   PMT_ERROR_MEMORY when GIMP can't make a layer
 *
 * Inserts one layer per item of the results above @source, in the same parent:
 * several go into a new layer group.  Each has the item's extent, an editable
 * layer mask and its recipe.  The canvas grows, or the image is scaled, where
 * a result asks for it.
 * The new layers get selected.  All of it is one undo step; on failure the
 * image is as before.
 * Thread: main.
 *
 * Returns: (transfer container) (element-type GimpLayer): the new layers,
 *   top to bottom as in @placements.
 */
GPtrArray *pmt_result_layers_insert (GimpImage *image,
                                     GimpLayer *source,
                                     const PmtPlacement *placements,
                                     guint n_placements,
                                     GError **error);

G_END_DECLS
