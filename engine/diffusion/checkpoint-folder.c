/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* checkpoint-folder.c: folders of Diffusers, and of Optimum with ONNX. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "diffusion/checkpoint-private.h"
#include "diffusion/folder-files.h"

static const gchar *const text_folders[] = { "text_encoder", "text_encoder_2" };
static const gchar *const tokenizer_folders[] = { "tokenizer", "tokenizer_2" };

typedef gboolean (*Configure) (PmtCheckpoint *checkpoint,
                               const PmtConfig *config,
                               GError **error);

static gboolean
has_folder (const gchar *path, const gchar *name)
{
  g_autofree gchar *folder = g_build_filename (path, name, NULL);

  return g_file_test (folder, G_FILE_TEST_IS_DIR);
}

static gboolean
fail_missing (PmtCheckpoint *checkpoint, const gchar *label, GError **error)
{
  g_set_error (error, PMT_ERROR, PMT_ERROR_FILE,
               _ ("The model “%s” lacks the file “%s”. Download it again."),
               checkpoint->name, label);
  return FALSE;
}

/* Reads FOLDER/@name/@file and hands it to @configure; a file that is not
 * there is no error unless @is_needed. */
static gboolean
configure (PmtCheckpoint *checkpoint,
           const gchar *name,
           const gchar *file,
           gboolean is_needed,
           Configure function,
           GError **error)
{
  g_autofree gchar *path =
      g_build_filename (checkpoint->path, name, file, NULL);
  g_autofree gchar *label = g_strdup_printf ("%s/%s", name, file);
  g_autoptr (cJSON) root = NULL;
  PmtConfig config = { NULL, label };

  if (!pmt_config_load (path, &root, error))
    return FALSE;
  config.json = root;
  if (root != NULL || !is_needed)
    return function (checkpoint, &config, error);
  return fail_missing (checkpoint, label, error);
}

/* Which kind of folder it is is told by the parts that are there. */
static gboolean
is_onnx (const PmtCheckpoint *checkpoint)
{
  static const gchar *const names[] = { "unet", "text_encoder", "vae_decoder" };
  gboolean is_found = FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree gchar *path =
          g_build_filename (checkpoint->path, names[i], "model.onnx", NULL);

      is_found = is_found || g_file_test (path, G_FILE_TEST_IS_REGULAR);
    }
  return is_found;
}

static gboolean
open_weights (PmtCheckpoint *checkpoint,
              PmtPart *part,
              const gchar *name,
              GError **error)
{
  g_autofree gchar *folder = g_build_filename (checkpoint->path, name, NULL);
  g_autoptr (GError) cause = NULL;

  part->layout = PMT_LAYOUT_DIFFUSERS;
  part->prefix = g_strdup ("");
  part->weights = pmt_folder_open_weights (folder, &cause);
  if (part->weights != NULL)
    return pmt_foreign_check (part->weights, error);
  g_propagate_prefixed_error (error, g_steal_pointer (&cause),
                              "%s: ", checkpoint->name);
  return FALSE;
}

/* A part is tensors named as in Diffusers, or an .onnx file.  Where both are,
 * as in whole downloads of some models, the tensors can do more. */
static gboolean
open_part (PmtCheckpoint *checkpoint,
           PmtPart *part,
           const gchar *name,
           GError **error)
{
  g_autofree gchar *folder = g_build_filename (checkpoint->path, name, NULL);
  g_autofree gchar *label = g_strdup_printf ("%s/model.onnx", name);
  g_autofree gchar *onnx = pmt_folder_find (folder, "model.onnx");

  if (pmt_folder_has_weights (folder)
      || (onnx == NULL && !is_onnx (checkpoint)))
    return open_weights (checkpoint, part, name, error);
  if (onnx == NULL)
    return fail_missing (checkpoint, label, error);
  part->layout = PMT_LAYOUT_DIFFUSERS;
  part->prefix = g_strdup ("");
  pmt_part_set_onnx (part, g_steal_pointer (&onnx), NULL);
  return TRUE;
}

static gboolean
open_unet (PmtCheckpoint *checkpoint, GError **error)
{
  const gboolean is_open =
      open_part (checkpoint, &checkpoint->unet, "unet", error);

  if (!is_open)
    return FALSE;
  if (checkpoint->unet.onnx != NULL)
    return configure (checkpoint, "unet", "config.json", TRUE,
                      pmt_checkpoint_describe_unet, error)
           && pmt_checkpoint_check_unet (checkpoint, error);
  return pmt_checkpoint_read_unet (checkpoint, error)
         && pmt_checkpoint_guess_training (checkpoint, error)
         && configure (checkpoint, "unet", "config.json", FALSE,
                       pmt_checkpoint_configure_unet, error)
         && pmt_checkpoint_check_unet (checkpoint, error);
}

/* Optimum splits the autoencoder in two. */
static gboolean
open_onnx_vae (PmtCheckpoint *checkpoint, GError **error)
{
  PmtPart *part = &checkpoint->vae;

  pmt_part_set_onnx (
      part,
      g_build_filename (checkpoint->path, "vae_decoder", "model.onnx", NULL),
      g_build_filename (checkpoint->path, "vae_encoder", "model.onnx", NULL));
  part->layout = PMT_LAYOUT_DIFFUSERS;
  part->prefix = g_strdup ("");
  return configure (checkpoint, "vae_decoder", "config.json", TRUE,
                    pmt_checkpoint_describe_vae, error)
         && pmt_checkpoint_check_vae (checkpoint, error);
}

/* Without a folder of it the checkpoint has no autoencoder: one can be
 * chosen apart. */
static gboolean
open_vae (PmtCheckpoint *checkpoint, GError **error)
{
  g_autofree gchar *folder = g_build_filename (checkpoint->path, "vae", NULL);
  g_autofree gchar *decoder =
      g_build_filename (checkpoint->path, "vae_decoder", "model.onnx", NULL);

  if (!pmt_folder_has_weights (folder)
      && g_file_test (decoder, G_FILE_TEST_IS_REGULAR))
    return open_onnx_vae (checkpoint, error);
  if (!g_file_test (folder, G_FILE_TEST_IS_DIR))
    return !has_folder (checkpoint->path, "vae_decoder")
           || fail_missing (checkpoint, "vae_decoder/model.onnx", error);
  return open_weights (checkpoint, &checkpoint->vae, "vae", error)
         && pmt_checkpoint_read_vae (checkpoint, error)
         && configure (checkpoint, "vae", "config.json", FALSE,
                       pmt_checkpoint_configure_vae, error)
         && pmt_checkpoint_check_vae (checkpoint, error);
}

static gboolean
configure_text (PmtCheckpoint *checkpoint,
                gint which,
                const PmtConfig *config,
                GError **error)
{
  PmtPart *part = &checkpoint->texts[which];

  if (part->onnx != NULL)
    return pmt_checkpoint_describe_text (checkpoint, which, config, error);
  part->layout = PMT_LAYOUT_TRANSFORMERS;
  g_free (part->prefix);
  part->prefix = g_strdup (
      pmt_weights_find (part->weights,
                        "text_model.embeddings.token_embedding.weight")
              != NULL
          ? "text_model."
          : "");
  return pmt_checkpoint_read_text (checkpoint, which, error)
         && pmt_checkpoint_configure_text (checkpoint, which, config, error);
}

static gboolean
configure_first (PmtCheckpoint *checkpoint,
                 const PmtConfig *config,
                 GError **error)
{
  return configure_text (checkpoint, 0, config, error);
}

static gboolean
configure_second (PmtCheckpoint *checkpoint,
                  const PmtConfig *config,
                  GError **error)
{
  return configure_text (checkpoint, 1, config, error);
}

/* What fills a chunk is told by the tokenizer. */
static gboolean
configure_pad (PmtTextShape *shape, const gchar *folder, GError **error)
{
  g_autofree gchar *path =
      g_build_filename (folder, "special_tokens_map.json", NULL);
  g_autoptr (cJSON) root = NULL;
  const cJSON *pad;
  const gchar *text;

  if (!pmt_config_load (path, &root, error))
    return FALSE;
  pad = cJSON_GetObjectItemCaseSensitive (root, "pad_token");
  if (cJSON_IsObject (pad))
    pad = cJSON_GetObjectItemCaseSensitive (pad, "content");
  text = cJSON_GetStringValue (pad);
  if (g_strcmp0 (text, "<|endoftext|>") == 0)
    shape->pad_id = shape->vocabulary - 1;
  else if (g_strcmp0 (text, "!") == 0)
    shape->pad_id = 0;
  return TRUE;
}

static gboolean
open_tokenizer (PmtCheckpoint *checkpoint, gint which, GError **error)
{
  g_autofree gchar *folder =
      g_build_filename (checkpoint->path, tokenizer_folders[which], NULL);
  g_autofree gchar *vocabulary = pmt_folder_find (folder, "vocab.json");
  g_autofree gchar *merges = pmt_folder_find (folder, "merges.txt");

  if (vocabulary == NULL || merges == NULL)
    return TRUE;
  checkpoint->tokenizers[which] = g_steal_pointer (&folder);
  return configure_pad (&checkpoint->text_shapes[which],
                        checkpoint->tokenizers[which], error);
}

static gboolean
open_text (PmtCheckpoint *checkpoint, gint which, GError **error)
{
  PmtPart *part = &checkpoint->texts[which];
  const gchar *name = text_folders[which];

  return open_part (checkpoint, part, name, error)
         && configure (checkpoint, name, "config.json", part->onnx != NULL,
                       which == 0 ? configure_first : configure_second, error)
         && pmt_checkpoint_check_text (checkpoint, which, error)
         && open_tokenizer (checkpoint, which, error);
}

/* Such as StableDiffusion3Pipeline: a name, not just any text. */
static gboolean
is_class_name (const gchar *name)
{
  return name != NULL && strlen (name) <= 80
         && name[strspn (name, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "_")]
                == '\0';
}

static gboolean
check_index (PmtCheckpoint *checkpoint, GError **error)
{
  g_autofree gchar *path =
      g_build_filename (checkpoint->path, "model_index.json", NULL);
  g_autofree gchar *unet = g_build_filename (checkpoint->path, "unet", NULL);
  g_autoptr (cJSON) root = NULL;
  PmtConfig config = { NULL, "model_index.json" };
  const gchar *name;

  if (!pmt_config_load (path, &root, error))
    return FALSE;
  config.json = root;
  name = pmt_config_string (&config, "_class_name");
  if (root != NULL && g_file_test (unet, G_FILE_TEST_IS_DIR))
    return TRUE;
  if (root == NULL)
    g_set_error (error, PMT_ERROR, PMT_ERROR_UNSUPPORTED,
                 _ ("The folder “%s” is no model: it has no file "
                    "model_index.json. Choose the folder of a whole Diffusers "
                    "model, or a .safetensors file."),
                 checkpoint->name);
  else
    g_set_error (error, PMT_ERROR, PMT_ERROR_UNSUPPORTED,
                 _ ("The model “%s” (%s) has no UNet, so it is of a kind that "
                    "is not supported. Choose a Stable Diffusion 1.x, 2.x or "
                    "SDXL model."),
                 checkpoint->name,
                 is_class_name (name) ? name : "model_index.json");
  return FALSE;
}

PmtCheckpoint *
pmt_checkpoint_open_folder (const gchar *path, GError **error)
{
  g_autoptr (PmtCheckpoint) checkpoint = pmt_checkpoint_new (path);

  if (!check_index (checkpoint, error) || !open_unet (checkpoint, error)
      || !open_vae (checkpoint, error))
    return NULL;
  for (gint i = 0; i < checkpoint->n_texts; i++)
    if (!open_text (checkpoint, i, error))
      return NULL;
  /* Its last layer is left out of the files already. */
  if (checkpoint->family == PMT_FAMILY_SD2)
    checkpoint->clip_skip = 1;
  if (!configure (checkpoint, "scheduler", "scheduler_config.json", FALSE,
                  pmt_checkpoint_configure_training, error)
      || !pmt_checkpoint_check_all (checkpoint, error))
    return NULL;
  return g_steal_pointer (&checkpoint);
}

static PmtCheckpoint *
open_vae_folder (const gchar *path, GError **error)
{
  g_autoptr (PmtCheckpoint) checkpoint = pmt_checkpoint_new (path);
  g_autoptr (PmtWeights) weights = NULL;

  /* A whole model: its autoencoder is meant. */
  if (has_folder (path, "vae") || has_folder (path, "vae_decoder"))
    return open_vae (checkpoint, error) ? g_steal_pointer (&checkpoint) : NULL;
  weights = pmt_folder_open_weights (path, error);
  if (weights == NULL)
    return NULL;
  if (!pmt_checkpoint_place_vae (checkpoint, weights))
    {
      pmt_foreign_fail (weights, error);
      return NULL;
    }
  return pmt_checkpoint_read_vae (checkpoint, error)
                 && configure (checkpoint, ".", "config.json", FALSE,
                               pmt_checkpoint_configure_vae, error)
                 && pmt_checkpoint_check_vae (checkpoint, error)
             ? g_steal_pointer (&checkpoint)
             : NULL;
}

PmtCheckpoint *
pmt_checkpoint_open_vae (const gchar *path, GError **error)
{
  return g_file_test (path, G_FILE_TEST_IS_DIR)
             ? open_vae_folder (path, error)
             : pmt_checkpoint_open_vae_file (path, error);
}
