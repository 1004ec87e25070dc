/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* partial.h: a file that is not complete yet: NAME.part beside its place. */
#pragma once

#include "catalog/model-file.h"
#include "store/report.h"

G_BEGIN_DECLS

/**
 * PmtPartial: open for writing; one thread at a time, under the lock of its
 * model.  NAME.part.json says which file it is to become, so that nothing is
 * added to the beginning of another one.
 */
typedef struct _PmtPartial PmtPartial;

/**
 * pmt_partial_open:
 * @path: what it is to become; in a folder that exists
 * @file: its size and checksum; kept by the caller
 * @report: told while bytes that are there are read
 * @error: PMT_ERROR_FILE, G_IO_ERROR_CANCELLED
 *
 * What is there of the same file is kept, and what is of another one is thrown
 * away.
 */
PmtPartial *pmt_partial_open (const gchar *path,
                              const PmtModelFile *file,
                              PmtStoreReport *report,
                              GCancellable *cancellable,
                              GError **error);

/** pmt_partial_free: what was written stays. */
void pmt_partial_free (PmtPartial *partial);

const PmtModelFile *pmt_partial_get_file (PmtPartial *partial);

/** pmt_partial_get_done: bytes that are there. */
guint64 pmt_partial_get_done (PmtPartial *partial);

/** pmt_partial_get_etag: (transfer none) (nullable): of the server's file. */
const gchar *pmt_partial_get_etag (PmtPartial *partial);

/** pmt_partial_set_etag: @etag: (nullable).  Errors: PMT_ERROR_FILE. */
gboolean
pmt_partial_set_etag (PmtPartial *partial, const gchar *etag, GError **error);

/** pmt_partial_append: Errors: PMT_ERROR_FILE; what was written before stays. */
gboolean pmt_partial_append (PmtPartial *partial,
                             const gchar *bytes,
                             gsize length,
                             GError **error);

/** pmt_partial_restart: from the first byte.  Errors: PMT_ERROR_FILE. */
gboolean pmt_partial_restart (PmtPartial *partial, GError **error);

/**
 * pmt_partial_verify:
 * @host: where it came from, for the message
 * @error: PMT_ERROR_MODEL: the checksum is another one; the file is deleted;
 *   PMT_ERROR_FILE: it could not be put on the disk
 *
 * To be called when all bytes are there.  They are on the disk afterwards.
 */
gboolean
pmt_partial_verify (PmtPartial *partial, const gchar *host, GError **error);

/** pmt_partial_publish: NAME.part becomes NAME.  Errors: PMT_ERROR_FILE. */
gboolean pmt_partial_publish (PmtPartial *partial, GError **error);

/** pmt_partial_withdraw: NAME becomes NAME.part again. */
void pmt_partial_withdraw (PmtPartial *partial);

/** pmt_partial_delete: what there is of @path, which need not be open.  Errors:
 * PMT_ERROR_FILE. */
gboolean pmt_partial_delete (const gchar *path, GError **error);

/** pmt_partial_look: bytes that are there of @path; -1: nothing was begun. */
gint64 pmt_partial_look (const gchar *path);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PmtPartial, pmt_partial_free)

G_END_DECLS
