/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* net-store.h: where networks are, and those that are open. */
#pragma once

#include "restore/net.h"

G_BEGIN_DECLS

/** PmtNetStore: finds networks and keeps some open.  Thread: any. */
typedef struct _PmtNetStore PmtNetStore;

/**
 * pmt_net_store_new:
 * @data_dir: with "nets/" of the shipped networks
 */
PmtNetStore *pmt_net_store_new (const gchar *data_dir);
void pmt_net_store_free (PmtNetStore *store);

/** pmt_net_store_know: @info: what a probe found of the user's @path. */
void pmt_net_store_know (PmtNetStore *store,
                         const gchar *path,
                         const PmtNetInfo *info);

/** pmt_net_store_get_path: Returns: (transfer full): of a #PmtModelNet. */
gchar *pmt_net_store_get_path (PmtNetStore *store, const gchar *name);

/**
 * pmt_net_store_open:
 * @name: of a #PmtModelNet
 * @memory: bytes that opening may take
 * @error: as pmt_net_open(); PMT_ERROR_MODEL when there is no such file
 *
 * Returns: (transfer full): kept for the next run, too.
 */
PmtNet *pmt_net_store_open (PmtNetStore *store,
                            const gchar *name,
                            gint threads,
                            guint64 memory,
                            GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PmtNetStore, pmt_net_store_free)

G_END_DECLS
