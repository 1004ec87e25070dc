/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* test-golden-vae.c: autoencoders against those of Diffusers. */
#include "diffusion/vae.h"
#include "golden.h"

#define TOLERANCE 1e-4

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
  g_test_add_func ("/golden/vae/tiny", test_tiny);
}

int
main (int argc, char **argv)
{
  return golden_main (argc, argv, add);
}
