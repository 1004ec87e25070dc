/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* checkpoint-vae.c: the shape of an autoencoder, read off its tensors. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "diffusion/checkpoint-private.h"

static gboolean
has_block (const PmtPart *part, gint level, gint r)
{
  return pmt_part_find (part,
                        part->layout == PMT_LAYOUT_LDM
                            ? "encoder.down.%d.block.%d.conv1.weight"
                            : "encoder.down_blocks.%d.resnets.%d.conv1.weight",
                        level, r)
         != NULL;
}

static void
read_levels (PmtPartReader *reader, PmtVaeShape *shape)
{
  const gboolean is_ldm = reader->part->layout == PMT_LAYOUT_LDM;

  while (shape->res_blocks < PMT_MAX_DEPTH
         && has_block (reader->part, 0, shape->res_blocks))
    shape->res_blocks++;
  while (shape->n_levels <= PMT_MAX_LEVELS
         && has_block (reader->part, shape->n_levels, 0))
    shape->n_levels++;
  for (gint level = 0; level < MIN (shape->n_levels, PMT_MAX_LEVELS); level++)
    shape->channels[level] = pmt_part_reader_need_dim (
        reader, 4, 0,
        is_ldm ? "encoder.down.%d.block.0.conv1.weight"
               : "encoder.down_blocks.%d.resnets.0.conv1.weight",
        level);
}

gboolean
pmt_checkpoint_read_vae (PmtCheckpoint *checkpoint, GError **error)
{
  PmtVaeShape *shape = &checkpoint->vae_shape;
  const gdouble scaling = shape->scaling;
  PmtPartReader reader;

  *shape = (PmtVaeShape){ .groups = 32, .scaling = scaling };
  pmt_part_reader_begin (&reader, &checkpoint->vae);
  read_levels (&reader, shape);
  shape->latent_channels =
      pmt_part_reader_need_dim (&reader, 4, 1, "decoder.conv_in.weight");
  pmt_part_reader_need (&reader, 4, "encoder.conv_in.weight");
  pmt_part_reader_need (&reader, 4, "encoder.conv_out.weight");
  pmt_part_reader_need (&reader, 4, "decoder.conv_out.weight");
  shape->has_quant_conv =
      pmt_part_find (&checkpoint->vae, "post_quant_conv.weight") != NULL;
  return pmt_part_reader_end (&reader, error);
}

static gboolean
fail_latents (const PmtConfig *config, GError **error)
{
  g_set_error (error, PMT_ERROR, PMT_ERROR_UNSUPPORTED,
               _ ("The autoencoder that “%s” describes shifts its latents, "
                  "as those of SD 3 and Flux do, which is not supported."),
               config->label);
  return FALSE;
}

gboolean
pmt_checkpoint_configure_vae (PmtCheckpoint *checkpoint,
                              const PmtConfig *config,
                              GError **error)
{
  PmtVaeShape *shape = &checkpoint->vae_shape;
  gdouble shift = 0;

  if (!pmt_config_number (config, "scaling_factor", 1e-4, 1e4, &shape->scaling,
                          error)
      || !pmt_config_int (config, "norm_num_groups", 1, PMT_MAX_WIDTH,
                          &shape->groups, error)
      || !pmt_config_number (config, "shift_factor", -1e4, 1e4, &shift, error))
    return FALSE;
  if (shift != 0 || pmt_config_has (config, "latents_mean")
      || pmt_config_has (config, "latents_std"))
    return fail_latents (config, error);
  return TRUE;
}

gboolean
pmt_checkpoint_describe_vae (PmtCheckpoint *checkpoint,
                             const PmtConfig *config,
                             GError **error)
{
  PmtVaeShape *shape = &checkpoint->vae_shape;
  const gdouble scaling = shape->scaling;
  const cJSON *levels =
      cJSON_GetObjectItemCaseSensitive (config->json, "block_out_channels");

  *shape = (PmtVaeShape){ .res_blocks = 2,
                          .latent_channels = 4,
                          .groups = 32,
                          .scaling = scaling,
                          .has_quant_conv = TRUE };
  shape->n_levels = CLAMP (cJSON_GetArraySize (levels), 1, PMT_MAX_LEVELS);
  return pmt_config_int (config, "layers_per_block", 1, PMT_MAX_DEPTH,
                         &shape->res_blocks, error)
         && pmt_config_int (config, "latent_channels", 1, 64,
                            &shape->latent_channels, error)
         && pmt_config_ints (config, "block_out_channels", 1, PMT_MAX_WIDTH,
                             shape->n_levels, shape->channels, error)
         && pmt_checkpoint_configure_vae (checkpoint, config, error);
}

gboolean
pmt_checkpoint_check_vae (PmtCheckpoint *checkpoint, GError **error)
{
  const PmtVaeShape *shape = &checkpoint->vae_shape;
  gboolean is_sound = shape->n_levels >= 1 && shape->n_levels <= PMT_MAX_LEVELS
                      && shape->res_blocks >= 1 && shape->latent_channels >= 1
                      && shape->latent_channels <= 64;

  for (gint level = 0; is_sound && level < shape->n_levels; level++)
    is_sound = shape->channels[level] >= 1
               && shape->channels[level] <= PMT_MAX_WIDTH
               && shape->channels[level] % shape->groups == 0;
  return is_sound
         || pmt_checkpoint_fail (checkpoint, PMT_ERROR_MODEL,
                                 _ ("The autoencoder (VAE) of “%s” has sizes "
                                    "that do not fit together. The model is "
                                    "damaged, or it needs a configuration "
                                    "file beside it."),
                                 error);
}
