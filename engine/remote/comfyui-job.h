/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* comfyui-job.h: a prompt at a ComfyUI server, once it was sent. */
#pragma once

#include "remote/provider.h"

G_BEGIN_DECLS

/* As the functions of PmtProvider. */
void pmt_comfy_classify (guint status,
                         const PmtHttpAnswer *answer,
                         const cJSON *json,
                         PmtFault *fault);
gboolean pmt_comfy_poll (PmtRemoteCall *call,
                         const PmtRemoteTask *task,
                         PmtRemoteJob *job,
                         GError **error);
gboolean pmt_comfy_fetch (PmtRemoteCall *call,
                          const PmtRemoteTask *task,
                          PmtRemoteJob *job,
                          PmtRemoteReply *reply,
                          GError **error);
void pmt_comfy_cancel (PmtRemoteCall *call, PmtRemoteJob *job);

/**
 * pmt_comfy_classify_nodes:
 * @nodes: (nullable): "node_errors"
 *
 * Returns: whether there is an error; @fault names the input and the node.
 */
gboolean pmt_comfy_classify_nodes (const cJSON *nodes, PmtFault *fault);

/**
 * pmt_comfy_is_known:
 *
 * Looks into history and queue, without an error: whether a prompt whose
 * answer was lost has arrived.
 */
gboolean pmt_comfy_is_known (PmtRemoteCall *call, const gchar *prompt_id);

G_END_DECLS
