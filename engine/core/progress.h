/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* progress.h: stages, fractions and cancellation of one run. */
#pragma once

#include "pentimento.h"

G_BEGIN_DECLS

/**
 * PmtProgress:
 *
 * Where a run stands.  A backend gets one, narrows it to parts
 * (pmt_progress_begin()/_end()) and reports 0..1 of the current part; the
 * user sees one fraction that never falls.  Calls are throttled.
 * Thread: one at a time; worker threads report through the run's thread.
 */
typedef struct _PmtProgress PmtProgress;

/** pmt_progress_new: @func may be %NULL. */
PmtProgress *pmt_progress_new (PmtProgressFunc func, gpointer user_data);
void pmt_progress_free (PmtProgress *progress);

/**
 * pmt_progress_begin:
 * @progress: (nullable)
 * @stage: (nullable): text marked with N_(): reports are translated, timings
 *   keep the English text, for scripts; %NULL keeps the outer stage's
 * @weight: share of the enclosing part that this part takes, 0..1
 *
 * Parts nest; each takes the next @weight of its parent.
 */
void
pmt_progress_begin (PmtProgress *progress, const gchar *stage, gdouble weight);
void pmt_progress_end (PmtProgress *progress);

/** pmt_progress_report: @fraction 0..1 of the current part. */
void pmt_progress_report (PmtProgress *progress, gdouble fraction);

/**
 * pmt_progress_step:
 * @step: from 1: the step of the current part that begins now
 * @n_steps: how many there are
 *
 * The user sees the stage with the step.
 */
void pmt_progress_step (PmtProgress *progress, guint step, guint n_steps);

/** pmt_progress_preview: reports now, with @preview (canvas coordinates). */
void pmt_progress_preview (PmtProgress *progress,
                           gdouble fraction,
                           GeglBuffer *preview);

/**
 * pmt_progress_get_timings: "a{sd}" seconds per outermost stage, floating.
 */
GVariant *pmt_progress_get_timings (PmtProgress *progress);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PmtProgress, pmt_progress_free)

G_END_DECLS
