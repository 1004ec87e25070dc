/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* compute-rows.h: what computes, threads and memory, in the settings. */
#pragma once

#include <gtk/gtk.h>

#include "pentimento.h"

G_BEGIN_DECLS

/** PmtComputeRows: the widgets, and what was set before. */
typedef struct
{
  GtkWidget *compute;
  GtkWidget *threads;
  GtkWidget *memory;
  gchar *compute_before;
  gint threads_before;
  gint memory_before;
} PmtComputeRows;

/**
 * pmt_compute_rows_new:
 * @rows: (out caller-allocates): filled; pmt_compute_rows_clear()
 * @options: as config.json has it
 *
 * Returns: (transfer floating): a grid with the rows.
 */
GtkWidget *pmt_compute_rows_new (PmtComputeRows *rows,
                                 const PmtEngineOptions *options);

/**
 * pmt_compute_rows_save:
 * @error: PMT_ERROR_FILE, PMT_ERROR_MANIFEST
 *
 * Writes what was changed into config.json of @user_dir.
 */
gboolean pmt_compute_rows_save (PmtComputeRows *rows,
                                const gchar *user_dir,
                                GError **error);

void pmt_compute_rows_clear (PmtComputeRows *rows);

G_END_DECLS
