/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* folder-files.c: which files of a Diffusers folder hold a network. */
#include "config.h"

#include "diffusion/folder-files.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "diffusion/config-file.h"

#define MAX_PARTS 256

gchar *
pmt_folder_find (const gchar *folder, const gchar *name)
{
  g_autofree gchar *path = g_build_filename (folder, name, NULL);

  return g_file_test (path, G_FILE_TEST_IS_REGULAR) ? g_steal_pointer (&path)
                                                    : NULL;
}

/* In the order in which they are preferred. */
static gchar *
find_known (const gchar *folder, gboolean *is_index)
{
  static const gchar *const stems[] = { "diffusion_pytorch_model", "model" };
  static const gchar *const tails[] = {
    ".safetensors",      ".safetensors.index.json",
    ".fp16.safetensors", ".safetensors.index.fp16.json",
    ".bf16.safetensors", ".fp16.safetensors.index.json",
    ".fp32.safetensors", ".safetensors.index.bf16.json"
  };

  for (guint t = 0; t < G_N_ELEMENTS (tails); t++)
    for (guint s = 0; s < G_N_ELEMENTS (stems); s++)
      {
        g_autofree gchar *name = g_strconcat (stems[s], tails[t], NULL);
        gchar *path = pmt_folder_find (folder, name);

        if (path == NULL)
          continue;
        *is_index = g_str_has_suffix (name, ".json");
        return path;
      }
  return NULL;
}

/* Of another name: taken when there is only one; @has_pickle tells about
 * files that are not opened. */
static gchar *
find_other (const gchar *folder, gboolean *has_pickle)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  g_autofree gchar *found = NULL;
  const gchar *name;
  guint n = 0;

  *has_pickle = FALSE;
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      *has_pickle = *has_pickle || g_str_has_suffix (name, ".bin")
                    || g_str_has_suffix (name, ".ckpt");
      if (!g_str_has_suffix (name, ".safetensors"))
        continue;
      n++;
      g_free (found);
      found = g_build_filename (folder, name, NULL);
    }
  return n == 1 ? g_steal_pointer (&found) : NULL;
}

static gboolean
fail_index (const gchar *path, GError **error)
{
  g_autofree gchar *base = g_path_get_basename (path);
  g_autofree gchar *label = g_filename_display_name (base);

  g_set_error (error, PMT_ERROR, PMT_ERROR_MODEL,
               _ ("“%s” does not list the parts of its model in the way that "
                  "it should. Download the model again."),
               label);
  return FALSE;
}

/* A part lies beside the list; its name must not lead elsewhere. */
static gboolean
is_part_name (const gchar *name)
{
  return name != NULL && g_str_has_suffix (name, ".safetensors")
         && strchr (name, '/') == NULL && strchr (name, '\\') == NULL
         && name[0] != '.';
}

static gboolean
list_parts (const gchar *path, GHashTable *parts, GError **error)
{
  g_autoptr (cJSON) root = NULL;
  const cJSON *map;
  const cJSON *item;

  if (!pmt_config_load (path, &root, error))
    return FALSE;
  map = cJSON_GetObjectItemCaseSensitive (root, "weight_map");
  cJSON_ArrayForEach (item, map)
  {
    const gchar *name = cJSON_GetStringValue (item);

    if (!is_part_name (name) || g_hash_table_size (parts) > MAX_PARTS)
      return fail_index (path, error);
    g_hash_table_add (parts, g_strdup (name));
  }
  return g_hash_table_size (parts) > 0 || fail_index (path, error);
}

static PmtWeights *
open_parts (const gchar *folder, const gchar *index, GError **error)
{
  g_autoptr (GHashTable) parts =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (PmtWeights) weights = NULL;
  GHashTableIter iter;
  gpointer name;

  if (!list_parts (index, parts, error))
    return NULL;
  g_hash_table_iter_init (&iter, parts);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    {
      g_autofree gchar *path = g_build_filename (folder, name, NULL);

      if (weights == NULL)
        weights = pmt_weights_open (path, error);
      else if (!pmt_weights_add (weights, path, error))
        return NULL;
      if (weights == NULL)
        return NULL;
    }
  return g_steal_pointer (&weights);
}

gboolean
pmt_folder_has_weights (const gchar *folder)
{
  gboolean is_index = FALSE;
  gboolean has_pickle = FALSE;
  g_autofree gchar *path = find_known (folder, &is_index);

  if (path == NULL)
    path = find_other (folder, &has_pickle);
  return path != NULL;
}

PmtWeights *
pmt_folder_open_weights (const gchar *folder, GError **error)
{
  g_autofree gchar *base = g_path_get_basename (folder);
  g_autofree gchar *label = g_filename_display_name (base);
  gboolean is_index = FALSE;
  gboolean has_pickle = FALSE;
  g_autofree gchar *path = find_known (folder, &is_index);

  if (path == NULL)
    path = find_other (folder, &has_pickle);
  if (path != NULL)
    return is_index ? open_parts (folder, path, error)
                    : pmt_weights_open (path, error);
  if (has_pickle)
    g_set_error (error, PMT_ERROR, PMT_ERROR_UNSUPPORTED,
                 _ ("The model's folder “%s” has only PyTorch files, which can "
                    "run programs when they are opened, so Pentimento does "
                    "not open them. Get or make its .safetensors version."),
                 label);
  else
    g_set_error (error, PMT_ERROR, PMT_ERROR_FILE,
                 _ ("The model's folder “%s” has no .safetensors file. "
                    "Download the model again."),
                 label);
  return NULL;
}
