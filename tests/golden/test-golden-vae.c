/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* test-golden-vae.c: autoencoders against those of Diffusers. */
#include <math.h>

#include "diffusion/vae.h"
#include "golden.h"

#define TOLERANCE 1e-4

/* In latent pixels. */
#define TILED_SIDE 40

/* (transfer full): a stored picture as networks take it. */
static gfloat *
read_image (PmtWeights *weights, const gchar *name, gint *height, gint *width)
{
  g_autofree gfloat *bytes = golden_floats (weights, NULL, "%s", name);
  const gsize h = (gsize)golden_dim (weights, name, 0);
  const gsize w = (gsize)golden_dim (weights, name, 1);
  gfloat *image = g_new (gfloat, 3 * h * w);

  for (gsize i = 0; i < h * w; i++)
    for (gsize c = 0; c < 3; c++)
      image[c * h * w + i] = bytes[i * 3 + c] / 127.5f - 1;
  *height = (gint)h;
  *width = (gint)w;
  return image;
}

static void
check_encode (PmtVae *vae, PmtWeights *wanted, const gchar *key)
{
  g_autofree gchar *name = g_strdup_printf ("%s.image_u8", key);
  gint height;
  gint width;
  g_autofree gfloat *image = read_image (wanted, name, &height, &width);
  gsize n;
  g_autofree gfloat *mean = golden_floats (wanted, &n, "%s.enc_mean", key);
  g_autofree gfloat *logvar =
      golden_floats (wanted, &n, "%s.enc_logvar_clamped", key);
  g_autofree gfloat *made_mean = g_new (gfloat, n);
  g_autofree gfloat *made_logvar = g_new (gfloat, n);
  g_autoptr (GError) error = NULL;

  pmt_vae_encode (vae, image, height, width, made_mean, made_logvar, NULL, NULL,
                  NULL, &error);
  g_assert_no_error (error);
  golden_compare (key, made_mean, mean, n, TOLERANCE);
  golden_compare (key, made_logvar, logvar, n, TOLERANCE);
}

static void
check_decode (PmtVae *vae,
              PmtWeights *wanted,
              const gchar *key,
              const gchar *result)
{
  g_autofree gchar *name = g_strdup_printf ("%s.z", key);
  g_autofree gfloat *z = golden_floats (wanted, NULL, "%s", name);
  gsize n;
  g_autofree gfloat *image = golden_floats (wanted, &n, "%s.%s", key, result);
  g_autofree gfloat *made = g_new (gfloat, n);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (pmt_vae_get_channels (vae), ==,
                   golden_dim (wanted, name, 1));
  pmt_vae_decode (vae, z, (gint)golden_dim (wanted, name, 2),
                  (gint)golden_dim (wanted, name, 3), made, NULL, NULL, NULL,
                  &error);
  g_assert_no_error (error);
  golden_compare (key, made, image, n, TOLERANCE);
}

static void
test_checkpoint (gconstpointer data)
{
  static const gchar *const keys[] = { "vae.sq", "vae.ns" };
  const PmtNetOptions options = PMT_NET_OPTIONS_INIT;
  g_autofree gchar *path = golden_path ("checkpoints/%s", (const gchar *)data);
  g_autoptr (GError) error = NULL;
  g_autoptr (PmtCheckpoint) checkpoint = pmt_checkpoint_open (path, &error);
  g_autoptr (PmtWeights) wanted = NULL;
  g_autoptr (PmtVae) vae = NULL;

  g_assert_no_error (error);
  wanted = golden_open ("outputs/%s.safetensors", checkpoint->name);
  vae = pmt_vae_open (checkpoint, &options, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      check_encode (vae, wanted, keys[i]);
      check_decode (vae, wanted, keys[i], "dec");
    }
}

/* In tiles, the norms behind the low resolutions divide by what all tiles
 * found in the round before, which is nearly what they would find in all of
 * the picture. */
static void
check_tiles (PmtVae *whole, PmtVae *tiled)
{
  const gint side = TILED_SIDE;
  const gint factor = pmt_vae_get_factor (whole);
  const gint channels = pmt_vae_get_channels (whole);
  const gsize n_latent = (gsize)(channels * side * side);
  const gsize n = (gsize)(3 * side * factor * side * factor);
  g_autofree gfloat *latent = g_new (gfloat, n_latent);
  g_autofree gfloat *a = g_new (gfloat, n);
  g_autofree gfloat *b = g_new (gfloat, n);
  g_autoptr (GError) error = NULL;
  gdouble sum = 0;

  for (gsize i = 0; i < n_latent; i++)
    latent[i] = (gfloat)(sin ((gdouble)i * 0.17) + cos ((gdouble)i * 0.0113));
  pmt_vae_decode (whole, latent, side, side, a, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  pmt_vae_decode (tiled, latent, side, side, b, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  for (gsize i = 0; i < n; i++)
    sum += fabs ((gdouble)a[i] - (gdouble)b[i]);
  g_test_message ("tiles: mean difference %.3g", sum / (gdouble)n);
  g_assert_cmpfloat (sum, >, 0);
  g_assert_cmpfloat (sum / (gdouble)n, <, 0.015 * golden_max (a, n));
  golden_compare ("tiles", b, a, n, 0.25 * golden_max (a, n));
}

/* As the decoder estimates it: the weights, read and widened, and half of what
 * all of the picture takes. */
static guint64
half_memory (const PmtCheckpoint *checkpoint)
{
  const PmtPart *part = &checkpoint->vae;
  g_autofree gchar *start = g_strconcat (part->prefix, "decoder.", NULL);
  const gint factor = 1 << (checkpoint->vae_shape.n_levels - 1);
  guint64 memory = (guint64)(TILED_SIDE * TILED_SIDE * factor * factor)
                   * (guint64)checkpoint->vae_shape.channels[1] * 20 * 4 / 5;

  for (guint i = 0; i < pmt_weights_get_n (part->weights); i++)
    {
      const PmtWeight *weight = pmt_weights_get (part->weights, i);

      if (g_str_has_prefix (weight->name, start))
        memory += weight->length + 4 * pmt_weight_count (weight);
    }
  return memory;
}

static void
test_tiles (gconstpointer data)
{
  PmtNetOptions options = PMT_NET_OPTIONS_INIT;
  g_autofree gchar *path = golden_path ("checkpoints/%s", (const gchar *)data);
  g_autoptr (GError) error = NULL;
  g_autoptr (PmtCheckpoint) checkpoint = pmt_checkpoint_open (path, &error);
  g_autoptr (PmtVae) whole = NULL;
  g_autoptr (PmtVae) tiled = NULL;

  g_assert_no_error (error);
  options.threads = 2;
  whole = pmt_vae_open (checkpoint, &options, &error);
  options.memory = half_memory (checkpoint);
  tiled = pmt_vae_open (checkpoint, &options, &error);
  g_assert_no_error (error);
  check_tiles (whole, tiled);
}

static void
check_tiny (const gchar *path)
{
  static const gchar *const keys[] = { "sq", "ns" };
  const PmtNetOptions options = PMT_NET_OPTIONS_INIT;
  g_autoptr (PmtWeights) wanted = golden_open ("outputs/taesd.safetensors");
  g_autoptr (GError) error = NULL;
  g_autoptr (PmtVae) vae = pmt_vae_open_tiny (path, &options, &error);

  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      g_autofree gchar *name = g_strdup_printf ("%s.image_u8", keys[i]);
      gint height;
      gint width;
      g_autofree gfloat *image = read_image (wanted, name, &height, &width);
      gsize n;
      g_autofree gfloat *latent =
          golden_floats (wanted, &n, "%s.enc_diffusers", keys[i]);
      g_autofree gfloat *made = g_new (gfloat, n);

      check_decode (vae, wanted, keys[i], "dec_diffusers");
      pmt_vae_encode (vae, image, height, width, made, NULL, NULL, NULL, NULL,
                      &error);
      g_assert_no_error (error);
      golden_compare (path, made, latent, n, TOLERANCE);
    }
}

static void
test_tiny (void)
{
  g_autofree gchar *folder = golden_path ("checkpoints/taesd");
  g_autofree gchar *bare =
      golden_path ("checkpoints/taesd/taesd_decoder.safetensors");

  check_tiny (folder);
  check_tiny (bare);
}

static void
add (void)
{
  golden_add_checkpoints ("/golden/vae", test_checkpoint);
  golden_add_checkpoints ("/golden/vae-tiles", test_tiles);
  g_test_add_func ("/golden/vae/tiny", test_tiny);
}

int
main (int argc, char **argv)
{
  return golden_main (argc, argv, add);
}
