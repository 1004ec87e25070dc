/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* test-vae.c: autoencoders in tiles, and what goes wrong with them. */
#include "config.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "diffusion/vae.h"
#include "tiny-file.h"

#define CHANNELS 4
#define FACTOR 2

/* In latent pixels; no multiples of anything. */
#define HEIGHT 71
#define WIDTH 53

/* Enough for tiles, and not for the whole. */
#define LITTLE ((guint64)1 << 20)

typedef struct
{
  gchar *folder;
  gchar *path;
} Place;

static void
set_up (Place *place, gconstpointer data)
{
  g_autoptr (TinyFile) file = tiny_file_new ();
  g_autoptr (GError) error = NULL;

  place->folder = g_dir_make_tmp ("pentimento-XXXXXX", &error);
  g_assert_no_error (error);
  place->path = g_build_filename (place->folder, "tiny.safetensors", NULL);
  tiny_file_add_tiny_vae (file);
  tiny_file_write (file, place->path);
}

static void
tear_down (Place *place, gconstpointer data)
{
  g_unlink (place->path);
  g_rmdir (place->folder);
  g_free (place->path);
  g_free (place->folder);
}

static PmtVae *
open_vae (Place *place, guint64 memory, gboolean is_seamless)
{
  PmtNetOptions options = PMT_NET_OPTIONS_INIT;
  g_autoptr (GError) error = NULL;
  PmtVae *vae;

  options.memory = memory;
  options.is_seamless = is_seamless;
  vae = pmt_vae_open_tiny (place->path, &options, &error);
  g_assert_no_error (error);
  g_assert_cmpint (pmt_vae_get_factor (vae), ==, FACTOR);
  g_assert_cmpint (pmt_vae_get_channels (vae), ==, CHANNELS);
  return vae;
}

/* (transfer full): [@channels, @height, @width], shifted around by @shift. */
static gfloat *
make_values (gint channels, gint height, gint width, gint shift)
{
  gfloat *values = g_new (gfloat, (gsize)(channels * height * width));

  for (gint c = 0; c < channels; c++)
    for (gint y = 0; y < height; y++)
      for (gint x = 0; x < width; x++)
        values[(c * height + y) * width + x] =
            sinf ((gfloat)((y * 31 + (x + shift) % width * 17 + c * 5) % 101));
  return values;
}

typedef struct
{
  guint n_calls;
  gdouble last;
} Progress;

static void
note (gdouble fraction, gpointer data)
{
  Progress *progress = data;

  g_assert_cmpfloat (fraction, >, progress->last);
  g_assert_cmpfloat (fraction, <=, 1);
  progress->last = fraction;
  progress->n_calls++;
}

/* (transfer full): the picture; @n_calls: (out): of the progress: tiles. */
static gfloat *
decode (PmtVae *vae, const gfloat *latent, guint *n_calls)
{
  gfloat *image = g_new (gfloat, 3 * HEIGHT * WIDTH * FACTOR * FACTOR);
  g_autoptr (GError) error = NULL;
  Progress progress = { 0 };

  pmt_vae_decode (vae, latent, HEIGHT, WIDTH, image, note, &progress, NULL,
                  &error);
  g_assert_no_error (error);
  g_assert_cmpfloat (progress.last, ==, 1);
  *n_calls = progress.n_calls;
  return image;
}

static gfloat *
encode (PmtVae *vae, const gfloat *image, guint *n_calls)
{
  gfloat *latent = g_new (gfloat, CHANNELS * HEIGHT * WIDTH);
  g_autoptr (GError) error = NULL;
  Progress progress = { 0 };

  pmt_vae_encode (vae, image, HEIGHT * FACTOR, WIDTH * FACTOR, latent, NULL,
                  note, &progress, NULL, &error);
  g_assert_no_error (error);
  *n_calls = progress.n_calls;
  return latent;
}

static void
assert_same (const gfloat *a, const gfloat *b, gsize n)
{
  for (gsize i = 0; i < n; i++)
    g_assert_cmpfloat_with_epsilon ((gdouble)a[i], (gdouble)b[i], 1e-5);
}

static void
test_tiles (Place *place, gconstpointer data)
{
  const gboolean is_seamless = GPOINTER_TO_INT (data);
  g_autoptr (PmtVae) all = open_vae (place, 0, is_seamless);
  g_autoptr (PmtVae) tiled = open_vae (place, LITTLE, is_seamless);
  g_autofree gfloat *latent = make_values (CHANNELS, HEIGHT, WIDTH, 0);
  g_autofree gfloat *picture =
      make_values (3, HEIGHT * FACTOR, WIDTH * FACTOR, 0);
  guint n_all;
  guint n_tiles;
  g_autofree gfloat *image = decode (all, latent, &n_all);
  g_autofree gfloat *image_tiled = decode (tiled, latent, &n_tiles);
  g_autofree gfloat *mean = NULL;
  g_autofree gfloat *mean_tiled = NULL;

  g_assert_cmpuint (n_all, ==, 1);
  g_assert_cmpuint (n_tiles, >=, 4);
  assert_same (image, image_tiled, 3 * HEIGHT * WIDTH * FACTOR * FACTOR);
  mean = encode (all, picture, &n_all);
  mean_tiled = encode (tiled, picture, &n_tiles);
  g_assert_cmpuint (n_tiles, >=, 4);
  assert_same (mean, mean_tiled, CHANNELS * HEIGHT * WIDTH);
}

/* A seamless picture has no edge: it may be moved around. */
static void
test_seamless (Place *place, gconstpointer data)
{
  const gint shift = 20;
  g_autoptr (PmtVae) vae = open_vae (place, LITTLE, TRUE);
  g_autofree gfloat *latent = make_values (CHANNELS, HEIGHT, WIDTH, 0);
  g_autofree gfloat *moved = make_values (CHANNELS, HEIGHT, WIDTH, shift);
  guint n;
  g_autofree gfloat *image = decode (vae, latent, &n);
  g_autofree gfloat *image_moved = decode (vae, moved, &n);
  const gint width = WIDTH * FACTOR;

  for (gint y = 0; y < 3 * HEIGHT * FACTOR; y++)
    for (gint x = 0; x < width; x++)
      g_assert_cmpfloat_with_epsilon (
          (gdouble)image_moved[y * width + x],
          (gdouble)image[y * width + (x + shift * FACTOR) % width], 1e-5);
}

static void
test_memory (Place *place, gconstpointer data)
{
  g_autoptr (PmtVae) vae = open_vae (place, 100000, FALSE);
  g_autofree gfloat *latent = make_values (CHANNELS, HEIGHT, WIDTH, 0);
  g_autofree gfloat *image =
      g_new (gfloat, 3 * HEIGHT * WIDTH * FACTOR * FACTOR);
  g_autoptr (GError) error = NULL;

  g_assert_false (pmt_vae_decode (vae, latent, HEIGHT, WIDTH, image, NULL, NULL,
                                  NULL, &error));
  g_assert_error (error, PMT_ERROR, PMT_ERROR_MEMORY);
  g_assert_nonnull (strstr (error->message, "tiny.safetensors"));
}

static void
stop (gdouble fraction, gpointer data)
{
  g_cancellable_cancel (data);
}

static void
test_cancel (Place *place, gconstpointer data)
{
  g_autoptr (PmtVae) vae = open_vae (place, LITTLE, FALSE);
  g_autofree gfloat *latent = make_values (CHANNELS, HEIGHT, WIDTH, 0);
  g_autofree gfloat *image =
      g_new (gfloat, 3 * HEIGHT * WIDTH * FACTOR * FACTOR);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_assert_false (pmt_vae_decode (vae, latent, HEIGHT, WIDTH, image, stop,
                                  cancellable, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
assert_not_tiny (Place *place, TinyFile *file, const gchar *text)
{
  const PmtNetOptions options = PMT_NET_OPTIONS_INIT;
  g_autoptr (GError) error = NULL;

  tiny_file_write (file, place->path);
  g_assert_null (pmt_vae_open_tiny (place->path, &options, &error));
  g_assert_error (error, PMT_ERROR, PMT_ERROR_UNSUPPORTED);
  g_assert_nonnull (strstr (error->message, text));
}

static void
test_not_tiny (Place *place, gconstpointer data)
{
  g_autoptr (TinyFile) file = tiny_file_new ();

  tiny_file_add (file, "F32", "something", TINY_DIMS (2));
  assert_not_tiny (place, file, "tiny.safetensors");
  tiny_file_add_tiny_vae (file);
  tiny_file_add (file, "F32", "decoder.layers.6.weight",
                 TINY_DIMS (5, 8, 3, 3));
  assert_not_tiny (place, file, "TAESD");
}

/* A convolution between others that fits none of them. */
static void
test_wrong_weights (Place *place, gconstpointer data)
{
  g_autoptr (TinyFile) file = tiny_file_new ();
  g_autoptr (PmtVae) vae = NULL;
  g_autofree gfloat *latent = make_values (CHANNELS, HEIGHT, WIDTH, 0);
  g_autofree gfloat *image =
      g_new (gfloat, 3 * HEIGHT * WIDTH * FACTOR * FACTOR);
  g_autoptr (GError) error = NULL;

  tiny_file_add_tiny_vae (file);
  tiny_file_add (file, "F32", "decoder.layers.0.bias", TINY_DIMS (9));
  tiny_file_remove (file, "encoder.layers.4.bias");
  tiny_file_write (file, place->path);
  vae = open_vae (place, 0, FALSE);
  g_assert_false (pmt_vae_decode (vae, latent, HEIGHT, WIDTH, image, NULL, NULL,
                                  NULL, &error));
  g_assert_error (error, PMT_ERROR, PMT_ERROR_MODEL);
  g_assert_nonnull (strstr (error->message, "decoder.layers.0.bias"));
}

static void
test_none (Place *place, gconstpointer data)
{
  const TinyUnet unet = { 4, FALSE, 0 };
  const PmtNetOptions options = PMT_NET_OPTIONS_INIT;
  g_autoptr (TinyFile) file = tiny_file_new ();
  g_autoptr (PmtCheckpoint) checkpoint = NULL;
  g_autoptr (GError) error = NULL;

  tiny_file_add_unet (file, &unet);
  tiny_file_write (file, place->path);
  checkpoint = pmt_checkpoint_open (place->path, &error);
  g_assert_no_error (error);
  g_assert_null (pmt_vae_open (checkpoint, &options, &error));
  g_assert_error (error, PMT_ERROR, PMT_ERROR_MODEL);
  g_clear_error (&error);
  g_assert_null (pmt_checkpoint_open_vae (place->path, &error));
  g_assert_error (error, PMT_ERROR, PMT_ERROR_UNSUPPORTED);
}

#define ADD(name, data, function)                                              \
  g_test_add ("/vae/" name, Place, data, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("tiles", GINT_TO_POINTER (FALSE), test_tiles);
  ADD ("tiles-seamless", GINT_TO_POINTER (TRUE), test_tiles);
  ADD ("seamless", NULL, test_seamless);
  ADD ("memory", NULL, test_memory);
  ADD ("cancel", NULL, test_cancel);
  ADD ("not-tiny", NULL, test_not_tiny);
  ADD ("wrong-weights", NULL, test_wrong_weights);
  ADD ("none", NULL, test_none);
  return g_test_run ();
}
