/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* net-store.c: where networks are, and those that are open. */
#include "config.h"

#include "restore/net-store.h"

#include <glib/gi18n-lib.h>

/* A run takes two at most; a dialog's preview and its run take the same. */
#define MAX_OPEN 3

typedef struct
{
  gchar *path;
  gint threads;
  PmtNet *net;
} Entry;

struct _PmtNetStore
{
  gchar *folder;
  GMutex mutex;
  GPtrArray *open;
  GHashTable *known;
};

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  g_free (entry->path);
  pmt_net_unref (entry->net);
  g_free (entry);
}

PmtNetStore *
pmt_net_store_new (const gchar *data_dir)
{
  PmtNetStore *store = g_new0 (PmtNetStore, 1);

  store->folder = g_build_filename (data_dir, "nets", NULL);
  g_mutex_init (&store->mutex);
  store->open = g_ptr_array_new_with_free_func (entry_free);
  store->known =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return store;
}

void
pmt_net_store_free (PmtNetStore *store)
{
  if (store == NULL)
    return;
  g_ptr_array_unref (store->open);
  g_hash_table_unref (store->known);
  g_mutex_clear (&store->mutex);
  g_free (store->folder);
  g_free (store);
}

void
pmt_net_store_know (PmtNetStore *store,
                    const gchar *path,
                    const PmtNetInfo *info)
{
  g_mutex_lock (&store->mutex);
  g_hash_table_insert (store->known, g_strdup (path),
                       g_memdup2 (info, sizeof *info));
  g_mutex_unlock (&store->mutex);
}

gchar *
pmt_net_store_get_path (PmtNetStore *store, const gchar *name)
{
  return g_path_is_absolute (name)
             ? g_strdup (name)
             : g_build_filename (store->folder, name, NULL);
}

static PmtNet *
open_file (PmtNetStore *store,
           const gchar *path,
           const PmtSessionOptions *options,
           GError **error)
{
  const PmtNetInfo *info = g_hash_table_lookup (store->known, path);
  g_autofree gchar *shown = g_filename_display_name (path);

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, PMT_ERROR, PMT_ERROR_MODEL,
                   options->is_trusted
                       ? _ ("The network “%s” is missing. Install Pentimento "
                            "again.")
                       : _ ("The network “%s” is not there any more."),
                   shown);
      return NULL;
    }
  if (info != NULL)
    return pmt_net_open_known (path, options, info, error);
  return pmt_net_open (path, options, error);
}

/* The entry, moved to the end: the first is the one not used for longest. */
static PmtNet *
find_open (PmtNetStore *store, const gchar *path, gint threads)
{
  for (guint i = 0; i < store->open->len; i++)
    {
      Entry *entry = store->open->pdata[i];

      if (entry->threads != threads || !g_str_equal (entry->path, path))
        continue;
      g_ptr_array_add (store->open, g_ptr_array_steal_index (store->open, i));
      return pmt_net_ref (entry->net);
    }
  return NULL;
}

static void
keep (PmtNetStore *store, const gchar *path, gint threads, PmtNet *net)
{
  Entry *entry = g_new0 (Entry, 1);

  entry->path = g_strdup (path);
  entry->threads = threads;
  entry->net = pmt_net_ref (net);
  if (store->open->len >= MAX_OPEN)
    g_ptr_array_remove_index (store->open, 0);
  g_ptr_array_add (store->open, entry);
}

PmtNet *
pmt_net_store_open (PmtNetStore *store,
                    const gchar *name,
                    gint threads,
                    guint64 memory,
                    GError **error)
{
  PmtSessionOptions options = PMT_SESSION_OPTIONS_INIT;
  g_autofree gchar *path = pmt_net_store_get_path (store, name);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&store->mutex);
  g_autoptr (PmtNet) net = find_open (store, path, threads);

  if (net != NULL)
    return g_steal_pointer (&net);
  options.threads = threads;
  options.memory = memory;
  options.is_trusted = !g_path_is_absolute (name);
  net = open_file (store, path, &options, error);
  if (net != NULL)
    keep (store, path, threads, net);
  return g_steal_pointer (&net);
}
