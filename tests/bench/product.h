/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* product.h: how fast this machine multiplies matrices. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * product_peak:
 * @cpu_peak: (out): GFLOP for each second of processor time: what is left to
 *   compare with where other programs work as well
 *
 * Returns: GFLOP/s of the best of some products of large matrices in ONNX
 *   Runtime; below 0 with @error.
 */
gdouble product_peak (gint threads, gdouble *cpu_peak, GError **error);

G_END_DECLS
