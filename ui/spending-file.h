/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* spending-file.h: writes the limits on spending, and of the history. */
#pragma once

#include "pentimento.h"

G_BEGIN_DECLS

/**
 * pmt_spending_file_save:
 * @user_dir: folder of config.json
 * @run, @day: as in PmtEngineOptions; negative: no limit
 * @error: PMT_ERROR_FILE, PMT_ERROR_MANIFEST: what is there can't be kept
 *
 * Written whole or not at all; everything else in the file is kept.
 */
gboolean pmt_spending_file_save (const gchar *user_dir,
                                 gdouble run,
                                 gdouble day,
                                 GError **error);

/** pmt_spending_file_save_history: likewise: whether runs are written down. */
gboolean pmt_spending_file_save_history (const gchar *user_dir,
                                         gboolean is_kept,
                                         GError **error);

/**
 * pmt_spending_file_save_compute:
 * @compute: "auto" or a name of pmt_compute_list()
 * @threads: 0: automatic
 * @memory: MiB; 0: automatic
 */
gboolean pmt_spending_file_save_compute (const gchar *user_dir,
                                         const gchar *compute,
                                         gint threads,
                                         gint memory,
                                         GError **error);

/** pmt_spending_file_save_history_limit: likewise: what they may take. */
gboolean pmt_spending_file_save_history_limit (const gchar *user_dir,
                                               gdouble megabytes,
                                               GError **error);

G_END_DECLS
