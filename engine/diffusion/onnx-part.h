/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* onnx-part.h: networks of a checkpoint that are .onnx files. */
#pragma once

#include "diffusion/net-options.h"
#include "onnx/session.h"

G_BEGIN_DECLS

/**
 * pmt_onnx_open:
 * @path: an .onnx file, whose weights may lie in other files of its folder
 * @memory: as in PmtSessionOptions
 * @error: as that of pmt_session_open()
 */
PmtSession *pmt_onnx_open (const gchar *path,
                           const PmtNetOptions *options,
                           guint64 memory,
                           PmtOptimization optimization,
                           GError **error);

/** pmt_onnx_find_input, pmt_onnx_find_output: (transfer none) (nullable): by
 * its name. */
const PmtTensorInfo *pmt_onnx_find_input (PmtSession *session,
                                          const gchar *name);
const PmtTensorInfo *pmt_onnx_find_output (PmtSession *session,
                                           const gchar *name);

/** pmt_onnx_is_float: whether it is of single or half precision and may have
 * @rank dimensions. */
gboolean pmt_onnx_is_float (const PmtTensorInfo *info, gint rank);

/** pmt_onnx_can_be: whether dimension @i may be @size; a shape that is not
 * declared may be any. */
gboolean pmt_onnx_can_be (const PmtTensorInfo *info, gint i, gint64 size);

/** pmt_onnx_convert: (transfer full): @values, [@n], as elements of @type;
 * rounded where these are integers or halfs. */
gpointer pmt_onnx_convert (const gfloat *values, gsize n, PmtTensorType type);

/**
 * pmt_onnx_read:
 * @tensor: an output
 * @values: (out caller-allocates): [@n]
 *
 * Returns: %FALSE, with @values untouched, when it has not @n values of single
 *   or half precision.
 */
gboolean pmt_onnx_read (const PmtTensor *tensor, gsize n, gfloat *values);

G_END_DECLS
