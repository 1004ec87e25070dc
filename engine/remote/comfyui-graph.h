/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* comfyui-graph.h: graphs of nodes, as ComfyUI runs them. */
#pragma once

#include "remote/comfyui-info.h"
#include "remote/server-settings.h"

G_BEGIN_DECLS

/** Number of the first node that saves a picture; the next ones follow. */
#define PMT_COMFY_SAVE 300

/**
 * pmt_comfy_graph_classes:
 *
 * Returns: (transfer none): %NULL-terminated: nodes that a graph for
 *   @operation may have.
 */
const gchar *const *pmt_comfy_graph_classes (PmtOperation operation);

/**
 * pmt_comfy_graph_new:
 * @info: of pmt_comfy_graph_classes()
 * @settings: (nullable): %NULL for upscale
 * @error: class PARAMETER: something that the server doesn't have; checked
 *   with pmt_comfy_info_check()
 *
 * A branch for each picture, with a seed of its own: picture i is the one that
 * the seed task->seed + i gives alone, and is saved by node
 * PMT_COMFY_SAVE + i.
 *
 * Source: the graphs of ComfyUI's examples; its nodes.py.
 *
 * Returns: (transfer full) (nullable): nodes by their numbers.
 */
cJSON *pmt_comfy_graph_new (PmtRemoteCall *call,
                            const PmtComfyInfo *info,
                            const PmtRemoteTask *task,
                            const PmtServerSettings *settings,
                            GError **error);

/** pmt_comfy_graph_set_image: name of the picture, once it was sent. */
void pmt_comfy_graph_set_image (cJSON *graph, const gchar *name);

/** pmt_comfy_graph_set_mask: name of the mask. */
void pmt_comfy_graph_set_mask (cJSON *graph, const gchar *name);

G_END_DECLS
