/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* test-schedule.c: noise levels of any model, any schedule, any steps. */
#include "config.h"

#include <math.h>

#include "diffusion/quantile.h"
#include "diffusion/schedule.h"

static PmtDiscrete *
make (PmtDiscreteConfig config)
{
  g_autoptr (GError) error = NULL;
  PmtDiscrete *discrete = pmt_discrete_new (&config, &error);

  g_assert_no_error (error);
  return discrete;
}

static void
assert_falling (const gdouble *sigmas, gsize n)
{
  g_assert_cmpuint (n, >=, 2);
  g_assert_cmpfloat (sigmas[n - 1], >=, 0.0);
  for (gsize i = 1; i < n; i++)
    g_assert_cmpfloat (sigmas[i], <, sigmas[i - 1]);
}

static const PmtDiscreteConfig models[] = {
  PMT_DISCRETE_CONFIG_INIT,
  { PMT_BETA_LINEAR, 0.0001, 0.02, 1000, FALSE, 0.0, 1000.0 },
  { PMT_BETA_COSINE, 0.0, 0.0, 1000, FALSE, 0.0, 1000.0 },
  { PMT_BETA_SCALED_LINEAR, 0.00085, 0.012, 1000, TRUE, 0.0, 1000.0 },
  { PMT_BETA_SCALED_LINEAR, 0.001, 0.02, 400, FALSE, 0.0, 1000.0 },
  { PMT_BETA_LINEAR, 0.0, 0.0, 1000, FALSE, 3.0, 1000.0 },
  { PMT_BETA_LINEAR, 0.0, 0.0, 10000, FALSE, 3.16, 1.0 },
};

static void
test_tables (void)
{
  for (gsize m = 0; m < G_N_ELEMENTS (models); m++)
    for (gint c = 0; c < PMT_N_CONVENTIONS; c++)
      {
        g_autoptr (PmtDiscrete) discrete = make (models[m]);
        PmtConvention convention = (PmtConvention)c;
        const gdouble *sigmas = pmt_discrete_sigmas (discrete, convention);
        const gdouble *alphas = pmt_discrete_alphas (discrete, convention);
        guint n = pmt_discrete_n (discrete);

        g_assert_cmpuint (n, ==, models[m].n_timesteps);
        g_assert_cmpint (alphas == NULL, ==, models[m].flow_shift > 0.0);
        for (guint i = 0; i < n; i++)
          {
            g_assert_true (isfinite (sigmas[i]) && sigmas[i] > 0.0);
            g_assert_true (i == 0 || sigmas[i] > sigmas[i - 1]);
            if (alphas)
              g_assert_cmpfloat (
                  fabs (sigmas[i] * sigmas[i] * alphas[i] / (1.0 - alphas[i])
                        - 1.0),
                  <, 3e-3);
          }
      }
}

static void
test_there_and_back (void)
{
  for (gsize m = 0; m < 5; m++)
    for (gint c = 0; c < PMT_N_CONVENTIONS; c++)
      {
        g_autoptr (PmtDiscrete) discrete = make (models[m]);
        PmtConvention convention = (PmtConvention)c;
        gdouble last = pmt_discrete_n (discrete) - 1.0;

        for (gdouble t = 0.0; t <= last; t += last / 37.0)
          {
            gdouble whole = rint (t);
            gdouble sigma =
                pmt_discrete_t_to_sigma (discrete, convention, whole);
            gdouble back =
                pmt_discrete_sigma_to_t (discrete, convention, sigma);

            g_assert_cmpfloat (fabs (back - whole), <, 1e-3);
            if (convention != PMT_CONVENTION_A1111)
              continue;
            sigma = pmt_discrete_t_to_sigma (discrete, convention, t);
            back = pmt_discrete_sigma_to_t (discrete, convention, sigma);
            g_assert_cmpfloat (fabs (back - t), <, 1e-3);
          }
        /* Beyond the ends. */
        g_assert_cmpfloat (pmt_discrete_sigma_to_t (discrete, convention, 1e9),
                           ==, last);
        g_assert_cmpfloat (pmt_discrete_sigma_to_t (discrete, convention, 1e-9),
                           ==, 0.0);
        g_assert_cmpfloat (
            pmt_discrete_t_to_sigma (discrete, convention, 1e9), <=,
            pmt_discrete_sigma_max (discrete, convention) * 1.000001);
      }
}

static void
test_schedules (void)
{
  static const guint steps[] = { 1, 2, 3, 4, 7, 10, 20, 30, 50, 100 };

  for (gsize m = 0; m < G_N_ELEMENTS (models); m++)
    for (gint s = 0; s < PMT_N_SCHEDULES; s++)
      for (gint c = 0; c < PMT_N_CONVENTIONS; c++)
        for (gsize k = 0; k < G_N_ELEMENTS (steps); k++)
          {
            g_autoptr (PmtDiscrete) discrete = make (models[m]);
            gsize n;
            g_autofree gdouble *sigmas = pmt_schedule_sigmas (
                discrete, (PmtSchedule)s, (PmtConvention)c, steps[k], &n);

            assert_falling (sigmas, n);
            if (s != PMT_SCHEDULE_DDIM_UNIFORM && s != PMT_SCHEDULE_BETA)
              g_assert_cmpuint (n, ==, steps[k] + 1);
          }
}

static void
test_parts (void)
{
  g_autoptr (PmtDiscrete) discrete = make (models[0]);
  gdouble last[2] = { G_MAXDOUBLE, G_MAXDOUBLE };

  /* Less strength, less noise to start from. */
  for (gdouble strength = 1.0; strength > 0.04; strength -= 0.05)
    for (gint c = 0; c < 2; c++)
      {
        gsize n;
        g_autofree gdouble *sigmas = pmt_schedule_sigmas_from (
            discrete, PMT_SCHEDULE_KARRAS, (PmtConvention)c, 20, strength, &n);

        assert_falling (sigmas, n);
        g_assert_cmpfloat (sigmas[0], <=, last[c]);
        g_assert_cmpfloat (sigmas[n - 1], ==, 0.0);
        last[c] = sigmas[0];
        if (c == PMT_CONVENTION_COMFYUI)
          g_assert_cmpuint (n, ==, 21);
      }
  g_assert_cmpuint (pmt_schedule_part (21, 20, 1.0), ==, 0);
  g_assert_cmpuint (pmt_schedule_part (21, 20, 0.5), ==, 9);
  g_assert_cmpuint (pmt_schedule_part (21, 20, 0.001), ==, 19);
  g_assert_cmpuint (pmt_schedule_part (2, 1, 0.5), ==, 0);
}

static void
test_ddim (void)
{
  g_autoptr (PmtDiscrete) discrete = make (models[0]);

  for (guint steps = 1; steps <= 1000; steps++)
    {
      gsize n;
      g_autofree gdouble *sigmas = pmt_schedule_ddim (discrete, steps, &n);

      g_assert_cmpuint (n, >=, MIN (steps, 999));
      g_assert_cmpfloat (sigmas[n - 1], >, 0.0);
      for (gsize i = 1; i < n; i++)
        g_assert_cmpfloat (sigmas[i], <, sigmas[i - 1]);
    }
}

static void
test_ddim_parts (void)
{
  g_autoptr (PmtDiscrete) discrete = make (models[0]);
  const gdouble *table = pmt_discrete_sigmas (discrete, PMT_CONVENTION_A1111);
  g_autofree gdouble *sigmas = NULL;
  g_autofree gdouble *none = NULL;
  gdouble start;
  gsize n;

  /* Timesteps 1, 51, ..., 951; twelve of them are used, from 551 down. */
  sigmas = pmt_schedule_ddim_from (discrete, 20, 0.6, &start, &n);
  g_assert_cmpuint (n, ==, 12);
  g_assert_cmpfloat (start, ==, table[601]);
  g_assert_cmpfloat (sigmas[0], ==, table[551]);
  g_assert_cmpfloat (sigmas[11], ==, table[1]);
  none = pmt_schedule_ddim_from (discrete, 10, 0.05, &start, &n);
  g_assert_cmpuint (n, ==, 0);
  g_assert_cmpfloat (start, ==, table[1]);
  for (guint steps = 1; steps <= 1000; steps += 7)
    for (gdouble strength = 0.01; strength <= 1.0; strength += 0.11)
      {
        g_autofree gdouble *part =
            pmt_schedule_ddim_from (discrete, steps, strength, &start, &n);

        g_assert_cmpuint (n, <=, steps);
        g_assert_true (n == 0 || part[0] < start);
      }
}

static void
test_diffusers (void)
{
  g_autoptr (PmtDiscrete) discrete = make (models[0]);
  g_autoptr (PmtDiscrete) flow = make (models[5]);
  PmtDiffusersOptions options = PMT_DIFFUSERS_OPTIONS_INIT;
  g_autoptr (GError) error = NULL;
  gsize n;

  for (gint s = 0; s <= PMT_DIFFUSERS_LCM; s++)
    for (gint p = 0; p <= PMT_SPACING_TRAILING; p++)
      for (guint steps = 1; steps <= 50; steps++)
        {
          g_autofree gdouble *times = NULL;
          g_autofree gdouble *sigmas = NULL;

          options.scheduler = (PmtDiffusersScheduler)s;
          options.spacing = (PmtSpacing)p;
          options.is_last_one = TRUE;
          sigmas = pmt_schedule_diffusers (discrete, &options, steps, &times,
                                           &n, &error);
          g_assert_no_error (error);
          g_assert_cmpuint (n, ==, steps + 1);
          assert_falling (sigmas, n);
          g_assert_cmpfloat (times[0], <=, 999.0);
        }
  options.scheduler = PMT_DIFFUSERS_LCM;
  g_assert_null (
      pmt_schedule_diffusers (discrete, &options, 51, NULL, &n, &error));
  g_assert_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT);
  g_clear_error (&error);
  g_assert_null (
      pmt_schedule_diffusers (discrete, &options, 0, NULL, &n, &error));
  g_assert_error (error, PMT_ERROR, PMT_ERROR_ARGUMENT);
  g_clear_error (&error);
  g_assert_null (pmt_schedule_diffusers (flow, &options, 4, NULL, &n, &error));
  g_assert_error (error, PMT_ERROR, PMT_ERROR_UNSUPPORTED);
}

static void
test_bad_models (void)
{
  static const PmtDiscreteConfig bad[] = {
    { PMT_BETA_LINEAR, 0.0, 0.02, 1000, FALSE, 0.0, 1000.0 },
    { PMT_BETA_LINEAR, 0.1, 1.0, 1000, FALSE, 0.0, 1000.0 },
    { PMT_BETA_LINEAR, NAN, 0.02, 1000, FALSE, 0.0, 1000.0 },
    { PMT_BETA_LINEAR, 0.1, 0.2, 1, FALSE, 0.0, 1000.0 },
    { PMT_BETA_LINEAR, 0.1, 0.2, G_MAXUINT, FALSE, 0.0, 1000.0 },
    { PMT_BETA_LINEAR, 0.1, 0.2, 1000, FALSE, -1.0, 1000.0 },
    { PMT_BETA_LINEAR, 0.1, 0.2, 1000, FALSE, NAN, 1000.0 },
    { PMT_BETA_LINEAR, 0.1, 0.2, 1000, FALSE, INFINITY, 1000.0 },
    { PMT_BETA_LINEAR, 0.1, 0.2, 1000, FALSE, 3.0, 0.0 },
    /* So much noise that no signal is left in a float. */
    { PMT_BETA_LINEAR, 0.9, 0.99, 1000, FALSE, 0.0, 1000.0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (pmt_discrete_new (&bad[i], &error));
      g_assert_error (error, PMT_ERROR, PMT_ERROR_MODEL);
    }
}

static void
test_names (void)
{
  PmtSchedule schedule = PMT_SCHEDULE_BETA;
  PmtConvention convention = PMT_CONVENTION_A1111;
  PmtSpacing spacing;
  PmtBetaSchedule beta;

  for (gint i = 0; i < PMT_N_SCHEDULES; i++)
    {
      g_assert_true (pmt_schedule_from_string (
          pmt_schedule_to_string ((PmtSchedule)i), &schedule));
      g_assert_cmpint (schedule, ==, i);
    }
  for (gint i = 0; i < PMT_N_CONVENTIONS; i++)
    {
      g_assert_true (pmt_convention_from_string (
          pmt_convention_to_string ((PmtConvention)i), &convention));
      g_assert_cmpint (convention, ==, i);
    }
  g_assert_false (pmt_schedule_from_string ("Karras", &schedule));
  g_assert_false (pmt_schedule_from_string (NULL, &schedule));
  g_assert_false (pmt_convention_from_string ("", &convention));
  g_assert_false (pmt_spacing_from_string ("middle", &spacing));
  g_assert_false (pmt_beta_schedule_from_string ("sigmoid", &beta));
}

/* Of the uniform distribution, of the arcsine one, and by symmetry. */
static void
test_quantile (void)
{
  for (gint i = 0; i <= 100; i++)
    {
      gdouble p = i / 100.0;
      gdouble arcsine = sin (G_PI / 2.0 * p) * sin (G_PI / 2.0 * p);

      g_assert_cmpfloat (fabs (pmt_beta_quantile (p, 1.0, 1.0) - p), <, 1e-12);
      g_assert_cmpfloat (fabs (pmt_beta_quantile (p, 0.5, 0.5) - arcsine), <,
                         1e-12);
      g_assert_cmpfloat (fabs (pmt_beta_quantile (p, 0.6, 0.6)
                               + pmt_beta_quantile (1.0 - p, 0.6, 0.6) - 1.0),
                         <, 1e-12);
      g_assert_cmpfloat (fabs (pmt_beta_quantile (p, 2.0, 1.0) - sqrt (p)), <,
                         1e-12);
    }
}

gint
main (gint argc, gchar **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/schedule/tables", test_tables);
  g_test_add_func ("/schedule/there-and-back", test_there_and_back);
  g_test_add_func ("/schedule/all", test_schedules);
  g_test_add_func ("/schedule/parts", test_parts);
  g_test_add_func ("/schedule/ddim", test_ddim);
  g_test_add_func ("/schedule/ddim-parts", test_ddim_parts);
  g_test_add_func ("/schedule/diffusers", test_diffusers);
  g_test_add_func ("/schedule/bad-models", test_bad_models);
  g_test_add_func ("/schedule/names", test_names);
  g_test_add_func ("/schedule/quantile", test_quantile);
  return g_test_run ();
}
