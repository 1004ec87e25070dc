/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* lock.h: one download of a model at a time. */
#pragma once

#include "pentimento.h"

G_BEGIN_DECLS

/** PmtStoreLock: held as long as it lives; a process that ends lets go of it,
 * however it ends. */
typedef struct _PmtStoreLock PmtStoreLock;

/**
 * pmt_store_lock_take:
 * @id: of an offer
 * @error: G_IO_ERROR_BUSY: another process or thread has it; PMT_ERROR_FILE
 *
 * Does not wait.
 */
PmtStoreLock *
pmt_store_lock_take (const gchar *user_dir, const gchar *id, GError **error);
void pmt_store_lock_release (PmtStoreLock *lock);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PmtStoreLock, pmt_store_lock_release)

G_END_DECLS
