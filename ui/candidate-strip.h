/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* candidate-strip.h: thumbnails of candidates, to look at and to check. */
#pragma once

#include "candidate.h"

G_BEGIN_DECLS

#define PMT_TYPE_CANDIDATE_STRIP (pmt_candidate_strip_get_type ())
G_DECLARE_FINAL_TYPE (PmtCandidateStrip,
                      pmt_candidate_strip,
                      PMT,
                      CANDIDATE_STRIP,
                      GtkScrolledWindow)

/**
 * pmt_candidate_strip_new:
 *
 * Signal "changed": another one is shown, or one was checked or unchecked.
 */
GtkWidget *pmt_candidate_strip_new (void);

/**
 * pmt_candidate_strip_add:
 * @candidate: (transfer full)
 * @position: 0: at the beginning
 * @is_shown: it becomes the one that is shown
 */
void pmt_candidate_strip_add (PmtCandidateStrip *strip,
                              PmtCandidate *candidate,
                              guint position,
                              gboolean is_shown);

/** pmt_candidate_strip_get_shown: (transfer none) (nullable): %NULL when there
 * are none. */
PmtCandidate *pmt_candidate_strip_get_shown (PmtCandidateStrip *strip);

/**
 * pmt_candidate_strip_list:
 * @only_checked: those that are checked, or where none is, the one shown
 *
 * Returns: (transfer container) (element-type PmtCandidate): in the order of
 *   their numbers.
 */
GPtrArray *pmt_candidate_strip_list (PmtCandidateStrip *strip,
                                     gboolean only_checked);

/** pmt_candidate_strip_remove: frees them, too. */
void pmt_candidate_strip_remove (PmtCandidateStrip *strip,
                                 GPtrArray *candidates);

/** pmt_candidate_strip_mark: @candidates are inserted from now on; none is
 * checked any more. */
void pmt_candidate_strip_mark (PmtCandidateStrip *strip, GPtrArray *candidates);

G_END_DECLS
