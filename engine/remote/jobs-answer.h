/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* jobs-answer.h: what the jobs API answers. */
#pragma once

#include "remote/provider.h"

G_BEGIN_DECLS

/** pmt_jobs_classify: as classify of PmtProvider. */
void pmt_jobs_classify (guint status,
                        const PmtHttpAnswer *answer,
                        const cJSON *json,
                        PmtFault *fault);

/** pmt_jobs_member_of_id: Returns: (transfer none): "job_id" or "id". */
const gchar *pmt_jobs_member_of_id (const cJSON *json);

/**
 * pmt_jobs_read_job:
 * @json: a job: {job_id, status, outputs, credits, error}
 *
 * Puts state, cost, progress and the next poll into @job.
 *
 * Returns: %FALSE for a job that has failed or was cancelled.
 */
gboolean pmt_jobs_read_job (PmtRemoteCall *call,
                            const cJSON *json,
                            PmtRemoteJob *job,
                            GError **error);

/**
 * pmt_jobs_take_outputs:
 *
 * Downloads the pictures of a job that is done, in whichever of its forms they
 * come.  Errors: as pmt_fal_take_output().
 */
gboolean pmt_jobs_take_outputs (PmtRemoteCall *call,
                                const cJSON *json,
                                PmtRemoteReply *reply,
                                GError **error);

G_END_DECLS
