/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* latent-preview.c: the colors of a latent without decoding it. */
#include "config.h"

#include "diffusion/latent-preview.h"

#define CHANNELS 4

/* [latent channel][R, G, B]; measured facts of the two autoencoders. */
static const gfloat factors_sd[CHANNELS][3] = {
  { 0.3512f, 0.2297f, 0.3227f },
  { 0.3250f, 0.4974f, 0.2350f },
  { -0.2829f, 0.1762f, 0.2721f },
  { -0.2120f, -0.2616f, -0.7177f },
};
static const gfloat factors_sdxl[CHANNELS][3] = {
  { 0.3920f, 0.4054f, 0.4549f },
  { -0.2634f, -0.0196f, 0.0653f },
  { 0.0568f, 0.1687f, -0.0755f },
  { -0.3112f, -0.2359f, -0.2076f },
};

gboolean
pmt_latent_preview (const PmtCheckpoint *checkpoint,
                    const gfloat *latent,
                    gint height,
                    gint width,
                    gfloat *image)
{
  const gfloat (*factors)[3] =
      checkpoint->family == PMT_FAMILY_SDXL ? factors_sdxl : factors_sd;
  const gsize n = (gsize)height * (gsize)width;

  if (checkpoint->unet_shape.out_channels != CHANNELS)
    return FALSE;
  for (gsize c = 0; c < 3; c++)
    for (gsize i = 0; i < n; i++)
      {
        gfloat value = 0;

        for (gsize k = 0; k < CHANNELS; k++)
          value += factors[k][c] * latent[k * n + i];
        image[c * n + i] = value;
      }
  return TRUE;
}
