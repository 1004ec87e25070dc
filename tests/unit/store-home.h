/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* store-home.h: a user's folder for tests of the store. */
#pragma once

#include "pentimento.h"

G_BEGIN_DECLS

/** StoreHome: @folder holds everything and is removed in the end; @user_dir is
 * in it. */
typedef struct
{
  gchar *folder;
  gchar *user_dir;
  PmtEngine *engine;
} StoreHome;

void store_home_set_up (StoreHome *home);
void store_home_tear_down (StoreHome *home);

/** store_home_path: (transfer full): of the parts, ended by %NULL, below
 * @folder. */
gchar *store_home_path (StoreHome *home, ...) G_GNUC_NULL_TERMINATED;

/** store_home_write: @name below @folder, with folders; text when @length is
 * -1. */
void store_home_write (StoreHome *home,
                       const gchar *name,
                       const gchar *bytes,
                       gssize length);

/** store_home_has: whether there is something at @name below @folder. */
gboolean store_home_has (StoreHome *home, const gchar *name);

/** store_home_embedding: writes a small embedding, which is a model file that
 * needs nothing else. */
void store_home_embedding (StoreHome *home, const gchar *name);

/** store_home_find: (transfer none) (nullable): of pmt_store_list(). */
const PmtStoreItem *store_home_find (GPtrArray *items, const gchar *id);

G_END_DECLS
