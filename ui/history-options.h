/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* history-options.h: whether a history is kept, and how much of it. */
#pragma once

#include <libgimp/gimpui.h>

#include "pentimento.h"

G_BEGIN_DECLS

/**
 * pmt_history_options_new:
 * @user_dir: folder of config.json
 * @problem: (out) (transfer full) (nullable): what is wrong with that file
 *
 * Returns: (transfer floating): a row with the switch of the private mode and
 *   the limit.
 */
GtkWidget *pmt_history_options_new (const gchar *user_dir, gchar **problem);

/** pmt_history_options_set_size: tells that the history takes @bytes. */
void pmt_history_options_set_size (GtkWidget *options, guint64 bytes);

/**
 * pmt_history_options_save:
 *
 * Writes what was changed.
 * Errors: as pmt_spending_file_save().
 */
gboolean pmt_history_options_save (GtkWidget *options, GError **error);

G_END_DECLS
