/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* openai-events.h: pictures that are told bit by bit. */
#pragma once

#include "remote/provider.h"

G_BEGIN_DECLS

/**
 * PmtOpenaiEvents: what came out of an event stream so far
 * @completed: (nullable): what was finished, as a plain answer has it
 * @failed: (nullable): {"error": ...}
 */
typedef struct
{
  PmtRemoteCall *call;
  cJSON *completed;
  cJSON *failed;
} PmtOpenaiEvents;

void pmt_openai_events_clear (PmtOpenaiEvents *events);

/**
 * pmt_openai_events_take: a PmtEventFunc
 * @events: PmtOpenaiEvents
 *
 * "*.partial_image" is reported as a preview, "*.completed" collected.
 */
void pmt_openai_events_take (const gchar *text, gpointer events);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PmtOpenaiEvents, pmt_openai_events_clear)

G_END_DECLS
