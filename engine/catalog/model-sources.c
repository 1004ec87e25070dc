/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* model-sources.c: folders of other programs whose models are used. */
#include "config.h"

#include "catalog/model-sources.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "core/backend.h"
#include "core/shared-config.h"

#define MEMBER "model_folders"
#define MAX_PATH_LENGTH 4096

/* What the programs call the folders, see the schema of ComfyUI's
 * extra_model_paths.yaml and the options of AUTOMATIC1111. */
typedef struct
{
  const gchar *kind;
  const gchar *name;
} Place;

static const Place places[] = {
  { "checkpoints", "checkpoints" },      /* ComfyUI */
  { "checkpoints", "Stable-diffusion" }, /* AUTOMATIC1111, Forge */
  { "lora", "loras" },                   /* ComfyUI */
  { "lora", "Lora" },                    /* AUTOMATIC1111, Forge */
  { "vae", "vae" },                      /* ComfyUI */
  { "vae", "VAE" },                      /* AUTOMATIC1111, Forge */
  { "embeddings", "embeddings" },        /* both */
  { "upscalers", "upscale_models" },     /* ComfyUI */
  { "upscalers", "ESRGAN" },             /* AUTOMATIC1111, Forge */
};

/* -------------------------------------------------------- config.json -- */

static gboolean
is_folder_name (const cJSON *node)
{
  const gchar *text = cJSON_GetStringValue (node);

  return text != NULL && strlen (text) <= MAX_PATH_LENGTH
         && g_path_is_absolute (text);
}

static gchar **
read_member (const cJSON *root, GError **error)
{
  const cJSON *array = cJSON_GetObjectItemCaseSensitive (root, MEMBER);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  const cJSON *node;
  gboolean is_ok = array == NULL || cJSON_IsNull (array)
                   || (cJSON_IsArray (array)
                       && cJSON_GetArraySize (array) <= PMT_MODEL_SOURCES_MAX);

  cJSON_ArrayForEach (node, array)
  {
    is_ok = is_ok && is_folder_name (node);
    if (is_ok)
      g_strv_builder_add (builder, node->valuestring);
  }
  if (is_ok)
    return g_strv_builder_end (builder);
  g_set_error (error, PMT_ERROR, PMT_ERROR_MANIFEST,
               _ ("“model_folders” in config.json must be a list of at most %d "
                  "folders with their whole paths."),
               PMT_MODEL_SOURCES_MAX);
  return NULL;
}

gchar **
pmt_model_sources_read (const gchar *user_dir, GError **error)
{
  g_autoptr (cJSON) root = pmt_shared_config_read (user_dir, error);

  return root != NULL ? read_member (root, error) : NULL;
}

gboolean
pmt_model_sources_write (const gchar *user_dir,
                         const gchar *const *folders,
                         GError **error)
{
  g_autoptr (cJSON) root = pmt_shared_config_read (user_dir, error);
  cJSON *array;

  if (root == NULL)
    return FALSE;
  cJSON_DeleteItemFromObjectCaseSensitive (root, MEMBER);
  array = cJSON_AddArrayToObject (root, MEMBER);
  for (guint i = 0; folders[i] != NULL; i++)
    cJSON_AddItemToArray (array, cJSON_CreateString (folders[i]));
  return pmt_shared_config_write (user_dir, root, error);
}

void
pmt_model_sources_check (const gchar *user_dir, GPtrArray *problems)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) sources = pmt_model_sources_read (user_dir, &error);

  if (sources == NULL)
    pmt_problems_add (problems, error->code, "config.json", "%s",
                      error->message);
  for (guint i = 0; sources != NULL && sources[i] != NULL; i++)
    if (!g_file_test (sources[i], G_FILE_TEST_IS_DIR))
      pmt_problems_add (problems, PMT_ERROR_FILE, sources[i],
                        _ ("The folder of models “%s” is not there. Bring it "
                           "back, or take it off the list of folders."),
                        sources[i]);
}

/* ------------------------------------------------------------ folders -- */

/* The same folder under two names: where upper and lower case are the same. */
static gboolean
is_known (GPtrArray *folders, const gchar *path)
{
  GStatBuf a;
  GStatBuf b;

  if (g_stat (path, &a) != 0)
    return FALSE;
  for (guint i = 0; i < folders->len; i++)
    if (g_stat (folders->pdata[i], &b) == 0 && a.st_dev == b.st_dev
        && a.st_ino == b.st_ino && a.st_ino != 0)
      return TRUE;
  return FALSE;
}

/* @kind: %NULL: any. */
static GPtrArray *
list_places (const gchar *source, const gchar *kind)
{
  static const gchar *const parents[] = { "models", "." };
  GPtrArray *folders = g_ptr_array_new_with_free_func (g_free);

  for (guint p = 0; p < G_N_ELEMENTS (parents); p++)
    for (guint i = 0; i < G_N_ELEMENTS (places); i++)
      {
        g_autofree gchar *given =
            g_build_filename (source, parents[p], places[i].name, NULL);
        g_autofree gchar *path = g_canonicalize_filename (given, NULL);

        if ((kind == NULL || g_str_equal (places[i].kind, kind))
            && g_file_test (path, G_FILE_TEST_IS_DIR)
            && !is_known (folders, path))
          g_ptr_array_add (folders, g_steal_pointer (&path));
      }
  return folders;
}

gboolean
pmt_model_source_is_plain (const gchar *source)
{
  g_autoptr (GPtrArray) folders = list_places (source, NULL);

  return folders->len == 0;
}

GPtrArray *
pmt_model_source_list (const gchar *source, const gchar *kind)
{
  g_autoptr (GPtrArray) folders = list_places (source, kind);

  if (folders->len == 0 && g_file_test (source, G_FILE_TEST_IS_DIR)
      && pmt_model_source_is_plain (source))
    g_ptr_array_add (folders, g_strdup (source));
  return g_steal_pointer (&folders);
}

GPtrArray *
pmt_model_sources_list (const gchar *user_dir, const gchar *kind)
{
  GPtrArray *folders = g_ptr_array_new_with_free_func (g_free);
  g_auto (GStrv) sources =
      user_dir != NULL ? pmt_model_sources_read (user_dir, NULL) : NULL;

  for (guint i = 0; sources != NULL && sources[i] != NULL; i++)
    {
      g_autoptr (GPtrArray) found = pmt_model_source_list (sources[i], kind);

      g_ptr_array_extend_and_steal (folders, g_steal_pointer (&found));
    }
  return folders;
}
