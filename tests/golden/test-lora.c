/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* test-lora.c: UNets with LoRAs against reference outputs, and which LoRAs
 * fit which checkpoints. */
#include "golden.h"

#include <string.h>

#include "diffusion/lora-private.h"
#include "diffusion/unet-private.h"

#define TOLERANCE 1e-4

static PmtLora *
open_lora (const gchar *file)
{
  g_autofree gchar *path = golden_path ("checkpoints/lora/%s", file);
  g_autoptr (GError) error = NULL;
  PmtLora *lora = pmt_lora_open (path, &error);

  g_assert_no_error (error);
  return lora;
}

static PmtCheckpoint *
open_checkpoint (const gchar *name)
{
  g_autofree gchar *path = golden_path ("checkpoints/%s.safetensors", name);
  g_autoptr (GError) error = NULL;
  PmtCheckpoint *checkpoint = pmt_checkpoint_open (path, &error);

  g_assert_no_error (error);
  return checkpoint;
}

/* A pipeline with a LoRA, as the description of the outputs has it. */
typedef struct
{
  gchar *name;
  gchar *file;
  gchar *tag; /* without the strength */
  gfloat strength;
  PmtNetMode mode;
} Item;

static void
item_free (gpointer data)
{
  Item *item = data;

  g_free (item->name);
  g_free (item->file);
  g_free (item->tag);
  g_free (item);
}

/* lora_TAG.unet.sq.t500: of unet.sq.x and unet.context, strength as the
 * pipeline's. */
static void
test_unet (gconstpointer data)
{
  const Item *item = data;
  g_autoptr (PmtCheckpoint) checkpoint = open_checkpoint (item->name);
  g_autoptr (PmtWeights) outputs =
      golden_open ("outputs/%s.safetensors", item->name);
  g_autofree gfloat *x = golden_floats (outputs, NULL, "unet.sq.x");
  g_autofree gfloat *context = golden_floats (outputs, NULL, "unet.context");
  g_autoptr (PmtLora) lora = open_lora (item->file);
  const PmtLoraUse use = { lora, item->strength, item->strength };
  PmtNetOptions options = PMT_NET_OPTIONS_INIT;
  g_autoptr (GError) error = NULL;
  g_autoptr (PmtUnet) unet = NULL;
  g_autofree gfloat *wanted = NULL;
  g_autofree gfloat *made = NULL;
  gsize n;
  PmtUnetInput input = {
    1,
    (gint)golden_dim (outputs, "unet.sq.x", 2),
    (gint)golden_dim (outputs, "unet.sq.x", 3),
    x,
    500,
    context,
    (gint)golden_dim (outputs, "unet.context", 1),
  };

  g_assert_true (pmt_lora_check (lora, checkpoint, &error));
  options.mode = item->mode;
  options.loras = &use;
  options.n_loras = 1;
  unet = pmt_unet_open (checkpoint, &options, &error);
  g_assert_no_error (error);
  wanted = golden_floats (outputs, &n, "%s.unet.sq.t500", item->tag);
  made = g_new (gfloat, n);
  pmt_unet_run (unet, &input, made, NULL, &error);
  g_assert_no_error (error);
  golden_compare (item->tag, made, wanted, n, TOLERANCE);
}

/* Each file of the folder fits the checkpoints of one family only. */
static void
test_fits (void)
{
  g_autofree gchar *folder = golden_path ("checkpoints/lora");
  g_autofree gchar *checkpoints = golden_path ("checkpoints");
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const gchar *file;
  guint n = 0;

  while (dir != NULL && (file = g_dir_read_name (dir)) != NULL)
    {
      const gboolean is_xl = g_str_has_prefix (file, "sdxl");
      g_autoptr (PmtLora) lora = NULL;
      g_autoptr (GDir) models = g_dir_open (checkpoints, 0, NULL);
      const gchar *model;

      if (!g_str_has_suffix (file, ".safetensors"))
        continue;
      lora = open_lora (file);
      while ((model = g_dir_read_name (models)) != NULL)
        {
          g_autoptr (PmtCheckpoint) checkpoint = NULL;
          g_autoptr (GError) error = NULL;
          g_autofree gchar *name = NULL;

          if (!g_str_has_suffix (model, ".safetensors"))
            continue;
          name = g_strndup (model, strlen (model) - strlen (".safetensors"));
          checkpoint = open_checkpoint (name);
          if (is_xl == (checkpoint->family == PMT_FAMILY_SDXL))
            continue;
          n++;
          g_assert_false (pmt_lora_check (lora, checkpoint, &error));
          g_assert_error (error, PMT_ERROR, PMT_ERROR_MODEL);
          g_test_message ("%s", error->message);
        }
    }
  g_assert_cmpuint (n, >, 0);
}

/* Every module of a LoRA for the UNet is used where the families agree. */
static void
test_all_used (void)
{
  g_autofree gchar *folder = golden_path ("checkpoints/lora");
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const gchar *file;
  guint n = 0;

  while (dir != NULL && (file = g_dir_read_name (dir)) != NULL)
    {
      const gboolean is_xl = g_str_has_prefix (file, "sdxl");
      g_autoptr (PmtCheckpoint) checkpoint = NULL;
      g_autoptr (PmtLora) lora = NULL;
      g_autoptr (PmtBuilder) builder = NULL;
      PmtLoraUse use = { NULL, 1, 1 };
      PmtNetOptions options = PMT_NET_OPTIONS_INIT;
      const GPtrArray *modules;
      guint wanted = 0;

      if (!g_str_has_suffix (file, ".safetensors"))
        continue;
      checkpoint = open_checkpoint (is_xl ? "sdxl_tiny" : "sd15_tiny");
      lora = use.lora = open_lora (file);
      options.loras = &use;
      options.n_loras = 1;
      modules = pmt_lora_get_modules (lora);
      for (guint i = 0; i < modules->len; i++)
        if (g_str_has_prefix (((PmtLoraModule *)modules->pdata[i])->name,
                              "unet "))
          wanted++;
      builder =
          pmt_builder_new (PMT_NET_UNET, &checkpoint->unet, &options, FALSE);
      pmt_unet_build (builder, &checkpoint->unet_shape,
                      checkpoint->unet.layout);
      g_assert_cmpuint (pmt_builder_count_changes (builder), ==, wanted);
      g_assert_cmpuint (pmt_builder_count_misfits (builder), ==, 0);
      n++;
    }
  g_assert_cmpuint (n, >, 0);
}

/* W += strength * alpha / rank * up * down: @strength 1 and -1 of the same
 * LoRA together leave the weights as they were. */
static void
test_opposite (gconstpointer data)
{
  const Item *item = data;
  g_autoptr (PmtCheckpoint) checkpoint = open_checkpoint (item->name);
  g_autoptr (PmtWeights) outputs =
      golden_open ("outputs/%s.safetensors", item->name);
  g_autofree gfloat *x = golden_floats (outputs, NULL, "unet.sq.x");
  g_autofree gfloat *context = golden_floats (outputs, NULL, "unet.context");
  g_autoptr (PmtLora) lora = open_lora (item->file);
  const PmtLoraUse uses[] = { { lora, 0.5f, 1 }, { lora, -0.5f, 1 } };
  PmtNetOptions options = PMT_NET_OPTIONS_INIT;
  g_autoptr (GError) error = NULL;
  g_autoptr (PmtUnet) unet = NULL;
  g_autofree gfloat *wanted = NULL;
  g_autofree gfloat *made = NULL;
  gsize n;
  PmtUnetInput input = {
    1,
    (gint)golden_dim (outputs, "unet.sq.x", 2),
    (gint)golden_dim (outputs, "unet.sq.x", 3),
    x,
    500,
    context,
    (gint)golden_dim (outputs, "unet.context", 1),
  };

  options.mode = item->mode;
  options.loras = uses;
  options.n_loras = 2;
  unet = pmt_unet_open (checkpoint, &options, &error);
  g_assert_no_error (error);
  wanted = golden_floats (outputs, &n, "unet.sq.t500");
  made = g_new (gfloat, n);
  pmt_unet_run (unet, &input, made, NULL, &error);
  g_assert_no_error (error);
  golden_compare (item->tag, made, wanted, n, TOLERANCE);
}

static void
add_item (const gchar *name, const cJSON *pipeline)
{
  const cJSON *file = cJSON_GetObjectItem (pipeline, "lora");
  const cJSON *scale = cJSON_GetObjectItem (pipeline, "lora_scale");
  const cJSON *tag = cJSON_GetObjectItem (pipeline, "tag");
  g_autoptr (PmtWeights) outputs = NULL;

  if (!cJSON_IsString (file) || !cJSON_IsNumber (scale)
      || !cJSON_IsString (tag))
    return;
  outputs = golden_open ("outputs/%s.safetensors", name);
  for (PmtNetMode mode = PMT_NET_LOW; mode <= PMT_NET_FAST; mode++)
    {
      Item *item = g_new0 (Item, 1);
      Item *second;
      g_autofree gchar *path = NULL;
      g_autofree gchar *opposite = NULL;

      item->name = g_strdup (name);
      item->file = g_strdup (file->valuestring);
      item->tag = g_strdup (tag->valuestring);
      item->strength = (gfloat)scale->valuedouble;
      item->mode = mode;
      if (strrchr (item->tag, '_') != NULL)
        *strrchr (item->tag, '_') = '\0';
      if (!golden_has (outputs, "%s.unet.sq.t500", item->tag))
        {
          item_free (item);
          return;
        }
      second = g_memdup2 (item, sizeof *item);
      second->name = g_strdup (item->name);
      second->file = g_strdup (item->file);
      second->tag = g_strdup (item->tag);
      path = g_strdup_printf ("/golden/lora/%s/%s/%s", name, item->tag,
                              mode == PMT_NET_FAST ? "fast" : "low");
      opposite = g_strdup_printf ("%s/opposite", path);
      g_test_add_data_func_full (path, item, test_unet, item_free);
      g_test_add_data_func_full (opposite, second, test_opposite, item_free);
    }
}

static void
add (void)
{
  g_autofree gchar *folder = golden_path ("outputs");
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const gchar *file;

  g_test_add_func ("/golden/lora/fits", test_fits);
  g_test_add_func ("/golden/lora/all-used", test_all_used);
  while (dir != NULL && (file = g_dir_read_name (dir)) != NULL)
    {
      g_autoptr (cJSON) root = NULL;
      g_autofree gchar *name = NULL;
      const cJSON *pipeline;

      if (!g_str_has_suffix (file, ".json"))
        continue;
      root = golden_json ("outputs/%s", file);
      name = g_strndup (file, strlen (file) - strlen (".json"));
      cJSON_ArrayForEach (pipeline, cJSON_GetObjectItem (root, "pipelines"))
          add_item (name, pipeline);
    }
}

int
main (int argc, char **argv)
{
  return golden_main (argc, argv, add);
}
