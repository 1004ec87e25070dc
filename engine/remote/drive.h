/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* drive.h: one call of a service from its beginning to its pictures. */
#pragma once

#include "remote/provider.h"

G_BEGIN_DECLS

/**
 * PmtDriveLimits: seconds
 * @total_s: until a job must be done
 * @wait_s: longest that a service may ask to wait before we give up
 */
typedef struct
{
  gdouble total_s;
  gdouble wait_s;
} PmtDriveLimits;

#define PMT_DRIVE_LIMITS_INIT { 900.0, 120.0 }

/**
 * pmt_drive:
 * @call: with everything set
 * @job: (inout): NEW: is sent; SENDING: sent again only where the service
 *   knows it by its key; RUNNING, DONE: gone on with
 * @reply: gets the pictures
 * @error: the sentence of call->fault
 *
 * Submits, polls, fetches.  What may cost money is sent once: again only when
 * it surely did not arrive, or with the same key to a service that knows keys.
 * Waits as the service asks.  A look at a job costs nothing and is repeated:
 * for two minutes in a row where the network fails, nothing comes in time or
 * too much is asked, which is less than the shortest time that a service keeps
 * results (six minutes); three more times where the service itself fails.
 * Cancelling tells the service and returns within a second.  After a failure @job->state tells whether it can be gone on with
 * later: RUNNING and DONE can; SENDING: the outcome is not known.
 * Blocks; any thread.
 */
gboolean pmt_drive (PmtRemoteCall *call,
                    const PmtRemoteTask *task,
                    const PmtDriveLimits *limits,
                    PmtRemoteJob *job,
                    PmtRemoteReply *reply,
                    GError **error);

/**
 * pmt_drive_cancel: (drive-cancel.c)
 * @job: (inout): sent; CANCELLED afterwards
 *
 * Tells the service, where it can be told; not longer than a user wants to wait.
 */
void pmt_drive_cancel (PmtRemoteCall *call, PmtRemoteJob *job);

G_END_DECLS
