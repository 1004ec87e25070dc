/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* discrete.h: the noise levels that a network was trained on. */
#pragma once

#include "diffusion/convention.h"

G_BEGIN_DECLS

/**
 * PmtBetaSchedule: how the noise grows from one training step to the next
 * @PMT_BETA_LINEAR: betas in equal steps
 * @PMT_BETA_SCALED_LINEAR: their square roots in equal steps (SD 1.x, 2.x,
 *   SDXL)
 * @PMT_BETA_COSINE: "squaredcos_cap_v2" of Diffusers
 */
typedef enum
{
  PMT_BETA_LINEAR,
  PMT_BETA_SCALED_LINEAR,
  PMT_BETA_COSINE
} PmtBetaSchedule;

/**
 * pmt_beta_schedule_from_string:
 * @name: "linear", "scaled_linear" or "squaredcos_cap_v2", as in
 *   scheduler_config.json
 *
 * Returns: %FALSE, with @schedule untouched, for an unknown name.
 */
gboolean pmt_beta_schedule_from_string (const gchar *name,
                                        PmtBetaSchedule *schedule);

/**
 * PmtDiscreteConfig: what scheduler_config.json says, or a model's family
 * @schedule: of the betas
 * @beta_start, @beta_end: inside 0..1, both excluded
 * @n_timesteps: of the training, 2..100000
 * @is_zero_snr: the last level is pure noise (zero terminal SNR)
 * @flow_shift: 0: a network that predicts noise or v, of latents
 *   x = latent + sigma * noise; greater: a rectified flow, of
 *   x = (1 - sigma) * latent + sigma * noise, with its levels moved towards
 *   noise by this factor (1: not moved; exp (mu) for Flux).  The betas then
 *   mean nothing
 * @flow_multiplier: timestep of a flow network at sigma 1
 */
typedef struct
{
  PmtBetaSchedule schedule;
  gdouble beta_start;
  gdouble beta_end;
  guint n_timesteps;
  gboolean is_zero_snr;
  gdouble flow_shift;
  gdouble flow_multiplier;
} PmtDiscreteConfig;

/* Of SD 1.x, 2.x and SDXL. */
/* clang-format off */
#define PMT_DISCRETE_CONFIG_INIT                                               \
  { PMT_BETA_SCALED_LINEAR, 0.00085, 0.012, 1000, FALSE, 0.0, 1000.0 }
/* clang-format on */

/**
 * PmtDiscrete:
 *
 * Tables of noise levels, for each convention in that precision in which its
 * program computes them.  Immutable.  Thread: any; reentrant.
 */
typedef struct _PmtDiscrete PmtDiscrete;

/**
 * pmt_discrete_new:
 * @error: PMT_ERROR_MODEL when @config is out of range or leaves no signal
 *
 * Returns: (transfer full)
 */
PmtDiscrete *pmt_discrete_new (const PmtDiscreteConfig *config, GError **error);

void pmt_discrete_free (PmtDiscrete *discrete);

/** pmt_discrete_n: number of training steps. */
guint pmt_discrete_n (const PmtDiscrete *discrete);

/** pmt_discrete_flow_shift: 0 unless the network is a rectified flow. */
gdouble pmt_discrete_flow_shift (const PmtDiscrete *discrete);

/**
 * pmt_discrete_alphas:
 *
 * Returns: (transfer none) (nullable): alphas_cumprod, [n], falling; %NULL
 *   for a flow.
 */
const gdouble *pmt_discrete_alphas (const PmtDiscrete *discrete,
                                    PmtConvention convention);

/** pmt_discrete_sigmas: Returns: (transfer none): noise levels, [n], rising. */
const gdouble *pmt_discrete_sigmas (const PmtDiscrete *discrete,
                                    PmtConvention convention);

/** pmt_discrete_sigma_min: the first level. */
gdouble pmt_discrete_sigma_min (const PmtDiscrete *discrete,
                                PmtConvention convention);

/** pmt_discrete_sigma_max: the last level. */
gdouble pmt_discrete_sigma_max (const PmtDiscrete *discrete,
                                PmtConvention convention);

/**
 * pmt_discrete_t_to_sigma:
 * @t: 0 to n - 1, may be fractional; clamped.  Of a flow: 0 to its multiplier
 *
 * Between two levels the logarithm of sigma is interpolated (Diffusers:
 * sigma itself).
 */
gdouble pmt_discrete_t_to_sigma (const PmtDiscrete *discrete,
                                 PmtConvention convention,
                                 gdouble t);

/**
 * pmt_discrete_sigma_to_t:
 * @sigma: > 0
 *
 * The timestep that the network is given for a noise level: the nearest whole
 * one (ComfyUI), or a fractional one (AUTOMATIC1111, Diffusers).
 */
gdouble pmt_discrete_sigma_to_t (const PmtDiscrete *discrete,
                                 PmtConvention convention,
                                 gdouble sigma);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PmtDiscrete, pmt_discrete_free)

G_END_DECLS
