/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* candidate-view.h: one candidate, large, to compare with what was there. */
#pragma once

#include "candidate.h"

G_BEGIN_DECLS

#define PMT_TYPE_CANDIDATE_VIEW (pmt_candidate_view_get_type ())
G_DECLARE_FINAL_TYPE (
    PmtCandidateView, pmt_candidate_view, PMT, CANDIDATE_VIEW, GtkBox)

GtkWidget *pmt_candidate_view_new (void);

/**
 * pmt_candidate_view_show:
 * @candidate: (nullable): not kept
 *
 * Shows it over the picture that it was made from.  What was there before shows
 * while a mouse button is held on it, or as long as "Show Before" is pressed.
 */
void pmt_candidate_view_show (PmtCandidateView *view,
                              const PmtCandidate *candidate);

G_END_DECLS
