/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* test-unet.c: the UNets of the checkpoints against reference outputs. */
#include "golden.h"

#include "diffusion/unet.h"

#define TOLERANCE 1e-4

static const gchar *const times[] = { "1", "500", "999", "333.25" };

static PmtCheckpoint *
open_checkpoint (const gchar *name)
{
  g_autofree gchar *file = golden_path ("checkpoints/%s.safetensors", name);
  g_autofree gchar *folder = golden_path ("checkpoints/%s", name);
  g_autoptr (GError) error = NULL;
  PmtCheckpoint *checkpoint = pmt_checkpoint_open (
      g_file_test (file, G_FILE_TEST_EXISTS) ? file : folder, &error);

  g_assert_no_error (error);
  return checkpoint;
}

static void
compare (PmtUnet *unet,
         PmtWeights *outputs,
         const gchar *name,
         const gchar *size,
         const gchar *time,
         const PmtUnetInput *input)
{
  g_autofree gchar *what = g_strdup_printf ("%s.unet.%s.t%s", name, size, time);
  g_autofree gfloat *wanted = NULL;
  g_autofree gfloat *made = NULL;
  g_autoptr (GError) error = NULL;
  gsize n;

  if (!golden_has (outputs, "unet.%s.t%s", size, time))
    return;
  wanted = golden_floats (outputs, &n, "unet.%s.t%s", size, time);
  made = g_new (gfloat, n);
  pmt_unet_run (unet, input, made, NULL, &error);
  g_assert_no_error (error);
  golden_compare (what, made, wanted, n, TOLERANCE);
}

/* [pooled, sinusoids of the six sizes]. */
static gfloat *
make_vector (PmtWeights *outputs, const gchar *size, const PmtUnetShape *shape)
{
  gfloat *vector = g_new (gfloat, shape->vector);
  g_autofree gfloat *pooled = NULL;
  g_autofree gfloat *ids = NULL;
  gsize n_pooled, n_ids;

  pooled = golden_floats (outputs, &n_pooled, "unet.pooled");
  ids = golden_floats (outputs, &n_ids, "unet.%s.time_ids", size);
  g_assert_cmpuint (n_pooled + n_ids * (gsize)shape->time_id_width, ==,
                    shape->vector);
  pmt_unet_fill_vector (shape, pooled, ids, vector);
  return vector;
}

static void
run_size (PmtUnet *unet,
          PmtWeights *outputs,
          const PmtUnetShape *shape,
          const gchar *name,
          const gchar *size)
{
  g_autofree gchar *key = g_strdup_printf ("unet.%s.x", size);
  g_autofree gfloat *x = golden_floats (outputs, NULL, "%s", key);
  g_autofree gfloat *context = golden_floats (outputs, NULL, "unet.context");
  g_autofree gfloat *vector =
      shape->vector > 0 ? make_vector (outputs, size, shape) : NULL;
  PmtUnetInput input = {
    (gint)golden_dim (outputs, key, 0),
    (gint)golden_dim (outputs, key, 2),
    (gint)golden_dim (outputs, key, 3),
    x,
    0,
    context,
    (gint)golden_dim (outputs, "unet.context", 1),
    vector,
  };

  for (guint i = 0; i < G_N_ELEMENTS (times); i++)
    {
      input.timestep = g_ascii_strtod (times[i], NULL);
      compare (unet, outputs, name, size, times[i], &input);
    }
}

static void
run_mode (const gchar *name, PmtNetMode mode)
{
  g_autoptr (PmtCheckpoint) checkpoint = open_checkpoint (name);
  g_autoptr (PmtWeights) outputs = golden_open ("outputs/%s.safetensors", name);
  PmtNetOptions options = PMT_NET_OPTIONS_INIT;
  g_autoptr (GError) error = NULL;
  g_autoptr (PmtUnet) unet = NULL;

  options.mode = mode;
  options.threads = 2;
  unet = pmt_unet_open (checkpoint, &options, &error);
  g_assert_no_error (error);
  g_assert_cmpint (pmt_unet_is_fast (unet), ==, mode == PMT_NET_FAST);
  run_size (unet, outputs, &checkpoint->unet_shape, name, "sq");
  run_size (unet, outputs, &checkpoint->unet_shape, name, "ns");
}

static void
test_low (gconstpointer name)
{
  run_mode (name, PMT_NET_LOW);
}

static void
test_fast (gconstpointer name)
{
  run_mode (name, PMT_NET_FAST);
}

/* Every checkpoint with outputs of a UNet. */
static void
add (void)
{
  g_autofree gchar *folder = golden_path ("outputs");
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const gchar *file;

  while (dir != NULL && (file = g_dir_read_name (dir)) != NULL)
    {
      g_autoptr (PmtWeights) outputs = NULL;
      g_autofree gchar *name = NULL;
      g_autofree gchar *low = NULL;
      g_autofree gchar *fast = NULL;

      if (!g_str_has_suffix (file, ".safetensors"))
        continue;
      outputs = golden_open ("outputs/%s", file);
      if (!golden_has (outputs, "unet.context"))
        continue;
      name = g_strndup (file, strlen (file) - strlen (".safetensors"));
      low = g_strdup_printf ("/golden/unet/%s/low", name);
      fast = g_strdup_printf ("/golden/unet/%s/fast", name);
      g_test_add_data_func_full (low, g_strdup (name), test_low, g_free);
      g_test_add_data_func_full (fast, g_strdup (name), test_fast, g_free);
    }
}

int
main (int argc, char **argv)
{
  return golden_main (argc, argv, add);
}
