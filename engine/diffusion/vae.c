/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* vae.c: between pictures and latents. */
#include "config.h"

#include "diffusion/vae.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "diffusion/vae-private.h"

/* Of the logarithm of the variance, as the models were trained. */
#define MIN_LOGVAR -30.0f
#define MAX_LOGVAR 20.0f

static PmtVae *
vae_new (const PmtNetOptions *options)
{
  PmtVae *vae = g_new0 (PmtVae, 1);

  g_atomic_ref_count_init (&vae->ref_count);
  g_mutex_init (&vae->mutex);
  vae->options = *options;
  vae->options.provider = g_strdup (options->provider);
  vae->options.loras = NULL;
  vae->options.n_loras = 0;
  vae->options.cache = NULL;
  return vae;
}

PmtVae *
pmt_vae_open (PmtCheckpoint *checkpoint,
              const PmtNetOptions *options,
              GError **error)
{
  PmtVae *vae;

  if (!pmt_part_has (&checkpoint->vae))
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_MODEL,
                   _ ("The checkpoint “%s” has no autoencoder (VAE). Choose "
                      "one in the settings, or a complete checkpoint."),
                   checkpoint->name);
      return NULL;
    }
  vae = vae_new (options);
  vae->checkpoint = pmt_checkpoint_ref (checkpoint);
  vae->name = g_strdup (checkpoint->name);
  vae->shape = checkpoint->vae_shape;
  return vae;
}

PmtVae *
pmt_vae_open_tiny (const gchar *path,
                   const PmtNetOptions *options,
                   GError **error)
{
  g_autoptr (PmtVae) vae = vae_new (options);
  g_autofree gchar *base = g_path_get_basename (path);

  vae->name = g_filename_display_name (base);
  return pmt_tiny_find (path, &vae->tiny, &vae->shape, error)
             ? g_steal_pointer (&vae)
             : NULL;
}

PmtVae *
pmt_vae_ref (PmtVae *vae)
{
  g_atomic_ref_count_inc (&vae->ref_count);
  return vae;
}

void
pmt_vae_unref (PmtVae *vae)
{
  if (vae == NULL || !g_atomic_ref_count_dec (&vae->ref_count))
    return;
  for (guint i = 0; i < G_N_ELEMENTS (vae->halves); i++)
    {
      g_clear_pointer (&vae->halves[i].head, pmt_session_unref);
      g_clear_pointer (&vae->halves[i].tiles, pmt_session_unref);
      g_clear_pointer (&vae->halves[i].session, pmt_session_unref);
    }
  pmt_part_clear (&vae->tiny.encoder);
  pmt_part_clear (&vae->tiny.decoder);
  g_clear_pointer (&vae->checkpoint, pmt_checkpoint_unref);
  g_mutex_clear (&vae->mutex);
  g_free ((gchar *)vae->options.provider);
  g_free (vae->name);
  g_free (vae);
}

gint
pmt_vae_get_factor (PmtVae *vae)
{
  return 1 << (vae->shape.n_levels - 1);
}

gint
pmt_vae_get_channels (PmtVae *vae)
{
  return vae->shape.latent_channels;
}

gdouble
pmt_vae_get_scaling (PmtVae *vae)
{
  return vae->shape.scaling;
}

/* Opens it if this is its first use; (transfer none). */
static const PmtVaeHalf *
get_half (PmtVae *vae, PmtVaeSide side, GError **error)
{
  PmtVaeHalf *half = &vae->halves[side];
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&vae->mutex);
  gboolean is_open = half->session != NULL;

  if (!is_open && vae->checkpoint == NULL)
    is_open = pmt_tiny_open_half (vae, side, half, error);
  else if (!is_open && vae->checkpoint->vae.onnx != NULL)
    is_open = pmt_vae_open_onnx (vae, side, half, error);
  else if (!is_open)
    is_open = pmt_vae_open_half (vae, side, half, error);
  return is_open ? half : NULL;
}

gboolean
pmt_vae_decode (PmtVae *vae,
                const gfloat *latent,
                gint height,
                gint width,
                gfloat *image,
                PmtVaeProgress progress,
                gpointer data,
                GCancellable *cancellable,
                GError **error)
{
  const PmtVaeHalf *half = get_half (vae, PMT_VAE_DECODER, error);
  const PmtVaeJob job = { .vae = vae,
                          .half = half,
                          .height = height,
                          .width = width,
                          .in = latent,
                          .in_channels = vae->shape.latent_channels,
                          .in_scale = 1,
                          .out = image,
                          .out_channels = 3,
                          .out_scale = pmt_vae_get_factor (vae),
                          .progress = progress,
                          .data = data,
                          .cancellable = cancellable };

  g_return_val_if_fail (height > 0 && width > 0, FALSE);
  return half != NULL && pmt_vae_run (&job, error);
}

/* What the network gives is the mean and, behind it, the variance. */
static void
split_moments (const gfloat *moments, gsize n, gfloat *mean, gfloat *logvar)
{
  memcpy (mean, moments, n * sizeof (gfloat));
  for (gsize i = 0; logvar != NULL && i < n; i++)
    logvar[i] = CLAMP (moments[n + i], MIN_LOGVAR, MAX_LOGVAR);
}

static gboolean
encode_tiny (const PmtVaeJob *job, gsize n, gfloat *logvar, GError **error)
{
  if (!pmt_vae_run (job, error))
    return FALSE;
  for (gsize i = 0; logvar != NULL && i < n; i++)
    logvar[i] = MIN_LOGVAR;
  return TRUE;
}

gboolean
pmt_vae_encode (PmtVae *vae,
                const gfloat *image,
                gint height,
                gint width,
                gfloat *mean,
                gfloat *logvar,
                PmtVaeProgress progress,
                gpointer data,
                GCancellable *cancellable,
                GError **error)
{
  const gint factor = pmt_vae_get_factor (vae);
  const gint channels = vae->shape.latent_channels;
  const gsize n =
      (gsize)channels * (gsize)(height / factor) * (gsize)(width / factor);
  const PmtVaeHalf *half = get_half (vae, PMT_VAE_ENCODER, error);
  g_autofree gfloat *moments = NULL;
  PmtVaeJob job = { .vae = vae,
                    .half = half,
                    .height = height / factor,
                    .width = width / factor,
                    .in = image,
                    .in_channels = 3,
                    .in_scale = factor,
                    .out = mean,
                    .out_channels = channels,
                    .out_scale = 1,
                    .progress = progress,
                    .data = data,
                    .cancellable = cancellable };

  g_return_val_if_fail (height > 0 && height % factor == 0, FALSE);
  g_return_val_if_fail (width > 0 && width % factor == 0, FALSE);
  if (half == NULL)
    return FALSE;
  if (vae->checkpoint == NULL)
    return encode_tiny (&job, n, logvar, error);
  moments = g_new (gfloat, 2 * n);
  job.out = moments;
  job.out_channels = 2 * channels;
  if (!pmt_vae_run (&job, error))
    return FALSE;
  split_moments (moments, n, mean, logvar);
  return TRUE;
}
