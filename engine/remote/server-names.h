/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* server-names.h: what servers call samplers, checkpoints and the like. */
#pragma once

#include "remote/provider.h"

G_BEGIN_DECLS

/**
 * pmt_server_names_match:
 * @name: ours ("dpmpp-2m") or a server's
 * @offered: (nullable): %NULL-terminated: names of the server
 *
 * Compares without regard to case, spaces and punctuation, "+" being "p" and
 * "ancestral" being "a", and knows a few names that differ otherwise.
 *
 * Returns: (transfer none) (nullable): the one of @offered that is @name.
 */
const gchar *pmt_server_names_match (const gchar *name,
                                     const gchar *const *offered);

/**
 * pmt_server_names_match_file:
 * @name: of a model: a file name, with or without its folder, ending and the
 *   "[hash]" that AUTOMATIC1111 adds
 *
 * Returns: (transfer none) (nullable): the one of @offered that is @name; an
 *   exact one before one in another case, a full one before a part.
 */
const gchar *pmt_server_names_match_file (const gchar *name,
                                          const gchar *const *offered);

/**
 * pmt_server_names_find:
 * @param: "sampler", "schedule", "checkpoint", "upscaler", "lora", "vae"
 * @name: wanted, not empty
 * @error: class PARAMETER: the server has none of that name; the message
 *   lists what it has
 *
 * Looks in the provider's list and, before giving up, asks the server anew.
 *
 * Returns: (transfer full) (nullable): what the server calls it.
 */
gchar *pmt_server_names_find (PmtRemoteCall *call,
                              const gchar *param,
                              const gchar *name,
                              GError **error);

/**
 * pmt_server_names_refuse:
 * @offered: (nullable): what the server has
 *
 * Sets call->fault to PARAMETER, with @param, and @error.  Returns: %FALSE
 */
gboolean pmt_server_names_refuse (PmtRemoteCall *call,
                                  const gchar *param,
                                  const gchar *name,
                                  const gchar *const *offered,
                                  GError **error);

/**
 * pmt_server_names_refuse_with: %FALSE with class PARAMETER, @param (nullable)
 * and a sentence of our own as the detail.
 */
gboolean pmt_server_names_refuse_with (PmtRemoteCall *call,
                                       const gchar *param,
                                       const gchar *detail,
                                       GError **error);

G_END_DECLS
