/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* convolution.h: how fast this machine convolves at best. */
#pragma once

#include "onnx/session.h"

G_BEGIN_DECLS

/**
 * convolution_peak:
 * @threads: of ONNX Runtime
 *
 * Runs chains of 3x3 convolutions of several widths, whose planes stay in the
 * cache, each several times.
 *
 * Returns: 10^9 floating-point operations a second, of the best run.
 */
gdouble convolution_peak (gint threads, GError **error);

/** convolution_cost: operations per input pixel, as the file of a shipped
 * network says ("pentimento.macs", times two). */
gdouble convolution_cost (PmtSession *session);

G_END_DECLS
