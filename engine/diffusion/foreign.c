/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* foreign.c: models of other kinds, known by the names of their tensors. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "diffusion/checkpoint-private.h"

/* How @text has to stand in a name, once "model.diffusion_model." and the
 * like are taken off. */
typedef enum
{
  AT_START,
  AT_END,
  ANYWHERE
} Place;

typedef struct
{
  Place place;
  const gchar *text;
  const gchar *label;
} Mark;

/* Read from top to bottom: what is at home in one kind only comes first.
 * Facts on the names: from the published files of each model. */
static const Mark marks[] = {
  { AT_START, "lora_unet_", N_ ("a LoRA") },
  { AT_START, "lora_te", N_ ("a LoRA") },
  { ANYWHERE, ".lora_down.", N_ ("a LoRA") },
  { ANYWHERE, ".lora_A.", N_ ("a LoRA") },
  { ANYWHERE, ".lora.down.", N_ ("a LoRA") },
  { ANYWHERE, "_lora.down.", N_ ("a LoRA") },
  { ANYWHERE, ".hada_w1_a", N_ ("a LoHa, a relative of LoRA") },
  { ANYWHERE, ".lokr_w1", N_ ("a LoKr, a relative of LoRA") },
  { ANYWHERE, "zero_convs.", N_ ("a ControlNet") },
  { AT_START, "control_model.", N_ ("a ControlNet") },
  { AT_START, "controlnet_", N_ ("a ControlNet") },
  { AT_START, "controlnet_cond_embedding.", N_ ("a ControlNet") },
  { AT_START, "ip_adapter.", N_ ("an IP-Adapter") },
  { ANYWHERE, ".to_k_ip.", N_ ("an IP-Adapter") },
  { AT_START, "adapter.body.", N_ ("a T2I-Adapter") },
  { AT_START, "body.0.resnets.", N_ ("a T2I-Adapter") },
  { AT_START, "body.0.block1.", N_ ("a T2I-Adapter") },
  { ANYWHERE, ".motion_modules.", N_ ("an AnimateDiff motion module") },
  { ANYWHERE, ".time_stack.", N_ ("Stable Video Diffusion") },
  { ANYWHERE, ".time_mixer.", N_ ("Stable Video Diffusion") },
  { ANYWHERE, ".temporal_transformer_blocks.", N_ ("Stable Video Diffusion") },
  { ANYWHERE, ".weight.absmax", N_ ("a checkpoint quantized to 4 bits") },
  { ANYWHERE, ".weight.quant_state", N_ ("a checkpoint quantized to 4 bits") },
  { AT_END, ".scale_weight", N_ ("a checkpoint quantized to 8 bits") },
  { AT_START, "edm_mean", N_ ("a Playground model in the EDM formulation") },
  { AT_START, "edm_vpred.", N_ ("a CosXL model in the EDM formulation") },
  { AT_START, "encoder_hid_proj.", N_ ("Kolors or a relative of it") },
  { AT_END, "time_embed.cond_proj.weight",
    N_ ("a consistency model that takes the guidance as an input") },
  { AT_END, "time_embedding.cond_proj.weight",
    N_ ("a consistency model that takes the guidance as an input") },
  { AT_START, "joint_blocks.", N_ ("Stable Diffusion 3") },
  { AT_START, "distilled_guidance_layer.", N_ ("Chroma") },
  { AT_START, "double_stream_modulation_img.", N_ ("Flux 2") },
  { AT_START, "txt_in.individual_token_refiner.", N_ ("Hunyuan Video") },
  { AT_START, "double_blocks.", N_ ("Flux") },
  { AT_START, "single_transformer_blocks.", N_ ("Flux") },
  { AT_START, "clip_txt_mapper.", N_ ("Stable Cascade") },
  { AT_START, "clip_txt_pooled_mapper.", N_ ("Stable Cascade") },
  { AT_START, "effnet_mapper.", N_ ("Stable Cascade") },
  { AT_START, "clf.1.", N_ ("Stable Cascade") },
  { AT_START, "double_layers.", N_ ("AuraFlow") },
  { AT_START, "joint_transformer_blocks.", N_ ("AuraFlow") },
  { AT_START, "mlp_t5.", N_ ("Hunyuan-DiT") },
  { AT_START, "patchify_proj.", N_ ("LTX Video") },
  { AT_START, "t5_yproj.", N_ ("Mochi, a video model") },
  { AT_START, "blocks.block0.", N_ ("Cosmos, a video model") },
  { AT_START, "head.modulation", N_ ("Wan, a video model") },
  { AT_START, "cap_embedder.", N_ ("Lumina or Z-Image") },
  { AT_START, "txt_norm.", N_ ("Qwen-Image") },
  { AT_START, "t_block.1.", N_ ("PixArt") },
  { AT_START, "adaln_single.", N_ ("PixArt") },
  { AT_START, "y_embedder.", N_ ("PixArt") },
  { AT_START, "transformer_blocks.0.attn.add_k_proj.",
    N_ ("Stable Diffusion 3") },
  { AT_START, "embedder.model.visual.",
    N_ ("a Stable Diffusion unCLIP model") },
  { AT_START, "conditioner.embedders.0.model.", N_ ("the SDXL refiner") }
};

/* Only asked when no UNet was found. */
static const Mark parts[] = {
  { AT_START, "emb_params", N_ ("a textual inversion embedding") },
  { AT_START, "string_to_param", N_ ("a textual inversion embedding") },
  { AT_START, "clip_g", N_ ("a textual inversion embedding") },
  { AT_START, "clip_l", N_ ("a textual inversion embedding") },
  { AT_START, "RRDB_trunk.", N_ ("an upscaler") },
  { AT_START, "conv_first.", N_ ("an upscaler") },
  { AT_START, "model.1.sub.", N_ ("an upscaler") },
  { AT_START, "upsampler.", N_ ("an upscaler") },
  { AT_START, "decoder.layers.", N_ ("a tiny autoencoder (TAESD)") },
  { AT_START, "3.conv.0.", N_ ("a tiny autoencoder (TAESD)") },
  { AT_START, "decoder.conv_in.", N_ ("an autoencoder (VAE)") },
  { AT_START, "first_stage_model.decoder.", N_ ("an autoencoder (VAE)") },
  { AT_START, "vision_model.", N_ ("an image encoder (CLIP vision)") },
  { AT_START, "visual.", N_ ("an image encoder (CLIP vision)") },
  { AT_START, "text_model.", N_ ("a text encoder (CLIP)") },
  { AT_START, "transformer.resblocks.", N_ ("a text encoder (CLIP)") },
  { AT_START, "cond_stage_model.", N_ ("a text encoder (CLIP)") },
  { AT_START, "conditioner.embedders.", N_ ("a text encoder (CLIP)") },
  { AT_START, "encoder.block.0.layer.", N_ ("a text encoder (T5)") },
  { AT_START, "model.layers.0.self_attn.", N_ ("a language model") },
  { AT_START, "body.0.", N_ ("an upscaler") },
  { AT_START, "model.0.weight", N_ ("an upscaler") }
};

static const gchar *const prefixes[] = { "model.diffusion_model.",
                                         "diffusion_model.", "model.model.",
                                         "transformer." };

static const gchar *
strip (const gchar *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (prefixes); i++)
    if (g_str_has_prefix (name, prefixes[i]))
      return name + strlen (prefixes[i]);
  return name;
}

static gboolean
matches (const Mark *mark, const gchar *name)
{
  if (mark->place == ANYWHERE)
    return strstr (name, mark->text) != NULL;
  if (mark->place == AT_END)
    return g_str_has_suffix (name, mark->text);
  return g_str_has_prefix (name, mark->text)
         || g_str_has_prefix (strip (name), mark->text);
}

static const gchar *
find_mark (PmtWeights *weights, const Mark *table, guint n)
{
  for (guint m = 0; m < n; m++)
    for (guint i = 0; i < pmt_weights_get_n (weights); i++)
      if (matches (&table[m], pmt_weights_get (weights, i)->name))
        return _ (table[m].label);
  return NULL;
}

const gchar *
pmt_foreign_label (PmtWeights *weights)
{
  return find_mark (weights, marks, G_N_ELEMENTS (marks));
}

static void
set_error (PmtWeights *weights, const gchar *label, GError **error)
{
  g_set_error (error, PMT_ERROR, PMT_ERROR_UNSUPPORTED,
               /* translators: the second is such as "a LoRA" or "Flux" */
               _ ("“%s” is %s, not a checkpoint that Pentimento can run. "
                  "Choose a Stable Diffusion 1.x, 2.x or SDXL checkpoint."),
               pmt_weights_get_name (weights), label);
}

/* Weights of 8 bits have no kernels, and widening them is not done. */
static const PmtWeight *
find_narrow (PmtWeights *weights)
{
  for (guint i = 0; i < pmt_weights_get_n (weights); i++)
    {
      const PmtWeight *weight = pmt_weights_get (weights, i);

      if (g_str_has_prefix (weight->dtype, "F8")
          || (weight->rank >= 2 && g_str_has_suffix (weight->name, ".weight")
              && (g_str_equal (weight->dtype, "I8")
                  || g_str_equal (weight->dtype, "U8"))))
        return weight;
    }
  return NULL;
}

gboolean
pmt_foreign_check (PmtWeights *weights, GError **error)
{
  const gchar *label = pmt_foreign_label (weights);
  const PmtWeight *narrow = find_narrow (weights);

  if (label != NULL)
    set_error (weights, label, error);
  else if (narrow != NULL)
    g_set_error (error, PMT_ERROR, PMT_ERROR_UNSUPPORTED,
                 _ ("“%s” keeps its weights in 8 bits (%s), which is not "
                    "supported. Choose its version with 16 bits (fp16)."),
                 pmt_weights_get_name (weights), narrow->dtype);
  return label == NULL && narrow == NULL;
}

void
pmt_foreign_fail (PmtWeights *weights, GError **error)
{
  const gchar *label = find_mark (weights, parts, G_N_ELEMENTS (parts));

  if (label != NULL)
    set_error (weights, label, error);
  else
    g_set_error (error, PMT_ERROR, PMT_ERROR_UNSUPPORTED,
                 _ ("“%s” is not a checkpoint of a kind that Pentimento "
                    "knows. Choose a Stable Diffusion 1.x, 2.x or SDXL "
                    "checkpoint."),
                 pmt_weights_get_name (weights));
}
