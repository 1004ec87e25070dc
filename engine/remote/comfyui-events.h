/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* comfyui-events.h: what ComfyUI tells over its WebSocket. */
#pragma once

#include "remote/provider.h"

G_BEGIN_DECLS

/**
 * PmtComfyEvents: what is known of a prompt
 * @prompt_id: events of others are ignored
 * @n_pictures: samplers of the graph, for the fraction
 * @node: (nullable): sampler that works
 * @n_done: samplers that are done
 * @fraction: 0..1; negative: not known
 * @preview: (nullable): the last one, an encoded picture
 * @is_over: it is done, failed or was interrupted; the history says which
 */
typedef struct
{
  const gchar *prompt_id;
  guint n_pictures;
  gchar *node;
  guint n_done;
  gdouble fraction;
  GBytes *preview;
  gboolean is_over;
} PmtComfyEvents;

#define PMT_COMFY_EVENTS_INIT { NULL, 1, NULL, 0, -1.0, NULL, FALSE }

void pmt_comfy_events_clear (PmtComfyEvents *events);

/**
 * pmt_comfy_events_take:
 * @message: anything; what isn't understood is ignored
 *
 * Returns: whether there is something to report.
 */
gboolean pmt_comfy_events_take (PmtComfyEvents *events,
                                GBytes *message,
                                gboolean is_binary);

/**
 * pmt_comfy_events_describe:
 * @data: (nullable): of "execution_error"
 *
 * Returns: (transfer full) (nullable): what went wrong, and in which node.
 */
gchar *pmt_comfy_events_describe (const cJSON *data);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PmtComfyEvents, pmt_comfy_events_clear)

G_END_DECLS
