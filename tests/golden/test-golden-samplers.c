/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* test-golden-samplers.c: every trajectory of samplers/ against our samplers,
 * on the analytic denoiser of the folder's README. */
#include "golden.h"

#include "diffusion/sampler.h"
#include "diffusion/schedule.h"

#include <math.h>

/* README of the folder. */
#define FINAL_TOLERANCE 2e-5
#define FINAL_TOLERANCE_LOOSE 1e-4
#define STEP_TOLERANCE 1e-5

static cJSON *index_root;
static GPtrArray *files;  /* PmtWeights */
static GHashTable *names; /* of all tensors, with 1 for those checked */

static const gchar *
text (const cJSON *entry, const gchar *name)
{
  const cJSON *item = cJSON_GetObjectItem (entry, name);

  g_assert_true (cJSON_IsString (item));
  return item->valuestring;
}

static guint
count (const cJSON *entry, const gchar *name, guint missing)
{
  const cJSON *item = cJSON_GetObjectItem (entry, name);

  return cJSON_IsNumber (item) ? (guint)item->valueint : missing;
}

/* @key + @part from whichever file has it; %NULL when none does. */
static gfloat *
read_tensor (const gchar *key, const gchar *part, gsize *n)
{
  g_autofree gchar *name = g_strconcat (key, part, NULL);

  for (guint i = 0; i < files->len; i++)
    {
      PmtWeights *weights = g_ptr_array_index (files, i);
      const PmtWeight *weight = pmt_weights_find (weights, name);

      if (!weight)
        continue;
      g_hash_table_insert (names, g_strdup (name), GINT_TO_POINTER (1));
      if (weight->type == PMT_WEIGHT_INT64)
        {
          g_autofree gint64 *ints = golden_ints (weights, n, "%s", name);
          gfloat *values = g_new (gfloat, *n);

          for (gsize k = 0; k < *n; k++)
            values[k] = (gfloat)ints[k];
          return values;
        }
      return golden_floats (weights, n, "%s", name);
    }
  *n = 0;
  return NULL;
}

static gfloat *
need_tensor (const gchar *key, const gchar *part, gsize *n)
{
  gfloat *values = read_tensor (key, part, n);

  if (!values)
    g_error ("%s%s is missing", key, part);
  return values;
}

/* What a run is given and what it did. */
typedef struct
{
  const gchar *key;
  gsize n;
  gboolean is_vp; /* stored latents are sqrt (alpha) * ours */
  gfloat *noise;
  gsize n_noise;
  gfloat *noise_args;
  guint n_drawn;
  GArray *calls;       /* levels at which the network was evaluated */
  GPtrArray *x_before; /* of each step */
  GPtrArray *x_after;  /* of each step, with its level */
  GPtrArray *denoised; /* of each step */
  const gdouble *sigmas;
  guint n_steps;
  gfloat *x_last_seen;
} Run;

static gboolean
denoise (const gfloat *x,
         gdouble sigma,
         gfloat *denoised,
         gpointer data,
         GError **error)
{
  Run *run = data;
  gfloat s = (gfloat)sigma;
  gfloat square = 1.0f + s * s, linear = 1.0f + s;
  gfloat offset = 0.1f * sinf (3.0f * s / (1.0f + s));

  g_assert_true (x != denoised);
  for (gsize i = 0; i < run->n; i++)
    denoised[i] = 0.6f * x[i] / square + 0.3f * tanhf (x[i] / linear) + offset;
  g_array_append_val (run->calls, sigma);
  g_free (run->x_last_seen);
  run->x_last_seen = g_memdup2 (x, run->n * sizeof (gfloat));
  /* The first evaluation after a step is of the next step's x. */
  if (run->x_before->len == run->x_after->len)
    {
      g_ptr_array_add (run->x_before, g_memdup2 (x, run->n * sizeof (gfloat)));
      g_ptr_array_add (run->denoised,
                       g_memdup2 (denoised, run->n * sizeof (gfloat)));
    }
  return TRUE;
}

static void
draw (gdouble sigma, gdouble sigma_next, gfloat *noise, gpointer data)
{
  Run *run = data;
  const gfloat *args =
      run->noise_args ? run->noise_args + 2 * (gsize)run->n_drawn : NULL;

  if ((run->n_drawn + 1) * run->n > run->n_noise)
    g_error ("%s: more noise is drawn than the reference drew", run->key);
  if (args
      && (fabs (sigma - args[0]) > 1e-5 * args[0]
          || fabs (sigma_next - args[1]) > 1e-5 * args[1]))
    g_error ("%s: noise from %g to %g is drawn, not from %g to %g", run->key,
             sigma, sigma_next, args[0], args[1]);
  memcpy (noise, run->noise + run->n_drawn * run->n, run->n * sizeof (gfloat));
  run->n_drawn++;
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

  g_assert_cmpuint (step, ==, run->x_after->len);
  run->n_steps = n_steps;
  g_ptr_array_add (run->x_after, g_memdup2 (x, run->n * sizeof (gfloat)));
  return TRUE;
}

static Run *
run_new (const gchar *key)
{
  Run *run = g_new0 (Run, 1);
  gsize n_args;

  run->key = key;
  run->noise = read_tensor (key, ".noise", &run->n_noise);
  run->noise_args = read_tensor (key, ".noise_sigma_args", &n_args);
  run->calls = g_array_new (FALSE, FALSE, sizeof (gdouble));
  run->x_before = g_ptr_array_new_with_free_func (g_free);
  run->x_after = g_ptr_array_new_with_free_func (g_free);
  run->denoised = g_ptr_array_new_with_free_func (g_free);
  return run;
}

static void
run_free (Run *run)
{
  g_free (run->noise);
  g_free (run->noise_args);
  g_free (run->x_last_seen);
  g_array_unref (run->calls);
  g_ptr_array_unref (run->x_before);
  g_ptr_array_unref (run->x_after);
  g_ptr_array_unref (run->denoised);
  g_free (run);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Run, run_free)

static void
run_sampler (Run *run,
             PmtSampler sampler,
             const gdouble *sigmas,
             gsize n_sigmas,
             gfloat *x,
             PmtSamplerOptions *options)
{
  g_autoptr (GError) error = NULL;
  gboolean ends_at_zero = sigmas[n_sigmas - 1] == 0.0;

  options->denoise = denoise;
  options->noise = draw;
  options->step = after_step;
  options->data = run;
  pmt_sampler_run (sampler, sigmas, n_sigmas, x, run->n, options, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (run->x_after->len, ==, n_sigmas - 1);
  g_assert_cmpuint (run->n_steps, ==, n_sigmas - 1);
  g_assert_cmpuint (
      run->calls->len, ==,
      pmt_sampler_calls (sampler, options->convention, n_sigmas, ends_at_zero));
}

/* Fails above @tolerance * max (1, largest value). */
static gdouble
check_values (const Run *run,
              const gchar *part,
              guint step,
              const gfloat *made,
              const gfloat *wanted,
              gdouble tolerance)
{
  gdouble difference = golden_difference (made, wanted, run->n);
  gdouble limit = tolerance * MAX (1.0, golden_max (wanted, run->n));

  if (!(difference <= limit))
    g_error ("%s%s[%u]: differs by %g; at most %g is allowed", run->key, part,
             step, difference, limit);
  return difference / limit;
}

/* The sets of latents that are stored with a trajectory, step by step. */
static gdouble
check_stack (const Run *run, const gchar *part, GPtrArray *made)
{
  gsize n;
  g_autofree gfloat *wanted = read_tensor (run->key, part, &n);
  gdouble worst = 0.0;

  if (!wanted)
    return 0.0;
  g_assert_cmpuint (n, ==, made->len * run->n);
  for (guint i = 0; i < made->len; i++)
    {
      gdouble part_worst =
          check_values (run, part, i, g_ptr_array_index (made, i),
                        wanted + i * run->n, STEP_TOLERANCE);
      worst = MAX (worst, part_worst);
    }
  return worst;
}

/* Two samplers of ComfyUI hand their callback the latent that they began
 * with, again and again; then the predictions tell how they went on. */
static gboolean
repeats_start (const Run *run, const gfloat *x_init)
{
  gsize n;
  g_autofree gfloat *stored = read_tensor (run->key, ".x_before_step", &n);

  for (gsize i = 0; i < n; i++)
    if (stored[i] != x_init[i % run->n])
      return FALSE;
  return n > run->n;
}

static void
check_calls (const Run *run)
{
  gsize n;
  g_autofree gfloat *wanted = read_tensor (run->key, ".model_sigmas", &n);

  if (!wanted)
    return;
  g_assert_cmpuint (n, ==, run->calls->len);
  for (gsize i = 0; i < n; i++)
    {
      gdouble made = g_array_index (run->calls, gdouble, i);

      if (fabs (made - wanted[i]) > 1e-5 * wanted[i])
        g_error ("%s: evaluation %u is at %g, not at %g", run->key, (guint)i,
                 made, wanted[i]);
    }
}

static void
check_final (const Run *run,
             const gchar *part,
             const gfloat *x,
             gdouble tolerance,
             gdouble steps)
{
  gsize n;
  g_autofree gfloat *wanted = need_tensor (run->key, part, &n);
  gdouble difference;

  g_assert_cmpuint (n, ==, run->n);
  difference = golden_difference (x, wanted, n);
  if (!(difference <= tolerance))
    g_error ("%s%s: differs by %g; at most %g is allowed", run->key, part,
             difference, tolerance);
  g_test_message ("%s%s: %.3g at the end (at most %.3g); steps %.3g of what is "
                  "allowed",
                  run->key, part, difference, tolerance, steps);
}

/* The references' names: "_ancestral" is our "-a". */
static PmtSampler
sampler_named (const gchar *name)
{
  g_autoptr (GString) ours = g_string_new (name);
  PmtSampler sampler;

  g_string_replace (ours, "uni_pc_bh1", "unipc", 0);
  g_string_replace (ours, "uni_pc", "unipc", 0);
  g_string_replace (ours, "ancestral", "a", 0);
  g_string_replace (ours, "_", "-", 0);
  if (!pmt_sampler_from_string (ours->str, &sampler))
    g_error ("no sampler is called %s", ours->str);
  return sampler;
}

static void
read_options (const cJSON *entry, PmtSamplerOptions *options)
{
  const cJSON *given = cJSON_GetObjectItem (entry, "options");
  const gchar *schedule = text (entry, "schedule");

  options->convention = g_str_has_prefix (text (entry, "reference"), "ComfyUI")
                            ? PMT_CONVENTION_COMFYUI
                            : PMT_CONVENTION_A1111;
  if (cJSON_HasObjectItem (given, "eta"))
    options->eta = cJSON_GetObjectItem (given, "eta")->valuedouble;
  if (cJSON_HasObjectItem (given, "s_noise"))
    options->s_noise = cJSON_GetObjectItem (given, "s_noise")->valuedouble;
  if (g_str_has_prefix (text (entry, "model"), "flow"))
    {
      /* The shift stands in the name, such as flow3_simple6. */
      g_assert_true (g_str_has_prefix (schedule, "flow"));
      options->flow_shift = g_ascii_strtod (schedule + 4, NULL);
      g_assert_cmpfloat (options->flow_shift, >, 0.0);
    }
}

/* Draws that the references make and multiply by 0 we leave out. */
static guint
wanted_draws (const cJSON *entry, PmtSampler sampler, gdouble eta)
{
  return pmt_sampler_draws_noise (sampler, PMT_CONVENTION_A1111, eta)
             ? count (entry, "noise_draws", 0)
             : 0;
}

/* @final: ".x_final", or that of the other program where it ends otherwise. */
static void
check_run (const cJSON *entry, PmtSamplerOptions *options, const gchar *final)
{
  const gchar *key = text (entry, "key");
  PmtSampler sampler = sampler_named (text (entry, "sampler"));
  g_autoptr (Run) run = run_new (key);
  g_autofree gfloat *x = need_tensor (key, ".x_init", &run->n);
  g_autofree gfloat *x_init = g_memdup2 (x, run->n * sizeof (gfloat));
  gsize n_sigmas;
  g_autofree gfloat *levels = need_tensor (key, ".sigmas", &n_sigmas);
  g_autofree gdouble *sigmas = g_new (gdouble, n_sigmas);
  gdouble worst = 0.0, worst_denoised;

  for (gsize i = 0; i < n_sigmas; i++)
    sigmas[i] = levels[i];
  run_sampler (run, sampler, sigmas, n_sigmas, x, options);
  g_assert_cmpuint (run->calls->len, ==,
                    count (entry, "model_calls", G_MAXUINT));
  g_assert_cmpuint (run->n_drawn, ==,
                    wanted_draws (entry, sampler, options->eta));
  check_calls (run);
  if (!repeats_start (run, x_init))
    worst = check_stack (run, ".x_before_step", run->x_before);
  worst_denoised = check_stack (run, ".denoised", run->denoised);
  check_final (run, final, x,
               sampler == PMT_SAMPLER_DPM_2_A ? FINAL_TOLERANCE_LOOSE
                                              : FINAL_TOLERANCE,
               MAX (worst, worst_denoised));
}

static void
check_levels (const cJSON *entry)
{
  PmtSamplerOptions options = PMT_SAMPLER_OPTIONS_INIT;
  g_autofree gchar *other =
      g_strconcat (text (entry, "key"), ".x_final_comfyui", NULL);

  read_options (entry, &options);
  check_run (entry, &options, ".x_final");
  if (!g_hash_table_contains (names, other))
    return;
  options.convention = PMT_CONVENTION_COMFYUI;
  check_run (entry, &options, ".x_final_comfyui");
}

/* Latents are stored as the reference scales them: @scale is what ours are
 * multiplied by. */
static gdouble
check_after (Run *run, const gdouble *sigmas, gboolean is_vp, guint skipped)
{
  gsize n;
  g_autofree gfloat *wanted = need_tensor (run->key, ".x_after_step", &n);
  gdouble worst = 0.0;

  g_assert_cmpuint (n, ==, (run->x_after->len + skipped) * run->n);
  for (guint i = 0; i < run->x_after->len; i++)
    {
      gfloat *made = g_ptr_array_index (run->x_after, i);
      gdouble sigma = sigmas[i + 1], part;

      for (gsize k = 0; is_vp && k < run->n; k++)
        made[k] = (gfloat)(made[k] / sqrt (1.0 + sigma * sigma));
      part = check_values (run, ".x_after_step", i, made,
                           wanted + (i + skipped) * run->n, STEP_TOLERANCE);
      worst = MAX (worst, part);
    }
  return worst;
}

static void
scale_to_ours (gfloat *x, gsize n, gdouble sigma)
{
  for (gsize k = 0; k < n; k++)
    x[k] = (gfloat)(x[k] * sqrt (1.0 + sigma * sigma));
}

static PmtDiscrete *
discrete_of (const cJSON *config)
{
  PmtDiscreteConfig ours = PMT_DISCRETE_CONFIG_INIT;
  const gchar *schedule = text (config, "beta_schedule");
  const cJSON *zero_snr =
      cJSON_GetObjectItem (config, "rescale_betas_zero_snr");
  g_autoptr (GError) error = NULL;
  PmtDiscrete *discrete;

  g_assert_true (pmt_beta_schedule_from_string (schedule, &ours.schedule));
  ours.beta_start = cJSON_GetObjectItem (config, "beta_start")->valuedouble;
  ours.beta_end = cJSON_GetObjectItem (config, "beta_end")->valuedouble;
  ours.n_timesteps = count (
      config, cJSON_HasObjectItem (config, "T") ? "T" : "num_train_timesteps",
      0);
  ours.is_zero_snr = cJSON_IsTrue (zero_snr);
  discrete = pmt_discrete_new (&ours, &error);
  g_assert_no_error (error);
  return discrete;
}

/* DDIM and PLMS of AUTOMATIC1111: stored with timesteps, rising. */
static void
check_a1111 (const cJSON *entry)
{
  const gchar *key = text (entry, "key");
  PmtSampler sampler = sampler_named (text (entry, "sampler"));
  PmtSamplerOptions options = PMT_SAMPLER_OPTIONS_INIT;
  g_autoptr (PmtDiscrete) discrete =
      discrete_of (cJSON_GetObjectItem (index_root, "base"));
  const gdouble *table = pmt_discrete_sigmas (discrete, PMT_CONVENTION_A1111);
  g_autoptr (Run) run = run_new (key);
  g_autofree gfloat *x = need_tensor (key, ".x_init", &run->n);
  gsize n_times, n_sigmas;
  g_autofree gfloat *times = need_tensor (key, ".timesteps", &n_times);
  g_autofree gdouble *sigmas =
      pmt_schedule_ddim (discrete, count (entry, "steps", 0), &n_sigmas);
  gdouble worst;

  g_assert_cmpuint (n_sigmas, ==, n_times);
  for (gsize i = 0; i < n_times; i++)
    g_assert_cmpfloat (sigmas[n_times - 1 - i], ==, table[(gsize)times[i]]);
  options.convention = PMT_CONVENTION_A1111;
  if (cJSON_HasObjectItem (entry, "eta"))
    options.eta = cJSON_GetObjectItem (entry, "eta")->valuedouble;
  scale_to_ours (x, run->n, sigmas[0]);
  run_sampler (run, sampler, sigmas, n_sigmas, x, &options);
  g_assert_cmpuint (run->calls->len, ==,
                    count (entry, "model_calls", G_MAXUINT));
  worst = check_after (run, sigmas, TRUE, 0);
  check_final (run, ".x_final", x, FINAL_TOLERANCE, worst);
}

/* Which of our samplers is which class of Diffusers. */
static const struct
{
  const gchar *name;
  PmtSampler sampler;
  PmtDiffusersScheduler scheduler;
  gboolean is_vp;
} classes[] = {
  { "DDIMScheduler", PMT_SAMPLER_DDIM, PMT_DIFFUSERS_DDIM, TRUE },
  { "PNDMScheduler", PMT_SAMPLER_PLMS, PMT_DIFFUSERS_PNDM, TRUE },
  { "EulerDiscreteScheduler", PMT_SAMPLER_EULER, PMT_DIFFUSERS_EULER, FALSE },
  { "EulerAncestralDiscreteScheduler", PMT_SAMPLER_EULER_A, PMT_DIFFUSERS_EULER,
    FALSE },
  { "LCMScheduler", PMT_SAMPLER_LCM, PMT_DIFFUSERS_LCM, TRUE },
  { "DPMSolverMultistepScheduler", PMT_SAMPLER_DPMPP_2M, PMT_DIFFUSERS_DPM,
    TRUE },
  { "UniPCMultistepScheduler", PMT_SAMPLER_UNIPC_BH2, PMT_DIFFUSERS_DPM, TRUE },
};

static gsize
class_of (const cJSON *entry)
{
  const gchar *name = strrchr (text (entry, "reference"), ' ') + 1;

  for (gsize i = 0; i < G_N_ELEMENTS (classes); i++)
    if (g_str_equal (classes[i].name, name))
      return i;
  g_error ("no class is called %s", name);
}

static gdouble *
diffusers_levels (const cJSON *entry,
                  const PmtDiscrete *discrete,
                  gdouble **times,
                  gsize *n_sigmas)
{
  const cJSON *config = cJSON_GetObjectItem (entry, "config");
  PmtDiffusersOptions options = PMT_DIFFUSERS_OPTIONS_INIT;
  g_autoptr (GError) error = NULL;
  gdouble *sigmas;

  options.scheduler = classes[class_of (entry)].scheduler;
  g_assert_true (pmt_spacing_from_string (text (config, "timestep_spacing"),
                                          &options.spacing));
  options.steps_offset = count (config, "steps_offset", 0);
  options.is_last_one =
      cJSON_IsTrue (cJSON_GetObjectItem (config, "set_alpha_to_one"));
  options.is_karras =
      cJSON_IsTrue (cJSON_GetObjectItem (config, "use_karras_sigmas"));
  options.lcm_steps = count (config, "original_inference_steps", 50);
  sigmas = pmt_schedule_diffusers (
      discrete, &options, count (entry, "steps", 0), times, n_sigmas, &error);
  g_assert_no_error (error);
  return sigmas;
}

/* PNDM lists its second timestep twice: it is evaluated for the first step
 * and for the second one. */
static void
check_diffusers_times (const gchar *key, const gdouble *times, gsize n_made)
{
  gsize n, extra;
  g_autofree gfloat *wanted = need_tensor (key, ".timesteps", &n);

  extra = n - n_made;
  g_assert_cmpuint (extra, <=, 1);
  for (gsize i = 0; i < n; i++)
    g_assert_cmpfloat (fabs (times[i >= 2 ? i - extra : i] - wanted[i]), <=,
                       1e-3);
}

static gdouble
eta_of (const cJSON *entry)
{
  const gchar *given = strstr (text (entry, "options"), "'eta':");

  return given ? g_ascii_strtod (given + strlen ("'eta':"), NULL) : -1.0;
}

static void
check_diffusers_sigmas (const gchar *key, const gdouble *sigmas, gsize n_made)
{
  gsize n;
  g_autofree gfloat *wanted = read_tensor (key, ".sigmas", &n);

  if (!wanted)
    return;
  g_assert_cmpuint (n, ==, n_made);
  for (gsize i = 0; i < n; i++)
    g_assert_cmpfloat (fabs (sigmas[i] - wanted[i]), <=, 1e-5 * wanted[i]);
}

static void
check_diffusers (const cJSON *entry)
{
  const gchar *key = text (entry, "key");
  gsize class = class_of (entry);
  gboolean is_vp = classes[class].is_vp;
  PmtSamplerOptions options = PMT_SAMPLER_OPTIONS_INIT;
  g_autoptr (PmtDiscrete) discrete =
      discrete_of (cJSON_GetObjectItem (entry, "config"));
  g_autoptr (Run) run = run_new (key);
  g_autofree gfloat *x = need_tensor (key, ".x_init", &run->n);
  gsize n_sigmas;
  g_autofree gdouble *times = NULL;
  g_autofree gdouble *sigmas =
      diffusers_levels (entry, discrete, &times, &n_sigmas);
  guint skipped = classes[class].sampler == PMT_SAMPLER_PLMS ? 1 : 0;
  gdouble worst;

  check_diffusers_times (key, times, n_sigmas - 1);
  check_diffusers_sigmas (key, sigmas, n_sigmas);
  options.convention = PMT_CONVENTION_DIFFUSERS;
  options.discrete = discrete;
  options.eta = eta_of (entry);
  if (is_vp)
    scale_to_ours (x, run->n, sigmas[0]);
  run_sampler (run, classes[class].sampler, sigmas, n_sigmas, x, &options);
  worst = check_after (run, sigmas, is_vp, skipped);
  check_final (run, ".x_final", x, FINAL_TOLERANCE, worst);
}

static void
test_trajectory (gconstpointer data)
{
  const cJSON *entry = data;
  const gchar *reference = text (entry, "reference");

  if (g_str_has_prefix (reference, "diffusers"))
    check_diffusers (entry);
  else if (g_str_has_prefix (reference, "A1111"))
    check_a1111 (entry);
  else if (g_str_has_prefix (reference, "k-diffusion")
           || g_str_has_prefix (reference, "ComfyUI"))
    check_levels (entry);
  else
    g_error ("trajectories of %s are not known", reference);
}

/* Nothing is left out in silence. */
static void
test_complete (void)
{
  GHashTableIter iter;
  gpointer name, is_checked;

  g_hash_table_iter_init (&iter, names);
  while (g_hash_table_iter_next (&iter, &name, &is_checked))
    if (!is_checked)
      g_error ("%s was not checked", (const gchar *)name);
  g_test_message ("%u tensors", g_hash_table_size (names));
}

static void
open_files (void)
{
  g_autofree gchar *folder = golden_path ("samplers");
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const gchar *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      PmtWeights *weights;

      /* That one has a test of its own. */
      if (!g_str_has_suffix (name, ".safetensors")
          || g_str_equal (name, "schedules.safetensors"))
        continue;
      weights = golden_open ("samplers/%s", name);
      g_ptr_array_add (files, weights);
      for (guint i = 0; i < pmt_weights_get_n (weights); i++)
        g_hash_table_insert (
            names, g_strdup (pmt_weights_get (weights, i)->name), NULL);
    }
}

static void
add (void)
{
  const cJSON *entry;

  index_root = golden_json ("samplers/samplers.json");
  files = g_ptr_array_new_with_free_func ((GDestroyNotify)pmt_weights_unref);
  names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  open_files ();
  cJSON_ArrayForEach (entry, cJSON_GetObjectItem (index_root, "trajectories"))
  {
    g_autofree gchar *path =
        g_strconcat ("/golden/samplers/", text (entry, "key"), NULL);

    g_test_add_data_func (path, entry, test_trajectory);
  }
  g_test_add_func ("/golden/samplers/complete", test_complete);
}

int
main (int argc, char **argv)
{
  int status = golden_main (argc, argv, add);

  g_clear_pointer (&index_root, cJSON_Delete);
  g_clear_pointer (&files, g_ptr_array_unref);
  g_clear_pointer (&names, g_hash_table_unref);
  return status;
}
