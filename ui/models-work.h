/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* models-work.h: downloads and other work on the store, in threads. */
#pragma once

#include "pentimento.h"

G_BEGIN_DECLS

/**
 * PmtModelsTask: what is done
 * @PMT_MODELS_DOWNLOAD: an offer, or the rest of it
 * @PMT_MODELS_DISCARD: what was downloaded so far is deleted
 * @PMT_MODELS_ADD: a file or folder of the user's is copied
 * @PMT_MODELS_REMOVE: the files are deleted
 * @PMT_MODELS_FOLDERS: other folders are used
 */
typedef enum
{
  PMT_MODELS_DOWNLOAD,
  PMT_MODELS_DISCARD,
  PMT_MODELS_ADD,
  PMT_MODELS_REMOVE,
  PMT_MODELS_FOLDERS
} PmtModelsTask;

/** PmtModelsWork: what is under way.  Main thread only. */
typedef struct _PmtModelsWork PmtModelsWork;

/**
 * pmt_models_work_new:
 * @engine: not owned
 * @changed: called some times a second while something is under way, and with
 *   @is_done when something has ended
 */
PmtModelsWork *pmt_models_work_new (PmtEngine *engine,
                                    void (*changed) (gboolean is_done,
                                                     gpointer user_data),
                                    gpointer user_data);

/** pmt_models_work_free: cancels everything, and waits until it has ended. */
void pmt_models_work_free (PmtModelsWork *work);

/**
 * pmt_models_work_start:
 * @id: of the item; a path for PMT_MODELS_ADD; "" for PMT_MODELS_FOLDERS
 * @folders: (nullable): for PMT_MODELS_FOLDERS
 *
 * Does nothing while something is under way for @id.
 */
void pmt_models_work_start (PmtModelsWork *work,
                            PmtModelsTask task,
                            const gchar *id,
                            const gchar *const *folders);

/** pmt_models_work_cancel: what was downloaded of @id is kept. */
void pmt_models_work_cancel (PmtModelsWork *work, const gchar *id);

/** pmt_models_work_count: how much is under way. */
guint pmt_models_work_count (const PmtModelsWork *work);

/**
 * pmt_models_work_get_progress:
 * @stage: (out) (transfer full): a word, translated; may be ""
 * @fraction: (out): 0 to 1; negative: not known
 *
 * Returns: whether something is under way for @id.
 */
gboolean pmt_models_work_get_progress (PmtModelsWork *work,
                                       const gchar *id,
                                       gchar **stage,
                                       gdouble *fraction);

/** pmt_models_work_get_any: (transfer none) (nullable): the id of something that
 * is under way and belongs to no item: a file that is added, other folders. */
const gchar *pmt_models_work_get_any (const PmtModelsWork *work);

/**
 * pmt_models_work_get_error:
 * @id: of an item; "" for what belongs to none
 *
 * Returns: (transfer none) (nullable): why the last work on it failed.
 */
const gchar *pmt_models_work_get_error (const PmtModelsWork *work,
                                        const gchar *id);

/** pmt_models_work_take_added: (transfer full) (nullable): id of the item that a
 * file became which was added; told once. */
gchar *pmt_models_work_take_added (PmtModelsWork *work);

G_END_DECLS
