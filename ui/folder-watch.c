/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* folder-watch.c: what other programs do in a folder. */
#include "config.h"

#include "folder-watch.h"

#define DELAY_MS 300

struct _PmtFolderWatch
{
  GFileMonitor *monitor;
  guint timeout;
  void (*changed) (gpointer user_data);
  gpointer user_data;
};

static gboolean
tell (gpointer user_data)
{
  PmtFolderWatch *watch = user_data;

  watch->timeout = 0;
  watch->changed (watch->user_data);

  return G_SOURCE_REMOVE;
}

static void
folder_changed (GFileMonitor *monitor,
                GFile *file,
                GFile *other,
                GFileMonitorEvent event,
                gpointer user_data)
{
  PmtFolderWatch *watch = user_data;

  if (watch->timeout == 0)
    watch->timeout = g_timeout_add (DELAY_MS, tell, watch);
}

PmtFolderWatch *
pmt_folder_watch_new (const gchar *path,
                      void (*changed) (gpointer user_data),
                      gpointer user_data)
{
  PmtFolderWatch *watch = g_new0 (PmtFolderWatch, 1);
  g_autoptr (GFile) folder = g_file_new_for_path (path);

  watch->changed = changed;
  watch->user_data = user_data;
  watch->monitor =
      g_file_monitor_directory (folder, G_FILE_MONITOR_NONE, NULL, NULL);
  if (watch->monitor)
    g_signal_connect (watch->monitor, "changed", G_CALLBACK (folder_changed),
                      watch);

  return watch;
}

void
pmt_folder_watch_free (PmtFolderWatch *watch)
{
  if (watch->timeout != 0)
    g_source_remove (watch->timeout);
  g_clear_object (&watch->monitor);
  g_free (watch);
}
