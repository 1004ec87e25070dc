/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* sdapi.h: the protocol of AUTOMATIC1111, Forge and SD.Next, which
 * sd-server speaks too. */
#pragma once

#include "remote/provider.h"

G_BEGIN_DECLS

/* As the functions of PmtProvider. */
void pmt_sdapi_classify (guint status,
                         const PmtHttpAnswer *answer,
                         const cJSON *json,
                         PmtFault *fault);
gboolean pmt_sdapi_submit (PmtRemoteCall *call,
                           const PmtRemoteTask *task,
                           PmtRemoteJob *job,
                           PmtRemoteReply *reply,
                           GError **error);
void pmt_sdapi_cancel (PmtRemoteCall *call, PmtRemoteJob *job);

/** pmt_sdapi_ask: a list, from the server each time (PmtListAsk). */
gchar **pmt_sdapi_ask (PmtRemoteCall *call, const gchar *param, GError **error);

/**
 * pmt_sdapi_body_new:
 * @task_id: to ask for progress with
 *
 * Looks names up in the server's lists; nothing of the task is sent.
 *
 * Returns: (transfer full) (nullable): the body of a request to
 *   pmt_sdapi_path(); %NULL with @error.
 */
cJSON *pmt_sdapi_body_new (PmtRemoteCall *call,
                           const PmtRemoteTask *task,
                           const gchar *task_id,
                           GError **error);

/** pmt_sdapi_path: where a task of that kind is sent.  (transfer none) */
const gchar *pmt_sdapi_path (const PmtRemoteTask *task);

/** PmtSdapiProgress: watches a task in a thread of its own. */
typedef struct _PmtSdapiProgress PmtSdapiProgress;

/**
 * pmt_sdapi_progress_start:
 * @call: is reported to until pmt_sdapi_progress_stop()
 *
 * Asks once a second, first for the task alone (AUTOMATIC1111), then for
 * whatever the server does; stops by itself where it knows neither.
 */
PmtSdapiProgress *pmt_sdapi_progress_start (PmtRemoteCall *call,
                                            const gchar *task_id);
void pmt_sdapi_progress_stop (PmtSdapiProgress *progress);

G_END_DECLS
