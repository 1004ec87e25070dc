/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* test-checkpoint.c: what is made of good and bad checkpoint files. */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "diffusion/checkpoint.h"
#include "tiny-file.h"

#define PREFIX "model.diffusion_model."

/* A folder that is removed in the end, and a checkpoint file in it. */
typedef struct
{
  gchar *folder;
  gchar *path;
  TinyFile *file;
} Place;

static void
set_up (Place *place, gconstpointer data)
{
  const TinyUnet unet = { 4, FALSE, 0 };
  g_autoptr (GError) error = NULL;

  place->folder = g_dir_make_tmp ("pentimento-XXXXXX", &error);
  g_assert_no_error (error);
  place->path = g_build_filename (place->folder, "my.safetensors", NULL);
  place->file = tiny_file_new ();
  tiny_file_add_unet (place->file, &unet);
}

static void
remove_folder (const gchar *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const gchar *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree gchar *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR))
        remove_folder (child);
      else
        g_unlink (child);
    }
  g_rmdir (path);
}

static void
tear_down (Place *place, gconstpointer data)
{
  remove_folder (place->folder);
  tiny_file_free (place->file);
  g_free (place->folder);
  g_free (place->path);
}

static void
replace_unet (Place *place, const TinyUnet *unet)
{
  tiny_file_free (place->file);
  place->file = tiny_file_new ();
  tiny_file_add_unet (place->file, unet);
}

static PmtCheckpoint *
open_good (Place *place)
{
  g_autoptr (GError) error = NULL;
  PmtCheckpoint *checkpoint;

  tiny_file_write (place->file, place->path);
  checkpoint = pmt_checkpoint_open (place->path, &error);
  g_assert_no_error (error);
  return checkpoint;
}

static void
assert_fails (const gchar *path, PmtError code, const gchar *text)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (pmt_checkpoint_open (path, &error));
  g_assert_nonnull (error);
  g_test_message ("%s", error->message);
  g_assert_error (error, PMT_ERROR, (gint)code);
  g_assert_nonnull (strstr (error->message, text));
}

static void
assert_bad (Place *place, PmtError code, const gchar *text)
{
  tiny_file_write (place->file, place->path);
  assert_fails (place->path, code, text);
}

static void
write_text (Place *place, const gchar *name, const gchar *text)
{
  g_autofree gchar *path = g_build_filename (place->folder, name, NULL);
  g_autofree gchar *parent = g_path_get_dirname (path);
  g_autoptr (GError) error = NULL;

  g_mkdir_with_parents (parent, 0700);
  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
}

/* ------------------------------------------------------------- families -- */

static void
test_families (Place *place, gconstpointer data)
{
  static const struct
  {
    TinyUnet unet;
    PmtFamily family;
    PmtUnetKind kind;
    gint heads;
  } cases[] = {
    { { 4, FALSE, 0 }, PMT_FAMILY_SD1, PMT_UNET_PLAIN, 8 },
    { { 9, FALSE, 0 }, PMT_FAMILY_SD1, PMT_UNET_INPAINT, 8 },
    { { 8, FALSE, 0 }, PMT_FAMILY_SD1, PMT_UNET_EDIT, 8 },
    { { 4, TRUE, 0 }, PMT_FAMILY_SD2, PMT_UNET_PLAIN, 1 },
    { { 4, TRUE, 1600 }, PMT_FAMILY_SDXL, PMT_UNET_PLAIN, 1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PmtCheckpoint) checkpoint = NULL;

      replace_unet (place, &cases[i].unet);
      checkpoint = open_good (place);
      g_assert_cmpint (checkpoint->family, ==, cases[i].family);
      g_assert_cmpint (checkpoint->kind, ==, cases[i].kind);
      g_assert_cmpint (checkpoint->unet_shape.heads[0], ==, cases[i].heads);
      g_assert_cmpint (checkpoint->unet_shape.n_levels, ==, 4);
      g_assert_cmpint (checkpoint->unet_shape.context, ==, 48);
      g_assert_cmpint (checkpoint->unet_shape.vector, ==, cases[i].unet.vector);
      g_assert_null (checkpoint->vae.weights);
      g_assert_null (checkpoint->texts[0].weights);
      g_assert_cmpstr (checkpoint->name, ==, "my");
    }
}

static void
test_channels (Place *place, gconstpointer data)
{
  const TinyUnet depth = { 5, TRUE, 0 };
  const TinyUnet odd = { 7, TRUE, 0 };

  replace_unet (place, &depth);
  assert_bad (place, PMT_ERROR_UNSUPPORTED, "depth");
  replace_unet (place, &odd);
  assert_bad (place, PMT_ERROR_UNSUPPORTED, "input channels");
}

/* -------------------------------------------------------------- tensors -- */

static void
test_missing (Place *place, gconstpointer data)
{
  tiny_file_remove (place->file, PREFIX "out.2.weight");
  assert_bad (place, PMT_ERROR_MODEL, PREFIX "out.2.weight");
  tiny_file_remove (place->file, PREFIX "output_blocks.7.0.in_layers.2.weight");
  assert_bad (place, PMT_ERROR_MODEL,
              PREFIX "output_blocks.7.0.in_layers.2.weight");
}

static void
test_shapes (Place *place, gconstpointer data)
{
  const TinyUnet unet = { 4, FALSE, 0 };

  tiny_file_add (place->file, "F16",
                 PREFIX "input_blocks.5.0.in_layers.2.weight",
                 TINY_DIMS (32, 64, 3, 3));
  assert_bad (place, PMT_ERROR_MODEL, "input_blocks.5.0.in_layers.2.weight");
  replace_unet (place, &unet);
  tiny_file_add (place->file, "F16", PREFIX "time_embed.0.weight",
                 TINY_DIMS (256));
  assert_bad (place, PMT_ERROR_MODEL, "time_embed.0.weight (256)");
}

static void
test_widths (Place *place, gconstpointer data)
{
  tiny_file_add (place->file, "F16",
                 PREFIX "input_blocks.10.1.transformer_blocks.0.attn2.to_k."
                        "weight",
                 TINY_DIMS (64, 50));
  assert_bad (place, PMT_ERROR_MODEL, "attn2.to_k.weight (64 × 50)");
}

static void
test_uneven (Place *place, gconstpointer data)
{
  tiny_file_add (place->file, "F16",
                 PREFIX "input_blocks.2.1.transformer_blocks.1.norm1.weight",
                 TINY_DIMS (64));
  assert_bad (place, PMT_ERROR_UNSUPPORTED, "uneven");
}

static void
test_eight_bits (Place *place, gconstpointer data)
{
  tiny_file_add (place->file, "F8_E4M3", PREFIX "out.2.weight",
                 TINY_DIMS (4, 64, 3, 3));
  assert_bad (place, PMT_ERROR_UNSUPPORTED, "F8_E4M3");
}

/* -------------------------------------------------------------- foreign -- */

static void
test_foreign (Place *place, gconstpointer data)
{
  static const gchar *const cases[][2] = {
    { "model.diffusion_model.joint_blocks.0.x_block.attn.qkv.weight",
      "Stable Diffusion 3" },
    { "double_blocks.0.img_attn.norm.key_norm.scale", "Flux" },
    { "model.diffusion_model.double_blocks.0.img_attn.qkv.weight", "Flux" },
    { "single_transformer_blocks.0.attn.to_q.weight", "Flux" },
    { "model.diffusion_model.clip_txt_mapper.weight", "Stable Cascade" },
    { "model.diffusion_model.t_block.1.weight", "PixArt" },
    { "model.diffusion_model.mlp_t5.0.weight", "Hunyuan" },
    { "model.diffusion_model.double_layers.0.attn.w1q.weight", "AuraFlow" },
    { "model.diffusion_model.head.modulation", "Wan" },
    { "model.diffusion_model.input_blocks.1.0.time_stack.in_layers.0.weight",
      "Stable Video Diffusion" },
    { "control_model.input_blocks.0.0.weight", "ControlNet" },
    { "zero_convs.0.0.weight", "ControlNet" },
    { "controlnet_cond_embedding.conv_in.weight", "ControlNet" },
    { "adapter.body.0.resnets.0.block1.weight", "T2I-Adapter" },
    { "ip_adapter.1.to_k_ip.weight", "IP-Adapter" },
    { "lora_unet_down_blocks_0_attentions_0_proj_in.lora_down.weight", "LoRA" },
    { "unet.down_blocks.0.attentions.0.proj_in.lora_A.weight", "LoRA" },
    { "lora_unet_mid_block_attentions_0_proj_in.hada_w1_a", "LoRA" },
    { "emb_params", "textual inversion" },
    { "clip_g", "textual inversion" },
    { "conv_first.weight", "upscaler" },
    { "model.0.weight", "upscaler" },
    { "decoder.conv_in.weight", "autoencoder (VAE)" },
    { "decoder.layers.0.weight", "TAESD" },
    { "text_model.embeddings.token_embedding.weight", "text encoder (CLIP)" },
    { "encoder.block.0.layer.0.SelfAttention.q.weight", "text encoder (T5)" },
    { "conditioner.embedders.0.model.ln_final.weight", "SDXL refiner" },
    { "something.else", "of a kind that Pentimento knows" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (TinyFile) file = tiny_file_new ();

      tiny_file_add (file, "F32", cases[i][0], TINY_DIMS (2, 2));
      tiny_file_write (file, place->path);
      assert_fails (place->path, PMT_ERROR_UNSUPPORTED, cases[i][1]);
    }
}

static void
test_other_formats (Place *place, gconstpointer data)
{
  write_text (place, "my.safetensors", "GGUF and what follows it");
  assert_fails (place->path, PMT_ERROR_UNSUPPORTED, "GGUF");
  write_text (place, "my.safetensors", "");
  assert_fails (place->path, PMT_ERROR_MODEL, "my.safetensors");
  g_unlink (place->path);
  assert_fails (place->path, PMT_ERROR_FILE, "my.safetensors");
}

/* -------------------------------------------------------------- sidecar -- */

static void
test_sidecar (Place *place, gconstpointer data)
{
  g_autoptr (PmtCheckpoint) checkpoint = NULL;

  write_text (place, "my.config.json",
              "{\"prediction_type\": \"v_prediction\", \"beta_end\": 0.02,"
              " \"rescale_betas_zero_snr\": true, \"few_steps\": \"turbo\","
              " \"num_train_timesteps\": 500, \"clip_skip\": 2,"
              " \"unet_diffusers\": {\"attention_head_dim\": [1, 2, 4, 4],"
              "  \"norm_num_groups\": 16, \"unknown\": [[]]},"
              " \"vae_diffusers\": null, \"text_encoders\": []}");
  checkpoint = open_good (place);
  g_assert_cmpint (checkpoint->training.prediction, ==, PMT_PREDICTION_V);
  g_assert_cmpfloat (checkpoint->training.beta_end, ==, 0.02);
  g_assert_true (checkpoint->training.is_zero_snr);
  g_assert_cmpint (checkpoint->training.timesteps, ==, 500);
  g_assert_cmpint (checkpoint->few_steps, ==, PMT_FEW_STEPS_TURBO);
  g_assert_cmpint (checkpoint->clip_skip, ==, 2);
  g_assert_cmpint (checkpoint->unet_shape.heads[1], ==, 2);
  g_assert_cmpint (checkpoint->unet_shape.groups, ==, 16);
}

static void
test_hostile_sidecar (Place *place, gconstpointer data)
{
  static const gchar *const cases[][2] = {
    { "{", "my.config.json" },
    { "[]", "my.config.json" },
    { "null", "my.config.json" },
    { "{\"num_train_timesteps\": 1e300}", "num_train_timesteps" },
    { "{\"num_train_timesteps\": -1}", "num_train_timesteps" },
    { "{\"num_train_timesteps\": 1.5}", "num_train_timesteps" },
    { "{\"num_train_timesteps\": \"1000\"}", "num_train_timesteps" },
    { "{\"beta_start\": 2}", "beta_start" },
    { "{\"rescale_betas_zero_snr\": 1}", "rescale_betas_zero_snr" },
    { "{\"unet_diffusers\": {\"attention_head_dim\": [1, 2]}}",
      "attention_head_dim" },
    { "{\"unet_diffusers\": {\"attention_head_dim\": 0}}",
      "attention_head_dim" },
    { "{\"unet_diffusers\": {\"attention_head_dim\": 7}}",
      "do not fit together" },
    { "{\"unet_diffusers\": {\"norm_num_groups\": 3}}", "do not fit together" },
    { "{\"unet_ldm\": {\"num_heads\": 9}}", "do not fit together" },
    { "{\"unet_ldm\": {\"num_head_channels\": 1e9}}", "num_head_channels" },
    { "{\"clip_skip\": 0}", "clip_skip" },
  };

  tiny_file_write (place->file, place->path);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      write_text (place, "my.config.json", cases[i][0]);
      assert_fails (place->path, PMT_ERROR_MODEL, cases[i][1]);
    }
  write_text (place, "my.config.json", "{\"prediction_type\": \"sample\"}");
  assert_fails (place->path, PMT_ERROR_UNSUPPORTED, "prediction_type");
  write_text (place, "my.config.json",
              "{\"vae_diffusers\":"
              " {\"shift_factor\": 0.1}}");
  assert_fails (place->path, PMT_ERROR_UNSUPPORTED, "autoencoder");
}

/* ------------------------------------------------------------- training -- */

static void
assert_prediction (Place *place, PmtPrediction prediction)
{
  g_autoptr (PmtCheckpoint) checkpoint = open_good (place);

  g_assert_cmpint (checkpoint->training.prediction, ==, prediction);
}

static void
test_velocity (Place *place, gconstpointer data)
{
  const TinyUnet sd2 = { 4, TRUE, 0 };
  const TinyUnet sdxl = { 4, TRUE, 1600 };
  const gchar *bias =
      PREFIX "output_blocks.11.1.transformer_blocks.0.norm1.bias";

  assert_prediction (place, PMT_PREDICTION_EPSILON);
  write_text (place, "my.yaml",
              "model:\n  params:\n    parameterization: \"v\" # new\n");
  assert_prediction (place, PMT_PREDICTION_V);
  write_text (place, "my.yaml", "parameterization: eps\n");
  assert_prediction (place, PMT_PREDICTION_EPSILON);
  tiny_file_set_metadata (place->file, "modelspec.prediction_type", "v");
  write_text (place, "my.yaml", "other: 1\n");
  assert_prediction (place, PMT_PREDICTION_V);

  replace_unet (place, &sd2);
  assert_prediction (place, PMT_PREDICTION_EPSILON);
  tiny_file_add_floats (place->file, bias, TINY_DIMS (64), 0.05f);
  assert_prediction (place, PMT_PREDICTION_EPSILON);
  tiny_file_add_floats (place->file, bias, TINY_DIMS (64), 0.5f);
  assert_prediction (place, PMT_PREDICTION_V);

  replace_unet (place, &sdxl);
  assert_prediction (place, PMT_PREDICTION_EPSILON);
  tiny_file_add (place->file, "F32", "v_pred", TINY_DIMS (1));
  assert_prediction (place, PMT_PREDICTION_V);
}

static void
test_few_steps (Place *place, gconstpointer data)
{
  static const struct
  {
    const gchar *title;
    PmtFewSteps few_steps;
  } cases[] = { { "Dreams XL Turbo v2", PMT_FEW_STEPS_TURBO },
                { "Turbocharged", PMT_FEW_STEPS_NONE },
                { "sdxl_lightning_4step", PMT_FEW_STEPS_LIGHTNING },
                { "my LCM", PMT_FEW_STEPS_LCM },
                { "my model", PMT_FEW_STEPS_NONE } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PmtCheckpoint) checkpoint = NULL;

      tiny_file_set_metadata (place->file, "modelspec.title", cases[i].title);
      checkpoint = open_good (place);
      g_assert_cmpint (checkpoint->few_steps, ==, cases[i].few_steps);
    }
}

/* -------------------------------------------------------------- folders -- */

static void
test_folders (Place *place, gconstpointer data)
{
  const gchar *index = "unet/diffusion_pytorch_model.safetensors.index.json";

  assert_fails (place->folder, PMT_ERROR_UNSUPPORTED, "model_index.json");
  write_text (place, "model_index.json", "{\"_class_name\": \"FluxPipeline\"}");
  assert_fails (place->folder, PMT_ERROR_UNSUPPORTED, "FluxPipeline");
  write_text (place, "unet/diffusion_pytorch_model.bin", "x");
  assert_fails (place->folder, PMT_ERROR_UNSUPPORTED, "PyTorch");
  write_text (place, index, "{\"weight_map\": {\"a\": \"../x.safetensors\"}}");
  assert_fails (place->folder, PMT_ERROR_MODEL, "index.json");
  write_text (place, index, "{\"weight_map\": {}}");
  assert_fails (place->folder, PMT_ERROR_MODEL, "index.json");
  write_text (place, index, "{\"weight_map\": {\"a\": \"gone.safetensors\"}}");
  assert_fails (place->folder, PMT_ERROR_FILE, "gone.safetensors");
}

#define ADD(name, function)                                                    \
  g_test_add ("/checkpoint/" name, Place, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("families", test_families);
  ADD ("channels", test_channels);
  ADD ("missing", test_missing);
  ADD ("shapes", test_shapes);
  ADD ("widths", test_widths);
  ADD ("uneven", test_uneven);
  ADD ("eight-bits", test_eight_bits);
  ADD ("foreign", test_foreign);
  ADD ("other-formats", test_other_formats);
  ADD ("sidecar", test_sidecar);
  ADD ("hostile-sidecar", test_hostile_sidecar);
  ADD ("velocity", test_velocity);
  ADD ("few-steps", test_few_steps);
  ADD ("folders", test_folders);
  return g_test_run ();
}
