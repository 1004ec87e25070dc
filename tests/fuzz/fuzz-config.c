/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* fuzz-config.c: any bytes as the config.json of each network, as the
 * scheduler's, and as the file beside a checkpoint. */
#include "config.h"

#include "diffusion/checkpoint-private.h"
#include "fuzz.h"

typedef gboolean (*Reader) (PmtCheckpoint *checkpoint,
                            const PmtConfig *config,
                            GError **error);

static gboolean
describe_text (PmtCheckpoint *checkpoint,
               const PmtConfig *config,
               GError **error)
{
  return pmt_checkpoint_describe_text (checkpoint, 1, config, error)
         && pmt_checkpoint_check_text (checkpoint, 1, error);
}

static gboolean
describe_unet (PmtCheckpoint *checkpoint,
               const PmtConfig *config,
               GError **error)
{
  const PmtUnetShape *shape = &checkpoint->unet_shape;

  if (!pmt_checkpoint_describe_unet (checkpoint, config, error)
      || !pmt_checkpoint_check_unet (checkpoint, error))
    return FALSE;
  g_assert_cmpint (shape->n_levels, <=, PMT_MAX_LEVELS);
  for (gint level = 0; level < shape->n_levels; level++)
    g_assert_cmpint (shape->channels[level] % shape->groups, ==, 0);
  return TRUE;
}

static gboolean
describe_vae (PmtCheckpoint *checkpoint,
              const PmtConfig *config,
              GError **error)
{
  if (!pmt_checkpoint_describe_vae (checkpoint, config, error)
      || !pmt_checkpoint_check_vae (checkpoint, error))
    return FALSE;
  g_assert_cmpfloat (checkpoint->vae_shape.scaling, >, 0);
  return TRUE;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static const Reader readers[] = { describe_unet, describe_vae, describe_text,
                                    pmt_checkpoint_configure_training };
  g_autoptr (cJSON) root =
      pmt_config_parse ("config.json", (const gchar *)data, size, NULL);
  const PmtConfig config = { root, "config.json" };

  for (guint i = 0; root != NULL && i < G_N_ELEMENTS (readers); i++)
    {
      g_autoptr (PmtCheckpoint) checkpoint = pmt_checkpoint_new ("model");
      g_autoptr (GError) error = NULL;
      const gboolean is_read = readers[i](checkpoint, &config, &error);

      g_assert_true (is_read == (error == NULL));
      if (error != NULL)
        g_assert_true (g_utf8_validate (error->message, -1, NULL));
    }
  return 0;
}
