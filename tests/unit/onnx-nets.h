/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* onnx-nets.h: small networks for tests. */
#pragma once

#include "onnx/graph.h"

/**
 * net_scale: y = x * factor, both [1, 3, height, width] with free sizes.
 * @type: of x, y and the constant "factor"
 * @factor: an element of @type
 */
GBytes *net_scale (PmtTensorType type, gconstpointer factor);

/** net_half: y = x + w, float32, where w is 0.5 as half float behind a Cast. */
GBytes *net_half (void);

/** net_conv: @depth convolutions of 16 channels, [1, 16, 256, 256]. */
GBytes *net_conv (guint depth);

/** net_expand: y = x expanded to the shape that the int64 input asks for. */
GBytes *net_expand (void);

/** net_external: y = x + w, [4]; w lies at @offset of the file "weights". */
GBytes *net_external (const gchar *location, guint64 offset);

/** net_op: y = OP (x), of @domain. */
GBytes *net_op (const gchar *domain, const gchar *type);
