/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* lists.h: what a server offers for a parameter, asked once. */
#pragma once

#include "remote/provider.h"

G_BEGIN_DECLS

/** PmtListAsk: as @list of PmtProvider, always asking the server. */
typedef gchar **(*PmtListAsk) (PmtRemoteCall *call,
                               const gchar *param,
                               GError **error);

/**
 * pmt_lists_get:
 * @param: our name: "checkpoint", "sampler", ...
 * @ask: asks the server where nothing is known
 *
 * Lists are known for the process and, in call->cache_dir, for a day
 * (ACCOUNT-PARAM.json with the address and the time).  Names that are no UTF-8,
 * have control characters or more than 500 bytes are left out, as is what
 * comes after 5000 names.  A failure is not remembered.  Thread: any.
 *
 * Returns: (transfer full) (nullable): %NULL-terminated, without duplicates.
 */
gchar **pmt_lists_get (PmtRemoteCall *call,
                       const gchar *param,
                       PmtListAsk ask,
                       GError **error);

/**
 * pmt_lists_forget: the next pmt_lists_get() asks the server.
 * @param: (nullable): %NULL: all lists of the account
 */
void pmt_lists_forget (PmtRemoteCall *call, const gchar *param);

/**
 * pmt_lists_add_names:
 * @array: (nullable): JSON of a server: anything
 * @member: (nullable): of the objects in it that holds the name; %NULL: the
 *   elements are names
 *
 * Adds the names to @builder.
 */
void pmt_lists_add_names (GStrvBuilder *builder,
                          const cJSON *array,
                          const gchar *member);

G_END_DECLS
