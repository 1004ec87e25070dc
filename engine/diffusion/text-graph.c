/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* text-graph.c: CLIP's text encoder as a network.
 * Source: Radford et al. 2021; names of transformers and of OpenCLIP. */
#include "config.h"

#include <string.h>

#include "diffusion/net-layers.h"
#include "diffusion/text-private.h"

#define TOKENS PMT_TEXT_TOKENS
#define EPSILON 1e-5f

typedef struct
{
  PmtBuilder *builder;
  const PmtTextShape *shape;
  gboolean is_openclip;
  const gchar *stem; /* of all names but the projection's */
} Text;

/* (transfer none): @tail of layer @i in the file. */
static const gchar *
layer_name (const Text *text, gint i, const gchar *open, const gchar *plain)
{
  return text->is_openclip
             ? pmt_builder_format (text->builder, "transformer.resblocks.%d.%s",
                                   i, open)
             : pmt_builder_format (text->builder, "%sencoder.layers.%d.%s",
                                   text->stem, i, plain);
}

/* (transfer none): how LoRAs call it. */
static const gchar *
module_name (const Text *text, gint i, const gchar *tail)
{
  return pmt_builder_format (text->builder, "text_model.encoder.layers.%d.%s",
                             i, tail);
}

/* Query, key or value; OpenCLIP keeps the three in one tensor. */
static const gchar *
add_head_input (const Text *text, const gchar *x, gint layer, gint which)
{
  static const gchar *const names[] = { "self_attn.q_proj", "self_attn.k_proj",
                                        "self_attn.v_proj" };
  const gint width = text->shape->width;
  const gchar *module = module_name (text, layer, names[which]);
  PmtLinear linear = { .module = module, .in = width, .out = width };

  if (!text->is_openclip)
    return pmt_layer_linear_named (text->builder, x,
                                   layer_name (text, layer, "", names[which]),
                                   module, width, width, TRUE);
  linear.weight = layer_name (text, layer, "attn.in_proj_weight", "");
  linear.bias = layer_name (text, layer, "attn.in_proj_bias", "");
  linear.rows = 3 * width;
  linear.first_row = which * width;
  return pmt_layer_linear (text->builder, x, &linear);
}

static const gchar *
add_attention (const Text *text, const gchar *x, gint layer)
{
  PmtBuilder *builder = text->builder;
  const gint width = text->shape->width;
  const gchar *y = pmt_layer_norm (
      builder, x, layer_name (text, layer, "ln_1", "layer_norm1"), width,
      EPSILON);
  const gchar *q = add_head_input (text, y, layer, 0);
  const gchar *k = add_head_input (text, y, layer, 1);
  const gchar *v = add_head_input (text, y, layer, 2);

  y = pmt_layer_attention (builder, q, k, v, text->shape->heads, TRUE);
  y = pmt_layer_linear_named (
      builder, y,
      layer_name (text, layer, "attn.out_proj", "self_attn.out_proj"),
      module_name (text, layer, "self_attn.out_proj"), width, width, TRUE);
  return pmt_layer_add (builder, x, y);
}

static const gchar *
add_feed_forward (const Text *text, const gchar *x, gint layer)
{
  PmtBuilder *builder = text->builder;
  const gint width = text->shape->width;
  const gint mlp = text->shape->mlp;
  const gchar *y = pmt_layer_norm (
      builder, x, layer_name (text, layer, "ln_2", "layer_norm2"), width,
      EPSILON);

  y = pmt_layer_linear_named (
      builder, y, layer_name (text, layer, "mlp.c_fc", "mlp.fc1"),
      module_name (text, layer, "mlp.fc1"), width, mlp, TRUE);
  y = text->shape->is_quick_gelu ? pmt_layer_quick_gelu (builder, y)
                                 : pmt_layer_gelu (builder, y);
  y = pmt_layer_linear_named (
      builder, y, layer_name (text, layer, "mlp.c_proj", "mlp.fc2"),
      module_name (text, layer, "mlp.fc2"), mlp, width, TRUE);
  return pmt_layer_add (builder, x, y);
}

static const gchar *
add_positions (const Text *text, const gchar *rows)
{
  const gchar *name =
      text->is_openclip
          ? "positional_embedding"
          : pmt_builder_format (text->builder,
                                "%sembeddings.position_embedding.weight",
                                text->stem);
  const PmtTensorUse use = {
    name, NULL, 2, { TOKENS, text->shape->width }, 0, 0
  };

  return pmt_layer_add (text->builder, rows,
                        pmt_builder_tensor (text->builder, &use));
}

static void
add_projection (const Text *text, const gchar *x)
{
  const gint64 dims[] = { 1, TOKENS, text->shape->projection };
  const PmtLinear linear = { .weight = text->is_openclip
                                           ? "text_projection"
                                           : "text_projection.weight",
                             .module = "text_projection",
                             .in = text->shape->width,
                             .out = text->shape->projection,
                             .is_transposed = text->is_openclip };

  pmt_builder_output (text->builder,
                      pmt_layer_linear (text->builder, x, &linear), "projected",
                      3, dims, NULL);
}

/* Returns the state with the final norm. */
static const gchar *
add_outputs (const Text *text, const gchar *x, gint layer)
{
  const gint64 dims[] = { 1, TOKENS, text->shape->width };
  const gchar *norm =
      text->is_openclip ? "ln_final"
                        : pmt_builder_format (text->builder,
                                              "%sfinal_layer_norm", text->stem);
  const gchar *y =
      pmt_layer_norm (text->builder, x, norm, text->shape->width, EPSILON);
  g_autofree gchar *plain = pmt_text_output_name (layer, FALSE);
  g_autofree gchar *normed = pmt_text_output_name (layer, TRUE);

  pmt_builder_output (text->builder, x, plain, 3, dims, NULL);
  pmt_builder_output (text->builder, y, normed, 3, dims, NULL);
  return y;
}

static void
add_network (const Text *text)
{
  const gint64 dims[] = { 1, TOKENS, text->shape->width };
  const gchar *x = pmt_builder_input (text->builder, "rows", 3, dims, NULL);
  const gchar *last = NULL;

  x = add_positions (text, x);
  for (gint i = 0; i < text->shape->layers; i++)
    {
      x = add_attention (text, x, i);
      x = add_feed_forward (text, x, i);
      last = add_outputs (text, x, i + 1);
    }
  if (text->shape->projection > 0)
    add_projection (text, last);
}

PmtSession *
pmt_text_open_graph (PmtTextEncoder *encoder,
                     gint which,
                     const PmtNetOptions *options,
                     GError **error)
{
  static const gchar stem[] = "text_model.";
  const gboolean has_stem = encoder->part->layout == PMT_LAYOUT_TRANSFORMERS
                            && g_str_has_suffix (encoder->part->prefix, stem);
  g_autofree gchar *prefix = g_strdup (encoder->part->prefix);
  PmtPart part = *encoder->part;
  g_autoptr (PmtBuilder) builder = NULL;
  Text text = { .shape = &encoder->shape,
                .is_openclip = part.layout == PMT_LAYOUT_OPENCLIP,
                .stem = has_stem ? stem : "" };

  /* The projection stands above "text_model." */
  if (has_stem)
    prefix[strlen (prefix) - strlen (stem)] = '\0';
  part.prefix = prefix;
  /* A prompt is read once, so its weights are widened as they are used. */
  builder = pmt_builder_new (which == 0 ? PMT_NET_TEXT_1 : PMT_NET_TEXT_2,
                             &part, options, FALSE);
  text.builder = builder;
  add_network (&text);
  return pmt_builder_open (builder, error);
}

gchar *
pmt_text_output_name (gint layer, gboolean has_final_norm)
{
  return g_strdup_printf ("%s.%d", has_final_norm ? "norm" : "hidden", layer);
}
