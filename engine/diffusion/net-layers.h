/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* net-layers.h: the layers that diffusion networks are made of. */
#pragma once

#include "diffusion/net-builder.h"

G_BEGIN_DECLS

/**
 * PmtConv: a convolution.
 * @name: its tensors are @name.weight and @name.bias
 * @module: (nullable): as in PmtTensorUse
 * @kernel: 1 or 3
 * @stride: 0 is 1
 * @pads: top, left, bottom, right
 */
typedef struct
{
  const gchar *name;
  const gchar *module;
  gint64 in;
  gint64 out;
  gint64 kernel;
  gint64 stride;
  gint64 pads[4];
  gboolean has_no_bias;
} PmtConv;

/** pmt_layer_conv: [N, in, H, W] to [N, out, H', W'].  Edges wrap around for
 * options' is_seamless, else they are padded with zeros. */
const gchar *
pmt_layer_conv (PmtBuilder *builder, const gchar *x, const PmtConv *conv);

/** pmt_layer_conv3: 3x3, one pixel of padding. */
const gchar *pmt_layer_conv3 (PmtBuilder *builder,
                              const gchar *x,
                              const gchar *name,
                              const gchar *module,
                              gint64 in,
                              gint64 out);

/**
 * PmtLinear: y = x W^T + b.
 * @weight, @bias: (nullable @bias): names of the tensors
 * @module: (nullable): as in PmtTensorUse
 * @rows, @first_row: as in PmtTensorUse; of weight and bias
 * @is_transposed: the weight lies as [in, out] in the file
 */
typedef struct
{
  const gchar *weight;
  const gchar *bias;
  const gchar *module;
  gint64 in;
  gint64 out;
  gint64 rows;
  gint64 first_row;
  gboolean is_transposed;
} PmtLinear;

/** pmt_layer_linear: [..., in] to [..., out]. */
const gchar *
pmt_layer_linear (PmtBuilder *builder, const gchar *x, const PmtLinear *linear);

/** pmt_layer_linear_named: with @name.weight, and @name.bias when
 * @has_bias. */
const gchar *pmt_layer_linear_named (PmtBuilder *builder,
                                     const gchar *x,
                                     const gchar *name,
                                     const gchar *module,
                                     gint64 in,
                                     gint64 out,
                                     gboolean has_bias);

/** pmt_layer_group_norm: of [N, @channels, H, W], with @name.weight and
 * @name.bias; then SiLU when @has_silu. */
const gchar *pmt_layer_group_norm (PmtBuilder *builder,
                                   const gchar *x,
                                   const gchar *name,
                                   gint64 channels,
                                   gint64 groups,
                                   gfloat epsilon,
                                   gboolean has_silu);

/** pmt_layer_norm: layer norm of the last dimension, [..., @width]. */
const gchar *pmt_layer_norm (PmtBuilder *builder,
                             const gchar *x,
                             const gchar *name,
                             gint64 width,
                             gfloat epsilon);

/* x sigmoid (x); x sigmoid (1.702 x); x Phi (x), exact. */
const gchar *pmt_layer_silu (PmtBuilder *builder, const gchar *x);
const gchar *pmt_layer_quick_gelu (PmtBuilder *builder, const gchar *x);
const gchar *pmt_layer_gelu (PmtBuilder *builder, const gchar *x);

/** pmt_layer_geglu: [..., in] to [..., out]: the first half of the layer
 * @name ([2 @out, @in]) times the exact GELU of the second. */
const gchar *pmt_layer_geglu (PmtBuilder *builder,
                              const gchar *x,
                              const gchar *name,
                              const gchar *module,
                              gint64 in,
                              gint64 out);

const gchar *
pmt_layer_add (PmtBuilder *builder, const gchar *a, const gchar *b);
const gchar *
pmt_layer_multiply (PmtBuilder *builder, const gchar *a, const gchar *b);

/** pmt_layer_concat: along @axis. */
const gchar *
pmt_layer_concat (PmtBuilder *builder, const gchar *const *values, gint64 axis);

/** pmt_layer_reshape: 0 keeps a size, -1 takes what is left. */
const gchar *pmt_layer_reshape (PmtBuilder *builder,
                                const gchar *x,
                                gint n,
                                const gint64 *dims);

/** pmt_layer_reshape_like: to the shape of @like. */
const gchar *
pmt_layer_reshape_like (PmtBuilder *builder, const gchar *x, const gchar *like);

/** pmt_layer_transpose: @order: [@n]. */
const gchar *pmt_layer_transpose (PmtBuilder *builder,
                                  const gchar *x,
                                  gint n,
                                  const gint64 *order);

/** pmt_layer_to_tokens: [N, C, H, W] to [N, H W, C]. */
const gchar *pmt_layer_to_tokens (PmtBuilder *builder, const gchar *x);

/** pmt_layer_to_image: [N, H W, C] to the shape of @like, [N, C, H, W]. */
const gchar *
pmt_layer_to_image (PmtBuilder *builder, const gchar *x, const gchar *like);

/**
 * pmt_layer_attention:
 * @q: [N, T, C], @k and @v: [N, S, C]; heads lie one after the other in C
 * @is_causal: no token looks at later ones
 *
 * Returns: [N, T, C]: softmax (q k^T / sqrt (C / heads)) v.
 */
const gchar *pmt_layer_attention (PmtBuilder *builder,
                                  const gchar *q,
                                  const gchar *k,
                                  const gchar *v,
                                  gint64 heads,
                                  gboolean is_causal);

/** pmt_layer_upsample: twice the height and width, nearest neighbor. */
const gchar *pmt_layer_upsample (PmtBuilder *builder, const gchar *x);

/** pmt_layer_resize_like: to height and width of @like, nearest neighbor:
 * pixel floor (i * old / new), as PyTorch has it. */
const gchar *
pmt_layer_resize_like (PmtBuilder *builder, const gchar *x, const gchar *like);

/** pmt_layer_slice: @first to before @last of dimension @axis; below 0 from
 * the end. */
const gchar *pmt_layer_slice (PmtBuilder *builder,
                              const gchar *x,
                              gint64 axis,
                              gint64 first,
                              gint64 last);

G_END_DECLS
