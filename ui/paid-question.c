/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* paid-question.c: asks before something that was paid for is lost. */
#include "config.h"

#include "paid-question.h"

#include <glib/gi18n-lib.h>

/* Answers; others keep. */
#define LOSE 1
#define INSERT 2

static guint
count_paid (GPtrArray *candidates)
{
  guint n = 0;

  for (guint i = 0; i < candidates->len; i++)
    {
      const PmtCandidate *candidate = g_ptr_array_index (candidates, i);

      n += candidate->is_paid && !candidate->is_inserted ? 1 : 0;
    }

  return n;
}

static PmtPaidAnswer
ask (GtkWindow *parent, GPtrArray *candidates, gboolean may_insert)
{
  const guint n = count_paid (candidates);
  GtkWidget *dialog;
  gint answer;

  if (n == 0)
    return PMT_PAID_LOSE;
  dialog = gtk_message_dialog_new (
      parent, GTK_DIALOG_DESTROY_WITH_PARENT, GTK_MESSAGE_QUESTION,
      GTK_BUTTONS_NONE,
      g_dngettext (GETTEXT_PACKAGE,
                   "%u candidate that a service may have charged for is not "
                   "inserted, and would be lost.",
                   "%u candidates that a service may have charged for are not "
                   "inserted, and would be lost.",
                   n),
      n);
  gtk_window_set_title (GTK_WINDOW (dialog), _ ("Paid Candidates"));
  gtk_dialog_add_button (GTK_DIALOG (dialog), _ ("_Keep"), GTK_RESPONSE_CANCEL);
  gtk_dialog_add_button (GTK_DIALOG (dialog), _ ("_Lose Them"), LOSE);
  if (may_insert)
    gtk_dialog_add_button (GTK_DIALOG (dialog), _ ("_Insert Them"), INSERT);
  gtk_dialog_set_default_response (GTK_DIALOG (dialog),
                                   may_insert ? INSERT : GTK_RESPONSE_CANCEL);
  answer = gtk_dialog_run (GTK_DIALOG (dialog));
  gtk_widget_destroy (dialog);

  return answer == LOSE     ? PMT_PAID_LOSE
         : answer == INSERT ? PMT_PAID_INSERT
                            : PMT_PAID_KEEP;
}

PmtPaidAnswer
pmt_paid_question_ask (GtkWindow *parent, GPtrArray *candidates)
{
  return ask (parent, candidates, TRUE);
}

gboolean
pmt_paid_question_may_lose (GtkWindow *parent, GPtrArray *candidates)
{
  return ask (parent, candidates, FALSE) == PMT_PAID_LOSE;
}
