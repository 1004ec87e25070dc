/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* service-questions.c: GTK goes on while a service takes its time. */
#include "config.h"

#include "service-questions.h"

struct _PmtServiceQuestions
{
  PmtEngine *engine;
  PmtServiceAnswerFunc answered;
  gpointer user_data;
  GCancellable *cancellable;
  GHashTable *answers; /* "service\nparam" to PmtServiceAnswer */
};

/* @param: (nullable): %NULL: the balance. */
typedef struct
{
  PmtEngine *engine;
  gchar *key;
  gchar *service;
  gchar *param;
  gchar **choices;
  gdouble balance;
} Question;

static void
question_free (gpointer data)
{
  Question *question = data;

  pmt_engine_unref (question->engine);
  g_free (question->key);
  g_free (question->service);
  g_free (question->param);
  g_strfreev (question->choices);
  g_free (question);
}

static void
answer_free (gpointer data)
{
  PmtServiceAnswer *answer = data;

  g_free (answer->problem);
  g_strfreev (answer->choices);
  g_free (answer);
}

static void
ask (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Question *question = data;
  GError *error = NULL;
  gboolean is_ok;

  if (question->param)
    {
      question->choices =
          pmt_engine_list_choices (question->engine, question->service,
                                   question->param, cancellable, &error);
      is_ok = question->choices != NULL;
    }
  else
    {
      is_ok = pmt_engine_test_service (question->engine, question->service,
                                       &question->balance, cancellable, &error);
    }

  if (is_ok)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* After a cancellation @user_data may be gone. */
static void
take_answer (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Question *question = g_task_get_task_data (G_TASK (result));
  PmtServiceQuestions *questions = user_data;
  PmtServiceAnswer *answer;
  g_autoptr (GError) error = NULL;

  g_task_propagate_boolean (G_TASK (result), &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  answer = g_hash_table_lookup (questions->answers, question->key);
  answer->is_open = FALSE;
  answer->problem = error ? g_strdup (error->message) : NULL;
  answer->choices = g_steal_pointer (&question->choices);
  answer->balance = question->balance;
  questions->answered (questions->user_data);
}

static const PmtServiceAnswer *
get_answer (PmtServiceQuestions *questions,
            const gchar *service,
            const gchar *param)
{
  g_autofree gchar *key = g_strconcat (service, "\n", param, NULL);
  PmtServiceAnswer *answer = g_hash_table_lookup (questions->answers, key);
  Question *question;
  g_autoptr (GTask) task = NULL;

  if (answer)
    return answer;

  answer = g_new0 (PmtServiceAnswer, 1);
  answer->is_open = TRUE;
  answer->balance = -1.0;
  g_hash_table_insert (questions->answers, g_strdup (key), answer);
  question = g_new0 (Question, 1);
  question->engine = pmt_engine_ref (questions->engine);
  question->key = g_steal_pointer (&key);
  question->service = g_strdup (service);
  question->param = g_strdup (param);
  question->balance = -1.0;
  task = g_task_new (NULL, questions->cancellable, take_answer, questions);
  g_task_set_task_data (task, question, question_free);
  g_task_set_check_cancellable (task, TRUE);
  g_task_run_in_thread (task, ask);

  return answer;
}

PmtServiceQuestions *
pmt_service_questions_new (PmtEngine *engine,
                           PmtServiceAnswerFunc answered,
                           gpointer user_data)
{
  PmtServiceQuestions *questions = g_new0 (PmtServiceQuestions, 1);

  questions->engine = pmt_engine_ref (engine);
  questions->answered = answered;
  questions->user_data = user_data;
  questions->cancellable = g_cancellable_new ();
  questions->answers =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, answer_free);

  return questions;
}

void
pmt_service_questions_free (PmtServiceQuestions *questions)
{
  if (!questions)
    return;

  g_cancellable_cancel (questions->cancellable);
  g_object_unref (questions->cancellable);
  pmt_engine_unref (questions->engine);
  g_hash_table_unref (questions->answers);
  g_free (questions);
}

const PmtServiceAnswer *
pmt_service_questions_get_choices (PmtServiceQuestions *questions,
                                   const gchar *service,
                                   const gchar *param)
{
  return get_answer (questions, service, param);
}

const PmtServiceAnswer *
pmt_service_questions_get_balance (PmtServiceQuestions *questions,
                                   const gchar *service)
{
  return get_answer (questions, service, NULL);
}

void
pmt_service_questions_forget_problems (PmtServiceQuestions *questions,
                                       const gchar *service)
{
  g_autofree gchar *prefix = g_strconcat (service, "\n", NULL);
  GHashTableIter iter;
  gpointer key;
  gpointer value;

  g_hash_table_iter_init (&iter, questions->answers);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      const PmtServiceAnswer *answer = value;

      if (answer->problem && !g_str_has_prefix (key, prefix))
        g_hash_table_iter_remove (&iter);
    }
}
