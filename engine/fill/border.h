/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* border.h: the prompt-free fill for new pixels around a picture. */
#pragma once

#include "fill/fill.h"

G_BEGIN_DECLS

/**
 * pmt_fill_border:
 * @pixels: (inout): read inside @known, written around it
 * @known: the old picture, canvas coordinates; not empty, inside
 *   @pixels->rect
 * @reach: how far from the edge pixels are copied from, in pixels; negative:
 *   one and a half times what is added on that side, at least 64
 * @options: (nullable)
 * @progress: (nullable)
 * @cancellable: (nullable)
 * @error: as pmt_fill_run()
 *
 * Works on one side after the other, left and right first, so that every side
 * is continued from what lies near it and the corners continue both; what is
 * in the middle of a picture (a face) is not repeated at its edges.  Pixels
 * inside @known keep their bits.
 * Thread: any; reentrant.
 */
gboolean pmt_fill_border (PmtPixels *pixels,
                          const GeglRectangle *known,
                          gdouble reach,
                          const PmtFillOptions *options,
                          PmtProgress *progress,
                          GCancellable *cancellable,
                          GError **error);

G_END_DECLS
