/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* checkpoint-unet.c: the shape of a UNet, read off its tensors. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "diffusion/checkpoint-private.h"

#define HEAD_WIDTH 64
#define SD1_HEADS 8
#define TIME_IDS 6

/* Sides of latents, each of 8 pixels. */
#define LATENT_PIXELS 8
#define MIN_LATENT 24
#define MAX_LATENT 256

/* A level on the way down, the middle, or a level on the way up. */
typedef enum
{
  SIDE_DOWN,
  SIDE_MIDDLE,
  SIDE_UP
} Side;

typedef struct
{
  PmtPartReader reader;
  PmtUnetShape *shape;
  gboolean is_ldm;
} Look;

/* (transfer full): what stands before the names of residual block @r (the
 * attention behind it when @has_attention) of @level. */
static gchar *
block_name (
    const Look *look, Side side, gint level, gint r, gboolean has_attention)
{
  const PmtUnetShape *shape = look->shape;
  const gchar *kind = has_attention ? "attentions" : "resnets";
  const gint up = shape->n_levels - 1 - level;

  if (look->is_ldm && side == SIDE_DOWN)
    return g_strdup_printf ("input_blocks.%d.%d.",
                            1 + level * (shape->res_blocks + 1) + r,
                            has_attention);
  if (look->is_ldm && side == SIDE_UP)
    return g_strdup_printf ("output_blocks.%d.%d.",
                            up * (shape->res_blocks + 1) + r, has_attention);
  if (look->is_ldm)
    return g_strdup_printf ("middle_block.%d.", has_attention ? 1 : 2 * r);
  if (side == SIDE_DOWN)
    return g_strdup_printf ("down_blocks.%d.%s.%d.", level, kind, r);
  if (side == SIDE_UP)
    return g_strdup_printf ("up_blocks.%d.%s.%d.", up, kind, r);
  return g_strdup_printf ("mid_block.%s.%d.", kind, r);
}

static const gchar *
first_conv (const Look *look)
{
  return look->is_ldm ? "in_layers.2.weight" : "conv1.weight";
}

static gboolean
has_block (const Look *look, gint level, gint r)
{
  g_autofree gchar *name = block_name (look, SIDE_DOWN, level, r, FALSE);

  return pmt_part_find (look->reader.part, "%s%s", name, first_conv (look))
         != NULL;
}

/* Where levels lie in the list of LDM's blocks depends on the number of
 * residual blocks, so that is counted first. */
static gboolean
count_blocks (Look *look, GError **error)
{
  PmtUnetShape *shape = look->shape;

  while (shape->res_blocks < PMT_MAX_DEPTH
         && has_block (look, 0, shape->res_blocks))
    shape->res_blocks++;
  while (shape->res_blocks > 0 && shape->n_levels <= PMT_MAX_LEVELS
         && has_block (look, shape->n_levels, 0))
    shape->n_levels++;
  if (shape->res_blocks > 0 && shape->n_levels >= 2
      && shape->n_levels <= PMT_MAX_LEVELS)
    return TRUE;
  g_set_error (error, PMT_ERROR, PMT_ERROR_UNSUPPORTED,
               _ ("“%s” has a diffusion network of a kind that is not "
                  "supported. Choose a Stable Diffusion 1.x, 2.x or SDXL "
                  "checkpoint."),
               pmt_weights_get_name (look->reader.part->weights));
  return FALSE;
}

static gint
count_transformers (const Look *look, Side side, gint level, gint r)
{
  g_autofree gchar *name = block_name (look, side, level, r, TRUE);
  gint depth = 0;

  while (depth < PMT_MAX_DEPTH
         && pmt_part_find (look->reader.part,
                           "%stransformer_blocks.%d.norm1.weight", name, depth)
                != NULL)
    depth++;
  return depth;
}

/* The attention's context, and the kind of projections around it. */
static void
read_attention (Look *look, Side side, gint level, gint r)
{
  g_autofree gchar *name = block_name (look, side, level, r, TRUE);
  const PmtWeight *projection =
      pmt_part_find (look->reader.part, "%sproj_in.weight", name);
  const PmtWeight *key = pmt_part_reader_need (
      &look->reader, 2, "%stransformer_blocks.0.attn2.to_k.weight", name);
  const gint width = key != NULL ? (gint)key->dims[1] : 0;

  if (projection != NULL)
    look->shape->has_linear_projections = projection->rank == 2;
  if (key != NULL && look->shape->context != 0 && look->shape->context != width)
    pmt_part_reader_reject (&look->reader, key);
  else
    look->shape->context = width;
}

/* All blocks of a side of a level are alike in the supported families; in
 * some small distilled models they are not. */
static gboolean
read_side (Look *look, Side side, gint level, gint *depth)
{
  const PmtUnetShape *shape = look->shape;
  const gint n = shape->res_blocks + (side == SIDE_UP ? 1 : 0);

  *depth = count_transformers (look, side, level, 0);
  for (gint r = 0; r < n; r++)
    {
      g_autofree gchar *name = block_name (look, side, level, r, FALSE);
      const PmtWeight *conv = pmt_part_reader_need (&look->reader, 4, "%s%s",
                                                    name, first_conv (look));

      if (conv != NULL && shape->channels[level] != conv->dims[0])
        pmt_part_reader_reject (&look->reader, conv);
      if (count_transformers (look, side, level, r) != *depth)
        return FALSE;
      if (*depth > 0)
        read_attention (look, side, level, r);
    }
  return TRUE;
}

static gboolean
read_levels (Look *look, GError **error)
{
  PmtUnetShape *shape = look->shape;
  gboolean is_even = TRUE;

  for (gint level = 0; level < shape->n_levels; level++)
    {
      g_autofree gchar *name = block_name (look, SIDE_DOWN, level, 0, FALSE);

      shape->channels[level] = pmt_part_reader_need_dim (
          &look->reader, 4, 0, "%s%s", name, first_conv (look));
      is_even = read_side (look, SIDE_DOWN, level, &shape->depth_down[level])
                && read_side (look, SIDE_UP, level, &shape->depth_up[level])
                && is_even;
    }
  shape->depth_middle = count_transformers (look, SIDE_MIDDLE, 0, 0);
  if (shape->depth_middle > 0)
    read_attention (look, SIDE_MIDDLE, 0, 0);
  if (is_even)
    return TRUE;
  g_set_error (error, PMT_ERROR, PMT_ERROR_UNSUPPORTED,
               _ ("“%s” is a reduced model with uneven blocks, such as SSD-1B "
                  "or Segmind Vega, which is not supported. Choose a full "
                  "SDXL checkpoint."),
               pmt_weights_get_name (look->reader.part->weights));
  return FALSE;
}

static void
read_ends (Look *look)
{
  const gboolean is_ldm = look->is_ldm;
  PmtUnetShape *shape = look->shape;
  const PmtWeight *vector = pmt_part_find (
      look->reader.part, "%s",
      is_ldm ? "label_emb.0.0.weight" : "add_embedding.linear_1.weight");

  shape->in_channels = pmt_part_reader_need_dim (
      &look->reader, 4, 1, "%s",
      is_ldm ? "input_blocks.0.0.weight" : "conv_in.weight");
  shape->out_channels = pmt_part_reader_need_dim (
      &look->reader, 4, 0, "%s", is_ldm ? "out.2.weight" : "conv_out.weight");
  pmt_part_reader_need (&look->reader, 2, "%s",
                        is_ldm ? "time_embed.0.weight"
                               : "time_embedding.linear_1.weight");
  if (vector != NULL && vector->rank == 2 && vector->dims[1] > 0
      && vector->dims[1] <= PMT_MAX_WIDTH)
    shape->vector = (gint)vector->dims[1];
  else if (vector != NULL)
    pmt_part_reader_reject (&look->reader, vector);
}

static void
set_family (PmtCheckpoint *checkpoint)
{
  PmtUnetShape *shape = &checkpoint->unet_shape;

  checkpoint->family = shape->vector > 0               ? PMT_FAMILY_SDXL
                       : shape->has_linear_projections ? PMT_FAMILY_SD2
                                                       : PMT_FAMILY_SD1;
  for (gint level = 0; level < shape->n_levels; level++)
    shape->heads[level] = checkpoint->family == PMT_FAMILY_SD1
                              ? SD1_HEADS
                              : MAX (1, shape->channels[level] / HEAD_WIDTH);
  shape->time_id_width = shape->vector > 0 ? 256 : 0;
  shape->groups = 32;
  checkpoint->n_texts = checkpoint->family == PMT_FAMILY_SDXL ? 2 : 1;
  checkpoint->clip_skip = checkpoint->family == PMT_FAMILY_SD1 ? 1 : 2;
  checkpoint->vae_shape.scaling =
      checkpoint->family == PMT_FAMILY_SDXL ? 0.13025 : 0.18215;
}

gboolean
pmt_checkpoint_read_unet (PmtCheckpoint *checkpoint, GError **error)
{
  Look look = { .shape = &checkpoint->unet_shape,
                .is_ldm = checkpoint->unet.layout == PMT_LAYOUT_LDM };
  gboolean is_read;

  *look.shape = (PmtUnetShape){ 0 };
  pmt_part_reader_begin (&look.reader, &checkpoint->unet);
  is_read = count_blocks (&look, error) && read_levels (&look, error);
  if (is_read)
    read_ends (&look);
  if (!pmt_part_reader_end (&look.reader, is_read ? error : NULL) || !is_read)
    return FALSE;
  set_family (checkpoint);
  return TRUE;
}

/* Sides of latents that pictures are made with; others are left aside. */
static void
read_native (PmtCheckpoint *checkpoint, const PmtConfig *config)
{
  const cJSON *side =
      cJSON_GetObjectItemCaseSensitive (config->json, "sample_size");

  if (cJSON_IsNumber (side) && side->valuedouble >= MIN_LATENT
      && side->valuedouble <= MAX_LATENT)
    checkpoint->native = LATENT_PIXELS * side->valueint;
}

gboolean
pmt_checkpoint_configure_unet (PmtCheckpoint *checkpoint,
                               const PmtConfig *config,
                               GError **error)
{
  PmtUnetShape *shape = &checkpoint->unet_shape;
  /* Diffusers keeps the number of heads under the wrong name. */
  const gchar *heads = pmt_config_has (config, "num_attention_heads")
                           ? "num_attention_heads"
                           : "attention_head_dim";

  read_native (checkpoint, config);
  return pmt_config_ints (config, heads, 1, PMT_MAX_WIDTH, shape->n_levels,
                          shape->heads, error)
         && pmt_config_int (config, "norm_num_groups", 1, PMT_MAX_WIDTH,
                            &shape->groups, error)
         && (shape->vector == 0
             || pmt_config_int (config, "addition_time_embed_dim", 1,
                                PMT_MAX_WIDTH, &shape->time_id_width, error));
}

/* Levels with attention, from the names of the blocks. */
static gboolean
describe_depths (PmtUnetShape *shape, const PmtConfig *config, GError **error)
{
  const cJSON *blocks =
      cJSON_GetObjectItemCaseSensitive (config->json, "down_block_types");
  gint depths[PMT_MAX_LEVELS] = { 1, 1, 1, 1 };

  if (!pmt_config_ints (config, "transformer_layers_per_block", 1,
                        PMT_MAX_DEPTH, shape->n_levels, depths, error))
    return FALSE;
  for (gint level = 0; level < shape->n_levels; level++)
    {
      const gchar *type =
          cJSON_GetStringValue (cJSON_GetArrayItem (blocks, level));

      if (g_strcmp0 (type, "CrossAttnDownBlock2D") == 0)
        shape->depth_down[level] = depths[level];
      shape->depth_up[level] = shape->depth_down[level];
    }
  shape->depth_middle = depths[shape->n_levels - 1];
  return TRUE;
}

gboolean
pmt_checkpoint_describe_unet (PmtCheckpoint *checkpoint,
                              const PmtConfig *config,
                              GError **error)
{
  PmtUnetShape *shape = &checkpoint->unet_shape;
  const cJSON *levels =
      cJSON_GetObjectItemCaseSensitive (config->json, "block_out_channels");

  *shape = (PmtUnetShape){
    .in_channels = 4, .out_channels = 4, .res_blocks = 2, .context = 768
  };
  if (pmt_config_has (config, "time_cond_proj_dim"))
    return pmt_checkpoint_fail (checkpoint, PMT_ERROR_UNSUPPORTED,
                                _ ("“%s” is a consistency model that takes "
                                   "the guidance as an input, which is not "
                                   "supported. Choose another checkpoint."),
                                error);
  shape->n_levels = CLAMP (cJSON_GetArraySize (levels), 1, PMT_MAX_LEVELS);
  if (!pmt_config_int (config, "in_channels", 1, 64, &shape->in_channels, error)
      || !pmt_config_int (config, "out_channels", 1, 64, &shape->out_channels,
                          error)
      || !pmt_config_int (config, "layers_per_block", 1, PMT_MAX_DEPTH,
                          &shape->res_blocks, error)
      || !pmt_config_int (config, "cross_attention_dim", 1, PMT_MAX_WIDTH,
                          &shape->context, error)
      || !pmt_config_int (config, "projection_class_embeddings_input_dim", 1,
                          PMT_MAX_WIDTH, &shape->vector, error)
      || !pmt_config_ints (config, "block_out_channels", 1, PMT_MAX_WIDTH,
                           shape->n_levels, shape->channels, error)
      || !pmt_config_bool (config, "use_linear_projection",
                           &shape->has_linear_projections, error)
      || !describe_depths (shape, config, error))
    return FALSE;
  set_family (checkpoint);
  return pmt_checkpoint_configure_unet (checkpoint, config, error);
}

static gboolean
set_kind (PmtCheckpoint *checkpoint, GError **error)
{
  const gint in = checkpoint->unet_shape.in_channels;
  const gint out = checkpoint->unet_shape.out_channels;

  if (in == out)
    checkpoint->kind = PMT_UNET_PLAIN;
  else if (in == 2 * out + 1)
    checkpoint->kind = PMT_UNET_INPAINT;
  else if (in == 2 * out)
    checkpoint->kind = PMT_UNET_EDIT;
  else if (in == out + 1)
    return pmt_checkpoint_fail (checkpoint, PMT_ERROR_UNSUPPORTED,
                                _ ("“%s” is a depth-to-image model, which is "
                                   "not supported. Choose another "
                                   "checkpoint."),
                                error);
  else
    return pmt_checkpoint_fail (checkpoint, PMT_ERROR_UNSUPPORTED,
                                _ ("“%s” has a diffusion network with "
                                   "unusual input channels (an upscaler?), "
                                   "which is not supported. Choose another "
                                   "checkpoint."),
                                error);
  return TRUE;
}

/* Concatenations on the way up are of such widths as well, so that what
 * holds for each level holds for them. */
static gboolean
are_sizes_sound (const PmtUnetShape *shape)
{
  for (gint level = 0; level < shape->n_levels; level++)
    {
      const gint channels = shape->channels[level];
      const gboolean has_heads =
          shape->depth_down[level] > 0 || shape->depth_up[level] > 0
          || (level == shape->n_levels - 1 && shape->depth_middle > 0);

      if (channels < 1 || channels > PMT_MAX_WIDTH
          || channels % shape->groups != 0
          || (has_heads && channels % shape->heads[level] != 0))
        return FALSE;
    }
  return shape->channels[0] % 2 == 0 && shape->out_channels <= 64
         && shape->context > 0 && shape->context <= PMT_MAX_WIDTH
         && shape->vector >= 0 && shape->vector <= PMT_MAX_WIDTH
         && (shape->vector == 0
             || (shape->time_id_width % 2 == 0
                 && shape->time_id_width * TIME_IDS < shape->vector));
}

gboolean
pmt_checkpoint_check_unet (PmtCheckpoint *checkpoint, GError **error)
{
  if (!are_sizes_sound (&checkpoint->unet_shape))
    return pmt_checkpoint_fail (checkpoint, PMT_ERROR_MODEL,
                                _ ("The diffusion network of “%s” has sizes "
                                   "that do not fit together. The model is "
                                   "damaged, or it needs a configuration "
                                   "file beside it."),
                                error);
  return set_kind (checkpoint, error);
}
