/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* brief-call.h: a second line to a server, for a moment. */
#pragma once

#include "remote/provider.h"

G_BEGIN_DECLS

/**
 * PmtBriefCall: asks and cancels beside a call that is busy, or was cancelled
 * @call: with a cancellable of its own; reports and saves nothing
 */
typedef struct
{
  PmtRemoteCall call;
  GThread *thread;
  GMutex lock;
  GCond cond;
  gint64 end_time;
  gboolean is_over;
} PmtBriefCall;

/**
 * pmt_brief_call_init:
 * @call: its account, key and connections are used; it must outlive @brief
 * @seconds: after which what goes on is given up; 0: never
 */
void pmt_brief_call_init (PmtBriefCall *brief,
                          const PmtRemoteCall *call,
                          gdouble seconds);
void pmt_brief_call_clear (PmtBriefCall *brief);

G_END_DECLS
