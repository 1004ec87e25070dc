/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* Karras et al., Elucidating the design space of diffusion-based generative
 * models, 2022 (karras); Sabour et al., Align your steps, 2024; Lee et al.,
 * Beta sampling is all you need, 2024 (beta). */
#include "diffusion/schedule.h"
#include "diffusion/quantile.h"

#include <math.h>
#include <string.h>

#define RHO 7.0
#define BETA_SHAPE 0.6
#define QUADRATIC_NOISE 0.025

/* Below this a level counts as 0. */
#define NEAR_ZERO 1e-5

/* Strength at which AUTOMATIC1111 stops counting steps. */
#define MAX_STRENGTH 0.999

/* What a schedule is made of, and the levels made so far. */
typedef struct
{
  const PmtDiscrete *discrete;
  PmtConvention convention;
  guint steps;
  gdouble sigma_min;
  gdouble sigma_max;
  GArray *levels;
} Plan;

static const gchar *const names[PMT_N_SCHEDULES] = {
  [PMT_SCHEDULE_NORMAL] = "normal",
  [PMT_SCHEDULE_KARRAS] = "karras",
  [PMT_SCHEDULE_EXPONENTIAL] = "exponential",
  [PMT_SCHEDULE_POLYEXPONENTIAL] = "polyexponential",
  [PMT_SCHEDULE_SIMPLE] = "simple",
  [PMT_SCHEDULE_SGM_UNIFORM] = "sgm-uniform",
  [PMT_SCHEDULE_DDIM_UNIFORM] = "ddim-uniform",
  [PMT_SCHEDULE_BETA] = "beta",
  [PMT_SCHEDULE_KL_OPTIMAL] = "kl-optimal",
  [PMT_SCHEDULE_LINEAR_QUADRATIC] = "linear-quadratic",
  [PMT_SCHEDULE_ALIGN_YOUR_STEPS] = "align-your-steps",
  [PMT_SCHEDULE_ALIGN_YOUR_STEPS_XL] = "align-your-steps-xl",
};

const gchar *
pmt_schedule_to_string (PmtSchedule schedule)
{
  g_return_val_if_fail ((guint)schedule < PMT_N_SCHEDULES, NULL);
  return names[schedule];
}

gboolean
pmt_schedule_from_string (const gchar *name, PmtSchedule *schedule)
{
  for (guint i = 0; i < PMT_N_SCHEDULES; i++)
    if (g_strcmp0 (name, names[i]) == 0)
      {
        *schedule = (PmtSchedule)i;
        return TRUE;
      }
  return FALSE;
}

static void
append (Plan *plan, gdouble level)
{
  g_array_append_val (plan->levels, level);
}

/* Number @i of @n from @a to @b; the only one is @a. */
static gdouble
ramp (gdouble a, gdouble b, guint n, guint i)
{
  return n > 1 ? a + (b - a) * i / (n - 1) : a;
}

static gdouble
karras (gdouble sigma_min, gdouble sigma_max, guint n, guint i)
{
  return pow (
      ramp (pow (sigma_max, 1.0 / RHO), pow (sigma_min, 1.0 / RHO), n, i), RHO);
}

/* With @is_sgm the range has one more level, and the last is left out. */
static void
add_normal (Plan *plan, gboolean is_sgm)
{
  const PmtDiscrete *discrete = plan->discrete;
  gdouble start =
      pmt_discrete_sigma_to_t (discrete, plan->convention, plan->sigma_max);
  gdouble end =
      pmt_discrete_sigma_to_t (discrete, plan->convention, plan->sigma_min);
  guint n = plan->steps;
  gboolean ends_at_zero =
      !is_sgm && plan->convention == PMT_CONVENTION_COMFYUI
      && pmt_discrete_t_to_sigma (discrete, plan->convention, end) <= NEAR_ZERO;

  if (ends_at_zero)
    n++;
  for (guint i = 0; i < n; i++)
    append (plan,
            pmt_discrete_t_to_sigma (discrete, plan->convention,
                                     ramp (start, end, is_sgm ? n + 1 : n, i)));
  if (!ends_at_zero)
    append (plan, 0.0);
}

static void
add_simple (Plan *plan)
{
  const gdouble *sigmas =
      pmt_discrete_sigmas (plan->discrete, plan->convention);
  guint n = pmt_discrete_n (plan->discrete);
  gdouble stride = (gdouble)n / plan->steps;

  for (guint i = 0; i < plan->steps; i++)
    append (plan, sigmas[n - 1 - (guint)(i * stride)]);
  append (plan, 0.0);
}

static void
add_ddim (Plan *plan)
{
  const gdouble *sigmas =
      pmt_discrete_sigmas (plan->discrete, plan->convention);
  guint n = pmt_discrete_n (plan->discrete);
  gboolean has_zero =
      plan->convention == PMT_CONVENTION_COMFYUI && sigmas[1] <= NEAR_ZERO;
  guint steps = plan->steps + (has_zero ? 1 : 0);
  guint stride = MAX (n / steps, 1);

  for (guint t = 1 + (n - 2) / stride * stride;; t -= stride)
    {
      append (plan, sigmas[t]);
      if (t <= stride)
        break;
    }
  if (!has_zero)
    append (plan, 0.0);
}

/* ComfyUI: whole timesteps, none twice.  AUTOMATIC1111: levels in between. */
static void
add_beta (Plan *plan)
{
  const gdouble *sigmas =
      pmt_discrete_sigmas (plan->discrete, plan->convention);
  gboolean is_comfy = plan->convention == PMT_CONVENTION_COMFYUI;
  guint n = plan->steps, last = pmt_discrete_n (plan->discrete) - 1;
  gint64 before = -1;

  for (guint i = 0; i < n; i++)
    {
      gdouble p = 1.0 - (is_comfy ? i * (1.0 / n) : ramp (0.0, 1.0, n, i));
      gdouble x = pmt_beta_quantile (p, BETA_SHAPE, BETA_SHAPE);
      gint64 t = (gint64)rint (x * last);

      if (!is_comfy)
        append (plan,
                plan->sigma_min + x * (plan->sigma_max - plan->sigma_min));
      else if (t != before)
        append (plan, sigmas[t]);
      before = t;
    }
  append (plan, 0.0);
}

/* AUTOMATIC1111 ends at the lowest level, without a 0. */
static void
add_kl_optimal (Plan *plan)
{
  gboolean is_comfy = plan->convention == PMT_CONVENTION_COMFYUI;
  guint n = plan->steps + (is_comfy ? 0 : 1);

  for (guint i = 0; i < n; i++)
    append (plan,
            tan (ramp (atan (plan->sigma_max), atan (plan->sigma_min), n, i)));
  if (is_comfy)
    append (plan, 0.0);
}

static void
add_linear_quadratic (Plan *plan)
{
  guint n = plan->steps, n_linear = n / 2, n_rest = n - n_linear;
  gdouble difference = n_linear - QUADRATIC_NOISE * n;

  for (guint i = 0; i < n; i++)
    {
      gdouble done = 0.0;

      if (i > 0 && i < n_linear)
        done = i * QUADRATIC_NOISE / n_linear;
      else if (i > 0)
        {
          gdouble square = difference / ((gdouble)n_linear * n_rest * n_rest);
          gdouble linear = QUADRATIC_NOISE / n_linear
                           - 2.0 * difference / ((gdouble)n_rest * n_rest);

          done = square * i * i + linear * i
                 + square * (gdouble)n_linear * n_linear;
        }
      append (plan, (1.0 - done) * plan->sigma_max);
    }
  append (plan, 0.0);
}

/* Between the table's levels the logarithm is interpolated, from the low end
 * on, so that a single step is the lowest level. */
static void
add_align_your_steps (Plan *plan, gboolean is_xl)
{
  static const gdouble sd[] = { 14.615, 6.475, 3.861, 2.697, 1.886, 1.396,
                                0.963,  0.652, 0.399, 0.152, 0.029 };
  static const gdouble xl[] = { 14.615, 6.315, 3.771, 2.181, 1.342, 0.862,
                                0.555,  0.380, 0.234, 0.113, 0.029 };
  const gdouble *table = is_xl ? xl : sd;
  const guint last = G_N_ELEMENTS (sd) - 1;
  guint n = plan->steps;

  for (guint i = 0; i < n; i++)
    {
      gdouble at = last - ramp (0.0, last, n, n - 1 - i);
      guint low = MIN ((guint)at, last - 1);
      gdouble w = at - low;

      append (plan,
              exp ((1.0 - w) * log (table[low]) + w * log (table[low + 1])));
    }
  append (plan, 0.0);
}

static void
add_powers (Plan *plan, PmtSchedule schedule)
{
  guint n = plan->steps;

  for (guint i = 0; i < n; i++)
    if (schedule == PMT_SCHEDULE_KARRAS)
      append (plan, karras (plan->sigma_min, plan->sigma_max, n, i));
    else
      append (plan,
              exp (ramp (log (plan->sigma_max), log (plan->sigma_min), n, i)));
  append (plan, 0.0);
}

static void
add_all (Plan *plan, PmtSchedule schedule)
{
  switch (schedule)
    {
    case PMT_SCHEDULE_NORMAL:
    case PMT_SCHEDULE_SGM_UNIFORM:
      add_normal (plan, schedule == PMT_SCHEDULE_SGM_UNIFORM);
      break;
    case PMT_SCHEDULE_KARRAS:
    case PMT_SCHEDULE_EXPONENTIAL:
    case PMT_SCHEDULE_POLYEXPONENTIAL:
      add_powers (plan, schedule);
      break;
    case PMT_SCHEDULE_SIMPLE:
      add_simple (plan);
      break;
    case PMT_SCHEDULE_DDIM_UNIFORM:
      add_ddim (plan);
      break;
    case PMT_SCHEDULE_BETA:
      add_beta (plan);
      break;
    case PMT_SCHEDULE_KL_OPTIMAL:
      add_kl_optimal (plan);
      break;
    case PMT_SCHEDULE_LINEAR_QUADRATIC:
      add_linear_quadratic (plan);
      break;
    case PMT_SCHEDULE_ALIGN_YOUR_STEPS:
    case PMT_SCHEDULE_ALIGN_YOUR_STEPS_XL:
      add_align_your_steps (plan, schedule == PMT_SCHEDULE_ALIGN_YOUR_STEPS_XL);
      break;
    }
}

gdouble *
pmt_schedule_sigmas (const PmtDiscrete *discrete,
                     PmtSchedule schedule,
                     PmtConvention convention,
                     guint steps,
                     gsize *n)
{
  Plan plan = { discrete,
                convention,
                steps,
                pmt_discrete_sigma_min (discrete, convention),
                pmt_discrete_sigma_max (discrete, convention),
                NULL };

  g_return_val_if_fail (steps >= 1 && steps <= PMT_SCHEDULE_MAX_STEPS, NULL);
  plan.levels = g_array_new (FALSE, FALSE, sizeof (gdouble));
  add_all (&plan, schedule);
  *n = plan.levels->len;
  return (gdouble *)g_array_free (plan.levels, FALSE);
}

gdouble *
pmt_schedule_karras (guint steps, gdouble sigma_min, gdouble sigma_max)
{
  gdouble *sigmas = g_new0 (gdouble, (gsize)steps + 1);

  for (guint i = 0; i < steps; i++)
    sigmas[i] = karras (sigma_min, sigma_max, steps, i);
  return sigmas;
}

gsize
pmt_schedule_part (gsize n_sigmas, guint steps, gdouble strength)
{
  gsize kept = (gsize)(MIN (strength, MAX_STRENGTH) * steps);
  gsize start = steps > kept ? steps - kept - 1 : 0;

  return MIN (start, n_sigmas - 2);
}

/* ComfyUI: the last steps of a longer schedule. */
static gsize
lengthened_part (gsize n_sigmas, guint steps)
{
  return n_sigmas > (gsize)steps + 1 ? n_sigmas - steps - 1 : 0;
}

gdouble *
pmt_schedule_sigmas_from (const PmtDiscrete *discrete,
                          PmtSchedule schedule,
                          PmtConvention convention,
                          guint steps,
                          gdouble strength,
                          gsize *n)
{
  gboolean is_comfy = convention == PMT_CONVENTION_COMFYUI;
  g_autofree gdouble *all = NULL;
  guint longer = steps;
  gsize n_all, start;

  g_return_val_if_fail (strength > 0.0 && strength <= 1.0, NULL);
  if (is_comfy && strength <= 0.9999)
    longer = (guint)MIN (steps / strength, PMT_SCHEDULE_MAX_STEPS);
  all = pmt_schedule_sigmas (discrete, schedule, convention, longer, &n_all);
  start = is_comfy ? lengthened_part (n_all, steps)
                   : pmt_schedule_part (n_all, steps, strength);
  *n = n_all - start;
  return g_memdup2 (all + start, *n * sizeof (gdouble));
}

gdouble *
pmt_schedule_ddim (const PmtDiscrete *discrete, guint steps, gsize *n)
{
  const gdouble *sigmas = pmt_discrete_sigmas (discrete, PMT_CONVENTION_A1111);
  guint n_train = pmt_discrete_n (discrete);
  guint stride = MAX (n_train / MAX (steps, 1), 1);
  /* Each stride from 1 on, clamped; with stride 1 the last one comes twice,
   * and once is enough. */
  guint count = (n_train + stride - 1) / stride - (stride == 1 ? 1 : 0);
  gdouble *levels = g_new (gdouble, count);

  for (guint i = 0; i < count; i++)
    levels[count - 1 - i] = sigmas[MIN (i * stride + 1, n_train - 1)];
  *n = count;
  return levels;
}

gdouble *
pmt_schedule_ddim_from (const PmtDiscrete *discrete,
                        guint steps,
                        gdouble strength,
                        gdouble *noise_sigma,
                        gsize *n)
{
  g_autofree gdouble *all = NULL;
  gsize kept = (gsize)(MIN (strength, MAX_STRENGTH) * steps), n_all;

  g_return_val_if_fail (strength > 0.0 && strength <= 1.0, NULL);
  all = pmt_schedule_ddim (discrete, steps, &n_all);
  kept = MIN (kept, n_all - 1);
  *noise_sigma = all[n_all - 1 - kept];
  *n = kept;
  return g_memdup2 (all + n_all - kept, kept * sizeof (gdouble));
}
