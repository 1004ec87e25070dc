/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* comfyui-info.h: which nodes a ComfyUI server has (/object_info). */
#pragma once

#include "remote/provider.h"

G_BEGIN_DECLS

/** PmtComfyInfo: classes of nodes and their inputs. */
typedef struct _PmtComfyInfo PmtComfyInfo;

PmtComfyInfo *pmt_comfy_info_new (void);
void pmt_comfy_info_free (PmtComfyInfo *info);

/**
 * pmt_comfy_info_add:
 * @json: answer to /object_info or to /object_info/CLASS: anything
 */
void pmt_comfy_info_add (PmtComfyInfo *info, const cJSON *json);

/**
 * pmt_comfy_info_load:
 * @classes: %NULL-terminated
 *
 * Asks the server for each of them; one that it doesn't have is no failure.
 */
gboolean pmt_comfy_info_load (PmtComfyInfo *info,
                              PmtRemoteCall *call,
                              const gchar *const *classes,
                              GError **error);

gboolean pmt_comfy_info_has (const PmtComfyInfo *info, const gchar *name);

/** pmt_comfy_info_has_input: whether nodes of class @name have that input. */
gboolean pmt_comfy_info_has_input (const PmtComfyInfo *info,
                                   const gchar *name,
                                   const gchar *input);

/**
 * pmt_comfy_info_get_choices:
 *
 * Returns: (transfer full) (nullable): the values that an input may have, as
 *   old and new versions write them; %NULL where it has no list of values, or
 *   one that uploads change.
 */
gchar **pmt_comfy_info_get_choices (const PmtComfyInfo *info,
                                    const gchar *name,
                                    const gchar *input);

/**
 * pmt_comfy_info_check:
 * @graph: as /prompt takes it
 * @error: class PARAMETER: a node or a value that the server doesn't have
 *
 * Said before anything is sent, and in words that tell what is missing.
 */
gboolean pmt_comfy_info_check (const PmtComfyInfo *info,
                               PmtRemoteCall *call,
                               const cJSON *graph,
                               GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PmtComfyInfo, pmt_comfy_info_free)

G_END_DECLS
