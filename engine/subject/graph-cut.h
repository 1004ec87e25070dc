/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* graph-cut.h: a subject inside a rough selection, without a network. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * PmtCutLabel: what is known of a pixel
 * @PMT_CUT_OUTSIDE: does not belong to the subject
 * @PMT_CUT_UNKNOWN: may do so
 * @PMT_CUT_INSIDE: does
 */
typedef enum
{
  PMT_CUT_OUTSIDE,
  PMT_CUT_UNKNOWN,
  PMT_CUT_INSIDE
} PmtCutLabel;

/**
 * pmt_graph_cut:
 * @rgb: [height, width, 3] R'G'B' 0..1
 * @labels: [height, width] of #PmtCutLabel
 * @mask: (out caller-allocates): [height, width]: 1 for the subject
 * @error: PMT_ERROR_INPUT: there is nothing outside, or nothing else;
 *   PMT_ERROR_MEMORY, G_IO_ERROR_CANCELLED
 *
 * The colors of what is outside and of what is not are learned; the border
 * goes where neighbors differ and each side has its own colors; and again with
 * the parts that were found.  Meant for some 100,000 pixels.
 * Source: Rother, Kolmogorov and Blake, "GrabCut", 2004.
 */
gboolean pmt_graph_cut (const gfloat *rgb,
                        const guint8 *labels,
                        gint width,
                        gint height,
                        gfloat *mask,
                        GCancellable *cancellable,
                        GError **error);

G_END_DECLS
