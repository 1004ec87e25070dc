/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* test-golden-noise.c: every tensor of rng/ against our generators. */
#include "golden.h"

#include "diffusion/image-noise.h"
#include "diffusion/mt19937.h"
#include "diffusion/philox.h"

#include <math.h>

/* What the vector functions of torch are off by (README of the folder). */
#define VECTOR_TOLERANCE 3e-6
#define BLOCK 16

typedef struct
{
  PmtWeights *weights;
  cJSON *index;
  GHashTable *seen; /* names of tensors that were checked */
} Data;

static Data data;

static gboolean
has (const gchar *name)
{
  return pmt_weights_find (data.weights, name) != NULL;
}

static void
mark (const gchar *name)
{
  g_hash_table_add (data.seen, g_strdup (name));
}

static gdouble
number (const cJSON *entry, const gchar *name)
{
  const cJSON *item = cJSON_GetObjectItem (entry, name);

  g_assert_true (cJSON_IsNumber (item));
  return item->valuedouble;
}

static const gchar *
text (const cJSON *entry, const gchar *name)
{
  const cJSON *item = cJSON_GetObjectItem (entry, name);

  g_assert_true (cJSON_IsString (item));
  return item->valuestring;
}

static gsize
shape (const cJSON *entry, gint i)
{
  return (gsize)cJSON_GetArrayItem (cJSON_GetObjectItem (entry, "shape"), i)
      ->valueint;
}

/* Seeds may be above 2^53, where a JSON number is not exact: from the name,
 * such as "cpu.s42.16". */
static guint64
seed_of (const gchar *name)
{
  const gchar *at = strstr (name, ".s");

  g_assert_nonnull (at);
  return g_ascii_strtoull (at + 2, NULL, 10);
}

/* Distance in units of the last place. */
static gint64
ulps (gfloat a, gfloat b)
{
  union
  {
    gfloat value;
    gint32 bits;
  } x = { a }, y = { b };

  if ((a < 0.0f) != (b < 0.0f))
    return a == b ? 0 : G_MAXINT32;
  return ABS ((gint64)x.bits - (gint64)y.bits);
}

/* @tolerance 0: one unit in the last place. */
static void
compare (const gchar *name,
         const gfloat *made,
         const gfloat *wanted,
         gsize n,
         gdouble tolerance)
{
  if (tolerance > 0.0)
    {
      golden_compare (name, made, wanted, n, tolerance);
      return;
    }
  for (gsize i = 0; i < n; i++)
    if (ulps (made[i], wanted[i]) > 1)
      g_error ("%s[%" G_GSIZE_FORMAT "]: %.9g is not %.9g", name, i, made[i],
               wanted[i]);
}

/* Long tensors are stored by their begin and end; the index has their sum of
 * squares too. */
static void
check (const cJSON *entry, const gfloat *made, gsize n, gdouble tolerance)
{
  const gchar *name = text (entry, "name");
  g_autofree gchar *first = g_strconcat (name, ".first64", NULL);
  g_autofree gchar *last = g_strconcat (name, ".last16", NULL);
  gdouble squares = 0.0;
  gsize length;

  g_assert_cmpuint (n, ==, (gsize)number (entry, "numel"));
  for (gsize i = 0; i < n; i++)
    squares += (gdouble)made[i] * made[i];
  g_assert_cmpfloat (fabs (squares - number (entry, "sumsq")), <=,
                     1e-5 * (squares + 1.0));
  if (has (name))
    {
      g_autofree gfloat *wanted =
          golden_floats (data.weights, &length, "%s", name);

      g_assert_cmpuint (length, ==, n);
      compare (name, made, wanted, n, tolerance);
      mark (name);
    }
  else
    {
      g_autofree gfloat *begin =
          golden_floats (data.weights, &length, "%s", first);
      g_autofree gfloat *end = NULL;

      compare (first, made, begin, length, tolerance);
      end = golden_floats (data.weights, &length, "%s", last);
      compare (last, made + n - length, end, length, tolerance);
      mark (first);
      mark (last);
    }
}

static gdouble
cpu_tolerance (gsize n)
{
  return n < BLOCK ? 0.0 : VECTOR_TOLERANCE;
}

static void
check_cpu (const cJSON *entry, PmtNoise *noise)
{
  gsize n = (gsize)number (entry, "numel");
  g_autofree gfloat *values = g_new (gfloat, n);
  const cJSON *kind = cJSON_GetObjectItem (entry, "kind");

  if (kind && g_str_has_prefix (kind->valuestring, "rand "))
    pmt_noise_fill_uniform (noise, values, n);
  else
    pmt_noise_fill (noise, values, n);
  check (entry, values, n, cpu_tolerance (n));
}

/* Entries with a call index go on with the generator of the one before. */
static void
test_cpu (void)
{
  g_autoptr (PmtNoise) going = NULL;
  const cJSON *entry;

  cJSON_ArrayForEach (entry,
                      cJSON_GetObjectItem (data.index, "torch_cpu_randn"))
  {
    guint64 seed = seed_of (text (entry, "name"));
    const cJSON *call = cJSON_GetObjectItem (entry, "call_index");
    g_autoptr (PmtNoise) fresh = NULL;

    if (call && call->valueint > 0)
      {
        check_cpu (entry, going);
        continue;
      }
    fresh = pmt_noise_new (PMT_NOISE_CPU, seed);
    check_cpu (entry, fresh);
    if (call)
      {
        g_clear_pointer (&going, pmt_noise_free);
        going = g_steal_pointer (&fresh);
      }
  }
}

static void
test_twister (void)
{
  for (guint i = 0; i < pmt_weights_get_n (data.weights); i++)
    {
      const gchar *name = pmt_weights_get (data.weights, i)->name;
      g_autofree gint64 *wanted = NULL;
      PmtMt19937 mt;
      gsize n;

      if (!strstr (name, ".mt19937_u32"))
        continue;
      wanted = golden_ints (data.weights, &n, "%s", name);
      pmt_mt19937_init (&mt, (guint32)seed_of (name));
      for (gsize k = 0; k < n; k++)
        g_assert_cmpint (pmt_mt19937_next (&mt), ==, wanted[k]);
      mark (name);
    }
}

static void
test_uniform_and_half (void)
{
  for (guint i = 0; i < pmt_weights_get_n (data.weights); i++)
    {
      const gchar *name = pmt_weights_get (data.weights, i)->name;
      gboolean is_uniform = strstr (name, ".rand16") != NULL;
      g_autofree gfloat *wanted = NULL;
      g_autofree gfloat *made = NULL;
      PmtMt19937 mt;
      gsize n;

      if (!is_uniform && !strstr (name, ".randn_f16"))
        continue;
      wanted = golden_floats (data.weights, &n, "%s", name);
      made = g_new (gfloat, n);
      pmt_mt19937_init (&mt, (guint32)seed_of (name));
      if (is_uniform)
        pmt_mt19937_uniform (&mt, made, n);
      else
        pmt_mt19937_normal_half (&mt, made, n);
      /* Our floats differ in their last bits; a half has 2^-11 at 1 to 2. */
      for (gsize k = 0; k < n; k++)
        g_assert_cmpfloat (fabsf (made[k] - wanted[k]), <=,
                           is_uniform ? 0.0f : 0x1p-10f * fabsf (wanted[k]));
      mark (name);
    }
}

static void
test_nv (void)
{
  const cJSON *entry;

  cJSON_ArrayForEach (entry, cJSON_GetObjectItem (data.index, "nv_philox"))
  {
    g_autoptr (PmtNoise) noise =
        pmt_noise_new (PMT_NOISE_NV, seed_of (text (entry, "name")));
    gsize n = (gsize)number (entry, "numel");
    g_autofree gfloat *values = g_new (gfloat, n);

    for (gint k = 0; k <= (gint)number (entry, "call_index"); k++)
      pmt_noise_fill (noise, values, n);
    check (entry, values, n, 0.0);
  }
}

static void
test_comfyui (void)
{
  const cJSON *entry;

  cJSON_ArrayForEach (entry,
                      cJSON_GetObjectItem (data.index, "comfy_prepare_noise"))
  {
    const cJSON *list = cJSON_GetObjectItem (entry, "noise_inds");
    guint n_images = (guint)shape (entry, 0);
    gsize n = (gsize)number (entry, "numel");
    g_autofree gfloat *values = g_new (gfloat, n);
    g_autofree guint *indices = g_new (guint, n_images);

    for (guint i = 0; list && i < n_images; i++)
      indices[i] = (guint)cJSON_GetArrayItem (list, (gint)i)->valueint;
    pmt_image_noise_batch (seed_of (text (entry, "name")),
                           list ? indices : NULL, n_images, values,
                           n / n_images);
    check (entry, values, n, VECTOR_TOLERANCE);
  }
}

static guint64
seed_in (const cJSON *entry, const gchar *name, guint i)
{
  const cJSON *item =
      cJSON_GetArrayItem (cJSON_GetObjectItem (entry, name), (gint)i);

  g_assert_true (cJSON_IsNumber (item));
  return (guint64)item->valuedouble;
}

static void
read_image_options (const cJSON *entry, PmtImageNoiseOptions *options)
{
  options->kind =
      g_str_equal (text (entry, "source"), "NV") ? PMT_NOISE_NV : PMT_NOISE_CPU;
  options->channels = (gint)shape (entry, 1);
  options->height = (gint)shape (entry, 2);
  options->width = (gint)shape (entry, 3);
  if (cJSON_HasObjectItem (entry, "subseed_strength"))
    options->subseed_strength = number (entry, "subseed_strength");
  if (cJSON_HasObjectItem (entry, "eta_noise_seed_delta"))
    options->eta_delta = (gint64)number (entry, "eta_noise_seed_delta");
  if (cJSON_HasObjectItem (entry, "seed_resize_from_h"))
    {
      options->resize_height = (gint)number (entry, "seed_resize_from_h") / 8;
      options->resize_width = (gint)number (entry, "seed_resize_from_w") / 8;
    }
}

/* The images of @entry from @first on, @n_images of them, in one go. */
static void
draw_images (const cJSON *entry, guint first, guint n_images, gfloat *values)
{
  PmtImageNoiseOptions options = PMT_IMAGE_NOISE_OPTIONS_INIT;
  g_autoptr (PmtImageNoise) noise = NULL;

  read_image_options (entry, &options);
  options.n_images = n_images;
  options.seed = seed_in (entry, "seeds", first);
  if (options.subseed_strength != 0.0)
    options.subseed = seed_in (entry, "subseeds", first);
  noise = pmt_image_noise_new (&options);
  for (gint k = 0; k <= (gint)number (entry, "call"); k++)
    pmt_image_noise_next (noise, values);
}

static gboolean
is_counted_up (const cJSON *entry, const gchar *name, guint n)
{
  if (!cJSON_HasObjectItem (entry, name))
    return TRUE;
  for (guint i = 1; i < n; i++)
    if (seed_in (entry, name, i) != seed_in (entry, name, 0) + i)
      return FALSE;
  return TRUE;
}

static void
test_a1111 (void)
{
  const cJSON *entry;

  cJSON_ArrayForEach (entry,
                      cJSON_GetObjectItem (data.index, "a1111_image_rng"))
  {
    guint n_images = (guint)shape (entry, 0);
    gsize n = (gsize)number (entry, "numel");
    g_autofree gfloat *values = g_new (gfloat, n);

    for (guint i = 0; i < n_images; i++)
      draw_images (entry, i, 1, values + i * (n / n_images));
    check (entry, values, n, VECTOR_TOLERANCE);
    if (!is_counted_up (entry, "seeds", n_images)
        || !is_counted_up (entry, "subseeds", n_images))
      continue;
    draw_images (entry, 0, n_images, values);
    check (entry, values, n, VECTOR_TOLERANCE);
  }
}

static void
check_slerp (const gchar *name, const gchar *group)
{
  g_autofree gchar *low_name = g_strconcat (group, ".low", NULL);
  g_autofree gchar *high_name = g_strconcat (group, ".high", NULL);
  gsize n;
  g_autofree gfloat *low = golden_floats (data.weights, &n, "%s", low_name);
  g_autofree gfloat *high = golden_floats (data.weights, &n, "%s", high_name);
  g_autofree gfloat *wanted = golden_floats (data.weights, &n, "%s", name);
  g_autofree gfloat *made = g_new (gfloat, n);
  gdouble t = g_ascii_strtod (strstr (name, ".out") + 4, NULL);

  pmt_slerp (t, low, high, (gint)golden_dim (data.weights, name, 0),
             (gint)golden_dim (data.weights, name, 1),
             (gint)golden_dim (data.weights, name, 2), made);
  golden_compare (name, made, wanted, n, VECTOR_TOLERANCE);
  mark (name);
  mark (low_name);
  mark (high_name);
}

static void
test_slerp (void)
{
  for (guint i = 0; i < pmt_weights_get_n (data.weights); i++)
    {
      const gchar *name = pmt_weights_get (data.weights, i)->name;
      g_autofree gchar *group = NULL;

      if (!g_str_has_prefix (name, "slerp") || !strstr (name, ".out"))
        continue;
      group = g_strndup (name, (gsize)(strstr (name, ".out") - name));
      check_slerp (name, group);
    }
}

/* Nothing is left out in silence. */
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
add (void)
{
  data.weights = golden_open ("rng/rng.safetensors");
  data.index = golden_json ("rng/rng.json");
  data.seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_test_add_func ("/golden/noise/cpu", test_cpu);
  g_test_add_func ("/golden/noise/twister", test_twister);
  g_test_add_func ("/golden/noise/uniform-and-half", test_uniform_and_half);
  g_test_add_func ("/golden/noise/nv", test_nv);
  g_test_add_func ("/golden/noise/comfyui", test_comfyui);
  g_test_add_func ("/golden/noise/a1111", test_a1111);
  g_test_add_func ("/golden/noise/slerp", test_slerp);
  g_test_add_func ("/golden/noise/complete", test_complete);
}

int
main (int argc, char **argv)
{
  int status = golden_main (argc, argv, add);

  g_clear_pointer (&data.weights, pmt_weights_unref);
  g_clear_pointer (&data.index, cJSON_Delete);
  g_clear_pointer (&data.seen, g_hash_table_unref);
  return status;
}
