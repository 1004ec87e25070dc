/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* vae-onnx.c: autoencoders that are .onnx files, as Optimum exports them. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "diffusion/vae-private.h"

static const gchar *
find_output (PmtSession *session, PmtVaeSide side)
{
  static const gchar *const names[2][3] = {
    { "sample", "reconstruction", NULL },
    { "latent_parameters", "latent_sample", NULL }
  };

  for (guint n = 0; names[side][n] != NULL; n++)
    for (guint i = 0; i < pmt_session_get_n_outputs (session); i++)
      if (g_str_equal (pmt_session_get_output (session, i)->name,
                       names[side][n]))
        return names[side][n];
  return NULL;
}

/* The moments, not a sample drawn from them, are what is needed. */
static gboolean
check (PmtVae *vae, PmtVaeSide side, const PmtVaeHalf *half, GError **error)
{
  const gint channels =
      side == PMT_VAE_DECODER ? 3 : 2 * vae->shape.latent_channels;
  const PmtTensorInfo *in = pmt_session_get_input (half->session, 0);
  gboolean is_known = half->output != NULL && in->rank == 4
                      && in->type == PMT_TENSOR_FLOAT32
                      && pmt_session_get_n_inputs (half->session) == 1;

  for (guint i = 0; is_known && i < pmt_session_get_n_outputs (half->session);
       i++)
    {
      const PmtTensorInfo *out = pmt_session_get_output (half->session, i);

      if (g_str_equal (out->name, half->output))
        is_known =
            out->rank == 4 && (out->dims[1] < 0 || out->dims[1] == channels);
    }
  if (!is_known)
    g_set_error (error, PMT_ERROR, PMT_ERROR_UNSUPPORTED,
                 _ ("The ONNX autoencoder (VAE) of “%s” takes or gives other "
                    "values than expected. Export the model again with "
                    "Optimum, or choose another autoencoder."),
                 vae->name);
  return is_known;
}

gboolean
pmt_vae_open_onnx (PmtVae *vae,
                   PmtVaeSide side,
                   PmtVaeHalf *half,
                   GError **error)
{
  const PmtPart *part = &vae->checkpoint->vae;
  const gchar *path = side == PMT_VAE_DECODER ? part->onnx : part->onnx_encoder;
  PmtSessionOptions options = PMT_SESSION_OPTIONS_INIT;

  options.threads = vae->options.threads;
  options.provider = vae->options.provider;
  half->session = pmt_session_open (path, &options, error);
  if (half->session == NULL)
    return FALSE;
  half->input = pmt_session_get_input (half->session, 0)->name;
  half->output = find_output (half->session, side);
  half->bytes_per_pixel = pmt_vae_count_bytes (&vae->shape, side);
  if (check (vae, side, half, error))
    return TRUE;
  g_clear_pointer (&half->session, pmt_session_unref);
  return FALSE;
}
