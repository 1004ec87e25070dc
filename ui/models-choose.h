/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* models-choose.h: files to add, and folders of other programs. */
#pragma once

#include <libgimp/gimpui.h>

G_BEGIN_DECLS

/**
 * pmt_models_choose_folders:
 * @parent: the window that asks
 * @folders: (nullable): %NULL-terminated; those of now
 *
 * Returns: (transfer full) (nullable): %NULL-terminated; %NULL: no change.
 */
gchar **pmt_models_choose_folders (GtkWindow *parent,
                                   const gchar *const *folders);

/** pmt_models_choose_file: Returns: (transfer full) (nullable): a path. */
gchar *pmt_models_choose_file (GtkWindow *parent);

G_END_DECLS
