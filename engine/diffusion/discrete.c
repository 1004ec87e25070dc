/* SPDX-License-Identifier: LGPL-3.0-or-later */
#include "config.h"

#include "diffusion/discrete.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define MAX_TIMESTEPS 100000
#define MAX_SHIFT 1e6

/* Signal that zero terminal SNR leaves at the last level: of ComfyUI and
 * AUTOMATIC1111, and of Diffusers' Euler. */
#define LAST_ALPHA 4.8973451890853435e-08
#define LAST_ALPHA_DIFFUSERS 0x1p-24

/* One convention's table. */
typedef struct
{
  gdouble *alphas;
  gdouble *sigmas;
  gdouble *logs;
} Table;

struct _PmtDiscrete
{
  PmtDiscreteConfig config;
  Table tables[PMT_N_CONVENTIONS];
};

static const gchar *const beta_names[] = {
  [PMT_BETA_LINEAR] = "linear",
  [PMT_BETA_SCALED_LINEAR] = "scaled_linear",
  [PMT_BETA_COSINE] = "squaredcos_cap_v2",
};

gboolean
pmt_beta_schedule_from_string (const gchar *name, PmtBetaSchedule *schedule)
{
  for (guint i = 0; i < G_N_ELEMENTS (beta_names); i++)
    if (g_strcmp0 (name, beta_names[i]) == 0)
      {
        *schedule = (PmtBetaSchedule)i;
        return TRUE;
      }
  return FALSE;
}

/* Number @i of @n from @a to @b, counted from the nearer end as torch does. */
static gdouble
linspace (gdouble a, gdouble b, guint n, guint i)
{
  gdouble step = (b - a) / (n - 1);

  return i < n / 2 ? a + step * i : b - step * (n - 1 - i);
}

static gfloat
linspace_float (gfloat a, gfloat b, guint n, guint i)
{
  gfloat step = (b - a) / (gfloat)(n - 1);

  return i < n / 2 ? a + step * (gfloat)i : b - step * (gfloat)(n - 1 - i);
}

static gdouble
cosine_signal (gdouble t)
{
  gdouble c = cos ((t + 0.008) / 1.008 * G_PI / 2.0);

  return c * c;
}

static gdouble
beta (const PmtDiscreteConfig *config, guint i)
{
  guint n = config->n_timesteps;
  gdouble root;

  switch (config->schedule)
    {
    case PMT_BETA_SCALED_LINEAR:
      root =
          linspace (sqrt (config->beta_start), sqrt (config->beta_end), n, i);
      return root * root;
    case PMT_BETA_COSINE:
      return MIN (
          1.0 - cosine_signal ((i + 1.0) / n) / cosine_signal ((gdouble)i / n),
          0.999);
    case PMT_BETA_LINEAR:
    default:
      return linspace (config->beta_start, config->beta_end, n, i);
    }
}

/* The same in float, as Diffusers has it. */
static gfloat
beta_float (const PmtDiscreteConfig *config, guint i)
{
  guint n = config->n_timesteps;
  gfloat root;

  switch (config->schedule)
    {
    case PMT_BETA_SCALED_LINEAR:
      root = linspace_float ((gfloat)sqrt (config->beta_start),
                             (gfloat)sqrt (config->beta_end), n, i);
      return root * root;
    case PMT_BETA_COSINE:
      return (gfloat)beta (config, i);
    case PMT_BETA_LINEAR:
    default:
      return linspace_float ((gfloat)config->beta_start,
                             (gfloat)config->beta_end, n, i);
    }
}

/* Moves and stretches the signal so that none is left at the end: Lin et al.,
 * Common diffusion noise schedules and sample steps are flawed, 2023. */
static void
remove_last_signal (gdouble *alphas, guint n, gdouble last)
{
  gdouble first_root = sqrt (alphas[0]), last_root = sqrt (alphas[n - 1]);
  gdouble scale = first_root / (first_root - last_root);

  for (guint i = 0; i < n; i++)
    {
      gdouble root = (sqrt (alphas[i]) - last_root) * scale;
      alphas[i] = root * root;
    }
  alphas[n - 1] = last;
}

static void
fill_alphas (const PmtDiscreteConfig *config,
             PmtConvention convention,
             gdouble *alphas)
{
  guint n = config->n_timesteps;
  gboolean is_diffusers = convention == PMT_CONVENTION_DIFFUSERS;
  gdouble product = 1.0;
  gfloat product_float = 1.0f;

  for (guint i = 0; i < n; i++)
    {
      product *= 1.0 - beta (config, i);
      product_float *= 1.0f - beta_float (config, i);
      alphas[i] = is_diffusers ? (gdouble)product_float : product;
    }
  if (config->is_zero_snr)
    remove_last_signal (alphas, n,
                        is_diffusers ? LAST_ALPHA_DIFFUSERS : LAST_ALPHA);
  if (convention == PMT_CONVENTION_A1111)
    for (guint i = 0; i < n; i++)
      alphas[i] = (gfloat)alphas[i];
}

static gdouble
shift_time (gdouble shift, gdouble t)
{
  return shift * t / (1.0 + (shift - 1.0) * t);
}

static void
table_init (Table *table,
            const PmtDiscreteConfig *config,
            PmtConvention convention)
{
  guint n = config->n_timesteps;

  table->sigmas = g_new (gdouble, n);
  table->logs = g_new (gdouble, n);
  if (config->flow_shift <= 0.0)
    {
      table->alphas = g_new (gdouble, n);
      fill_alphas (config, convention, table->alphas);
    }
  for (guint i = 0; i < n; i++)
    {
      gdouble sigma;

      if (!table->alphas)
        sigma = (gfloat)shift_time (config->flow_shift, (i + 1.0) / n);
      else if (convention == PMT_CONVENTION_COMFYUI)
        sigma = (gfloat)sqrt ((1.0 - table->alphas[i]) / table->alphas[i]);
      else
        {
          /* One minus alpha in float: what sets these tables apart. */
          gfloat alpha = (gfloat)table->alphas[i];
          sigma = sqrtf ((1.0f - alpha) / alpha);
        }
      table->sigmas[i] = sigma;
      table->logs[i] = log (sigma);
    }
}

static gboolean
check_config (const PmtDiscreteConfig *config, GError **error)
{
  gboolean has_betas = config->beta_start > 0.0 && config->beta_end > 0.0
                       && config->beta_start < 1.0 && config->beta_end < 1.0;

  if (config->n_timesteps < 2 || config->n_timesteps > MAX_TIMESTEPS)
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_MODEL,
                   _ ("The model says that it was trained with %u noise "
                      "levels; 2 to %d can be used. Correct "
                      "num_train_timesteps in its scheduler_config.json."),
                   config->n_timesteps, MAX_TIMESTEPS);
      return FALSE;
    }
  if (config->flow_shift > 0.0
          ? config->flow_shift <= MAX_SHIFT && config->flow_multiplier > 0.0
          : config->flow_shift == 0.0
                && (has_betas || config->schedule == PMT_BETA_COSINE))
    return TRUE;
  g_set_error (error, PMT_ERROR, PMT_ERROR_MODEL,
               _ ("The model's noise levels (betas from %g to %g, shift %g) "
                  "are out of range. Correct them in its "
                  "scheduler_config.json."),
               config->beta_start, config->beta_end, config->flow_shift);
  return FALSE;
}

/* Betas may leave so little signal that floats can't tell levels apart. */
static gboolean
check_table (const Table *table, guint n, GError **error)
{
  for (guint i = 0; i < n; i++)
    if (!isfinite (table->sigmas[i])
        || table->sigmas[i] <= (i > 0 ? table->sigmas[i - 1] : 0.0))
      {
        g_set_error (error, PMT_ERROR, PMT_ERROR_MODEL,
                     _ ("The model's noise level %u of %u is not above the "
                        "one before it. Correct the betas in its "
                        "scheduler_config.json."),
                     i + 1, n);
        return FALSE;
      }
  return TRUE;
}

PmtDiscrete *
pmt_discrete_new (const PmtDiscreteConfig *config, GError **error)
{
  g_autoptr (PmtDiscrete) discrete = NULL;

  if (!check_config (config, error))
    return NULL;
  discrete = g_new0 (PmtDiscrete, 1);
  discrete->config = *config;
  for (guint i = 0; i < PMT_N_CONVENTIONS; i++)
    table_init (&discrete->tables[i], config, (PmtConvention)i);
  for (guint i = 0; i < PMT_N_CONVENTIONS; i++)
    if (!check_table (&discrete->tables[i], config->n_timesteps, error))
      return NULL;
  return g_steal_pointer (&discrete);
}

void
pmt_discrete_free (PmtDiscrete *discrete)
{
  if (!discrete)
    return;
  for (guint i = 0; i < PMT_N_CONVENTIONS; i++)
    {
      g_free (discrete->tables[i].alphas);
      g_free (discrete->tables[i].sigmas);
      g_free (discrete->tables[i].logs);
    }
  g_free (discrete);
}

guint
pmt_discrete_n (const PmtDiscrete *discrete)
{
  return discrete->config.n_timesteps;
}

gdouble
pmt_discrete_flow_shift (const PmtDiscrete *discrete)
{
  return discrete->config.flow_shift;
}

const gdouble *
pmt_discrete_alphas (const PmtDiscrete *discrete, PmtConvention convention)
{
  return discrete->tables[convention].alphas;
}

const gdouble *
pmt_discrete_sigmas (const PmtDiscrete *discrete, PmtConvention convention)
{
  return discrete->tables[convention].sigmas;
}

gdouble
pmt_discrete_sigma_min (const PmtDiscrete *discrete, PmtConvention convention)
{
  return discrete->tables[convention].sigmas[0];
}

gdouble
pmt_discrete_sigma_max (const PmtDiscrete *discrete, PmtConvention convention)
{
  return discrete->tables[convention].sigmas[discrete->config.n_timesteps - 1];
}

gdouble
pmt_discrete_t_to_sigma (const PmtDiscrete *discrete,
                         PmtConvention convention,
                         gdouble t)
{
  const PmtDiscreteConfig *config = &discrete->config;
  const Table *table = &discrete->tables[convention];
  guint low, high;
  gdouble w;

  if (config->flow_shift > 0.0)
    return shift_time (config->flow_shift, t / config->flow_multiplier);
  t = CLAMP (t, 0.0, config->n_timesteps - 1.0);
  low = (guint)floor (t);
  high = (guint)ceil (t);
  w = t - low;
  if (convention == PMT_CONVENTION_DIFFUSERS)
    return (1.0 - w) * table->sigmas[low] + w * table->sigmas[high];
  return exp ((1.0 - w) * table->logs[low] + w * table->logs[high]);
}

/* The level below @value, never the last one. */
static guint
find_below (const gdouble *logs, guint n, gdouble value)
{
  guint low = 0, high = n - 1;

  while (high - low > 1)
    {
      guint middle = (low + high) / 2;

      if (value >= logs[middle])
        low = middle;
      else
        high = middle;
    }
  return low;
}

gdouble
pmt_discrete_sigma_to_t (const PmtDiscrete *discrete,
                         PmtConvention convention,
                         gdouble sigma)
{
  const PmtDiscreteConfig *config = &discrete->config;
  const gdouble *logs = discrete->tables[convention].logs;
  gdouble value = log (sigma);
  guint low;
  gdouble w;

  if (config->flow_shift > 0.0)
    return sigma * config->flow_multiplier;
  low = find_below (logs, config->n_timesteps, value);
  if (convention == PMT_CONVENTION_COMFYUI)
    return fabs (value - logs[low]) <= fabs (value - logs[low + 1]) ? low
                                                                    : low + 1;
  w = (value - logs[low]) / (logs[low + 1] - logs[low]);
  return low + CLAMP (w, 0.0, 1.0);
}
