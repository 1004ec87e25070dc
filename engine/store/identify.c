/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* identify.c: what kind of model a file is, by what is in it. */
#include "config.h"

#include "store/identify.h"

#include <glib/gi18n-lib.h>

#include "catalog/file-id.h"
#include "catalog/model-walk.h"
#include "catalog/model.h"
#include "diffusion/checkpoint.h"
#include "diffusion/embeddings-private.h"
#include "diffusion/lora.h"
#include "face/face-net.h"
#include "restore/user-nets.h"
#include "subject/subject-net.h"

static gboolean
find (PmtStoreFound *found, const gchar *kind, const gchar *family)
{
  found->kind = kind;
  found->family = family;
  return TRUE;
}

static gboolean
fail_pickle (const gchar *path, GError **error)
{
  g_autofree gchar *shown = pmt_file_id_show (path);

  g_set_error (error, PMT_ERROR, PMT_ERROR_UNSUPPORTED,
               _ ("“%s” is a file of PyTorch, which can run programs when it "
                  "is opened, so Pentimento does not use it. Get its "
                  ".safetensors version (a network that enlarges pictures: its "
                  ".onnx version), or convert it with a program that you "
                  "trust, such as the checkpoint merger of AUTOMATIC1111 or "
                  "chaiNNer."),
               shown);
  return FALSE;
}

/* ------------------------------------------------------------- weights -- */

static gboolean
is_embedding (const gchar *path)
{
  PmtEmbedding *embedding = pmt_embedding_new (path, "");
  const gboolean is_one = embedding->n_texts > 0;

  pmt_embedding_free (embedding);
  return is_one;
}

/* Small ones for previews: see diffusion/tiny-vae.c. */
static gboolean
is_tiny_vae (const gchar *path)
{
  g_autoptr (PmtWeights) weights = pmt_weights_open (path, NULL);

  return weights != NULL
         && (pmt_weights_find (weights, "decoder.layers.0.weight") != NULL
             || pmt_weights_find (weights, "3.conv.0.weight") != NULL);
}

static gboolean
is_vae (const gchar *path)
{
  g_autoptr (PmtCheckpoint) vae = pmt_checkpoint_open_vae (path, NULL);

  return vae != NULL || is_tiny_vae (path);
}

static gboolean
identify_weights (const gchar *path, PmtStoreFound *found, GError **error)
{
  static const gchar *const families[] = { "sd1", "sd2", "sdxl" };
  g_autoptr (PmtCheckpoint) checkpoint = pmt_checkpoint_open (path, error);
  g_autoptr (PmtLora) lora = NULL;

  if (checkpoint != NULL)
    return find (found, "checkpoints", families[checkpoint->family]);
  if (pmt_model_walk_is_folder (path))
    return FALSE;
  if (is_embedding (path))
    found->kind = "embeddings";
  else if (is_vae (path))
    found->kind = "vae";
  else
    {
      lora = pmt_lora_open (path, NULL);
      if (lora == NULL)
        return FALSE;
      found->kind = "lora";
    }
  found->family = "";
  g_clear_error (error);
  return TRUE;
}

/* ------------------------------------------------------------ networks -- */

static gboolean
is_picture_net (const gchar *path, const gchar *data_dir, GError **error)
{
  g_autoptr (PmtNetStore) store = pmt_net_store_new (data_dir);
  g_autoptr (PmtModel) model =
      pmt_user_nets_open (store, path, (gint)g_get_num_processors (), error);

  return model != NULL;
}

static gboolean
identify_net (const gchar *path,
              const gchar *data_dir,
              PmtStoreFound *found,
              GError **error)
{
  static const gchar *const families[] = { "yunet", "scrfd", "yolo-face", "" };
  PmtFaceDeclared face;
  PmtSubjectDeclared subject;

  if (pmt_face_net_look (path, &face, NULL))
    return find (found, "faces", families[face.kind]);
  if (pmt_subject_net_look (path, &subject, NULL))
    return find (found, "subject", "");
  if (data_dir != NULL && !is_picture_net (path, data_dir, error))
    return FALSE;
  return find (found, "upscalers", "");
}

gboolean
pmt_store_identify (const gchar *path,
                    const gchar *data_dir,
                    PmtStoreFound *found,
                    GError **error)
{
  g_autofree gchar *shown = pmt_file_id_show (path);
  g_autofree gchar *lower = g_ascii_strdown (path, -1);

  if (g_str_has_suffix (lower, ".safetensors")
      || pmt_model_walk_is_folder (path))
    return identify_weights (path, found, error);
  if (g_str_has_suffix (lower, ".onnx"))
    return identify_net (path, data_dir, found, error);
  if (pmt_model_walk_is_pickle (path))
    return fail_pickle (path, error);
  g_set_error (error, PMT_ERROR, PMT_ERROR_UNSUPPORTED,
               _ ("“%s” is nothing that Pentimento can use: models are "
                  ".safetensors or .onnx files, or folders of Diffusers with "
                  "a model_index.json."),
               shown);
  return FALSE;
}
