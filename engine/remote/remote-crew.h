/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* remote-crew.h: the calls of a run, side by side. */
#pragma once

#include "remote/remote-task.h"

G_BEGIN_DECLS

/**
 * PmtRemoteWork: a call with its thread's share of the work
 * @error: why it failed
 * @spending_error: its cost could not be written down
 * @is_sent: nothing more of it has to be sent
 * The rest is guarded by @mutex while threads run.
 */
typedef struct
{
  PmtRemoteRun *run;
  const PmtRemoteInput *input;
  PmtRunCall *call;
  PmtRemoteReply *reply;
  GError *error;
  GError *spending_error;
  gdouble fraction;
  GBytes *preview;
  GMutex *mutex;
  GCond *cond;
  gboolean is_started;
  gboolean is_sent;
  gboolean is_done;
} PmtRemoteWork;

/**
 * PmtRemoteTakeFunc:
 * @work: done without an error
 *
 * Takes over what came, in the thread of the run.
 */
typedef gboolean (*PmtRemoteTakeFunc) (PmtRemoteWork *work,
                                       gpointer data,
                                       GError **error);

/**
 * PmtRemoteCrew: all calls of a run
 * @inputs: (element-type PmtRemoteInput)
 * @works: (element-type PmtRemoteWork)
 * @take: called while others still work, for one work after the other in their
 *   order, as far as they are done; a failure is that of the work
 * @n_taken: so many of @works were taken; none behind one that failed
 * @is_prepared: what the inputs need for that is there
 */
typedef struct
{
  PmtRemoteRun *run;
  GPtrArray *inputs;
  GPtrArray *works;
  PmtRemoteTakeFunc take;
  gpointer take_data;
  guint n_taken;
  gboolean is_prepared;
  GMutex mutex;
  GCond cond;
} PmtRemoteCrew;

void pmt_remote_crew_init (PmtRemoteCrew *crew, PmtRemoteRun *run);
void pmt_remote_crew_clear (PmtRemoteCrew *crew);

/**
 * pmt_remote_crew_add:
 * @input: not owned: of @crew->inputs
 *
 * A call that pmt_remote_crew_run() will make.
 */
void pmt_remote_crew_add (PmtRemoteCrew *crew,
                          const PmtRemoteInput *input,
                          PmtRunCall *call);

/**
 * pmt_remote_crew_run:
 *
 * Makes the calls, as many at once as the service takes, and reports progress
 * and previews (canvas coordinates) from the calling thread.
 *
 * Returns: %FALSE with @error when no thread could be started; what became of
 *   each call stands in its work.
 */
gboolean pmt_remote_crew_run (PmtRemoteCrew *crew, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PmtRemoteCrew, pmt_remote_crew_clear)

G_END_DECLS
