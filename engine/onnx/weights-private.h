/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* weights-private.h: what the files of the reader of weights share. */
#pragma once

#include "onnx/weights.h"

G_BEGIN_DECLS

/** pmt_weight_free: frees a PmtWeight. */
void pmt_weight_free (PmtWeight *weight);

/**
 * pmt_weights_parse_header:
 * @label: the file's name, for messages
 * @text: [@length]: the JSON of the header
 * @data_start: where the values begin in the file, in bytes
 * @data_size: how many bytes of values the file has
 * @metadata: (element-type utf8 utf8): gets the texts of "__metadata__"
 * @error: PMT_ERROR_MODEL
 *
 * Returns: (transfer full) (element-type PmtWeight): the tensors, each of
 *   them inside the file and none of them over another; @file and @source
 *   are left to the caller.
 */
GPtrArray *pmt_weights_parse_header (const gchar *label,
                                     const gchar *text,
                                     gsize length,
                                     guint64 data_start,
                                     guint64 data_size,
                                     GHashTable *metadata,
                                     GError **error);

/** pmt_weight_type_size: bytes of an element; 0 for OTHER. */
gsize pmt_weight_type_size (PmtWeightType type);

/** pmt_weights_widen: @bytes: [@n] values as a file has them, little-endian, of
 * a type with a name other than float32; @values: (out caller-allocates);
 * @is_large: they are more than caches hold: written past them. */
void pmt_weights_widen (PmtWeightType type,
                        const guint8 *bytes,
                        gsize n,
                        gboolean is_large,
                        gfloat *values);

G_END_DECLS
