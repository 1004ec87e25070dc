/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* store.h: checkpoints and networks that are open, kept for the next run. */
#pragma once

#include "diffusion/conditioning.h"
#include "diffusion/settings.h"
#include "diffusion/unet.h"
#include "diffusion/vae.h"

G_BEGIN_DECLS

/**
 * PmtStore: thread-safe.  What a run uses stays alive by its reference; the
 * store keeps the last few and lets go of the least recently used ones when
 * memory is short.
 */
typedef struct _PmtStore PmtStore;

/** pmt_store_new: @user_dir: (nullable): with "models/". */
PmtStore *pmt_store_new (const gchar *user_dir);
void pmt_store_free (PmtStore *store);

/**
 * pmt_store_get_checkpoint:
 * @error: as pmt_checkpoint_open()
 *
 * A file that was changed since is opened anew, and what was made from it is
 * let go.
 */
PmtCheckpoint *
pmt_store_get_checkpoint (PmtStore *store, const gchar *path, GError **error);

/**
 * pmt_store_get_unet:
 * @job: its threads and memory
 * @error: as pmt_unet_open(), pmt_lora_open(), pmt_lora_check(), and
 *   PMT_ERROR_ARGUMENT for a LoRA that is not there
 */
PmtUnet *pmt_store_get_unet (PmtStore *store,
                             PmtCheckpoint *checkpoint,
                             const PmtSettings *settings,
                             const PmtJob *job,
                             GError **error);

/** pmt_store_drop_unets, pmt_store_drop_texts: let go of what no run uses, to
 * save memory in a run. */
void pmt_store_drop_unets (PmtStore *store);
void pmt_store_drop_texts (PmtStore *store);

PmtTextStack *pmt_store_get_text (PmtStore *store,
                                  PmtCheckpoint *checkpoint,
                                  const PmtSettings *settings,
                                  const PmtJob *job,
                                  GError **error);

/** pmt_store_get_vae: the settings' own, or the checkpoint's. */
PmtVae *pmt_store_get_vae (PmtStore *store,
                           PmtCheckpoint *checkpoint,
                           const PmtSettings *settings,
                           const PmtJob *job,
                           GError **error);

/** pmt_store_find_tiny_vae: (transfer full) (nullable): a small one for
 * previews, where the user has it in "models/vae/"; %NULL with @error unset
 * where there is none. */
PmtVae *pmt_store_find_tiny_vae (PmtStore *store,
                                 const PmtCheckpoint *checkpoint,
                                 const PmtJob *job,
                                 GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PmtStore, pmt_store_free)

G_END_DECLS
