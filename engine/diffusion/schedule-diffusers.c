/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* schedule-diffusers.c: the timesteps of the Diffusers library. */
#include "config.h"

#include "diffusion/schedule.h"

#include <glib/gi18n-lib.h>
#include <math.h>

static const gchar *const spacing_names[] = {
  [PMT_SPACING_LEADING] = "leading",
  [PMT_SPACING_LINSPACE] = "linspace",
  [PMT_SPACING_TRAILING] = "trailing",
};

gboolean
pmt_spacing_from_string (const gchar *name, PmtSpacing *spacing)
{
  for (guint i = 0; i < G_N_ELEMENTS (spacing_names); i++)
    if (g_strcmp0 (name, spacing_names[i]) == 0)
      {
        *spacing = (PmtSpacing)i;
        return TRUE;
      }
  return FALSE;
}

static gboolean
is_whole (PmtDiffusersScheduler scheduler)
{
  return scheduler != PMT_DIFFUSERS_EULER;
}

/* The DPM solvers count one more step and leave out the end. */
static gdouble
timestep (const PmtDiffusersOptions *options,
          guint n_train,
          guint steps,
          guint i)
{
  guint extra = options->scheduler == PMT_DIFFUSERS_DPM ? 1 : 0;
  guint n = steps + extra;
  gdouble t, stride;

  /* Products are rounded as numpy does: they may lie between two timesteps. */
  switch (options->spacing)
    {
    case PMT_SPACING_LINSPACE:
      stride = n > 1 ? (n_train - 1.0) / (n - 1) : 0.0;
      t = i == 0 && n > 1 ? n_train - 1.0 : (n - 1 - i) * stride;
      return is_whole (options->scheduler) ? rint (t) : t;
    case PMT_SPACING_TRAILING:
      stride = (n_train - (gdouble)n_train / steps) - n_train;
      return rint (n_train + i * stride) - 1.0;
    case PMT_SPACING_LEADING:
    default:
      return (gdouble)(n_train / n) * (n - 1 - i) + options->steps_offset;
    }
}

static gdouble
lcm_timestep (const PmtDiffusersOptions *options,
              guint n_train,
              guint steps,
              guint i)
{
  guint stride = n_train / options->lcm_steps;
  guint at = (guint)(i * ((gdouble)options->lcm_steps / steps));

  return (gdouble)(options->lcm_steps - at) * stride - 1.0;
}

static gboolean
check_steps (const PmtDiscrete *discrete,
             const PmtDiffusersOptions *options,
             guint steps,
             GError **error)
{
  guint most = pmt_discrete_n (discrete);

  if (pmt_discrete_flow_shift (discrete) > 0.0)
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_UNSUPPORTED,
                   _ ("The scheduler that the model names does not fit a "
                      "flow model. Choose a sampler and a schedule."));
      return FALSE;
    }
  if (options->scheduler == PMT_DIFFUSERS_LCM)
    most = CLAMP (options->lcm_steps, 1, most);
  else if (options->scheduler == PMT_DIFFUSERS_DPM)
    most--;
  if (steps >= 1 && steps <= most)
    return TRUE;
  g_set_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT,
               _ ("The scheduler that the model names can't do %u steps; "
                  "choose 1 to %u."),
               steps, most);
  return FALSE;
}

/* Levels between the highest and the lowest; their timesteps follow. */
static void
make_karras (const PmtDiscrete *discrete,
             const PmtDiffusersOptions *options,
             guint steps,
             gdouble *times,
             gdouble *sigmas)
{
  const PmtConvention convention = PMT_CONVENTION_DIFFUSERS;
  gboolean is_dpm = options->scheduler == PMT_DIFFUSERS_DPM;
  gdouble high =
      is_dpm ? pmt_discrete_sigma_max (discrete, convention) : sigmas[0];
  gdouble low = is_dpm ? pmt_discrete_sigma_min (discrete, convention)
                       : sigmas[steps - 1];
  g_autofree gdouble *made = pmt_schedule_karras (steps, low, high);

  for (guint i = 0; i < steps; i++)
    {
      sigmas[i] = made[i];
      times[i] = pmt_discrete_sigma_to_t (discrete, convention, made[i]);
      if (is_dpm)
        times[i] = rint (times[i]);
    }
}

gdouble *
pmt_schedule_diffusers (const PmtDiscrete *discrete,
                        const PmtDiffusersOptions *options,
                        guint steps,
                        gdouble **timesteps,
                        gsize *n,
                        GError **error)
{
  const PmtConvention convention = PMT_CONVENTION_DIFFUSERS;
  gboolean has_last = options->scheduler == PMT_DIFFUSERS_DDIM
                      || options->scheduler == PMT_DIFFUSERS_PNDM;
  guint n_train = pmt_discrete_n (discrete);
  g_autofree gdouble *times = NULL;
  g_autofree gdouble *sigmas = NULL;

  if (!check_steps (discrete, options, steps, error))
    return NULL;
  times = g_new (gdouble, steps);
  sigmas = g_new (gdouble, (gsize)steps + 1);
  for (guint i = 0; i < steps; i++)
    {
      gdouble t = options->scheduler == PMT_DIFFUSERS_LCM
                      ? lcm_timestep (options, n_train, steps, i)
                      : timestep (options, n_train, steps, i);

      times[i] = CLAMP (t, 0.0, n_train - 1.0);
      sigmas[i] = pmt_discrete_t_to_sigma (discrete, convention, times[i]);
    }
  sigmas[steps] = has_last && !options->is_last_one
                      ? pmt_discrete_sigma_min (discrete, convention)
                      : 0.0;
  if (options->is_karras)
    make_karras (discrete, options, steps, times, sigmas);
  *n = (gsize)steps + 1;
  if (timesteps)
    *timesteps = g_steal_pointer (&times);
  return g_steal_pointer (&sigmas);
}

static gdouble
shift_time (gdouble shift, gdouble t)
{
  return shift * t / (1.0 + (shift - 1.0) * t);
}

gdouble *
pmt_schedule_flow_diffusers (guint steps, gdouble shift, gboolean is_dynamic)
{
  gdouble *sigmas = g_new0 (gdouble, (gsize)steps + 1);
  gdouble low = is_dynamic ? 1.0 / steps : shift_time (shift, 0.001);

  for (guint i = 0; i < steps; i++)
    {
      gdouble t = steps > 1 ? 1.0 + (low - 1.0) * i / (steps - 1) : 1.0;
      sigmas[i] = shift_time (shift, t);
    }
  return sigmas;
}
