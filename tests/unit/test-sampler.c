/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* test-sampler.c: samplers on models whose answer is known. */
#include "config.h"

#include <math.h>
#include <string.h>

#include "diffusion/brownian.h"
#include "diffusion/sampler.h"
#include "diffusion/schedule.h"

#define N 4096
#define DEVIATION 0.7

/* A model of a single Gaussian with mean @mean and deviation @deviation: the
 * best prediction is linear, and the path to it known. */
typedef struct
{
  gdouble mean;
  gdouble deviation;
  guint n_calls;
  guint n_steps;
  guint fail_at_call;
  guint fail_at_step;
  PmtNoise *noise;
} Model;

static gboolean
predict (const gfloat *x,
         gdouble sigma,
         gfloat *denoised,
         gpointer data,
         GError **error)
{
  Model *model = data;
  gdouble square = model->deviation * model->deviation;
  gfloat share = (gfloat)(square / (square + sigma * sigma));

  if (++model->n_calls == model->fail_at_call)
    {
      g_set_error_literal (error, PMT_ERROR, PMT_ERROR_MODEL, "no network");
      return FALSE;
    }
  g_assert_cmpfloat (sigma, >, 0.0);
  for (gsize i = 0; i < N; i++)
    denoised[i] = (gfloat)model->mean + share * (x[i] - (gfloat)model->mean);
  return TRUE;
}

static void
draw (gdouble sigma, gdouble sigma_next, gfloat *noise, gpointer data)
{
  Model *model = data;

  g_assert_cmpfloat (sigma, >, sigma_next);
  pmt_noise_fill (model->noise, noise, N);
}

static gboolean
after (guint step,
       guint n_steps,
       gdouble sigma,
       const gfloat *x,
       const gfloat *denoised,
       gpointer data,
       GError **error)
{
  Model *model = data;

  g_assert_cmpuint (step, ==, model->n_steps);
  g_assert_cmpuint (step, <, n_steps);
  if (++model->n_steps == model->fail_at_step)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "stop");
      return FALSE;
    }
  return TRUE;
}

static PmtDiscrete *
discrete_new (void)
{
  PmtDiscreteConfig config = PMT_DISCRETE_CONFIG_INIT;

  return pmt_discrete_new (&config, NULL);
}

static PmtSamplerOptions
options_of (Model *model, PmtConvention convention)
{
  PmtSamplerOptions options = PMT_SAMPLER_OPTIONS_INIT;

  options.convention = convention;
  options.denoise = predict;
  options.noise = draw;
  options.step = after;
  options.data = model;
  return options;
}

/* Starts from noise with the Gaussian's own spread at the first level. */
static void
start (gfloat *x, const Model *model, gdouble sigma)
{
  g_autoptr (PmtNoise) noise = pmt_noise_new (PMT_NOISE_CPU, 1);
  gfloat spread =
      (gfloat)sqrt (model->deviation * model->deviation + sigma * sigma);

  pmt_noise_fill (noise, x, N);
  for (gsize i = 0; i < N; i++)
    x[i] = (gfloat)model->mean + spread * x[i];
}

/* Mean error at the end of @steps steps from the exact path. */
static gdouble
error_of (PmtSampler sampler, PmtConvention convention, guint steps)
{
  Model model = { .mean = 0.3, .deviation = DEVIATION };
  PmtSamplerOptions options = options_of (&model, convention);
  g_autoptr (PmtDiscrete) discrete = discrete_new ();
  g_autoptr (GError) error = NULL;
  g_autofree gdouble *sigmas = NULL;
  gfloat x[N], x_0[N];
  gdouble sum = 0.0, first;
  gsize n;

  sigmas = pmt_schedule_sigmas (discrete, PMT_SCHEDULE_KARRAS,
                                PMT_CONVENTION_COMFYUI, steps, &n);
  start (x, &model, sigmas[0]);
  memcpy (x_0, x, sizeof x);
  options.eta = 0.0;
  g_assert_true (pmt_sampler_run (sampler, sigmas, n, x, N, &options, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (model.n_steps, ==, steps);
  g_assert_cmpuint (model.n_calls, ==,
                    pmt_sampler_calls (sampler, convention, n, TRUE));
  first = sqrt (DEVIATION * DEVIATION + sigmas[0] * sigmas[0]);
  for (gsize i = 0; i < N; i++)
    sum += fabs (0.3 + (x_0[i] - 0.3) * DEVIATION / first - x[i]) / N;
  return sum;
}

/* With eta 0 every sampler solves the same equation, the better the more
 * steps it takes.  DDPM and LCM have no such form. */
static void
test_converge (void)
{
  for (gint s = 0; s < PMT_N_SAMPLERS; s++)
    for (gint c = 0; c < 2; c++)
      {
        PmtSampler sampler = (PmtSampler)s;
        gdouble few, many;

        if (sampler == PMT_SAMPLER_DDPM || sampler == PMT_SAMPLER_LCM)
          continue;
        few = error_of (sampler, (PmtConvention)c, 10);
        many = error_of (sampler, (PmtConvention)c, 160);
        g_test_message ("%s: %.2g with 10 steps, %.2g with 160",
                        pmt_sampler_to_string (sampler), few, many);
        g_assert_cmpfloat (few, <, 0.2);
        g_assert_cmpfloat (many, <, few / 5.0);
        g_assert_cmpfloat (many, <, 0.011);
      }
}

/* With noise the spread of the result is the model's. */
static void
test_spread (void)
{
  for (gint s = 0; s < PMT_N_SAMPLERS; s++)
    for (gint c = 0; c < 2; c++)
      {
        PmtSampler sampler = (PmtSampler)s;
        PmtConvention convention = (PmtConvention)c;
        g_autoptr (PmtNoise) noise = pmt_noise_new (PMT_NOISE_CPU, 2);
        Model model = { .mean = -0.2, .deviation = DEVIATION, .noise = noise };
        PmtSamplerOptions options = options_of (&model, convention);
        g_autoptr (PmtDiscrete) discrete = discrete_new ();
        g_autofree gdouble *sigmas = NULL;
        gfloat x[N];
        gdouble mean = 0.0, square = 0.0;
        gsize n;

        options.eta = 1.0;
        if (sampler == PMT_SAMPLER_LCM
            || !pmt_sampler_draws_noise (sampler, convention, 1.0))
          continue;
        sigmas = pmt_schedule_sigmas (discrete, PMT_SCHEDULE_KARRAS,
                                      PMT_CONVENTION_COMFYUI, 150, &n);
        start (x, &model, sigmas[0]);
        g_assert_true (
            pmt_sampler_run (sampler, sigmas, n, x, N, &options, NULL));
        for (gsize i = 0; i < N; i++)
          mean += x[i] / (gdouble)N;
        for (gsize i = 0; i < N; i++)
          square += (x[i] - mean) * (x[i] - mean) / N;
        g_test_message ("%s: mean %.3f, deviation %.3f",
                        pmt_sampler_to_string (sampler), mean, sqrt (square));
        g_assert_cmpfloat (fabs (mean + 0.2), <, 0.06);
        g_assert_cmpfloat (fabs (sqrt (square) - DEVIATION), <, 0.04);
      }
}

/* A model that is sure of one picture: everybody ends there. */
static void
test_certain (void)
{
  for (gint s = 0; s < PMT_N_SAMPLERS; s++)
    for (guint steps = 1; steps <= 6; steps++)
      for (gint c = 0; c < PMT_N_CONVENTIONS; c++)
        {
          g_autoptr (PmtNoise) noise = pmt_noise_new (PMT_NOISE_CPU, 2);
          g_autoptr (PmtDiscrete) discrete = discrete_new ();
          Model model = { .mean = 0.5, .deviation = 0.0, .noise = noise };
          PmtSamplerOptions options = options_of (&model, (PmtConvention)c);
          g_autofree gdouble *sigmas = NULL;
          gfloat x[N];
          /* Diffusers' LCM keeps the lowest level's noise. */
          gfloat off = s == PMT_SAMPLER_LCM ? 0.15f : 0.01f;
          gsize n;

          options.discrete = discrete;
          options.eta = 1.0;
          sigmas = pmt_schedule_sigmas (discrete, PMT_SCHEDULE_KARRAS,
                                        PMT_CONVENTION_COMFYUI, steps, &n);
          start (x, &model, sigmas[0]);
          g_assert_true (
              pmt_sampler_run ((PmtSampler)s, sigmas, n, x, N, &options, NULL));
          g_assert_cmpuint (
              model.n_calls, ==,
              pmt_sampler_calls ((PmtSampler)s, (PmtConvention)c, n, TRUE));
          for (gsize i = 0; i < N; i++)
            g_assert_cmpfloat (fabsf (x[i] - 0.5f), <, off);
        }
}

static void
test_same_again (void)
{
  for (gint s = 0; s < PMT_N_SAMPLERS; s++)
    {
      gfloat x[2][N];

      for (gint k = 0; k < 2; k++)
        {
          g_autoptr (PmtNoise) noise = pmt_noise_new (PMT_NOISE_NV, 2);
          g_autoptr (PmtDiscrete) discrete = discrete_new ();
          Model model = { .mean = 0.1, .deviation = 0.4, .noise = noise };
          PmtSamplerOptions options = options_of (&model, PMT_CONVENTION_A1111);
          g_autofree gdouble *sigmas = NULL;
          gsize n;

          sigmas = pmt_schedule_sigmas (discrete, PMT_SCHEDULE_NORMAL,
                                        PMT_CONVENTION_A1111, 7, &n);
          start (x[k], &model, sigmas[0]);
          g_assert_true (pmt_sampler_run ((PmtSampler)s, sigmas, n, x[k], N,
                                          &options, NULL));
        }
      g_assert_cmpmem (x[0], sizeof x[0], x[1], sizeof x[1]);
    }
}

/* Whoever fails first stops the run, with that error. */
static void
test_stop (void)
{
  static const gdouble sigmas[] = { 10.0, 5.0, 2.0, 1.0, 0.5, 0.0 };

  for (gint s = 0; s < PMT_N_SAMPLERS; s++)
    for (guint at = 1; at <= 5; at++)
      for (gint in_step = 0; in_step < 2; in_step++)
        {
          g_autoptr (PmtNoise) noise = pmt_noise_new (PMT_NOISE_NV, 2);
          Model model = { .mean = 0.1, .deviation = 0.4, .noise = noise };
          PmtSamplerOptions options =
              options_of (&model, PMT_CONVENTION_COMFYUI);
          g_autoptr (GError) error = NULL;
          gfloat x[N] = { 0.0f };

          model.fail_at_step = in_step ? at : 0;
          model.fail_at_call = in_step ? 0 : at;
          g_assert_false (pmt_sampler_run ((PmtSampler)s, sigmas, 6, x, N,
                                           &options, &error));
          if (in_step)
            {
              g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
              g_assert_cmpuint (model.n_steps, ==, at);
            }
          else
            {
              g_assert_error (error, PMT_ERROR, PMT_ERROR_MODEL);
              g_assert_cmpuint (model.n_calls, ==, at);
            }
        }
}

static void
refuse (PmtSampler sampler,
        const gdouble *sigmas,
        gsize n,
        const PmtSamplerOptions *options,
        gint code)
{
  g_autoptr (GError) error = NULL;
  gfloat x[N] = { 0.0f };

  g_assert_false (pmt_sampler_run (sampler, sigmas, n, x, N, options, &error));
  g_assert_error (error, PMT_ERROR, code);
}

static void
test_refuse (void)
{
  static const gdouble good[] = { 2.0, 1.0, 0.0 };
  static const gdouble bad[][3] = {
    { 1.0, 2.0, 0.0 },      { 1.0, 1.0, 0.0 }, { 2.0, 0.0, 0.0 },
    { INFINITY, 1.0, 0.0 }, { 2.0, NAN, 0.0 }, { 2.0, 1.0, -1.0 },
  };
  Model model = { .mean = 0.1, .deviation = 0.4 };
  PmtSamplerOptions options = options_of (&model, PMT_CONVENTION_COMFYUI);

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    refuse (PMT_SAMPLER_EULER, bad[i], 3, &options, PMT_ERROR_ARGUMENT);
  refuse (PMT_SAMPLER_EULER, good, 1, &options, PMT_ERROR_ARGUMENT);
  refuse (PMT_SAMPLER_EULER, good, 0, &options, PMT_ERROR_ARGUMENT);
  options.noise = NULL;
  refuse (PMT_SAMPLER_EULER_A, good, 3, &options, PMT_ERROR_ARGUMENT);
  refuse (PMT_SAMPLER_LCM, good, 3, &options, PMT_ERROR_ARGUMENT);
  options.noise = draw;
  options.flow_shift = 3.0;
  refuse (PMT_SAMPLER_UNIPC, good, 3, &options, PMT_ERROR_UNSUPPORTED);
  refuse (PMT_SAMPLER_PLMS, good, 3, &options, PMT_ERROR_UNSUPPORTED);
  options.flow_shift = 0.0;
  options.convention = PMT_CONVENTION_DIFFUSERS;
  refuse (PMT_SAMPLER_LCM, good, 3, &options, PMT_ERROR_ARGUMENT);
}

static void
test_names (void)
{
  PmtSampler sampler = PMT_SAMPLER_EULER;

  for (gint i = 0; i < PMT_N_SAMPLERS; i++)
    {
      const gchar *name = pmt_sampler_to_string ((PmtSampler)i);

      g_assert_nonnull (name);
      g_assert_true (pmt_sampler_from_string (name, &sampler));
      g_assert_cmpint (sampler, ==, i);
    }
  g_assert_false (pmt_sampler_from_string ("Euler a", &sampler));
  g_assert_false (pmt_sampler_from_string (NULL, &sampler));
  g_assert_false (
      pmt_sampler_draws_noise (PMT_SAMPLER_EULER, PMT_CONVENTION_COMFYUI, 1.0));
  g_assert_true (pmt_sampler_draws_noise (PMT_SAMPLER_EULER_A,
                                          PMT_CONVENTION_COMFYUI, -1.0));
  g_assert_false (
      pmt_sampler_draws_noise (PMT_SAMPLER_DDIM, PMT_CONVENTION_A1111, -1.0));
  g_assert_false (
      pmt_sampler_draws_noise (PMT_SAMPLER_DDIM, PMT_CONVENTION_COMFYUI, 1.0));
  g_assert_true (pmt_sampler_wants_brownian (PMT_SAMPLER_DPMPP_SDE));
  g_assert_false (pmt_sampler_wants_brownian (PMT_SAMPLER_EULER_A));
}

static void
draw_path (gdouble sigma, gdouble sigma_next, gfloat *noise, gpointer data)
{
  const Model *model = data;

  pmt_brownian_noise ((const PmtBrownian *)model->noise, sigma, sigma_next,
                      noise);
}

/* On one Brownian path more steps come nearer and nearer to one result. */
static void
test_path (void)
{
  static const guint steps[] = { 10, 40, 160 };
  g_autoptr (PmtDiscrete) discrete = discrete_new ();
  g_autoptr (PmtBrownian) path = pmt_brownian_new (
      PMT_NOISE_CPU, 4,
      pmt_discrete_sigma_min (discrete, PMT_CONVENTION_COMFYUI),
      pmt_discrete_sigma_max (discrete, PMT_CONVENTION_COMFYUI), N);
  gfloat x[3][N];
  gdouble apart[2] = { 0.0, 0.0 };

  for (gint k = 0; k < 3; k++)
    {
      Model model = { .mean = 0.0, .deviation = DEVIATION };
      PmtSamplerOptions options = options_of (&model, PMT_CONVENTION_COMFYUI);
      g_autofree gdouble *sigmas = NULL;
      gsize n;

      model.noise = (PmtNoise *)path;
      options.noise = draw_path;
      sigmas = pmt_schedule_sigmas (discrete, PMT_SCHEDULE_KARRAS,
                                    PMT_CONVENTION_COMFYUI, steps[k], &n);
      start (x[k], &model, sigmas[0]);
      g_assert_true (pmt_sampler_run (PMT_SAMPLER_DPMPP_2M_SDE, sigmas, n, x[k],
                                      N, &options, NULL));
    }
  for (gint k = 0; k < 2; k++)
    for (gsize i = 0; i < N; i++)
      apart[k] += fabsf (x[k][i] - x[k + 1][i]) / N;
  g_test_message ("%.3g apart, then %.3g", apart[0], apart[1]);
  g_assert_cmpfloat (apart[0], <, 0.3 * DEVIATION);
  g_assert_cmpfloat (apart[1], <, 0.6 * apart[0]);
}

gint
main (gint argc, gchar **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sampler/converge", test_converge);
  g_test_add_func ("/sampler/spread", test_spread);
  g_test_add_func ("/sampler/certain", test_certain);
  g_test_add_func ("/sampler/same-again", test_same_again);
  g_test_add_func ("/sampler/stop", test_stop);
  g_test_add_func ("/sampler/refuse", test_refuse);
  g_test_add_func ("/sampler/names", test_names);
  g_test_add_func ("/sampler/path", test_path);
  return g_test_run ();
}
