/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* test-golden-weights.c: every .safetensors file of the folder opens, and the
 * numbers of those with a description are there. */
#include "golden.h"

static guint
walk (const gchar *folder)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) dir = g_dir_open (folder, 0, &error);
  const gchar *name;
  guint count = 0;

  g_assert_no_error (error);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree gchar *path = g_build_filename (folder, name, NULL);
      g_autoptr (PmtWeights) weights = NULL;

      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        count += walk (path);
      if (!g_str_has_suffix (name, ".safetensors"))
        continue;
      weights = pmt_weights_open (path, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (pmt_weights_get_n (weights), >, 0);
      g_assert_true (pmt_weights_check (weights, &error));
      count++;
    }
  return count;
}

static void
test_open_all (void)
{
  g_autofree gchar *folder = golden_path (".");

  g_assert_cmpuint (walk (folder), >=, 10);
}

static void
test_shapes (void)
{
  g_autoptr (PmtWeights) weights = golden_open ("rng/rng.safetensors");
  g_autoptr (cJSON) index = golden_json ("rng/rng.json");

  g_assert_true (cJSON_IsObject (index) || cJSON_IsArray (index));
  for (guint i = 0; i < pmt_weights_get_n (weights); i++)
    {
      const PmtWeight *weight = pmt_weights_get (weights, i);
      gsize n;

      if (weight->type == PMT_WEIGHT_INT64)
        g_free (golden_ints (weights, &n, "%s", weight->name));
      else
        g_free (golden_floats (weights, &n, "%s", weight->name));
      g_assert_cmpuint (n, ==, pmt_weight_count (weight));
    }
}

static void
test_pickle (void)
{
  g_autofree gchar *path = golden_path ("checkpoints/embeddings/sd15_emb.pt");
  g_autoptr (GError) error = NULL;

  g_assert_null (pmt_weights_open (path, &error));
  g_assert_error (error, PMT_ERROR, PMT_ERROR_UNSUPPORTED);
  g_assert_nonnull (strstr (error->message, "sd15_emb.pt"));
}

static void
add (void)
{
  g_test_add_func ("/golden/weights/open-all", test_open_all);
  g_test_add_func ("/golden/weights/shapes", test_shapes);
  g_test_add_func ("/golden/weights/pickle", test_pickle);
}

int
main (int argc, char **argv)
{
  return golden_main (argc, argv, add);
}
