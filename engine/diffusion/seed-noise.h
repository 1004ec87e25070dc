/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* seed-noise.h: all the noise of a picture, as its seed determines it. */
#pragma once

#include "diffusion/image-noise.h"
#include "diffusion/sampler.h"

G_BEGIN_DECLS

/**
 * PmtSeedNoiseOptions:
 * @convention: ComfyUI: first noise always as torch draws it on the CPU, the
 *   sampler's from a generator of its own; AUTOMATIC1111: one generator for
 *   both
 * @kind: where the program's sampler draws its noise
 * @variation: 0..1: share of the noise of @variation_seed
 */
typedef struct
{
  PmtConvention convention;
  PmtNoiseKind kind;
  guint32 seed;
  guint32 variation_seed;
  gdouble variation;
  gint channels;
  gint height;
  gint width;
} PmtSeedNoiseOptions;

/** PmtSeedNoise: belongs to one thread. */
typedef struct _PmtSeedNoise PmtSeedNoise;

/**
 * pmt_seed_noise_new:
 * @first: (out caller-allocates): [channels, height, width]: what a picture
 *   starts from
 */
PmtSeedNoise *pmt_seed_noise_new (const PmtSeedNoiseOptions *options,
                                  gfloat *first);
void pmt_seed_noise_free (PmtSeedNoise *noise);

/** pmt_seed_noise_set_path: for samplers that take a Brownian path: between
 * the lowest level of @sigmas above 0 and the highest. */
void pmt_seed_noise_set_path (PmtSeedNoise *noise,
                              const gdouble *sigmas,
                              gsize n_sigmas);

/** pmt_seed_noise_draw: a PmtSamplerNoiseFunc; @data: a PmtSeedNoise. */
void pmt_seed_noise_draw (gdouble sigma,
                          gdouble sigma_next,
                          gfloat *values,
                          gpointer data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PmtSeedNoise, pmt_seed_noise_free)

G_END_DECLS
