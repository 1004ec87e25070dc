/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* service-questions.h: what services are asked while a dialog is open. */
#pragma once

#include "pentimento.h"

G_BEGIN_DECLS

/**
 * PmtServiceQuestions: asks in threads of their own, each question once
 *
 * Answers are kept until it is freed.  Thread: main.
 */
typedef struct _PmtServiceQuestions PmtServiceQuestions;

/** PmtServiceAnswerFunc: an answer came; called from the main loop. */
typedef void (*PmtServiceAnswerFunc) (gpointer user_data);

PmtServiceQuestions *pmt_service_questions_new (PmtEngine *engine,
                                                PmtServiceAnswerFunc answered,
                                                gpointer user_data);

/** pmt_service_questions_free: open questions are cancelled; no answers come. */
void pmt_service_questions_free (PmtServiceQuestions *questions);

/**
 * PmtServiceAnswer: what is known of a question
 * @is_open: it was asked; the rest is not there yet
 * @problem: (nullable): why there is no answer, in a sentence
 * @choices: (nullable): %NULL-terminated
 * @balance: in the unit of the service; negative: not told
 */
typedef struct
{
  gboolean is_open;
  gchar *problem;
  gchar **choices;
  gdouble balance;
} PmtServiceAnswer;

/**
 * pmt_service_questions_get_choices:
 * @param: such as "checkpoint"
 *
 * Asks where it was not asked yet, as pmt_engine_list_choices().
 * Returns: (transfer none): until it is freed.
 */
const PmtServiceAnswer *pmt_service_questions_get_choices (
    PmtServiceQuestions *questions, const gchar *service, const gchar *param);

/**
 * pmt_service_questions_get_balance:
 *
 * Asks where it was not asked yet, as pmt_engine_test_service().
 * Returns: (transfer none): until it is freed.
 */
const PmtServiceAnswer *
pmt_service_questions_get_balance (PmtServiceQuestions *questions,
                                   const gchar *service);

/**
 * pmt_service_questions_forget_problems:
 *
 * What failed is asked again next time, unless it is that of @service.
 */
void pmt_service_questions_forget_problems (PmtServiceQuestions *questions,
                                            const gchar *service);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PmtServiceQuestions, pmt_service_questions_free)

G_END_DECLS
