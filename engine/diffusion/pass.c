/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* pass.c: from noise to a latent: one run of a sampler. */
#include "config.h"

#include "diffusion/pass.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

typedef struct
{
  const PmtPass *pass;
  guint last;    /* step after which the pass stops */
  gfloat *early; /* the latent of a pass that is stopped */
  gboolean is_stopped;
} Run;

/* Samplers that AUTOMATIC1111 runs on timesteps of its own. */
static gboolean
has_own_schedule (const PmtPass *pass)
{
  return pass->denoiser->convention == PMT_CONVENTION_A1111
         && (pass->sampler == PMT_SAMPLER_DDIM
             || pass->sampler == PMT_SAMPLER_PLMS
             || pass->sampler == PMT_SAMPLER_UNIPC);
}

static gdouble *
own_sigmas (const PmtPass *pass, gsize *n)
{
  const PmtDiscrete *discrete = pass->denoiser->discrete;
  gdouble noise_sigma;

  if (pass->strength >= 1.0)
    return pmt_schedule_ddim (discrete, pass->steps, n);
  return pmt_schedule_ddim_from (discrete, pass->steps, pass->strength,
                                 &noise_sigma, n);
}

/* AUTOMATIC1111 keeps the variance of latents at 1 here, and noises a picture
 * to the level before the first one; see pmt_schedule_ddim_from(). */
static void
begin_own (const PmtPass *pass, gdouble sigma, gfloat *x)
{
  const PmtDenoiser *denoiser = pass->denoiser;
  const gsize size = pmt_denoiser_get_size (denoiser);
  const gdouble scale = sqrt (1.0 + sigma * sigma);
  gdouble noise_sigma;
  gdouble share;
  gsize n;

  if (pass->strength >= 1.0 || denoiser->init == NULL)
    {
      for (gsize i = 0; i < size; i++)
        x[i] = pass->noise[i] * (gfloat)scale;
      return;
    }
  g_free (pmt_schedule_ddim_from (denoiser->discrete, pass->steps,
                                  pass->strength, &noise_sigma, &n));
  share = scale / sqrt (1.0 + noise_sigma * noise_sigma);
  for (gsize i = 0; i < size; i++)
    x[i] = (gfloat)share
           * (denoiser->init[i] + pass->noise[i] * (gfloat)noise_sigma);
}

gdouble *
pmt_pass_sigmas (const PmtPass *pass, gsize *n)
{
  const PmtDenoiser *denoiser = pass->denoiser;
  gdouble *sigmas;

  *n = pass->n_sigmas;
  if (pass->sigmas != NULL)
    return g_memdup2 (pass->sigmas, pass->n_sigmas * sizeof (gdouble));
  *n = 0;
  if (pass->strength <= 0.0)
    return NULL;
  if (has_own_schedule (pass))
    sigmas = own_sigmas (pass, n);
  else if (pass->strength < 1.0)
    sigmas = pmt_schedule_sigmas_from (denoiser->discrete, pass->schedule,
                                       denoiser->convention, pass->steps,
                                       pass->strength, n);
  else
    sigmas = pmt_schedule_sigmas (denoiser->discrete, pass->schedule,
                                  denoiser->convention, pass->steps, n);
  if (*n >= 2)
    return sigmas;
  g_free (sigmas);
  *n = 0;
  return NULL;
}

static gboolean
is_highest (const PmtDenoiser *denoiser, gdouble sigma)
{
  const gdouble most =
      pmt_discrete_sigma_max (denoiser->discrete, denoiser->convention);

  return sigma > most || fabs (sigma - most) <= 1e-5 * most;
}

/* With a mask, ComfyUI starts from the picture even at strength 1; others do
 * so only below. */
void
pmt_pass_begin (const PmtPass *pass, gdouble sigma, gfloat *x)
{
  const PmtDenoiser *denoiser = pass->denoiser;
  const gsize n = pmt_denoiser_get_size (denoiser);
  const gboolean is_comfyui = denoiser->convention == PMT_CONVENTION_COMFYUI;
  const gboolean has_init =
      denoiser->init != NULL
      && (pass->strength < 1.0 || (is_comfyui && denoiser->mask != NULL));
  gdouble scale = sigma;

  if (has_own_schedule (pass) && pass->sigmas == NULL)
    {
      begin_own (pass, sigma, x);
      return;
    }
  if (is_comfyui && is_highest (denoiser, sigma))
    scale = sqrt (1.0 + sigma * sigma);
  for (gsize i = 0; i < n; i++)
    x[i] =
        pass->noise[i] * (gfloat)scale + (has_init ? denoiser->init[i] : 0.0f);
}

static gboolean
check_finite (const PmtPass *pass, const gfloat *values, GError **error)
{
  const gsize n = pmt_denoiser_get_size (pass->denoiser);

  for (gsize i = 0; i < n; i++)
    if (!isfinite (values[i]))
      {
        g_set_error (error, PMT_ERROR, PMT_ERROR_MODEL,
                     _ ("The model “%s” gave numbers that are not finite. Try "
                        "less guidance, leave out LoRAs, or look for a "
                        "version of the checkpoint in full precision."),
                     pass->denoiser->checkpoint->name);
        return FALSE;
      }
  return TRUE;
}

static gboolean
denoise (const gfloat *x,
         gdouble sigma,
         gfloat *denoised,
         gpointer data,
         GError **error)
{
  const Run *run = data;

  return pmt_denoiser_run (x, sigma, denoised, run->pass->denoiser, error);
}

static void
draw (gdouble sigma, gdouble sigma_next, gfloat *noise, gpointer data)
{
  const Run *run = data;

  run->pass->draw (sigma, sigma_next, noise, run->pass->draw_data);
}

static gboolean
after_step (guint step,
            guint n_steps,
            gdouble sigma,
            const gfloat *x,
            const gfloat *denoised,
            gpointer data,
            GError **error)
{
  Run *run = data;
  const PmtPass *pass = run->pass;
  const gsize n = pmt_denoiser_get_size (pass->denoiser);

  if (!check_finite (pass, x, error) || !check_finite (pass, denoised, error))
    return FALSE;
  if (pass->step != NULL
      && !pass->step (step, n_steps, denoised, pass->step_data, error))
    return FALSE;
  if (step + 1 < run->last || step + 1 >= n_steps)
    return TRUE;
  /* An end that is no failure; never shown. */
  memcpy (run->early, denoised, n * sizeof (gfloat));
  run->is_stopped = TRUE;
  g_set_error_literal (error, PMT_ERROR, PMT_ERROR_INTERNAL, "stopped");
  return FALSE;
}

static gboolean
sample (Run *run,
        const gdouble *sigmas,
        gsize n_sigmas,
        gfloat *latent,
        GError **error)
{
  const PmtPass *pass = run->pass;
  const gsize n = pmt_denoiser_get_size (pass->denoiser);
  PmtSamplerOptions options = PMT_SAMPLER_OPTIONS_INIT;
  g_autofree gfloat *x = g_try_new (gfloat, n);
  g_autoptr (GError) local = NULL;

  run->early = latent;
  if (x == NULL)
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_MEMORY,
                   _ ("There is not enough memory for a latent of %d × %d. "
                      "Choose a smaller area."),
                   pass->denoiser->width, pass->denoiser->height);
      return FALSE;
    }
  options.eta = pass->eta;
  options.convention = pass->denoiser->convention;
  options.discrete = pass->denoiser->discrete;
  options.denoise = denoise;
  options.noise = pass->draw != NULL ? draw : NULL;
  options.step = after_step;
  options.data = run;
  pmt_pass_begin (pass, sigmas[0], x);
  if (pmt_sampler_run (pass->sampler, sigmas, n_sigmas, x, n, &options, &local))
    {
      memcpy (latent, x, n * sizeof (gfloat));
      return TRUE;
    }
  if (run->is_stopped)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

gboolean
pmt_pass_run (const PmtPass *pass, gfloat *latent, GError **error)
{
  const gsize n = pmt_denoiser_get_size (pass->denoiser);
  gsize n_sigmas;
  g_autofree gdouble *sigmas = pmt_pass_sigmas (pass, &n_sigmas);
  Run run = { pass };

  if (sigmas == NULL)
    {
      g_return_val_if_fail (pass->denoiser->init != NULL, FALSE);
      memcpy (latent, pass->denoiser->init, n * sizeof (gfloat));
      return TRUE;
    }
  run.last = (guint)MAX (1.0, ceil (pass->stop * (gdouble)(n_sigmas - 1)));
  pass->denoiser->last_sigma = sigmas[run.last - 1];
  if (!sample (&run, sigmas, n_sigmas, latent, error))
    return FALSE;
  /* ComfyUI has done so in the last step; twice would count soft masks
   * twice. */
  if (pass->denoiser->convention != PMT_CONVENTION_COMFYUI)
    pmt_denoiser_keep (pass->denoiser, latent);
  return check_finite (pass, latent, error);
}
