/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* net-layers.c: the layers that diffusion networks are made of. */
#include "config.h"

#include "diffusion/net-layers.h"

#include "diffusion/net-private.h"

/* Source: Pad of ONNX, version 19. */
static const gchar *
wrap_around (PmtBuilder *builder, const gchar *x, const gint64 *pads)
{
  const gint64 all[] = { 0, 0, pads[0], pads[1], 0, 0, pads[2], pads[3] };
  PmtNode *node;
  const gchar *padded = pmt_builder_node (
      builder, "Pad", PMT_NAMES (x, pmt_builder_ints (builder, 8, all)), &node);

  pmt_node_set_string (node, "mode", "wrap");
  return padded;
}

const gchar *
pmt_layer_conv (PmtBuilder *builder, const gchar *x, const PmtConv *conv)
{
  const gint64 stride = MAX (conv->stride, 1);
  const gint64 strides[] = { stride, stride };
  const gint64 kernel[] = { conv->kernel, conv->kernel };
  const gint64 none[] = { 0, 0, 0, 0 };
  const gint64 *p = conv->pads;
  const gboolean wraps =
      builder->options->is_seamless && p[0] + p[1] + p[2] + p[3] > 0;
  const PmtTensorUse use = {
    pmt_builder_format (builder, "%s.weight", conv->name),
    conv->module,
    4,
    { conv->out, conv->in, conv->kernel, conv->kernel },
  };
  const gchar *weight = pmt_builder_tensor_for (builder, &use, PMT_USE_CONV);
  const gchar *bias = NULL;
  const gchar *y;
  PmtNode *node;

  if (!conv->has_no_bias)
    bias = pmt_builder_vector (
        builder, pmt_builder_format (builder, "%s.bias", conv->name), conv->out,
        0);
  if (wraps)
    x = wrap_around (builder, x, conv->pads);
  y = pmt_builder_node (builder, "Conv", PMT_NAMES (x, weight, bias), &node);
  pmt_node_set_ints (node, "kernel_shape", kernel, 2);
  pmt_node_set_ints (node, "strides", strides, 2);
  pmt_node_set_ints (node, "pads", wraps ? none : conv->pads, 4);
  return y;
}

const gchar *
pmt_layer_conv3 (PmtBuilder *builder,
                 const gchar *x,
                 const gchar *name,
                 const gchar *module,
                 gint64 in,
                 gint64 out)
{
  const PmtConv conv = { name, module, in, out, 3, 1, { 1, 1, 1, 1 } };

  return pmt_layer_conv (builder, x, &conv);
}

static const gchar *
linear_bias (PmtBuilder *builder, const PmtLinear *linear)
{
  PmtTensorUse use = { linear->bias, NULL, 1, { linear->out } };

  use.rows = linear->rows;
  use.first_row = linear->first_row;
  return pmt_builder_tensor (builder, &use);
}

/* FusedMatMul takes the weight as it lies in the file, [out, in]. */
const gchar *
pmt_layer_linear (PmtBuilder *builder, const gchar *x, const PmtLinear *linear)
{
  PmtTensorUse use = {
    linear->weight, linear->module, 2, { linear->out, linear->in }
  };
  const gchar *weight;
  const gchar *y;
  PmtNode *node;

  if (linear->is_transposed)
    {
      use.dims[0] = linear->in;
      use.dims[1] = linear->out;
    }
  use.rows = linear->rows;
  use.first_row = linear->first_row;
  weight = pmt_builder_tensor_for (
      builder, &use, linear->is_transposed ? PMT_USE_ANY : PMT_USE_PRODUCT);
  y = pmt_builder_contrib (builder, "FusedMatMul", PMT_NAMES (x, weight),
                           &node);
  if (!linear->is_transposed)
    pmt_node_set_int (node, "transB", 1);
  /* Packed once more for the kernel. */
  if (builder->is_fast)
    builder->packed_bytes += (guint64)(linear->in * linear->out) * 4;
  if (linear->bias == NULL)
    return y;
  return pmt_layer_add (builder, y, linear_bias (builder, linear));
}

const gchar *
pmt_layer_linear_named (PmtBuilder *builder,
                        const gchar *x,
                        const gchar *name,
                        const gchar *module,
                        gint64 in,
                        gint64 out,
                        gboolean has_bias)
{
  PmtLinear linear = { 0 };

  linear.weight = pmt_builder_format (builder, "%s.weight", name);
  if (has_bias)
    linear.bias = pmt_builder_format (builder, "%s.bias", name);
  linear.module = module;
  linear.in = in;
  linear.out = out;
  return pmt_layer_linear (builder, x, &linear);
}

/* [n] times @value, for the inner norm, whose own scale and shift are per
 * group. */
static const gchar *
constants (PmtBuilder *builder, gint64 n, gfloat value)
{
  const gchar *key =
      pmt_builder_format (builder, "all %g %" G_GINT64_FORMAT, value, n);
  g_autofree gfloat *values = NULL;

  if (g_hash_table_contains (builder->made, key))
    return key;
  g_hash_table_add (builder->made, (gpointer)key);
  values = g_new (gfloat, n);
  for (gint64 i = 0; i < n; i++)
    values[i] = value;
  pmt_graph_add_tensor (builder->graph, key, PMT_TENSOR_FLOAT32, 1, &n, values);
  return key;
}

const gchar *
pmt_layer_group_norm (PmtBuilder *builder,
                      const gchar *x,
                      const gchar *name,
                      gint64 channels,
                      gint64 groups,
                      gfloat epsilon,
                      gboolean has_silu)
{
  const gint64 grouped[] = { 0, groups, -1 };
  const gchar *gamma = pmt_builder_vector (
      builder, pmt_builder_format (builder, "%s.weight", name), channels, 2);
  const gchar *beta = pmt_builder_vector (
      builder, pmt_builder_format (builder, "%s.bias", name), channels, 2);
  PmtNode *node;
  const gchar *y =
      pmt_builder_node (builder, "InstanceNormalization",
                        PMT_NAMES (pmt_layer_reshape (builder, x, 3, grouped),
                                   constants (builder, groups, 1),
                                   constants (builder, groups, 0)),
                        &node);

  pmt_node_set_float (node, "epsilon", epsilon);
  y = pmt_layer_reshape_like (builder, y, x);
  y = pmt_layer_multiply (builder, y, gamma);
  y = pmt_layer_add (builder, y, beta);
  return has_silu ? pmt_layer_silu (builder, y) : y;
}

const gchar *
pmt_layer_norm (PmtBuilder *builder,
                const gchar *x,
                const gchar *name,
                gint64 width,
                gfloat epsilon)
{
  const gchar *gamma = pmt_builder_vector (
      builder, pmt_builder_format (builder, "%s.weight", name), width, 0);
  const gchar *beta = pmt_builder_vector (
      builder, pmt_builder_format (builder, "%s.bias", name), width, 0);
  PmtNode *node;
  const gchar *y = pmt_builder_node (builder, "LayerNormalization",
                                     PMT_NAMES (x, gamma, beta), &node);

  pmt_node_set_int (node, "axis", -1);
  pmt_node_set_float (node, "epsilon", epsilon);
  return y;
}

static const gchar *
sigmoid_gate (PmtBuilder *builder, const gchar *x, gfloat alpha)
{
  PmtNode *node;
  const gchar *y =
      pmt_builder_contrib (builder, "QuickGelu", PMT_NAMES (x), &node);

  pmt_node_set_float (node, "alpha", alpha);
  return y;
}

const gchar *
pmt_layer_silu (PmtBuilder *builder, const gchar *x)
{
  return sigmoid_gate (builder, x, 1);
}

const gchar *
pmt_layer_quick_gelu (PmtBuilder *builder, const gchar *x)
{
  return sigmoid_gate (builder, x, 1.702f);
}

const gchar *
pmt_layer_gelu (PmtBuilder *builder, const gchar *x)
{
  return pmt_builder_contrib (builder, "Gelu", PMT_NAMES (x), NULL);
}

/* Two products in place of one that is cut apart afterwards. */
const gchar *
pmt_layer_geglu (PmtBuilder *builder,
                 const gchar *x,
                 const gchar *name,
                 const gchar *module,
                 gint64 in,
                 gint64 out)
{
  PmtLinear half = {
    pmt_builder_format (builder, "%s.weight", name),
    pmt_builder_format (builder, "%s.bias", name),
    module,
    in,
    out,
    2 * out,
    0,
  };
  const gchar *value = pmt_layer_linear (builder, x, &half);
  const gchar *gate;

  half.first_row = out;
  gate = pmt_layer_linear (builder, x, &half);
  return pmt_layer_multiply (builder, value, pmt_layer_gelu (builder, gate));
}

const gchar *
pmt_layer_add (PmtBuilder *builder, const gchar *a, const gchar *b)
{
  return pmt_builder_node (builder, "Add", PMT_NAMES (a, b), NULL);
}

const gchar *
pmt_layer_multiply (PmtBuilder *builder, const gchar *a, const gchar *b)
{
  return pmt_builder_node (builder, "Mul", PMT_NAMES (a, b), NULL);
}

const gchar *
pmt_layer_concat (PmtBuilder *builder, const gchar *const *values, gint64 axis)
{
  PmtNode *node;
  const gchar *y = pmt_builder_node (builder, "Concat", values, &node);

  pmt_node_set_int (node, "axis", axis);
  return y;
}

const gchar *
pmt_layer_attention (PmtBuilder *builder,
                     const gchar *q,
                     const gchar *k,
                     const gchar *v,
                     gint64 heads,
                     gboolean is_causal)
{
  PmtNode *node;
  const gchar *y = pmt_builder_contrib (builder, "MultiHeadAttention",
                                        PMT_NAMES (q, k, v), &node);

  pmt_node_set_int (node, "num_heads", heads);
  if (is_causal)
    pmt_node_set_int (node, "unidirectional", 1);
  return y;
}
