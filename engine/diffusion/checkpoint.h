/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* checkpoint.h: what a diffusion checkpoint of the user's is made of. */
#pragma once

#include "onnx/weights.h"

G_BEGIN_DECLS

#define PMT_MAX_LEVELS 4

/** PmtFamily: what the networks look like.  Illustrious, Pony and other
 * derived models are of the family that they were trained from. */
typedef enum
{
  PMT_FAMILY_SD1,
  PMT_FAMILY_SD2,
  PMT_FAMILY_SDXL
} PmtFamily;

/** PmtPrediction: what the UNet's output means. */
typedef enum
{
  PMT_PREDICTION_EPSILON, /* the noise */
  PMT_PREDICTION_V        /* velocity: Salimans and Ho 2022 */
} PmtPrediction;

/** PmtUnetKind: what the UNet takes beside the noisy latent. */
typedef enum
{
  PMT_UNET_PLAIN,   /* 4 channels */
  PMT_UNET_INPAINT, /* 9: mask, latent of the masked picture */
  PMT_UNET_EDIT     /* 8: latent of the picture (InstructPix2Pix) */
} PmtUnetKind;

/** PmtLayout: how the tensors of a network are named. */
typedef enum
{
  PMT_LAYOUT_LDM,         /* single files: CompVis, Stability */
  PMT_LAYOUT_DIFFUSERS,   /* folders of Hugging Face */
  PMT_LAYOUT_OPENCLIP,    /* text encoders of SD 2.x and SDXL in single files */
  PMT_LAYOUT_TRANSFORMERS /* text encoders of SD 1.x, and of folders */
} PmtLayout;

/**
 * PmtPart: where the tensors of one network are.
 * @weights: (nullable): %NULL: the checkpoint lacks this network
 * @prefix: stands before each of its tensors' names, such as
 *   "model.diffusion_model."; may be ""
 * @onnx: (nullable): an .onnx file instead (folders of Optimum); of a VAE the
 *   decoder
 * @onnx_encoder: (nullable): the encoder of such a VAE
 * @stamp: (nullable): which .onnx files these were, by their times
 *
 * With PMT_LAYOUT_TRANSFORMERS, @prefix ends with "text_model." where the
 * names have it; the projection stands before that: see
 * pmt_text_projection_name().
 */
typedef struct
{
  PmtWeights *weights;
  gchar *prefix;
  PmtLayout layout;
  gchar *onnx;
  gchar *onnx_encoder;
  gchar *stamp;
} PmtPart;

/**
 * PmtUnetShape: the UNet, read off its tensors; levels from full size down.
 * @channels: [@n_levels]
 * @depth_down: transformer blocks behind each residual block of a level, on
 *   the way down; @depth_up: on the way up
 * @depth_middle: those of the middle
 * @heads: [@n_levels]: attention heads of each level
 * @context: width of the text's states
 * @vector: width of the additional vector (SDXL), 0: none
 * @time_id_width: sinusoids for each of SDXL's six sizes
 * @has_linear_projections: proj_in and proj_out are linear (SD 2.x, SDXL)
 * @groups: of the group norms
 */
typedef struct
{
  gint in_channels;
  gint out_channels;
  gint n_levels;
  gint channels[PMT_MAX_LEVELS];
  gint res_blocks;
  gint depth_down[PMT_MAX_LEVELS];
  gint depth_up[PMT_MAX_LEVELS];
  gint depth_middle;
  gint heads[PMT_MAX_LEVELS];
  gint context;
  gint vector;
  gint time_id_width;
  gboolean has_linear_projections;
  gint groups;
} PmtUnetShape;

/**
 * PmtVaeShape: the autoencoder; channels from full size down.
 * @scaling: latents are multiplied by it before the UNet sees them
 * @has_quant_conv: 1x1 convolutions around the latent
 */
typedef struct
{
  gint n_levels;
  gint channels[PMT_MAX_LEVELS];
  gint res_blocks;
  gint latent_channels;
  gint groups;
  gdouble scaling;
  gboolean has_quant_conv;
} PmtVaeShape;

/**
 * PmtTextShape: a text encoder.
 * @mlp: width inside the feed-forward layers
 * @projection: width of the projected pooled state; 0: none
 * @is_quick_gelu: x * sigmoid (1.702 x) in place of the exact GELU
 * @pad_id: what fills a chunk: the end token, or 0
 * @vocabulary: rows of the embedding table; begin and end are the last two
 */
typedef struct
{
  gint width;
  gint layers;
  gint heads;
  gint mlp;
  gint projection;
  gint vocabulary;
  gint positions;
  gboolean is_quick_gelu;
  gint64 pad_id;
} PmtTextShape;

/**
 * PmtTraining: what the UNet was trained with.
 * @timesteps: number of them
 * @is_scaled_linear: betas are the squares of a linear ramp, otherwise a
 *   linear ramp
 * @is_zero_snr: rescaled to zero terminal signal to noise (Lin et al. 2023)
 */
typedef struct
{
  PmtPrediction prediction;
  gint timesteps;
  gdouble beta_start;
  gdouble beta_end;
  gboolean is_scaled_linear;
  gboolean is_zero_snr;
} PmtTraining;

/** PmtFewSteps: distilled checkpoints that want few steps and no CFG. */
typedef enum
{
  PMT_FEW_STEPS_NONE,
  PMT_FEW_STEPS_TURBO,
  PMT_FEW_STEPS_LCM,
  PMT_FEW_STEPS_LIGHTNING
} PmtFewSteps;

/**
 * PmtCheckpoint: immutable; reference counted; any thread.
 * @name: for people: the file's or folder's name without suffix
 * @path: as it was given
 * @native: side of a square picture that it was trained with, in pixels; from
 *   "sample_size" of a folder's unet/config.json, or what the family has
 * @n_texts: 1, SDXL 2 (the first CLIP-L, the second OpenCLIP bigG)
 * @clip_skip: layers to leave out at the end as the family is made: 1 for
 *   SD 1.x, 2 for SD 2.x (with the final norm) and SDXL (without)
 * @tokenizers: [@n_texts] (nullable): folders with vocab.json and merges.txt
 *   that came with the checkpoint
 * @few_steps: told by metadata or by a sidecar file, not by guessing
 */
typedef struct
{
  gatomicrefcount ref_count;
  gchar *name;
  gchar *path;
  PmtFamily family;
  PmtUnetKind kind;
  PmtFewSteps few_steps;
  PmtTraining training;
  gint native;
  PmtPart unet;
  PmtUnetShape unet_shape;
  PmtPart vae;
  PmtVaeShape vae_shape;
  gint n_texts;
  PmtPart texts[2];
  PmtTextShape text_shapes[2];
  gint clip_skip;
  gchar *tokenizers[2];
} PmtCheckpoint;

/**
 * pmt_checkpoint_open:
 * @path: a .safetensors file, a Diffusers folder or an ONNX folder
 * @error: PMT_ERROR_UNSUPPORTED: another kind of model, named as what it is
 *   (SD 3, Flux, a LoRA, an upscaler, ...); PMT_ERROR_MODEL: tensors are
 *   missing (the first few are named) or have wrong shapes; PMT_ERROR_FILE
 *
 * Recognized by the names and shapes of the tensors, never by the file's
 * name.  What they do not tell is read from the config.json files of a folder
 * or from a sidecar file NAME.config.json beside a single file; without one,
 * what the family usually has is assumed.
 * Opening reads headers and a few small tensors only.
 */
PmtCheckpoint *pmt_checkpoint_open (const gchar *path, GError **error);

/**
 * pmt_checkpoint_open_vae:
 * @path: a single VAE as a file, or a Diffusers folder of one
 *
 * Returns: (transfer full): a checkpoint of which only @vae and @vae_shape
 *   are set.
 */
PmtCheckpoint *pmt_checkpoint_open_vae (const gchar *path, GError **error);

PmtCheckpoint *pmt_checkpoint_ref (PmtCheckpoint *checkpoint);
void pmt_checkpoint_unref (PmtCheckpoint *checkpoint);

/** pmt_text_projection_name: (transfer full): the full name that the text
 * projection has if @part, a text encoder, has one. */
gchar *pmt_text_projection_name (const PmtPart *part);

/** pmt_checkpoint_count_unet: parameters of the UNet, for estimates; of an
 * ONNX folder what the family usually has. */
guint64 pmt_checkpoint_count_unet (const PmtCheckpoint *checkpoint);

/** pmt_family_label: (transfer none): "Stable Diffusion 1.x", ... */
const gchar *pmt_family_label (PmtFamily family);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PmtCheckpoint, pmt_checkpoint_unref)

G_END_DECLS
