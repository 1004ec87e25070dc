/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* restore-subject.h: work on the subject of a picture, or on what is around
 * it. */
#pragma once

#include "core/backend.h"
#include "image/resize.h"
#include "subject/subject-store.h"

G_BEGIN_DECLS

/** Value of "subject-model": no network. */
#define PMT_SUBJECT_NONE "none"

/**
 * PmtSubjectWish: what a request says about subjects
 * @is_on: not everything is worked on
 * @is_background: what is around the subject is
 * @path: (nullable): of the network that finds it; %NULL: none does
 */
typedef struct
{
  gboolean is_on;
  gboolean is_background;
  gchar *path;
} PmtSubjectWish;

/**
 * pmt_subject_wish_init:
 * @wish: (out caller-allocates): clear it, also after a failure
 * @error: PMT_ERROR_ARGUMENT, PMT_ERROR_INPUT: no network and no selection
 */
gboolean pmt_subject_wish_init (PmtSubjectWish *wish,
                                PmtSubjectStore *store,
                                const PmtRequest *request,
                                GError **error);
void pmt_subject_wish_clear (PmtSubjectWish *wish);

/** PmtRestoreSubject: the wish of a request and where networks are. */
typedef struct
{
  const PmtSubjectWish *wish;
  PmtSubjectStore *store;
} PmtRestoreSubject;

/**
 * pmt_restore_subject_mask:
 *
 * Returns: (transfer full) (nullable): "Y float" on the layer: where work is
 *   wanted.
 */
GeglBuffer *pmt_restore_subject_mask (const PmtRestoreSubject *subject,
                                      const PmtJob *job,
                                      GCancellable *cancellable,
                                      GError **error);

/**
 * pmt_restore_subject_limit:
 * @subject: from pmt_restore_subject_mask()
 * @resize: from the layer to @extent
 * @mask: (inout) (transfer full) (nullable): of a result; gets smaller, or is
 *   made
 */
gboolean pmt_restore_subject_limit (GeglBuffer *subject,
                                    const PmtResize *resize,
                                    const GeglRectangle *extent,
                                    GeglBuffer **mask,
                                    GCancellable *cancellable,
                                    GError **error);

/** pmt_restore_subject_estimate: @estimate: (inout): is added to. */
void pmt_restore_subject_estimate (const PmtSubjectWish *wish,
                                   const PmtJob *job,
                                   PmtEstimate *estimate);

/** pmt_restore_subject_run: operation "select-subject". */
PmtResult *pmt_restore_subject_run (const PmtRestoreSubject *subject,
                                    const PmtJob *job,
                                    PmtProgress *progress,
                                    GCancellable *cancellable,
                                    GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PmtSubjectWish, pmt_subject_wish_clear)

G_END_DECLS
