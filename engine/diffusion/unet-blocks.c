/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* unet-blocks.c: residual and transformer blocks of the UNet. */
#include "config.h"

#include "diffusion/unet-private.h"

/* Source: Rombach et al. 2022 and CompVis' model: in residual blocks and
 * layer norms 1e-5, before transformers 1e-6. */
#define EPSILON 1e-5f
#define EPSILON_TRANSFORMER 1e-6f

const gchar *
pmt_unet_tensor_name (PmtUnetBuild *build, const gchar *module)
{
  g_autofree gchar *ldm = NULL;

  if (build->layout != PMT_LAYOUT_LDM)
    return module;
  ldm = pmt_unet_name_to_ldm (build->shape, module);
  return pmt_builder_format (build->builder, "%s", ldm != NULL ? ldm : module);
}

gint64
pmt_unet_width (const PmtUnetShape *shape)
{
  return 4 * (gint64)shape->channels[0];
}

/* The module @part of @module. */
static const gchar *
part_of (PmtUnetBuild *build, const gchar *module, const gchar *part)
{
  return pmt_builder_format (build->builder, "%s.%s", module, part);
}

const gchar *
pmt_unet_conv (PmtUnetBuild *build,
               const gchar *x,
               const gchar *module,
               gint64 in,
               gint64 out,
               gint64 stride)
{
  const PmtConv conv = { pmt_unet_tensor_name (build, module),
                         module,
                         in,
                         out,
                         3,
                         stride,
                         { 1, 1, 1, 1 } };

  return pmt_layer_conv (build->builder, x, &conv);
}

static const gchar *
linear (PmtUnetBuild *build,
        const gchar *x,
        const gchar *module,
        gint64 in,
        gint64 out,
        gboolean has_bias)
{
  return pmt_layer_linear_named (build->builder, x,
                                 pmt_unet_tensor_name (build, module), module,
                                 in, out, has_bias);
}

static const gchar *
group_norm (PmtUnetBuild *build,
            const gchar *x,
            const gchar *module,
            gint64 channels,
            gfloat epsilon,
            gboolean has_silu)
{
  return pmt_layer_group_norm (build->builder, x,
                               pmt_unet_tensor_name (build, module), channels,
                               build->shape->groups, epsilon, has_silu);
}

const gchar *
pmt_unet_resnet (PmtUnetBuild *build,
                 const gchar *x,
                 const gchar *module,
                 gint64 in,
                 gint64 out)
{
  PmtBuilder *builder = build->builder;
  const gint64 as_map[] = { 0, out, 1, 1 };
  const gchar *shortcut = part_of (build, module, "conv_shortcut");
  const PmtConv skip = { pmt_unet_tensor_name (build, shortcut), shortcut, in,
                         out, 1 };
  const gchar *h = group_norm (build, x, part_of (build, module, "norm1"), in,
                               EPSILON, TRUE);
  const gchar *time =
      linear (build, build->time, part_of (build, module, "time_emb_proj"),
              pmt_unet_width (build->shape), out, TRUE);

  h = pmt_unet_conv (build, h, part_of (build, module, "conv1"), in, out, 1);
  h = pmt_layer_add (builder, h, pmt_layer_reshape (builder, time, 4, as_map));
  h = group_norm (build, h, part_of (build, module, "norm2"), out, EPSILON,
                  TRUE);
  h = pmt_unet_conv (build, h, part_of (build, module, "conv2"), out, out, 1);
  if (in != out)
    x = pmt_layer_conv (builder, x, &skip);
  return pmt_layer_add (builder, h, x);
}

/* @context: what is looked at, [N, S, @width]. */
static const gchar *
attention (PmtUnetBuild *build,
           const gchar *x,
           const gchar *context,
           const gchar *module,
           gint64 channels,
           gint64 width,
           gint heads)
{
  const gchar *q = linear (build, x, part_of (build, module, "to_q"), channels,
                           channels, FALSE);
  const gchar *k = linear (build, context, part_of (build, module, "to_k"),
                           width, channels, FALSE);
  const gchar *v = linear (build, context, part_of (build, module, "to_v"),
                           width, channels, FALSE);
  const gchar *y = pmt_layer_attention (build->builder, q, k, v, heads, FALSE);

  return linear (build, y, part_of (build, module, "to_out.0"), channels,
                 channels, TRUE);
}

static const gchar *
layer_norm (PmtUnetBuild *build,
            const gchar *x,
            const gchar *module,
            gint64 channels)
{
  return pmt_layer_norm (build->builder, x,
                         pmt_unet_tensor_name (build, module), channels,
                         EPSILON);
}

/* Tokens [N, T, channels]: self attention, attention to the text, feed
 * forward; each added to what came in. */
static const gchar *
block (PmtUnetBuild *build,
       const gchar *x,
       const gchar *module,
       gint64 channels,
       gint heads)
{
  PmtBuilder *builder = build->builder;
  const gint64 context = build->shape->context;
  const gchar *feed = part_of (build, module, "ff.net.0.proj");
  const gchar *h;

  h = layer_norm (build, x, part_of (build, module, "norm1"), channels);
  h = attention (build, h, h, part_of (build, module, "attn1"), channels,
                 channels, heads);
  x = pmt_layer_add (builder, h, x);
  h = layer_norm (build, x, part_of (build, module, "norm2"), channels);
  h = attention (build, h, build->context, part_of (build, module, "attn2"),
                 channels, context, heads);
  x = pmt_layer_add (builder, h, x);
  h = layer_norm (build, x, part_of (build, module, "norm3"), channels);
  h = pmt_layer_geglu (builder, h, pmt_unet_tensor_name (build, feed), feed,
                       channels, 4 * channels);
  h = linear (build, h, part_of (build, module, "ff.net.2"), 4 * channels,
              channels, TRUE);
  return pmt_layer_add (builder, h, x);
}

/* The projections are linear also where the file has 1x1 convolutions: their
 * values lie alike. */
const gchar *
pmt_unet_transformer (PmtUnetBuild *build,
                      const gchar *x,
                      const gchar *module,
                      gint64 channels,
                      gint depth,
                      gint heads)
{
  PmtBuilder *builder = build->builder;
  const gchar *h = group_norm (build, x, part_of (build, module, "norm"),
                               channels, EPSILON_TRANSFORMER, FALSE);

  h = pmt_layer_to_tokens (builder, h);
  h = linear (build, h, part_of (build, module, "proj_in"), channels, channels,
              TRUE);
  for (gint i = 0; i < depth; i++)
    h = block (
        build, h,
        pmt_builder_format (builder, "%s.transformer_blocks.%d", module, i),
        channels, heads);
  h = linear (build, h, part_of (build, module, "proj_out"), channels, channels,
              TRUE);
  return pmt_layer_add (builder, pmt_layer_to_image (builder, h, x), x);
}
