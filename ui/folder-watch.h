/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* folder-watch.h: what other programs do in a folder. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _PmtFolderWatch PmtFolderWatch;

/**
 * pmt_folder_watch_new:
 * @path: need not be there yet
 * @changed: called in the main loop soon after something was written, once for
 *   changes that come together
 *
 * Returns: (transfer full): where folders can't be watched, it does nothing.
 */
PmtFolderWatch *pmt_folder_watch_new (const gchar *path,
                                      void (*changed) (gpointer user_data),
                                      gpointer user_data);
void pmt_folder_watch_free (PmtFolderWatch *watch);

G_END_DECLS
