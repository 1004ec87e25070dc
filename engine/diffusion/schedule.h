/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* schedule.h: at which noise levels a sampler stops. */
#pragma once

#include "diffusion/discrete.h"

G_BEGIN_DECLS

/**
 * PmtSchedule: how the levels of the steps are spread
 * @PMT_SCHEDULE_NORMAL: equal steps of the training's time
 * @PMT_SCHEDULE_KARRAS: equal steps of sigma to the power 1/7
 * @PMT_SCHEDULE_EXPONENTIAL: equal steps of log sigma
 * @PMT_SCHEDULE_POLYEXPONENTIAL: as exponential with rho 1 (AUTOMATIC1111)
 * @PMT_SCHEDULE_SIMPLE: each (n / steps)th level of the training
 * @PMT_SCHEDULE_SGM_UNIFORM: as normal, but the lowest level is left out
 * @PMT_SCHEDULE_DDIM_UNIFORM: whole strides of the training's levels, from 1
 * @PMT_SCHEDULE_BETA: quantiles of the beta distribution (0.6, 0.6)
 * @PMT_SCHEDULE_KL_OPTIMAL: equal steps of atan sigma
 * @PMT_SCHEDULE_LINEAR_QUADRATIC: half of the steps for the first 2.5 %
 * @PMT_SCHEDULE_ALIGN_YOUR_STEPS: the table found for SD 1.5
 * @PMT_SCHEDULE_ALIGN_YOUR_STEPS_XL: the table found for SDXL
 *
 * Beta, KL optimal and DDIM uniform are different curves in ComfyUI and in
 * AUTOMATIC1111.
 */
typedef enum
{
  PMT_SCHEDULE_NORMAL,
  PMT_SCHEDULE_KARRAS,
  PMT_SCHEDULE_EXPONENTIAL,
  PMT_SCHEDULE_POLYEXPONENTIAL,
  PMT_SCHEDULE_SIMPLE,
  PMT_SCHEDULE_SGM_UNIFORM,
  PMT_SCHEDULE_DDIM_UNIFORM,
  PMT_SCHEDULE_BETA,
  PMT_SCHEDULE_KL_OPTIMAL,
  PMT_SCHEDULE_LINEAR_QUADRATIC,
  PMT_SCHEDULE_ALIGN_YOUR_STEPS,
  PMT_SCHEDULE_ALIGN_YOUR_STEPS_XL
} PmtSchedule;

#define PMT_N_SCHEDULES 12

/** Most steps of a schedule. */
#define PMT_SCHEDULE_MAX_STEPS 10000

/**
 * pmt_schedule_to_string:
 *
 * Returns: (transfer none): "normal", "karras", "sgm-uniform", ...
 */
const gchar *pmt_schedule_to_string (PmtSchedule schedule);

/**
 * pmt_schedule_from_string:
 * @name: as of pmt_schedule_to_string()
 *
 * Returns: %FALSE, with @schedule untouched, for an unknown name.
 */
gboolean pmt_schedule_from_string (const gchar *name, PmtSchedule *schedule);

/**
 * pmt_schedule_sigmas:
 * @convention: COMFYUI or A1111; DIFFUSERS is as A1111 over that library's
 *   table (see pmt_schedule_diffusers() for its own schedules)
 * @steps: 1..PMT_SCHEDULE_MAX_STEPS
 * @n: (out): number of levels; mostly @steps + 1, but some schedules stop
 *   more or less often than asked (DDIM uniform, beta)
 *
 * Returns: (transfer full): falling noise levels; the last is 0, or the
 *   lowest level where the schedule has no 0 (KL optimal of AUTOMATIC1111).
 */
gdouble *pmt_schedule_sigmas (const PmtDiscrete *discrete,
                              PmtSchedule schedule,
                              PmtConvention convention,
                              guint steps,
                              gsize *n);

/**
 * pmt_schedule_karras:
 * @sigma_min, @sigma_max: > 0
 *
 * Karras et al. 2022 between given levels (AUTOMATIC1111 once used 0.1..10).
 *
 * Returns: (transfer full): [@steps + 1]
 */
gdouble *
pmt_schedule_karras (guint steps, gdouble sigma_min, gdouble sigma_max);

/**
 * pmt_schedule_sigmas_from:
 * @strength: > 0 to 1: how much of the picture is made anew
 *
 * The part of a schedule that changes a given picture: ComfyUI makes the
 * schedule longer and takes its last @steps steps; AUTOMATIC1111 takes the
 * last strength * steps + 1 of @steps.  At strength 1 it is the whole one
 * (ComfyUI) or all of it (AUTOMATIC1111).
 *
 * Returns: (transfer full): [@n]; the first is the noise to start from.
 */
gdouble *pmt_schedule_sigmas_from (const PmtDiscrete *discrete,
                                   PmtSchedule schedule,
                                   PmtConvention convention,
                                   guint steps,
                                   gdouble strength,
                                   gsize *n);

/**
 * pmt_schedule_part:
 * @sigmas: [@n_sigmas], of the whole schedule of @steps steps
 *
 * The rule of AUTOMATIC1111 for @strength, on levels that are there already.
 *
 * Returns: the index in @sigmas to start from.
 */
gsize pmt_schedule_part (gsize n_sigmas, guint steps, gdouble strength);

/**
 * pmt_schedule_ddim:
 *
 * The levels at which AUTOMATIC1111 runs DDIM, PLMS and UniPC: each
 * (n / steps)th timestep, from 1.  The last level is not 0.
 *
 * Returns: (transfer full): [@n], falling.
 */
gdouble *pmt_schedule_ddim (const PmtDiscrete *discrete, guint steps, gsize *n);

/**
 * pmt_schedule_ddim_from:
 * @strength: > 0 to 1
 * @noise_sigma: (out): level at which the noise is added to the picture: one
 *   stride above the first level
 * @n: (out): levels; with fewer than 2 there is no step, and the result is
 *   the picture with its noise
 *
 * The part of pmt_schedule_ddim() that changes a given picture.  In
 * AUTOMATIC1111 the sampler then takes the latent
 * sqrt (alpha) * picture + sqrt (1 - alpha) * noise, alpha being that of
 * @noise_sigma, as if it were of the first level: in the scale of
 * PmtDenoiseFunc it is to be divided by the square root of that level's alpha
 * (alpha = 1 / (1 + sigma^2)).  Without a picture the latent is the bare
 * noise, which is sqrt (1 + sigma^2) * noise in that scale.
 *
 * Returns: (transfer full): [@n], falling.
 */
gdouble *pmt_schedule_ddim_from (const PmtDiscrete *discrete,
                                 guint steps,
                                 gdouble strength,
                                 gdouble *noise_sigma,
                                 gsize *n);

/**
 * PmtSpacing: "timestep_spacing" of scheduler_config.json
 */
typedef enum
{
  PMT_SPACING_LEADING,
  PMT_SPACING_LINSPACE,
  PMT_SPACING_TRAILING
} PmtSpacing;

/** pmt_spacing_from_string: %FALSE for an unknown name. */
gboolean pmt_spacing_from_string (const gchar *name, PmtSpacing *spacing);

/**
 * PmtDiffusersScheduler: classes of Diffusers
 * @PMT_DIFFUSERS_DDIM: DDIMScheduler
 * @PMT_DIFFUSERS_PNDM: PNDMScheduler with skip_prk_steps
 * @PMT_DIFFUSERS_EULER: EulerDiscreteScheduler, EulerAncestralDiscreteScheduler
 * @PMT_DIFFUSERS_DPM: DPMSolverMultistepScheduler, UniPCMultistepScheduler
 * @PMT_DIFFUSERS_LCM: LCMScheduler
 */
typedef enum
{
  PMT_DIFFUSERS_DDIM,
  PMT_DIFFUSERS_PNDM,
  PMT_DIFFUSERS_EULER,
  PMT_DIFFUSERS_DPM,
  PMT_DIFFUSERS_LCM
} PmtDiffusersScheduler;

/**
 * PmtDiffusersOptions: of scheduler_config.json
 * @scheduler: its "_class_name"
 * @spacing: "timestep_spacing"
 * @steps_offset: "steps_offset", for leading spacing
 * @is_last_one: "set_alpha_to_one": the last level is 0, not that of the
 *   first timestep (DDIM, PNDM)
 * @is_karras: "use_karras_sigmas"
 * @lcm_steps: "original_inference_steps"
 */
typedef struct
{
  PmtDiffusersScheduler scheduler;
  PmtSpacing spacing;
  guint steps_offset;
  gboolean is_last_one;
  gboolean is_karras;
  guint lcm_steps;
} PmtDiffusersOptions;

/* clang-format off */
#define PMT_DIFFUSERS_OPTIONS_INIT                                             \
  { PMT_DIFFUSERS_EULER, PMT_SPACING_LEADING, 1, FALSE, FALSE, 50 }
/* clang-format on */

/**
 * pmt_schedule_diffusers:
 * @steps: 1..number of training steps (LCM: 1..@options->lcm_steps)
 * @timesteps: (out) (optional) (transfer full): [@n - 1], what the network
 *   is given
 * @n: (out): levels, @steps + 1
 * @error: PMT_ERROR_ARGUMENT for steps that the scheduler can't do;
 *   PMT_ERROR_UNSUPPORTED for a flow
 *
 * Returns: (transfer full): [@n], falling.
 */
gdouble *pmt_schedule_diffusers (const PmtDiscrete *discrete,
                                 const PmtDiffusersOptions *options,
                                 guint steps,
                                 gdouble **timesteps,
                                 gsize *n,
                                 GError **error);

/**
 * pmt_schedule_flow_diffusers:
 * @shift: of time; exp (mu) with @is_dynamic
 * @is_dynamic: FLUX: times 1 to 1 / steps, moved by @shift; otherwise times
 *   that already were moved, from n_timesteps down, moved once more
 *
 * FlowMatchEulerDiscreteScheduler.
 *
 * Returns: (transfer full): [@steps + 1]; timesteps are 1000 times these.
 */
gdouble *
pmt_schedule_flow_diffusers (guint steps, gdouble shift, gboolean is_dynamic);

G_END_DECLS
