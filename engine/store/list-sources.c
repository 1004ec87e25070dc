/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* list-sources.c: what is in folders of other programs. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "catalog/model-sources.h"
#include "core/backend.h"
#include "diffusion/checkpoint.h"
#include "diffusion/diffusion-backend.h"
#include "store/identify.h"
#include "store/listing.h"

/* Why a checkpoint of another program is no model here. */
static void
explain (PmtStoreListing *list, const PmtStoreItem *item)
{
  PmtBackend *backend = pmt_engine_find_backend (list->engine, "diffusion");
  g_autoptr (PmtCheckpoint) checkpoint = NULL;
  g_autoptr (GError) error = NULL;

  if (item->model != NULL || !g_str_equal (item->kind, "checkpoints"))
    return;
  /* What came after models were looked for is opened. */
  if (backend == NULL
      || pmt_diffusion_backend_explain (backend, item->path, &error))
    checkpoint = pmt_checkpoint_open (item->path, &error);
  if (checkpoint == NULL)
    pmt_problems_add (list->problems, error->code, item->path, "%s",
                      error->message);
}

static void
add_external (PmtStoreListing *list,
              const gchar *source,
              const gchar *kind,
              const gchar *family,
              const gchar *path)
{
  g_autofree gchar *shown = g_filename_display_name (path);
  PmtStoreItem *item =
      pmt_store_list_file (list, shown, kind, path, PMT_STORE_EXTERNAL);

  item->source = g_strdup (source);
  if (*item->family == '\0')
    {
      g_free (item->family);
      item->family = g_strdup (family);
    }
  explain (list, item);
}

static void
add_plain_source (PmtStoreListing *list, const gchar *source)
{
  g_autoptr (GPtrArray) paths = pmt_model_walk (
      source, PMT_MODEL_WALK_NETS | PMT_MODEL_WALK_WEIGHTS, list->problems);

  for (guint i = 0; i < paths->len; i++)
    {
      PmtStoreFound found;
      g_autoptr (GError) error = NULL;

      if (pmt_store_identify (paths->pdata[i], NULL, &found, &error))
        add_external (list, source, found.kind, found.family, paths->pdata[i]);
      else
        pmt_problems_add (list->problems, error->code, paths->pdata[i], "%s",
                          error->message);
    }
}

static void
add_sorted_source (PmtStoreListing *list, const gchar *source)
{
  static const gchar *const kinds[] = { "checkpoints", "embeddings", "lora",
                                        "upscalers", "vae" };

  for (guint k = 0; k < G_N_ELEMENTS (kinds); k++)
    {
      g_autoptr (GPtrArray) folders = pmt_model_source_list (source, kinds[k]);

      for (guint i = 0; i < folders->len; i++)
        {
          g_autoptr (GPtrArray) paths = pmt_model_walk (
              folders->pdata[i], pmt_store_what_to_walk (kinds[k]),
              list->problems);

          for (guint j = 0; j < paths->len; j++)
            add_external (list, source, kinds[k], "", paths->pdata[j]);
        }
    }
}

/* So many that they can't be named one by one. */
static void
count_pickles (PmtStoreListing *list, const gchar *source)
{
  g_autoptr (GPtrArray) paths =
      pmt_model_walk (source, PMT_MODEL_WALK_PICKLES, NULL);

  if (paths->len > 0)
    pmt_problems_add (
        list->problems, PMT_ERROR_UNSUPPORTED, source,
        g_dngettext (GETTEXT_PACKAGE,
                     "“%s” has %u file of PyTorch, which can run programs "
                     "when it is opened and is not used. Its .safetensors or "
                     ".onnx version is.",
                     "“%s” has %u files of PyTorch, which can run programs "
                     "when they are opened and are not used. Their "
                     ".safetensors or .onnx versions are.",
                     paths->len),
        source, paths->len);
}

void
pmt_store_list_sources (PmtStoreListing *list)
{
  g_auto (GStrv) sources =
      pmt_model_sources_read (list->engine->user_dir, NULL);

  pmt_model_sources_check (list->engine->user_dir, list->problems);
  for (guint i = 0; sources != NULL && sources[i] != NULL; i++)
    {
      if (!g_file_test (sources[i], G_FILE_TEST_IS_DIR))
        continue;
      if (pmt_model_source_is_plain (sources[i]))
        add_plain_source (list, sources[i]);
      else
        add_sorted_source (list, sources[i]);
      count_pickles (list, sources[i]);
    }
}
