/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* restore-faces.h: faces of a request: which, how, and doing it. */
#pragma once

#include "core/backend.h"
#include "face/apply.h"
#include "face/face-store.h"
#include "restore/net-store.h"

G_BEGIN_DECLS

/** Value of "face-model": the network that comes with Pentimento. */
#define PMT_FACE_SHIPPED "shipped"

/**
 * PmtFaceWish: what a request says about faces
 * @is_on: faces are worked on
 * @which: of pmt_faces_select()
 * @strength, @creativity: 0..1
 * @path: (nullable): of the network that restores them; %NULL: the shipped one
 * @name: of it, for the recipe
 */
typedef struct
{
  gboolean is_on;
  gchar *which;
  gdouble strength;
  gdouble creativity;
  gchar *path;
  gchar *name;
} PmtFaceWish;

/**
 * pmt_face_wish_init:
 * @wish: (out caller-allocates): clear it, also after a failure
 * @error: PMT_ERROR_ARGUMENT: a value that means nothing or has no effect;
 *   PMT_ERROR_MODEL: no detector
 */
gboolean pmt_face_wish_init (PmtFaceWish *wish,
                             PmtFaceStore *store,
                             const PmtRequest *request,
                             GError **error);
void pmt_face_wish_clear (PmtFaceWish *wish);

/** PmtRestoreFaces: the faces of a request and where networks are. */
typedef struct
{
  const PmtFaceWish *wish;
  PmtFaceStore *store;
  PmtNetStore *nets;
} PmtRestoreFaces;

/**
 * pmt_restore_faces_find:
 * @error: as pmt_face_detect() and pmt_faces_select()
 *
 * Returns: (transfer full) (element-type PmtFace): those of the layer that are
 *   asked for and not outside the selection; may be empty.
 */
GArray *pmt_restore_faces_find (const PmtRestoreFaces *faces,
                                const PmtJob *job,
                                PmtProgress *progress,
                                GCancellable *cancellable,
                                GError **error);

/**
 * pmt_restore_faces_apply:
 * @chosen: (element-type PmtFace): all are put into @target
 */
gboolean pmt_restore_faces_apply (const PmtRestoreFaces *faces,
                                  const PmtJob *job,
                                  GArray *chosen,
                                  const PmtFaceTarget *target,
                                  PmtProgress *progress,
                                  GCancellable *cancellable,
                                  GError **error);

/**
 * pmt_restore_faces_describe:
 *
 * Returns: (transfer full): for a recipe: a JSON list of boxes, each with
 *   network, strength and creativity.
 */
gchar *pmt_restore_faces_describe (const PmtFaceWish *wish, GArray *faces);

/** pmt_restore_faces_note: what a user should know of these faces. */
void pmt_restore_faces_note (const PmtFaceWish *wish,
                             GArray *faces,
                             PmtResult *result);

/** pmt_restore_faces_estimate: @estimate: (inout): is added to; the whole
 * layer is read. */
void pmt_restore_faces_estimate (const PmtFaceWish *wish,
                                 const PmtJob *job,
                                 PmtEstimate *estimate);

/** pmt_restore_faces_run: operation "face"; as PmtBackendInterface's run. */
PmtResult *pmt_restore_faces_run (const PmtRestoreFaces *faces,
                                  const PmtJob *job,
                                  PmtProgress *progress,
                                  GCancellable *cancellable,
                                  GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PmtFaceWish, pmt_face_wish_clear)

G_END_DECLS
