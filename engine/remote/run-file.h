/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* run-file.h: what was sent where, on disk, until its results are here. */
#pragma once

#include "core/backend.h"
#include "remote/provider.h"

G_BEGIN_DECLS

/**
 * PmtRunCall: one call of a run
 * @piece: of the plan
 * @first: number of its first candidate
 * @count: candidates
 * @key: UUID: the same when it is sent again
 */
typedef struct
{
  guint piece;
  guint first;
  guint count;
  gchar *key;
  PmtRemoteJob *job;
} PmtRunCall;

/**
 * PmtRunFile: a run, as a file of the folder history/jobs/
 * @id: UUID
 * @account, @model: ids
 * @recipe: what was asked for, as pmt_request_from_recipe() reads it
 * @created: seconds since 1970
 * @canvas, @layer: of the request
 * @calls: (element-type PmtRunCall)
 *
 * Holds no key and no pixels; the selection lies beside it.
 */
typedef struct
{
  gchar *id;
  gchar *account;
  gchar *model;
  gchar *recipe;
  gint64 created;
  GeglRectangle canvas;
  GeglRectangle layer;
  GeglRectangle mask;
  GPtrArray *calls;
  gchar *folder;
  GMutex mutex;
} PmtRunFile;

/**
 * pmt_run_file_new:
 * @user_dir: (nullable): %NULL: nothing is kept
 *
 * Not written yet.  Returns: (transfer full)
 */
PmtRunFile *pmt_run_file_new (const gchar *user_dir,
                              const gchar *account,
                              const PmtJob *job);
void pmt_run_file_free (PmtRunFile *file);

/** pmt_run_file_add: (transfer none): a new call. */
PmtRunCall *
pmt_run_file_add (PmtRunFile *file, guint piece, guint first, guint count);

/**
 * pmt_run_file_save:
 * @error: PMT_ERROR_FILE: nothing should be sent then
 *
 * Written whole or not at all, and on disk when this returns.  Any thread.
 */
gboolean pmt_run_file_save (PmtRunFile *file, GError **error);

/** pmt_run_file_save_mask: the selection, once. */
gboolean
pmt_run_file_save_mask (PmtRunFile *file, GeglBuffer *mask, GError **error);

/** pmt_run_file_load_mask: (transfer full) (nullable): none, or @error. */
GeglBuffer *pmt_run_file_load_mask (const PmtRunFile *file, GError **error);

/** pmt_run_file_delete: its results are here, or nobody wants them. */
void pmt_run_file_delete (PmtRunFile *file);

/** pmt_run_file_load: @id: of a run; PMT_ERROR_ARGUMENT, PMT_ERROR_FILE. */
PmtRunFile *
pmt_run_file_load (const gchar *user_dir, const gchar *id, GError **error);

/** pmt_run_file_list: (transfer full) (element-type PmtRunFile): newest
 * first; damaged ones are left out. */
GPtrArray *pmt_run_file_list (const gchar *user_dir);

/** pmt_run_file_is_open: may anything of it still be fetched? */
gboolean pmt_run_file_is_open (const PmtRunFile *file);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PmtRunFile, pmt_run_file_free)

G_END_DECLS
