/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* remote-run.h: a plan carried out by a service. */
#pragma once

#include "core/result-builder.h"
#include "remote/drive.h"
#include "remote/remote-plan.h"
#include "remote/run-file.h"

G_BEGIN_DECLS

/**
 * PmtRemoteRun: what a run works with; all of it owned by the caller
 * @key: (nullable)
 * @file: where its calls are written down; those that it has are gone on with
 * @cost: of the whole run, as estimated; negative: not known
 */
typedef struct
{
  const PmtJob *job;
  const PmtModelService *service;
  const PmtAccount *account;
  const gchar *key;
  const PmtRemotePlan *plan;
  PmtHttp *http;
  PmtRunFile *file;
  const gchar *user_dir;
  gdouble cost;
  PmtProgress *progress;
  GCancellable *cancellable;
} PmtRemoteRun;

/**
 * pmt_remote_run:
 *
 * Prepares the pictures, runs the calls side by side, and makes layers of what
 * came back.  When some calls fail and others don't, the result has what came
 * and a note on what did not.
 *
 * Returns: (transfer full): or %NULL with @error: of the first call that
 *   failed.
 */
PmtResult *pmt_remote_run (PmtRemoteRun *run, GError **error);

G_END_DECLS
