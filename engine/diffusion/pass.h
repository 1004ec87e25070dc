/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* pass.h: from noise to a latent: one run of a sampler. */
#pragma once

#include "diffusion/denoiser.h"
#include "diffusion/sampler.h"
#include "diffusion/schedule.h"

G_BEGIN_DECLS

/**
 * PmtPassStep: told after each step.
 * @denoised: [channels, height, width]: what the UNet thinks the latent is
 *
 * Returns: %FALSE with @error set: the pass ends.
 */
typedef gboolean (*PmtPassStep) (guint step,
                                 guint n_steps,
                                 const gfloat *denoised,
                                 gpointer data,
                                 GError **error);

/**
 * PmtPass:
 * @denoiser: initialized; its convention and its @init are the pass's
 * @sigmas: (nullable): [@n_sigmas]: noise levels of the caller's own, falling,
 *   in place of those that follow from @schedule, @steps and @strength; not
 *   owned
 * @steps: 1 and more
 * @strength: 1: from noise alone; less: from the denoiser's @init with noise
 * @eta: as in PmtSamplerOptions; negative: the sampler's own
 * @stop: share of the steps that is done, above 0 to 1; below 1 the result is
 *   what the UNet thought the latent was at the last of them
 * @noise: [channels, height, width]: the first draw
 * @draw: (nullable): further noise, where the sampler takes any
 * @step: (nullable)
 */
typedef struct
{
  PmtDenoiser *denoiser;
  PmtSampler sampler;
  PmtSchedule schedule;
  const gdouble *sigmas;
  gsize n_sigmas;
  guint steps;
  gdouble strength;
  gdouble eta;
  gdouble stop;
  const gfloat *noise;
  PmtSamplerNoiseFunc draw;
  gpointer draw_data;
  PmtPassStep step;
  gpointer step_data;
} PmtPass;

#define PMT_PASS_INIT                                                          \
  { NULL, PMT_SAMPLER_EULER, PMT_SCHEDULE_KARRAS, NULL, 0, 20, 1.0, -1.0, 1.0 }

/**
 * pmt_pass_sigmas:
 * @n: (out): number of levels
 *
 * Returns: (transfer full): the noise levels of the pass, falling; %NULL with
 *   @n 0 when the strength leaves no step to do.
 */
gdouble *pmt_pass_sigmas (const PmtPass *pass, gsize *n);

/**
 * pmt_pass_begin:
 * @sigma: the first level
 * @x: (out caller-allocates): [channels, height, width]: the noised start
 *
 * ComfyUI scales noise at the highest level by sqrt (1 + sigma^2), the others
 * by sigma.
 */
void pmt_pass_begin (const PmtPass *pass, gdouble sigma, gfloat *x);

/**
 * pmt_pass_run:
 * @latent: (out caller-allocates): [channels, height, width], in the scale of
 *   the UNet: to be divided by the VAE's scaling
 * @error: PMT_ERROR_MODEL when the UNet gives no finite numbers; whatever the
 *   UNet and @step report
 *
 * Without any step left to do, the latent is the denoiser's @init.
 */
gboolean pmt_pass_run (const PmtPass *pass, gfloat *latent, GError **error);

G_END_DECLS
