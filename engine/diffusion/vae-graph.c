/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* vae-graph.c: the two halves of AutoencoderKL as networks.
 * Source: Rombach et al. 2022; names of CompVis and of Diffusers. */
#include "config.h"

#include "diffusion/vae-private.h"

#define EPSILON 1e-6f

typedef struct
{
  PmtBuilder *builder;
  const PmtVaeShape *shape;
  gboolean is_ldm;
  const gchar *side; /* "encoder" or "decoder" */

  /* For tiles: what the norms are given, and what they find. */
  const gchar *share;
  GPtrArray *found;
  gint scale; /* of what the norms see, to the latent */
} Net;

/* (1 - share) own + share given; @input: [1, groups, 1]: an input for what is
 * given. */
static const gchar *
mix (const Net *net, const gchar *own, const gchar *input)
{
  PmtBuilder *builder = net->builder;
  const gint64 dims[] = { 1, net->shape->groups, 1 };
  const gchar *given = pmt_builder_input (builder, input, 3, dims, NULL);
  const gchar *step =
      pmt_builder_node (builder, "Sub", PMT_NAMES (given, own), NULL);

  step = pmt_layer_multiply (builder, step, net->share);
  return pmt_layer_add (builder, own, step);
}

static const gchar *
add_mean (const Net *net, const gchar *x)
{
  const gint64 axis = 2;

  return pmt_builder_node (
      net->builder, "ReduceMean",
      PMT_NAMES (x, pmt_builder_ints (net->builder, 1, &axis)), NULL);
}

/* 1 / sqrt (square - mean^2 + epsilon), each per group. */
static const gchar *
add_scale (const Net *net, const gchar *mean, const gchar *square)
{
  PmtBuilder *builder = net->builder;
  const gfloat epsilon = EPSILON;
  const gint64 n = 1;
  const gchar *y = pmt_layer_multiply (builder, mean, mean);

  y = pmt_builder_node (builder, "Sub", PMT_NAMES (square, y), NULL);
  y = pmt_builder_node (builder, "Relu", PMT_NAMES (y), NULL);
  y = pmt_layer_add (builder, y, pmt_builder_floats (builder, 1, &n, &epsilon));
  y = pmt_builder_node (builder, "Sqrt", PMT_NAMES (y), NULL);
  return pmt_builder_node (builder, "Reciprocal", PMT_NAMES (y), NULL);
}

/* What of @x belongs to this tile alone: the rest is seen by others as well,
 * and its edges are wrong. */
static const gchar *
cut_core (const Net *net, const gchar *x)
{
  PmtBuilder *builder = net->builder;
  const gint64 scale = net->scale;
  const gint64 axes[] = { 2, 3 };
  const gchar *by = pmt_builder_ints (builder, 1, &scale);

  return pmt_builder_node (
      builder, "Slice",
      PMT_NAMES (x, pmt_layer_multiply (builder, PMT_VAE_FIRST, by),
                 pmt_layer_multiply (builder, PMT_VAE_LAST, by),
                 pmt_builder_ints (builder, 2, axes)),
      NULL);
}

/* x (gamma scale) + (beta - mean gamma scale): two steps over all values
 * where four would be needed. */
static const gchar *
add_affine (const Net *net,
            const gchar *x,
            const gchar *name,
            gint channels,
            const gchar *mean,
            const gchar *scale)
{
  PmtBuilder *builder = net->builder;
  const gint64 grouped[] = { 1, net->shape->groups, -1 };
  const gint64 column[] = { -1, 1, 1 };
  const gchar *gamma = pmt_layer_reshape (
      builder,
      pmt_builder_vector (builder,
                          pmt_builder_format (builder, "%s.weight", name),
                          channels, 0),
      3, grouped);
  const gchar *beta = pmt_layer_reshape (
      builder,
      pmt_builder_vector (
          builder, pmt_builder_format (builder, "%s.bias", name), channels, 0),
      3, grouped);
  const gchar *factor = pmt_layer_multiply (builder, gamma, scale);
  const gchar *shift = pmt_builder_node (
      builder, "Sub",
      PMT_NAMES (beta, pmt_layer_multiply (builder, mean, factor)), NULL);

  factor = pmt_layer_reshape (builder, factor, 3, column);
  shift = pmt_layer_reshape (builder, shift, 3, column);
  return pmt_layer_add (builder, pmt_layer_multiply (builder, x, factor),
                        shift);
}

static const gchar *
add_shared_norm (const Net *net,
                 const gchar *x,
                 const gchar *name,
                 gint channels,
                 gboolean silu)
{
  PmtBuilder *builder = net->builder;
  const gint64 grouped[] = { 0, net->shape->groups, -1 };
  const gint64 row[] = { 1, 1, -1 };
  const gint k = (gint)net->found->len;
  const gchar *core =
      pmt_layer_reshape (builder, cut_core (net, x), 3, grouped);
  const gchar *mean = add_mean (net, core);
  const gchar *square =
      add_mean (net, pmt_layer_multiply (builder, core, core));
  const gchar *used =
      mix (net, mean, pmt_builder_format (builder, PMT_VAE_MEAN, k));
  const gchar *used_square =
      mix (net, square, pmt_builder_format (builder, PMT_VAE_SQUARE, k));
  const gchar *y;

  g_ptr_array_add (net->found,
                   (gpointer)pmt_layer_concat (
                       builder,
                       PMT_NAMES (pmt_layer_reshape (builder, mean, 3, row),
                                  pmt_layer_reshape (builder, square, 3, row)),
                       1));
  y = add_affine (net, x, name, channels, used,
                  add_scale (net, used, used_square));
  return silu ? pmt_layer_silu (builder, y) : y;
}

static const gchar *
add_norm (const Net *net,
          const gchar *x,
          const gchar *name,
          gint channels,
          gboolean silu)
{
  if (net->found != NULL)
    return add_shared_norm (net, x, name, channels, silu);
  return pmt_layer_group_norm (net->builder, x, name, channels,
                               net->shape->groups, EPSILON, silu);
}

static const gchar *
add_conv (const Net *net,
          const gchar *x,
          const gchar *name,
          gint in,
          gint out,
          gint kernel)
{
  const gint64 pad = kernel / 2;
  const PmtConv conv = { name, NULL, in, out, kernel, 1, { pad, pad, pad, pad },
                         FALSE };

  return pmt_layer_conv (net->builder, x, &conv);
}

/* @name ends with a dot. */
static const gchar *
add_block (const Net *net, const gchar *x, const gchar *name, gint in, gint out)
{
  PmtBuilder *builder = net->builder;
  const gchar *y = add_norm (
      net, x, pmt_builder_format (builder, "%snorm1", name), in, TRUE);

  y = add_conv (net, y, pmt_builder_format (builder, "%sconv1", name), in, out,
                3);
  y = add_norm (net, y, pmt_builder_format (builder, "%snorm2", name), out,
                TRUE);
  y = add_conv (net, y, pmt_builder_format (builder, "%sconv2", name), out, out,
                3);
  if (in != out)
    x = add_conv (
        net, x,
        pmt_builder_format (builder, "%s%s", name,
                            net->is_ldm ? "nin_shortcut" : "conv_shortcut"),
        in, out, 1);
  return pmt_layer_add (builder, x, y);
}

/* Names of the norm and the four products: LDM, Diffusers, and Diffusers
 * before 0.14. */
static const gchar *const *
attention_names (const Net *net, const gchar *name)
{
  static const gchar *const names[3][5] = {
    { "norm", "q", "k", "v", "proj_out" },
    { "group_norm", "to_q", "to_k", "to_v", "to_out.0" },
    { "group_norm", "query", "key", "value", "proj_attn" }
  };

  if (net->is_ldm)
    return names[0];
  return pmt_builder_has (
             net->builder,
             pmt_builder_format (net->builder, "%squery.weight", name))
             ? names[2]
             : names[1];
}

static const gchar *
add_product (const Net *net,
             const gchar *x,
             const gchar *name,
             const gchar *tail,
             gint width)
{
  return pmt_layer_linear_named (
      net->builder, x, pmt_builder_format (net->builder, "%s%s", name, tail),
      NULL, width, width, TRUE);
}

static const gchar *
add_attention (const Net *net, const gchar *x, const gchar *name, gint width)
{
  PmtBuilder *builder = net->builder;
  const gchar *const *names = attention_names (net, name);
  const gchar *y =
      add_norm (net, x, pmt_builder_format (builder, "%s%s", name, names[0]),
                width, FALSE);
  const gchar *q;
  const gchar *k;
  const gchar *v;

  y = pmt_layer_to_tokens (builder, y);
  q = add_product (net, y, name, names[1], width);
  k = add_product (net, y, name, names[2], width);
  v = add_product (net, y, name, names[3], width);
  y = pmt_layer_attention (builder, q, k, v, 1, FALSE);
  y = add_product (net, y, name, names[4], width);
  return pmt_layer_add (builder, x, pmt_layer_to_image (builder, y, x));
}

static const gchar *
add_middle (const Net *net, const gchar *x, gint width)
{
  PmtBuilder *builder = net->builder;
  const gchar *side = net->side;

  x = add_block (net, x,
                 pmt_builder_format (builder,
                                     net->is_ldm ? "%s.mid.block_1."
                                                 : "%s.mid_block.resnets.0.",
                                     side),
                 width, width);
  x = add_attention (
      net, x,
      pmt_builder_format (
          builder,
          net->is_ldm ? "%s.mid.attn_1." : "%s.mid_block.attentions.0.", side),
      width);
  return add_block (net, x,
                    pmt_builder_format (builder,
                                        net->is_ldm ? "%s.mid.block_2."
                                                    : "%s.mid_block.resnets.1.",
                                        side),
                    width, width);
}

/* Norm and convolution at the end of a half. */
static const gchar *
add_end (const Net *net, const gchar *x, gint in, gint out)
{
  const gchar *norm = net->is_ldm ? "%s.norm_out" : "%s.conv_norm_out";

  x = add_norm (net, x, pmt_builder_format (net->builder, norm, net->side), in,
                TRUE);
  return add_conv (net, x,
                   pmt_builder_format (net->builder, "%s.conv_out", net->side),
                   in, out, 3);
}

static const gchar *
add_up_blocks (const Net *net, const gchar *x, gint level)
{
  const PmtVaeShape *shape = net->shape;
  const gint out = shape->channels[level];
  const gint at = net->is_ldm ? level : shape->n_levels - 1 - level;
  gint in = shape->channels[MIN (level + 1, shape->n_levels - 1)];

  for (gint r = 0; r <= shape->res_blocks; r++, in = out)
    x = add_block (net, x,
                   pmt_builder_format (net->builder,
                                       net->is_ldm
                                           ? "decoder.up.%d.block.%d."
                                           : "decoder.up_blocks.%d.resnets.%d.",
                                       at, r),
                   in, out);
  return x;
}

static const gchar *
add_upsample (const Net *net, const gchar *x, gint level)
{
  PmtBuilder *builder = net->builder;
  const PmtVaeShape *shape = net->shape;
  const gint channels = shape->channels[level];
  const gint at = net->is_ldm ? level : shape->n_levels - 1 - level;
  const gchar *name = pmt_builder_format (
      builder,
      net->is_ldm ? "decoder.up.%d.upsample.conv"
                  : "decoder.up_blocks.%d.upsamplers.0.conv",
      at);

  return add_conv (net, pmt_layer_upsample (builder, x), name, channels,
                   channels, 3);
}

/* The last level of the head: at twice the latent's size, with four levels,
 * where all of a picture takes a sixteenth of the memory that the last level
 * takes. */
static gint
last_of_head (const PmtVaeShape *shape)
{
  return MAX (0, shape->n_levels - 2);
}

static const gchar *
add_decoder_head (const Net *net, const gchar *x)
{
  const PmtVaeShape *shape = net->shape;
  const gint latent = shape->latent_channels;
  const gint width = shape->channels[shape->n_levels - 1];

  if (shape->has_quant_conv)
    x = add_conv (net, x, "post_quant_conv", latent, latent, 1);
  x = add_conv (net, x, "decoder.conv_in", latent, width, 3);
  x = add_middle (net, x, width);
  for (gint level = shape->n_levels - 1; level >= last_of_head (shape); level--)
    {
      x = add_up_blocks (net, x, level);
      if (level > last_of_head (shape))
        x = add_upsample (net, x, level);
    }
  return x;
}

static const gchar *
add_decoder_tail (const Net *net, const gchar *x)
{
  Net at = *net;

  at.scale = 1 << (net->shape->n_levels - 1 - last_of_head (net->shape));
  for (gint level = last_of_head (net->shape); level > 0; level--)
    {
      x = add_upsample (&at, x, level);
      at.scale *= 2;
      x = add_up_blocks (&at, x, level - 1);
    }
  return add_end (&at, x, net->shape->channels[0], 3);
}

/* Pads on the right and below only, where a UNet pads on all sides. */
static const gchar *
add_down (const Net *net, const gchar *x, gint level)
{
  PmtBuilder *builder = net->builder;
  const PmtVaeShape *shape = net->shape;
  const gint out = shape->channels[level];
  gint in = shape->channels[MAX (level - 1, 0)];
  PmtConv conv = { NULL, NULL, out, out, 3, 2, { 0, 0, 1, 1 }, FALSE };

  for (gint r = 0; r < shape->res_blocks; r++, in = out)
    x = add_block (
        net, x,
        pmt_builder_format (builder,
                            net->is_ldm ? "encoder.down.%d.block.%d."
                                        : "encoder.down_blocks.%d.resnets.%d.",
                            level, r),
        in, out);
  if (level == shape->n_levels - 1)
    return x;
  conv.name = pmt_builder_format (
      builder,
      net->is_ldm ? "encoder.down.%d.downsample.conv"
                  : "encoder.down_blocks.%d.downsamplers.0.conv",
      level);
  return pmt_layer_conv (builder, x, &conv);
}

static const gchar *
add_encoder (const Net *net, const gchar *x)
{
  const PmtVaeShape *shape = net->shape;
  const gint latent = shape->latent_channels;
  const gint width = shape->channels[shape->n_levels - 1];

  x = add_conv (net, x, "encoder.conv_in", 3, shape->channels[0], 3);
  for (gint level = 0; level < shape->n_levels; level++)
    x = add_down (net, x, level);
  x = add_middle (net, x, width);
  x = add_end (net, x, width, 2 * latent);
  if (shape->has_quant_conv)
    x = add_conv (net, x, "quant_conv", 2 * latent, 2 * latent, 1);
  return x;
}

/* Measured with ONNX Runtime 1.21 on a full-size autoencoder: up to 4.7 KB a
 * pixel for the decoder and 1.5 KB for the encoder, which is 4.6 and 2.9
 * times the activations of the widest layer at full size. */
guint64
pmt_vae_count_bytes (const PmtVaeShape *shape, PmtVaeSide side)
{
  const gint widest = side == PMT_VAE_DECODER
                          ? shape->channels[MIN (1, shape->n_levels - 1)]
                          : shape->channels[0];
  const guint64 times = side == PMT_VAE_DECODER ? 5 : 4;

  return (guint64)widest * sizeof (gfloat) * times;
}

/* The file's part that is read, and its values widened and packed. */
static guint64
count_weights (const PmtPart *part, const gchar *side)
{
  g_autofree gchar *start = g_strconcat (part->prefix, side, ".", NULL);
  guint64 bytes = 0;

  for (guint i = 0; i < pmt_weights_get_n (part->weights); i++)
    {
      const PmtWeight *weight = pmt_weights_get (part->weights, i);

      if (g_str_has_prefix (weight->name, start))
        bytes += weight->length + sizeof (gfloat) * pmt_weight_count (weight);
    }
  return bytes;
}

typedef const gchar *(*AddNetwork) (const Net *net, const gchar *x);

/* Writes and opens one network. */
static PmtSession *
open_network (PmtVae *vae,
              const gchar *side,
              AddNetwork add,
              gint in,
              gint out,
              GError **error)
{
  const PmtPart *part = &vae->checkpoint->vae;
  g_autoptr (PmtBuilder) builder =
      pmt_builder_new (PMT_NET_VAE, part, &vae->options, FALSE);
  const Net net = { .builder = builder,
                    .shape = &vae->shape,
                    .is_ldm = part->layout == PMT_LAYOUT_LDM,
                    .side = side };
  const gint64 in_dims[] = { 1, in, -1, -1 };
  const gint64 out_dims[] = { 1, out, -1, -1 };
  const gchar *x = pmt_builder_input (builder, "x", 4, in_dims, NULL);

  pmt_builder_output (builder, add (&net, x), "y", 4, out_dims, NULL);
  return pmt_builder_open (builder, error);
}

/* Two for each block of the tail's levels, and the last one. */
static gint
count_norms (const PmtVaeShape *shape)
{
  return 2 * last_of_head (shape) * (shape->res_blocks + 1) + 1;
}

gboolean
pmt_vae_open_tiles (PmtVae *vae, GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&vae->mutex);
  PmtVaeHalf *half = &vae->halves[PMT_VAE_DECODER];
  const PmtPart *part = &vae->checkpoint->vae;
  const gint64 groups = vae->shape.groups;
  const gint64 in_dims[] = { 1, half->head_channels, -1, -1 };
  const gint64 out_dims[] = { 1, 3, -1, -1 };
  const gint64 stats_dims[] = { count_norms (&vae->shape), 2, groups };
  const gint64 one = 1;
  const gint64 two = 2;
  g_autoptr (PmtBuilder) builder = NULL;
  g_autoptr (GPtrArray) found = NULL;
  Net net = { .shape = &vae->shape,
              .is_ldm = part->layout == PMT_LAYOUT_LDM,
              .side = "decoder" };
  const gchar *x;

  if (half->tiles != NULL)
    return TRUE;
  builder = pmt_builder_new (PMT_NET_VAE, part, &vae->options, FALSE);
  found = g_ptr_array_new ();
  net.builder = builder;
  net.found = found;
  x = pmt_builder_input (builder, "x", 4, in_dims, NULL);
  net.share = pmt_builder_input (builder, "share", 1, &one, NULL);
  pmt_graph_add_input (pmt_builder_get_graph (builder), PMT_VAE_FIRST,
                       PMT_TENSOR_INT64, 1, &two, NULL);
  pmt_graph_add_input (pmt_builder_get_graph (builder), PMT_VAE_LAST,
                       PMT_TENSOR_INT64, 1, &two, NULL);
  pmt_builder_output (builder, add_decoder_tail (&net, x), "y", 4, out_dims,
                      NULL);
  half->n_norms = (gint)found->len;
  g_ptr_array_add (found, NULL);
  pmt_builder_output (
      builder,
      pmt_layer_concat (builder, (const gchar *const *)found->pdata, 0),
      "found", 3, stats_dims, NULL);
  half->tiles = pmt_builder_open (builder, error);
  return half->tiles != NULL;
}

static gboolean
open_decoder (PmtVae *vae, PmtVaeHalf *half, GError **error)
{
  const PmtVaeShape *shape = &vae->shape;
  const gint last = last_of_head (shape);

  half->head_channels = shape->channels[last];
  half->head_scale = 1 << (shape->n_levels - 1 - last);
  half->head_bytes = (guint64)(half->head_scale * half->head_scale)
                     * (guint64)shape->channels[shape->n_levels - 1]
                     * sizeof (gfloat) * 5;
  half->head =
      open_network (vae, "decoder", add_decoder_head, shape->latent_channels,
                    half->head_channels, error);
  if (half->head == NULL)
    return FALSE;
  half->session = open_network (vae, "decoder", add_decoder_tail,
                                half->head_channels, 3, error);
  if (half->session == NULL)
    g_clear_pointer (&half->head, pmt_session_unref);
  return half->session != NULL;
}

gboolean
pmt_vae_open_half (PmtVae *vae,
                   PmtVaeSide side,
                   PmtVaeHalf *half,
                   GError **error)
{
  const gboolean is_decoder = side == PMT_VAE_DECODER;

  half->input = "x";
  half->output = "y";
  half->bytes_per_pixel = pmt_vae_count_bytes (&vae->shape, side);
  half->fixed_bytes =
      count_weights (&vae->checkpoint->vae, is_decoder ? "decoder" : "encoder");
  if (is_decoder)
    return open_decoder (vae, half, error);
  half->session = open_network (vae, "encoder", add_encoder, 3,
                                2 * vae->shape.latent_channels, error);
  return half->session != NULL;
}
