/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* item.c: one thing in the store. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "store/store-private.h"

#define MAX_DEPTH 5
#define MAX_ENTRIES 10000

void
pmt_store_item_free (PmtStoreItem *item)
{
  if (item == NULL)
    return;
  g_free (item->id);
  g_free (item->name);
  g_free (item->family);
  g_free (item->kind);
  g_free (item->license);
  g_free (item->license_url);
  g_free (item->homepage);
  g_free (item->about);
  g_free (item->path);
  g_free (item->origin);
  g_free (item->url);
  g_free (item->sha256);
  g_free (item->source);
  g_free (item->model);
  g_free (item);
}

const gchar *
pmt_store_kind_label (const gchar *kind)
{
  static const gchar *const labels[][2] = {
    { "checkpoints", N_ ("Checkpoint") },
    { "embeddings", N_ ("Embedding") },
    { "faces", N_ ("Network for faces") },
    { "lora", N_ ("LoRA") },
    { "subject", N_ ("Network for subjects") },
    { "tokenizers", N_ ("Vocabulary") },
    { "upscalers", N_ ("Network that enlarges or restores") },
    { "vae", N_ ("VAE") },
  };

  g_return_val_if_fail (kind != NULL, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (labels); i++)
    if (g_str_equal (labels[i][0], kind))
      return g_dgettext (GETTEXT_PACKAGE, labels[i][1]);
  return kind;
}

/* Links to folders are not followed: they may lead in a circle. */
static guint64
measure (const gchar *path, gint depth, guint *n_entries)
{
  g_autoptr (GDir) dir = NULL;
  GStatBuf status;
  const gchar *name;
  guint64 bytes = 0;

  if (g_stat (path, &status) != 0)
    return 0;
  if (S_ISREG (status.st_mode))
    return (guint64)status.st_size;
  if (!S_ISDIR (status.st_mode) || depth > MAX_DEPTH
      || (depth > 0 && g_file_test (path, G_FILE_TEST_IS_SYMLINK)))
    return 0;
  dir = g_dir_open (path, 0, NULL);
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL
         && (*n_entries)++ < MAX_ENTRIES)
    {
      g_autofree gchar *below = g_build_filename (path, name, NULL);

      bytes += measure (below, depth + 1, n_entries);
    }
  return bytes;
}

guint64
pmt_store_measure (const gchar *path)
{
  guint n_entries = 0;

  return measure (path, 0, &n_entries);
}
