/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* store-private.h: what the parts of the store share. */
#pragma once

#include "pentimento.h"
#include "store/fetch.h"
#include "store/offer.h"

G_BEGIN_DECLS

/** pmt_store_require_folder: Errors: PMT_ERROR_UNSUPPORTED: the engine has no
 * user's folder. */
gboolean pmt_store_require_folder (PmtEngine *engine, GError **error);

/**
 * pmt_store_download_with: (download.c)
 *
 * pmt_store_download() with other @options.
 */
gboolean pmt_store_download_with (PmtEngine *engine,
                                  const gchar *id,
                                  const PmtFetchOptions *options,
                                  PmtStoreProgressFunc progress,
                                  gpointer progress_data,
                                  GCancellable *cancellable,
                                  GError **error);

/** PmtOfferState: how many of its files and bytes are there. */
typedef struct
{
  guint n_there;
  gboolean is_begun;
  guint64 bytes;
} PmtOfferState;

/** pmt_offer_look: what there is of @offer.  A file of another size counts as
 * not there. */
void pmt_offer_look (const PmtOffer *offer,
                     const gchar *user_dir,
                     PmtOfferState *state);

/**
 * pmt_store_measure: (item.c)
 * @path: a file or a folder
 *
 * Returns: bytes of the files in it.
 */
guint64 pmt_store_measure (const gchar *path);

/**
 * pmt_store_delete: (remove.c)
 * @path: a file, a link (not what it leads to) or a folder with all in it; need
 *   not exist
 * @error: PMT_ERROR_FILE
 */
gboolean pmt_store_delete (const gchar *path, GError **error);

G_END_DECLS
