/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* checkpoint.c: what a diffusion checkpoint of the user's is made of. */
#include "config.h"

#include "diffusion/checkpoint.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "diffusion/checkpoint-private.h"

/* The folder or file that is named, without what only stands for a type. */
static gchar *
make_name (const gchar *path)
{
  g_autofree gchar *base = g_path_get_basename (path);
  const gchar *suffix = ".safetensors";

  if (g_str_has_suffix (base, suffix) && strlen (base) > strlen (suffix))
    base[strlen (base) - strlen (suffix)] = '\0';
  return g_filename_display_name (base);
}

PmtCheckpoint *
pmt_checkpoint_new (const gchar *path)
{
  PmtCheckpoint *checkpoint = g_new0 (PmtCheckpoint, 1);

  g_atomic_ref_count_init (&checkpoint->ref_count);
  checkpoint->path = g_strdup (path);
  checkpoint->name = make_name (path);
  checkpoint->vae_shape.scaling = 0.18215;
  checkpoint->training = (PmtTraining){ .prediction = PMT_PREDICTION_EPSILON,
                                        .timesteps = 1000,
                                        .beta_start = 0.00085,
                                        .beta_end = 0.012,
                                        .is_scaled_linear = TRUE };
  return checkpoint;
}

PmtCheckpoint *
pmt_checkpoint_ref (PmtCheckpoint *checkpoint)
{
  g_atomic_ref_count_inc (&checkpoint->ref_count);
  return checkpoint;
}

void
pmt_checkpoint_unref (PmtCheckpoint *checkpoint)
{
  if (checkpoint == NULL || !g_atomic_ref_count_dec (&checkpoint->ref_count))
    return;
  pmt_part_clear (&checkpoint->unet);
  pmt_part_clear (&checkpoint->vae);
  for (guint i = 0; i < G_N_ELEMENTS (checkpoint->texts); i++)
    {
      pmt_part_clear (&checkpoint->texts[i]);
      g_free (checkpoint->tokenizers[i]);
    }
  g_free (checkpoint->name);
  g_free (checkpoint->path);
  g_free (checkpoint);
}

const gchar *
pmt_family_label (PmtFamily family)
{
  switch (family)
    {
    case PMT_FAMILY_SD1:
      return "Stable Diffusion 1.x";
    case PMT_FAMILY_SD2:
      return "Stable Diffusion 2.x";
    case PMT_FAMILY_SDXL:
      return "Stable Diffusion XL";
    }
  return "?";
}

gboolean
pmt_checkpoint_fail (const PmtCheckpoint *checkpoint,
                     PmtError code,
                     const gchar *format,
                     GError **error)
{
  g_autofree gchar *base = g_path_get_basename (checkpoint->path);
  g_autofree gchar *label = g_filename_display_name (base);
  g_auto (GStrv) halves = g_strsplit (format, "%s", 2);
  g_autofree gchar *message = g_strjoinv (label, halves);

  g_set_error_literal (error, PMT_ERROR, code, message);
  return FALSE;
}

static gboolean
do_widths_fit (const PmtCheckpoint *checkpoint)
{
  const PmtUnetShape *unet = &checkpoint->unet_shape;
  const PmtTextShape *texts = checkpoint->text_shapes;
  gint width = 0;

  for (gint i = 0; i < checkpoint->n_texts; i++)
    {
      if (!pmt_part_has (&checkpoint->texts[i]))
        return TRUE;
      width += texts[i].width;
    }
  return width == unet->context
         && (unet->vector == 0
             || unet->vector == texts[1].projection + 6 * unet->time_id_width);
}

static gint
usual_side (const PmtCheckpoint *checkpoint)
{
  if (checkpoint->family == PMT_FAMILY_SDXL)
    return 1024;
  if (checkpoint->family == PMT_FAMILY_SD2
      && checkpoint->training.prediction == PMT_PREDICTION_V)
    return 768;
  return 512;
}

gboolean
pmt_checkpoint_check_all (PmtCheckpoint *checkpoint, GError **error)
{
  if (!do_widths_fit (checkpoint))
    return pmt_checkpoint_fail (checkpoint, PMT_ERROR_MODEL,
                                _ ("The text encoder and the diffusion "
                                   "network of “%s” do not fit each other. "
                                   "The model was put together wrongly, or "
                                   "it is of a kind that is not supported."),
                                error);
  if (pmt_part_has (&checkpoint->vae)
      && checkpoint->vae_shape.latent_channels
             != checkpoint->unet_shape.out_channels)
    return pmt_checkpoint_fail (checkpoint, PMT_ERROR_MODEL,
                                _ ("The autoencoder (VAE) and the diffusion "
                                   "network of “%s” do not fit each other. "
                                   "The model was put together wrongly."),
                                error);
  if (checkpoint->native == 0)
    checkpoint->native = usual_side (checkpoint);
  return TRUE;
}

PmtCheckpoint *
pmt_checkpoint_open (const gchar *path, GError **error)
{
  return g_file_test (path, G_FILE_TEST_IS_DIR)
             ? pmt_checkpoint_open_folder (path, error)
             : pmt_checkpoint_open_file (path, error);
}

guint64
pmt_checkpoint_count_unet (const PmtCheckpoint *checkpoint)
{
  /* SD 1.x, 2.x, SDXL. */
  static const guint64 usual[] = { 860000000, 866000000, 2567000000 };
  const PmtPart *part = &checkpoint->unet;
  guint64 count = 0;

  if (part->weights == NULL)
    return usual[checkpoint->family];
  for (guint i = 0; i < pmt_weights_get_n (part->weights); i++)
    {
      const PmtWeight *weight = pmt_weights_get (part->weights, i);

      if (g_str_has_prefix (weight->name, part->prefix))
        count += pmt_weight_count (weight);
    }
  return count;
}
