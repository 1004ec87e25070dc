/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* max-flow.h: the cheapest cut of a grid of pixels. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/** Neighbors of a pixel; direction d and 7 - d are opposite. */
#define PMT_FLOW_NEIGHBORS 8

/** pmt_flow_offset: x and y of the neighbor in a direction. */
static inline void
pmt_flow_offset (gint direction, gint *x, gint *y)
{
  static const gint8 offsets[PMT_FLOW_NEIGHBORS][2] = {
    { -1, -1 }, { 0, -1 }, { 1, -1 }, { -1, 0 },
    { 1, 0 },   { -1, 1 }, { 0, 1 },  { 1, 1 },
  };

  *x = offsets[direction][0];
  *y = offsets[direction][1];
}

/**
 * pmt_max_flow:
 * @terminals: (inout): [height * width]: above 0: cost of leaving the source's
 *   side, below 0: minus that of leaving the sink's side
 * @links: (inout): [height * width * 8]: cost of cutting a pixel from its
 *   neighbor; both directions; changed
 * @is_source: (out caller-allocates): [height * width]: 1 on the source's side
 * @error: PMT_ERROR_MEMORY, G_IO_ERROR_CANCELLED
 *
 * Source: Boykov and Kolmogorov, "An Experimental Comparison of Min-Cut/
 * Max-Flow Algorithms for Energy Minimization in Vision", 2004.
 */
gboolean pmt_max_flow (gint width,
                       gint height,
                       gfloat *terminals,
                       gfloat *links,
                       guint8 *is_source,
                       GCancellable *cancellable,
                       GError **error);

G_END_DECLS
