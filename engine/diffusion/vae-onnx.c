/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* vae-onnx.c: autoencoders that are .onnx files, as Optimum exports them. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "diffusion/onnx-part.h"
#include "diffusion/vae-private.h"

/* An encoder gives the moments of a distribution.  Old exports draw from it
 * themselves, which is found out by the number of channels. */
static const PmtTensorInfo *
find_output (PmtSession *session, PmtVaeSide side)
{
  static const gchar *const names[2][3] = {
    { "sample", "reconstruction", NULL },
    { "latent_parameters", "latent_sample", NULL }
  };

  for (guint n = 0; names[side][n] != NULL; n++)
    {
      const PmtTensorInfo *info =
          pmt_onnx_find_output (session, names[side][n]);

      if (info != NULL)
        return info;
    }
  return NULL;
}

/* The only one, whatever its name. */
static const PmtTensorInfo *
find_input (PmtVae *vae, PmtVaeSide side, PmtSession *session)
{
  const gint channels =
      side == PMT_VAE_DECODER ? vae->shape.latent_channels : 3;
  const PmtTensorInfo *info = pmt_session_get_n_inputs (session) == 1
                                  ? pmt_session_get_input (session, 0)
                                  : NULL;

  return info != NULL && pmt_onnx_is_float (info, 4)
                 && pmt_onnx_can_be (info, 1, channels)
             ? info
             : NULL;
}

static gboolean
is_drawn (const PmtVae *vae, const PmtTensorInfo *output)
{
  const gint channels = vae->shape.latent_channels;

  return output->has_shape && output->rank == 4 && output->dims[1] > 0
             ? output->dims[1] == channels
             : g_str_equal (output->name, "latent_sample");
}

/* Fills what @half says about the network. */
static gboolean
bind (PmtVae *vae, PmtVaeSide side, PmtVaeHalf *half)
{
  const PmtTensorInfo *in = find_input (vae, side, half->session);
  const PmtTensorInfo *out = find_output (half->session, side);
  gint channels = 3;

  if (in == NULL || out == NULL || !pmt_onnx_is_float (out, 4))
    return FALSE;
  half->input = in->name;
  half->output = out->name;
  half->is_drawn = side == PMT_VAE_ENCODER && is_drawn (vae, out);
  if (side == PMT_VAE_ENCODER)
    channels = vae->shape.latent_channels * (half->is_drawn ? 1 : 2);
  return pmt_onnx_can_be (out, 1, channels);
}

gboolean
pmt_vae_open_onnx (PmtVae *vae,
                   PmtVaeSide side,
                   PmtVaeHalf *half,
                   GError **error)
{
  const PmtPart *part = &vae->checkpoint->vae;
  const gchar *path = side == PMT_VAE_DECODER ? part->onnx : part->onnx_encoder;
  g_autofree gchar *label = g_filename_display_name (path);

  if (!g_file_test (path, G_FILE_TEST_IS_REGULAR))
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_FILE,
                   _ ("The model “%s” lacks the file “%s”. Download it again."),
                   vae->name, label);
      return FALSE;
    }
  half->session =
      pmt_onnx_open (path, &vae->options, 0, PMT_OPTIMIZE_ALL, error);
  if (half->session == NULL)
    return FALSE;
  half->bytes_per_pixel = pmt_vae_count_bytes (&vae->shape, side);
  if (bind (vae, side, half))
    return TRUE;
  g_set_error (error, PMT_ERROR, PMT_ERROR_UNSUPPORTED,
               _ ("The ONNX autoencoder (VAE) “%s” takes or gives other "
                  "values than expected. Export the model again with "
                  "Optimum, or choose another autoencoder."),
               label);
  g_clear_pointer (&half->session, pmt_session_unref);
  return FALSE;
}
