/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* tiny-net.h: networks of each kind, small enough to be made on the spot. */
#pragma once

#include "onnx/graph.h"
#include "restore/net.h"

G_BEGIN_DECLS

/**
 * TinyNet: a blur of 3 x 3, then every pixel @scale x @scale times
 * @step: sides must be multiples of this; 1 or 2
 * @fixed: side of the only picture it takes; 0: any
 * @n_settings: 0: none; -1: a scalar
 * @is_trusted: with metadata, as the shipped ones have it
 * @is_tinting: gives gray pictures a tint
 * @is_shapeless: declares no shape
 */
typedef struct
{
  gint scale;
  gint channels;
  gint step;
  gint fixed;
  gint range;
  gint n_settings;
  PmtTensorType type;
  gboolean is_nhwc;
  gboolean is_trusted;
  gboolean is_tinting;
  gboolean is_shapeless;
} TinyNet;

#define TINY_NET_INIT { 1, 3, 1, 0, 1, 0, PMT_TENSOR_FLOAT32, FALSE }

/** tiny_net_bytes: Returns: (transfer full): an .onnx file. */
GBytes *tiny_net_bytes (const TinyNet *tiny);

/** tiny_net_open: Returns: (transfer full): probed, or by its metadata. */
PmtNet *tiny_net_open (const TinyNet *tiny);

/** tiny_net_try: Returns: (transfer full) (nullable): with @error. */
PmtNet *tiny_net_try (GBytes *bytes, gboolean is_trusted, GError **error);

G_END_DECLS
