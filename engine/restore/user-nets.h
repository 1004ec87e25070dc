/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* user-nets.h: the user's own networks as models. */
#pragma once

#include "catalog/model.h"
#include "restore/net-store.h"

G_BEGIN_DECLS

/** Longest time for looking at networks that are not known yet, all of them
 * together. */
#define PMT_USER_NETS_SECONDS 30

/**
 * pmt_user_nets_add:
 * @user_dir: with "models/upscalers/", "cache/" for what was found, and
 *   "config.json", which may name folders of other programs
 * @models: (element-type PmtModel): added to
 * @problems: (element-type PmtProblem): files that can't be used are added
 *
 * Models get the id "upscaler-" and their file's name in small letters.
 */
void pmt_user_nets_add (PmtNetStore *store,
                        const gchar *user_dir,
                        gint threads,
                        GPtrArray *models,
                        GPtrArray *problems);

/**
 * pmt_user_nets_open:
 * @path: an .onnx file, anywhere
 * @error: as pmt_net_open()
 *
 * Returns: (transfer full): a model with @path as its id.
 */
PmtModel *pmt_user_nets_open (PmtNetStore *store,
                              const gchar *path,
                              gint threads,
                              GError **error);

G_END_DECLS
