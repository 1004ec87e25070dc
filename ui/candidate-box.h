/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* candidate-box.h: candidates to compare, choose from and insert. */
#pragma once

#include "candidate.h"
#include "message-bar.h"
#include "results-source.h"

G_BEGIN_DECLS

#define PMT_TYPE_CANDIDATE_BOX (pmt_candidate_box_get_type ())
G_DECLARE_FINAL_TYPE (
    PmtCandidateBox, pmt_candidate_box, PMT, CANDIDATE_BOX, GtkBox)

/**
 * pmt_candidate_box_new:
 * @source: inserts; not copied
 * @bar: tells what went wrong; not owned
 *
 * Hidden as long as it has no candidates.  Signal "done": some were inserted,
 * and the user wants nothing else.
 */
GtkWidget *pmt_candidate_box_new (const PmtResultsSource *source,
                                  PmtMessageBar *bar);

/**
 * pmt_candidate_box_add:
 * @candidate: (transfer full)
 * @position: 0: at the beginning; that one is shown
 */
void pmt_candidate_box_add (PmtCandidateBox *box,
                            PmtCandidate *candidate,
                            guint position);

/** pmt_candidate_box_set_running: what ends the window waits for the run. */
void pmt_candidate_box_set_running (PmtCandidateBox *box, gboolean is_running);

/**
 * pmt_candidate_box_offer:
 * @run: the button that ran
 *
 * From now on Return inserts and closes, unless the user is at something else
 * that takes it.
 */
void pmt_candidate_box_offer (PmtCandidateBox *box, GtkWidget *run);

/** pmt_candidate_box_may_close: asks before what was paid for is lost. */
gboolean pmt_candidate_box_may_close (PmtCandidateBox *box);

G_END_DECLS
