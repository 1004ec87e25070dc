/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* network.h: the one restoration network that all filters share. */
#pragma once

#include "restore/net.h"

G_BEGIN_DECLS

/**
 * pmt_network_get:
 * @error: as pmt_net_open(); the message names the file
 *
 * Opens `nets/restore-1x.onnx` of the data folder when it is first called,
 * which loads ONNX Runtime; later calls share it.  After a failure it is tried
 * again, but not at once.  Thread: any.
 *
 * Returns: (transfer full)
 */
PmtNet *pmt_network_get (GError **error);

/**
 * pmt_network_run:
 * @setting: which of the network's settings is not 0
 * @strength: its value, 0..1
 * @picture: bounds of the whole picture
 * @source: has what is in @picture up to pmt_network_margin() around @rect
 * @rect, @target, @error: as pmt_net_run()
 *
 * One run of the network, timed.
 */
gboolean pmt_network_run (PmtNet *net,
                          gint setting,
                          gdouble strength,
                          const GeglRectangle *picture,
                          GeglBuffer *source,
                          const GeglRectangle *rect,
                          GeglBuffer *target,
                          GError **error);

/**
 * pmt_network_margin:
 * @has_alpha: of the source: below transparent pixels, colors are taken from
 *   further away
 *
 * Returns: pixels read around a rectangle; a multiple of the network's step.
 */
gint pmt_network_margin (PmtNet *net, gboolean has_alpha);

/**
 * pmt_network_choose_side:
 * @unit: pixels
 * @seconds: that a run may take
 *
 * Returns: 1, 2, 4 or 8: how many @unit the sides of a square may have, as
 *   the last runs tell; 1 before the first one.
 */
gint pmt_network_choose_side (PmtNet *net, gint unit, gdouble seconds);

/**
 * pmt_network_report:
 * @filter: its title
 * @error: why it could not work
 *
 * GEGL operations can't fail: tells the user through GEGL's log, which GIMP
 * shows as a message; the same text once in a process only.  Thread: any.
 */
void pmt_network_report (const gchar *filter, const GError *error);

G_END_DECLS
