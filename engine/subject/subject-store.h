/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* subject-store.h: the user's networks for subjects. */
#pragma once

#include "subject/subject-net.h"

G_BEGIN_DECLS

/** PmtSubjectStore: finds networks and keeps one open.  Thread: any. */
typedef struct _PmtSubjectStore PmtSubjectStore;

/**
 * pmt_subject_store_new:
 * @user_dir: (nullable): with "models/subject/"
 */
PmtSubjectStore *pmt_subject_store_new (const gchar *user_dir);
void pmt_subject_store_free (PmtSubjectStore *store);

/**
 * pmt_subject_store_check:
 * @problems: (element-type PmtProblem): files that can't be used are added
 */
void pmt_subject_store_check (PmtSubjectStore *store, GPtrArray *problems);

/**
 * pmt_subject_store_find:
 * @name: of a file in the folder, with or without ".onnx"; "": the first one
 * @path: (out) (transfer full) (nullable): %NULL: @name is "" and there is
 *   none
 * @error: PMT_ERROR_ARGUMENT: there is none of this name
 */
gboolean pmt_subject_store_find (PmtSubjectStore *store,
                                 const gchar *name,
                                 gchar **path,
                                 GError **error);

/** pmt_subject_store_open: Returns: (transfer full): kept for the next run. */
PmtSubjectNet *pmt_subject_store_open (PmtSubjectStore *store,
                                       const gchar *path,
                                       gint threads,
                                       guint64 memory,
                                       GError **error);

/** pmt_subject_store_fail: PMT_ERROR_MODEL: what can be done without any. */
void pmt_subject_store_fail (PmtSubjectStore *store, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PmtSubjectStore, pmt_subject_store_free)

G_END_DECLS
