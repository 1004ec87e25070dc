/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* test-store.c: what is open stays open for the next run, and no longer. */
#include "golden.h"

#include "diffusion/store.h"

static PmtCheckpoint *
open_checkpoint (PmtStore *store)
{
  g_autofree gchar *path = golden_path ("checkpoints/sd15_tiny.safetensors");
  g_autoptr (GError) error = NULL;
  PmtCheckpoint *checkpoint = pmt_store_get_checkpoint (store, path, &error);

  g_assert_no_error (error);
  return checkpoint;
}

static PmtSettings
new_settings (void)
{
  PmtSettings settings = { .mode = PMT_NET_LOW };

  settings.loras = g_array_new (FALSE, FALSE, sizeof (PmtLoraName));
  return settings;
}

static PmtUnet *
get_unet (PmtStore *store,
          PmtCheckpoint *checkpoint,
          const PmtSettings *settings)
{
  const PmtJob job = { .threads = 1 };
  g_autoptr (GError) error = NULL;
  PmtUnet *unet =
      pmt_store_get_unet (store, checkpoint, settings, &job, &error);

  g_assert_no_error (error);
  return unet;
}

/* The same networks again, others for other settings. */
static void
test_warm (void)
{
  g_autoptr (PmtStore) store = pmt_store_new (NULL);
  g_autoptr (PmtCheckpoint) one = open_checkpoint (store);
  g_autoptr (PmtCheckpoint) two = open_checkpoint (store);
  PmtSettings settings = new_settings ();
  g_autoptr (PmtUnet) first = get_unet (store, one, &settings);
  g_autoptr (PmtUnet) again = get_unet (store, two, &settings);
  g_autoptr (PmtUnet) seamless = NULL;
  g_autoptr (PmtUnet) anew = NULL;

  g_assert_true (one == two);
  g_assert_true (first == again);
  settings.is_seamless = TRUE;
  seamless = get_unet (store, one, &settings);
  g_assert_true (seamless != first);
  settings.is_seamless = FALSE;
  pmt_store_drop_unets (store);
  anew = get_unet (store, one, &settings);
  g_assert_true (anew != first);
  pmt_settings_clear (&settings);
}

/* More of them than are kept: the first to go is the one that was not used
 * for longest. */
static void
test_oldest (void)
{
  g_autoptr (PmtStore) store = pmt_store_new (NULL);
  g_autoptr (PmtCheckpoint) checkpoint = open_checkpoint (store);
  PmtSettings settings = new_settings ();
  g_autoptr (PmtUnet) used = get_unet (store, checkpoint, &settings);
  g_autoptr (PmtUnet) forgotten = NULL;

  settings.is_seamless = TRUE;
  forgotten = get_unet (store, checkpoint, &settings);
  for (gint threads = 2; threads < 12; threads++)
    {
      const PmtJob job = { .threads = threads };
      g_autoptr (GError) error = NULL;
      g_autoptr (PmtVae) vae = NULL;
      g_autoptr (PmtUnet) again = NULL;

      settings.is_seamless = FALSE;
      vae = pmt_store_get_vae (store, checkpoint, &settings, &job, &error);
      g_assert_no_error (error);
      again = get_unet (store, checkpoint, &settings);
      g_assert_true (again == used);
    }
  settings.is_seamless = TRUE;
  {
    g_autoptr (PmtUnet) other = get_unet (store, checkpoint, &settings);

    g_assert_true (other != forgotten);
  }
  pmt_settings_clear (&settings);
}

static void
add (void)
{
  g_test_add_func ("/golden/store/warm", test_warm);
  g_test_add_func ("/golden/store/oldest", test_oldest);
}

int
main (int argc, char **argv)
{
  return golden_main (argc, argv, add);
}
