/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* image-noise.h: noise of one or more latents, by the rules of a program. */
#pragma once

#include "diffusion/noise.h"

G_BEGIN_DECLS

/**
 * PmtImageNoiseOptions: the settings of AUTOMATIC1111
 * @kind: generator
 * @seed: of the first image; the next ones have seed + 1, seed + 2, ...
 * @n_images: >= 1
 * @channels, @height, @width: of one latent, each >= 1
 * @subseed: variation seed of the first image, counted up alike
 * @subseed_strength: 0..1: share of the variation; 0: none
 * @resize_height, @resize_width: latent size whose composition is kept
 *   (pixels / 8); 0: none
 * @eta_delta: added to the seeds of the sampler's noise (ENSD); 0: the noise
 *   goes on from the first one
 */
typedef struct
{
  PmtNoiseKind kind;
  guint64 seed;
  guint n_images;
  gint channels;
  gint height;
  gint width;
  guint64 subseed;
  gdouble subseed_strength;
  gint resize_height;
  gint resize_width;
  gint64 eta_delta;
} PmtImageNoiseOptions;

/* clang-format off */
#define PMT_IMAGE_NOISE_OPTIONS_INIT                                           \
  { PMT_NOISE_CPU, 0, 1, 4, 64, 64, 0, 0.0, 0, 0, 0 }
/* clang-format on */

/**
 * PmtImageNoise:
 *
 * One generator per image, so that an image does not depend on how many are
 * made with it.  Thread: one at a time.
 */
typedef struct _PmtImageNoise PmtImageNoise;

/** pmt_image_noise_new: Returns: (transfer full) */
PmtImageNoise *pmt_image_noise_new (const PmtImageNoiseOptions *options);

void pmt_image_noise_free (PmtImageNoise *noise);

/** pmt_image_noise_size: values of a draw: images * channels * height * width. */
gsize pmt_image_noise_size (const PmtImageNoise *noise);

/**
 * pmt_image_noise_next:
 * @values: (out caller-allocates): [images, channels, height, width]
 *
 * The first draw is the noise to start from, with variation and resize; later
 * ones are the sampler's.
 */
void pmt_image_noise_next (PmtImageNoise *noise, gfloat *values);

/**
 * pmt_image_noise_batch:
 * @indices: (nullable) (array length=n_images): which draws of the generator
 *   are used, each below 4096; %NULL: one draw for all images
 * @values: (out caller-allocates): [@n_images, @n]
 * @n: values of one latent
 *
 * ComfyUI's noise: one generator for the batch, on the CPU; with @indices one
 * draw an image, as "latent from batch" needs it.
 */
void pmt_image_noise_batch (guint64 seed,
                            const guint *indices,
                            guint n_images,
                            gfloat *values,
                            gsize n);

/**
 * pmt_slerp:
 * @t: 0 (all @low) to 1
 * @low, @high: [@channels, @height, @width]
 * @values: (out caller-allocates): the same shape; may be @low or @high
 *
 * Mixes noise so that its variance stays.  As in AUTOMATIC1111 the vectors
 * that are turned are the columns of each channel, not the whole latent, and
 * latents that are almost equal (mean cosine > 0.9995) are mixed linearly with
 * their roles changed.
 */
void pmt_slerp (gdouble t,
                const gfloat *low,
                const gfloat *high,
                gint channels,
                gint height,
                gint width,
                gfloat *values);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PmtImageNoise, pmt_image_noise_free)

G_END_DECLS
