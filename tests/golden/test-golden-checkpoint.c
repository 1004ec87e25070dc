/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* test-golden-checkpoint.c: what is read off the tensors of each checkpoint
 * against the configuration that it was made with. */
#include <string.h>

#include "diffusion/checkpoint.h"
#include "golden.h"

static gint
number (const cJSON *object, const gchar *key, gint fallback)
{
  const cJSON *node = cJSON_GetObjectItemCaseSensitive (object, key);

  return cJSON_IsNumber (node) ? node->valueint : fallback;
}

/* Entry @i of a list; a single number stands for every entry. */
static gint
entry (const cJSON *object, const gchar *key, gint i, gint fallback)
{
  const cJSON *node = cJSON_GetObjectItemCaseSensitive (object, key);

  if (cJSON_IsArray (node))
    node = cJSON_GetArrayItem (node, i);
  return cJSON_IsNumber (node) ? node->valueint : fallback;
}

static const gchar *
text (const cJSON *object, const gchar *key)
{
  return cJSON_GetStringValue (cJSON_GetObjectItemCaseSensitive (object, key));
}

static void
check_unet (const PmtUnetShape *shape, const cJSON *config)
{
  const cJSON *types =
      cJSON_GetObjectItemCaseSensitive (config, "down_block_types");

  g_assert_cmpint (shape->n_levels, ==, cJSON_GetArraySize (types));
  for (gint i = 0; i < shape->n_levels; i++)
    {
      const gchar *type = cJSON_GetStringValue (cJSON_GetArrayItem (types, i));
      const gint depth =
          g_str_equal (type, "CrossAttnDownBlock2D")
              ? entry (config, "transformer_layers_per_block", i, 1)
              : 0;

      g_assert_cmpint (shape->channels[i], ==,
                       entry (config, "block_out_channels", i, -1));
      g_assert_cmpint (shape->depth_down[i], ==, depth);
      g_assert_cmpint (shape->depth_up[i], ==, depth);
      g_assert_cmpint (shape->heads[i], ==,
                       entry (config, "attention_head_dim", i, -1));
    }
  g_assert_cmpint (
      shape->depth_middle, ==,
      entry (config, "transformer_layers_per_block", shape->n_levels - 1, 1));
  g_assert_cmpint (shape->in_channels, ==, number (config, "in_channels", -1));
  g_assert_cmpint (shape->out_channels, ==,
                   number (config, "out_channels", -1));
  g_assert_cmpint (shape->res_blocks, ==,
                   number (config, "layers_per_block", -1));
  g_assert_cmpint (shape->context, ==,
                   number (config, "cross_attention_dim", -1));
  g_assert_cmpint (shape->groups, ==, number (config, "norm_num_groups", -1));
  g_assert_cmpint (shape->vector, ==,
                   number (config, "projection_class_embeddings_input_dim", 0));
  g_assert_cmpint (shape->time_id_width, ==,
                   number (config, "addition_time_embed_dim", 0));
  g_assert_cmpint (shape->has_linear_projections, ==,
                   cJSON_IsTrue (cJSON_GetObjectItemCaseSensitive (
                       config, "use_linear_projection")));
}

static void
check_vae (const PmtVaeShape *shape, const cJSON *config)
{
  for (gint i = 0; i < shape->n_levels; i++)
    g_assert_cmpint (shape->channels[i], ==,
                     entry (config, "block_out_channels", i, -1));
  g_assert_cmpint (entry (config, "block_out_channels", shape->n_levels, -1),
                   ==, -1);
  g_assert_cmpint (shape->res_blocks, ==,
                   number (config, "layers_per_block", -1));
  g_assert_cmpint (shape->latent_channels, ==,
                   number (config, "latent_channels", -1));
  g_assert_cmpint (shape->groups, ==, number (config, "norm_num_groups", -1));
  g_assert_cmpfloat (
      shape->scaling, ==,
      cJSON_GetObjectItemCaseSensitive (config, "scaling_factor")->valuedouble);
  g_assert_cmpint (shape->has_quant_conv, ==,
                   cJSON_IsTrue (cJSON_GetObjectItemCaseSensitive (
                       config, "use_post_quant_conv")));
}

static void
check_text (const PmtTextShape *shape, const cJSON *config)
{
  g_assert_cmpint (shape->width, ==, number (config, "hidden_size", -1));
  g_assert_cmpint (shape->layers, ==, number (config, "num_hidden_layers", -1));
  g_assert_cmpint (shape->heads, ==,
                   number (config, "num_attention_heads", -1));
  g_assert_cmpint (shape->mlp, ==, number (config, "intermediate_size", -1));
  g_assert_cmpint (shape->vocabulary, ==, number (config, "vocab_size", -1));
  g_assert_cmpint (shape->positions, ==,
                   number (config, "max_position_embeddings", -1));
  g_assert_cmpint (shape->is_quick_gelu, ==,
                   g_str_equal (text (config, "hidden_act"), "quick_gelu"));
  g_assert_cmpint (shape->pad_id, ==, number (config, "pad_token_id", -1));
  if (shape->projection > 0)
    g_assert_cmpint (shape->projection, ==,
                     number (config, "projection_dim", -1));
}

static void
check_training (const PmtTraining *training, const cJSON *config)
{
  g_assert_cmpint (training->prediction, ==,
                   g_str_equal (text (config, "prediction_type"), "epsilon")
                       ? PMT_PREDICTION_EPSILON
                       : PMT_PREDICTION_V);
  g_assert_cmpint (training->timesteps, ==,
                   number (config, "num_train_timesteps", -1));
  g_assert_cmpint (
      training->is_scaled_linear, ==,
      g_str_equal (text (config, "beta_schedule"), "scaled_linear"));
}

static PmtCheckpoint *
open_checkpoint (const gchar *name)
{
  g_autofree gchar *path = golden_path ("checkpoints/%s", name);
  g_autoptr (GError) error = NULL;
  PmtCheckpoint *checkpoint = pmt_checkpoint_open (path, &error);

  g_assert_no_error (error);
  g_assert_nonnull (checkpoint);
  return checkpoint;
}

static void
test_file (const gchar *name)
{
  g_autofree gchar *file = g_strconcat (name, ".safetensors", NULL);
  g_autoptr (PmtCheckpoint) checkpoint = open_checkpoint (file);
  g_autoptr (cJSON) config = golden_json ("checkpoints/%s.config.json", name);
  const gchar *type = text (config, "type");
  const cJSON *texts =
      cJSON_GetObjectItemCaseSensitive (config, "text_encoders");

  g_assert_cmpstr (checkpoint->name, ==, name);
  check_unet (&checkpoint->unet_shape,
              cJSON_GetObjectItemCaseSensitive (config, "unet_diffusers"));
  check_vae (&checkpoint->vae_shape,
             cJSON_GetObjectItemCaseSensitive (config, "vae_diffusers"));
  check_training (&checkpoint->training, config);
  g_assert_cmpint (checkpoint->n_texts, ==, cJSON_GetArraySize (texts));
  for (gint i = 0; i < checkpoint->n_texts; i++)
    check_text (&checkpoint->text_shapes[i], cJSON_GetArrayItem (texts, i));
  g_assert_cmpint (checkpoint->family, ==,
                   g_str_has_prefix (type, "sdxl")  ? PMT_FAMILY_SDXL
                   : g_str_has_prefix (type, "sd2") ? PMT_FAMILY_SD2
                                                    : PMT_FAMILY_SD1);
  g_assert_cmpint (checkpoint->kind, ==,
                   g_str_has_suffix (type, "-inpaint") ? PMT_UNET_INPAINT
                   : g_str_has_suffix (type, "-ip2p")  ? PMT_UNET_EDIT
                                                       : PMT_UNET_PLAIN);
}

static void
test_folder (const gchar *name)
{
  g_autoptr (PmtCheckpoint) checkpoint = open_checkpoint (name);
  g_autoptr (cJSON) unet =
      golden_json ("checkpoints/%s/unet/config.json", name);
  g_autoptr (cJSON) vae = golden_json ("checkpoints/%s/vae/config.json", name);
  g_autoptr (cJSON) scheduler =
      golden_json ("checkpoints/%s/scheduler/scheduler_config.json", name);

  check_unet (&checkpoint->unet_shape, unet);
  check_vae (&checkpoint->vae_shape, vae);
  check_training (&checkpoint->training, scheduler);
  for (gint i = 0; i < checkpoint->n_texts; i++)
    {
      g_autoptr (cJSON) config =
          golden_json ("checkpoints/%s/text_encoder%s/config.json", name,
                       i == 1 ? "_2" : "");

      check_text (&checkpoint->text_shapes[i], config);
      g_assert_nonnull (checkpoint->tokenizers[i]);
    }
}

/* Files of other kinds in the folder are told apart. */
static void
test_foreign (void)
{
  static const gchar *const files[][2] = {
    { "lora/sd15_kohya.safetensors", "LoRA" },
    { "lora/sd15_peft.safetensors", "LoRA" },
    { "lora/sdxl_kohya_bf16.safetensors", "LoRA" },
    { "embeddings/sd15_emb.safetensors", "textual inversion" },
    { "embeddings/sdxl_emb.safetensors", "textual inversion" },
    { "taesd/taesd_decoder.safetensors", "TAESD" },
    { "taesd/diffusion_pytorch_model.safetensors", "TAESD" },
    { "upscalers/esrgan_x4_new.safetensors", "upscaler" },
    { "upscalers/esrgan_x4_old.safetensors", "upscaler" },
    { "upscalers/srvgg_x4.safetensors", "upscaler" },
    { "sd15_dir/text_encoder/model.safetensors", "text encoder" }
  };

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree gchar *path = golden_path ("checkpoints/%s", files[i][0]);
      g_autoptr (GError) error = NULL;

      if (!g_file_test (path, G_FILE_TEST_EXISTS))
        continue;
      g_assert_null (pmt_checkpoint_open (path, &error));
      g_assert_error (error, PMT_ERROR, PMT_ERROR_UNSUPPORTED);
      g_test_message ("%s", error->message);
      g_assert_nonnull (strstr (error->message, files[i][1]));
    }
}

static void
test_vae_alone (void)
{
  g_autofree gchar *file = golden_path ("checkpoints/sd15_tiny.safetensors");
  g_autofree gchar *folder = golden_path ("checkpoints/sd15_dir/vae");
  g_autofree gchar *whole = golden_path ("checkpoints/sd15_dir");
  const gchar *const paths[] = { file, folder, whole };

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PmtCheckpoint) checkpoint =
          pmt_checkpoint_open_vae (paths[i], &error);

      g_assert_no_error (error);
      g_assert_nonnull (checkpoint->vae.weights);
      g_assert_null (checkpoint->unet.weights);
      g_assert_cmpint (checkpoint->vae_shape.n_levels, >, 1);
    }
}

static void
test_checkpoint (gconstpointer data)
{
  const gchar *name = data;
  g_autofree gchar *stem = g_strdup (name);

  if (!g_str_has_suffix (name, ".safetensors"))
    {
      test_folder (name);
      return;
    }
  stem[strlen (stem) - strlen (".safetensors")] = '\0';
  test_file (stem);
}

static void
add (void)
{
  golden_add_checkpoints ("/golden/checkpoint", test_checkpoint);
  g_test_add_func ("/golden/checkpoint/foreign", test_foreign);
  g_test_add_func ("/golden/checkpoint/vae-alone", test_vae_alone);
}

int
main (int argc, char **argv)
{
  return golden_main (argc, argv, add);
}
