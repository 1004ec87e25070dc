/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* latent-preview.c: the rough colors of a latent. */
#include "config.h"

#include "diffusion/latent-preview.h"

#define CHANNELS 4

/* [channel][color], then what is added. */
typedef struct
{
  gfloat factors[CHANNELS][3];
  gfloat bias[3];
} Map;

static const Map sd = {
  { { 0.3512f, 0.2297f, 0.3227f },
    { 0.3250f, 0.4974f, 0.2350f },
    { -0.2829f, 0.1762f, 0.2721f },
    { -0.2120f, -0.2616f, -0.7177f } },
  { 0.0f, 0.0f, 0.0f },
};

static const Map sdxl = {
  { { 0.3651f, 0.4232f, 0.4341f },
    { -0.2533f, -0.0042f, 0.1068f },
    { 0.1076f, 0.1111f, -0.0362f },
    { -0.3165f, -0.2492f, -0.2188f } },
  { 0.1084f, -0.0175f, -0.0011f },
};

gboolean
pmt_latent_preview (const PmtCheckpoint *checkpoint,
                    const gfloat *latent,
                    gint height,
                    gint width,
                    gfloat *rgb)
{
  const gsize plane = (gsize)height * width;
  const Map *map = checkpoint->family == PMT_FAMILY_SDXL ? &sdxl : &sd;

  if (checkpoint->unet_shape.out_channels != CHANNELS)
    return FALSE;
  for (gint color = 0; color < 3; color++)
    for (gsize i = 0; i < plane; i++)
      {
        gfloat sum = map->bias[color];

        for (gint c = 0; c < CHANNELS; c++)
          sum += latent[c * plane + i] * map->factors[c][color];
        rgb[color * plane + i] = sum;
      }
  return TRUE;
}
