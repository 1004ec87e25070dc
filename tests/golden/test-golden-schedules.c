/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* test-golden-schedules.c: every tensor of samplers/schedules.safetensors
 * against our noise levels and timesteps. */
#include "golden.h"

#include "diffusion/schedule.h"

#include <math.h>

/* Relative for sigmas, absolute for fractional timesteps: README of the
 * folder. */
#define SIGMA_TOLERANCE 1e-5
#define TIME_TOLERANCE 1e-3
#define DEFAULT_MULTIPLIER 1000.0
#define FLUX_TIMESTEPS 10000

typedef struct
{
  PmtWeights *weights;
  cJSON *index;
  GHashTable *seen;
  PmtDiscrete *discrete;
  PmtDiscreteConfig config;
} Data;

static Data data;

static gdouble
number (const cJSON *entry, const gchar *name)
{
  const cJSON *item = cJSON_GetObjectItem (entry, name);

  if (!cJSON_IsNumber (item))
    g_error ("an entry of the index has no number %s", name);
  return item->valuedouble;
}

static const gchar *
text (const cJSON *entry, const gchar *name)
{
  const cJSON *item = cJSON_GetObjectItem (entry, name);

  g_assert_true (cJSON_IsString (item));
  return item->valuestring;
}

static gfloat *
read_tensor (gsize *n, const gchar *key, const gchar *part)
{
  g_autofree gchar *name = g_strconcat (key, part, NULL);

  g_hash_table_add (data.seen, g_strdup (name));
  return golden_floats (data.weights, n, "%s", name);
}

static gboolean
has (const gchar *key, const gchar *part)
{
  g_autofree gchar *name = g_strconcat (key, part, NULL);

  return pmt_weights_find (data.weights, name) != NULL;
}

static void
compare (const gchar *key,
         const gdouble *made,
         gsize n_made,
         const gfloat *wanted,
         gsize n,
         gdouble relative,
         gdouble absolute)
{
  gdouble worst = 0.0;

  if (n_made != n)
    g_error ("%s: %" G_GSIZE_FORMAT " values are made and %" G_GSIZE_FORMAT
             " wanted",
             key, n_made, n);
  for (gsize i = 0; i < n; i++)
    {
      gdouble difference = fabs (made[i] - wanted[i]);
      gdouble limit = relative * fabs ((gdouble)wanted[i]) + absolute;

      if (!(difference <= limit))
        g_error ("%s[%" G_GSIZE_FORMAT "]: %.9g is made and %.9g wanted", key,
                 i, made[i], wanted[i]);
      worst = MAX (worst, limit > 0.0 ? difference / limit : 0.0);
    }
  g_test_message ("%s: %.3g of what is allowed", key, worst);
}

static void
compare_sigmas (const gchar *key, const gdouble *made, gsize n_made)
{
  gsize n;
  g_autofree gfloat *wanted = read_tensor (&n, key, ".sigmas");

  compare (key, made, n_made, wanted, n, SIGMA_TOLERANCE, 0.0);
}

/* The timesteps of levels above 0; of ComfyUI they are whole and exact. */
static void
compare_times (const gchar *key,
               const PmtDiscrete *discrete,
               PmtConvention convention,
               const gdouble *sigmas,
               gsize n_sigmas)
{
  gboolean is_flow = pmt_discrete_flow_shift (discrete) > 0.0;
  g_autofree gdouble *times = g_new (gdouble, n_sigmas);
  g_autofree gfloat *wanted = NULL;
  gsize n, count = 0;

  if (!has (key, ".timesteps"))
    return;
  wanted = read_tensor (&n, key, ".timesteps");
  for (gsize i = 0; i < n_sigmas; i++)
    if (sigmas[i] > 0.0)
      times[count++] =
          pmt_discrete_sigma_to_t (discrete, convention, sigmas[i]);
  compare (key, times, count, wanted, n, 0.0,
           !is_flow && convention == PMT_CONVENTION_COMFYUI ? 0.0
                                                            : TIME_TOLERANCE);
}

/* Our names of the schedules of both programs. */
static PmtSchedule
schedule_named (const gchar *name)
{
  static const struct
  {
    const gchar *name;
    PmtSchedule schedule;
  } others[] = {
    { "uniform", PMT_SCHEDULE_NORMAL },
    { "ddim", PMT_SCHEDULE_DDIM_UNIFORM },
    { "img2img", PMT_SCHEDULE_KARRAS },
    { "align_your_steps_sd15", PMT_SCHEDULE_ALIGN_YOUR_STEPS },
    { "align_your_steps_sdxl", PMT_SCHEDULE_ALIGN_YOUR_STEPS_XL },
  };
  g_autofree gchar *ours = g_strdelimit (g_strdup (name), "_", '-');
  PmtSchedule schedule;

  if (pmt_schedule_from_string (ours, &schedule))
    return schedule;
  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    if (g_str_equal (name, others[i].name))
      return others[i].schedule;
  g_error ("no schedule is called %s", name);
}

static void
check_ddim_timesteps (const gchar *key, guint steps)
{
  gsize n, n_sigmas;
  g_autofree gfloat *unused = read_tensor (&n, key, ".sigmas");
  g_autofree gfloat *wanted = read_tensor (&n, key, ".timesteps");
  g_autofree gdouble *sigmas =
      pmt_schedule_ddim (data.discrete, steps, &n_sigmas);
  g_autofree gdouble *times = g_new (gdouble, n_sigmas);

  /* Stored rising; its sigmas are a single 0 without meaning. */
  for (gsize i = 0; i < n_sigmas; i++)
    times[i] = rint (pmt_discrete_sigma_to_t (
        data.discrete, PMT_CONVENTION_A1111, sigmas[n_sigmas - 1 - i]));
  compare (key, times, n_sigmas, wanted, n, 0.0, 0.0);
}

static void
check_program (const cJSON *entry, PmtConvention convention)
{
  const gchar *key = text (entry, "key"), *name = text (entry, "schedule");
  guint steps = (guint)number (entry, "steps");
  g_autofree gdouble *sigmas = NULL;
  const cJSON *part = cJSON_GetObjectItem (
      entry, convention == PMT_CONVENTION_COMFYUI ? "denoise" : "strength");
  gsize n;

  if (g_str_equal (name, "ddim_timesteps"))
    {
      check_ddim_timesteps (key, steps);
      return;
    }
  if (g_str_equal (name, "karras_a1111_default_range"))
    {
      sigmas = pmt_schedule_karras (steps, 0.1, 10.0);
      n = steps + 1;
    }
  else if (part)
    sigmas =
        pmt_schedule_sigmas_from (data.discrete, schedule_named (name),
                                  convention, steps, part->valuedouble, &n);
  else
    sigmas = pmt_schedule_sigmas (data.discrete, schedule_named (name),
                                  convention, steps, &n);
  compare_sigmas (key, sigmas, n);
  compare_times (key, data.discrete, convention, sigmas, n);
}

static void
check_flow (const cJSON *entry)
{
  const gchar *key = text (entry, "key"), *name = text (entry, "schedule");
  PmtDiscreteConfig config = PMT_DISCRETE_CONFIG_INIT;
  g_autoptr (GError) error = NULL;
  g_autoptr (PmtDiscrete) discrete = NULL;
  g_autofree gdouble *sigmas = NULL;
  gsize n;

  if (cJSON_HasObjectItem (entry, "mu"))
    {
      config.flow_shift = exp (number (entry, "mu"));
      config.flow_multiplier = 1.0;
      config.n_timesteps = FLUX_TIMESTEPS;
    }
  else
    config.flow_shift = number (entry, "shift");
  discrete = pmt_discrete_new (&config, &error);
  g_assert_no_error (error);
  sigmas = pmt_schedule_sigmas (
      discrete, schedule_named (strrchr (name, '.') + 1),
      PMT_CONVENTION_COMFYUI, (guint)number (entry, "steps"), &n);
  compare_sigmas (key, sigmas, n);
  compare_times (key, discrete, PMT_CONVENTION_COMFYUI, sigmas, n);
}

static void
check_flow_diffusers (const cJSON *entry)
{
  const gchar *key = text (entry, "key");
  gboolean is_dynamic = cJSON_HasObjectItem (entry, "mu");
  gdouble shift =
      is_dynamic ? exp (number (entry, "mu")) : number (entry, "shift");
  guint steps = (guint)number (entry, "steps");
  g_autofree gdouble *sigmas =
      pmt_schedule_flow_diffusers (steps, shift, is_dynamic);
  g_autofree gfloat *wanted = NULL;
  gsize n;

  compare_sigmas (key, sigmas, steps + 1);
  wanted = read_tensor (&n, key, ".timesteps");
  for (guint i = 0; i < steps; i++)
    sigmas[i] *= DEFAULT_MULTIPLIER;
  compare (key, sigmas, steps, wanted, n, 0.0, TIME_TOLERANCE);
}

static void
diffusers_options (const gchar *name, PmtDiffusersOptions *options)
{
  static const struct
  {
    const gchar *prefix;
    PmtDiffusersScheduler scheduler;
    PmtSpacing spacing;
    guint offset;
  } classes[] = {
    { "EulerDiscrete.", PMT_DIFFUSERS_EULER, PMT_SPACING_LINSPACE, 1 },
    { "DDIM.", PMT_DIFFUSERS_DDIM, PMT_SPACING_LEADING, 1 },
    { "DPMSolverMultistep.", PMT_DIFFUSERS_DPM, PMT_SPACING_LINSPACE, 0 },
    { "LCM", PMT_DIFFUSERS_LCM, PMT_SPACING_LEADING, 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (classes); i++)
    if (g_str_has_prefix (name, classes[i].prefix))
      {
        const gchar *rest = name + strlen (classes[i].prefix);

        options->scheduler = classes[i].scheduler;
        options->spacing = classes[i].spacing;
        options->steps_offset = classes[i].offset;
        options->is_karras = g_str_equal (rest, "karras");
        if (*rest && !options->is_karras
            && !pmt_spacing_from_string (rest, &options->spacing))
          g_error ("no spacing is called %s", rest);
        return;
      }
  g_error ("no scheduler is called %s", name);
}

static void
check_diffusers (const cJSON *entry)
{
  const gchar *key = text (entry, "key");
  PmtDiffusersOptions options = PMT_DIFFUSERS_OPTIONS_INIT;
  guint steps = (guint)number (entry, "steps");
  g_autoptr (GError) error = NULL;
  g_autofree gdouble *sigmas = NULL;
  g_autofree gdouble *times = NULL;
  g_autofree gfloat *wanted = NULL;
  g_autofree gfloat *wanted_times = NULL;
  gsize n, n_wanted;

  diffusers_options (text (entry, "schedule"), &options);
  sigmas = pmt_schedule_diffusers (data.discrete, &options, steps, &times, &n,
                                   &error);
  g_assert_no_error (error);
  wanted = read_tensor (&n_wanted, key, ".sigmas");
  /* Without the last level where the scheduler has none. */
  g_assert_cmpuint (n - n_wanted, <=, 1);
  compare (key, sigmas, n_wanted, wanted, n_wanted, SIGMA_TOLERANCE, 0.0);
  wanted_times = read_tensor (&n_wanted, key, ".timesteps");
  compare (key, times, n - 1, wanted_times, n_wanted, 0.0, TIME_TOLERANCE);
  if (cJSON_HasObjectItem (entry, "init_noise_sigma"))
    {
      gdouble start = options.spacing == PMT_SPACING_LEADING
                          ? sqrt (sigmas[0] * sigmas[0] + 1.0)
                          : sigmas[0];
      gdouble start_wanted = number (entry, "init_noise_sigma");

      g_assert_cmpfloat (fabs (start - start_wanted), <=,
                         SIGMA_TOLERANCE * start_wanted);
    }
}

static void
test_schedules (void)
{
  const cJSON *entry;

  cJSON_ArrayForEach (entry, cJSON_GetObjectItem (data.index, "schedules"))
  {
    const gchar *lib = text (entry, "lib");

    if (g_str_equal (lib, "a1111"))
      check_program (entry, PMT_CONVENTION_A1111);
    else if (g_str_equal (lib, "comfyui"))
      check_program (entry, PMT_CONVENTION_COMFYUI);
    else if (g_str_equal (lib, "comfyui_flow"))
      check_flow (entry);
    else if (g_str_equal (lib, "diffusers_flow"))
      check_flow_diffusers (entry);
    else if (g_str_equal (lib, "diffusers"))
      check_diffusers (entry);
    else
      g_error ("schedules of %s are not known", lib);
  }
}

static void
check_table (const gchar *name,
             const gdouble *made,
             gdouble relative,
             gdouble absolute)
{
  gsize n;
  g_autofree gfloat *wanted = read_tensor (&n, name, "");

  compare (name, made, pmt_discrete_n (data.discrete), wanted, n, relative,
           absolute);
}

static void
test_base (void)
{
  const PmtConvention a1111 = PMT_CONVENTION_A1111;
  PmtDiscreteConfig config = data.config;
  g_autoptr (PmtDiscrete) zero_snr = NULL;
  g_autoptr (GError) error = NULL;
  guint n = pmt_discrete_n (data.discrete);
  g_autofree gdouble *logs = g_new (gdouble, n);

  check_table ("base.alphas_cumprod",
               pmt_discrete_alphas (data.discrete, a1111), 1e-6, 0.0);
  check_table ("base.sigmas_kdiff", pmt_discrete_sigmas (data.discrete, a1111),
               SIGMA_TOLERANCE, 0.0);
  check_table ("base.sigmas_comfy",
               pmt_discrete_sigmas (data.discrete, PMT_CONVENTION_COMFYUI),
               SIGMA_TOLERANCE, 0.0);
  for (guint i = 0; i < n; i++)
    logs[i] = log (pmt_discrete_sigmas (data.discrete, a1111)[i]);
  check_table ("base.log_sigmas_kdiff", logs, 0.0, SIGMA_TOLERANCE);
  config.is_zero_snr = TRUE;
  zero_snr = pmt_discrete_new (&config, &error);
  g_assert_no_error (error);
  check_table ("base.sigmas_comfy_zsnr",
               pmt_discrete_sigmas (zero_snr, PMT_CONVENTION_COMFYUI),
               SIGMA_TOLERANCE, 0.0);
}

static void
check_probe (const gchar *name,
             const gchar *input,
             PmtConvention convention,
             gboolean is_time)
{
  gsize n, n_wanted;
  g_autofree gfloat *values = read_tensor (&n, input, "");
  g_autofree gfloat *wanted = read_tensor (&n_wanted, name, "");
  g_autofree gdouble *made = g_new (gdouble, n);
  gboolean is_comfy = convention == PMT_CONVENTION_COMFYUI;

  for (gsize i = 0; i < n; i++)
    made[i] =
        is_time
            ? pmt_discrete_sigma_to_t (data.discrete, convention, values[i])
            : pmt_discrete_t_to_sigma (data.discrete, convention, values[i]);
  compare (name, made, n, wanted, n_wanted, is_time ? 0.0 : SIGMA_TOLERANCE,
           is_time && !is_comfy ? TIME_TOLERANCE : 0.0);
}

static void
test_probes (void)
{
  check_probe ("probe.kdiff_sigma_to_t", "probe.sigma", PMT_CONVENTION_A1111,
               TRUE);
  check_probe ("probe.comfy_timestep", "probe.sigma", PMT_CONVENTION_COMFYUI,
               TRUE);
  check_probe ("probe.kdiff_t_to_sigma", "probe.t", PMT_CONVENTION_A1111,
               FALSE);
  check_probe ("probe.comfy_sigma", "probe.t", PMT_CONVENTION_COMFYUI, FALSE);
}

static void
test_complete (void)
{
  for (guint i = 0; i < pmt_weights_get_n (data.weights); i++)
    {
      const gchar *name = pmt_weights_get (data.weights, i)->name;

      if (!g_hash_table_contains (data.seen, name))
        g_error ("%s was not checked", name);
    }
  g_test_message ("%u tensors", pmt_weights_get_n (data.weights));
}

static void
make_discrete (void)
{
  const PmtDiscreteConfig defaults = PMT_DISCRETE_CONFIG_INIT;
  const cJSON *base = cJSON_GetObjectItem (data.index, "base");
  g_autoptr (GError) error = NULL;

  data.config = defaults;
  g_assert_true (pmt_beta_schedule_from_string (text (base, "beta_schedule"),
                                                &data.config.schedule));
  data.config.beta_start = number (base, "beta_start");
  data.config.beta_end = number (base, "beta_end");
  data.config.n_timesteps = (guint)number (base, "T");
  data.discrete = pmt_discrete_new (&data.config, &error);
  g_assert_no_error (error);
}

static void
add (void)
{
  data.weights = golden_open ("samplers/schedules.safetensors");
  data.index = golden_json ("samplers/samplers.json");
  data.seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  make_discrete ();
  g_test_add_func ("/golden/schedules/base", test_base);
  g_test_add_func ("/golden/schedules/probes", test_probes);
  g_test_add_func ("/golden/schedules/all", test_schedules);
  g_test_add_func ("/golden/schedules/complete", test_complete);
}

int
main (int argc, char **argv)
{
  int status = golden_main (argc, argv, add);

  g_clear_pointer (&data.weights, pmt_weights_unref);
  g_clear_pointer (&data.index, cJSON_Delete);
  g_clear_pointer (&data.seen, g_hash_table_unref);
  pmt_discrete_free (data.discrete);
  return status;
}
