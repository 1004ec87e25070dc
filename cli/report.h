/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* report.h: what a run or an estimate tells on standard output. */
#pragma once

#include "pentimento.h"

G_BEGIN_DECLS

/** report_reset_peak_memory: "peak_memory" counts from here (Linux). */
void report_reset_peak_memory (void);

/** RunTimes: microseconds, for what the engine does not see. */
typedef struct
{
  gint64 load;
  gint64 save;
  gint64 total;
} RunTimes;

/**
 * report_run:
 * @out: %NULL-terminated names of the files written, one per candidate
 * @times: of the whole run, files included
 */
void report_run (const PmtResult *result,
                 gchar **out,
                 gdouble credits,
                 const RunTimes *times,
                 gboolean is_json);

/** report_estimate: @notes: %NULL-terminated, what is to be known before. */
void report_estimate (const PmtEstimate *estimate,
                      const gchar *const *notes,
                      gboolean is_json);

G_END_DECLS
