/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* listing.h: what the parts of pmt_store_list() share. */
#pragma once

#include "catalog/model-walk.h"
#include "core/engine-private.h"
#include "store/store-private.h"

G_BEGIN_DECLS

/**
 * PmtStoreListing:
 * @offers: (element-type PmtOffer)
 * @items: (element-type PmtStoreItem): added to
 * @problems: (element-type PmtProblem): added to
 * @models: path to PmtModel, of those that are files of the user's
 */
typedef struct
{
  PmtEngine *engine;
  GPtrArray *offers;
  GPtrArray *items;
  GPtrArray *problems;
  GHashTable *models;
} PmtStoreListing;

/** pmt_store_list_file: (list.c) adds a file or folder that is here.  Returns:
 * (transfer none): the item. */
PmtStoreItem *pmt_store_list_file (PmtStoreListing *list,
                                   const gchar *id,
                                   const gchar *kind,
                                   const gchar *path,
                                   PmtStoreState state);

/** pmt_store_what_to_walk: what models of @kind are. */
PmtModelWalkFlags pmt_store_what_to_walk (const gchar *kind);

/** pmt_store_list_sources: (list-sources.c) */
void pmt_store_list_sources (PmtStoreListing *list);

G_END_DECLS
