/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* test-noise.c: generators against published answers; properties of noise. */
#include "config.h"

#include <math.h>
#include <string.h>

#include "diffusion/brownian.h"
#include "diffusion/half.h"
#include "diffusion/image-noise.h"
#include "diffusion/mt19937.h"
#include "diffusion/philox.h"
#include "diffusion/seed-sequence.h"

/* Of the reference implementation, and of the C++ standard's mt19937. */
static void
test_twister (void)
{
  PmtMt19937 mt;
  guint32 value = 0;

  pmt_mt19937_init (&mt, 5489);
  for (guint i = 0; i < 10000; i++)
    value = pmt_mt19937_next (&mt);
  g_assert_cmpuint (value, ==, 4123659995u);
}

/* kat_vectors of the Random123 distribution. */
static void
test_philox (void)
{
  static const guint32 in[3][6] = {
    { 0, 0, 0, 0, 0, 0 },
    { 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff },
    { 0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0 },
  };
  static const guint32 out[3][4] = {
    { 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8 },
    { 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd },
    { 0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (in); i++)
    {
      guint32 counter[4] = { in[i][0], in[i][1], in[i][2], in[i][3] };

      pmt_philox4x32 (counter, in[i] + 4);
      for (guint k = 0; k < 4; k++)
        g_assert_cmphex (counter[k], ==, out[i][k]);
    }
}

/* Made with numpy.random.SeedSequence (pool_size=24). */
static void
test_seed_sequence (void)
{
  static const struct
  {
    guint64 entropy;
    guint64 key[2];
    gsize n_key;
    guint32 first;
  } cases[] = {
    { G_GUINT64_CONSTANT (0),
      { G_GUINT64_CONSTANT (0), G_GUINT64_CONSTANT (0) },
      0,
      0xeff41bd6 },
    { G_GUINT64_CONSTANT (42),
      { G_GUINT64_CONSTANT (0), G_GUINT64_CONSTANT (0) },
      0,
      0x171c9ae3 },
    { G_GUINT64_CONSTANT (1234567890123456789),
      { G_GUINT64_CONSTANT (0), G_GUINT64_CONSTANT (0) },
      0,
      0x9442d702 },
    { G_GUINT64_CONSTANT (0),
      { G_GUINT64_CONSTANT (0), G_GUINT64_CONSTANT (0) },
      2,
      0xea0f763 },
    { G_GUINT64_CONSTANT (42),
      { G_GUINT64_CONSTANT (5), G_GUINT64_CONSTANT (3) },
      2,
      0xb7d3fda8 },
    { G_GUINT64_CONSTANT (1234567890123456789),
      { G_GUINT64_CONSTANT (1250999896491), G_GUINT64_CONSTANT (41) },
      2,
      0x28718521 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmphex (pmt_seed_sequence_first (cases[i].entropy, cases[i].key,
                                              cases[i].n_key),
                     ==, cases[i].first);
}

static void
test_half (void)
{
  static const struct
  {
    gfloat value;
    gfloat rounded;
  } cases[] = {
    { 0.0f, 0.0f },
    { 1.0f, 1.0f },
    { 1.0f + 0x1p-11f, 1.0f }, /* a tie: to even */
    { 1.0f + 0x3p-11f, 1.0f + 0x1p-9f },
    { 65519.0f, 65504.0f },
    { 65520.0f, INFINITY },
    { 0x1p-24f, 0x1p-24f },
    { 0x1p-25f, 0.0f },
    { 0x1.8p-24f, 0x1p-23f },
    { -0.1f, -0x1.998p-4f },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpfloat (pmt_half_round (cases[i].value), ==, cases[i].rounded);
}

static void
moments (const gfloat *values, gsize n, gdouble *mean, gdouble *variance)
{
  *mean = *variance = 0.0;
  for (gsize i = 0; i < n; i++)
    *mean += values[i] / (gdouble)n;
  for (gsize i = 0; i < n; i++)
    *variance += (values[i] - *mean) * (values[i] - *mean) / (gdouble)n;
}

/* Mean 0 and variance 1 to five standard deviations. */
static void
assert_normal (const gfloat *values, gsize n)
{
  gdouble mean, variance;

  moments (values, n, &mean, &variance);
  g_assert_cmpfloat (fabs (mean), <, 5.0 / sqrt ((gdouble)n));
  g_assert_cmpfloat (fabs (variance - 1.0), <, 5.0 * sqrt (2.0 / (gdouble)n));
}

#define MANY 20000

static void
test_normal (void)
{
  g_autofree gfloat *values = g_new (gfloat, MANY);
  g_autofree gfloat *again = g_new (gfloat, MANY);

  for (gint kind = PMT_NOISE_CPU; kind <= PMT_NOISE_NV; kind++)
    {
      g_autoptr (PmtNoise) a = pmt_noise_new ((PmtNoiseKind)kind, 7);
      g_autoptr (PmtNoise) b = pmt_noise_new ((PmtNoiseKind)kind, 7);
      g_autoptr (PmtNoise) c = pmt_noise_new ((PmtNoiseKind)kind, 8);

      for (guint call = 0; call < 3; call++)
        {
          pmt_noise_fill (a, values, MANY);
          assert_normal (values, MANY);
          pmt_noise_fill (b, again, MANY);
          g_assert_cmpmem (values, MANY * sizeof (gfloat), again,
                           MANY * sizeof (gfloat));
        }
      pmt_noise_fill (c, again, MANY);
      g_assert_true (memcmp (values, again, MANY * sizeof (gfloat)) != 0);
    }
}

/* Only the CPU's generator forgets the high half of a seed. */
static void
test_long_seeds (void)
{
  for (gint kind = PMT_NOISE_CPU; kind <= PMT_NOISE_NV; kind++)
    {
      guint64 high = G_GUINT64_CONSTANT (1) << 32;
      g_autoptr (PmtNoise) a = pmt_noise_new ((PmtNoiseKind)kind, 3);
      g_autoptr (PmtNoise) b = pmt_noise_new ((PmtNoiseKind)kind, 3 + high);
      gfloat x[20], y[20];

      pmt_noise_fill (a, x, 20);
      pmt_noise_fill (b, y, 20);
      g_assert_cmpint (memcmp (x, y, sizeof x) == 0, ==, kind == PMT_NOISE_CPU);
    }
}

/* An image is the same whichever others are made with it. */
static void
test_candidates (void)
{
  PmtImageNoiseOptions options = PMT_IMAGE_NOISE_OPTIONS_INIT;
  g_autoptr (PmtImageNoise) all = NULL;
  g_autofree gfloat *values = NULL;
  gsize n = 4 * 5 * 7;

  options.height = 5;
  options.width = 7;
  options.seed = G_MAXUINT64; /* the next one is 0 */
  options.n_images = 3;
  options.subseed = 9;
  options.subseed_strength = 0.25;
  options.eta_delta = 31337;
  all = pmt_image_noise_new (&options);
  g_assert_cmpuint (pmt_image_noise_size (all), ==, 3 * n);
  values = g_new (gfloat, 3 * n);
  options.n_images = 1;
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (PmtImageNoise) one = NULL;
      g_autoptr (PmtImageNoise) fresh = NULL;
      gfloat own[4 * 5 * 7];

      options.seed = G_MAXUINT64 + i;
      options.subseed = 9 + i;
      one = pmt_image_noise_new (&options);
      pmt_image_noise_next (one, own);
      g_clear_pointer (&all, pmt_image_noise_free);
      options.seed = G_MAXUINT64;
      options.subseed = 9;
      options.n_images = 3;
      all = pmt_image_noise_new (&options);
      options.n_images = 1;
      for (guint call = 0; call < 3; call++)
        {
          pmt_image_noise_next (all, values);
          if (call > 0)
            pmt_image_noise_next (one, own);
          g_assert_cmpmem (values + i * n, sizeof own, own, sizeof own);
        }
    }
}

/* Where the composition's size is larger or smaller, its middle lies in the
 * middle. */
static void
test_resize (void)
{
  static const gint sizes[][4] = {
    { 6, 8, 3, 5 }, { 3, 5, 6, 8 }, { 4, 9, 9, 4 }, { 1, 1, 7, 7 }
  };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      PmtImageNoiseOptions options = PMT_IMAGE_NOISE_OPTIONS_INIT;
      gint height = sizes[i][0], width = sizes[i][1];
      gint from_height = sizes[i][2], from_width = sizes[i][3];
      gsize n = (gsize)(4 * height * width);
      gsize n_from = (gsize)(4 * from_height * from_width);
      g_autoptr (PmtImageNoise) noise = NULL;
      g_autoptr (PmtNoise) own = pmt_noise_new (PMT_NOISE_NV, 5);
      g_autofree gfloat *values = g_new (gfloat, n);
      g_autofree gfloat *from = g_new (gfloat, n_from);
      gint y = height / 2, x = width / 2;
      gint from_y = y - (gint)floor ((height - from_height) / 2.0);
      gint from_x = x - (gint)floor ((width - from_width) / 2.0);

      options.kind = PMT_NOISE_NV;
      options.seed = 5;
      options.height = height;
      options.width = width;
      options.resize_height = from_height;
      options.resize_width = from_width;
      noise = pmt_image_noise_new (&options);
      pmt_image_noise_next (noise, values);
      pmt_noise_fill (own, from, n_from);
      g_assert_cmpfloat (values[y * width + x], ==,
                         from[from_y * from_width + from_x]);
    }
}

static void
test_slerp (void)
{
  g_autoptr (PmtNoise) noise = pmt_noise_new (PMT_NOISE_NV, 1);
  gsize n = 4 * 64 * 50;
  g_autofree gfloat *low = g_new (gfloat, n);
  g_autofree gfloat *high = g_new (gfloat, n);
  g_autofree gfloat *mixed = g_new (gfloat, n);

  pmt_noise_fill (noise, low, n);
  pmt_noise_fill (noise, high, n);
  for (gint i = 0; i <= 4; i++)
    {
      pmt_slerp (i / 4.0, low, high, 4, 64, 50, mixed);
      assert_normal (mixed, n);
    }
  /* Nothing to turn. */
  pmt_slerp (0.3, low, low, 4, 64, 50, mixed);
  for (gsize k = 0; k < n; k++)
    g_assert_cmpfloat (fabsf (mixed[k] - low[k]), <, 1e-6f);
}

#define LATENT (4 * 4 * 6)

/* Made with torchsde 0.2.6's BrownianTree and the noise sampler's formula, on
 * zeros of [1, 4, 4, 6]: the first six values. */
static void
test_brownian_known (void)
{
  static const struct
  {
    guint64 seed;
    gdouble sigma;
    gdouble next;
    gfloat values[6];
  } cases[] = {
    { G_GUINT64_CONSTANT (0),
      14.6146421,
      9.7232,
      { 0.381397218f, -1.04603481f, 0.11814408f, 1.35271025f, -1.42565274f,
        -1.28970003f } },
    { G_GUINT64_CONSTANT (0),
      9.7232,
      6.2,
      { 0.435763627f, 2.09935308f, 0.276816696f, 0.827071607f, -1.89356291f,
        -0.450368643f } },
    { G_GUINT64_CONSTANT (0),
      6.2,
      0.447,
      { -0.819746196f, 1.71855521f, -0.141433924f, -1.83510065f, 1.23756886f,
        -0.491354316f } },
    { G_GUINT64_CONSTANT (0),
      0.447,
      0.0291675,
      { -1.11816478f, 0.069213815f, -0.126196951f, -0.635134161f, 0.443934768f,
        -1.6966188f } },
    { G_GUINT64_CONSTANT (0),
      14.6146421,
      0.0291675,
      { -0.269047707f, 1.51706588f, 0.0942831039f, -0.070160687f, -0.903877914f,
        -1.56397235f } },
    { G_GUINT64_CONSTANT (42),
      14.6146421,
      9.7232,
      { -1.62131143f, 0.997658134f, 0.557367027f, 0.138794705f, 0.232646644f,
        1.20263374f } },
    { G_GUINT64_CONSTANT (42),
      9.7232,
      6.2,
      { 0.653646469f, -1.04996598f, -0.0912517086f, 1.41664183f, -1.42800641f,
        0.406613231f } },
    { G_GUINT64_CONSTANT (42),
      6.2,
      0.447,
      { -0.838507652f, -0.0281142928f, -0.0220698826f, 0.200615332f,
        1.63807499f, 0.250544786f } },
    { G_GUINT64_CONSTANT (42),
      0.447,
      0.0291675,
      { -0.0703785121f, -1.55498159f, -0.601213634f, 0.556840956f,
        0.0726167336f, 0.8363446f } },
    { G_GUINT64_CONSTANT (42),
      14.6146421,
      0.0291675,
      { -1.15618324f, -0.219135225f, 0.162307054f, 0.996874273f, 0.473952711f,
        1.1952033f } },
    { G_GUINT64_CONSTANT (1234567890123456789),
      14.6146421,
      9.7232,
      { 0.859080851f, -0.945809364f, -1.41933107f, -0.225997478f, 1.33483922f,
        -0.0985307097f } },
    { G_GUINT64_CONSTANT (1234567890123456789),
      9.7232,
      6.2,
      { -1.76854753f, -0.872640133f, 0.509951115f, 0.0740382671f, 1.00871181f,
        -0.069319658f } },
    { G_GUINT64_CONSTANT (1234567890123456789),
      6.2,
      0.447,
      { -1.31836498f, 2.06630707f, 1.91311312f, -1.0956527f, 0.375162065f,
        -1.62257683f } },
    { G_GUINT64_CONSTANT (1234567890123456789),
      0.447,
      0.0291675,
      { -0.431808203f, -1.10802877f, 0.324382752f, 0.229292244f, -0.303793371f,
        -1.12461257f } },
    { G_GUINT64_CONSTANT (1234567890123456789),
      14.6146421,
      0.0291675,
      { -1.27278244f, 0.133571446f, 0.685102761f, -0.743792415f, 1.45297623f,
        -1.30051744f } },
  };
  gfloat made[LATENT];

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PmtBrownian) brownian = pmt_brownian_new (
          PMT_NOISE_CPU, cases[i].seed, 0.0291675, 14.6146421, LATENT);

      pmt_brownian_noise (brownian, cases[i].sigma, cases[i].next, made);
      for (guint k = 0; k < 6; k++)
        g_assert_cmpfloat (fabsf (made[k] - cases[i].values[k]), <, 1e-5f);
    }
}

/* W (a, b) + W (b, c) = W (a, c), whatever the levels. */
static void
test_brownian_sums (void)
{
  g_autoptr (PmtBrownian) brownian =
      pmt_brownian_new (PMT_NOISE_NV, 12, 0.03, 14.6, MANY);
  g_autoptr (GRand) rand = g_rand_new_with_seed (3);
  g_autofree gfloat *ab = g_new (gfloat, MANY);
  g_autofree gfloat *bc = g_new (gfloat, MANY);
  g_autofree gfloat *ac = g_new (gfloat, MANY);

  for (guint i = 0; i < 5; i++)
    {
      gdouble a = g_rand_double_range (rand, 0.03, 5.0);
      gdouble b = g_rand_double_range (rand, a + 0.01, 10.0);
      gdouble c = g_rand_double_range (rand, b + 0.01, 14.6);
      gdouble mean, variance;

      pmt_brownian_increment (brownian, a, b, ab);
      pmt_brownian_increment (brownian, b, c, bc);
      pmt_brownian_increment (brownian, a, c, ac);
      for (gsize k = 0; k < MANY; k++)
        g_assert_cmpfloat (fabsf (ab[k] + bc[k] - ac[k]), <, 1e-4f);
      moments (ac, MANY, &mean, &variance);
      g_assert_cmpfloat (fabs (variance / (c - a) - 1.0), <,
                         5.0 * sqrt (2.0 / MANY));
      pmt_brownian_noise (brownian, c, b, bc);
      assert_normal (bc, MANY);
      /* Neighbours do not know each other. */
      mean = 0.0;
      for (gsize k = 0; k < MANY; k++)
        mean += (gdouble)ab[k] * bc[k] / sqrt (b - a) / MANY;
      g_assert_cmpfloat (fabs (mean), <, 5.0 / sqrt (MANY));
    }
}

static void
test_brownian_ends (void)
{
  g_autoptr (PmtBrownian) brownian =
      pmt_brownian_new (PMT_NOISE_CPU, 1, 0.03, 14.6, LATENT);
  gfloat whole[LATENT], beyond[LATENT], forth[LATENT], back[LATENT];

  pmt_brownian_increment (brownian, 0.03, 14.6, whole);
  pmt_brownian_increment (brownian, 0.0, 100.0, beyond);
  g_assert_cmpmem (whole, sizeof whole, beyond, sizeof beyond);
  pmt_brownian_increment (brownian, 2.0, 2.0, whole);
  for (guint k = 0; k < LATENT; k++)
    g_assert_cmpfloat (whole[k], ==, 0.0f);
  pmt_brownian_noise (brownian, 3.0, 1.0, back);
  pmt_brownian_noise (brownian, 1.0, 3.0, forth);
  for (guint k = 0; k < LATENT; k++)
    g_assert_cmpfloat (back[k], ==, -forth[k]);
}

gint
main (gint argc, gchar **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/noise/twister", test_twister);
  g_test_add_func ("/noise/philox", test_philox);
  g_test_add_func ("/noise/seed-sequence", test_seed_sequence);
  g_test_add_func ("/noise/half", test_half);
  g_test_add_func ("/noise/normal", test_normal);
  g_test_add_func ("/noise/long-seeds", test_long_seeds);
  g_test_add_func ("/noise/candidates", test_candidates);
  g_test_add_func ("/noise/resize", test_resize);
  g_test_add_func ("/noise/slerp", test_slerp);
  g_test_add_func ("/noise/brownian/known", test_brownian_known);
  g_test_add_func ("/noise/brownian/sums", test_brownian_sums);
  g_test_add_func ("/noise/brownian/ends", test_brownian_ends);
  return g_test_run ();
}
