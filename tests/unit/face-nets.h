/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* face-nets.h: networks with the interfaces of those that restore faces, and
 * of those that find them. */
#pragma once

#include "face/face-net.h"

G_BEGIN_DECLS

/**
 * FaceNet: what becomes of an aligned face
 * @side: 256 or 512; 0: not declared
 * @shift: so many pixels to the right
 * @is_sharpened: twice as far from its blurred self
 * @tint: is added to everything
 * @fidelity: type of the second input; the change counts by 1 - fidelity;
 *   PMT_TENSOR_OTHER: none
 * @is_halved: gives half of the size
 * @is_nan: gives values that are no numbers
 */
typedef struct
{
  gint side;
  gint shift;
  gboolean is_sharpened;
  gfloat tint;
  PmtTensorType fidelity;
  gboolean is_halved;
  gboolean is_nan;
} FaceNet;

#define FACE_NET_INIT { 512 }

/** face_net_bytes: Returns: (transfer full): an .onnx file. */
GBytes *face_net_bytes (const FaceNet *net);

/** face_net_open: Returns: (transfer full). */
PmtFaceNet *face_net_open (const FaceNet *net);

/** detector_bytes: @n_outputs tensors of rank @rank out of [1, 3, H, W]. */
GBytes *detector_bytes (guint n_outputs, gint rank);

G_END_DECLS
