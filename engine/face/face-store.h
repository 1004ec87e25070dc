/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* face-store.h: the user's networks for faces. */
#pragma once

#include "core/progress.h"
#include "face/detect.h"

G_BEGIN_DECLS

/** PmtFaceStore: finds networks and keeps some open.  Thread: any. */
typedef struct _PmtFaceStore PmtFaceStore;

/**
 * pmt_face_store_new:
 * @user_dir: (nullable): with "models/faces/"
 */
PmtFaceStore *pmt_face_store_new (const gchar *user_dir);
void pmt_face_store_free (PmtFaceStore *store);

/** pmt_face_store_get_folder: Returns: (transfer none) (nullable). */
const gchar *pmt_face_store_get_folder (PmtFaceStore *store);

/**
 * pmt_face_store_check:
 * @problems: (element-type PmtProblem): files that can't be used are added
 */
void pmt_face_store_check (PmtFaceStore *store, GPtrArray *problems);

/**
 * pmt_face_store_can_detect:
 * @error: PMT_ERROR_MODEL: no detector is installed, and this build has no
 *   other way
 */
gboolean pmt_face_store_can_detect (PmtFaceStore *store, GError **error);

/**
 * pmt_face_store_detect:
 *
 * pmt_face_detect() with the first detector by name, the one with landmarks
 * before others; or, where none is installed, with OpenCV's cascade.
 */
GArray *pmt_face_store_detect (PmtFaceStore *store,
                               GeglBuffer *picture,
                               const GeglRectangle *rect,
                               gint threads,
                               guint64 memory,
                               PmtProgress *progress,
                               GCancellable *cancellable,
                               GError **error);

/**
 * pmt_face_store_find_restorer:
 * @name: of a file in the folder, with or without ".onnx"; "": the first one
 * @path: (out) (transfer full) (nullable): %NULL: @name is "" and there is
 *   none
 * @declared: (out): of it
 * @error: PMT_ERROR_MODEL: there is none of this name
 */
gboolean pmt_face_store_find_restorer (PmtFaceStore *store,
                                       const gchar *name,
                                       gchar **path,
                                       PmtFaceDeclared *declared,
                                       GError **error);

/** pmt_face_store_open: Returns: (transfer full): kept for the next run. */
PmtFaceNet *pmt_face_store_open (PmtFaceStore *store,
                                 const gchar *path,
                                 gint threads,
                                 guint64 memory,
                                 GError **error);

/** pmt_face_store_memory: bytes that @path takes, open and at work; about. */
guint64 pmt_face_store_memory (const gchar *path);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PmtFaceStore, pmt_face_store_free)

G_END_DECLS
