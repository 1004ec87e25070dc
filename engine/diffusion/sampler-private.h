/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* sampler-private.h: what the files of the samplers share. */
#pragma once

#include "diffusion/sampler.h"

G_BEGIN_DECLS

/** Most buffers of the latent's size that a sampler needs. */
#define PMT_SAMPLER_MAX_BUFFERS 6

/** Most earlier steps that a multistep sampler looks back at. */
#define PMT_SAMPLER_MAX_HISTORY 4

/**
 * PmtSamplerState: a run
 * @sigmas: [@n_steps + 1]; a sampler may change its own copy
 * @x: [@n], at @sigmas[i] when step i begins
 * @denoised: [@n], of @x
 * @buffers: [@n] each, as many as the sampler asked for; 0 at first
 * @history: of them, those with results of earlier steps, the newest first
 * @n_history: how many of these are filled
 * @levels: what the sampler remembers of earlier steps, the newest first
 * @table: coefficients made before the first step
 */
typedef struct
{
  const PmtSamplerOptions *options;
  gdouble *sigmas;
  guint n_steps;
  gsize n;
  gfloat *x;
  gfloat *denoised;
  gfloat *buffers[PMT_SAMPLER_MAX_BUFFERS];
  gfloat *history[PMT_SAMPLER_MAX_HISTORY];
  guint n_history;
  gdouble levels[PMT_SAMPLER_MAX_HISTORY];
  gdouble *table;
  gdouble eta;
  gdouble s_noise;
  gboolean is_flow;
  guint order;
} PmtSamplerState;

/** PmtSamplerStep: step @i, from @state->x at sigmas[@i] to sigmas[@i + 1]. */
typedef gboolean (*PmtSamplerStep) (PmtSamplerState *state,
                                    guint i,
                                    GError **error);

gboolean pmt_sampler_step_euler (PmtSamplerState *s, guint i, GError **error);
gboolean pmt_sampler_step_euler_a (PmtSamplerState *s, guint i, GError **error);
gboolean pmt_sampler_step_ddim (PmtSamplerState *s, guint i, GError **error);
gboolean pmt_sampler_step_ddpm (PmtSamplerState *s, guint i, GError **error);
gboolean pmt_sampler_step_lcm (PmtSamplerState *s, guint i, GError **error);
gboolean pmt_sampler_step_heun (PmtSamplerState *s, guint i, GError **error);
gboolean pmt_sampler_step_heunpp2 (PmtSamplerState *s, guint i, GError **error);
gboolean pmt_sampler_step_dpm_2 (PmtSamplerState *s, guint i, GError **error);
gboolean pmt_sampler_step_dpm_2_a (PmtSamplerState *s, guint i, GError **error);
gboolean
pmt_sampler_step_dpmpp_2s_a (PmtSamplerState *s, guint i, GError **error);
gboolean
pmt_sampler_step_dpmpp_sde (PmtSamplerState *s, guint i, GError **error);
gboolean pmt_sampler_step_2m_sde (PmtSamplerState *s, guint i, GError **error);
gboolean
pmt_sampler_step_2m_sde_heun (PmtSamplerState *s, guint i, GError **error);
gboolean pmt_sampler_step_3m_sde (PmtSamplerState *s, guint i, GError **error);
gboolean pmt_sampler_step_lms (PmtSamplerState *s, guint i, GError **error);
gboolean
pmt_sampler_step_dpmpp_2m (PmtSamplerState *s, guint i, GError **error);
gboolean pmt_sampler_step_plms (PmtSamplerState *s, guint i, GError **error);
gboolean pmt_sampler_step_ipndm (PmtSamplerState *s, guint i, GError **error);
gboolean pmt_sampler_step_deis (PmtSamplerState *s, guint i, GError **error);
gboolean
pmt_sampler_step_res_multistep (PmtSamplerState *s, guint i, GError **error);
gboolean
pmt_sampler_step_gradient (PmtSamplerState *s, guint i, GError **error);
gboolean pmt_sampler_step_unipc (PmtSamplerState *s, guint i, GError **error);
gboolean
pmt_sampler_step_unipc_bh2 (PmtSamplerState *s, guint i, GError **error);

/** pmt_sampler_begin_deis: fills @s->table. */
void pmt_sampler_begin_deis (PmtSamplerState *s);

/** pmt_sampler_begin_sde: a flow's first level must have some signal. */
void pmt_sampler_begin_sde (PmtSamplerState *s);

/** pmt_sampler_begin_unipc: chooses the order; a last level above 0. */
void pmt_sampler_begin_unipc (PmtSamplerState *s);

/** pmt_sampler_denoise: one evaluation of the network. */
gboolean pmt_sampler_denoise (const PmtSamplerState *s,
                              const gfloat *x,
                              gdouble sigma,
                              gfloat *denoised,
                              GError **error);

/**
 * pmt_sampler_add_noise:
 * @scale: 0: no noise is drawn
 * @scratch: [n], anything afterwards
 *
 * Adds @scale * s_noise * fresh noise to @x.
 */
void pmt_sampler_add_noise (const PmtSamplerState *s,
                            gdouble sigma,
                            gdouble sigma_next,
                            gdouble scale,
                            gfloat *x,
                            gfloat *scratch);

/** pmt_sampler_slope: @d = (@x - @denoised) / @sigma; may be @x. */
void pmt_sampler_slope (const PmtSamplerState *s,
                        const gfloat *x,
                        const gfloat *denoised,
                        gdouble sigma,
                        gfloat *d);

/** pmt_sampler_mix: @out = @a * @x + @b * @y; may be either. */
void pmt_sampler_mix (const PmtSamplerState *s,
                      gdouble a,
                      const gfloat *x,
                      gdouble b,
                      const gfloat *y,
                      gfloat *out);

/** pmt_sampler_add: @x += @a * @y. */
void pmt_sampler_add (const PmtSamplerState *s,
                      gfloat *x,
                      gdouble a,
                      const gfloat *y);

/** pmt_sampler_remember: makes a copy of @values the newest of the history,
 * with @level, and forgets the oldest of @size. */
void pmt_sampler_remember (PmtSamplerState *s,
                           const gfloat *values,
                           gdouble level,
                           guint size);

/**
 * pmt_sampler_ancestral:
 * @down: (out): level to step down to
 * @up: (out): how much noise brings it up to @to again
 *
 * Song et al., Denoising diffusion implicit models, 2021, equation 16.
 */
void pmt_sampler_ancestral (
    gdouble from, gdouble to, gdouble eta, gdouble *down, gdouble *up);

/**
 * pmt_sampler_ancestral_flow:
 * @keep: (out): factor of the latent when it is brought up
 *
 * The same for a rectified flow.
 */
void pmt_sampler_ancestral_flow (gdouble from,
                                 gdouble to,
                                 gdouble eta,
                                 gdouble *down,
                                 gdouble *keep,
                                 gdouble *up);

/** pmt_sampler_lambda: half the logarithm of the signal-to-noise ratio. */
gdouble pmt_sampler_lambda (const PmtSamplerState *s, gdouble sigma);

/** pmt_sampler_lambda_to_sigma: the inverse. */
gdouble pmt_sampler_lambda_to_sigma (const PmtSamplerState *s, gdouble lambda);

/** pmt_sampler_alpha: factor of the clean latent at @sigma. */
gdouble pmt_sampler_alpha (const PmtSamplerState *s, gdouble sigma);

G_END_DECLS
