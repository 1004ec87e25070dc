/* SPDX-License-Identifier: LGPL-3.0-or-later */
#include "config.h"

#include "diffusion/sampler-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* When a sampler draws noise. */
typedef enum
{
  NOISE_NEVER,
  NOISE_ETA,    /* with eta above 0 */
  NOISE_DDIM,   /* the same, but not in ComfyUI, and eta is 0 by default */
  NOISE_ALWAYS, /* eta is not asked */
} NoiseUse;

/**
 * Trait:
 * @calls: evaluations of a step
 * @last_calls: of the last one when it ends at 0
 * @n_buffers, @n_history: of the latent's size
 * @is_brownian: the programs take its noise from a Brownian path
 * @is_vp: gives sqrt (alphas_cumprod) * x outside of ComfyUI
 */
typedef struct
{
  const gchar *name;
  PmtSamplerStep step;
  void (*begin) (PmtSamplerState *state);
  NoiseUse noise;
  guint8 calls;
  guint8 last_calls;
  guint8 n_buffers;
  guint8 n_history;
  gboolean is_brownian;
  gboolean is_vp;
  gboolean has_flow;
} Trait;

/* clang-format off */
static const Trait traits[PMT_N_SAMPLERS] = {
  [PMT_SAMPLER_EULER] = { "euler", pmt_sampler_step_euler, NULL,
    NOISE_NEVER, 1, 1, 1, 0, FALSE, FALSE, TRUE },
  [PMT_SAMPLER_EULER_A] = { "euler-a", pmt_sampler_step_euler_a, NULL,
    NOISE_ETA, 1, 1, 1, 0, FALSE, FALSE, TRUE },
  [PMT_SAMPLER_HEUN] = { "heun", pmt_sampler_step_heun, NULL,
    NOISE_NEVER, 2, 1, 3, 0, FALSE, FALSE, TRUE },
  [PMT_SAMPLER_HEUNPP2] = { "heunpp2", pmt_sampler_step_heunpp2, NULL,
    NOISE_NEVER, 3, 1, 5, 0, FALSE, FALSE, TRUE },
  [PMT_SAMPLER_DPM_2] = { "dpm-2", pmt_sampler_step_dpm_2, NULL,
    NOISE_NEVER, 2, 1, 3, 0, FALSE, FALSE, TRUE },
  [PMT_SAMPLER_DPM_2_A] = { "dpm-2-a", pmt_sampler_step_dpm_2_a, NULL,
    NOISE_ETA, 2, 1, 3, 0, FALSE, FALSE, TRUE },
  [PMT_SAMPLER_LMS] = { "lms", pmt_sampler_step_lms, NULL,
    NOISE_NEVER, 1, 1, 1, 4, FALSE, FALSE, TRUE },
  [PMT_SAMPLER_DPMPP_2S_A] = { "dpmpp-2s-a", pmt_sampler_step_dpmpp_2s_a, NULL,
    NOISE_ETA, 2, 1, 2, 0, FALSE, FALSE, TRUE },
  [PMT_SAMPLER_DPMPP_2M] = { "dpmpp-2m", pmt_sampler_step_dpmpp_2m, NULL,
    NOISE_NEVER, 1, 1, 1, 1, FALSE, FALSE, TRUE },
  [PMT_SAMPLER_DPMPP_SDE] = { "dpmpp-sde", pmt_sampler_step_dpmpp_sde,
    pmt_sampler_begin_sde,
    NOISE_ETA, 2, 1, 2, 0, TRUE, FALSE, TRUE },
  [PMT_SAMPLER_DPMPP_2M_SDE] = { "dpmpp-2m-sde", pmt_sampler_step_2m_sde,
    pmt_sampler_begin_sde,
    NOISE_ETA, 1, 1, 1, 1, TRUE, FALSE, TRUE },
  [PMT_SAMPLER_DPMPP_2M_SDE_HEUN] = { "dpmpp-2m-sde-heun",
    pmt_sampler_step_2m_sde_heun, pmt_sampler_begin_sde,
    NOISE_ETA, 1, 1, 1, 1, TRUE, FALSE, TRUE },
  [PMT_SAMPLER_DPMPP_3M_SDE] = { "dpmpp-3m-sde", pmt_sampler_step_3m_sde,
    pmt_sampler_begin_sde,
    NOISE_ETA, 1, 1, 1, 2, TRUE, FALSE, TRUE },
  [PMT_SAMPLER_DDIM] = { "ddim", pmt_sampler_step_ddim, NULL,
    NOISE_DDIM, 1, 1, 1, 0, FALSE, TRUE, TRUE },
  [PMT_SAMPLER_PLMS] = { "plms", pmt_sampler_step_plms, NULL,
    NOISE_NEVER, 1, 1, 2, 4, FALSE, TRUE, FALSE },
  [PMT_SAMPLER_LCM] = { "lcm", pmt_sampler_step_lcm, NULL,
    NOISE_ALWAYS, 1, 1, 1, 0, FALSE, FALSE, TRUE },
  [PMT_SAMPLER_UNIPC] = { "unipc", pmt_sampler_step_unipc,
    pmt_sampler_begin_unipc,
    NOISE_NEVER, 1, 1, 2, 3, FALSE, FALSE, FALSE },
  [PMT_SAMPLER_UNIPC_BH2] = { "unipc-bh2", pmt_sampler_step_unipc_bh2,
    pmt_sampler_begin_unipc,
    NOISE_NEVER, 1, 1, 2, 3, FALSE, FALSE, FALSE },
  [PMT_SAMPLER_DDPM] = { "ddpm", pmt_sampler_step_ddpm, NULL,
    NOISE_ALWAYS, 1, 1, 1, 0, FALSE, FALSE, TRUE },
  [PMT_SAMPLER_DEIS] = { "deis", pmt_sampler_step_deis, pmt_sampler_begin_deis,
    NOISE_NEVER, 1, 1, 1, 3, FALSE, FALSE, TRUE },
  [PMT_SAMPLER_IPNDM] = { "ipndm", pmt_sampler_step_ipndm, NULL,
    NOISE_NEVER, 1, 1, 1, 4, FALSE, FALSE, TRUE },
  [PMT_SAMPLER_RES_MULTISTEP] = { "res-multistep",
    pmt_sampler_step_res_multistep, NULL,
    NOISE_NEVER, 1, 1, 1, 1, FALSE, FALSE, TRUE },
  [PMT_SAMPLER_RES_MULTISTEP_A] = { "res-multistep-a",
    pmt_sampler_step_res_multistep, NULL,
    NOISE_ETA, 1, 1, 1, 1, FALSE, FALSE, TRUE },
  [PMT_SAMPLER_GRADIENT_ESTIMATION] = { "gradient-estimation",
    pmt_sampler_step_gradient, NULL,
    NOISE_NEVER, 1, 1, 2, 1, FALSE, FALSE, TRUE },
};
/* clang-format on */

const gchar *
pmt_sampler_to_string (PmtSampler sampler)
{
  g_return_val_if_fail ((guint)sampler < PMT_N_SAMPLERS, NULL);
  return traits[sampler].name;
}

gboolean
pmt_sampler_from_string (const gchar *name, PmtSampler *sampler)
{
  for (guint i = 0; i < PMT_N_SAMPLERS; i++)
    if (g_strcmp0 (name, traits[i].name) == 0)
      {
        *sampler = (PmtSampler)i;
        return TRUE;
      }
  return FALSE;
}

static gdouble
choose_eta (const Trait *trait, PmtConvention convention, gdouble eta)
{
  switch (trait->noise)
    {
    case NOISE_ETA:
    case NOISE_ALWAYS:
      return eta < 0.0 ? 1.0 : eta;
    case NOISE_DDIM:
      return eta < 0.0 || convention == PMT_CONVENTION_COMFYUI ? 0.0 : eta;
    case NOISE_NEVER:
    default:
      return 0.0;
    }
}

gboolean
pmt_sampler_draws_noise (PmtSampler sampler,
                         PmtConvention convention,
                         gdouble eta)
{
  const Trait *trait = &traits[sampler];

  return trait->noise == NOISE_ALWAYS
         || choose_eta (trait, convention, eta) > 0.0;
}

gboolean
pmt_sampler_wants_brownian (PmtSampler sampler)
{
  return traits[sampler].is_brownian;
}

guint
pmt_sampler_calls (PmtSampler sampler,
                   PmtConvention convention,
                   gsize n_sigmas,
                   gboolean ends_at_zero)
{
  const Trait *trait = &traits[sampler];
  guint n = n_sigmas > 1 ? (guint)n_sigmas - 1 : 0;

  if (n == 0)
    return 0;
  if (sampler == PMT_SAMPLER_PLMS)
    return n == 1 && ends_at_zero ? 1 : n + 1;
  if (sampler == PMT_SAMPLER_HEUNPP2)
    return n == 1 ? 1 : 3 * (n - 2) + 3;
  return (n - 1) * trait->calls
         + (ends_at_zero ? trait->last_calls : trait->calls);
}

static gboolean
check_sigmas (const gdouble *sigmas, gsize n_sigmas, GError **error)
{
  gboolean is_falling = n_sigmas >= 2 && n_sigmas <= G_MAXINT
                        && isfinite (sigmas[0]) && sigmas[n_sigmas - 1] >= 0.0;

  for (gsize i = 1; is_falling && i < n_sigmas; i++)
    is_falling = sigmas[i] < sigmas[i - 1];
  if (is_falling)
    return TRUE;
  g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
               _ ("The schedule's %u noise levels do not fall from step to "
                  "step. Choose another schedule or fewer steps."),
               (guint)n_sigmas);
  return FALSE;
}

static gboolean
check_options (PmtSampler sampler,
               const PmtSamplerOptions *options,
               GError **error)
{
  const Trait *trait = &traits[sampler];

  if (options->flow_shift > 0.0
      && (!trait->has_flow || options->convention == PMT_CONVENTION_DIFFUSERS))
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_UNSUPPORTED,
                   _ ("The sampler %s can't be used with a flow model. Choose "
                      "another one, such as euler."),
                   trait->name);
      return FALSE;
    }
  if (!options->noise
      && pmt_sampler_draws_noise (sampler, options->convention, options->eta))
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
                   _ ("The sampler %s needs noise and was given none. Set its "
                      "eta to 0 or choose another one."),
                   trait->name);
      return FALSE;
    }
  if (sampler == PMT_SAMPLER_LCM && !options->discrete
      && options->convention == PMT_CONVENTION_DIFFUSERS)
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
                   _ ("The sampler %s needs the model's timesteps."),
                   trait->name);
      return FALSE;
    }
  return TRUE;
}

static void
state_clear (PmtSamplerState *state)
{
  g_free (state->sigmas);
  g_free (state->denoised);
  for (guint i = 0; i < PMT_SAMPLER_MAX_BUFFERS; i++)
    g_free (state->buffers[i]);
  for (guint i = 0; i < PMT_SAMPLER_MAX_HISTORY; i++)
    g_free (state->history[i]);
  g_free (state->table);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PmtSamplerState, state_clear)

static gboolean
allocate (gfloat **buffer, gsize n, GError **error)
{
  *buffer = g_try_new0 (gfloat, n);
  if (*buffer || n == 0)
    return TRUE;
  g_set_error (error, PMT_ERROR, PMT_ERROR_MEMORY,
               _ ("There is not enough memory for a latent of %lld "
                  "values. Make a smaller picture."),
               (long long)n);
  return FALSE;
}

static gboolean
state_init (PmtSamplerState *s,
            const Trait *trait,
            const gdouble *sigmas,
            gsize n_sigmas,
            GError **error)
{
  s->n_steps = (guint)(n_sigmas - 1);
  s->sigmas = g_memdup2 (sigmas, n_sigmas * sizeof (gdouble));
  s->eta = choose_eta (trait, s->options->convention, s->options->eta);
  s->s_noise = trait->noise == NOISE_ALWAYS ? 1.0 : s->options->s_noise;
  s->is_flow = s->options->flow_shift > 0.0;
  if (!allocate (&s->denoised, s->n, error))
    return FALSE;
  for (guint i = 0; i < trait->n_buffers; i++)
    if (!allocate (&s->buffers[i], s->n, error))
      return FALSE;
  for (guint i = 0; i < trait->n_history; i++)
    if (!allocate (&s->history[i], s->n, error))
      return FALSE;
  if (trait->begin)
    trait->begin (s);
  return TRUE;
}

gboolean
pmt_sampler_run (PmtSampler sampler,
                 const gdouble *sigmas,
                 gsize n_sigmas,
                 gfloat *x,
                 gsize n,
                 const PmtSamplerOptions *options,
                 GError **error)
{
  g_auto (PmtSamplerState) s = { .options = options, .n = n, .x = x };
  const Trait *trait = &traits[sampler];
  gdouble last;

  g_return_val_if_fail ((guint)sampler < PMT_N_SAMPLERS, FALSE);
  g_return_val_if_fail (options->denoise != NULL, FALSE);
  if (!check_sigmas (sigmas, n_sigmas, error)
      || !check_options (sampler, options, error)
      || !state_init (&s, trait, sigmas, n_sigmas, error))
    return FALSE;
  for (guint i = 0; i < s.n_steps; i++)
    if (!pmt_sampler_denoise (&s, x, s.sigmas[i], s.denoised, error)
        || !trait->step (&s, i, error)
        || (options->step
            && !options->step (i, s.n_steps, s.sigmas[i], x, s.denoised,
                               options->data, error)))
      return FALSE;
  last = s.sigmas[s.n_steps];
  if (trait->is_vp && options->convention != PMT_CONVENTION_COMFYUI
      && last > 0.0)
    pmt_sampler_mix (&s, 1.0 / sqrt (1.0 + last * last), x, 0.0, x, x);
  return TRUE;
}
