/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* seed-noise.c: all the noise of a picture, as its seed determines it. */
#include "config.h"

#include "diffusion/seed-noise.h"

#include "diffusion/brownian.h"

struct _PmtSeedNoise
{
  PmtSeedNoiseOptions options;
  gsize n;
  PmtImageNoise *image; /* AUTOMATIC1111: goes on after the first draw */
  PmtNoise *own;        /* ComfyUI: the sampler's */
  PmtBrownian *path;
};

/* ComfyUI: two draws of a generator that was seeded for each, mixed as
 * AUTOMATIC1111 mixes them, since ComfyUI itself has no variations. */
static void
draw_comfyui (PmtSeedNoise *noise, gfloat *first)
{
  const PmtSeedNoiseOptions *o = &noise->options;
  g_autofree gfloat *other = NULL;

  pmt_image_noise_batch (o->seed, NULL, 1, first, noise->n);
  if (o->variation <= 0.0)
    return;
  other = g_new (gfloat, noise->n);
  pmt_image_noise_batch (o->variation_seed, NULL, 1, other, noise->n);
  pmt_slerp (o->variation, first, other, o->channels, o->height, o->width,
             first);
}

static void
draw_a1111 (PmtSeedNoise *noise, gfloat *first)
{
  const PmtSeedNoiseOptions *o = &noise->options;
  PmtImageNoiseOptions options = PMT_IMAGE_NOISE_OPTIONS_INIT;

  options.kind = o->kind;
  options.seed = o->seed;
  options.channels = o->channels;
  options.height = o->height;
  options.width = o->width;
  options.subseed = o->variation_seed;
  options.subseed_strength = o->variation;
  noise->image = pmt_image_noise_new (&options);
  pmt_image_noise_next (noise->image, first);
}

PmtSeedNoise *
pmt_seed_noise_new (const PmtSeedNoiseOptions *options, gfloat *first)
{
  PmtSeedNoise *noise = g_new0 (PmtSeedNoise, 1);

  noise->options = *options;
  noise->n = (gsize)options->channels * options->height * options->width;
  if (options->convention == PMT_CONVENTION_A1111)
    {
      draw_a1111 (noise, first);
      return noise;
    }
  draw_comfyui (noise, first);
  /* On the CPU ComfyUI moves the seed, or the first step would draw the noise
   * that it started from. */
  noise->own = pmt_noise_new (options->kind, options->kind == PMT_NOISE_CPU
                                                 ? (guint64)options->seed + 1
                                                 : options->seed);
  return noise;
}

void
pmt_seed_noise_free (PmtSeedNoise *noise)
{
  if (noise == NULL)
    return;
  g_clear_pointer (&noise->image, pmt_image_noise_free);
  g_clear_pointer (&noise->own, pmt_noise_free);
  g_clear_pointer (&noise->path, pmt_brownian_free);
  g_free (noise);
}

void
pmt_seed_noise_set_path (PmtSeedNoise *noise,
                         const gdouble *sigmas,
                         gsize n_sigmas)
{
  /* ComfyUI's SDE samplers follow a path that was made on the CPU. */
  const PmtNoiseKind kind = noise->options.convention == PMT_CONVENTION_A1111
                                ? noise->options.kind
                                : PMT_NOISE_CPU;
  gdouble least = sigmas[0];

  for (gsize i = 1; i < n_sigmas; i++)
    if (sigmas[i] > 0.0)
      least = MIN (least, sigmas[i]);
  g_clear_pointer (&noise->path, pmt_brownian_free);
  if (least < sigmas[0])
    noise->path = pmt_brownian_new (kind, noise->options.seed, least, sigmas[0],
                                    noise->n);
}

void
pmt_seed_noise_draw (gdouble sigma,
                     gdouble sigma_next,
                     gfloat *values,
                     gpointer data)
{
  PmtSeedNoise *noise = data;

  if (noise->path != NULL)
    pmt_brownian_noise (noise->path, sigma, sigma_next, values);
  else if (noise->image != NULL)
    pmt_image_noise_next (noise->image, values);
  else
    pmt_noise_fill (noise->own, values, noise->n);
}
