/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* sampler.h: from noise to a latent, step by step. */
#pragma once

#include "diffusion/discrete.h"

G_BEGIN_DECLS

/**
 * PmtSampler: the order is that of the names; see pmt_sampler_to_string()
 */
typedef enum
{
  PMT_SAMPLER_EULER,
  PMT_SAMPLER_EULER_A,
  PMT_SAMPLER_HEUN,
  PMT_SAMPLER_HEUNPP2,
  PMT_SAMPLER_DPM_2,
  PMT_SAMPLER_DPM_2_A,
  PMT_SAMPLER_LMS,
  PMT_SAMPLER_DPMPP_2S_A,
  PMT_SAMPLER_DPMPP_2M,
  PMT_SAMPLER_DPMPP_SDE,
  PMT_SAMPLER_DPMPP_2M_SDE,
  PMT_SAMPLER_DPMPP_2M_SDE_HEUN,
  PMT_SAMPLER_DPMPP_3M_SDE,
  PMT_SAMPLER_DDIM,
  PMT_SAMPLER_PLMS,
  PMT_SAMPLER_LCM,
  PMT_SAMPLER_UNIPC,
  PMT_SAMPLER_UNIPC_BH2,
  PMT_SAMPLER_DDPM,
  PMT_SAMPLER_DEIS,
  PMT_SAMPLER_IPNDM,
  PMT_SAMPLER_RES_MULTISTEP,
  PMT_SAMPLER_RES_MULTISTEP_A,
  PMT_SAMPLER_GRADIENT_ESTIMATION
} PmtSampler;

#define PMT_N_SAMPLERS 24

/**
 * pmt_sampler_to_string:
 *
 * Returns: (transfer none): "euler", "euler-a", "heun", "heunpp2", "dpm-2",
 *   "dpm-2-a", "lms", "dpmpp-2s-a", "dpmpp-2m", "dpmpp-sde", "dpmpp-2m-sde",
 *   "dpmpp-2m-sde-heun", "dpmpp-3m-sde", "ddim", "plms", "lcm", "unipc",
 *   "unipc-bh2", "ddpm", "deis", "ipndm", "res-multistep",
 *   "res-multistep-a", "gradient-estimation".
 */
const gchar *pmt_sampler_to_string (PmtSampler sampler);

/**
 * pmt_sampler_from_string:
 * @name: as of pmt_sampler_to_string()
 *
 * Returns: %FALSE, with @sampler untouched, for an unknown name.
 */
gboolean pmt_sampler_from_string (const gchar *name, PmtSampler *sampler);

/**
 * pmt_sampler_draws_noise:
 * @eta: as in PmtSamplerOptions
 *
 * Returns: %TRUE when the sampler adds noise while it runs.
 */
gboolean pmt_sampler_draws_noise (PmtSampler sampler,
                                  PmtConvention convention,
                                  gdouble eta);

/**
 * pmt_sampler_wants_brownian:
 *
 * Returns: %TRUE for those samplers that, in the programs, take their noise
 *   from a Brownian path (PmtBrownian) instead of a fresh draw a step.
 */
gboolean pmt_sampler_wants_brownian (PmtSampler sampler);

/**
 * pmt_sampler_calls:
 * @n_sigmas: levels of the schedule
 * @ends_at_zero: its last level is 0
 *
 * Returns: how often the network will be evaluated, for progress and time.
 */
guint pmt_sampler_calls (PmtSampler sampler,
                         PmtConvention convention,
                         gsize n_sigmas,
                         gboolean ends_at_zero);

/**
 * PmtDenoiseFunc:
 * @x: [n], latent + sigma * noise (a flow: (1 - sigma) * latent + sigma *
 *   noise)
 * @sigma: noise level of @x; > 0
 * @denoised: (out caller-allocates): [n], the clean latent that the network
 *   predicts, after guidance; never @x
 * @error: of the network, or G_IO_ERROR_CANCELLED
 *
 * One evaluation.
 *
 * Returns: %FALSE with @error set, which stops the sampler.
 */
typedef gboolean (*PmtDenoiseFunc) (const gfloat *x,
                                    gdouble sigma,
                                    gfloat *denoised,
                                    gpointer data,
                                    GError **error);

/**
 * PmtSamplerNoiseFunc:
 * @sigma, @sigma_next: between which levels it is used, for a Brownian path
 * @noise: (out caller-allocates): [n], mean 0, variance 1
 */
typedef void (*PmtSamplerNoiseFunc) (gdouble sigma,
                                     gdouble sigma_next,
                                     gfloat *noise,
                                     gpointer data);

/**
 * PmtStepFunc:
 * @step: just done, from 0
 * @n_steps: of them all
 * @sigma: level at which the step began
 * @x: [n], after the step, in the scale of PmtDenoiseFunc
 * @denoised: [n], the network's prediction at the begin of the step
 *
 * Called after each step: progress, preview, checks.
 *
 * Returns: %FALSE with @error set, which stops the sampler.
 */
typedef gboolean (*PmtStepFunc) (guint step,
                                 guint n_steps,
                                 gdouble sigma,
                                 const gfloat *x,
                                 const gfloat *denoised,
                                 gpointer data,
                                 GError **error);

/**
 * PmtSamplerOptions:
 * @eta: share of fresh noise of those samplers that take one: 1 is the
 *   ancestral (SDE) form, 0 the deterministic one; negative: the sampler's
 *   own default, 0 for DDIM and 1 for the others
 * @s_noise: factor of fresh noise
 * @convention: whose form of a sampler where they differ (LMS, DDIM, LCM,
 *   UniPC)
 * @flow_shift: 0 for networks that predict noise or v; of a rectified flow
 *   its shift (pmt_discrete_flow_shift())
 * @discrete: (nullable): timesteps of the network; needed by LCM in the
 *   Diffusers convention only
 * @denoise: the network
 * @noise: (nullable): where fresh noise comes from; needed where
 *   pmt_sampler_draws_noise() says so
 * @step: (nullable): told after each step
 * @data: passed to the three
 */
typedef struct
{
  gdouble eta;
  gdouble s_noise;
  PmtConvention convention;
  gdouble flow_shift;
  const PmtDiscrete *discrete;
  PmtDenoiseFunc denoise;
  PmtSamplerNoiseFunc noise;
  PmtStepFunc step;
  gpointer data;
} PmtSamplerOptions;

/* clang-format off */
#define PMT_SAMPLER_OPTIONS_INIT                                               \
  { -1.0, 1.0, PMT_CONVENTION_COMFYUI, 0.0, NULL, NULL, NULL, NULL, NULL }
/* clang-format on */

/**
 * pmt_sampler_run:
 * @sigmas: [@n_sigmas], falling strictly, >= 0, only the last may be 0
 * @n_sigmas: >= 2
 * @x: (inout): [@n]; before: noised to @sigmas[0], in the scale of
 *   PmtDenoiseFunc; after: the latent, as the program whose convention it is
 *   hands it to the decoder
 * @n: number of values
 * @error: PMT_ERROR_ARGUMENT for levels that are not falling or a missing
 *   noise source; PMT_ERROR_UNSUPPORTED for a sampler that can't do flows;
 *   PMT_ERROR_MEMORY; whatever @options->denoise or @options->step set
 *
 * Runs all steps.  Arithmetic on @x is in float as in the programs, that of
 * coefficients in double.  DDIM and PLMS outside of ComfyUI end at a level
 * above 0 and return sqrt (alphas_cumprod) * x, which is what those programs
 * decode.  A step of theirs ends at the schedule's next level; Diffusers steps
 * by a fixed number of timesteps, which is the same with leading spacing and
 * may be another one with trailing and linspace.  Thread: any; the callbacks are called in the caller's thread.
 * Source: the papers named in the sampler's file.
 *
 * Returns: %FALSE with @error set and @x unspecified.
 */
gboolean pmt_sampler_run (PmtSampler sampler,
                          const gdouble *sigmas,
                          gsize n_sigmas,
                          gfloat *x,
                          gsize n,
                          const PmtSamplerOptions *options,
                          GError **error);

G_END_DECLS
