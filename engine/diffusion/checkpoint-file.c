/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* checkpoint-file.c: checkpoints that are one file. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <string.h>

#include "diffusion/checkpoint-private.h"

/* One way in which a network may stand in a file. */
typedef struct
{
  const gchar *prefix;
  const gchar *mark; /* a tensor that it surely has */
  PmtLayout layout;
} Place;

static const Place unet_places[] = {
  { "model.diffusion_model.", "input_blocks.0.0.weight", PMT_LAYOUT_LDM },
  { "", "input_blocks.0.0.weight", PMT_LAYOUT_LDM },
  { "diffusion_model.", "input_blocks.0.0.weight", PMT_LAYOUT_LDM },
  { "", "down_blocks.0.resnets.0.conv1.weight", PMT_LAYOUT_DIFFUSERS },
  { "unet.", "down_blocks.0.resnets.0.conv1.weight", PMT_LAYOUT_DIFFUSERS }
};
static const Place vae_places[] = {
  { "first_stage_model.", "decoder.mid.block_1.conv1.weight", PMT_LAYOUT_LDM },
  { "vae.", "decoder.mid.block_1.conv1.weight", PMT_LAYOUT_LDM },
  { "", "decoder.mid.block_1.conv1.weight", PMT_LAYOUT_LDM },
  { "", "decoder.mid_block.resnets.0.conv1.weight", PMT_LAYOUT_DIFFUSERS },
  { "vae.", "decoder.mid_block.resnets.0.conv1.weight", PMT_LAYOUT_DIFFUSERS }
};
static const Place text_places[] = {
  { "cond_stage_model.transformer.text_model.",
    "embeddings.token_embedding.weight", PMT_LAYOUT_TRANSFORMERS },
  /* Of the first programs of 2022. */
  { "cond_stage_model.transformer.", "embeddings.token_embedding.weight",
    PMT_LAYOUT_TRANSFORMERS },
  { "cond_stage_model.model.", "token_embedding.weight", PMT_LAYOUT_OPENCLIP },
  { "conditioner.embedders.0.transformer.text_model.",
    "embeddings.token_embedding.weight", PMT_LAYOUT_TRANSFORMERS }
};
static const Place second_places[] = {
  { "conditioner.embedders.1.model.", "token_embedding.weight",
    PMT_LAYOUT_OPENCLIP },
  { "conditioner.embedders.1.transformer.text_model.",
    "embeddings.token_embedding.weight", PMT_LAYOUT_TRANSFORMERS }
};

static gboolean
place_part (PmtPart *part, PmtWeights *weights, const Place *places, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      if (pmt_weights_find_format (weights, "%s%s", places[i].prefix,
                                   places[i].mark)
          == NULL)
        continue;
      part->weights = pmt_weights_ref (weights);
      part->prefix = g_strdup (places[i].prefix);
      part->layout = places[i].layout;
      return TRUE;
    }
  return FALSE;
}

/* What the file itself tells. */
static gboolean
read_parts (PmtCheckpoint *checkpoint, PmtWeights *weights, GError **error)
{
  if (!place_part (&checkpoint->unet, weights, unet_places,
                   G_N_ELEMENTS (unet_places)))
    {
      pmt_foreign_fail (weights, error);
      return FALSE;
    }
  if (!pmt_checkpoint_read_unet (checkpoint, error))
    return FALSE;
  if (place_part (&checkpoint->vae, weights, vae_places,
                  G_N_ELEMENTS (vae_places))
      && !pmt_checkpoint_read_vae (checkpoint, error))
    return FALSE;
  if (place_part (&checkpoint->texts[0], weights, text_places,
                  G_N_ELEMENTS (text_places))
      && !pmt_checkpoint_read_text (checkpoint, 0, error))
    return FALSE;
  return checkpoint->n_texts < 2
         || !place_part (&checkpoint->texts[1], weights, second_places,
                         G_N_ELEMENTS (second_places))
         || pmt_checkpoint_read_text (checkpoint, 1, error);
}

static gchar *
sidecar_path (const gchar *path, const gchar *suffix)
{
  const gchar *dot = strrchr (path, '.');
  const gchar *slash = strrchr (path, G_DIR_SEPARATOR);
  const gsize stem = dot != NULL && (slash == NULL || dot > slash)
                         ? (gsize)(dot - path)
                         : strlen (path);

  return g_strdup_printf ("%.*s%s", (gint)stem, path, suffix);
}

/* The width of heads as the programs of LDM's kind are told it. */
static gboolean
configure_ldm (PmtCheckpoint *checkpoint,
               const PmtConfig *config,
               GError **error)
{
  PmtUnetShape *shape = &checkpoint->unet_shape;
  gint width = 0;
  gint heads = 0;

  if (!pmt_config_int (config, "num_head_channels", -1, PMT_MAX_WIDTH, &width,
                       error)
      || !pmt_config_int (config, "num_heads", -1, PMT_MAX_WIDTH, &heads,
                          error))
    return FALSE;
  for (gint level = 0; level < shape->n_levels; level++)
    if (width > 0)
      shape->heads[level] = MAX (1, shape->channels[level] / width);
    else if (heads > 0)
      shape->heads[level] = heads;
  return TRUE;
}

static gboolean
configure_texts (PmtCheckpoint *checkpoint,
                 const PmtConfig *config,
                 GError **error)
{
  const cJSON *texts =
      cJSON_GetObjectItemCaseSensitive (config->json, "text_encoders");

  for (gint i = 0; i < checkpoint->n_texts; i++)
    {
      const PmtConfig text = { cJSON_GetArrayItem (texts, i), config->label };

      if (!pmt_checkpoint_configure_text (checkpoint, i, &text, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
read_sidecar (PmtCheckpoint *checkpoint, GError **error)
{
  g_autofree gchar *path = sidecar_path (checkpoint->path, ".config.json");
  g_autofree gchar *base = g_path_get_basename (path);
  g_autofree gchar *label = g_filename_display_name (base);
  g_autoptr (cJSON) root = NULL;
  PmtConfig config = { NULL, label };
  PmtConfig ldm;
  PmtConfig unet;
  PmtConfig vae;

  if (!pmt_config_load (path, &root, error))
    return FALSE;
  config.json = root;
  ldm = pmt_config_child (&config, "unet_ldm");
  unet = pmt_config_child (&config, "unet_diffusers");
  vae = pmt_config_child (&config, "vae_diffusers");
  return pmt_checkpoint_configure_training (checkpoint, &config, error)
         && configure_ldm (checkpoint, &ldm, error)
         && pmt_checkpoint_configure_unet (checkpoint, &unet, error)
         && pmt_checkpoint_configure_vae (checkpoint, &vae, error)
         && configure_texts (checkpoint, &config, error)
         && pmt_config_int (&config, "clip_skip", 1, PMT_MAX_DEPTH,
                            &checkpoint->clip_skip, error);
}

static gboolean
check (PmtCheckpoint *checkpoint, GError **error)
{
  if (!pmt_checkpoint_check_unet (checkpoint, error))
    return FALSE;
  if (pmt_part_has (&checkpoint->vae)
      && !pmt_checkpoint_check_vae (checkpoint, error))
    return FALSE;
  for (gint i = 0; i < checkpoint->n_texts; i++)
    if (pmt_part_has (&checkpoint->texts[i])
        && !pmt_checkpoint_check_text (checkpoint, i, error))
      return FALSE;
  return pmt_checkpoint_check_all (checkpoint, error);
}

/* Other formats of models begin with their name. */
static gboolean
check_start (const gchar *path, GError **error)
{
  g_autofree gchar *base = g_path_get_basename (path);
  g_autofree gchar *label = g_filename_display_name (base);
  gchar start[4] = { 0 };
  FILE *file;

  if (!g_file_test (path, G_FILE_TEST_IS_REGULAR))
    return TRUE;
  file = fopen (path, "rb");
  if (file == NULL)
    return TRUE;
  if (fread (start, 1, sizeof start, file) < sizeof start)
    start[0] = '\0';
  fclose (file);
  if (memcmp (start, "GGUF", 4) != 0)
    return TRUE;
  g_set_error (error, PMT_ERROR, PMT_ERROR_UNSUPPORTED,
               _ ("“%s” is a quantized model in the GGUF format, which is not "
                  "supported. Choose its .safetensors version."),
               label);
  return FALSE;
}

PmtCheckpoint *
pmt_checkpoint_open_file (const gchar *path, GError **error)
{
  g_autoptr (PmtCheckpoint) checkpoint = pmt_checkpoint_new (path);
  g_autofree gchar *yaml = sidecar_path (path, ".yaml");
  g_autoptr (PmtWeights) weights = NULL;

  if (!check_start (path, error))
    return NULL;
  weights = pmt_weights_open (path, error);
  if (weights == NULL || !pmt_foreign_check (weights, error)
      || !read_parts (checkpoint, weights, error))
    return NULL;
  if (!pmt_checkpoint_guess_training (checkpoint, error)
      || !pmt_checkpoint_read_yaml (checkpoint, yaml, error)
      || !read_sidecar (checkpoint, error) || !check (checkpoint, error))
    return NULL;
  return g_steal_pointer (&checkpoint);
}

gboolean
pmt_checkpoint_place_vae (PmtCheckpoint *checkpoint, PmtWeights *weights)
{
  return place_part (&checkpoint->vae, weights, vae_places,
                     G_N_ELEMENTS (vae_places));
}

static gboolean
read_vae_sidecar (PmtCheckpoint *checkpoint, GError **error)
{
  g_autofree gchar *path = sidecar_path (checkpoint->path, ".config.json");
  g_autofree gchar *base = g_path_get_basename (path);
  g_autofree gchar *label = g_filename_display_name (base);
  g_autoptr (cJSON) root = NULL;
  PmtConfig config = { NULL, label };

  if (!pmt_config_load (path, &root, error))
    return FALSE;
  config.json = root;
  if (pmt_config_has (&config, "vae_diffusers"))
    config = pmt_config_child (&config, "vae_diffusers");
  return pmt_checkpoint_configure_vae (checkpoint, &config, error);
}

PmtCheckpoint *
pmt_checkpoint_open_vae_file (const gchar *path, GError **error)
{
  g_autoptr (PmtCheckpoint) checkpoint = pmt_checkpoint_new (path);
  g_autoptr (PmtWeights) weights = pmt_weights_open (path, error);

  if (weights == NULL || !pmt_foreign_check (weights, error))
    return NULL;
  if (!pmt_checkpoint_place_vae (checkpoint, weights))
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_UNSUPPORTED,
                   _ ("“%s” holds no autoencoder (VAE) of Stable Diffusion. "
                      "Choose another file."),
                   pmt_weights_get_name (weights));
      return NULL;
    }
  if (!pmt_checkpoint_read_vae (checkpoint, error)
      || !read_vae_sidecar (checkpoint, error)
      || !pmt_checkpoint_check_vae (checkpoint, error))
    return NULL;
  return g_steal_pointer (&checkpoint);
}
