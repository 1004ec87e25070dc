/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* paid-question.h: asks before something that was paid for is lost. */
#pragma once

#include "candidate.h"

G_BEGIN_DECLS

/**
 * PmtPaidAnswer:
 * @PMT_PAID_LOSE: also when nothing was paid for
 * @PMT_PAID_KEEP: go back
 * @PMT_PAID_INSERT: insert them first
 */
typedef enum
{
  PMT_PAID_LOSE,
  PMT_PAID_KEEP,
  PMT_PAID_INSERT
} PmtPaidAnswer;

/**
 * pmt_paid_question_ask:
 * @candidates: (element-type PmtCandidate): that are about to be lost
 *
 * Asks when some of them are paid for and not inserted.
 */
PmtPaidAnswer pmt_paid_question_ask (GtkWindow *parent, GPtrArray *candidates);

/** pmt_paid_question_may_lose: likewise, without the choice to insert. */
gboolean pmt_paid_question_may_lose (GtkWindow *parent, GPtrArray *candidates);

G_END_DECLS
