/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* tensor.h: element types, sizes and shapes of tensors. */
#pragma once

#include "onnx/session.h"

G_BEGIN_DECLS

/**
 * pmt_tensor_type_from_onnx:
 * @type: TensorProto.DataType of the ONNX format; ONNX Runtime's numbers are
 *   the same
 *
 * Returns: the type, %PMT_TENSOR_OTHER for one without a name here.
 */
PmtTensorType pmt_tensor_type_from_onnx (gint type);

/** pmt_tensor_type_to_onnx: the reverse; 0 for %PMT_TENSOR_OTHER. */
gint pmt_tensor_type_to_onnx (PmtTensorType type);

/** pmt_tensor_type_size: bytes of an element, 0 for %PMT_TENSOR_OTHER. */
gsize pmt_tensor_type_size (PmtTensorType type);

/** pmt_tensor_type_name: (transfer none): "float32", ... */
const gchar *pmt_tensor_type_name (PmtTensorType type);

/**
 * pmt_tensor_count:
 * @dims: [@rank]
 * @size: bytes of an element
 * @bytes: (out): bytes of the whole tensor
 *
 * Returns: %FALSE, with @bytes untouched, for a dimension below 1 or a product
 *   that does not fit into a #gssize.
 */
gboolean
pmt_tensor_count (const gint64 *dims, gint rank, gsize size, gsize *bytes);

/**
 * pmt_tensor_shape_text:
 * @dims: [@rank]; what is below 0 is free
 *
 * Returns: (transfer full): such as "[1, 3, ?, ?]".
 */
gchar *pmt_tensor_shape_text (const gint64 *dims, gint rank);

G_END_DECLS
